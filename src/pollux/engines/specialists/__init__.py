"""Specialists: models that find what words name, and models that cut out what a box holds.  No engines: helpers."""
