"""A prompt becomes the plan of one picture or several."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.english import listing
from pollux.engines.builtin.paint.plan import Camera, Light, Scene, Step, Subject, Work
from pollux.engines.builtin.paint.reading import parts, series
from pollux.engines.builtin.paint.reading.forecast import RULE, dressed, forecast
from pollux.engines.builtin.paint.reading.looks import Looks, looks
from pollux.engines.builtin.paint.reading.parts import told
from pollux.engines.builtin.paint.reading.phrases import Know
from pollux.engines.builtin.paint.reading.scenes import Draft, draft
from pollux.engines.builtin.paint.reading.spared import spared
from pollux.engines.builtin.paint.reading.spelling import is_foreign, spelt
from pollux.engines.builtin.paint.reading.tokens import MOST_CHARACTERS, Table, sentences, tokenise
from pollux.engines.builtin.paint.reading.translated import tongue, translated

MOST_SUBJECTS = 16
_GIVEN = Table((("yes",
    "provided image|provided images|attached image|attached photo|this photo|this image|this picture|first image|"
    "second image|attached picture|provided photo|uploaded image|provided photograph"),))  # fmt: skip


_ENGLISH = "The built-in painter reads English only; much of this prompt was not understood."


def read(text: str, *, system: str = "", pictures: int = 0, know: Know | None = None) -> Work:
    """The Work that a prompt in English asks for; it never raises, and its time is linear in the text's length.

    `system` is the system instruction: what it says of style, light, palette and mood holds where the prompt is silent.
    `pictures` is how many came with the request.  `know` tells whether there is art of exactly this name; without it
    every noun is taken as known.
    """
    text, mended = spelt(text, know)
    whole = draft(text, know)
    scene = _with_system(whole.scene, system)
    scene = _filled(text, whole, scene, know)
    asked = series.wanted(whole.tokens, scene.layout if scene.layout != "scene" else "")

    def make(part: str) -> Scene:
        return draft(part, know).scene

    if scene.layout == "comic":
        steps = series.panels(text, whole.tokens, scene, make)
        scene = replace(scene, steps=steps)
    work = series.work(asked, text, whole.tokens, scene, make) if asked else Work((scene,), ("",))
    asked_tongue = tongue(whole.tokens) if any(one.low in {"translate", "translated"} for one in whole.tokens) else None
    if asked_tongue:
        work = translated(work, *asked_tongue)
    return checked(work, know, (*mended, *_notes(text, whole, work, pictures)))


def checked(work: Work, know: Know | None, notes: tuple[str, ...] = ()) -> Work:
    """The Work as it can be drawn, with notes on what cannot, each once."""
    done = [spared(replace(one, subjects=one.subjects[:MOST_SUBJECTS]), know) for one in work.scenes]
    scenes = tuple(scene for scene, _ in done)
    said = [*notes, *work.notes]
    names = dict.fromkeys(name for scene in scenes for name in scene.unknown)
    if names:
        those = listing([f"“{name}”" for name in list(names)[:6]], "or")
        said.append(f"There is no drawing of {those} at hand: a labelled placeholder stands there.")
    left = dict.fromkeys(name for _, some in done for name in some)
    if left:
        those = listing([f"“{name}”" for name in list(left)[:6]], "or")
        said.append(f"There is no drawing of {those} at hand, so that is left out.")
    return replace(work, scenes=scenes, notes=tuple(dict.fromkeys(said)))


def _with_system(scene: Scene, system: str) -> Scene:
    """What the system instruction says of the look, where the prompt is silent."""
    if not system.strip():
        return scene
    tokens = tokenise(system)
    look: Looks = looks(tokens, sentences(tokens))
    return replace(
        scene,
        style=look.style if look.style and scene.style == "illustration" else scene.style,
        light=look.light if scene.light == Light() else scene.light,
        camera=look.camera if scene.camera == Camera() else scene.camera,
        weather=scene.weather or look.weather,
        mood=scene.mood or look.mood,
        palette=scene.palette or look.palette,
        background=scene.background or look.background,
        outline=scene.outline or look.outline,
    )


def _filled(text: str, whole: Draft, scene: Scene, know: Know | None) -> Scene:
    """An infographic with its parts, a menu with its dishes."""
    if scene.layout == "menu":
        dishes = parts.menu(whole.tokens)
        heads = {one.text.lower() for one in scene.lettering}
        dishes = tuple(replace(one, title="") if one.title.lower() in heads else one for one in dishes)
        return replace(scene, steps=dishes, subjects=() if dishes else _few(scene, know), unknown=())
    if scene.layout == "infographic":
        if scene.chart and scene.chart.kind == "weather":
            days, dressing = forecast(scene.chart, whole.tokens, know)
            return replace(scene, chart=days, steps=dressing, subjects=(), setting="", weather="", unknown=())
        steps = () if scene.chart else parts.steps(text, whole.tokens, know) or _days(whole)
        return replace(
            scene,
            steps=steps,
            subjects=() if steps or scene.chart else _few(scene, know),
            setting="",
            weather="",
            unknown=(),
        )
    if scene.layout == "poster" and not scene.chart:
        return replace(scene, steps=())
    return scene


def _few(scene: Scene, know: Know | None) -> tuple[Subject, ...]:
    """Beside lettering only what there is art for, three things at most."""
    return tuple(one for one in scene.subjects if know is None or know(one.name))[:3]


def _days(whole: Draft) -> tuple[Step, ...]:
    """ "the next 5 days": a part for each, empty of what nobody has said."""
    tokens = whole.tokens
    for index, token in enumerate(tokens[:-1]):
        after = tokens[index + 1].low
        count = (
            int(token.text)
            if token.kind == "number" and token.text.isascii() and token.text.isdigit() and len(token.text) < 3
            else 0
        )
        if 1 < count <= 14 and after in {"day", "days"}:
            return tuple(Step(f"Day {n}") for n in range(1, count + 1))
    return ()


def _notes(text: str, whole: Draft, work: Work, pictures: int) -> tuple[str, ...]:
    """What was not understood or cannot be done, in whole sentences."""
    out: list[str] = []
    if len(text) > MOST_CHARACTERS:
        out.append(f"Only the first {MOST_CHARACTERS:,} characters of the prompt were read.")
    if is_foreign(text):
        out.append(_ENGLISH)
    first = work.scenes[0]
    if first.layout == "comic" and len(told(text, whole.tokens)) < 2:
        out.append(
            "The panels' little story is a general one of the painter's own: "
            "tell it panel by panel to have yours drawn."
        )
    if not pictures and _GIVEN.first(whole.tokens):
        out.append("The prompt speaks of a picture that did not come with it; its words alone were drawn.")
    weather = any(token.low in {"forecast", "weather"} for token in whole.tokens)
    if first.chart and first.chart.kind == "weather" and dressed(whole.tokens):
        out.append(RULE)
    if (
        first.layout == "infographic"
        and not first.chart
        and not any(step.items or step.title[:4] != "Day " for step in first.steps)
    ):
        what = "weather data" if weather else "figures or facts"
        out.append(
            f"The prompt gives no {what}, and the built-in painter invents none: "
            "put them into the prompt to have them drawn."
        )
    elif not (first.subjects or first.setting or first.lettering or first.steps or first.chart) and not out:
        out.append("No thing to draw was understood from the prompt.")
    return tuple(out)
