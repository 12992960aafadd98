"""A document, page by page: which pages matter to a question, and what stands on them.

Native text is read from the file itself.  A page is looked at as a picture only where the question is about what can
be seen, or where the page has no text of its own, and only while the budget lasts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pollux.engines.builtin.aim import Budget, Cancelled, Look, pages_named, spoken
from pollux.engines.builtin.english import key, listing
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.layout import arrange
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Box, Scene, TextLine
from pollux.errors import DeadlineExceeded, InvalidArgument
from pollux.media.document import page_lines, page_picture
from pollux.media.handle import Media, Run

if TYPE_CHECKING:
    from pollux.engines.builtin.perceive import Perceiver

SIDE = 1600  # pixels: the longer side of a page's picture, enough for print of 7 points on A4
AT_ONCE = 3  # pages that are looked at for one answer before more are tried
MOST_READ = 40  # pages read for one answer: a summary of a longer document is made from its first pages
MOST_LIKELY = 12  # pages with text of their own that are tried for one answer
MOST_NEAR = 60  # pages whose beginnings are compared with the question by meaning
_WHOLE = frozenset({Intent.READ, Intent.SUMMARISE})
_BEGINNING = frozenset(
    {Intent.TITLE, Intent.DESCRIBE, Intent.CAPTION, Intent.ALT, Intent.KIND, Intent.LANGUAGE, Intent.IDENTIFY}
)
_SEEN = frozenset({Intent.COLOUR, Intent.WHERE, Intent.BOXES, Intent.DECODE, Intent.AT, Intent.IDENTIFY, Intent.COUNT})


@dataclass(frozen=True, slots=True)
class Leafing:
    """One document being leafed through for one prompt."""

    media: Media
    perceiver: Callable[[], Perceiver]
    meaning: Meaning
    budget: Budget
    cancelled: Cancelled

    def rounds(self, question: str, intents: Iterable[Intent], schema: bool = False) -> Iterator[Look]:
        """Looks at the likeliest pages, then, while there is time, at the next ones; at least one look."""
        wanted = frozenset(intents)
        count = len(self.media.pages)
        named = pages_named(question, count)
        if named:
            there = [number for number in named if 1 <= number <= count]
            missing = [str(number) for number in named if not 1 <= number <= count]
            note = f"There is no page {listing(missing, 'or')}: the document has {pages(count)}." if missing else ""
            look = self._look([n - 1 for n in there][:MOST_READ], wanted)
            yield replace(look, note=" ".join(filter(None, (note, look.note))))
            return
        order, likely = self._order(question, wanted)
        step = MOST_READ if wanted & _WHOLE else 8 if schema else 1 if wanted & _SEEN else AT_ONCE
        first = min(step, likely)
        yield self._look(sorted(order[:first]), wanted)
        for at in range(first, len(order), step):
            if not self.budget.left:
                return
            yield self._look(sorted(order[at : at + step]), wanted)

    def _order(self, question: str, wanted: frozenset[Intent]) -> tuple[list[int], int]:
        """The pages to try, likeliest first, and how many are tried for what their own text says.

        Pages that have text, but none of the question's words, are left out where others have some.
        """
        every = list(range(len(self.media.pages)))
        if wanted & (_WHOLE | _BEGINNING) or len(every) <= AT_ONCE:
            return every, len(every)
        scores = relevance(question, [page.text for page in self.media.pages])
        if not any(scores):
            scores = self._by_meaning(question)
        likely = sorted((i for i in every if scores[i] > 0), key=lambda i: (-scores[i], i))[:MOST_LIKELY]
        return likely + [i for i in every if not self.media.pages[i].text], len(likely) or len(every)

    def _by_meaning(self, question: str) -> list[float]:
        scores = [0.0] * len(self.media.pages)
        native = [i for i, page in enumerate(self.media.pages) if page.text][:MOST_NEAR]
        near = self.meaning.likeness(question, [self.media.pages[i].text[:600] for i in native])
        for index, score in zip(native, near, strict=True):
            scores[index] = score
        return scores

    def _look(self, indices: Sequence[int], wanted: frozenset[Intent]) -> Look:
        native = [i for i in indices if self.media.pages[i].text]
        printed = dict(zip(native, page_lines(self.media, native, self.cancelled), strict=True)) if native else {}
        scenes: list[Scene] = []
        places: list[str] = []
        broken: list[str] = []
        for index in indices:
            try:
                scene = self._scene(index, printed.get(index, ()), wanted)
            except (InvalidArgument, DeadlineExceeded):  # one bad page must not hide the others
                broken.append(f"page {index + 1}")
                continue
            if scene is not None:
                scenes.append(scene)
                places.append(f"page {index + 1}")
        return Look(self.media, scenes, places, f"I cannot draw {spoken(broken)}: damaged or too heavy." * bool(broken))

    def _scene(self, index: int, runs: Sequence[Run], wanted: frozenset[Intent]) -> Scene | None:
        page = self.media.pages[index]
        scale = SIDE / max(page.width, page.height, 1.0)
        width, height = max(1, round(page.width * scale)), max(1, round(page.height * scale))
        lines = native_lines(runs, scale, width, height)
        written = Scene(width, height, "document", 1.0, lines, text_read=True, text_suspected=True)
        if lines and not wanted & _SEEN:
            return written
        if not self.budget.left:
            return written if lines else None
        seen = self._seen(index, reading=not lines)
        if not lines:
            return seen
        return replace(seen, width=width, height=height, lines=lines, text_read=True, text_suspected=True)

    def _seen(self, index: int, *, reading: bool) -> Scene:
        """The page as a picture."""
        from pollux.media.picture import encode_png  # noqa: PLC0415

        digest = f"{self.media.digest}/page {index + 1}"

        def picture() -> Media:
            rgb = page_picture(self.media, index, SIDE, self.cancelled, self.budget.left + 1.0)
            size = rgb.shape[1], rgb.shape[0]
            return Media("image", "image/png", encode_png(rgb), digest, *size, field=self.media.field)

        return self.perceiver().recall(digest, picture, reading=reading, cancelled=self.cancelled)


def pages(count: int) -> str:
    """ "1 page", "12 pages"."""
    return f"{count:,} page{'s' if count != 1 else ''}"


def relevance(question: str, texts: Sequence[str]) -> list[float]:
    """How much each text says of the question's words: rare words count more (inverse document frequency)."""
    wanted = set(key(question))
    counts = [Counter(word for word in key(text) if word in wanted) for text in texts]
    held = Counter(word for count in counts for word in count)
    weight = {word: math.log(1 + len(texts) / number) for word, number in held.items()}
    return [sum(weight[word] * (1 + math.log(n)) for word, n in count.items()) for count in counts]


