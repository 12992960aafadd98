"""Things in a picture: where each one is, what it is called, and its mask."""
