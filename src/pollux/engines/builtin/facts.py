"""From a scene to phrases: what it shows, what it is headed, where things lie.  Nothing here that was not seen."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pollux.engines.builtin.english import article, counted, key, listing, numeral, plural, quoted, words
from pollux.engines.builtin.scene import Box, Code, Scene, Shape, TextLine

# Set by judgement: from SURE on a name is stated, below FAINT it is not mentioned.
# On 19 photographs of scikit-image and scikit-learn all nine first names below 0.25 were wrong (bobsled, maze,
# lampshade), and of those without colour all seven below 0.6; from 0.26 on the names in colour were near the mark.
SURE, LIKELY, FAINT = 0.5, 0.35, 0.25
EXACT = 0.75  # a breed or make rather than its family
GRAYSCALE = 0.6  # of pictures without colour, which the classifier was not trained on
BESIDE_PEOPLE = 0.4  # the classifier knows few people and names their clothes and helmets at random

_DOCUMENTS: tuple[tuple[str, str], ...] = (
    ("invoice", r"\binvoice\b"),
    (
        "receipt",
        r"\breceipt\b|\bsub-?total\b|^total\b.*\d|\b(?:cash|card|change)\b.*\d|\bvat\b.*\d|"
        r"\bthank you for (?:your|shopping)",
    ),
    ("menu", r"\bmenu\b|\bstarters?\b|\bdesserts?\b|\bmain courses?\b|\bappeti[sz]ers?\b"),
    ("letter", r"^dear\b|\byours (?:sincerely|faithfully|truly)\b|\bsincerely\b|\bkind regards\b"),
    ("ticket", r"\bticket\b|\bboarding\b|\bseat\b|\bgate\b|\badmit\b"),
    ("business card", r"\b(?:tel|phone|mobile|fax)\b[:. ]|@[\w.-]+\.\w|\bwww\."),
    ("form", r"\b(?:date of birth|signature|surname|full name|please (?:fill|print|complete))\b"),
    ("timetable", r"\b(?:departures?|arrivals?|timetable|opening hours|platform)\b"),
    ("certificate", r"\bcertif(?:y|icate)\b|\bawarded\b"),
    ("source code", r"^\s*(?:def|class|import|from|function|const|let|var|return|#include|public|if \()\b.*[({:;]"),
)
_NEEDED = {"invoice": 1, "certificate": 1, "letter": 1, "receipt": 2, "source code": 3, "business card": 2}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a photograph shows most: `name` without an article, `family` its everyday word, `score` a probability."""

    name: str
    family: str
    score: float

    @property
    def sure(self) -> bool:
        """Whether it can be stated without "looks like"."""
        return self.score >= SURE

    @property
    def phrase(self) -> str:
        """ "a tabby cat", or "what looks like a tabby cat"."""
        if self.sure:
            return article(self.name)
        return f"what {'looks like' if self.score >= LIKELY else 'may be'} {article(self.name)}"


def subject(scene: Scene) -> Subject | None:
    """The main thing in a photograph, as exactly as the classifier is sure of it; None when it is not."""
    if not scene.labels or (scene.faces and scene.labels[0].score < BESIDE_PEOPLE):
        return None
    top = scene.labels[0]
    families: dict[str, float] = {}
    for label in scene.labels:
        if label.family:
            families[label.family] = families.get(label.family, 0.0) + label.score
    family, mass = max(families.items(), key=lambda pair: pair[1]) if families else ("", 0.0)
    kin = max((label.score for label in scene.labels[1:] if label.family and label.family == top.family), default=0.0)
    if scene.grayscale and max(top.score, mass) < GRAYSCALE:
        return None
    exact = top.score >= (EXACT if top.family else SURE) and kin < top.score / 3
    if exact or (top.score >= LIKELY and mass < SURE):
        return Subject(_fullest(top.name, top.names, top.family), top.family, top.score)
    if mass >= LIKELY:
        return Subject(family, family, min(mass, 1.0))
    return Subject(_fullest(top.name, top.names, top.family), top.family, top.score) if top.score >= FAINT else None


def _fullest(name: str, names: Sequence[str], family: str) -> str:
    """ "tabby cat" rather than "tabby": the synonym that says what family it is of."""
    if family and family not in words(name):
        return next((one for one in names if key(one)[-1:] == key(family)[-1:] and len(one) > len(family)), name)
    return name


