"""Models in this process are loaded one after another, whichever library and engine they are of."""

import threading

LOADING = threading.Lock()
"""Held while a model is loaded.  torch is changed for the whole process meanwhile (the kind of new numbers, and whether
they are made at all), so that of two models loaded at once one may come out empty."""
