"""Pictures by hand: the image generation guide's shell commands, as they stand there, and what they look for."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import PIL.Image
import pytest

from pollux import samples
from pollux.testing import RunningServer
from tests.sdk.scenarios.words import needs, paints

NANO, PRO = "gemini-2.5-flash-image", "gemini-3-pro-image-preview"

pytestmark = pytest.mark.skipif(
    not all(shutil.which(name) for name in ("bash", "curl", "base64")), reason="bash, curl or base64 is not installed"
)
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


def shell(server: RunningServer, folder: Path, script: str) -> None:
    """Runs a script of the guide's kind in a folder; $API is the server, $GEMINI_API_KEY the key."""
    environment = {"API": server.url, "GEMINI_API_KEY": server.key, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    command = ["bash", "-eu", "-c", script]  # no pipefail: `head -1` ends the pipe before jq has written everything
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def size(path: Path) -> tuple[int, int]:
    with PIL.Image.open(path) as picture:
        picture.load()
        assert picture.format == "PNG"
        return picture.size


def post(server: RunningServer, model: str, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{server.url}/v1beta/models/{model}:generateContent?key=k", json=body, timeout=60)


def said(text: str, **config: Any) -> dict[str, Any]:
    return {"contents": [{"parts": [{"text": text}]}], "generationConfig": config}


def test_text_to_image(seeing: RunningServer, tmp_path: Path) -> None:
    script = """
    curl -s -X POST "$API/v1beta/models/gemini-2.5-flash-image:generateContent" \
      -H "x-goog-api-key: $GEMINI_API_KEY" \
      -H "Content-Type: application/json" \
      -d '{
        "contents": [{
          "parts": [
            {"text": "Create a picture of a red apple on a plate"}
          ]
        }]
      }' \
      | grep -o '"data": "[^"]*"' \
      | cut -d'"' -f4 \
      | base64 --decode > gemini-native-image.png
    """
    shell(seeing, tmp_path, script)
    assert size(tmp_path / "gemini-native-image.png") == (1024, 1024)


def test_an_edit(seeing: RunningServer, tmp_path: Path) -> None:
    (tmp_path / "cat.jpeg").write_bytes(samples.read("cat"))
    script = r"""
    IMG_BASE64=$(base64 -w0 cat.jpeg 2>&1)
    curl -s -X POST "$API/v1beta/models/gemini-2.5-flash-image:generateContent" \
        -H "x-goog-api-key: $GEMINI_API_KEY" \
        -H 'Content-Type: application/json' \
        -d "{
          \"contents\": [{
            \"parts\":[
                {\"text\": \"'Make this picture of my cat black and white\"},
                {
                  \"inline_data\": {
                    \"mime_type\":\"image/jpeg\",
                    \"data\": \"$IMG_BASE64\"
                  }
                }
            ]
          }]
        }"  \
      | grep -o '"data": "[^"]*"' \
      | cut -d'"' -f4 \
      | base64 --decode > gemini-edited-image.png
    """
    shell(seeing, tmp_path, script)
    with PIL.Image.open(tmp_path / "cat.jpeg") as cat:
        assert size(tmp_path / "gemini-edited-image.png") == cat.size


@needs_jq
def test_two_turns_with_jq(studio: RunningServer, tmp_path: Path) -> None:
    """The second request is made of the first answer as it came: its signatures travel with it."""
    script = r"""
    curl -s -X POST "$API/v1beta/models/gemini-3-pro-image-preview:generateContent" \
      -H "x-goog-api-key: $GEMINI_API_KEY" -H "Content-Type: application/json" \
      -d '{
        "contents": [{"role": "user", "parts": [{"text": "Draw a red leaf"}]}],
        "tools": [{"google_search": {}}],
        "generationConfig": {"responseModalities": ["TEXT", "IMAGE"]}
      }' > turn1_response.json
    jq -r '.candidates[0].content.parts[] | select(.inlineData) | .inlineData.data' turn1_response.json \
      | head -1 | base64 --decode > first.png

    jq --argjson user1 '{"role": "user", "parts": [{"text": "Draw a red leaf"}]}' \
      --argjson user2 '{"role": "user", "parts": [{"text": "Make it blue. Do not change anything else."}]}' \
      -f /dev/stdin turn1_response.json > request2.json <<'EOF_JQ_FILTER'
    .candidates[0].content | {
      "contents": [$user1, ., $user2],
      "tools": [{"google_search": {}}],
      "generationConfig": {
        "responseModalities": ["TEXT", "IMAGE"],
        "imageConfig": {
          "aspectRatio": "16:9",
          "imageSize": "2K"
        }
      }
    }
EOF_JQ_FILTER
    curl -s -X POST "$API/v1beta/models/gemini-3-pro-image-preview:generateContent" \
      -H "x-goog-api-key: $GEMINI_API_KEY" -H "Content-Type: application/json" \
      -d @request2.json > turn2_response.json
    jq -r '.candidates[0].content.parts[] | select(.inlineData) | .inlineData.data' turn2_response.json \
      | tail -1 | base64 --decode > second.png
    jq -e '.candidates[0].groundingMetadata.searchEntryPoint.renderedContent' turn2_response.json
    jq 'del(.contents[1].parts[].thoughtSignature)' request2.json > stripped.json
    curl -s -X POST "$API/v1beta/models/gemini-3-pro-image-preview:generateContent" \
      -H "x-goog-api-key: $GEMINI_API_KEY" -d @stripped.json > refused.json
    """
    shell(studio, tmp_path, script)
    paints(size(tmp_path / "first.png"), (1024, 1024))  # the first thought; other painters think in small
    assert size(tmp_path / "second.png") == (2752, 1536)
    with PIL.Image.open(tmp_path / "second.png") as picture:
        paints(picture.getpixel((0, 0)), (30, 60, 220))
    error = json.loads((tmp_path / "refused.json").read_text())["error"]
    assert (error["code"], "thoughtSignature is missing" in error["message"]) == (400, True)


def test_how_the_parts_look(studio: RunningServer) -> None:
    """As the guide prints them: thoughts without signatures, the first text and every picture with one."""
    needs("script", "a painter that makes two pictures, and writes")
    (candidate,) = post(studio, PRO, said("macarons, in two parts")).json()["candidates"]
    keys = [sorted(part) for part in candidate["content"]["parts"]]
    thought, first, spoken = ["inlineData", "thought"], ["text", "thoughtSignature"], ["text"]
    drawn = ["inlineData", "thoughtSignature"]
    assert keys == [["text", "thought"], thought, thought, thought, first, drawn, spoken, drawn]
    flash = post(studio, NANO, said("macarons, in two parts")).json()["candidates"][0]["content"]["parts"]
    assert [sorted(part) for part in flash] == [["text"], ["inlineData"], ["text"], ["inlineData"]]


@pytest.mark.parametrize("spelling", ["camel", "snake"])
@pytest.mark.parametrize("modality", ["IMAGE", "Image", "image", 2])
def test_spellings(studio: RunningServer, spelling: str, modality: str | int) -> None:
    """Enums by number too, as older clients send them."""
    if spelling == "camel":
        config: dict[str, Any] = {"responseModalities": [modality], "imageConfig": {"aspectRatio": "21:9"}}
    else:
        config = {"response_modalities": [modality], "image_config": {"aspect_ratio": "21:9"}}
    answer = post(studio, NANO, {"contents": [{"parts": [{"text": "a"}]}], "generation_config": config})
    (part,) = answer.json()["candidates"][0]["content"]["parts"]
    assert part["inlineData"]["mimeType"] == "image/png"


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"imageConfig": {"imageSize": "1k"}}, "imageConfig.imageSize"),
        ({"imageConfig": {"imageSize": "2k"}}, "imageConfig.imageSize"),
        ({"imageConfig": {"imageSize": 2}}, "imageConfig.imageSize"),
        ({"imageConfig": {"aspectRatio": "16x9"}}, "imageConfig.aspectRatio"),
        ({"imageConfig": "2K"}, "imageConfig"),
        ({"responseModalities": ["PICTURE"]}, "responseModalities"),
        ({"seed": 2**31}, "seed"),
        ({"seed": "much"}, "seed"),
        ({"responseMimeType": "application/json"}, "responseMimeType"),
        ({"candidateCount": 9}, "candidateCount"),
    ],
)
def test_refused_naming_the_field(studio: RunningServer, config: dict[str, Any], field: str) -> None:
    answer = post(studio, PRO, said("a", **config))
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (400, "INVALID_ARGUMENT"), answer.text
    violations = [v["field"] for d in error["details"] for v in d.get("fieldViolations", ())]
    assert any(found.endswith(field) or field in found for found in violations), error


def test_why_there_is_no_picture(studio: RunningServer) -> None:
    needs("script", "a painter that declines")
    (candidate,) = post(studio, NANO, said("Draw nothing")).json()["candidates"]
    assert (candidate["finishReason"], candidate["finishMessage"]) == ("NO_IMAGE", "There is nothing to draw.")
    assert "parts" not in candidate["content"]
