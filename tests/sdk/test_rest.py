"""The wire by hand, as the documentation's shell examples do it."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import PIL.Image
import pytest

from pollux import samples
from pollux.testing import RunningServer, ScriptedEngine
from tests.sdk.behind import Overseen
from tests.sdk.scenarios.words import agrees, needs, says, seen, tells

FLASH = "gemini-2.5-flash"
HI = '{"contents": [{"parts": [{"text": "hi"}]}]}'


def post(
    server: RunningServer, path: str, body: str = HI, headers: Mapping[str, str] | None = None, key: str = "k"
) -> httpx.Response:
    with httpx.Client(base_url=server.url) as client:
        return client.post(path, content=body, headers={"x-goog-api-key": key, **(headers or {})})


def ask(server: RunningServer, body: str, model: str = FLASH, query: str = "", **headers: str) -> Any:
    answer = post(server, f"/v1beta/models/{model}:generateContent{query}", body, headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def said(answer: Any) -> str:
    return "".join(part["text"] for part in answer["candidates"][0]["content"]["parts"])


LENIENT = {
    "single quotes": "{'contents': [{'parts': [{'text': 'hi'}]}]}",
    "quotes within quotes": """{'contents': [{'parts': [{'text': 'say "hi"'}]}]}""",
    "unquoted keys": '{contents: [{parts: [{text: "hi"}]}]}',
    "trailing commas": '{"contents": [{"parts": [{"text": "hi",},],},],}',
    "comments": '{"contents": [/* one */ {"parts": [{"text": "hi"}]}] // end\n}',
    "objects for lists": '{"contents": {"parts": {"text": "hi"}}}',
    "nulls": '{"contents": [{"role": null, "parts": [{"text": "hi", "inlineData": null}]}], "tools": null}',
    "unknown fields": '{"contents": [{"parts": [{"text": "hi", "newField": [1]}]}], "another": {"a": 1}}',
    "a role of old": '{"contents": [{"role": "function", "parts": [{"text": "hi"}]}]}',
    "byte order mark": "\ufeff" + HI,
    "white space": f"\n\t {HI} \r\n",
}


@pytest.mark.parametrize("how", LENIENT)
def test_lenient_json(scripted: RunningServer, how: str) -> None:
    says(said(ask(scripted, LENIENT[how])), 'say "hi"' if "within" in how else "hi")


def test_raw_line_breaks_in_a_string(scripted: RunningServer) -> None:
    text = "two\nlines\tand a tab"
    says(said(ask(scripted, '{"contents": [{"parts": [{"text": "' + text + '"}]}]}')), text)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/x-www-form-urlencoded", "text/plain", "application/json; charset=utf-8", ""],
)
def test_any_content_type(scripted: RunningServer, content_type: str) -> None:
    says(said(ask(scripted, HI, **{"content-type": content_type})), "hi")


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"x-goog-api-key": "k"}, ""),
        ({}, "?key=k"),
        ({"authorization": "Bearer k"}, ""),
        ({"X-Goog-Api-Key": "k"}, "?key="),
    ],
)
def test_key_in_every_place(locked: RunningServer, headers: dict[str, str], query: str) -> None:
    url = f"{locked.url}/v1beta/models/{FLASH}:generateContent"
    for secret, code in ((locked.key, 200), ("AIza-wrong", 400)):
        given = {name: value.replace("k", secret) for name, value in headers.items()}
        answer = httpx.post(url + query.replace("=k", "=" + secret), headers=given, content=HI)
        assert answer.status_code == code, answer.text
        if code == 400:
            assert answer.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def test_no_key(scripted: RunningServer, locked: RunningServer) -> None:
    for server in (scripted, locked):
        answer = httpx.post(f"{server.url}/v1/models/{FLASH}:generateContent", content=HI)
        assert (answer.status_code, answer.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("version", ["/v1", "/v1beta", "/v1alpha", ""])
def test_versions(scripted: RunningServer, version: str) -> None:
    assert post(scripted, f"{version}/models/{FLASH}:generateContent").status_code == 200
    answer = httpx.get(f"{scripted.url}{version}/models/{FLASH}?key=k", headers={"content-type": "application/json"})
    assert answer.json()["name"] == f"models/{FLASH}"


def test_server_sent_events(scripted: RunningServer) -> None:
    answer = post(scripted, "/v1beta/models/gemini-2.5-speaker:streamGenerateContent?alt=sse")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = answer.text.split("\r\n\r\n")
    assert events.pop() == ""
    assert all(re.fullmatch(r"data: \{.*\}", event) for event in events), answer.text
    says("".join(said(json.loads(event[6:])) for event in events), "One two three four five")


@pytest.mark.parametrize("query", ["", "?alt=json", "?prettyPrint=false"])
def test_stream_as_an_array(scripted: RunningServer, query: str) -> None:
    answer = post(scripted, "/v1beta/models/gemini-2.5-speaker:streamGenerateContent" + query)
    assert answer.headers["content-type"].startswith("application/json")
    assert len(answer.json()) > 1
    says("".join(said(response) for response in answer.json()), "One two three four five")


@pytest.mark.parametrize("query", ["?alt=sse", ""])
def test_fault_in_the_middle(scripted: RunningServer, query: str) -> None:
    needs("script", "a fault of the model in mid-stream")
    answer = post(scripted, "/v1beta/models/gemini-2.5-breaks:streamGenerateContent" + query)
    assert answer.status_code == 200
    if query:
        good, *_, event, raw, end = answer.text.split("\r\n\r\n")
        assert said(json.loads(good[6:])).startswith("So far")
        assert (event, end) == ("data: " + raw, "")
        error = json.loads(raw)
    else:
        error = answer.json()[-1]
    assert list(error) == ["error"]
    assert (error["error"]["code"], error["error"]["status"]) == (503, "UNAVAILABLE")


def test_pretty_and_compact(scripted: RunningServer) -> None:
    path = f"/v1beta/models/{FLASH}:generateContent"
    assert '\n  "candidates": [\n    {\n      "content": {' in post(scripted, path).text
    assert post(scripted, path + "?prettyPrint=false").text.startswith('{"candidates":[{"content":{"parts":[{"text":"')
    assert '\n  "error": {\n    "code": 400' in post(scripted, path, "{").text
    assert post(scripted, path + "?prettyPrint=false", "{").text.startswith('{"error":{"code":400')


def test_what_shell_examples_look_for(scripted: RunningServer) -> None:
    """The documentation's scripts find values with grep and sed, not with a JSON parser."""
    text = post(scripted, f"/v1beta/models/{FLASH}:generateContent").text
    assert re.search(r'^ *"text": ".', text, re.MULTILINE)
    listed = httpx.get(f"{scripted.url}/v1beta/models?key=k").text
    assert re.search(rf'^ *"name": "models/{FLASH}",$', listed, re.MULTILINE)


