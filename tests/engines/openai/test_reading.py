"""What comes back: text, thoughts, calls, schemas, usage, log probabilities, reasons; whole and in pieces."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from pollux.engines.openai.frames import events
from pollux.errors import ApiError, InvalidArgument
from tests.engines.openai import stub
from tests.engines.openai.kit import HELLO, ask, asked, chunks, engine, text_of
from tests.engines.openai.stub import STOP, USAGE, Stub, Wire, answering, delta, frames, saying

ENUM: dict[str, Any] = {
    "responseMimeType": "text/x.enum",
    "responseSchema": {"type": "STRING", "enum": ["cat", "dog"]},
}
THOUGHTS: dict[str, Any] = {"thinkingConfig": {"includeThoughts": True}}
WEATHER = {
    "functionDeclarations": [
        {"name": "weather", "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}}}
    ]
}


async def test_text_usage_and_the_end() -> None:
    response, seen = await ask(saying("It is ", "a cat."))
    assert text_of(response) == "It is a cat."
    assert response.candidates[0].finish_reason == "STOP"
    usage = response.usage_metadata
    assert usage is not None
    assert (usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count) == (7, 5, 12)
    assert [(row.modality, row.token_count) for row in usage.prompt_tokens_details] == [("TEXT", 7)]
    assert seen[0].path == "/v1/chat/completions"
    assert seen[0].headers["authorization"] == "Bearer sk-very-secret-key"
    assert (seen[0].body["stream"], seen[0].body["stream_options"]) == (True, {"include_usage": True})


@pytest.mark.parametrize("tokens", [-5, 10**30])
async def test_usage_that_cannot_be_is_not_believed(tokens: int) -> None:
    usage = {"choices": [], "usage": {"prompt_tokens": tokens, "completion_tokens": 2}}
    response, _ = await ask(frames(delta("Yes."), STOP, usage))
    assert response.usage_metadata is not None
    assert 0 < response.usage_metadata.prompt_token_count < 100


async def test_pieces_go_out_as_they_come() -> None:
    release = asyncio.Event()

    async def play(wire: Wire) -> None:
        await wire.head()
        await wire.frames(delta("The first words "))
        await asyncio.wait_for(release.wait(), 5)
        await wire.frames(delta("and the last"), STOP)
        await wire.send(stub.DONE)
        await wire.end()

    async with Stub(play) as server:
        one = engine(server.url)
        responses = asked(one)
        first = await anext(responses)
        assert text_of(first) == "The first "
        release.set()
        assert "".join([text_of(response) async for response in responses]) == "words and the last"
        await one.close()


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_becomes_thoughts(field: str) -> None:
    thinking = {"choices": [{"index": 0, "delta": {field: "Let me see."}}]}
    usage = {
        "choices": [],
        "usage": {"prompt_tokens": 3, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 4}},
    }
    response, _ = await ask(frames(thinking, delta("Yes."), STOP, usage), **THOUGHTS)
    assert (text_of(response, thought=True), text_of(response)) == ("Let me see.", "Yes.")
    assert response.usage_metadata is not None
    assert (response.usage_metadata.thoughts_token_count, response.usage_metadata.candidates_token_count) == (4, 5)
    hidden, _ = await ask(frames(thinking, delta("Yes."), STOP, usage))
    assert (text_of(hidden, thought=True), text_of(hidden)) == ("", "Yes.")


@pytest.mark.parametrize(
    ("theirs", "ours"), [("stop", "STOP"), ("length", "MAX_TOKENS"), ("content_filter", "SAFETY"), ("odd", "OTHER")]
)
async def test_finish_reasons(theirs: str, ours: str) -> None:
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": theirs}]}
    response, _ = await ask(frames(delta("some"), end))
    assert (text_of(response), response.candidates[0].finish_reason) == ("some", ours)


async def test_the_servers_own_token_limit_is_kept_to_the_letter() -> None:
    text = "a" * 100  # ten tokens of ours are forty characters
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}
    response, seen = await ask(frames(delta(text), end), maxOutputTokens=10)
    assert text_of(response) == text
    assert seen[0].body["max_tokens"] == 10


def calling(*deltas: Any, reason: str = "tool_calls") -> stub.Play:
    pieces = [{"choices": [{"index": 0, "delta": {"tool_calls": [d]}}]} for d in deltas]
    return frames(*pieces, {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}, USAGE)


@pytest.mark.parametrize(
    "deltas",
    [
        [
            {"index": 0, "id": "call_a", "type": "function", "function": {"name": "weather", "arguments": ""}},
            {"index": 0, "function": {"arguments": '{"city": '}},
            {"index": 0, "function": {"arguments": '"Oslo"}'}},
        ],
        [{"id": "call_a", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}],
        [{"index": 0, "id": "call_a", "function": {"name": "weather", "arguments": {"city": "Oslo"}}}],
        [
            {"index": 0, "id": "call_a", "function": {"name": "weather", "arguments": '{"city": "Os'}},
            {"index": 0, "id": "", "function": {"name": "", "arguments": 'lo"}'}},
        ],
    ],
)
async def test_calls_whole_and_in_pieces(deltas: list[Any]) -> None:
    response, _ = await ask(calling(*deltas), body={**HELLO, "tools": [WEATHER]})
    content = response.candidates[0].content
    assert content is not None
    call = content.parts[0].function_call
    assert call is not None
    assert (call.id, call.name, call.args) == ("call_a", "weather", {"city": "Oslo"})
    assert response.candidates[0].finish_reason == "STOP"


@pytest.mark.parametrize(
    ("name", "arguments", "reason", "ours"),
    [
        ("weather", '{"city": "Os', "tool_calls", "MALFORMED_FUNCTION_CALL"),
        ("weather", "[1]", "tool_calls", "MALFORMED_FUNCTION_CALL"),
        ("weather", '{"city": "Os', "length", "MAX_TOKENS"),
        ("climate", "{}", "tool_calls", "UNEXPECTED_TOOL_CALL"),
    ],
)
async def test_bad_calls_are_not_passed_on(name: str, arguments: str, reason: str, ours: str) -> None:
    bad = {"index": 0, "id": "x", "function": {"name": name, "arguments": arguments}}
    response, _ = await ask(calling(bad, reason=reason), body={**HELLO, "tools": [WEATHER]})
    assert response.candidates[0].finish_reason == ours
    content = response.candidates[0].content
    assert content is None or not any(p.function_call for p in content.parts)


async def test_a_schema_is_sent_and_its_answer_checked() -> None:
    schema = {
        "type": "OBJECT",
        "properties": {"b": {"type": "STRING"}, "a": {"type": "INTEGER"}},
        "required": ["a"],
        "propertyOrdering": ["a", "b"],
    }
    wanted: dict[str, Any] = {"responseMimeType": "application/json", "responseSchema": schema}
    response, seen = await ask(saying('{"a": 1, ', '"b": "x"}'), **wanted)
    assert json.loads(text_of(response)) == {"a": 1, "b": "x"}
    sent = seen[0].body["response_format"]
    assert sent["type"] == "json_schema"
    assert list(sent["json_schema"]["schema"]["properties"]) == ["a", "b"]
    assert sent["json_schema"]["schema"]["required"] == ["a"]
    with pytest.raises(InvalidArgument, match="responseSchema"):
        await ask(saying('{"a": "no number"}'), **wanted)
    with pytest.raises(ApiError, match="did not answer in JSON"):
        await ask(saying("Sure! Here it is"), **wanted)


@pytest.mark.parametrize(
    ("guide", "enum", "sent"),
    [
        ("guided_json", False, {"guided_json": {"type": "integer"}}),
        ("structured_outputs", False, {"structured_outputs": {"json": {"type": "integer"}}}),
        ("guided_json", True, {"guided_choice": ["cat", "dog"]}),
        ("structured_outputs", True, {"structured_outputs": {"choice": ["cat", "dog"]}}),
    ],
)
async def test_guided_decoding(guide: str, enum: bool, sent: dict[str, Any]) -> None:
    if enum:
        wanted: dict[str, Any] = ENUM
    else:
        wanted = {"responseMimeType": "application/json", "responseSchema": {"type": "INTEGER"}}
    response, seen = await ask(saying("dog" if enum else "12"), guide=guide, **wanted)
    assert text_of(response) == ("dog" if enum else "12")
    assert {name: seen[0].body.get(name) for name in sent} == sent
    assert "response_format" not in seen[0].body


@pytest.mark.parametrize("answer", ["dog", '"dog"', ' "dog"\n'])
async def test_an_enum_comes_bare(answer: str) -> None:
    response, _ = await ask(saying(answer), **ENUM)
    assert text_of(response) == "dog"


async def test_log_probabilities() -> None:
    token = {
        "token": "Yes",
        "logprob": -0.25,
        "top_logprobs": [{"token": "Yes", "logprob": -0.25}, {"token": "No", "logprob": -1.5}],
    }
    said = delta("Yes")
    said["choices"][0]["logprobs"] = {"content": [token]}
    response, seen = await ask(frames(said, STOP), responseLogprobs=True, logprobs=2)
    assert (seen[0].body["logprobs"], seen[0].body["top_logprobs"]) == (True, 2)
    candidate = response.candidates[0]
    assert candidate.avg_logprobs == -0.25
    assert candidate.logprobs_result == {
        "topCandidates": [
            {"candidates": [{"token": "Yes", "logProbability": -0.25}, {"token": "No", "logProbability": -1.5}]}
        ],
        "chosenCandidates": [{"token": "Yes", "logProbability": -0.25}],
    }


async def test_log_probabilities_of_what_was_chosen_alone() -> None:
    """llama-server takes `top_logprobs` 0 for no log probabilities at all; one is asked for, and not passed on."""
    said = delta("Yes")
    top = [{"id": 7, "token": "Yes", "bytes": [89, 101, 115], "logprob": -0.25}]
    said["choices"][0]["logprobs"] = {"content": [{**top[0], "top_logprobs": top}]}
    response, seen = await ask(frames(said, STOP), responseLogprobs=True)
    assert (seen[0].body["logprobs"], seen[0].body["top_logprobs"]) == (True, 1)
    assert response.candidates[0].logprobs_result == {
        "topCandidates": [{"candidates": []}],
        "chosenCandidates": [{"token": "Yes", "logProbability": -0.25}],
    }


async def test_a_call_that_llama_cpp_cannot_read() -> None:
    """It ends the stream with an error, where Gemini has a reason; without functions it stays an error."""
    error = {"code": 500, "type": "server_error"}
    error |= {"message": "The model produced output that does not match the expected peg-native format"}
    play = frames(delta('{"name": "we'), {"error": error})
    response, _ = await ask(play, body={**HELLO, "tools": [WEATHER]})
    assert text_of(response) == '{"name": "we'
    candidate = response.candidates[0]
    assert (candidate.finish_reason, candidate.finish_message) == (
        "MALFORMED_FUNCTION_CALL",
        "The model wrote a call that is none.",
    )
    with pytest.raises(ApiError, match=r"failed \(500\)"):
        await ask(play)


@pytest.mark.parametrize(
    "pieces", [("Hello, I am", " here."), (" am", " here."), ("Hello, I  am", " here.", "Hello, I ")]
)
async def test_a_turn_that_is_gone_on_with(pieces: tuple[str, ...]) -> None:
    """llama-server repeats what the model had said; it is the caller's already."""
    turns = [{"role": "user", "parts": [{"text": "Hi"}]}, {"role": "model", "parts": [{"text": "Hello, I "}]}]
    response, seen = await ask(saying(*pieces), body={"contents": turns})
    assert seen[0].body["messages"][-1] == {"role": "assistant", "content": "Hello, I "}
    assert text_of(response) == "".join(pieces).removeprefix("Hello, I ")


