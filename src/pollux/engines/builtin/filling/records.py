"""Rows of things for arrays of objects: each a dict of what is known, by plain names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pollux.engines.builtin import chart, facts, pairs
from pollux.engines.builtin.answers.where import placed
from pollux.engines.builtin.english import words
from pollux.engines.builtin.printed import number
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.tables import Table, tables

Record = dict[str, Any]

# What people call a record's facts; the key is our own name for it.
SYNONYMS: dict[str, str] = {
    "name": (
        r"(?:item |product |object |colou?r |label |class |article |dish )?name|label|item|product|"
        r"object|title|description|class|tag|category name|thing|text label|shape"
    ),
    "text": r"(?:line |full |raw )?text|content|value|string|words?|line|transcription",
    "quantity": r"quantity|qty|count|units|number|amount of units|pieces",
    "price": r"(?:total |line |item )?(?:price|cost|amount|total|value)|subtotal|line total",
    "unit price": r"unit (?:price|cost)|price (?:each|per unit|per item)|each",
    "score": r"(?:confidence|score|probability|likelihood|certainty)(?: score| level)?",
    "family": r"category|family|type|kind|group|class|sort",
    "box_2d": r"box 2d|bounding box|bbox|box|coordinates|location box|bounds",
    "position": r"position|place|location|where|area",
    "hex": r"hex(?: ?code| value| colou?r)?|code|value|rgb hex",
    "percentage": r"percent(?:age)?|share|proportion|coverage|area|ratio|amount",
    "colour": r"colou?r(?: name)?",
    "format": r"format|type|kind|symbology|code type",
    "key": r"key|field|label|name|property|category|month|x|group|series",
    "value": r"value|content|text|answer|amount|number|y|count|data",
}


def synonym(record: Record, name: str) -> Any:
    """The record's fact of that name or of a synonym; None when it has none."""
    if name in record:
        return record[name]
    return next((record[own] for own in record if re.fullmatch(SYNONYMS.get(own, re.escape(own)), name)), None)


def bought(scene: Scene) -> list[Record]:
    """The lines of a receipt."""
    out: list[Record] = []
    for item in pairs.items(scene):
        amount, price = number(item["quantity"]) or 1.0, number(item["price"])
        printed = number(item.get("unit price", ""))
        each = printed if printed is not None else round(price / amount, 2) if price is not None else None
        known: Record = {"name": item["name"], "price": item["price"], "unit price": each}
        out.append({**known, "quantity": item["quantity"] or 1})
    return out


def _lines(scene: Scene) -> list[Record]:
    return [
        {
            "text": line.text,
            "score": round(line.confidence, 3),
            "box_2d": facts.box_2d(line.box, scene),
            "position": facts.place(line.box, scene),
            "name": line.text,
        }
        for line in scene.lines
    ]


def _labels(scene: Scene) -> list[Record]:
    least = 0.1 if scene.labels and scene.labels[0].score >= facts.LIKELY else 0.05
    return [
        {"name": label.name, "score": round(label.score, 3), "family": label.family or label.name}
        for label in scene.labels
        if label.score >= least
    ]


def _faces(scene: Scene) -> list[Record]:
    return [
        {
            "name": "face",
            "box_2d": facts.box_2d(f.box, scene),
            "position": facts.place(f.box, scene),
            "family": "person",
        }
        for f in scene.faces
    ]


def _colours(scene: Scene) -> list[Record]:
    return [
        {
            "name": c.name,
            "colour": c.name,
            "hex": "#{:02x}{:02x}{:02x}".format(*c.rgb),
            "percentage": round(100 * c.share, 1),
            "position": c.places[0] if c.places else "",
        }
        for c in scene.colours
        if c.share >= 0.02
    ]


def _codes(scene: Scene) -> list[Record]:
    return [
        {"format": c.format, "text": c.content, "box_2d": facts.box_2d(c.box, scene), "name": c.format}
        for c in scene.codes
    ]


def _shapes(scene: Scene) -> list[Record]:
    return [
        {
            "name": s.name,
            "colour": s.colour,
            "box_2d": facts.box_2d(s.box, scene),
            "position": facts.place(s.box, scene),
            "family": "shape",
        }
        for s in scene.shapes
    ]


def _placed(scene: Scene) -> list[Record]:
    """Things with a place; lines of text only where nothing else has one."""
    found = [one for one in placed(scene) if one[0] != "text"] or placed(scene)
    return [
        {"name": label, "family": sort, "box_2d": facts.box_2d(box, scene), "position": facts.place(box, scene)}
        for sort, label, box in found
    ]


def _things(scene: Scene) -> list[Record]:
    main = facts.subject(scene)
    shown: list[Record] = _shapes(scene) + _codes(scene) + _faces(scene)
    return (
        [{"name": main.name, "score": round(main.score, 3), "family": main.family or main.name}] if main else []
    ) + shown


def _entries(scene: Scene) -> list[Record]:
    """Label and value pairs, each label once."""
    if plotted := chart.points(scene):
        return [{"key": point.label, "value": point.value} for point in plotted]
    out: dict[str, Record] = {}
    for pair in pairs.pairs(scene):
        if pair.near >= 0.9:
            out.setdefault(pair.label.lower(), {"key": pair.label, "value": pair.value})
    return list(out.values())