def test_spellings_mix_at_any_depth_but_not_in_user_data(scripted: RunningServer) -> None:
    args = {"file_uri": 1, "mimeType": {"inline_data": 2}}
    array = {"type": "array", "min_items": "1", "maxItems": 4, "items": {"type": "string"}}
    parameters = {"type": "object", "properties": {"min_items": array, "anyOf": {"type": "integer"}}}
    body = {
        "system_instruction": {"parts": [{"text": "s"}]},
        "contents": [
            {"role": "user", "parts": [{"text": "a"}]},
            {"role": "model", "parts": [{"function_call": {"name": "f", "args": args}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"top_k": {"maxItems": 3}}}}]},
        ],
        "generation_config": {
            "topK": 2,
            "top_p": 0.5,
            "thinkingConfig": {"thinking_budget": 5, "includeThoughts": False},
        },
        "tools": [{"function_declarations": [{"name": "f", "parameters": parameters}]}],
        "tool_config": {"functionCallingConfig": {"mode": "any", "allowed_function_names": ["f"]}},
    }
    mirror = seen(said(ask(scripted, json.dumps(body), "gemini-2.5-mirror")))
    assert mirror["system"] == "s"
    assert (mirror["config"]["topK"], mirror["config"]["topP"]) == (2, 0.5)
    assert mirror["config"]["thinkingConfig"] == {"includeThoughts": False, "thinkingBudget": 5}
    assert mirror["turns"][1]["pieces"][0]["functionCall"]["args"] == args
    assert mirror["turns"][2]["pieces"][0]["functionResponse"]["response"] == {"top_k": {"maxItems": 3}}
    properties = mirror["tools"][0]["functionDeclarations"][0]["parameters"]["properties"]
    assert list(properties) == ["min_items", "anyOf"]
    assert (properties["min_items"]["minItems"], properties["min_items"]["maxItems"]) == (1, 4)
    assert properties["min_items"]["type"] == "ARRAY"
    assert mirror["tool_config"]["functionCallingConfig"] == {"mode": "ANY", "allowedFunctionNames": ["f"]}


