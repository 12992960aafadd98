"""The built-in engine behind the seam: looks, understands, answers.  Models load at the first question, not before."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pollux.engines.base import Ability, EmbedInput, Event, ModelCard, Prompt, Stop, Text, Thought
from pollux.engines.builtin import calls, extract, facts
from pollux.engines.builtin.aim import Budget
from pollux.engines.builtin.answer import needs_reading, respond
from pollux.engines.builtin.answers import of_moments
from pollux.engines.builtin.answers.reading import is_foreign
from pollux.engines.builtin.conversation import Conversation, converse
from pollux.engines.builtin.english import article, capital, counted, listing
from pollux.engines.builtin.helper import Helper
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.runtime import Lazy
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.seeing.demand import demand
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.sitting import Sitting, named
from pollux.engines.builtin.studio import Studio
from pollux.engines.builtin.understand import Asked, Question, elliptic, understand
from pollux.engines.builtin.view import HOW_TO_PLUG_IN, Frames, View
from pollux.engines.lane import Lane
from pollux.errors import InvalidArgument
from pollux.media.handle import Media

if TYPE_CHECKING:
    from pollux.engines.builtin.embed import SentenceEmbedder
    from pollux.engines.builtin.perceive import Perceiver
    from pollux.engines.builtin.pixels import Pixels

DIMENSIONS = 384
_PIECE = 48  # characters of a streamed piece, about
_ENGLISH_ONLY = "I answer in English only. "


@dataclass(frozen=True, slots=True)
class _Work:
    """A prompt taken apart, and what was seen for it."""

    prompt: Prompt
    talk: Conversation
    asked: Asked
    scenes: Sequence[Scene]
    sitting: Sitting


class BuiltinEngine:
    """CPU only, deterministic, honest.  `threads` is how many a single inference may use."""

    def __init__(self, threads: int = 2, **options: Any) -> None:
        self._threads = threads
        self._options = options
        self._lane = Lane(max(2, threads))
        self._perceiver: Lazy[Perceiver] = Lazy(self._make_perceiver)
        self._embedder: Lazy[SentenceEmbedder] = Lazy(self._make_embedder)
        self._meaning = Meaning(lambda: self._embedder())

    def _make_perceiver(self) -> Perceiver:
        from pollux.engines.builtin.perceive import Perceiver  # noqa: PLC0415 - models load at first use

        return Perceiver(self._threads)

    def _make_embedder(self) -> SentenceEmbedder:
        from pollux.engines.builtin.embed import SentenceEmbedder  # noqa: PLC0415 - models load at first use

        return SentenceEmbedder(self._threads)

    @property
    def helper(self) -> Helper:
        """What it does for other engines: `boxes = "builtin"` and `masks = "builtin"` of a route."""
        return Helper(self._perceiver, self._meaning)

    def cards(self) -> Sequence[ModelCard]:
        """One model, "builtin"."""
        able: frozenset[Ability] = frozenset(
            {"text", "image_in", "image_out", "video_out", "boxes", "masks", "tools", "schema", "embeddings", "think"}
        )
        about = "Looks at pictures, pages and videos, reads them, and says what it sees; CPU only, nothing to download."
        return [ModelCard("builtin", able, about, embed_dims=DIMENSIONS, trained=False)]

    def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """Answers in a thread of its own; closing the iterator stops looking."""
        return self._lane.iterate(lambda cancelled: self._answer(prompt, cancelled))

    def count_text(self, text: str) -> int:
        """Tokens by the sentence model's tokenizer."""
        return self._embedder().count_tokens(text)

    async def embed(
        self,
        model: str,  # noqa: ARG002
        inputs: Sequence[EmbedInput],
        dims: int | None,
    ) -> list[list[float]]:
        """Unit vectors of `dims` (1 to 384, by default 384) dimensions; a title goes in front of its text."""
        if dims is not None and not 1 <= dims <= DIMENSIONS:
            raise InvalidArgument(
                f"outputDimensionality must be between 1 and {DIMENSIONS}, this engine's maximum, not {dims}.",
                field="outputDimensionality",
            )
        return await self._lane.call(self._vectors, [titled(one) for one in inputs], dims)

    async def close(self) -> None:
        """Stops what runs."""
        self._lane.close()

    def _vectors(self, texts: list[str], dims: int | None) -> list[list[float]]:
        embedder = self._embedder()
        vectors = embedder.embed(texts)
        found: list[list[float]] = (vectors if dims is None else embedder.truncate(vectors, dims)).tolist()
        return found

    def _answer(self, prompt: Prompt, cancelled: Callable[[], bool]) -> Iterator[Event]:
        if prompt.reel is not None:
            from pollux.engines.builtin.reel import film  # noqa: PLC0415 - heavy

            yield from film(prompt, cancelled)
            return
        studio = Studio(prompt, converse(prompt), self._perceiver, self._meaning, cancelled)
        if studio.wanted:
            yield from studio.events()
            return
        work = self._look(prompt, cancelled)
        yield Thought(account(work))
        if work.talk.results and calls.mode(prompt) != "ANY":
            yield from _texts(calls.from_results(work.talk))
            return
        plan = calls.plan(prompt, work.talk, work.scenes, self._meaning)
        if plan.calls:
            yield from plan.calls
        elif plan.ask:
            yield from _texts(plan.ask)
        elif prompt.config.response_mime_type == "text/x.enum":
            yield Text(extract.one_of(prompt, work.scenes, work.talk, self._meaning))
        elif shows_places(work):
            yield from self._places(work, cancelled)
        elif is_structured(prompt, work.asked):
            yield from self._json(work)
        else:
            yield from _texts(self._reply(work))

    def _places(self, work: _Work, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Boxes, points or masks, as a JSON list or in the caller's schema."""
        from pollux.engines.builtin.seeing import reply, show, stills  # noqa: PLC0415 - OpenCV loads with the first look

        talk, prompt = work.talk, work.prompt
        pictures = [({"image": i}, one) for i, one in enumerate(talk.pictures, 1)] if len(talk.pictures) > 1 else []
        pictures = pictures or [({}, one) for one in talk.pictures]
        number = work.asked.questions[0].picture
        if number and abs(number) <= len(pictures):
            pictures = [({}, pictures[number - 1 if number > 0 else number][1])]
        scenes = dict(zip((media.digest for media in talk.pictures), work.scenes, strict=False))
        for other in talk.other:
            pictures += stills.stills(other, talk.question, work.sitting.budget, cancelled)
        read = "always"
        looked = [
            (place, show.Picture(one, scenes.get(one.digest) or self._see(one, read, cancelled), self._pixels))
            for place, one in pictures
        ]
        shower = show.Show(self._perceiver(), self._meaning, cancelled)
        found = reply.answer(shower, (talk.question, talk.system), demand(prompt.schema), looked)
        if prompt.schema is None:
            json_only = prompt.config.response_mime_type == "application/json"
            yield from (Text("[]" if json_only and found.wanted.deep else line) for line in reply.stream(found))
        else:
            value, _ = extract.into_schema(
                prompt,
                work.scenes or [one.scene for _, one in looked],
                talk,
                self._meaning,
                found.note,
                lambda source: reply.sources(found, source, prompt.schema or {}),
            )
            yield from _texts(json.dumps(value, ensure_ascii=False, indent=2))
        if found.note:
            yield Stop("STOP", found.note)

    def _look(self, prompt: Prompt, cancelled: Callable[[], bool]) -> _Work:
        """Takes the prompt apart and looks at the pictures in view."""
        talk = converse(prompt)
        asked = take(talk, self._meaning)
        sitting = Sitting(talk.other, self._perceiver, self._meaning, Budget.of(prompt.deadline), cancelled)
        read = needs_reading(asked.questions, prompt.schema)
        scenes = [self._see(media, read, cancelled) for media in talk.pictures]
        if talk.other and (scenes or calls.declarations(prompt) or is_structured(prompt, asked)):
            scenes += sitting.scenes(talk.question)
        return _Work(prompt, talk, asked, scenes, sitting)

    def _see(self, media: Media, read: str, cancelled: Callable[[], bool]) -> Scene:
        """A first look, and a second one that reads where the question needs it."""
        look = self._perceiver().perceive
        scene = look(media, reading=read == "always", cancelled=cancelled)
        bare = scene.kind == "photograph" and not scene.text_suspected
        if read == "perhaps" and not scene.text_read and not bare:
            scene = look(media, reading=True, cancelled=cancelled)
        return legible(scene)

    def _pixels(self, media: Media, side: int) -> Pixels:
        """The pixels of a picture that was mostly looked at just before."""
        return self._perceiver().eyes().pixels(media, side)

    def _view(self, work: _Work, index: int = 0) -> View:
        question, manner = work.asked.questions[index], work.asked.manner
        return View(
            question, manner, work.scenes, work.talk, self._meaning, Frames.of(work.prompt), self._looking(work)
        )

    def _looking(self, work: _Work) -> Callable[[Scene, str], Sequence[Thing]]:
        """Looks for a thing by its name in one of the prompt's pictures; finds nothing in pages and frames."""
        pictures = {id(scene): media for scene, media in zip(work.scenes, work.talk.pictures, strict=False)}

        def look(scene: Scene, noun: str) -> Sequence[Thing]:
            from pollux.engines.builtin.seeing.show import Picture, Show  # noqa: PLC0415 - OpenCV loads with it

            media = pictures.get(id(scene))
            shower = Show(self._perceiver(), self._meaning, work.sitting.cancelled)
            return shower.named(Picture(media, scene, self._pixels), noun) if media else ()

        return look

    def _reply(self, work: _Work) -> str:
        """All questions answered, in order."""
        said = [self._said(work, index) for index in range(len(work.asked.questions))]
        said = (
            [one.replace(f" {HOW_TO_PLUG_IN}", "") for one in said[:-1] if HOW_TO_PLUG_IN in said[-1]] + said[-1:]
            if HOW_TO_PLUG_IN in said[-1]
            else said
        )
        said = list(dict.fromkeys(said))
        close = all("\n" not in one for one in said) and sum(map(len, said)) < 240
        lead = _ENGLISH_ONLY if work.asked.manner.foreign or is_foreign(work.talk.question) else ""
        return lead + (" " if close else "\n\n").join(said)

    def _said(self, work: _Work, index: int) -> str:
        """One answer: about the pictures, or else about each document, video and recording."""
        if work.talk.pictures or not work.talk.other:
            deaf = [of_moments.of_sound(media) for media in work.talk.other if media.kind == "audio"]
            return "\n\n".join([respond(self._view(work, index)), *deaf])

        def ask(question: Question, scenes: Sequence[Scene]) -> str:
            return respond(replace(self._view(work, index), question=question, scenes=[legible(s) for s in scenes]))

        def aimed(text: str) -> Asked:
            return understand(text, work.talk.system, 1, self._meaning)

        text = work.asked.questions[index].text
        said = [work.sitting.reply(text, media, aimed, ask) for media in work.talk.other]
        names = [media.name or capital(named(media)) for media in work.talk.other]
        return said[0] if len(said) == 1 else "\n".join(f"{n}: {one}" for n, one in zip(names, said, strict=True))

    def _json(self, work: _Work) -> Iterator[Event]:
        reply = self._reply(work)
        if work.prompt.schema is not None:
            value, missing = extract.into_schema(work.prompt, work.scenes, work.talk, self._meaning, reply)
        else:
            value, missing = extract.free(self._view(work), reply)
        yield from _texts(json.dumps(value, ensure_ascii=False, indent=2))
        if missing:
            shown = "picture" if len(work.scenes) == 1 else "pictures" if work.scenes else "prompt"
            yield Stop("STOP", f"not shown in the {shown}: {', '.join(missing)}")


def _texts(text: str) -> Iterator[Event]:
    """The text in pieces of a few words."""
    piece = ""
    for part in re.findall(r"\s*\S+", text):
        if piece and len(piece) + len(part) > _PIECE:
            yield Text(piece)
            piece = ""
        piece += part
    if piece:
        yield Text(piece)


def take(talk: Conversation, meaning: Meaning) -> Asked:
    """What is asked; "and the second one?" asks what was asked before, of another picture."""
    asked = understand(talk.question, talk.system, len(talk.pictures), meaning)
    (first, *more) = asked.questions
    if talk.pictures and talk.told and not more and first.intent is Intent.OPEN and len(first.text.split()) <= 6:
        before = understand(talk.told[-1], talk.system, len(talk.pictures), meaning)
        again = replace(before.questions[-1], picture=first.picture)
        if thing := elliptic(first.text):  # "and the tester?"
            again = replace(again, text=first.text, subject=thing)
        return asked if again.intent is Intent.OPEN else Asked((again,), asked.manner)
    if talk.pictures and first.intent is Intent.OPEN and is_foreign(talk.question):
        return Asked((replace(first, intent=Intent.DESCRIBE),), asked.manner)
    return asked


def shows_places(work: _Work) -> bool:
    """Whether boxes, points or masks of something that can be seen are asked for, by the prompt or by its schema."""
    asked = any(one.intent is Intent.BOXES for one in work.asked.questions) or demand(work.prompt.schema).places
    return asked and (bool(work.talk.pictures) or any(one.kind != "audio" for one in work.talk.other))


def is_structured(prompt: Prompt, asked: Asked) -> bool:
    """Whether the answer is to be JSON or a label rather than words."""
    return prompt.config.response_mime_type in ("application/json", "text/x.enum") or asked.manner.form == "json"


def legible(scene: Scene) -> Scene:
    """The scene without a stray letter that reading made out of a photograph's texture."""
    if scene.kind == "photograph" and sum(ch.isalnum() for ch in scene.text) < 3:
        return replace(scene, lines=())
    return scene


def titled(one: EmbedInput) -> str:
    """A document's title and text as one."""
    return f"{one.title}\n{one.text}" if one.title else one.text


def account(work: _Work) -> str:
    """What was looked at and understood, for whoever wants the thoughts."""
    wants = listing(list(dict.fromkeys(question.intent.value for question in work.asked.questions)))
    if not work.scenes and work.talk.other:
        return f"I take the prompt as: {wants}. {work.sitting.account()}\n"
    if not work.scenes:
        return f"There is no picture in view. I take the prompt as: {wants}.\n"
    out = [f"I take the prompt as: {wants}."]
    for number, scene in enumerate(work.scenes, 1):
        name = "The picture" if len(work.scenes) == 1 else f"Picture {number}"
        out.append(f"{name} ({scene.width} x {scene.height} pixels) looks like {article(facts.kind_noun(scene))}.")
        out.append(_found(scene))
    return " ".join(out) + "\n"


def _found(scene: Scene) -> str:
    parts = [f"{label.name} ({label.score:.2f})" for label in scene.labels[:2]]
    parts += [counted(len(scene.faces), "face")] if scene.faces else []
    parts += [counted(len(scene.codes), "code")] if scene.codes else []
    parts += [counted(len(scene.shapes), "shape")] if scene.shapes else []
    parts += [counted(len(scene.lines), "line of text")] if scene.lines else []
    read = "I read its text." if scene.text_read else "A quick look saw no need to read."
    return f"I found {listing(parts)}. {read}" if parts else f"I found nothing that I know by name. {read}"
