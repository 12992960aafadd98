"""What is seen: asked of the built-in engine."""
