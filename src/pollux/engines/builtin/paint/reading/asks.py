"""Whether an image model is asked for a picture at all, or for words."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading.tokens import Table, Token, bag, sentences, tokenise

_MOST = 4000  # characters that are looked at

_QUESTIONS = bag(
    "what what's who whose whom where when why how which is are was were do does did has have am who's where's "
    "how's"
)  # fmt: skip
_WORDS = bag(
    "describe explain summarize summarise translate list tell answer count identify read transcribe compare "
    "analyze analyse write calculate solve name define classify detect extract caption recommend suggest hello "
    "hi hey thanks thank ok okay yes no help evaluate rate review discuss why proofread correct spell locate "
    "segment find"
)
_MAKES = bag(
    "create generate make draw paint design show add put render produce illustrate sketch depict visualize "
    "visualise imagine build craft turn transform convert change edit remove replace update colour color restyle "
    "animate crop rotate resize give combine place blur erase recolor recolour enhance modify merge apply use "
    "adjust convert extend fill"
)
_PICTURES = Table((("yes",
    "picture|image|photo|illustration|drawing|painting|poster|logo|sticker|icon|infographic|comic|sketch|"
    "portrait|card|banner|chart|diagram|photograph|wallpaper|pictures|images|illustrations|drawings|artwork|"
    "illustrated|storyboard|cartoon|flyer|menu|render|photos"),))  # fmt: skip
_POLITE = bag(
    "please can could would will you kindly now then and also just i want need like you'd i'd to let's so ok "
    "okay hi hey hello , ! . me us great that's thanks thank but"
)  # fmt: skip


def is_drawing(text: str) -> bool:
    """Whether the text asks for a picture: an order to make or change one, or a plain description of one.

    False for what is answered in words: questions ("What is in this picture?"), orders for words ("Describe ...") and
    greetings.  A text that asks for both asks for a picture.
    """
    tokens = tokenise(text[:_MOST])
    spans = sentences(tokens)
    if not any(token.kind in {"word", "number", "quote"} for token in tokens):
        return False
    verdicts = [_one(tokens, begin, end) for begin, end in spans]
    if any(verdict is True for verdict in verdicts):
        return True
    return not any(verdict is False for verdict in verdicts)


_WRITTEN = bag(
    "list summary poem essay text table sentence joke code description caption sense sentences title summary"
)
_WRITES = bag("create generate make give build craft produce")


def _written(rest: list[Token]) -> bool:
    """Whether an order to make something means words: "create a list of ...", "generate a caption for this image"."""
    if rest[0].low not in _WRITES or (len(rest) > 1 and rest[1].low in {"the", "this", "it", "its"}):
        return False
    for index in range(1, min(5, len(rest))):
        if _PICTURES.at(rest, index):
            return False
        if rest[index].low in _WRITTEN:
            return True
    return any(token.low == "story" for token in rest[1:4]) and not _PICTURES.first(rest)


def _one(tokens: list[Token], begin: int, end: int) -> bool | None:
    """True for an order to draw, False for a question or another order, None for a description."""
    index = begin
    while index < end and (tokens[index].low in _POLITE or tokens[index].kind in {"mark", "line"}):
        index += 1
    polite = [token.low for token in tokens[begin:index]]
    if index >= end:
        return False if any(word in _WORDS for word in polite) else None
    low = tokens[index].low
    rest = tokens[index:end]
    if low in _MAKES:
        return not _written(rest)
    asked = end < len(tokens) and tokens[end].low in "?？"
    if low in _QUESTIONS or (asked and low not in _MAKES and not any(token.low in _MAKES for token in rest[:4])):
        return False
    if low in _WORDS:
        return bool(_PICTURES.first(rest[1:])) and low in {"write", "tell", "list", "explain", "help"} and any(
            token.low in {"illustrated", "pictures", "images", "illustrations", "drawings"} | _MAKES for token in rest
        )  # fmt: skip
    return None
