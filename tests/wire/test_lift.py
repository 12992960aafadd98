"""Lifting long strings changes what parsing costs, never what it gives."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import msgspec
import pytest

from pollux.errors import InvalidArgument
from pollux.wire import lenient, lift
from pollux.wire.generate import GenerateContentRequest

LONG = "A" * (lift.LONG + 4)


def _document(rng: random.Random) -> Any:
    def text() -> str:
        kind = rng.random()
        if kind < 0.3:
            return base64.b64encode(rng.randbytes(rng.choice([10, 60_000]))).decode()
        if kind < 0.6:
            return "x" * rng.choice([3, lift.LONG + 1]) + rng.choice(['"', "\\", '\\"', "\n", "é", ""])
        return rng.choice(['a"b', '\\\\"', '"data":"'])

    key = text() if rng.random() < 0.2 else "k"
    return {"parts": [{"inlineData": {"data": text()}}, {"text": text(), key: [text(), {"data": text()}]}]}


@pytest.mark.parametrize("seed", range(40))
def test_same_as_the_parser_alone(seed: int) -> None:
    rng = random.Random(seed)
    body = json.dumps(_document(rng), ensure_ascii=rng.random() < 0.5).encode()
    value, _ = lift.loads(body)
    assert lift.settle(value) == msgspec.json.decode(body)


def test_a_picture_stays_in_its_body() -> None:
    value, parsed = lift.loads(json.dumps({"data": LONG, "n": 1}).encode())
    assert isinstance(value["data"], lift.Lifted)
    assert value["data"].text() == LONG
    assert len(parsed) < 100


def test_user_data_is_text_again() -> None:
    call = {"functionCall": {"name": "f", "args": {"data": LONG, "deep": [{"data": LONG}]}}}
    body = json.dumps({"contents": [{"parts": [call]}]}).encode()
    request = lenient.decode(GenerateContentRequest, body)
    got = request.contents[0].parts[0].function_call
    assert got is not None
    assert got.args == call["functionCall"]["args"]


def test_bytes_that_are_not_utf8_are_refused() -> None:
    body = (
        b'{"contents": [{"parts": [{"functionCall": {"name": "f", "args": {"data": "' + b"\xff" * 70_000 + b'"}}}]}]}'
    )
    with pytest.raises(InvalidArgument, match="UTF-8"):
        lenient.decode(GenerateContentRequest, body)
