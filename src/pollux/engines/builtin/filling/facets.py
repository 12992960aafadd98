"""Facts of a scene by the names people give to fields: caption, text, colours, has_faces, number_of_words ..."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pollux.engines.builtin import facts, hours, pairs, people_of
from pollux.engines.builtin.answers import count, describe, presence, reading
from pollux.engines.builtin.english import key, sentence
from pollux.engines.builtin.kinds import is_known
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene

Facet = Callable[[Scene], Any]

_NUMBER_OF = re.compile(
    r"^(?:number|count|num|total number|how many|amount|nr)\b(?: of)?(?: the)? (?P<a>.+)$|^(?:total "
    r")?(?P<b>.+?) (?:count|number|total)$|^(?:n|num|total) (?P<c>\w+s)$"
)
_WHETHER = re.compile(
    r"^(?:has|have|is|are|contains?|includes?|shows?|does|do|any|was|visible|there is|with)(?: "
    r"(?:it|an?|any|the|there))* (?P<a>.+)$|^(?P<b>.+?) (?:visible|present|detected|found|exists?|"
    r"shown)$"
)
_CURRENCIES = (("EUR", "€"), ("GBP", "£"), ("JPY", "¥"), ("INR", "₹"), ("USD", r"\$"))


def _subject(scene: Scene) -> str:
    main = facts.subject(scene)
    return (main.name if main else "") or ("person" if scene.faces else "")


def _family(scene: Scene) -> str:
    main = facts.subject(scene)
    return (main.family or main.name) if main else ""


def _confidence(scene: Scene) -> float:
    return round(scene.labels[0].score if scene.labels else scene.kind_confidence, 3)


def _merchant(scene: Scene) -> str:
    return people_of.issuer(scene) or people_of.firm(scene)


def _address(scene: Scene) -> str:
    street = re.compile(
        r"^\d{1,5}[a-z]?,? [A-Z]\w+.*\b(?:st(?:reet)?|ave(?:nue)?|road|rd|lane|ln|drive|dr|"
        r"boulevard|blvd|square|way|court|place|terrace|row)\b",
        re.I,
    )
    return next((line.text for line in scene.lines if street.search(line.text)), "")


def _currency(scene: Scene) -> str:
    text = scene.text
    return next((code for code, sign in _CURRENCIES if re.search(rf"\b{code}\b|{sign}\s?\d|\d\s?{sign}", text)), "")


def _payment(scene: Scene) -> str:
    match = re.search(
        r"\bpaid (?:by|with|in) ([\w ]*[^\W\d])|\b(visa|mastercard|amex|cash|debit card|credit card|paypal)\b",
        scene.text,
        re.I,
    )
    return (match.group(1) or match.group(2)).strip() if match else ""


def _describe(scene: Scene) -> str:
    return " ".join([sentence(describe.noun_phrase(scene)), *describe.more(scene)])


def _summary(scene: Scene) -> str:
    whole = reading.running_text(scene)
    return " ".join(reading.gist(whole, 2)) if len(whole.split()) > 40 else _describe(scene)


def _form(scene: Scene) -> str:
    return "square" if scene.width == scene.height else "landscape" if scene.width > scene.height else "portrait"


def _colour(scene: Scene) -> str:
    return scene.colours[0].name if scene.colours else ""


def _background(scene: Scene) -> str:
    if scene.background:
        return scene.background
    corners = ("top left", "top right", "bottom left", "bottom right")
    ranked = sorted(scene.colours, key=lambda colour: -sum(c in colour.places for c in corners))
    return ranked[0].name if ranked else ""


def _content(scene: Scene) -> str:
    return scene.codes[0].content if scene.codes else ""


# The first pattern that the whole name matches gives the fact; an empty one means "not shown".
STRINGS: tuple[tuple[str, Facet], ...] = (
    (r"(?:job |professional )?(?:title|role|position|occupation)", people_of.role),
    (
        r"(?:image |picture |photo |short )?caption|one line(?: description)?",
        lambda s: sentence(describe.noun_phrase(s)),
    ),
    (r"alt(?:ernative)?(?: text)?", lambda s: sentence(describe.noun_phrase(s).removeprefix("a photograph of "))),
    (
        r"(?:image |picture |photo |scene |short |brief |detailed |full |long |visual "
        r")*(?:description|describe|explanation|analysis|scene|overview|content description)",
        _describe,
    ),
    (r"(?:document |page |text |short |brief )?summary|tl ?dr|gist|abstract", _summary),
    (r"(?:document |page |main |chart |book )?(?:title|heading|headline|header)", facts.title),
    (
        r"(?:full |all |raw |extracted |visible |ocr |image |the |plain |detected |recogni[sz]ed "
        r")*(?:text|transcription|transcript|ocr|words|content|contents|writing|body)(?: content| "
        r"in image)?",
        lambda s: s.text,
    ),
    (r"(?:text |document |detected )?language", lambda s: reading.language_of(s.text)),
    (
        r"(?:image |picture |media |document |content |file |photo )(?:type|kind|category|format)|"
        r"(?:type|kind) of (?:image|picture|document)|medium",
        facts.kind_noun,
    ),
    (r"(?:dominant|main|primary|overall|major|most common)? ?colou?r(?: name)?", _colour),
    (r"background(?: colou?r)?", _background),
    (r"orientation", _form),
    (
        r"(?:main |primary |central |key )?(?:object|subject|thing|item|label|tag|topic|focus|"
        r"species|breed|entity|object name|class|classification|prediction|identity)(?: name| "
        r"label)?",
        _subject,
    ),
    (r"animal|category|family|animal type|object type|type|kind|group", _family),
    (
        r"(?:qr|bar|data|decoded)(?: ?code)?(?: (?:content|value|data|text))?|(?:code|barcode) "
        r"(?:content|value|data)|code|ean|upc|gtin|payload|contents?|value|data",
        _content,
    ),
    (r"(?:code|barcode) (?:type|format|symbology)|symbology", lambda s: s.codes[0].format if s.codes else ""),
    (
        r"(?:merchant|vendor|store|shop|seller|restaurant|business|company|employer|firm|supplier|retailer|cafe|"
        r"issuer|establishment|organi[sz]ation)(?: name)?",
        _merchant,
    ),
    (r"(?:merchant |vendor |store |shop |street |business |company |postal )?address", _address),
    (r"currency(?: code)?", _currency),
    (r"(?:full |contact |person |holder |card ?holder |employee )?name|person|contact", people_of.holder),
    (r"buyer|customer|client|bill(?:ed)? to|payer|purchaser|customer name|buyer name", people_of.buyer),
    (r"(?:job )?(?:company|employer|organi[sz]ation|firm)(?: name)?", people_of.company),
    (r"sender|author|signed by|signatory|signature|from|writer", people_of.signer),
    (r"recipient|addressee|to|receiver", people_of.addressee),
    (r"payment(?: method| type)?|paid (?:by|with)|method of payment", _payment),
    (r"(?:opening|business|store|office|visiting)? ?(?:hours|times)|schedule", lambda s: "; ".join(hours.entries(s))),
    (r"url|link|website|web address|uri", lambda s: next((c.content for c in s.codes if "://" in c.content), "")),
)
NUMBERS: tuple[tuple[str, Facet], ...] = (
    (r"(?:image |picture )?width(?: px| pixels)?", lambda s: s.width),
    (r"(?:image |picture )?height(?: px| pixels)?", lambda s: s.height),
    (r"confidence(?: score| level)?|score|probability|certainty", _confidence),
    (r"brightness", lambda s: round(s.brightness, 3)),
    (r"sharpness", lambda s: round(s.sharpness, 3)),
    (r"aspect ratio", lambda s: round(s.width / s.height, 3)),
)
LISTS: tuple[tuple[str, Callable[[Scene], list[str]]], ...] = (
    (
        r"(?:dominant |main |primary |key )?(?:colou?rs?|palette|colou?r palette|colou?r names)",
        lambda s: [c.name for c in s.colours if c.share >= 0.03],
    ),
    (
        r"(?:text |ocr |all )?(?:lines?|texts?|text lines|strings|transcription)(?: of text)?",
        lambda s: [line.text for line in s.lines],
    ),
    (r"words|tokens", lambda s: s.text.split()),
    (r"(?:text )?(?:blocks|paragraphs)", lambda s: [" ".join(b.split()) for b in s.text.split("\n\n") if b.strip()]),
    (
        r"(?:key |hash ?)?(?:tags?|keywords?|labels?|hashtags|categories|topics|features|elements|themes)",
        describe.tag_list,
    ),
    (
        r"(?:main |detected |visible |key |all |prominent )*(?:objects?|subjects?|things?|entities|"
        r"contents?|things seen|object names|animals?)(?: names| list| detected)?",
        lambda s: _things(s),
    ),
    (
        r"(?:line |purchased |bought )?(?:items?|products?|articles|dishes|goods|positions)(?: names| list)?",
        lambda s: [i["name"] for i in pairs.items(s)] or _things(s),
    ),
    (r"(?:qr |bar ?)?codes?(?: contents?)?", lambda s: [c.content for c in s.codes]),
    (r"shapes?", lambda s: [facts.shape_noun(shape) for shape in s.shapes]),
    (r"e ?mails?(?: addresses)?", lambda s: _matching(s, "email")),
    (r"(?:phone|telephone)s?(?: numbers)?", lambda s: _matching(s, "phone")),
    (r"urls?|links?|websites?", lambda s: _matching(s, "url")),
    (r"dates?", lambda s: _matching(s, "date")),
    (r"times?|hours", lambda s: _matching(s, "time")),
    (r"prices?|amounts?", lambda s: _matching(s, "money")),
    (r"numbers?|values?|data", lambda s: _matching(s, "number")),
    (
        r"(?:key |main )?(?:points|sentences|facts|takeaways|highlights|ideas)",
        lambda s: reading.gist(reading.running_text(s), 5) if s.lines else [],
    ),
    (r"languages?", lambda s: [name] if (name := reading.language_of(s.text)) else []),
    (r"headings?|titles?|headlines|sections", lambda s: [t] if (t := facts.title(s)) else []),
)


def _things(scene: Scene) -> list[str]:
    main = facts.subject(scene)
    found = (["person"] if scene.faces else []) + ([main.name] if main else [])
    return list(
        dict.fromkeys(found + [code.format for code in scene.codes] + [facts.shape_noun(s) for s in scene.shapes])
    )


def _matching(scene: Scene, form: str) -> list[str]:
    return list(dict.fromkeys(pairs.matching(form, [line.text for line in scene.lines])))


def string(scene: Scene, name: str) -> str | None:
    """The fact of that name; "" when the name is known but nothing is shown, None when the name is not known."""
    known = [str(facet(scene)) for pattern, facet in STRINGS if re.fullmatch(pattern, name)]
    return next((fact for fact in known if fact), "") if known else None


def amount(scene: Scene, name: str) -> float | None:
    """A number by its name: a count, a size, a score; None when the name is not known."""
    for pattern, facet in NUMBERS:
        if re.fullmatch(pattern, name):
            return float(facet(scene))
    match = _NUMBER_OF.match(name)
    noun = next((group for group in match.groups() if group), "") if match else name if name.endswith("s") else ""
    result = count.tally(scene, noun) if noun else None
    if name in ("count", "number", "total count", "quantity", "how many"):
        counted = (scene.shapes, scene.faces, scene.codes, pairs.items(scene))
        return next((float(len(some)) for some in counted if some), None)
    if result is None and set(key(noun)) & {"item", "product", "article", "dish"}:
        return float(len(pairs.items(scene))) or None
    return None if result is None else float(result[0])


def whether(scene: Scene, name: str, meaning: Meaning) -> bool | None:
    """A yes or no by its name ("has text", "is photo", "people present"); None when it is no question of sight."""
    match = _WHETHER.match(name)
    asked = next((group for group in match.groups() if group), "") if match else name
    if not key(asked) and not asked:
        return None
    verdict = presence.judge(scene, asked, meaning)
    # "Is it allowed?" is not answered by not seeing it; "has people" and "is a cat" are.
    sought = re.match(
        r"(?:has|have|contains?|includes?|shows?|any|with|there is)\b|.*\b(?:visible|present|detected)$", name
    )
    if verdict.yes or sought or verdict.because != presence.seen(scene) or is_known(asked):
        return verdict.yes is True
    return None


def strings(scene: Scene, name: str) -> list[str] | None:
    """A list of facts by its name; None when the name is not known."""
    return next((facet(scene) for pattern, facet in LISTS if re.fullmatch(pattern, name)), None)
