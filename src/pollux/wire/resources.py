"""Resources with names: models; later files, batches and operations."""

from __future__ import annotations

from pollux.wire.base import Wire


class Model(Wire, frozen=True):
    """A model as `models.get` and `models.list` show it."""

    name: str
    base_model_id: str = ""
    version: str = ""
    display_name: str = ""
    description: str = ""
    input_token_limit: int = 0
    output_token_limit: int = 0
    supported_generation_methods: tuple[str, ...] = ()
    temperature: float | None = None
    max_temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    thinking: bool = False


class ListModelsResponse(Wire, frozen=True):
    """A page of models."""

    models: tuple[Model, ...] = ()
    next_page_token: str = ""
