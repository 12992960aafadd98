"""Questions that a table answers: a cell by its row and column, the rows that say something, the most, the sum."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pollux.engines.builtin import pairs
from pollux.engines.builtin.english import capital, counted, key, listing, sentence, singular, words
from pollux.engines.builtin.printed import number
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.tables import Table, tables
from pollux.engines.builtin.view import View

# Ways of asking for a column without its name.
_ASKS: tuple[tuple[str, str], ...] = (
    (r"\bhow old\b", r"age|years?"),
    (r"\bwhen\b|\bwhat time\b|\bdepart|\bleaves?\b|\barriv", r"time|date|day|departure|arrival|start|hours?|when"),
    (r"\bwhere\b|\blives?\b|\bfrom\b", r"city|town|place|location|country|destination|address|where|room"),
    (r"\bhow (?:much|expensive)\b|\bcosts?\b|\bprices?\b", r"price|cost|amount|total|fee|rate"),
    (r"\bhow many\b", r"qty|quantity|count|number|units|stock|pieces|seats|value"),
    (r"\b(?:jobs?|work|professions?|occupations?|do for a living)\b", r"role|job|title|position|profession|occupation"),
)
_MOST = re.compile(
    r"\b(?:most|highest|largest|biggest|greatest|best|maximum|max|peak|oldest|longest|tallest|heaviest|latest|"
    r"dearest|priciest|top|warmest|hottest|fastest|busiest|last)\b",
    re.I,
)
_LEAST = re.compile(
    r"\b(?:least|lowest|smallest|fewest|minimum|min|worst|cheapest|youngest|shortest|lightest|earliest|coldest|"
    r"coolest|slowest|quietest|first)\b",
    re.I,
)
_SUMS = re.compile(
    r"(?:(?:grand |sub-? ?)?totals?|sum|average|net|gross|vat|gst|(?:sales )?tax|balance|amount due|"
    r"shipping|discount)\b",
    re.I,
)
_SUM = re.compile(r"\b(?:sum|total|altogether|in all|combined|add(?:ed)? up)\b", re.I)
_MEAN = re.compile(r"\b(?:average|mean)\b", re.I)
_ROWS = re.compile(r"\b(?:rows?|entries|entry|records?|lines? (?:in|of) the table)\b", re.I)
_THAN = re.compile(r"\b(more|greater|higher|bigger|larger|older|over|above|less|lower|smaller|younger|fewer|cheaper)\b")
_DOWN = frozenset({"less", "lower", "smaller", "younger", "fewer", "cheaper"})
_KINDS = frozenset(
    {"chart", "table", "graph", "diagram", "colour", "color", "kind", "type", "document", "text", "line"}
)
_VALUE_WORDS = frozenset({"value", "number", "share", "figure", "percentage", "percent", "amount", "sale", "have"})


@dataclass(frozen=True, slots=True)
class _Hit:
    """Rows that a question names, and the columns where it does."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]


def answer(view: View) -> str | None:
    """The answer of the first table that has one; None when none is surely asked about."""
    for table in tables(view.scene):
        for work in (_compared, _size, _filtered, _extreme, _total, _cell, _list, _section):
            if (said := work(table, view)) is not None:
                return said
    return None


def compared(view: View) -> str | None:
    """ "Is North bigger than West?"."""
    return next((said for table in tables(view.scene) if (said := _compared(table, view)) is not None), None)


