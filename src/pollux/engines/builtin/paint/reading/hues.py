"""Colour words in a prompt, with what stands before them: "matte black", "deep navy blue", "off-white"."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading.tokens import Token, bag

STRONG = bag(
    "red orange yellow green blue purple pink brown black white grey gray gold golden silver beige teal "
    "turquoise navy crimson scarlet maroon magenta cyan indigo khaki tan burgundy azure ivory violet lilac mauve "
    "taupe fuchsia ginger chartreuse ochre terracotta blonde blond auburn periwinkle aquamarine vermilion "
    "vermillion cerulean cobalt sepia"
)
WEAK = bag(
    "rose peach lime lemon olive cream chocolate coral mint salmon plum lavender rust sand ruby emerald sapphire "
    "amber copper bronze charcoal mustard wine cherry aqua slate sage sky denim eggshell honey caramel apricot "
    "jade moss"
)
_TONES = bag(
    "light dark pale deep bright matte matt metallic pastel neon hot soft warm dusty royal off vivid glossy cool "
    "electric baby forest sea sky navy midnight steel ocean powder blood burnt fire brick hunter army dull muted "
    "rich vibrant pure jet snow shiny satin antique bluish reddish greenish candy bubblegum lemon mint lime "
    "olive emerald rose coral rust ice ruby cherry sage slate cobalt moss grass apple wine peach lavender "
    "chocolate mustard"
)
_NOUNS = bag("orange gold silver violet rose peach lime lemon olive ginger navy")
"""Colours that are things when no noun follows: "an orange"."""
_JOINTS, FOODS = frozenset(["and", "&"]), frozenset(["orange", "ginger"])


def at(tokens: list[Token], index: int, end: int, weak: bool = False) -> tuple[int, str]:
    """How many tokens the colour at `index` has, and its name; (0, "") for none.  `weak`: "mint" counts as a colour."""
    if tokens[index].kind == "hex":
        return 1, tokens[index].low
    stop = index
    while stop < min(end, index + 3) and tokens[stop].kind == "word":
        word = tokens[stop].low
        more = tokens[stop + 1].low if stop + 1 < end else ""
        if word in _TONES and (
            more in STRONG or (more in _TONES and stop + 2 < end and tokens[stop + 2].low in STRONG)
        ):
            stop += 1
            continue
        one = word[:-1] if word.endswith("s") and word[:-1] in STRONG and (weak or stop > index) else word
        if one in STRONG or (weak and one in WEAK):
            return stop + 1 - index, _name([token.low for token in tokens[index:stop]] + [one])
        break
    return 0, ""


def joined(tokens: list[Token], index: int, end: int) -> tuple[int, str]:
    """A colour word that is food, wood or a stone by itself, but a colour here: "red and cream", "cream and blue"."""
    length, name = at(tokens, index, end, weak=True)
    if not length or tokens[index].kind == "hex":
        return 0, ""
    before = tokens[index - 2].low if index > 1 and tokens[index - 1].low in _JOINTS else ""
    after = index + length + 1
    if after < end and tokens[after - 1].low in _JOINTS:
        more, other = at(tokens, after, end)
        if more and other not in FOODS:
            return length, name
    return (length, name) if before in STRONG and before not in FOODS else (0, "")


def listed(tokens: list[Token], begin: int, end: int) -> tuple[str, ...]:
    """All colours named between two tokens, in order, each once."""
    out: dict[str, None] = {}
    index = begin
    while index < end:
        length, name = at(tokens, index, end, weak=True)
        if length:
            out[name] = None
        index += length or 1
    return tuple(out)


def is_thing(word: str) -> bool:
    """Whether a colour's name is a thing when it stands alone: "two oranges", "an orange"."""
    return word in _NOUNS


def _name(words: list[str]) -> str:
    """The colour's name: "off white" is written "off-white"."""
    words = ["gray" if word == "grey" else "gold" if word == "golden" else word for word in words]
    return "off-white" if words == ["off", "white"] else " ".join(words)
