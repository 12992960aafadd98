"""Resources that live longer than a request."""
