"""What goes wrong says so, in the client's own errors."""

from __future__ import annotations

import time

from google.genai import errors, types

from tests.sdk.scenarios.kit import FLASH, Here, detail, http, refused
from tests.sdk.scenarios.words import needs, same


def unknown_model(here: Here) -> None:
    with refused(404, "NOT_FOUND", "gpt-99"):
        here.client.models.generate_content(model="gpt-99", contents="a")


async def unknown_model_async(here: Here) -> None:
    with refused(404, "NOT_FOUND", "gpt-99"):
        await here.client.aio.models.generate_content(model="gpt-99", contents="a")


def field_violations(here: Here) -> None:
    config = types.GenerateContentConfig(temperature=9)
    with refused(400, "INVALID_ARGUMENT", "temperature") as caught:
        here.client.models.generate_content(model=FLASH, contents="a", config=config)
    (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
    same(violation["field"], "generationConfig.temperature")


def nothing_asked(here: Here) -> None:
    with refused(400, "INVALID_ARGUMENT", "parts"):
        here.client.models.generate_content(model=FLASH, contents=types.Content(role="user", parts=[]))


def quota(here: Here) -> None:
    needs("script", "a model that is at its limit")
    with refused(429, "RESOURCE_EXHAUSTED", "Too much today.") as caught:
        here.client.models.generate_content(model="gemini-2.5-refuses", contents="a")
    same(detail(caught[0], "RetryInfo")["retryDelay"], "7s")


def fault_of_the_model(here: Here) -> None:
    needs("script", "a model that fails")
    with refused(503, "UNAVAILABLE", "The model went away."):
        here.client.models.generate_content(model="gemini-2.5-breaks", contents="a")


def features_that_come_later(here: Here) -> None:
    with refused(501, "UNIMPLEMENTED", "caching"):
        list(here.client.caches.list())


def timeout_of_the_client(here: Here) -> None:
    needs("script", "a model that is late")
    """The client gives up by itself, or hears from the server that the time it allowed is over; both are errors."""
    client = here.connect(timeout=500)
    began = time.monotonic()
    try:
        client.models.generate_content(model="gemini-2.5-late", contents="a")
    except (http().TimeoutException, errors.ServerError) as error:
        same(getattr(error, "code", 504), 504)
    else:
        raise AssertionError("no timeout")
    assert time.monotonic() - began < 5, "the timeout was not kept"


def timeout_of_the_server(here: Here) -> None:
    needs("script", "a model that is late")
    client = here.connect(headers={"X-Server-Timeout": "0.3"})
    with refused(504, "DEADLINE_EXCEEDED", "0.3"):
        client.models.generate_content(model="gemini-2.5-late", contents="a")
    with refused(504, "DEADLINE_EXCEEDED", "0.3"):
        list(client.models.generate_content_stream(model="gemini-2.5-late", contents="a"))


def timeout_in_a_stream(here: Here) -> None:
    needs("script", "a model that is slow")
    client = here.connect(headers={"X-Server-Timeout": "0.3"})
    with refused(504, "DEADLINE_EXCEEDED", "0.3"):
        list(client.models.generate_content_stream(model="gemini-2.5-slow", contents="a"))


def retries_when_asked_for(here: Here) -> None:
    needs("script", "a model that fails once")
    retry = types.HttpRetryOptions(attempts=3, initial_delay=0.01, max_delay=0.02)
    client = here.connect(retry_options=retry)
    text = f"new each time: {time.time_ns()} {id(here)}"
    same(client.models.generate_content(model="gemini-2.5-moody", contents=text).text, text)
    with refused(503, "UNAVAILABLE", "Ask again."):
        here.client.models.generate_content(model="gemini-2.5-moody", contents=text + "!")
