"""Filling a JSON Schema with what was seen."""