def test_integers_for_enums_and_strings_for_numbers(scripted: RunningServer) -> None:
    parameters = {"type": 6, "properties": {"a": {"type": 1}}}
    body = {
        "contents": [{"parts": [{"text": "a"}]}],
        "safetySettings": [{"category": 8, "threshold": 4}],
        "generationConfig": {"maxOutputTokens": "9000", "seed": "7", "temperature": "0.5"},
        "tools": [{"functionDeclarations": [{"name": "f", "parameters": parameters}]}],
    }
    query = "?%24alt=json%3Benum-encoding%3Dint"
    mirror = seen(said(ask(scripted, json.dumps(body), "gemini-2.5-mirror", query)))
    assert mirror["safety"] == [{"category": "HARM_CATEGORY_HATE_SPEECH", "threshold": "BLOCK_NONE"}]
    assert (mirror["config"]["maxOutputTokens"], mirror["seed"], mirror["config"]["temperature"]) == (9000, 7, 0.5)
    declared = mirror["tools"][0]["functionDeclarations"][0]["parameters"]
    assert (declared["type"], declared["properties"]["a"]["type"]) == ("OBJECT", "STRING")


REFUSED = {
    "text of a number": ('{"contents": [{"parts": [{"text": 5}]}]}', "contents[0].parts[0].text"),
    "unknown enum value": (
        '{"contents": [{"parts": [{"text": "a"}]}], "generationConfig": {"mediaResolution": "HUGE"}}',
        "generationConfig.mediaResolution",
    ),
    "bad base64": (
        '{"contents": [{"parts": [{"inline_data": {"data": "a?"}}]}]}',
        "contents[0].parts[0].inline_data.data",
    ),
    "two kinds in a part": (
        '{"contents": [{"parts": [{"text": "a", "inlineData": {"data": "aGk="}}]}]}',
        "contents[0].parts[0]",
    ),
    "bad role": ('{"contents": [{"role": "system", "parts": [{"text": "a"}]}]}', "contents[0].role"),
    "nothing": ("{}", "contents"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_naming_the_field(scripted: RunningServer, what: str) -> None:
    body, field = REFUSED[what]
    for method in ("generateContent", "streamGenerateContent?alt=sse", "countTokens"):
        answer = post(scripted, f"/v1beta/models/{FLASH}:{method}", body)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
        violations = [v for d in error["details"] if d["@type"].endswith("BadRequest") for v in d["fieldViolations"]]
        assert [v["field"] for v in violations] == [field]


@pytest.mark.parametrize(
    ("method", "path", "code", "words"),
    [
        ("GET", "/v1beta/models/gpt-99", 404, "gpt-99"),
        ("POST", f"/v1beta/models/{FLASH}:sing", 404, "sing"),
        ("GET", "/v1beta/nothing", 404, "nothing"),
        ("PUT", "/v1beta/models", 405, "GET"),
        ("POST", "/v1beta/files:register", 501, "files:register"),
        ("POST", "/upload/v1beta/fileSearchStores/x:uploadToFileSearchStore", 501, "File search"),
        ("GET", "/v1beta/batches/x:cancel", 404, "batches/x"),
        ("GET", "/v1beta/cachedContents", 501, "caching"),
        ("POST", "/v1beta/openai/chat/completions", 501, "OpenAI"),
        ("POST", "/v1beta/models/imagen-4.0-generate-001:predict", 400, "instances"),
        ("POST", "/v1beta/models/veo-3.0-generate-001:predictLongRunning", 400, "instances"),
        ("POST", "/v1beta/interactions", 501, "Interactions"),
    ],
)
def test_what_is_not_there(scripted: RunningServer, method: str, path: str, code: int, words: str) -> None:
    if words == "instances":
        needs("script", "a model that makes pictures and videos")
    answer = httpx.request(method, scripted.url + path, headers={"x-goog-api-key": "k"}, content=HI)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (code, code)
    assert words in error["message"]
    assert answer.headers["content-type"].startswith("application/json")


def test_count_tokens_in_both_forms(scripted: RunningServer) -> None:
    picture = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(samples.read("qr-code")).decode()}}
    contents = [{"parts": [{"text": "What is it?"}, picture]}]
    whole = {"model": f"models/{FLASH}", "contents": contents, "systemInstruction": {"parts": [{"text": "Be brief."}]}}
    path = f"/v1beta/models/{FLASH}:countTokens"
    plain = post(scripted, path, json.dumps({"contents": contents})).json()
    more = post(scripted, path, json.dumps({"generateContentRequest": whole})).json()
    assert {row["modality"]: row["tokenCount"] for row in plain["promptTokensDetails"]}["IMAGE"] == 258
    assert more["totalTokens"] > plain["totalTokens"] > 258
    agrees(ask(scripted, json.dumps(whole))["usageMetadata"]["promptTokenCount"], more["totalTokens"])