def people(scene: Scene) -> str:
    """ "a person", "two people" by the faces seen; "" without any."""
    count = len(scene.faces)
    return "" if not count else "a person" if count == 1 else counted(count, "person")


def code_noun(code: Code) -> str:
    """ "QR code", "EAN-13 bar code"."""
    return code.format if code.format.lower().endswith("code") else f"{code.format} bar code"


def is_portrait(scene: Scene) -> bool:
    """Whether one face takes a good part of a photograph."""
    return len(scene.faces) == 1 and scene.faces[0].box.height > 0.18 * scene.height


def subject_phrase(scene: Scene) -> str:
    """What is shown, people first: "a person and what looks like a space shuttle"; "" when nothing is known."""
    main = subject(scene)
    return listing([part for part in (people(scene), main.phrase if main else "") if part])


def papers(scene: Scene) -> str:
    """What sort of document the words make it ("receipt", "invoice"), "" when they do not say."""
    lines = [line.text.lower() for line in scene.lines]
    said = next((name for name, _ in _DOCUMENTS for line in lines[:4] if line.strip(" :#") == name), "")
    if said and len(lines) <= 120:
        return said
    best, most = "", 0
    for name, pattern in _DOCUMENTS:
        hits = len({match.group() for line in lines for match in re.finditer(pattern, line)})
        if hits >= _NEEDED.get(name, 2) and hits > most and len(lines) <= 120:
            best, most = name, hits
    return best


def kind_noun(scene: Scene) -> str:
    """What the picture is, without an article: "black-and-white photograph", "receipt", "chart", "QR code"."""
    match scene.kind:
        case "screenshot" | "document" | "drawing" if is_slide(scene):
            return "slide"
        case "code":
            return code_noun(scene.codes[0]) if scene.codes else "machine-readable code"
        case "document":
            return papers(scene) or ("page of text" if len(scene.lines) > 8 else "document")
        case "blank":
            return f"plain {scene.colours[0].name} picture" if scene.colours else "blank picture"
        case "photograph":
            return "black-and-white photograph" if scene.grayscale else "photograph"
        case "drawing" if scene.lines and not is_scrap(scene):
            return "graphic"
        case kind:
            return kind


def is_slide(scene: Scene) -> bool:
    """Whether few lines of large print stand under a larger heading, in the proportions of a screen."""
    lines = [line for line in scene.lines if not is_upright(line)]
    if not 3 <= len(lines) <= 16 or not 1.25 < scene.width / scene.height < 1.85 or papers(scene):
        return False
    usual = statistics.median(line.box.height for line in lines)
    head = max(lines[:2], key=lambda line: line.box.height)
    return usual > 0.045 * scene.height and head.box.height > 1.3 * usual and head.box.top < 0.4 * scene.height


def is_scrap(scene: Scene) -> bool:
    """Whether what was read in a drawing is too little to call it lettered."""
    return sum(letter.isalnum() for letter in scene.text) < 3


def title(scene: Scene) -> str:
    """The heading: the tallest line of the upper part where one stands out, else the first line; "" without text."""
    lines = [line for line in scene.lines if re.search(r"[^\W\d]{2}", line.text) and not is_upright(line)]
    if not lines:
        return ""
    usual = statistics.median(_height(line) for line in lines)
    upper = [line for line in lines if line.box.top < scene.height * 0.6] or lines
    most = max(_height(line) for line in upper)
    tall = min((line for line in upper if _height(line) >= 0.8 * most), key=lambda line: line.box.top)
    if most < 1.2 * usual:
        return _first_run(min(upper, key=lambda line: line.box.top))
    rest = [line for line in lines if abs(_height(line) - _height(tall)) < 0.15 * most]
    joined = [line.text for line in rest if abs(line.box.top - tall.box.top) < 1.9 * most]
    return " ".join(joined) if 1 < len(joined) <= 3 else _first_run(tall)


def _height(line: TextLine) -> float:
    """How large its print is: of a row of cells the usual one, for the row's own box spans them all."""
    return statistics.median(piece.box.height for piece in line.pieces or (line,))


def _first_run(line: TextLine) -> str:
    """The line; of a bar across the top its first words, not the buttons at its other end."""
    return line.pieces[0].text if line.pieces and re.search(r"[^\W\d]{2}", line.pieces[0].text) else line.text


