"""Resources with names: models today."""

from __future__ import annotations

import base64
import binascii

from pollux.api.call import Call, Rooms
from pollux.api.pages import page_size, page_token, strange_token
from pollux.engines.registry import Served
from pollux.wire.resources import ListModelsResponse, Model

MOST_PER_PAGE = 1000
PER_PAGE = 50


async def get_model(rooms: Rooms, call: Call) -> Model:
    """One model.  Raises NotFound."""
    return model_resource(rooms.core.registry.resolve(call.target.name))


async def list_models(rooms: Rooms, call: Call) -> ListModelsResponse:
    """A page of the models that work today."""
    models = rooms.core.registry.listed()
    size = page_size(call.query, PER_PAGE, MOST_PER_PAGE)
    start = _page_start(page_token(call.query))
    more = start + size < len(models)
    return ListModelsResponse(
        models=tuple(model_resource(served) for served in models[start : start + size]),
        next_page_token=_token(start + size) if more else "",
    )


def _page_start(token: str) -> int:
    """Where a page begins.  Raises InvalidArgument for a token that we did not give."""
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.encode("ascii")).decode("ascii")
        start = text.removeprefix("from:")
        if start == text or not start.isdecimal() or len(start) > 9:
            raise ValueError(text)
        return int(start)
    except (ValueError, binascii.Error):
        raise strange_token() from None


def _token(start: int) -> str:
    return base64.urlsafe_b64encode(f"from:{start}".encode()).decode()


def model_resource(served: Served) -> Model:
    """A served model as the wire shows it."""
    return Model(
        name=f"models/{served.name}",
        base_model_id=served.name,
        version="001",
        display_name=served.name.replace("-", " ").title(),
        description=f"{served.family.title}, answered by {served.card.name}. {served.card.description}".strip(),
        input_token_limit=served.input_tokens,
        output_token_limit=served.output_tokens,
        supported_generation_methods=served.methods,
        temperature=1.0 if served.family.output_tokens > 1 else None,
        max_temperature=2.0 if served.family.output_tokens > 1 else None,
        top_p=0.95 if served.family.output_tokens > 1 else None,
        top_k=64 if served.family.output_tokens > 1 else None,
        thinking=served.family.thinks and "think" in served.card.abilities,
    )
