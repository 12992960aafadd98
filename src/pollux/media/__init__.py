"""From bytes to a Media handle."""
