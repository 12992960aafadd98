"""Answers kept once and played for ever: `Recorder` around an engine, `Replayer` in place of it, a folder between."""

from pollux.engines.replay.player import Replayer
from pollux.engines.replay.recorder import Recorder
from pollux.engines.replay.tape import Tape

__all__ = ["Recorder", "Replayer", "Tape"]
