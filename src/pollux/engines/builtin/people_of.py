"""Who is behind a document: its issuer, the name on a card, who a letter is to and from."""

from __future__ import annotations

import re

from pollux.engines.builtin import facts
from pollux.engines.builtin.scene import Scene

_FIRM = re.compile(
    r"\b(?:Ltd|Limited|Inc|LLC|LLP|GmbH|AG|Corp|Corporation|Co|Company|S\.?A|S\.?r\.?l|B\.?V|PLC|plc|Oy|AB)\b\.?$"
)
_TO = re.compile(
    r"(?:bill(?:ed)? to|invoice to|sold to|customer|client|buyer|passenger|issued to)(?: name)?\s*[:\-]?\s*"
    r"(?P<name>.*)$",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"\b(?:sincerely|faithfully|truly|regards|best wishes|yours)\b,?$", re.IGNORECASE)


def firm(scene: Scene) -> str:
    """The line that is the name of a company by its legal form; "" for none."""
    return next((line.text for line in scene.lines if _FIRM.search(line.text.strip())), "")


def issuer(scene: Scene) -> str:
    """Who issued a receipt, invoice, ticket or menu: a firm's name, else the heading unless it is a mere "Invoice"."""
    sort = facts.papers(scene)
    if sort not in ("receipt", "invoice", "ticket", "menu"):
        return ""
    head = facts.title(scene)
    if head.lower().strip(" :#") != sort:
        return firm(scene) or head
    named = [line.text for line in scene.lines if line.text != head and not re.search(r"[\d:]", line.text)]
    return firm(scene) or (named[0] if named else "")


def buyer(scene: Scene) -> str:
    """Whom an invoice or a ticket is made out to: what stands after or under "Bill to", "Customer" and the like."""
    texts = [run.text.strip() for line in scene.lines for run in line.pieces or (line,)]
    for index, text in enumerate(texts):
        match = _TO.match(text)
        if match and match["name"]:
            return match["name"].strip()
        if match and index + 1 < len(texts):
            return texts[index + 1]
    return ""


def company(scene: Scene) -> str:
    """The firm on a business card: by its legal form, else the line that the e-mail's or web page's domain repeats."""
    if facts.papers(scene) != "business card":
        return ""
    known = firm(scene)
    domains = re.findall(r"(?:@|www\.)([\w-]{3,})\.", scene.text.lower())
    named = [line.text for line in scene.lines if not re.search(r"[@\d]|www\.", line.text)]
    plain = [(re.sub(r"\W", "", text.lower()), text) for text in named if text != holder(scene)]
    return known or next(
        (text for bare, text in plain for domain in domains if domain.replace("-", "") in bare or bare in domain), ""
    )


def holder(scene: Scene) -> str:
    """The name on a business card: the line that the e-mail address repeats, else the largest line."""
    if facts.papers(scene) != "business card":
        return ""
    address = re.search(r"([\w.+-]+)@", scene.text.lower())
    parts = {part for part in re.split(r"[^a-z]+", address[1]) if len(part) > 2} if address else set()
    named = [line.text for line in scene.lines if not re.search(r"[@\d]|www\.", line.text)]
    return next((text for text in named if parts & set(re.findall(r"\w+", text.lower()))), facts.title(scene))


def role(scene: Scene) -> str:
    """What stands under the name on a business card."""
    name = holder(scene)
    texts = [line.text for line in scene.lines]
    after = texts[texts.index(name) + 1 :] if name in texts else []
    return after[0] if after and not re.search(r"[\d@]", after[0]) else ""


def addressee(scene: Scene) -> str:
    """Whom a letter greets."""
    match = re.search(r"^Dear ([^,:\n]+)", scene.text, re.MULTILINE)
    return match.group(1).strip() if match else ""


def signer(scene: Scene) -> str:
    """What stands under a letter's closing words."""
    texts = [line.text for line in scene.lines]
    closing = next((i for i, text in enumerate(texts) if _CLOSING.search(text.strip())), len(texts))
    return texts[closing + 1] if closing + 1 < len(texts) else ""
