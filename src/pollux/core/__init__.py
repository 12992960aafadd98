"""The one path from a request to responses."""
