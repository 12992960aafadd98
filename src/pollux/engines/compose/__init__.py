"""One model out of several: what the main one cannot do, another engine or a specialist does."""

from pollux.engines.compose.engine import Composed

__all__ = ["Composed"]
