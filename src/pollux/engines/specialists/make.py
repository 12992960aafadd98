"""From what a specialist is told to the specialist."""

from __future__ import annotations

from pollux.engines.specialists.finding import ModelFinder
from pollux.engines.specialists.loading import resolved
from pollux.engines.specialists.options import MASKERS, Options
from pollux.engines.specialists.sam2 import ModelMasker


def make_specialist(options: Options) -> ModelFinder | ModelMasker:
    """Nothing is loaded yet.  Raises ConfigurationError where the model's family cannot be told."""
    options = resolved(options)
    return ModelMasker(options) if options.kind in MASKERS else ModelFinder(options)
