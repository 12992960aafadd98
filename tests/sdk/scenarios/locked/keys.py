"""Keys: the right one opens, every other is refused as Google refuses it."""

from __future__ import annotations

from tests.sdk.scenarios.kit import FLASH, Here, detail, refused
from tests.sdk.scenarios.words import same, says


def right_key(here: Here) -> None:
    says(here.client.models.generate_content(model=FLASH, contents="hi").text, "hi")


def wrong_key(here: Here) -> None:
    client = here.connect("AIza-wrong")
    with refused(400, "INVALID_ARGUMENT", "API key not valid") as caught:
        client.models.generate_content(model=FLASH, contents="hi")
    same(detail(caught[0], "ErrorInfo")["reason"], "API_KEY_INVALID")
    with refused(400, "INVALID_ARGUMENT", "API key not valid"):
        list(client.models.generate_content_stream(model=FLASH, contents="hi"))
    with refused(400, "INVALID_ARGUMENT", "API key not valid"):
        list(client.models.list())


async def wrong_key_async(here: Here) -> None:
    client = here.connect("AIza-wrong")
    with refused(400, "INVALID_ARGUMENT", "API key not valid"):
        await client.aio.models.generate_content(model=FLASH, contents="hi")
    await client.aio.aclose()


def no_key(here: Here) -> None:
    client = here.connect(headers={"x-goog-api-key": ""})
    with refused(403, "PERMISSION_DENIED", "API key"):
        client.models.generate_content(model=FLASH, contents="hi")
