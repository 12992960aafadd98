"""What a request may say: every range, and what is refused with its field."""

from __future__ import annotations

from typing import Any

import pytest

from pollux import samples
from pollux.engines.base import Text
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import ApiError, InvalidArgument, Unimplemented
from pollux.wire.lenient import encode
from tests.core.kit import HELLO, ask, make_core, playing

USER = {"role": "user", "parts": [{"text": "a"}]}
JSON = "application/json"
LOW = {"level": "MEDIA_RESOLUTION_LOW"}
F = {"functionDeclarations": [{"name": "f"}]}
BAD_F = {"functionDeclarations": {"name": "f", "parametersJsonSchema": []}}
CALLING = "toolConfig.functionCallingConfig"
INLINE = {"inlineData": {"data": samples.read("receipt").hex(), "mimeType": "image/png"}}


def calling(mode: str, *names: str) -> dict[str, Any]:
    return {"functionCallingConfig": {"mode": mode, "allowedFunctionNames": list(names)}}


@pytest.mark.parametrize(
    ("name", "low", "high", "step"),
    [
        ("temperature", 0, 2, 0.01),
        ("topP", 0, 1, 0.01),
        ("topK", 1, 2**31 - 1, 1),
        ("candidateCount", 1, 8, 1),
        ("maxOutputTokens", 1, 2**31 - 1, 1),
        ("presencePenalty", -2, 2, 0.01),
        ("frequencyPenalty", -2, 2, 0.01),
    ],
)
async def test_ranges(name: str, low: float, high: float, step: float) -> None:
    for good in (low, high):
        config: dict[str, Any] = {name: good}
        await ask(playing(Text("x")), **config)
    for bad in (low - step, high + step):
        config = {name: bad}
        with pytest.raises(InvalidArgument) as caught:
            await ask(playing(Text("x")), **config)
        assert (caught.value.field or "").endswith(name)


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"stopSequences": ["a"] * 6}, "stopSequences"),
        ({"stopSequences": [""]}, "stopSequences"),
        ({"responseMimeType": "image/png"}, "responseMimeType"),
        ({"responseMimeType": "text/x.enum"}, "responseMimeType"),
        ({"responseSchema": {"type": "STRING"}}, "responseMimeType"),
        ({"responseMimeType": "text/plain", "responseJsonSchema": {}}, "responseMimeType"),
        ({"responseMimeType": JSON, "responseSchema": {}, "responseJsonSchema": {}}, "responseJsonSchema"),
        ({"responseMimeType": JSON, "responseJsonSchema": {"type": 5}}, "responseJsonSchema.type"),
        ({"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING"}}, "responseSchema"),
        ({"thinkingConfig": {"thinkingBudget": -2}}, "thinkingConfig"),
        ({"thinkingConfig": {"thinkingBudget": 1, "thinkingLevel": "LOW"}}, "thinkingConfig"),
        ({"responseLogprobs": True}, "responseLogprobs"),
        ({"logprobs": 3}, "responseLogprobs"),
        ({"responseModalities": ["IMAGE"]}, "responseModalities"),
    ],
)  # fmt: skip
async def test_configs_refused(config: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await ask(playing(Text("x")), **config)
    assert caught.value.field == f"generationConfig.{field}"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "contents"),
        ({"contents": []}, "contents"),
        ({"contents": [{"role": "user"}]}, "contents[0].parts"),
        ({"contents": [{"role": "system", "parts": [{"text": "a"}]}]}, "contents[0].role"),
        ({"contents": [{"parts": [{}]}]}, "contents[0].parts[0]"),
        ({"contents": [{"parts": [{"text": "a", "functionCall": {"name": "f"}}]}]}, "contents[0].parts[0]"),
        ({"contents": [{"parts": [{"functionCall": {}}]}]}, "contents[0].parts[0]"),
        ({"contents": [USER, {"parts": [{"inlineData": {}}]}]}, "contents[1].parts[0].inlineData"),
        ({"contents": [{"parts": [{"fileData": {}}]}]}, "contents[0].parts[0].fileData.fileUri"),
        ({"contents": {"parts": {"text": "a", "mediaResolution": LOW}}}, "contents[0].parts[0].mediaResolution"),
        ({"contents": [{"parts": [INLINE] * 31}]}, "contents"),
        ({"contents": USER, "systemInstruction": {"parts": [INLINE]}}, "systemInstruction.parts[0]"),
        ({"contents": USER, "safetySettings": [{"threshold": "OFF"}]}, "safetySettings[0].category"),
        ({"contents": USER, "safetySettings": [{"category": 8}, {"category": 8}]}, "safetySettings[1].category"),
        ({"contents": USER, "tools": [{"functionDeclarations": [{}]}]}, "tools[0].functionDeclarations[0].name"),
        ({"contents": USER, "tools": [F, F]}, "tools[1].functionDeclarations[0].name"),
        ({"contents": USER, "tools": BAD_F}, "tools[0].functionDeclarations[0].parametersJsonSchema"),
        ({"contents": USER, "toolConfig": calling("ANY")}, f"{CALLING}.mode"),
        ({"contents": USER, "tools": F, "toolConfig": calling("AUTO", "f")}, f"{CALLING}.allowedFunctionNames"),
        ({"contents": USER, "tools": F, "toolConfig": calling("ANY", "g")}, f"{CALLING}.allowedFunctionNames"),
    ],
)  # fmt: skip
async def test_bodies_refused(body: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await ask(playing(Text("x")), body)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("more", "feature"),
    [
        ({"cachedContent": "cachedContents/x"}, "cachedContent"),
        ({"continuationToken": "x"}, "continuationToken"),
        ({"tools": {"codeExecution": {}}}, "codeExecution"),
        ({"tools": {"urlContext": {}}}, "urlContext"),
        ({"tools": {"fileSearch": {"topK": 3}}}, "fileSearch"),
        ({"tools": {"mcpServers": [{"name": "x"}]}}, "mcpServers"),
        ({"generationConfig": {"speechConfig": {}}}, "speechConfig"),
        ({"generationConfig": {"responseModalities": "AUDIO"}}, "AUDIO"),
        ({"contents": {"parts": {"fileData": {"fileUri": "files/abc"}}}}, "fileData"),
    ],
)
async def test_features_to_come_are_named(more: dict[str, Any], feature: str) -> None:
    with pytest.raises(Unimplemented, match=feature):
        await ask(playing(Text("x")), {"contents": USER, **more})


