"""Every way to the server: versions, base addresses, environment variables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from google import genai
from google.genai import types

from tests.sdk.scenarios.kit import FLASH, Here
from tests.sdk.scenarios.words import raises, same, says


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]


def _answers(client: genai.Client) -> None:
    says(client.models.generate_content(model=FLASH, contents="hi").text, "hi")
    same(client.models.get(model=FLASH).name, "models/" + FLASH)
    stream = client.models.generate_content_stream(model=FLASH, contents="hi")
    says("".join(chunk.text or "" for chunk in stream), "hi")


def versions(here: Here) -> None:
    for version in ("v1", "v1beta", "v1alpha", ""):
        _answers(here.connect(api_version=version))


def trailing_slash(here: Here) -> None:
    _answers(here.connect(base_url=here.url + "/"))


def base_url_by_environment(here: Here) -> None:
    with _environment(GOOGLE_GEMINI_BASE_URL=here.url):
        _answers(genai.Client(api_key=here.key))


def all_by_environment(here: Here) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        with _environment(**{"GOOGLE_GEMINI_BASE_URL": here.url, name: here.key}):
            _answers(genai.Client())


def no_key(here: Here) -> None:
    with _environment(GOOGLE_GEMINI_BASE_URL=here.url):
        raises(ValueError, genai.Client)


def options_of_one_call(here: Here) -> None:
    options = types.HttpOptions(api_version="v1alpha", headers={"x-mine": "yes"}, extra_body={"labels": {"a_b": "c"}})
    config = types.GenerateContentConfig(http_options=options)
    says(here.client.models.generate_content(model=FLASH, contents="hi", config=config).text, "hi")


async def many_at_once(here: Here) -> None:
    import asyncio

    asked = [here.client.aio.models.generate_content(model=FLASH, contents=f"hi {n}") for n in range(20)]
    for n, answer in enumerate(await asyncio.gather(*asked)):
        says(answer.text, f"hi {n}")
