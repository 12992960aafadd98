"""`pollux ask`."""

from __future__ import annotations

import json
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Any

import typer

from pollux.cli import options, pictures, show
from pollux.cli.door import with_door
from pollux.cli.seam import Door, Json

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="PICTURE... QUESTION", help="Files, http(s) URLs, or - for standard input; then the question."
    ),
]


def ask(
    words: Words,
    model: options.Model = options.DEFAULT_MODEL,
    as_json: options.AsJson = False,
    schema: Annotated[
        str | None, typer.Option(metavar="SCHEMA", help="JSON Schema of the answer: a file, or the JSON itself.")
    ] = None,
    stream: Annotated[bool, typer.Option("--stream", help="Print the answer as it comes.")] = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Ask about pictures.

    The last word is the question; what stands before it are pictures. No server is needed: the engines run in this
    process, unless --server names one.
    """
    body = _request(words, schema)

    async def work(door: Door) -> int:
        return await _answer(door, model, body, stream=stream, as_json=as_json)

    return with_door(work, server, config, data_dir)


def _request(words: list[str], schema: str | None) -> dict[str, Any]:
    *names, question = words
    if pictures.looks_like_one(question):
        raise typer.BadParameter(f'the question is missing; end with it: {question} "What is this?"')
    body = pictures.body(pictures.asked(names, question, "the question"))
    if schema is not None:
        body["generationConfig"] = _format(schema)
    return body


def _format(schema: str) -> dict[str, Any]:
    """The generationConfig that asks for JSON of this schema, in either dialect: JSON Schema, or Google's own."""
    text = schema
    if not schema.lstrip().startswith("{"):
        try:
            text = Path(schema).expanduser().read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise typer.BadParameter(f"--schema: {schema} is neither a readable file nor JSON") from None
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        raise typer.BadParameter(f"--schema: not valid JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise typer.BadParameter("--schema: a schema is a JSON object")
    name = "responseSchema" if str(parsed.get("type", "")).isupper() else "responseJsonSchema"
    return {"responseMimeType": "application/json", name: parsed}


async def _answer(door: Door, model: str, body: Json, *, stream: bool, as_json: bool) -> int:
    """Ask and print; 0, or 1 when there is no answer.  As JSON, a stream is one response a line."""
    last: Json = {}
    text = ""
    async with aclosing(door.generate(model, body, stream=stream)) as responses:
        async for last in responses:
            if as_json:
                show.write_json(last, compact=stream)
            piece = pictures.text(last)
            text += piece
            if piece and not as_json:
                show.write(piece, end="")
    if text and not as_json and not text.endswith("\n"):
        show.write("")
    return _verdict(last, text)


def _verdict(last: Json, text: str) -> int:
    """Say on stderr what the text does not: why it is missing or cut, and what the engine adds."""
    reason, message = pictures.end(last)
    if not text:
        show.remark(f"there is no answer: {message or reason}")
        return 1
    if message or reason != "STOP":
        show.remark(message or f"the answer ends early: {reason}")
    return 0
