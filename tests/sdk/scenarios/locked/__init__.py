"""What a server with keys says to those who have none; the key that is given is right."""

from tests.sdk.scenarios.kit import Here

__all__ = ["Here"]
