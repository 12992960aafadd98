"""What travels: asked of scripted models."""

from tests.sdk.scenarios.kit import Here

__all__ = ["Here"]
