"""Label and value pairs of a document, by layout: beside, below, or on one line; and values known by their form."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pollux.engines.builtin.english import key, words
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene, TextLine
from pollux.engines.builtin.tables import tables

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CURRENCY = r"(?:[$€£¥₹]|\b(?:EUR|USD|GBP|CHF|JPY|INR|CAD|AUD)\b)"
FORMS: dict[str, re.Pattern[str]] = {
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "url": re.compile(r"(?:https?://|www\.)[^\s\"'<>]+|\b[\w-]+\.(?:com|org|net|io|dev|edu|gov)(?:/[^\s]*)?\b", re.I),
    "date": re.compile(
        rf"\b\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b|\b\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}\b|"
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?(?:\s+\d{{4}})?\b|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?\b",
        re.I,
    ),
    "time": re.compile(r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?(?!\d)|\b\d{1,2}\s*[ap]\.?m\b\.?", re.I),
    "phone": re.compile(
        r"(?<![\w.-])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?)?\d{2,5}(?:[\s.-]\d{2,5}){1,4}(?![\w"
        r"-])|(?<![\w.])\+?\d{9,13}(?!\w)"
    ),
    "percent": re.compile(r"\d+(?:[.,]\d+)?\s?%"),
    "money": re.compile(
        rf"{_CURRENCY}\s?-?\d[\d.,' ]*\d?|-?\d[\d.,']*\s?{_CURRENCY}|(?<![\w.,-])-?\d{{1,3}}(?:[,' "
        rf"]\d{{3}})*[.,]\d{{2}}(?![\d%]|[.,]\d)"
    ),
    "number": re.compile(r"(?<![\w-])-?\d[\d,' ]*(?:\.\d+)?(?![\w-])"),
}
_SAME: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split("|"))
    for group in (
        "total|amount due|balance due|grand total|total amount|amount payable|to pay|sum|total due|"
        "total price|total cost",
        "tax|vat|gst|sales tax|tax amount",
        "phone|telephone|tel|mobile|cell|phone number|telephone number|call",
        "email|e-mail|mail|email address|e-mail address",
        "invoice number|invoice no|invoice|invoice id|invoice #",
        "receipt number|receipt no|receipt|receipt id|receipt #",
        "order number|order no|order|order id|order #",
        "name|full name",
        "address|street|location",
        "date|date of issue|issue date|issued|dated|invoice date|transaction date|purchase date",
        "due date|payment due|pay by|due",
        "website|web|url|site|homepage|web address|link",
        "opening hours|hours|opening times|open",
        "payment method|paid by|payment|method of payment|paid with",
        "subtotal|sub-total|net|net amount|net total",
        "quantity|qty|count|units",
        "price|amount|cost|unit price",
    )
)
_LONGEST = 200  # characters of a line that may be a label and its value
_NAMED = re.compile(r"([^\W\d_][\w #/-]{1,30}?):\s+([^,;\n]+?)(?=[,;\n]|\.\s|\.?$)", re.MULTILINE)
_TRAILING = re.compile(
    r"^(?P<label>.*?[^\W\d_].*?)[\s:.…]*\s(?P<value>[$€£¥]?\s?-?\d[\d.,:']*\s?(?:%|[$€£¥]|[A-Z]{3})?)$"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and the label that stands by it; `near` is 1 beside the label, 0.8 below it."""

    label: str
    value: str
    near: float = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """A value that was looked for, the label it stood by, and how sure the match is, 0 to 1."""

    value: str
    label: str
    score: float


def rows(scene: Scene) -> list[list[TextLine]]:
    """Lines that stand at the same height, from left to right; rows from top to bottom."""
    out: list[list[TextLine]] = []
    runs = [run for line in scene.lines for run in line.pieces or (line,)]
    for line in sorted(runs, key=lambda line: line.level.centre[1]):
        last = out[-1] if out else []
        if last and _level(last[0], line):
            last.append(line)
        else:
            out.append([line])
    return [sorted(row, key=lambda line: line.level.left) for row in out]


