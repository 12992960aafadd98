"""Pictures and videos as they travel: asked of a scripted painter whose pixels nothing changes."""

from tests.sdk.scenarios.kit import Here

__all__ = ["Here"]
