"""What travels: asked of scripted models."""