def _level(a: TextLine, b: TextLine) -> bool:
    common = min(a.level.bottom, b.level.bottom) - max(a.level.top, b.level.top)
    return common > 0.5 * min(a.level.height, b.level.height)


def pairs(scene: Scene) -> list[Pair]:
    """All label and value pairs, in reading order; one value may stand with several labels."""
    return [*_on_lines([line.text for line in scene.lines]), *_beside(scene), *_below(scene)]


def text_pairs(text: str) -> list[Pair]:
    """The same from plain text, where lines are all the layout there is and several pairs may share one."""
    named = [Pair(m[1].strip(), m[2].strip()) for m in _NAMED.finditer(text)]
    return named + [pair for pair in _on_lines(text.splitlines()) if ":" not in pair.label + pair.value]


def _on_lines(lines: Sequence[str]) -> list[Pair]:
    out: list[Pair] = []
    for line in lines:
        if len(line) > _LONGEST:
            continue
        label, colon, value = line.partition(":")
        trailing = _TRAILING.match(line.strip())
        if colon and value.strip() and not re.search(r"\d$", label) and len(label.split()) <= 6 and value[:2] != "//":
            out.append(Pair(label.strip(), value.strip()))
        elif trailing and not re.search(r"[^\d\s]\s*\d{2,}(?!\s*%)", trailing["label"]):
            out.append(Pair(trailing["label"].strip(" :.-#"), trailing["value"].strip()))
        else:
            out += _numbered(line)
    return out


def _numbered(line: str) -> list[Pair]:
    """ "Receipt 00417  2026-03-14" holds a number right after its name."""
    match = re.match(
        r"^\s*([^\W\d_][\w ]*?)\s*(?:no\.?|number|#|nr\.?)?[:\s#]+([A-Z]{0,4}-?\d{3,}[\w/-]*)(?![\w.,%])", line, re.I
    )
    return [Pair(match.group(1).strip(), match.group(2))] if match else []


def _beside(scene: Scene) -> list[Pair]:
    out: list[Pair] = []
    for row in rows(scene):
        for left, right in itertools.pairwise(row):
            gap = right.level.left - left.level.right
            titles = len(row) > 2 and not any(re.search(r"\d|:", run.text) for run in row)  # a header, a bar of tabs
            if re.search(r"[^\W\d]", left.text) and gap < 0.6 * scene.width and not titles and not _prose(left, right):
                out.append(Pair(_name(left.text), right.text, 1.0 if len(row) <= 3 else 0.9))
    return out


def _below(scene: Scene) -> list[Pair]:
    out: list[Pair] = []
    runs = [run for line in scene.lines for run in line.pieces or (line,)]
    for label in runs:
        under = [line for line in runs if _is_under(label, line)]
        if (
            under
            and re.search(r"[^\W\d]", label.text)
            and not re.search(r"\d", label.text)
            and len(label.text.split()) <= 5
            and not label.text.rstrip().endswith((",", "."))
        ):
            first = min(under, key=lambda line: line.level.top)
            if not _prose(label, first):
                out.append(Pair(_name(label.text), first.text, 0.8))
    return out


def _prose(label: TextLine, value: TextLine) -> bool:
    """Whether two runs are running text rather than a label and its value."""
    return len(label.text.split()) > 5 or len(value.text.split()) > 8


def _is_under(label: TextLine, line: TextLine) -> bool:
    gap = line.level.top - label.level.bottom
    aligned = abs(line.level.left - label.level.left) < 2.5 * label.level.height
    return line is not label and -0.3 * label.level.height < gap < 1.6 * label.level.height and aligned


def _name(text: str) -> str:
    match = re.match(r"^(.*?\D)\s+[$€£]?\d[\d.,]*%?$", text)
    return (match.group(1) if match else text).strip(" :.-#")


