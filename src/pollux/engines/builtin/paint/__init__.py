"""Painting: words to a typed scene, a scene to vector graphics, and those to pixels."""
