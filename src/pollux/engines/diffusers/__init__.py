"""Diffusion models in this process, by the diffusers library: pictures of words, of pictures, of both."""