def form_of(wanted: str) -> str:
    """The form that the words ask for ("email", "date", "money", ...), "" for none."""
    low = " " + " ".join(words(wanted)) + " "
    for form, telltale in (
        ("email", r" e mail | email "),
        ("phone", r" (?:tele)?phone | mobile | fax | tel "),
        ("url", r" url | website | web address | link | homepage | web ?site "),
        ("date", r" date | when | day of issue | issued | birthday | dated "),
        ("time", r" time | at what time | o clock "),
        ("percent", r" percent(?:age)? | rate "),
        (
            "money",
            r" totals? | sub ?total | price | cost | how much | amount | tax | vat | tip | balance |"
            r" paid | fee | sum | due ",
        ),
    ):
        if re.search(telltale, low):
            return form
    return ""


def matching(form: str, lines: Iterable[str]) -> list[str]:
    """All values of a form in the lines, in order."""
    found = [m.group().strip(" .,") for line in lines for part in _parts(line) for m in FORMS[form].finditer(part)]
    return found if form != "phone" else [one for one in found if _is_phone(one)]


def _parts(line: str, most: int = 1000) -> Iterator[str]:
    """A line cut at spaces into parts that are quickly searched; a word longer than that is cut too."""
    start = 0
    while len(line) - start > most:
        cut = line.rfind(" ", start + 1, start + most)
        cut = cut if cut > start else start + most
        yield line[start:cut]
        start = cut
    yield line[start:]


def _is_phone(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 7 and not FORMS["date"].search(text)


def find(scene: Scene, wanted: str, meaning: Meaning, form: str | None = None) -> Found | None:
    """The value that the words ask for: by its label where one matches, else by its form; None when not shown."""
    return search(pairs(scene), [line.text for line in scene.lines], wanted, meaning, form)


def search(
    table: Sequence[Pair], lines: Sequence[str], wanted: str, meaning: Meaning, form: str | None = None
) -> Found | None:
    """`find` in pairs and lines already at hand."""
    form = form_of(wanted) if form is None else form
    best = _by_label(table, wanted, meaning, form)
    if best and best.score >= 0.9:
        return best
    if form in ("email", "phone", "url", "date", "time") and (seen := _by_form(form, lines, wanted)):
        return seen
    return best


def _by_form(form: str, lines: Sequence[str], wanted: str) -> Found | None:
    seen = [(line, value) for line in lines for value in matching(form, [line])]
    if not seen:
        return None
    about = set(key(wanted))
    if form == "phone":  # a fax number is no phone number, nor the other way round
        seen = [one for one in seen if bool(re.search(r"\bfax\b|^F[:. ]", one[0], re.I)) == ("fax" in about)]
    if not seen:
        return None
    _, value = max(seen, key=lambda one: len(about & set(key(one[0]))))
    return Found(value, form, 0.85)


def _by_label(table: Sequence[Pair], wanted: str, meaning: Meaning, form: str) -> Found | None:
    # "VAT 20%: 31.10" tells the rate in its label
    usable = [
        (p, v) for p in table if (v := _fitting(p.value, form) or (form == "percent" and _fitting(p.label, form)))
    ]
    if not usable:
        return None
    soft = meaning.likeness(wanted, [pair.label for pair, _ in usable])
    scored = [
        Found(value, pair.label, max(exactness(wanted, pair.label), 0.9 * near) * (0.9 + 0.1 * pair.near))
        for (pair, value), near in zip(usable, soft, strict=True)
    ]
    best = max(scored, key=lambda found: found.score)
    return best if best.score >= 0.55 else None


def _fitting(value: str, form: str) -> str:
    if not form:
        return value
    found = matching(form, [value]) or (matching("number", [value]) if form == "money" else [])
    return found[-1] if found else ""


def exactness(wanted: str, label: str) -> float:
    """How well a label's words are the wanted words, 0 to 1; synonyms count as the same."""
    a, b = _normal(wanted), _normal(label)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    if any(a in group and b in group for group in _SAME):
        return 0.95
    mine, theirs = set(a.split()), set(b.split())
    if mine <= theirs or theirs <= mine:
        core = len(mine & theirs) / len(mine | theirs)
        return 0.55 + 0.4 * core
    return 0.5 * len(mine & theirs) / len(mine | theirs)


def _normal(text: str) -> str:
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text)  # FileNotFoundError
    currencies = {"eur", "usd", "gbp", "chf", "number", "no", "the", "of", "is", "s", "value", "field"}
    kept = [word for word in words(text) if word not in currencies and not word.isdigit()]
    return " ".join(kept)