def is_upright(line: TextLine) -> bool:
    """Whether a line runs from top to bottom, as the label of a vertical axis does."""
    return line.box.height > 1.5 * line.box.width and len(line.text) > 2


def colours(scene: Scene, least: float = 0.08, most: int = 4) -> list[str]:
    """Names of the colours that take at least that share, the largest first."""
    return [colour.name for colour in scene.colours if colour.share >= least][:most]


def palette(scene: Scene) -> str:
    """ "mostly brown", "brown and grey", "white with some red"; "" when no colour stands out."""
    if not scene.colours:
        return ""
    top, *rest = scene.colours
    minor = [colour.name for colour in rest if colour.share >= 0.04][:2]
    if top.share >= 0.6:
        return f"mostly {top.name}" + (f" with some {listing(minor)}" if minor else "")
    return listing(colours(scene, 0.12, 3) or [top.name])


def place(box: Box, scene: Scene) -> str:
    """In which ninth of the picture a box has its centre: "top left", ..., "centre"."""
    x, y = box.centre
    column = ("left", "", "right")[min(int(3 * x / scene.width), 2)]
    row = ("top", "", "bottom")[min(int(3 * y / scene.height), 2)]
    return f"{row} {column}".strip() or "centre"


def at(where: str) -> str:
    """ "at the top left", "in the centre", "on the left"."""
    if where == "centre":
        return "in the centre"
    return f"on the {where}" if where in ("left", "right") else f"at the {where}"


def box_2d(box: Box, scene: Scene) -> list[int]:
    """[ymin, xmin, ymax, xmax] in thousandths of the picture's sides."""
    scale = ((box.top, scene.height), (box.left, scene.width), (box.bottom, scene.height), (box.right, scene.width))
    return [max(0, min(1000, round(1000 * value / side))) for value, side in scale]


def shape_noun(shape: Shape) -> str:
    """ "red circle"."""
    return f"{shape.colour} {shape.name}".strip()


def shapes_phrase(scene: Scene) -> str:
    """ "a red circle, a blue square and two green triangles"; "" where most have no name."""
    plain = sum(shape.name == "shape" for shape in scene.shapes)
    if plain > 3 and plain > len(scene.shapes) / 2:
        return ""  # splinters of something that has no plain shapes
    counts = Counter(shape_noun(shape) for shape in scene.shapes)
    return listing([article(name) if n == 1 else f"{numeral(n)} {plural(name)}" for name, n in counts.items()])


def text_span(lines: Sequence[TextLine], limit: int = 0) -> str:
    """Lines run together and quoted, cut after `limit` characters."""
    apart = " / " if len(lines) <= 8 else " "
    return quoted(apart.join(line.text for line in lines), limit)


def evidence(scene: Scene) -> list[tuple[str, float]]:
    """Everything seen as (phrase, weight 0 to 1): what labels and questions are matched with."""
    out: list[tuple[str, float]] = []
    for label in scene.labels:
        for name in dict.fromkeys((label.name, *label.names, label.family)):
            if name and label.score >= 0.02:
                out.append((name, label.score**0.5))
    if scene.faces:
        out += [("person", 1.0), ("human face", 1.0), ("people" if len(scene.faces) > 1 else "portrait", 0.9)]
    out += [(code.format, 1.0) for code in scene.codes]
    out += [(shape_noun(shape), 1.0) for shape in scene.shapes] + [(shape.name, 1.0) for shape in scene.shapes]
    if scene.kind == "document" or scene.lines:
        out += [(name, 1.0) for name in (papers(scene),) if name]
    out += [(name, 0.9) for name in KIND_WORDS[scene.kind]]
    out += [(name, 1.0) for name in KIND_WORDS["slide"]] if kind_noun(scene) == "slide" else []
    return out


KIND_WORDS: dict[str, tuple[str, ...]] = {
    "photograph": ("photograph", "photo"),
    "document": ("document", "page of text", "text"),
    "screenshot": ("screenshot", "user interface", "web page"),
    "slide": ("slide", "presentation"),
    "chart": ("chart", "graph", "diagram"),
    "drawing": ("drawing", "illustration", "graphic"),
    "code": ("code", "QR code or bar code"),
    "blank": ("blank", "empty picture"),
}
