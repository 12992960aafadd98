"""Words to the plan of a picture."""

from pollux.engines.builtin.paint.reading.asks import is_drawing
from pollux.engines.builtin.paint.reading.reader import read
from pollux.engines.builtin.paint.reading.revise import revise

__all__ = ["is_drawing", "read", "revise"]