@pytest.mark.parametrize(
    "more",
    [
        {"tools": [{"google_search": {}}, F]},
        {"tools": {"googleSearchRetrieval": {}}},
        {"labels": {"team": "a"}, "serviceTier": "flex", "store": True},
        {"systemInstruction": {"role": "user", "parts": [{"text": "a"}, {"text": "b"}]}},
        {"contents": [{"role": "function", "parts": {"functionResponse": {"name": "f", "response": {}}}}]},
        {"contents": [{"role": "model", "parts": [{"thoughtSignature": "AAAA"}]}]},
        {"generationConfig": {"thinkingConfig": {"thinkingLevel": "low"}, "responseModalities": ["TEXT"]}},
    ],
)
async def test_what_is_accepted(more: dict[str, Any]) -> None:
    await ask(playing(Text("x")), {"contents": USER, **more})


async def test_the_prompt_an_engine_gets() -> None:
    engine = playing(Text("x"))
    body = {
        "system_instruction": {"parts": [{"text": "be"}, {"text": "brief"}]},
        "contents": [USER, {"role": "model", "parts": {"text": "b"}}, {"parts": {"text": "c"}}],
        "generationConfig": {"seed": 7, "responseMimeType": "application/json", "responseSchema": {"type": "STRING"}},
    }
    with pytest.raises(ApiError):  # "x" is no JSON
        await ask(engine, body)
    (prompt,) = engine.prompts
    assert (prompt.system, prompt.seed, prompt.schema) == ("be\nbrief", 7, {"type": "string"})
    assert [turn.role for turn in prompt.turns] == ["user", "model", "user"]
    assert prompt.deadline is not None


@pytest.mark.parametrize(
    ("missing", "body"),
    [
        ("image_in", {"contents": {"parts": INLINE}}),
        ("tools", {"contents": USER, "tools": F}),
        (
            "schema",
            {"contents": USER, "generationConfig": {"responseJsonSchema": {}, "responseMimeType": "application/json"}},
        ),
    ],
)
async def test_an_engine_is_not_asked_for_what_it_cannot_do(missing: str, body: dict[str, Any]) -> None:
    engine = ScriptedEngine(abilities=frozenset({"text", "image_in", "tools", "schema"} - {missing}))  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument):
        await ask(engine, body)
    assert not engine.prompts


async def test_too_long_a_prompt_is_refused_before_the_engine() -> None:
    engine = playing(Text("x"))
    with pytest.raises(InvalidArgument, match="exceeds the maximum number of tokens"):
        await ask(make_core(engine), {"contents": {"parts": {"text": "word " * 1_000_000}}})
    assert not engine.prompts


def test_many_large_schemas_are_bounded_together() -> None:
    from pollux.core.checks import check_tools
    from pollux.wire.content import FunctionDeclaration, Tool

    schema: dict[str, Any] = {"properties": {f"p{i}": {} for i in range(400)}}
    functions = tuple(FunctionDeclaration(name=f"f{i}", parameters_json_schema=schema) for i in range(30))
    with pytest.raises(InvalidArgument, match="together are too large"):
        check_tools((Tool(function_declarations=functions),), None)


def test_hello_is_valid_json() -> None:
    assert encode(dict(HELLO), pretty=False) == b'{"contents":[{"parts":[{"text":"hello"}]}]}'