def markdown(table: Table) -> str:
    """The table in Markdown."""
    rows = [table.names, tuple("---" for _ in table.names), *table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def records(table: Table) -> list[dict[str, str]]:
    """The rows as objects by the header's words."""
    names = ["_".join(words(name)) or f"column_{i}" for i, name in enumerate(table.names, 1)]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def _telling(text: str) -> set[str]:
    return {singular(re.sub(r"['’]s$", "", word)) for word in words(text)}


def valued(scene: Scene) -> list[tuple[str, float, str]]:
    """(name, number, the number as printed) of what is listed with a number: points, priced items, rows."""
    out = [(item["name"], number(item["price"]) or 0.0, item["price"]) for item in pairs.items(scene)]
    for table in tables(scene) if not out else ():
        column = next((i for i in range(len(table.names) - 1, -1, -1) if table.header and _figures(table, i)), None)
        if column is not None:
            figures = _figures(table, column) or []
            out += [(row[_who(table)], value, row[column]) for row, value in zip(table.rows, figures, strict=True)]
    return out


def _hit(table: Table, text: str, skip: set[str]) -> _Hit | None:
    """The rows with most of the asked words in one cell; None when no cell is named."""
    asked = {_spelt(word) for word in _telling(text) - skip}
    best, hits = 0.0, []
    for index, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            told = [_spelt(word) for word in words(cell)]
            if not re.search(r"[^\W\d]", cell) and cell not in text:
                continue  # a number is named whole or not at all
            shared = [word for word in told if word in asked and (len(word) > 1 or not word.isalpha())]
            score = len(shared) + len(shared) / len(told) if told else 0.0
            if shared and score > best:
                best, hits = score, [(index, column)]
            elif shared and score == best:
                hits.append((index, column))
    if best < 1.3:  # one word of three and more
        return None
    return _Hit(tuple(dict.fromkeys(i for i, _ in hits)), tuple(dict.fromkeys(c for _, c in hits)))


def _spelt(word: str) -> str:
    """The word as it is looked for: in the singular, and an O that was read as a zero undone."""
    return singular(word.replace("0", "o") if re.search(r"[^\W\d]{2}", word) else word)


def _column(table: Table, view: View, told: str = "") -> int | None:
    """The column that is asked for, by its name or by the way of asking."""
    low = (told or view.question.text).lower()
    found: list[tuple[int, int]] = []
    for index, name in enumerate(table.names if table.header else ()):
        parts = [re.search(rf"\b{re.escape(word)}", low) for word in key(name)]
        if parts and all(parts):
            found.append((min(match.start() for match in parts if match), index))
    for telltale, names in _ASKS:
        match = re.search(telltale, low)
        fit = next((i for i, n in enumerate(table.names) if re.search(rf"\b(?:{names})\b", n, re.I)), None)
        if match and fit is not None:
            found.append((match.start(), fit))
    return min(found)[1] if found else None  # what is asked for comes first: "the status of the flight"


def _who(table: Table) -> int:
    """The column that names the rows: the first without digits."""
    least = 0.3 * len(table.rows)  # one letter read as a digit makes no column of numbers
    digits = [sum(bool(re.search(r"\d", cell)) for cell in table.column(i)) for i in range(len(table.names))]
    plain = [i for i, count in enumerate(digits) if count <= least]
    return plain[0] if plain else 0


def _figures(table: Table, index: int) -> list[float] | None:
    found = [_value(cell) for cell in table.column(index)]
    known = [value for value in found if value is not None]
    return known if len(known) == len(found) else None


def _value(cell: str) -> float | None:
    """The number of a cell; of a time of day its minutes."""
    time = re.fullmatch(r"(\d{1,2})[:.h](\d{2})(?::\d{2})?", cell.strip()) if ":" in cell else None
    return 60.0 * int(time[1]) + int(time[2]) if time else number(cell)


def _numeric(table: Table, view: View) -> int | None:
    """The column of numbers that is asked about: the one named, else the only one, else the last."""
    named = _column(table, view)
    if named is not None and _figures(table, named):
        return named
    found = [i for i in range(len(table.names)) if _figures(table, i)]
    fits = [i for i in found if _unit(table.names[i], view.question.text)]
    return next(reversed(fits or found), None)


def _unit(name: str, text: str) -> bool:
    """Whether a superlative speaks of such a column: the oldest of ages, the cheapest of prices."""
    kinds = (
        (r"\b(?:old|young)est\b", r"age|year"),
        (r"\bcheapest\b|\bexpensive\b|\bdearest\b", r"price|cost|amount"),
        (r"\b(?:earl|lat)iest\b|\blatest\b|\bfirst\b|\blast\b", r"time|date|hour"),
    )
    return any(re.search(a, text, re.I) and re.search(b, name, re.I) for a, b in kinds)


def _about(table: Table, view: View) -> bool:
    """Whether a superlative or a sum is about this table's rows rather than about the picture."""
    asked = _telling(view.question.text)
    mine = set(key(" ".join([*table.names, table.title]))) | _KIN.get(view.scene.kind, set())
    if any(re.search(r"price|amount|cost|total|qty", name, re.I) for name in table.names):
        mine |= {"item", "product", "article", "dish", "good", "line"}
    return bool(asked & mine) or len(tables(view.scene)) == 1


_KIN = {"chart": {"month", "year", "day", "region", "category", "bar", "slice", "one", "which"}}


def _short(view: View) -> bool:
    return view.manner.brief or view.manner.form == "word"


def _extreme(table: Table, view: View) -> str | None:
    text = view.question.text
    most, least = _MOST.search(text), _LEAST.search(text)
    if re.search(r"\b(?:between|increases?|decreases?|differ\w*|chang\w*|drops?|rises?|than)\b", text, re.I):
        return None
    lines = {"line"} if _column(table, view) is not None else set()  # "which line has the highest amount?"
    other = set(key(text)) & (_KINDS - lines)
    if not (most or least) or other or len(table.rows) < 2 or not _about(table, view):
        return None
    column = _numeric(table, view)
    table = _without_sums(table)
    values = _figures(table, column) if column is not None else None
    if column is None or not values or not table.header:
        return None
    up = bool(most) and not (least and least.start() < (most.start() if most else 0))
    best = (max if up else min)(values)
    who = _who(table)
    found = [table.rows[i] for i, value in enumerate(values) if value == best]
    names = listing([row[who] for row in found])
    return names if _short(view) else sentence(f"{names}, with {found[0][column]}")


def _without_sums(table: Table) -> Table:
    """The table without last rows that add the others up, or add tax to them."""
    rows = list(table.rows)
    while len(rows) > 2 and _SUMS.match(next(filter(None, rows[-1]), "")):
        rows.pop()
    return Table(table.header, tuple(rows), table.title)


def _priced(table: Table) -> bool:
    return "price" in table.names


def _total(table: Table, view: View) -> str | None:
    text = view.question.text
    if not (_SUM.search(text) or _MEAN.search(text)) or not table.header or _priced(table):
        return None
    if not _about(table, view) or any(_SUM.search(line.text) for line in view.scene.lines):
        return None
    column = _numeric(table, view)
    values = _figures(table, column) if column is not None else None
    if not values or column is None:
        return None
    mean = bool(_MEAN.search(text))
    result = f"{round(sum(values) / (len(values) if mean else 1), 2):g}"
    what = "average" if mean else "sum"
    return result if _short(view) else f"{result}, the {what} of {listing(table.column(column))}."


def _filtered(table: Table, view: View) -> str | None:
    """ "Who is older than 35?", "Which products cost less than 20?"."""
    low = view.question.text.lower()
    match = re.search(rf"{_THAN.pattern}(?: than)? [$€£]?(\d+(?:[.,]\d+)?)", low)
    column = (
        _numeric(table, view) if match and table.header and re.match(r"(?:who|which|what|list|name)\b", low) else None
    )
    if match is None or column is None:
        return None
    limit, down = number(match[2]) or 0.0, match[1] in _DOWN | {"under", "below"}
    values = _figures(table, column) or []
    found = [row for row, value in zip(table.rows, values, strict=True) if (value < limit if down else value > limit)]
    if not found:
        return "None." if _short(view) else "None of them."
    return sentence(listing([f"{row[_who(table)]} ({row[column]})" for row in found]))


def _list(table: Table, view: View) -> str | None:
    """ "List all the names"."""
    text = view.question.text
    if not re.match(r"(?:please )?(?:list|name|show|give|what are|which are)\b", text, re.I) or not table.header:
        return None
    asked = key(text.partition(" are ")[2] or text)
    titles = [i for i, name in enumerate(table.names) if key(name) and set(key(name)) & set(asked)]
    goods = {"item", "product", "article", "line"} & set(asked) and _goods(table)
    if not titles and not goods:
        return None
    return sentence(listing(table.column(titles[0] if titles else _who(table))))


def _goods(table: Table) -> bool:
    return any(re.search(r"price|amount|cost|qty", name, re.I) for name in table.names)


def _size(table: Table, view: View) -> str | None:
    text = view.question.text
    if not re.search(r"\bhow many\b|\bnumber of\b|\bcount\b", text, re.I) or not table.header:
        return None
    asked = key(view.question.subject)
    who = set(key(table.names[_who(table)]))
    people = {"person", "people", "employee", "member"} if who & {"name"} and not _priced(table) else set()
    goods = {"product", "item", "thing"} if _priced(table) else set()
    if re.search(r"\bcolumns?\b", text, re.I):
        return _say(view, len(table.names), "column")
    if _ROWS.search(text):
        return _say(view, len(table.rows), "row", " below the header")
    hit = _hit(table, view.question.text, set(key(" ".join(table.names))))
    if asked and set(asked[:1]) <= who | people | goods | {name.lower() for name in table.names}:
        return _say(view, len(hit.rows) if hit else len(table.rows), asked[0])
    return None


def _say(view: View, count: int, noun: str, more: str = "") -> str:
    return str(count) if _short(view) else sentence(f"I count {counted(count, noun)}{more}")


def _compared(table: Table, view: View) -> str | None:
    """ "Is North bigger than West?"."""
    low = view.question.text.lower()
    how = _THAN.search(low)
    if not how or " than " not in low or not re.match(r"(?:is|are|was|were|does|do|did|has|have)\b", low):
        return None
    before, _, after = low.partition(" than ")
    column = _numeric(table, view)
    one, other = (_hit(table, part, set()) for part in (before, after))
    if column is None or one is None or other is None or len(one.rows) != 1 or len(other.rows) != 1:
        return None
    values, who = _figures(table, column) or [], _who(table)
    a, b = values[one.rows[0]], values[other.rows[0]]
    yes = a < b if how.group(1) in _DOWN else a > b
    left, right = table.rows[one.rows[0]], table.rows[other.rows[0]]
    word = "Yes" if yes else "No"
    return f"{word}." if _short(view) else sentence(f"{word}: {left[who]} {left[column]}, {right[who]} {right[column]}")


def _cell(table: Table, view: View) -> str | None:
    """A cell by its row and column; the names of the rows that say something."""
    if not table.header:
        return None
    hit = _hit(table, view.question.text, set(key(" ".join(table.names))))
    if hit is None:
        return None
    column = _column(table, view)
    if column is None and view.talk.told and len(words(view.question.text)) <= 5:
        column = _column(table, view, view.talk.told[-1])
    who = _who(table)
    if column is None or column in hit.columns:
        column = _implied(table, view, hit, who)
    if column is None or column in hit.columns:
        return None
    rows = [table.rows[i] for i in hit.rows]
    found = list(dict.fromkeys(row[column] for row in rows if row[column]))
    if not found:
        return None
    if _short(view) or len(found) > 1 or who not in hit.columns:
        return sentence(listing(found)) if not _short(view) else listing(found)
    name = table.names[column].lower()
    return sentence(f"{capital(rows[0][who])}: {name} {found[0]}" if name != "value" else f"{rows[0][who]}: {found[0]}")


def _implied(table: Table, view: View, hit: _Hit, who: int) -> int | None:
    """The column meant where none is named: whose, which, and the one number of a chart."""
    text = view.question.text
    if who not in hit.columns:
        return who if re.search(r"\b(?:who|which|what|whose|list|name)\b", text, re.I) else None
    figures = [i for i in range(len(table.names)) if i != who and _figures(table, i)]
    values = len(table.names) == 2 or set(key(text)) & _VALUE_WORDS
    return figures[0] if values and len(figures) == 1 else None


def _section(table: Table, view: View) -> str | None:
    """ "What desserts are there?": the names under that heading."""
    title = set(key(table.title))
    if re.match(r"how many\b", view.question.text, re.I) and title and title == set(key(view.question.subject)):
        return _say(view, len(table.rows), singular(table.title.lower()))
    if not title or len(title) > 2 or not title <= set(key(view.question.text)) or re.search(r"\d", table.title):
        return None
    if not re.search(r"\b(?:what|which|list|name|show)\b", view.question.text, re.I):
        return None
    if set(key(view.question.text)) - title - {"there", "offer", "have", "list", "available", "all", "menu", "serve"}:
        return None
    priced = "price" in table.names
    return sentence(listing([f"{row[0]} ({row[-1]})" if priced else row[0] for row in table.rows]))