_TABLES = (
    (r"people|persons?|faces?|humans?|individuals", _faces),
    (r"(?:text |ocr )?(?:lines?|blocks?|words|texts?|regions|text regions|paragraphs|segments)", _lines),
    (r"(?:dominant |main )?(?:colou?rs?|palette)", _colours),
    (r"(?:qr |bar ?)?codes?", _codes),
    (r"shapes?|figures?", _shapes),
    (
        r"(?:key value )?(?:pairs|fields|entries|form fields|key values|data points?|data|series|"
        r"bars|points|values|rows|measurements|statistics|settings)",
        _entries,
    ),
    (r"(?:tags|labels|classes|categories|predictions|keywords|classifications|guesses|candidates)", _labels),
)
_BOUGHT = (
    r"(?:line |purchased |receipt |invoice )?(?:items?|products?|articles|dishes|goods|positions|"
    r"purchases|entries|lines|menu items)"
)
_OBJECTS = (
    r"(?:detected |visible |main )?(?:objects?|detections?|things|items|elements|entities|boxes|"
    r"bounding boxes|results|instances|annotations|animals)"
)


def table(scene: Scene, name: str, fields: Sequence[str]) -> list[Record]:
    """The records that an array of that name with those fields asks for; empty when nothing like it was seen."""
    if any(re.fullmatch(r"shape(?: name)?", field) for field in fields) and scene.shapes:
        return _shapes(scene)
    if rows := _tabled(scene, fields):
        return rows
    boxed = any(re.fullmatch(SYNONYMS["box_2d"], field) for field in fields)
    priced = any(re.fullmatch(r"(?:.* )?(?:price|cost|quantity|qty|amount)", field) for field in fields)
    if re.fullmatch(_BOUGHT, name) and (rows := bought(scene)):
        return rows
    for pattern, rows_of in _TABLES:
        if re.fullmatch(pattern, name):
            return rows_of(scene)
    if priced and (rows := bought(scene)):
        return rows
    if boxed and (not name or re.fullmatch(_OBJECTS, name)):
        return _placed(scene)
    if re.fullmatch(_OBJECTS, name):
        return _things(scene)
    return [] if name else _unnamed(scene, fields)


def _unnamed(scene: Scene, fields: Sequence[str]) -> list[Record]:
    """A bare list: the table that knows most of the fields."""
    found = [rows_of(scene) for rows_of in (bought, _colours, _lines, _things, _entries)]
    known = [sum(synonym(rows[0], field) is not None for field in fields) if rows else 0 for rows in found]
    best = max(range(len(found)), key=known.__getitem__)
    return found[best] if known[best] > len(fields) / 2 else []


def _tabled(scene: Scene, fields: Sequence[str]) -> list[Record]:
    """The rows of the printed table that has most of the fields among its columns: two or all of them at least."""
    best: list[Record] = []
    most = 0.0
    for table in tables(scene):
        columns = {field: _column(table, field) for field in fields}
        known = {field: i for field, i in columns.items() if i is not None}
        if len(set(known.values())) >= min(2, len(fields)) and len(known) >= len(fields) / 2 and len(known) > most:
            most = len(known)
            best = [{field: row[i] for field, i in known.items()} for row in table.rows]
    return best or _sections(scene, fields)


def _column(table: Table, field: str) -> int | None:
    """The column of a field: by its name, a synonym, or one name inside the other."""
    if not table.header and "price" not in table.names:
        return None
    titles = [" ".join(words(title)) for title in table.names]
    alike = [own for own, pattern in SYNONYMS.items() if re.fullmatch(pattern, field)]
    tests: tuple[Callable[[str], bool], ...] = (
        lambda title: title == field,
        lambda title: title in alike or (title == "category" and field == "name"),
        lambda title: any(re.fullmatch(SYNONYMS[own], title) for own in alike),
        lambda title: set(words(field)) <= set(words(title)) or set(words(title)) <= set(words(field)),
    )
    found = next((i for test in tests for i, title in enumerate(titles) if title and test(title)), None)
    if found is not None or len(titles) != 2 or table.names != ("category", "value"):
        return found
    numeric = re.search(r"value|amount|sales?|count|number|total|percent|share|quantity|price|score", field)
    return 1 if numeric else 0  # a chart has only these two


def _sections(scene: Scene, fields: Sequence[str]) -> list[Record]:
    """Headed lists (the courses of a menu), for fields of which one holds a list."""
    found = [table for table in tables(scene) if table.title and "price" in table.names]
    name = next((field for field in fields if re.fullmatch(SYNONYMS["name"] + r"|section|heading|category", field)), "")
    rest = [field for field in fields if field != name]
    if len(found) < 2 or not name or len(rest) != 1 or not rest[0].endswith("s"):
        return []
    rows = [[{"name": row[0], "price": row[-1]} for row in table.rows] for table in found]
    return [{name: table.title, rest[0]: listed} for table, listed in zip(found, rows, strict=True)]