async def test_a_server_that_does_not_stream() -> None:
    whole = {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "all at once"}, "finish_reason": "stop"}]
    }
    response, _ = await ask(answering(200, json.dumps({**whole, "usage": USAGE["usage"]}).encode()))
    assert text_of(response) == "all at once"
    assert response.usage_metadata is not None
    assert response.usage_metadata.prompt_token_count == 7


async def test_candidates_are_asked_one_by_one_with_seeds_of_their_own() -> None:
    async with Stub(saying("one"), saying("two")) as server:
        found, error = await chunks(engine(server.url), candidateCount=2, seed=5)
    assert error is None
    said = [(chunk.candidates[0].index, text_of(chunk)) for chunk in found]
    assert said == [(0, "on"), (0, "e"), (1, "tw"), (1, "o")]
    assert [seen.body["seed"] for seen in server.seen] == [5, 6]
    assert server.connections == 1  # reused


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("line", [b"\n", b"\r\n", b"\r"])
async def test_events_in_any_pieces(size: int, line: bytes) -> None:
    lines = [
        b": ping",
        b"",
        b"event: x",
        b'data: {"a":1}',
        b"",
        b'data:{"b":',
        b"data: 2}",
        b"",
        b"id: 1",
        b"",
        b"data: [DONE]",
        b"",
        b"",
    ]
    stream = line.join(lines)

    async def pieces() -> Any:
        for at in range(0, len(stream), size):
            yield stream[at : at + size]

    assert [event async for event in events(pieces())] == [b'{"a":1}', b'{"b":\n2}', b"[DONE]"]


async def test_thinking_between_tags_is_thought() -> None:
    shown: dict[str, Any] = {"thinkingConfig": {"includeThoughts": True}}
    response, _ = await ask(saying("<thi", "nk>Let me see.</th", "ink>It is ", "a cat."), **shown)
    assert (text_of(response, thought=True), text_of(response)) == ("Let me see.", "It is a cat.")
