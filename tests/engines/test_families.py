"""Every generation, `-preview` and dated suffix finds its family."""

from __future__ import annotations

import time

import pytest

from pollux.engines.families import default_families, find_family, open_family
from pollux.wire.methods import EMBED, GENERATE, PREDICT, STREAM

FAMILIES = default_families()


@pytest.mark.parametrize(
    ("name", "title", "tokens"),
    [
        ("gemini-2.5-flash", "Gemini 2.5", "2"),
        ("gemini-2.5-flash-preview-09-2025", "Gemini 2.5", "2"),
        ("gemini-2.5-pro-latest", "Gemini 2.5", "2"),
        ("gemini-2.0-flash-001", "Gemini 2.0", "2"),
        ("gemini-2.0-flash-exp", "Gemini 2.0", "2"),
        ("gemini-1.5-pro-002", "Gemini 1.5 Pro", "1.5"),
        ("gemini-1.5-flash-8b", "Gemini 1.5", "1.5"),
        ("gemini-pro-vision", "Gemini 1.0", "1.0"),
        ("gemini-1.0-pro", "Gemini 1.0", "1.0"),
        ("gemini-3-pro-preview", "Gemini 3", "3"),
        ("gemini-3-flash-preview", "Gemini 3", "3"),
        ("gemini-3.1-pro-preview-customtools", "Gemini 3", "3"),
        ("gemini-4-flash", "Gemini 3", "3"),
        ("gemini-12.5-ultra-preview-01-2031", "Gemini 3", "3"),
        ("gemini-flash-latest", "Gemini, newest", "3"),
        ("gemini-2.5-flash-image", "Gemini Image", "2"),
        ("gemini-2.5-flash-image-preview", "Gemini Image", "2"),
        ("gemini-2.0-flash-preview-image-generation", "Gemini Image", "2"),
        ("gemini-3-pro-image-preview", "Gemini 3 Image", "3"),
        ("gemini-3.1-flash-image-preview", "Gemini 3 Image", "3"),
        ("gemini-embedding-001", "Embeddings", "2"),
        ("gemini-embedding-2-preview", "Embeddings", "2"),
        ("text-embedding-004", "Embeddings", "2"),
        ("embedding-001", "Embeddings", "2"),
        ("imagen-4.0-ultra-generate-001", "Imagen", "2"),
        ("veo-3.1-fast-generate-preview", "Veo", "2"),
        ("gemini-2.5-flash-preview-tts", "Speech", "2"),
        ("gemini-2.5-flash-native-audio-preview-12-2025", "Speech", "2"),
        ("gemini-live-2.5-flash-preview", "Speech", "2"),
        ("gemini-2.0-flash-live-001", "Speech", "2"),
        ("gemini-2.5-computer-use-preview-10-2025", "Gemini Computer Use", "2"),
        ("gemini-robotics-er-1.5-preview", "Gemini Robotics", "2"),
        ("gemma-3-27b-it", "Gemma", "3"),
    ],
)
def test_families(name: str, title: str, tokens: str) -> None:
    family = find_family(FAMILIES, name)
    assert family is not None
    assert (family.title, family.tokens) == (title, tokens)


@pytest.mark.parametrize(
    "name",
    ["", "gemini", "gemini-", "gpt-4", "a/gemini-2.5-flash", "models/gemini-2.5-flash", "embeddings", "imagen-", "veo"],
)
def test_names_of_no_family(name: str) -> None:
    assert find_family(FAMILIES, name) is None


def test_listed_names_belong_to_their_own_family() -> None:
    for family in FAMILIES:
        for name in family.listed:
            assert find_family(FAMILIES, name) is family


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("gemini-2.5-flash-preview-tts", GENERATE),
        ("gemini-2.5-computer-use-preview", STREAM),
    ],
)
def test_what_is_missing_is_named(name: str, method: str) -> None:
    family = find_family(FAMILIES, name)
    assert family is not None
    assert family.missing(method)
    assert family.missing(EMBED) is None


@pytest.mark.parametrize(
    "name", ["gemini-" + "image-" * 10_000 + "\n", "-embedding" * 10_000 + "\n", "gemini-" + "3" * 60_000]
)
def test_hostile_names_are_matched_in_time(name: str) -> None:
    began = time.thread_time()
    find_family(FAMILIES, name)
    assert time.thread_time() - began < 1


def test_a_model_that_does_everything_has_each_method_once() -> None:
    methods = open_family({"text", "image_out", "embeddings"}).methods
    assert {GENERATE, EMBED, PREDICT} < set(methods)
    assert len(methods) == len(set(methods))
