"""Editing: words to operations on the pixels of a picture."""
