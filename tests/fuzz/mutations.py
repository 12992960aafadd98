"""Requests that are nearly right: valid ones, changed in a few places as careless and as hostile callers would."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Callable
from typing import Any

from pollux import samples

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JPEG = next(samples.read(n) for n in samples.names() if samples.get(n).mime_type == "image/jpeg")


def picture(data: bytes = PNG, mime_type: str = "image/png") -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime_type, "data": base64.b64encode(data).decode()}}


OBJECT = {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}
NULLS = {"type": "array", "items": {"anyOf": [{"type": "null"}]}}
LOW = {"level": "MEDIA_RESOLUTION_LOW"}
GENERATE: tuple[dict[str, Any], ...] = (
    {"contents": [{"parts": [{"text": "What is this?"}]}]},
    {
        "contents": [{"role": "user", "parts": [{"text": "Describe."}, picture()]}],
        "generationConfig": {"temperature": 0.2, "topP": 0.9, "topK": 40, "maxOutputTokens": 50, "seed": 1},
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"}],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
    },
    {
        "contents": [
            {"role": "user", "parts": [{"text": "a"}]},
            {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": [1, {"b": None}]}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"ok": True}}}]},
        ],
        "tools": [{"functionDeclarations": [{"name": "f", "parameters": OBJECT}]}],
        "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}},
    },
    {
        "contents": [{"parts": [{"text": "Extract."}, picture()]}],
        "generationConfig": {
            "responseMimeType": "application/json",
            "responseSchema": {
                "type": "OBJECT",
                "properties": {"n": {"type": "INTEGER", "minimum": 1}, "s": {"type": "STRING", "enum": ["a", "b"]}},
                "required": ["n"],
                "propertyOrdering": ["n", "s"],
            },
        },
    },
    {
        "contents": [{"parts": [{"text": "Extract."}]}],
        "generationConfig": {
            "response_mime_type": "application/json",
            "response_json_schema": {
                "$defs": {"A": {"type": "string", "pattern": "^a+$"}},
                "type": "object",
                "properties": {"a": {"$ref": "#/$defs/A"}, "l": NULLS},
                "additionalProperties": False,
            },
        },
    },
    {
        "contents": [{"parts": [{"text": "Think."}, {**picture(), "mediaResolution": LOW}]}],
        "generationConfig": {
            "candidateCount": 2,
            "stopSequences": ["END", "e"],
            "thinkingConfig": {"includeThoughts": True, "thinkingBudget": 100},
            "mediaResolution": "MEDIA_RESOLUTION_LOW",
        },
        "labels": {"a": "b"},
    },
    {"contents": [{"parts": [{"text": "See."}, picture(JPEG[:3000], "image/jpeg")]}]},
    {"contents": [{"parts": [{"fileData": {"fileUri": "http://127.0.0.1:1/a.png", "mimeType": "image/png"}}]}]},
)  # fmt: skip
EMBED = {"content": {"parts": [{"text": "hello"}]}, "taskType": "RETRIEVAL_QUERY", "outputDimensionality": 3}
FLASH, EMBEDDING = "models/gemini-2.5-flash", "models/text-embedding-004"
MODELS = tuple(("gemini-3-pro-preview" if i % 2 else "gemini-2.5-flash", body) for i, body in enumerate(GENERATE))
BASES: tuple[tuple[str, dict[str, Any]], ...] = (
    *(
        (f"models/{model}:{verb}", body)
        for model, body in MODELS
        for verb in ("generateContent", "streamGenerateContent?alt=sse", "streamGenerateContent")
    ),
    (f"{FLASH}:countTokens", GENERATE[0]),
    (f"{FLASH}:countTokens", {"generateContentRequest": {"model": FLASH, **GENERATE[1]}}),
    (f"{EMBEDDING}:embedContent", EMBED),
    (f"{EMBEDDING}:batchEmbedContents", {"requests": [{"model": EMBEDDING, **EMBED}, EMBED]}),
)
NUMBERS = (0, -1, 1, 99, 2**31, -(2**31) - 1, 2**63, 2**64, 10**300, 10**4000, 1e308, 5e-324, 0.5, -0.0)
WORDS = ("", " ", "x", "0", "-1", "1e999", "9" * 400, "NaN", "true", "null", "STRING", "HARM", "#", "#/", "a" * 5000)
ODD = ("\ud800", "\udc00\ud800", "\x00", "\u2028", "\ufeff", "😀" * 50, "é\n\r\t", "../../etc", "(a+)+$", "(", "\\")
KEYS = ("type", "parts", "text", "anyOf", "data", "__class__", "role", "items", "pattern", "properties")
BASE64 = ("A", "====", "!!!!", "AAAA" * 100, "-_-_")
REFERENCES = ("#", "#/", "#/x", "http://x/y", "#/$defs/A", 5)
ADDRESSES = ("files/x", "gs://a/b", "file:///etc/passwd", "http://[::1", "http://10.0.0.1/", "x", "http://127.0.0.1:1/")
JUNK: tuple[Callable[[random.Random], Any], ...] = (
    lambda r: None,
    lambda r: r.choice([True, False]),
    lambda r: r.choice(NUMBERS),
    lambda r: r.choice(WORDS),
    lambda r: r.choice(ODD),
    lambda r: [],
    lambda r: {},
    lambda r: [{}],
    lambda r: [[[]]],
    lambda r: {"": {"": {}}},
    lambda r: {"$ref": r.choice(REFERENCES)},
    lambda r: nested(r.choice([5, 50, 99, 101, 500])),
    lambda r: {r.choice(KEYS): r.choice([1, "x", [], None])},
    lambda r: [r.choice([1, "a", None, {}])] * r.choice([1, 10, 1000]),
    lambda r: picture(JPEG[: r.randrange(2000)]),
    lambda r: picture(PNG[: r.randrange(70)]),
    lambda r: picture(r.choice([b"GIF89a", b"%PDF-1.7", b"RIFF0000WEBP", b"\x00\x00\x00\x18ftypheic"])),
    lambda r: {"inlineData": {"data": r.choice(BASE64)}},
    lambda r: {"fileData": {"fileUri": r.choice(ADDRESSES)}},
)


def nested(depth: int) -> Any:
    value: Any = "deep"
    for i in range(depth):
        value = [value] if i % 2 else {"items": value}
    return value


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a tree."""
    found: list[tuple[Any, Any]] = []
    stack = [value]
    while stack and len(found) < 400:
        node = stack.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            found.append((node, key))
            stack.append(node[key])
    return found


def snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def change(body: dict[str, Any], rnd: random.Random) -> None:
    """One change somewhere in a tree."""
    found = places(body)
    if not found:
        body[rnd.choice(["contents", "x"])] = rnd.choice(JUNK)(rnd)
        return
    node, key = rnd.choice(found[len(found) // 4 :])  # deep places are many, and more telling
    what = rnd.randrange(8)
    if what <= 2:
        node[key] = rnd.choice(JUNK)(rnd)
    elif what == 3:
        del node[key]
    elif what == 4 and isinstance(node, dict):
        node[rnd.choice([snake(key), key.upper(), key.lower(), key + "x"])] = node.pop(key)
    elif what == 5 and isinstance(node, list):
        node.extend([node[key]] * rnd.choice([1, 2, 50]))
    elif what == 6:
        node[key] = rnd.choice([[node[key]], {"x": node[key]}])
    else:
        other, at = rnd.choice(found)
        try:
            node[key] = json.loads(json.dumps(other[at]))
        except (KeyError, IndexError, ValueError, RecursionError):
            node[key] = None


BITS = (
    b"",
    b"",
    b"'",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b",",
    b"/*",
    b"//",
    b"\x00",
    b"\xff",
    b"\n",
    b"0x",
    b"\\ud800",
    b"1e9",
)


def spoil(data: bytes, rnd: random.Random) -> bytes:
    """A few bytes of a body changed, cut off or put in."""
    for _ in range(rnd.randrange(1, 4)):
        at = rnd.randrange(len(data) + 1)
        cut = rnd.choice([0, 1, 1, 2, 50])
        more = rnd.choice(BITS)
        data = data[:at] + more + data[at + cut :] if rnd.random() < 0.9 else data[:at]
    return data


ASKED = (
    "What is this?",
    "Read all text.",
    "How many cats are there?",
    "",
    "What colour is it at the left?",
    "Compare these pictures.",
    "Is there a dog? " * 300,
    "((((",
    "\u202eعربى \x00 😀",
    "1 + 1 = ?",
    "Which is it: cat, dog or bird?",
    "Where is the cat?",
)
SHAPES: tuple[dict[str, Any], ...] = (
    {},
    {"generationConfig": GENERATE[3]["generationConfig"]},
    {"generationConfig": GENERATE[4]["generationConfig"]},
    {
        "generationConfig": {
            "responseMimeType": "text/x.enum",
            "responseSchema": {"type": "STRING", "enum": ["cat", "dog"]},
        }
    },
    {"tools": GENERATE[2]["tools"], "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}},
)


def looking(rnd: random.Random) -> bytes:
    """A question about real pictures, half of them damaged."""
    parts: list[dict[str, Any]] = [{"text": rnd.choice(ASKED)}]
    for _ in range(rnd.choice([1, 1, 1, 2])):
        name = rnd.choice(samples.names())
        data = bytearray(samples.read(name))
        for _ in range(rnd.choice([0, 0, 1, 10])):
            data[rnd.randrange(len(data))] = rnd.randrange(256)
        if rnd.random() < 0.1:
            data = data[: rnd.randrange(len(data))]
        parts.insert(rnd.randrange(2), picture(bytes(data), samples.get(name).mime_type))
    body = {"contents": [{"parts": parts}], **json.loads(json.dumps(rnd.choice(SHAPES)))}
    if len(body) > 1 and rnd.random() < 0.3:
        change(body["generationConfig"] if "generationConfig" in body else body["tools"][0], rnd)
    return json.dumps(body).encode()


def request(rnd: random.Random) -> tuple[str, bytes]:
    """(path below the version, body)."""
    path, base = rnd.choice(BASES)
    body = json.loads(json.dumps(base))
    for _ in range(rnd.choice([0, 1, 1, 1, 1, 2, 4])):
        change(body, rnd)
    data = json.dumps(body, ensure_ascii=rnd.random() < 0.8).encode("utf-8", "surrogatepass")
    return path, spoil(data, rnd) if rnd.random() < 0.15 else data
