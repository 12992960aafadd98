"""What Google's parser forgives, and what it must not touch."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from pollux.errors import InvalidArgument
from pollux.wire import lenient, lift
from pollux.wire.content import FunctionCall, Part, Schema, Tool
from pollux.wire.generate import EmbedContentRequest, GenerateContentRequest, GenerationConfig, SafetySetting
from pollux.wire.unread import put_back

HI = {"contents": [{"parts": [{"text": "hi"}]}]}


@pytest.mark.parametrize(
    "body",
    [
        '{"contents": [{"parts": [{"text": "hi"}]}]}',
        "{'contents': [{'parts': [{'text': 'hi'}]}]}",
        '{contents: [{parts: [{text: "hi"}]}]}',
        '{"contents": [{"parts": [{"text": "hi",},],},],}',
        '{"contents": {"parts": {"text": "hi"}}}',
        '/* a */ {"contents": // b\n [{"parts": [{"text": "hi"}]}]}',
        '\ufeff{"contents": [{"parts": [{"text": "hi"}]}]}',
        '{"contents": [{"parts": [{"text": "hi", "thought": null}]}], "safetySettings": null}',
    ],
)
def test_every_spelling_is_the_same_request(body: str) -> None:
    expected = lenient.convert(GenerateContentRequest, HI)
    assert lenient.decode(GenerateContentRequest, body.encode()) == expected


def test_unknown_fields_are_kept_apart() -> None:
    body = b'{"contents": [{"parts": [{"text": "hi", "newField": {"x": [1]}}], "other": 1}], "unread": 2}'
    request = lenient.decode(GenerateContentRequest, body)
    assert structs.replace(request, unread=None) == lenient.convert(GenerateContentRequest, HI)
    assert request.unread == {
        "contents": {0: {"parts": {0: {"newField": {"x": [1]}}}, "other": 1}},
        "unread": 2,
    }
    tree = msgspec.to_builtins(structs.replace(request, unread=None))
    put_back(tree, request.unread)
    assert msgspec.json.encode(tree) == msgspec.json.encode(msgspec.json.decode(body))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"text": "two\nlines\tand a tab"}', "two\nlines\tand a tab"),
        (b"{'text': 'it is \\'here\\''}", "it is 'here'"),
        (b"{'text': 'say \"a\" // no comment'}", 'say "a" // no comment'),
        (b"{'text': '/* none */'}", "/* none */"),
        (b"{'text': 'joined\\\nline'}", "joinedline"),
        (b"{'text': 'a\\\\\nb'}", "a\\\nb"),
        ("{'text': 'Grüße 😀'}".encode(), "Grüße 😀"),
        (b'{"text": "\\ud83d\\ude00"}', "😀"),
    ],
)
def test_strings(body: bytes, text: str) -> None:
    assert lenient.decode(Part, body).text == text


@pytest.mark.parametrize("body", [b"", b"  \n"])
def test_an_empty_body_is_an_empty_object(body: bytes) -> None:
    assert lenient.decode(GenerationConfig, body) == GenerationConfig()


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"]",
        b"{'a'",
        b"nonsense",
        b"\xff\xfe",
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b"{'a': 1}}",
        b'{"a": 1} {"b": 2}',
        '{"text": "x"}'.encode("utf-16"),
        b'{"seed": 0x' + b"f" * 5000 + b"}",
        b"1" * 5000,
    ],
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidArgument, match="Invalid JSON payload"):
        lenient.decode(Part, body)


@pytest.mark.parametrize("body", [b"[]", b"3", b'"text"', b"true"])
def test_a_body_is_an_object(body: bytes) -> None:
    with pytest.raises(InvalidArgument, match="an object is expected"):
        lenient.decode(Part, body)


DATA = bytes(range(256)) + b"\xfb\xff\xfe?>"
STANDARD, URL_SAFE = base64.b64encode(DATA).decode(), base64.urlsafe_b64encode(DATA).decode()


@pytest.mark.parametrize("name", ["inlineData", "inline_data"])
@pytest.mark.parametrize(
    "text",
    [
        STANDARD,
        URL_SAFE,
        STANDARD.rstrip("="),
        URL_SAFE.rstrip("="),
        "\n".join(STANDARD[i : i + 76] for i in range(0, len(STANDARD), 76)),
        "\r\n".join(URL_SAFE[i : i + 60] for i in range(0, len(URL_SAFE), 60)),
        STANDARD[:40] + URL_SAFE[40:],
    ],
)
def test_base64_in_every_alphabet(text: str, name: str) -> None:
    part = lenient.decode(Part, json.dumps({name: {"data": text, "mime_type": "x/y"}}).encode())
    assert part.inline_data is not None
    assert (part.inline_data.data, part.inline_data.mime_type) == (DATA, "x/y")


@pytest.mark.parametrize("text", ["A", "AAAAA", "Q=Q=", "ab!d", "abcdé", "====A", "a\x00bc"])
def test_bad_base64_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidArgument, match="Base64") as caught:
        lenient.convert(Part, {"inlineData": {"data": text}})
    assert caught.value.field == "inlineData.data"


@given(st.binary(max_size=300))
def test_bytes_come_back_standard_and_padded(data: bytes) -> None:
    text = json.loads(lenient.encode(Part(thought_signature=data)))
    assert base64.b64decode(text.get("thoughtSignature", ""), validate=True) == data


USER_DATA: dict[str, Any] = {"mime_type": 1, "inline_data": {"fileUri": None, "parts": {"text": "x"}}, "Type": ["a"]}


@pytest.mark.parametrize("name", ["functionCall", "function_call"])
def test_arguments_of_functions_are_not_touched(name: str) -> None:
    part = lenient.convert(Part, {name: {"name": "f", "args": USER_DATA}})
    assert part.function_call == FunctionCall(name="f", args=USER_DATA)
    assert json.loads(lenient.encode(part))["functionCall"]["args"] == USER_DATA


def test_property_names_are_not_touched() -> None:
    names = ("mime_type", "inline_data", "mimeType", "any_of", "type", "$ref")
    schema = lenient.convert(Schema, {"type": "object", "properties": {n: {"type": "string"} for n in names}})
    assert tuple(schema.properties or ()) == names


def test_labels_and_json_schemas_are_not_touched() -> None:
    schema = {"type": "object", "properties": {"max_items": {"type": "string"}}, "my_key": 1}
    request = lenient.convert(
        GenerateContentRequest,
        {"labels": {"file_data": "a", "fileData": "b"}, "generation_config": {"response_json_schema": schema}},
    )
    assert request.labels == {"file_data": "a", "fileData": "b"}
    assert request.generation_config is not None
    assert request.generation_config.response_json_schema == schema


def test_both_cases_at_every_depth() -> None:
    mixed = {
        "system_instruction": {"parts": {"text": "s"}},
        "generationConfig": {
            "thinking_config": {"includeThoughts": True, "thinking_budget": "5"},
            "stop_sequences": "x",
        },
        "tools": {"function_declarations": {"name": "f", "parameters": {"type": "object", "propertyOrdering": ["a"]}}},
        "toolConfig": {"function_calling_config": {"mode": "any", "allowedFunctionNames": ["f"]}},
    }
    request = lenient.convert(GenerateContentRequest, mixed)
    config = request.generation_config
    assert config is not None
    assert config.thinking_config is not None
    assert (config.thinking_config.include_thoughts, config.thinking_config.thinking_budget) == (True, 5)
    assert config.stop_sequences == ("x",)
    assert request.tools[0].function_declarations[0].name == "f"
    assert request.tool_config is not None
    assert request.tool_config.function_calling_config is not None
    assert request.tool_config.function_calling_config.mode == "ANY"


@pytest.mark.parametrize(
    ("kind", "field", "value", "expected"),
    [
        (GenerationConfig, "temperature", "0.5", 0.5),
        (GenerationConfig, "topK", 40, 40.0),
        (GenerationConfig, "maxOutputTokens", "12", 12),
        (GenerationConfig, "maxOutputTokens", 12.0, 12),
        (GenerationConfig, "maxOutputTokens", "1e2", 100),
        (GenerationConfig, "seed", -(2**31), -(2**31)),
        (GenerationConfig, "seed", "0" * 5000, 0),
        (GenerationConfig, "mediaResolution", "media_resolution_low", "MEDIA_RESOLUTION_LOW"),
        (GenerationConfig, "mediaResolution", 3, "MEDIA_RESOLUTION_HIGH"),
        (Schema, "type", "object", "OBJECT"),
        (Schema, "type", 6, "OBJECT"),
        (Schema, "maxItems", "9007199254740993", 9007199254740993),
        (Schema, "maxItems", -(2**63), -(2**63)),
        (SafetySetting, "category", 8, "HARM_CATEGORY_HATE_SPEECH"),
        (SafetySetting, "threshold", 4, "BLOCK_NONE"),
        (EmbedContentRequest, "task_type", "retrieval_query", "RETRIEVAL_QUERY"),
    ],
)
def test_numbers_and_enums(kind: Any, field: str, value: Any, expected: Any) -> None:
    assert msgspec.to_builtins(lenient.convert(kind, {field: value}), str_keys=False).popitem()[1] == expected


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        (Part, {"text": 5}, "text"),
        (Part, {"text": ["a"]}, "text"),
        (Part, {"thought": "true"}, "thought"),
        (Part, {"thought": 1}, "thought"),
        (Part, {"inline_data": []}, "inline_data"),
        (Part, {"functionCall": {"args": [1]}}, "functionCall.args"),
        (Part, {"functionCall": {"args": "{}"}}, "functionCall.args"),
        (Part, {"mediaResolution": {"level": "HUGE"}}, "mediaResolution.level"),
        (GenerateContentRequest, {"contents": [{"parts": [{"text": "a"}, {"text": {}}]}]}, "contents[0].parts[1].text"),
        (GenerateContentRequest, {"contents": [None]}, "contents[0]"),
        (GenerateContentRequest, {"contents": "hi"}, "contents"),
        (GenerateContentRequest, {"labels": {"a": 1}}, "labels.a"),
        (GenerationConfig, {"seed": 2**31}, "seed"),
        (GenerationConfig, {"seed": -(2**31) - 1}, "seed"),
        (GenerationConfig, {"seed": 1.5}, "seed"),
        (GenerationConfig, {"seed": "1.5"}, "seed"),
        (GenerationConfig, {"seed": "९" * 30}, "seed"),
        (GenerationConfig, {"seed": True}, "seed"),
        (GenerationConfig, {"temperature": "1_0"}, "temperature"),
        (GenerationConfig, {"temperature": "NaN"}, "temperature"),
        (GenerationConfig, {"temperature": 10**400}, "temperature"),
        (GenerationConfig, {"temperature": float("inf")}, "temperature"),
        (GenerationConfig, {"responseModalities": ["TEXT", "SMELL"]}, "responseModalities[1]"),
        (GenerationConfig, {"mediaResolution": "MEDIA_RESOLUTION_ULTRA_HIGH"}, "mediaResolution"),
        (Schema, {"type": 99}, "type"),
        (Schema, {"type": -1}, "type"),
        (Schema, {"type": True}, "type"),
        (Schema, {"type": ["string", "null"]}, "type"),
        (Schema, {"maxItems": 2**63}, "maxItems"),
        (Schema, {"properties": {"a b": {"any_of": [{}, 3]}}}, "properties.a b.any_of[1]"),
        (Tool, {"googleSearch": True}, "googleSearch"),
    ],
)
def test_a_wrong_type_is_refused_with_its_path(kind: Any, value: Any, field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        lenient.convert(kind, value)
    assert caught.value.field == field
    assert caught.value.details[0]["fieldViolations"][0]["field"] == field


def test_a_giant_name_does_not_come_back_whole() -> None:
    with pytest.raises(InvalidArgument) as caught:
        lenient.convert(Schema, {"properties": {"x" * 100_000: 3}})
    assert len(caught.value.message) < 1000


@pytest.mark.parametrize("opener", ["[", '{"a":', '{"contents":[{"parts":[', "{'a':"])
@pytest.mark.parametrize("times", [101, 900, 100_000])
def test_depth_bombs(opener: str, times: int) -> None:
    with pytest.raises(InvalidArgument, match="Invalid JSON payload"):
        lenient.decode(GenerateContentRequest, opener.encode() * times)
    closed = b"[" * times + b"]" * times
    with pytest.raises(InvalidArgument, match="nested deeper"):
        lenient.decode(GenerateContentRequest, b'{"unknown":' + closed + b"}")


def test_lists_have_an_end() -> None:
    with pytest.raises(InvalidArgument, match="at most 100000 elements") as caught:
        lenient.decode(GenerateContentRequest, b'{"contents":[' + b"{}," * 100_000 + b"{}]}")
    assert caught.value.field == "contents"


def test_depth_within_the_limit_is_fine() -> None:
    assert lenient.loads(b"[" * 100 + b"]" * 100)


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * 200_000,
        b"'" + b"\\'" * 200_000,
        b"/*" * 200_000,
        b"//" * 200_000,
        b"'\"" * 200_000,
        b"\\" * 200_000,
    ],
)
def test_no_body_takes_long(body: bytes) -> None:
    began = time.thread_time()
    with pytest.raises(InvalidArgument):
        lenient.loads(b"{'a': " + body)
    assert time.thread_time() - began < 2


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=12)
    | st.sampled_from(['"', "\\", '\\"', "aaaa"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["data", "text", "a"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON, st.booleans())
def test_long_strings_are_lifted_without_a_trace(value: Any, ascii_only: bool) -> None:
    body = json.dumps({"pad": "x" * 70_000, "value": value, "data": "y" * 70_000}, ensure_ascii=ascii_only).encode()
    parsed = lenient.loads(body)
    assert lift.settle(parsed) == json.loads(body)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_what_json_says_is_what_comes_in(value: Any) -> None:
    assert lenient.convert(FunctionCall, {"args": {"v": value}}).args == {"v": value}
    assert lenient.loads(json.dumps(value).encode()) == value
