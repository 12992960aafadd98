from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest

from pollux.errors import Unavailable

from .conftest import Recorder, Run, answer

PIXELS = b"\x89PNG not decoded here"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "cat.webp"
    path.write_bytes(PIXELS)
    return path


def inline(data: bytes, mime: str) -> object:
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}}


def test_pictures_then_the_question(run: Run, root: Recorder, picture: Path) -> None:
    assert run("ask", str(picture), "https://h.example/a.png", "What is this?") == (0, "It is a cat.\n", "")
    model, body, stream = root.asked[0]
    assert (model, stream, root.closed) == ("gemini-2.5-flash", False, 1)
    parts = [
        inline(PIXELS, "image/webp"),
        {"fileData": {"fileUri": "https://h.example/a.png"}},
        {"text": "What is this?"},
    ]
    assert body == {"contents": [{"role": "user", "parts": parts}]}


def test_a_question_alone_and_another_model(run: Run, root: Recorder) -> None:
    run("ask", "-m", "gemini-3-pro", "Who are you?")
    assert root.asked == [
        ("gemini-3-pro", {"contents": [{"role": "user", "parts": [{"text": "Who are you?"}]}]}, False)
    ]


def test_a_picture_from_standard_input(run: Run, root: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(PIXELS)))
    run("ask", "-", "What?")
    assert root.asked[0][1]["contents"][0]["parts"][0] == inline(PIXELS, "image/jpeg")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.png", "What?"], "there is no file none.png"),
        ([".", "What?"], "cannot read .: Is a directory"),
        (["empty.png", "What?"], "empty.png is empty"),
        (["cat.webp"], "the question is missing"),
        (["cat.webp", "none.jpg"], "the question is missing"),
        (["cat.webp", "-"], "the question is missing"),
        (["cat.webp", " "], "the question is empty"),
        (["-", "-", "What?"], "- (standard input) can be one picture only"),
        (["cat.webp", "What?", "--schema", "none.json"], "--schema: none.json is neither"),
        (["cat.webp", "What?", "--schema", "{"], "--schema: not valid JSON"),
        (["cat.webp", "What?", "--schema", "list.json"], "--schema: a schema is a JSON object"),
        (["cat.webp", "What?", "--server", "localhost"], "'localhost' is no address of a server"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_status_2(
    run: Run, root: Recorder, picture: Path, arguments: list[str], message: str
) -> None:
    (picture.parent / "empty.png").touch()
    (picture.parent / "list.json").write_text("[]")
    status, out, err = run("ask", *arguments)
    assert (status, out, root.asked) == (2, "", [])
    assert err.startswith(f"pollux: Invalid value: {message}")
    assert err.count("\n") == 1


@pytest.mark.parametrize("as_file", [True, False])
@pytest.mark.parametrize(("kind", "field"), [("object", "responseJsonSchema"), ("OBJECT", "responseSchema")])
def test_a_schema_of_either_dialect(
    run: Run, root: Recorder, tmp_path: Path, as_file: bool, kind: str, field: str
) -> None:
    schema = json.dumps({"type": kind})
    (tmp_path / "s.json").write_text(schema)
    run("ask", "Total?", "--schema", "s.json" if as_file else schema)
    expected = {"responseMimeType": "application/json", field: {"type": kind}}
    assert root.asked[0][1]["generationConfig"] == expected


def test_a_stream_is_printed_as_it_comes_without_thoughts(run: Run, root: Recorder) -> None:
    thought = {"candidates": [{"content": {"parts": [{"text": "hm", "thought": True}, {"text": "One, "}]}}]}
    root.responses = [thought, answer("two.")]
    assert run("ask", "--stream", "Count") == (0, "One, two.\n", "")
    assert root.asked[0][2] is True


def test_json_is_the_whole_response_and_a_stream_is_one_a_line(run: Run, root: Recorder) -> None:
    assert json.loads(run("ask", "--json", "Hi")[1]) == root.responses[0]
    root.responses = [answer("1"), answer("2")]
    lines = run("ask", "--json", "--stream", "Hi")[1].splitlines()
    assert [json.loads(line) for line in lines] == root.responses


@pytest.mark.parametrize(
    ("response", "status", "remark"),
    [
        (answer("Half", finishReason="MAX_TOKENS"), 0, "the answer ends early: MAX_TOKENS"),
        (answer("{}", finishMessage="total is not shown"), 0, "total is not shown"),
        (answer("", finishReason="SAFETY"), 1, "there is no answer: SAFETY"),
        ({"promptFeedback": {"blockReason": "OTHER"}}, 1, "there is no answer: OTHER"),
        ({}, 1, "there is no answer: no candidate"),
    ],
)
def test_what_the_text_does_not_say_goes_to_stderr(
    run: Run, root: Recorder, response: dict[str, object], status: int, remark: str
) -> None:
    root.responses = [response]
    found, _, err = run("ask", "Hi")
    assert (found, err) == (status, f"pollux: {remark}\n")


def test_an_error_after_the_first_words_is_no_success(run: Run, root: Recorder) -> None:
    root.error = Unavailable("the engine stopped")
    status, out, err = run("ask", "--stream", "Hi")
    assert (status, err) == (1, "pollux: the engine stopped\n")
    assert out.startswith("It is a cat.")


def test_count_prints_one_line_a_picture_and_the_sum(run: Run, picture: Path) -> None:
    tokens = len(base64.b64encode(PIXELS))
    assert run("count", str(picture)) == (0, f"{tokens}  {picture}\n", "")
    _, out, _ = run("count", "cat.webp", "cat.webp")
    assert [line.split() for line in out.splitlines()] == [
        [str(tokens), "cat.webp"],
        [str(tokens), "cat.webp"],
        [str(2 * tokens), "total"],
    ]
    _, out, _ = run("count", "--json", "cat.webp")
    assert json.loads(out)[0]["promptTokensDetails"] == [{"modality": "IMAGE", "tokenCount": tokens}]


def test_models_are_listed_whole_in_a_pipe(run: Run) -> None:
    _, out, _ = run("models")
    assert out.splitlines()[-1].split() == ["m-1", "1048576", "65536", "generateContent", "countTokens"]
    assert json.loads(run("models", "--json")[1])["models"][0]["name"] == "models/m-1"
