"""Boxes, points and masks of any Gemini-format answer: read, measured, drawn, exported. Free functions, no server."""