def test_embeddings_by_hand(seeing: RunningServer) -> None:
    needs("embeddings", "vectors by hand")
    one = {"content": {"parts": [{"text": "Hello"}]}, "taskType": "SEMANTIC_SIMILARITY", "output_dimensionality": 16}
    single = post(seeing, "/v1beta/models/gemini-embedding-001:embedContent", json.dumps(one)).json()
    many = {"requests": [{"model": "models/gemini-embedding-001", **one}] * 2}
    batch = post(seeing, "/v1beta/models/gemini-embedding-001:batchEmbedContents", json.dumps(many)).json()
    assert len(single["embedding"]["values"]) == 16
    assert [e["values"] for e in batch["embeddings"]] == [single["embedding"]["values"]] * 2


def test_a_picture_by_hand(seeing: RunningServer) -> None:
    """The first curl command of the image understanding guide, with a receipt."""
    data = base64.b64encode(samples.read("receipt")).decode()
    body = f"""{{
      "contents": [{{
        "parts":[
            {{
              "inline_data": {{
                "mime_type":"image/png",
                "data": "{data}"
              }}
            }},
            {{"text": "What is the total?"}},
        ]
      }}]
    }}"""
    tells(said(ask(seeing, body)), "23.93")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(seeing: RunningServer, tmp_path: Path) -> None:
    """The guide's own command line: no JSON content type, a body from a file, large enough for Expect: 100-continue."""
    large = io.BytesIO()
    with PIL.Image.open(io.BytesIO(samples.read("cat"))) as cat:
        cat.resize((1800, 1200)).save(large, "png")
    assert len(large.getvalue()) > 1_000_000
    for name, picture in (("small", samples.read("cat")), ("large", large.getvalue())):
        data = base64.encodebytes(picture).decode()
        part = f'{{"inline_data": {{"mime_type":"image/jpeg", "data": "{data}"}}}}'
        (tmp_path / name).write_text(f'{{"contents": [{{"parts": [{part}, {{"text": "What animal is this?"}}]}}]}}')
    url = f"{seeing.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=k"
    for name in ("small", "large"):
        command = ["curl", "--silent", "--no-buffer", "--fail-with-body", "--max-time", "60", url]
        done = subprocess.run([*command, "-d", f"@{tmp_path / name}"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        events = [json.loads(line[6:]) for line in done.stdout.splitlines() if line]
        tells("".join(map(said, events)), "cat")


def test_pages_of_models(scripted: RunningServer) -> None:
    names: list[str] = []
    token = ""
    with httpx.Client(base_url=scripted.url) as client:
        while True:
            page = client.get("/v1beta/models", params={"key": "k", "pageSize": 3, "pageToken": token}).json()
            names += [model["name"] for model in page["models"]]
            token = page.get("nextPageToken", "")
            if not token:
                break
            assert len(page["models"]) == 3
        whole = client.get("/v1beta/models?key=k").json()["models"]
    assert names == [model["name"] for model in whole]


def test_the_prompt_is_what_was_asked(scripted: RunningServer, engine: ScriptedEngine | Overseen) -> None:
    ask(scripted, HI)
    assert engine.prompts[-1].model == FLASH


def test_batches_as_the_shell_examples_read_them(scripted: RunningServer) -> None:
    """What their jq expressions ask for, from the upload of bare lines to the download of the answers."""
    with httpx.Client(base_url=scripted.url, headers={"x-goog-api-key": "k"}) as client:
        told = {"X-Goog-Upload-Protocol": "resumable", "X-Goog-Upload-Command": "start"}
        answer = client.post("/upload/v1beta/files", headers=told, content="{'file': {'display_name': 'BatchInput'}}")
        told = {"X-Goog-Upload-Offset": "0", "X-Goog-Upload-Command": "upload, finalize"}
        lines = HI + "\n" + json.dumps({"key": "request-2", "request": json.loads(HI)}) + "\n"
        file = client.post(answer.headers["x-goog-upload-url"], headers=told, content=lines).json()["file"]["name"]
        body = f"{{'batch': {{'display_name': 'my-batch-requests', 'input_config': {{'file_name': '{file}'}}}}}}"
        name = client.post(f"/v1beta/models/{FLASH}:batchGenerateContent", content=body).json()["name"]
        while '"done": false' in (text := client.get(f"/v1beta/{name}").text):
            time.sleep(0.05)
        status = json.loads(text)
        assert status["metadata"]["state"] == status["state"] == "JOB_STATE_SUCCEEDED"
        assert status["response"]["responsesFile"] == status["dest"]["fileName"]
        found = client.get(f"/download/v1beta/{status['dest']['fileName']}:download?alt=media").text.splitlines()
    assert [json.loads(line).get("key") for line in found] == [None, "request-2"]
    for line in found:
        says(said(json.loads(line)["response"]), "hi")
