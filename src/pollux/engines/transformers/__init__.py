"""A model in this process: Hugging Face transformers, from the hub or a folder, as an engine."""
