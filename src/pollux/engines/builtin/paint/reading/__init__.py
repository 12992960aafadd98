"""Words to the plan of a picture."""

from pollux.engines.builtin.paint.reading.asks import is_drawing
from pollux.engines.builtin.paint.reading.grounded import grounded
from pollux.engines.builtin.paint.reading.reader import read
from pollux.engines.builtin.paint.reading.revise import revise

__all__ = ["grounded", "is_drawing", "read", "revise"]
