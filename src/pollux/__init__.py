"""Pollux: the Gemini API on your own hardware."""

__version__ = "0.1.0"
