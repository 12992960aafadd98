"""The embedded engine: pixels to scene, words to intent, both to an answer; CPU only, no downloads."""
