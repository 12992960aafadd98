"""What a server gets: the same pixels in the same place, words around them, calls and results, every option."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pollux.errors import ConfigurationError, InvalidArgument
from tests.engines.openai.kit import HELLO, ask, encoded, engine, part, picture, text_of, user
from tests.engines.openai.stub import pixels, saying

OK = saying("ok")
DATA = Path(__file__).parents[2] / "media" / "data"


@pytest.mark.parametrize("orientation", range(2, 9))
async def test_turned_pictures_arrive_upright(orientation: int) -> None:
    from PIL import ImageOps

    image = Image.fromarray(picture(48, 32)).resize((48, 32))
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    image.save(buffer, "jpeg", quality=95, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(buffer.getvalue())))
    assert upright is not None
    _, seen = await ask(OK, body=user(part(buffer.getvalue(), "image/jpeg")))
    (got,) = seen[0].pictures()
    assert got.shape == np.asarray(upright).shape
    assert np.abs(got.astype(int) - np.asarray(upright).astype(int)).max() <= 4  # two JPEG decoders


@pytest.mark.parametrize("name", ["upright", "turned"])
async def test_a_heic_arrives_as_it_is_decoded(name: str) -> None:
    import pi_heif

    data = (DATA / f"{name}.heic").read_bytes()
    _, seen = await ask(OK, body=user(part(data, "image/heic")))
    (got,) = seen[0].pictures()
    assert np.array_equal(got, np.asarray(pi_heif.open_heif(io.BytesIO(data)).to_pillow().convert("RGB")))


async def test_pictures_and_words_keep_their_order() -> None:
    first, second = picture(seed=1), picture(30, 20, seed=2)
    body = user("before", part(encoded(first)), "between", part(encoded(second)), "after")
    _, seen = await ask(OK, body=body)
    content = seen[0].content()
    assert [p.get("text") for p in content] == ["before", None, "between", None, "after"]
    assert np.array_equal(pixels(content[1]), first)
    assert np.array_equal(pixels(content[3]), second)


@pytest.mark.parametrize(
    ("level", "most"), [("LOW", 280 * 1024), ("MEDIUM", 560 * 1024), ("HIGH", 10**9), ("UNSPECIFIED", 10**9)]
)
async def test_media_resolution_bounds_the_pixels(level: str, most: int) -> None:
    rgb = np.repeat(np.repeat(picture(60, 40), 25, 0), 25, 1)  # 1500 x 1000
    config = {"mediaResolution": f"MEDIA_RESOLUTION_{level}"}
    _, seen = await ask(OK, body=user(part(encoded(rgb))), **config)
    (got,) = seen[0].pictures()
    height, width = got.shape[:2]
    assert width * height <= min(most, 1500 * 1000) * 1.01
    assert width * height >= min(most, 1500 * 1000) * 0.95
    assert abs(width / height - 1.5) < 0.01


async def test_pages_of_a_document_and_its_text(pdf: bytes) -> None:
    _, seen = await ask(OK, body=user("Sum it up.", part(pdf, "application/pdf"), "Shortly."))
    content = seen[0].content()
    assert [p["type"] for p in content] == ["text", "text", "image_url", "text", "image_url", "text"]
    assert "The first page" in content[1]["text"]
    assert "The second page" in content[3]["text"]
    one, two = seen[0].pictures()
    assert max(one.shape) == max(two.shape) == 1280
    assert not np.array_equal(one, two)
    with pytest.raises(InvalidArgument, match="2 pages; this model takes 1"):
        await ask(OK, body=user(part(pdf, "application/pdf")), pages=1)


@pytest.fixture
def pdf() -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    font = pypdfium2.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
    for words in ("The first page", "The second page"):
        page = document.new_page(200, 300)
        text = pypdfium2.raw.FPDFPageObj_CreateTextObj(document, font, 12)
        wide = (words + "\0").encode("utf-16-le")
        import ctypes

        buffer = ctypes.cast(ctypes.create_string_buffer(wide), ctypes.POINTER(ctypes.c_ushort))
        pypdfium2.raw.FPDFText_SetText(text, buffer)
        pypdfium2.raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 20, 200)
        pypdfium2.raw.FPDFPage_InsertObject(page, text)
        pypdfium2.raw.FPDFPage_GenerateContent(page)
    buffer_ = io.BytesIO()
    document.save(buffer_)
    return buffer_.getvalue()


async def test_frames_of_a_video_with_their_times() -> None:
    _, seen = await ask(OK, body=user(part(video(), "video/mp4"), "What happens?"))
    content = seen[0].content()
    assert [p.get("text") for p in content[::2]] == ["The video at 00:00", "The video at 00:01", "What happens?"]
    red, blue = seen[0].pictures()
    assert np.abs(red.mean((0, 1)) - (255, 0, 0)).max() < 12
    assert np.abs(blue.mean((0, 1)) - (0, 0, 255)).max() < 12
    _, seen = await ask(OK, body=user(part(video(), "video/mp4")), frames=1)
    assert len(seen[0].pictures()) == 1


def video() -> bytes:
    av = pytest.importorskip("av")
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 64, 48, "yuv420p", 2_000_000
        for number in range(20):
            rgb = np.zeros((48, 64, 3), np.uint8)
            rgb[..., 0 if number < 10 else 2] = 255
            for packet in stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return buffer.getvalue()


async def test_text_files_are_text() -> None:
    body = user("Read it:", {**part(b"a,b\n1,2\n", "text/csv")})
    _, seen = await ask(OK, body=body)
    assert seen[0].body["messages"] == [{"role": "user", "content": "Read it:\na,b\n1,2\n"}]


async def test_sound_needs_the_ability() -> None:
    rate = 8000
    samples = np.zeros(rate, np.int16).tobytes()
    head = b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    form = b"\1\0\1\0" + rate.to_bytes(4, "little") + (2 * rate).to_bytes(4, "little") + b"\2\0\x10\0"
    wav = head + form + b"data" + len(samples).to_bytes(4, "little") + samples
    with pytest.raises(InvalidArgument, match=r"contents\[0\]\.parts\[0\].*takes no sound"):
        await ask(OK, body=user(part(wav, "audio/wav")))
    able = frozenset({"text", "image_in", "audio_in"})
    _, seen = await ask(OK, body=user(part(wav, "audio/wav")), abilities=able)
    assert seen[0].content()[0] == {
        "type": "input_audio",
        "input_audio": {"data": part(wav)["inlineData"]["data"], "format": "wav"},
    }


async def test_roles_calls_and_results() -> None:
    contents = [
        {"role": "user", "parts": [{"text": "one"}]},
        {"role": "user", "parts": [{"text": "two"}]},
        {
            "role": "model",
            "parts": [
                {"text": "I look."},
                {"functionCall": {"id": "c1", "name": "f", "args": {"x": 1}}},
                {"functionCall": {"name": "g", "args": {}}},
            ],
        },
        {
            "role": "user",
            "parts": [
                {"functionResponse": {"name": "g", "response": {"r": 2}}},
                {"functionResponse": {"id": "c1", "name": "f", "response": {"r": "ä"}}},
                {"text": "Well?"},
            ],
        },
    ]
    tools = [{"functionDeclarations": [{"name": "f", "description": "does f"}, {"name": "g"}]}]
    body = {"contents": contents, "tools": tools, "systemInstruction": {"parts": [{"text": "Be brief."}]}}
    _, seen = await ask(OK, body=body)
    system, first, model, *results, last = seen[0].body["messages"]
    assert system == {"role": "system", "content": "Be brief."}
    assert first == {"role": "user", "content": "one\ntwo"}
    assert model["content"] == "I look."
    ids = [call["id"] for call in model["tool_calls"]]
    assert ids[0] == "c1"
    assert [json.loads(call["function"]["arguments"]) for call in model["tool_calls"]] == [{"x": 1}, {}]
    assert [(r["role"], r["tool_call_id"], json.loads(r["content"])) for r in results] == [
        ("tool", ids[1], {"r": 2}),
        ("tool", "c1", {"r": "ä"}),
    ]
    assert last == {"role": "user", "content": "Well?"}
    names = [tool["function"]["name"] for tool in seen[0].body["tools"]]
    assert names == ["f", "g"]


async def test_a_result_without_its_call_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="answers no functionCall"):
        await ask(OK, body=user({"functionResponse": {"name": "f", "response": {}}}))


async def test_what_the_model_drew_is_not_lost() -> None:
    rgb = picture()
    contents = [
        {"role": "user", "parts": [{"text": "Draw."}]},
        {"role": "model", "parts": [{"text": "Here."}, part(encoded(rgb))]},
        {"role": "user", "parts": [{"text": "Bluer."}]},
    ]
    _, seen = await ask(OK, body={"contents": contents})
    assert [message["role"] for message in seen[0].body["messages"]] == ["user", "assistant", "user"]
    assert np.array_equal(seen[0].pictures()[0], rgb)
    assert seen[0].content()[-1]["text"] == "Bluer."


@pytest.mark.parametrize(
    ("calling", "choice", "offered"),
    [
        ({"mode": "AUTO"}, None, ["f", "g"]),
        ({"mode": "NONE"}, "none", ["f", "g"]),
        ({"mode": "ANY"}, "required", ["f", "g"]),
        ({"mode": "ANY", "allowedFunctionNames": ["g"]}, "required", ["g"]),
    ],
)
async def test_calling_modes(calling: dict[str, Any], choice: Any, offered: list[str]) -> None:
    tools = [{"functionDeclarations": [{"name": "f"}, {"name": "g"}]}]
    body = {**HELLO, "tools": tools, "toolConfig": {"functionCallingConfig": calling}}
    _, seen = await ask(OK, body=body)
    assert seen[0].body.get("tool_choice") == choice
    assert [tool["function"]["name"] for tool in seen[0].body["tools"]] == offered


async def test_every_option() -> None:
    config: dict[str, Any] = {
        "temperature": 0.5,
        "topP": 0.9,
        "topK": 40,
        "maxOutputTokens": 99,
        "stopSequences": ["END"],
        "seed": 7,
        "presencePenalty": 0.1,
        "frequencyPenalty": -0.2,
        "thinkingConfig": {"thinkingLevel": "LOW"},
    }
    _, seen = await ask(OK, extra={"priority": 3, "chat_template_kwargs": {"a": 1}}, **config)
    wanted = {
        "model": "open-model",
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 40,
        "max_tokens": 99,
        "stop": ["END"],
        "seed": 7,
        "presence_penalty": 0.1,
        "frequency_penalty": -0.2,
        "reasoning_effort": "low",
        "priority": 3,
    }
    assert {name: seen[0].body[name] for name in wanted} == wanted
    _, seen = await ask(OK, extra={"chat_template_kwargs": {"a": 1}}, thinkingConfig={"thinkingBudget": 0})
    assert seen[0].body["chat_template_kwargs"] == {"enable_thinking": False, "a": 1}
    _, seen = await ask(OK)
    assert set(seen[0].body) == {"model", "messages", "stream", "stream_options"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"addresses": ()}, "address is missing"),
        ({"addresses": ("gpu:8000",)}, "must be an http"),
        ({"addresses": ("http://user:pass@gpu/v1",)}, "no user or password"),
        ({"model": ""}, "model is missing"),
        ({"dialect": "klingon"}, "dialect must be one of"),
        ({"abilities": frozenset({"embeddings"})}, "embed_dims is missing"),
    ],
)
def test_bad_options(options: dict[str, Any], message: str) -> None:
    from pollux.engines.openai.options import Options

    with pytest.raises(ConfigurationError, match=message) as caught:
        Options(**{"addresses": ("http://gpu/v1",), "model": "m", **options})
    assert "pass@" not in str(caught.value)


def test_the_key_is_not_shown() -> None:
    assert "very-secret" not in repr(engine("http://gpu/v1")._options)


async def test_what_is_omitted_is_kept_here() -> None:
    """A server that knows neither: the answer still ends where it should."""
    limits: dict[str, Any] = {"stopSequences": ["STOP"], "topK": 3, "omit": ("stop", "top_k")}
    answer, seen = await ask(saying("one ", "two STOP ", "three"), **limits)
    assert not {"stop", "top_k"} & seen[0].body.keys()
    assert text_of(answer) == "one two "
    answer, seen = await ask(saying(*["word "] * 30), maxOutputTokens=3, omit=("max_tokens",))
    assert "max_tokens" not in seen[0].body
    assert answer.candidates[0].finish_reason == "MAX_TOKENS"
