"""What is seen: asked of the built-in engine."""

from tests.sdk.scenarios.kit import Here

__all__ = ["Here"]
