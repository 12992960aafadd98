"""What is said of a video and of sound: what changes, when, and what cannot be heard."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pollux.engines.builtin import facts
from pollux.engines.builtin.aim import Look, called, spoken
from pollux.engines.builtin.answers import describe
from pollux.engines.builtin.english import article, capital, key, listing, quoted, sentence
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.understand import Question
from pollux.engines.builtin.view import HOW_TO_PLUG_IN
from pollux.media.handle import Clip, Media
from pollux.media.timed import clock

Ask = Callable[[Question, Sequence[Scene]], str]

_LENGTH = re.compile(
    r"\bhow long\b|\b(?:duration|running time|length)\b|\bhow many (?:seconds|minutes|frames)\b|\bframe rate\b|\bfps\b",
    re.I,
)
_HEARD = re.compile(
    r"\b(?:transcri\w+|transcript|audio|sound|music|song|speech|spoken|speak\w*|hear|heard|voice|lyrics|narrat\w+|"
    r"said|saying|say|talk\w*|listen)\b",
    re.I,
)
_ON_SCREEN = re.compile(r"\b(?:text|written|sign|screen|title|caption|label|read)\b", re.I)
_WHEN = re.compile(r"^(?:at )?(?:when|(?:what|which) (?:time|moment|second|timestamp))\b", re.I)
_OF_WHEN = "what time which moment second timestamp appear appears shown show visible video come start"
_TELLS = frozenset(
    {Intent.DESCRIBE, Intent.CAPTION, Intent.ALT, Intent.SUMMARISE, Intent.OPEN, Intent.TAGS, Intent.KIND}
)
_NAMES = {"audio/mpeg": "MP3", "audio/wav": "WAV", "audio/mp4": "AAC in MP4", "audio/aac": "AAC", "audio/ogg": "Ogg"}
_HAPPENS = re.compile(r"\b(?:happen\w*|going on|goes on|takes? place|chang\w+|events?|action)\b", re.I)
_MISSED = re.compile(r"^I (?:looked|see no|cannot|found no)")
DEAF = "I do not listen to sound and cannot transcribe it."


def of_sound(media: Media) -> str:
    """What is known of a recording that nobody listens to."""
    clip = media.clip or Clip(0.0)
    name = _NAMES.get(media.mime_type, media.mime_type.rpartition("/")[2].upper())
    return f"{DEAF} The recording is {article(name)} file of {lasting(clip.duration)}. {HOW_TO_PLUG_IN}"


def lasting(seconds: float) -> str:
    """ "4 seconds (00:04)"."""
    return f"{seconds:.1f}".removesuffix(".0") + f" second{'s' if abs(seconds - 1) > 0.05 else ''} ({clock(seconds)})"


def of_itself(question: Question, media: Media) -> str | None:
    """What needs no look: how long, how large, and what is heard."""
    clip = media.clip or Clip(0.0)
    text = question.text
    if _LENGTH.search(text):
        many = f" (about {round(clip.duration * clip.frame_rate):,} frames)"
        rate = f", {clip.frame_rate:g} frames a second{many}" if clip.frame_rate else ""
        return f"The video lasts {lasting(clip.duration)}{rate}."
    if question.intent is Intent.SIZE:
        return f"The video is {media.width} x {media.height} pixels."
    if _HEARD.search(text) and not _ON_SCREEN.search(text):
        track = "has a sound track" if clip.audio else "has no sound track"
        return f"The video {track}." + (f" {DEAF}" if clip.audio else "")
    return None


def from_look(question: Question, look: Look, ask: Ask) -> str:
    """The answer from the frames, with the times that were looked at."""
    if not look.scenes:
        return look.note or "I had no time to look at a frame. Give the request more time."
    lead = f"{look.note} " if look.note else ""
    if _WHEN.search(question.text):
        said = _when(question, look)
    elif question.intent in _TELLS or _HAPPENS.search(question.text):
        said = story(look)
    else:
        said = _agreed(look, [called(ask(question, [scene]), "video") for scene in look.scenes])
    shown = f"I looked at the frame{'s' if len(look.places) > 1 else ''} at {spoken(look.places)}."
    return f"{lead}{said}{chr(10) if chr(10) in said else ' '}({shown})"


def story(look: Look) -> str:
    """What is seen, a line for each change."""
    clip = look.media.clip or Clip(0.0)
    heard = " with sound, which I do not listen to" if clip.audio else " without sound"
    said = [told(scene) for scene in look.scenes]
    if len(set(said)) == 1:
        still = "Nothing that I can name changes" if len(said) > 1 else f"At {look.places[0]}"
        still += ": " if len(said) > 1 else " I see "
        return f"A video of {lasting(clip.duration)}{heard}. {still}{said[0]}."
    lines = [f"{span}: {capital(what)}." for span, what in spans(look.places, said)]
    return f"A video of {lasting(clip.duration)}{heard}.\n" + "\n".join(lines)


def told(scene: Scene) -> str:
    """One frame in a phrase, with where its shapes are."""
    phrase = describe.noun_phrase(scene)
    if scene.kind == "drawing" and 0 < len(scene.shapes) <= 4:
        things = [f"{article(facts.shape_noun(s))} {facts.at(facts.place(s.box, scene))}" for s in scene.shapes]
        phrase = listing(things) + (f" on {scene.background}" if scene.background else "")
    words = facts.text_span(scene.lines, 120) if scene.lines else ""
    if words and not any(line.text in phrase for line in scene.lines):
        phrase += f", with the text {words}"
    return phrase


def spans(places: Sequence[str], said: Sequence[str]) -> list[tuple[str, str]]:
    """("00:00 to 00:02", what) for each run of the same."""
    out: list[tuple[str, str, str]] = []
    for place, what in zip(places, said, strict=True):
        if out and out[-1][2] == what:
            out[-1] = (out[-1][0], place, what)
        else:
            out.append((place, place, what))
    return [(first if first == last else f"{first} to {last}", what) for first, last, what in out]


def _agreed(look: Look, said: Sequence[str]) -> str:
    """One answer where all frames give the same, else each with its time; frames that know nothing are left out."""
    pairs = list(zip(look.places, said, strict=True))
    known = [pair for pair in pairs if HOW_TO_PLUG_IN not in pair[1] and not _MISSED.match(pair[1])]
    known = [pair for pair in known if pair[1].startswith("Yes")] or known
    if not known:
        return said[0]
    if len(known) == len(pairs) and len(set(said)) == 1:
        return said[0]
    lines = spans([place for place, _ in known], [one for _, one in known])
    if len(lines) == 1:
        return f"{lines[0][1]} ({lines[0][0]})"
    return "\n".join(f"{span}: {one}" for span, one in lines)


def _when(question: Question, look: Look) -> str:
    """The times of the frames that show or say what is asked about."""
    wanted = set(key(question.text)) - set(key(_OF_WHEN))
    quotes = [quote.lower() for quote in question.quotes]
    hits = [place for place, scene in zip(look.places, look.scenes, strict=True) if _shows(scene, wanted, quotes)]
    if hits:
        first = f"from {hits[0]}" if len(hits) > 1 else f"at {hits[0]}"
        return sentence(f"It is seen {first}" + (f" to {hits[-1]}" if len(hits) > 1 else ""))
    what = quoted(" ".join(sorted(wanted))) if wanted else "that"
    return f"I did not see {what} in the frames I looked at."


def _shows(scene: Scene, wanted: set[str], quotes: Sequence[str]) -> bool:
    text = scene.text.lower()
    if quotes:
        return all(quote in text for quote in quotes)
    seen = set(key(text)) | {word for phrase, _ in facts.evidence(scene) for word in key(phrase)}
    return bool(wanted) and wanted <= seen