def native_lines(runs: Sequence[Run], scale: float, width: int, height: int) -> tuple[TextLine, ...]:
    """A page's own text as lines of its picture, in reading order."""
    items = []
    for run in runs:
        left, top = min(max(run.left * scale, 0.0), width - 1.0), min(max(run.top * scale, 0.0), height - 1.0)
        right = min(max(run.right * scale, left + 1.0), float(width))
        items.append((run.text, 1.0, Box(left, top, right, min(max(run.bottom * scale, top + 1.0), float(height)))))
    return tuple(_line([items[i] for i in row], block) for row, block in arrange(items))


def _line(row: Sequence[tuple[str, float, Box]], block: int) -> TextLine:
    if len(row) == 1:
        return TextLine(row[0][0], row[0][2], 1.0, block)
    boxes = [box for _, _, box in row]
    whole = Box(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )
    pieces = tuple(TextLine(text, box, 1.0, block) for text, _, box in row)
    return TextLine("  ".join(text for text, _, _ in row), whole, 1.0, block, pieces)


def scroll(scenes: Sequence[Scene]) -> Scene:
    """Pages one below the other, as one long page."""
    if len(scenes) == 1:
        return scenes[0]
    lines: list[TextLine] = []
    down = block = 0
    for scene in scenes:
        lines += [_lowered(line, down, block) for line in scene.lines]
        down += scene.height
        block += 1 + max((line.block for line in scene.lines), default=0)
    return replace(
        scenes[0],
        width=max(scene.width for scene in scenes),
        height=down,
        lines=tuple(lines),
        codes=tuple(code for scene in scenes for code in scene.codes),
    )


def _lowered(line: TextLine, down: int, block: int) -> TextLine:
    pieces = tuple(_lowered(piece, down, block) for piece in line.pieces)
    box, flat = _down(line.box, down), line.flat and _down(line.flat, down)
    return replace(line, box=box, block=line.block + block, pieces=pieces, flat=flat)


def _down(box: Box, pixels: int) -> Box:
    return Box(box.left, box.top + pixels, box.right, box.bottom + pixels)
