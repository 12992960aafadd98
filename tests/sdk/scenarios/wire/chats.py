"""Chats: the client keeps the history, and sends it whole."""

from __future__ import annotations

from google.genai import types

from tests.sdk.scenarios.kit import FLASH, MIRROR, Here
from tests.sdk.scenarios.words import same, says, seen, sha

SPEAKER = "gemini-2.5-speaker"


def history(here: Here) -> None:
    chat = here.client.chats.create(model=MIRROR, config=types.GenerateContentConfig(system_instruction="Be kind."))
    first = chat.send_message("one")
    second = seen(chat.send_message("two").text)
    same([turn["role"] for turn in second["turns"]], ["user", "model", "user"])
    same(second["turns"][1]["pieces"], [{"text": first.text}])
    same(second["system"], "Be kind.")
    same([content.role for content in chat.get_history(curated=True)], ["user", "model"] * 2)


def begun_elsewhere(here: Here) -> None:
    said = [
        types.UserContent(parts=[types.Part(text="I have two dogs.")]),
        types.ModelContent(parts=[types.Part(text="Lovely.")]),
    ]
    turns = seen(here.client.chats.create(model=MIRROR, history=list(said)).send_message("How many paws?").text)[
        "turns"
    ]
    same(
        [piece["text"] for turn in turns for piece in turn["pieces"]], ["I have two dogs.", "Lovely.", "How many paws?"]
    )


def picture_stays(here: Here) -> None:
    chat = here.client.chats.create(model=MIRROR)
    chat.send_message([here.part("cat.jpg"), "What is it?"])
    turns = seen(chat.send_message("And its colour?").text)["turns"]
    same(turns[0]["pieces"][0]["sha256"], sha(here.read("cat.jpg")))


def history_after_a_stream(here: Here) -> None:
    chat = here.client.chats.create(model=SPEAKER)
    text = "".join(chunk.text or "" for chunk in chat.send_message_stream("count"))
    says(text, "One two three four five")
    kept = chat.get_history(curated=True)
    same([content.role for content in kept[:1] + kept[-1:]], ["user", "model"])
    said = "".join(part.text or "" for content in kept[1:] for part in content.parts or [])
    same(said, text)


def history_after_a_stream_of_one_word(here: Here) -> None:
    chat = here.client.chats.create(model=FLASH)
    says("".join(chunk.text or "" for chunk in chat.send_message_stream("x")), "x")
    same({content.role for content in chat.get_history(curated=True)[1:]}, {"model"})


def stream_after_a_stream(here: Here) -> None:
    chat = here.client.chats.create(model=MIRROR)
    for _ in chat.send_message_stream("one"):
        pass
    turns = seen("".join(chunk.text or "" for chunk in chat.send_message_stream("two")))["turns"]
    same([turns[0]["role"], turns[1]["role"], turns[-1]["role"]], ["user", "model", "user"])


async def history_async(here: Here) -> None:
    chat = here.client.aio.chats.create(model=MIRROR)
    await chat.send_message("one")
    text = ""
    async for chunk in await chat.send_message_stream("two"):
        text += chunk.text or ""
    same([turn["role"] for turn in seen(text)["turns"]], ["user", "model", "user"])
    same(len(chat.get_history(curated=True)) >= 4, True)