_NOT_ITEMS = re.compile(
    r"\b(?:sub-?total|total|tax|vat|gst|paid|cash|change|card|balance|due|tip|discount|rounding|"
    r"amount|receipt|invoice)\b",
    re.I,
)
_ITEM = re.compile(
    r"^(?:(?P<n>\d{1,3})\s*[x×]?\s+)?(?P<name>[^\d\n]*[^\W\d_]{2}.*?)\s+(?:[$€£¥]\s?)?(?P<price>-?\d"
    r"{1,6}[.,]\d{2})\s*(?:[$€£¥]|[A-Z]{3})?$"
)


def items(scene: Scene) -> list[dict[str, str]]:
    """The bought things of a receipt or invoice, as printed: "name", "quantity", "price", a table's "unit price"."""
    lines = [re.split(r"\s{2,}", "  ".join(line.text for line in row)) for row in rows(scene)]
    head = next((i for i, cells in enumerate(lines) if sum(bool(_column(cell)) for cell in cells) >= 2), -1)
    tabled = [item for cells in lines[head + 1 :] if (item := _of_table(lines[head], cells))] if head >= 0 else []
    listed = tabled or [item for cells in lines if (item := _of_row("  ".join(cells)))]
    return listed if len(listed) > 1 else _cards(scene) or listed


def _cards(scene: Scene) -> list[dict[str, str]]:
    """Things side by side, each with its price below."""
    found = [table for table in tables(scene) if table.header[:2] == ("name", "price")]
    return [{"name": row[0], "quantity": "", "price": row[1]} for table in found for row in table.rows]


_COLUMNS = (
    ("name", r"description|items?|products?|articles?|name|service|details"),
    ("quantity", r"qty\.?|quantity|units|count|hours|pcs"),
    ("unit price", r"unit price|price|rate|unit cost|each"),
    ("price", r"amount|total|line total|sum|price"),
)


def _column(cell: str) -> str:
    return next((name for name, words_ in _COLUMNS if re.fullmatch(words_, cell.strip().lower())), "")


def _of_table(head: Sequence[str], cells: Sequence[str]) -> dict[str, str] | None:
    """A row under a header with as many cells; the last number is what the row comes to."""
    if len(cells) != len(head) or not re.search(r"\d", cells[-1]) or _NOT_ITEMS.search(cells[0]):
        return None
    item = {name: cell for title, cell in zip(head, cells, strict=True) if (name := _column(title))}
    if "price" not in item and "unit price" in item:
        item["price"] = item.pop("unit price")
    return {"quantity": "", "name": cells[0], "price": cells[-1], **item}


def _of_row(text: str) -> dict[str, str] | None:
    match = _ITEM.match(text)
    if not match or _NOT_ITEMS.search(match["name"]):
        return None
    return {"quantity": match["n"] or "", "name": match["name"].strip(" .-"), "price": match["price"]}


def exactly(scene: Scene, wanted: str) -> str:
    """The amount of money beside a label of exactly that name or a synonym of it; "" when none is shown."""
    for pair in reversed(pairs(scene)):
        if exactness(wanted, pair.label) >= 0.95 and (value := _fitting(pair.value, "money")):
            return value
    return ""
