"""What is said of models by their names: limits and prices, and who answers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from pollux.config.words import Price, Rate, Share, meta

_PRICE = {"expected": "a number of at least 0"}


class ModelOverride(Struct, frozen=True, kw_only=True):
    """[models."PATTERN"]: what differs from the documented table for the model names that match; None: nothing.

    Models that match one pattern share its rpm, tpm and in_flight.  Prices are in any currency, the same everywhere.
    """

    input_token_limit: Annotated[Rate, meta("input window, in tokens")] = None
    output_token_limit: Annotated[Rate, meta("longest answer, in tokens")] = None
    methods: Annotated[tuple[str, ...] | None, meta("supportedGenerationMethods")] = None
    rpm: Annotated[Rate, meta("requests a minute of each project; beyond it 429")] = None
    tpm: Annotated[Rate, meta("tokens a minute of each project; beyond it 429")] = None
    in_flight: Annotated[Rate, meta("requests at the same time, of all projects")] = None
    input_price: Annotated[Price, meta("price of a million tokens of prompts", extra=_PRICE)] = None
    cached_price: Annotated[Price, meta("the same for cached ones; unset: input_price", extra=_PRICE)] = None
    output_price: Annotated[Price, meta("price of a million tokens of answers and thoughts", extra=_PRICE)] = None
    picture_price: Annotated[
        Price, meta("price of a picture that was made; unset: its tokens at output_price", extra=_PRICE)
    ] = None
    batch_discount: Annotated[Share, meta("part of the price that batch lines are let off; unset: 0.5")] = None


class Route(Struct, frozen=True, kw_only=True):
    """[routes] "PATTERN": who answers.  Engines are written "NAME" or "NAME:MODEL", for those that have several."""

    engine: Annotated[str, meta("the engine", min_length=1)] = ""
    fallbacks: Annotated[
        tuple[str, ...], meta("engines to ask, in this order, when it fails before it says anything")
    ] = ()
    boxes: Annotated[str, meta("the specialist that finds boxes")] = ""
    masks: Annotated[str, meta("the specialist that makes masks of boxes")] = ""
    image_out: Annotated[str, meta("the engine that draws and edits")] = ""
    embeddings: Annotated[str, meta("the engine that makes vectors")] = ""
