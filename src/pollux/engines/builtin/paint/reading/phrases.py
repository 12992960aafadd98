"""Sentences cut into noun phrases, relations between them, and places in the frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pollux.engines.builtin.paint.reading import deeds, hues, nouns, words
from pollux.engines.builtin.paint.reading.places import place_at
from pollux.engines.builtin.paint.reading.plurals import to_singular
from pollux.engines.builtin.paint.reading.tokens import Token, bag

Know = Callable[[str], bool]
MOST_NOUNS = 4  # words in a thing's name
MOST_COUNT = 50
_ALIKE = frozenset({"fish", "sheep", "deer", "moose", "salmon"})  # one and many
_NAMING = bag("called named titled entitled labeled labelled")
_WORKS = bag("baking cooking making planting growing building brewing preparing drawing folding knitting")


@dataclass(slots=True)
class Phrase:
    """A noun phrase: "two tiny red pandas".  `nouns` are its head and what specifies it, the head in the singular."""

    nouns: list[str] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    count: int = 0  # 0: no number was given
    many: bool = False
    definite: bool = False
    article: bool = False
    proper: bool = False
    medium: bool = False  # "office group photo": a word for the picture itself stands in it
    quote: str = ""

    @property
    def name(self) -> str:
        """The nouns as one name."""
        return " ".join(self.nouns)

    @property
    def head(self) -> str:
        """The last noun."""
        return self.nouns[-1] if self.nouns else ""


@dataclass(slots=True)
class Piece:
    """One piece: `kind` is "phrase", "relation", "place", "pronoun", "copula", "pose", "comma", "order" or ""."""

    kind: str
    value: str = ""
    phrase: Phrase | None = None
    begin: int = 0
    end: int = 0


def pieces(tokens: list[Token], begin: int, end: int, know: Know | None = None) -> list[Piece]:
    """The pieces of one sentence, in order."""
    out: list[Piece] = []
    index = begin
    while index < end:
        piece = _piece(tokens, index, end, out, know)
        if piece and piece.kind:
            out.append(piece)
        index = max(piece.end if piece else 0, index + 1)
    return out


def _piece(tokens: list[Token], index: int, end: int, before: list[Piece], know: Know | None) -> Piece | None:
    token, low = tokens[index], tokens[index].low
    if token.kind == "mark" and not token.used:
        return Piece("comma", low, None, index, index + 1) if low in ",:()–—/&" else None
    if token.used:
        return None
    if low in _WORKS and index and tokens[index - 1].low in {"to", "of", "for", "on", "about"}:
        return None
    if index > 1 and tokens[index - 1].low == "to" and tokens[index - 2].low == "how":
        return None  # "how to plant a tree": what is done, not what is seen
    placed = place_at(tokens, index, end)
    if placed:
        return Piece("place", placed[0], None, index, placed[1])
    if low in words.PRONOUNS:
        return Piece("pronoun", low, None, index, index + 1)
    behind = bool(before) and before[-1].kind in {"phrase", "pronoun", "place", "pose"}
    verb = _verb(tokens, index, end, behind)
    if verb:
        return verb
    relation = words.RELATIONS.at(tokens, index)
    if relation and index + relation[0] <= end:
        return Piece("relation", relation[1], None, index, index + relation[0])
    if low in words.COPULAS:
        return Piece("copula", low, None, index, index + 1)
    if low in words.ORDERS and not behind:
        return Piece("order", low, None, index, index + 1)
    stop, phrase = _phrase(tokens, index, end, know)
    return Piece("phrase" if phrase else "", "", phrase, index, stop)


def _verb(tokens: list[Token], index: int, end: int, behind: bool) -> Piece | None:
    """A verb that ties two things or tells a pose; plurals like "stars" are verbs only behind a thing."""
    low = tokens[index].low
    if behind and deeds.does(tokens, index, end):
        return Piece("relation", words.BESIDE, None, index, index + 1)
    if words.RELATIONS.at(tokens, index) or (
        not behind and (low in words.NOUN_FORMS or _describes(tokens, index, end))
    ):
        return None
    if low in words.TRANSITIVE and low not in words.POSES:
        return Piece("relation", words.TRANSITIVE[low], None, index, index + 1)
    if behind and _acts(tokens, index, end) and low not in words.POSES and low not in words.COPULAS:
        return Piece("relation", words.BESIDE, None, index, index + 1)
    if low in words.POSES or (words.is_ing(low) and behind):
        follows = index + 1 < end and (tokens[index + 1].low in words.DETERMINERS)
        if low in words.TRANSITIVE and follows:
            return Piece("relation", words.TRANSITIVE[low], None, index, index + 1)
        return Piece("pose", words.POSES.get(low, low), None, index, index + 1)
    return None


def _describes(tokens: list[Token], index: int, end: int) -> bool:
    """Whether an -ing form stands before the noun it describes: "flying pig"."""
    if index + 1 >= end or tokens[index + 1].kind != "word":
        return True
    low = tokens[index + 1].low
    return not (low in words.FUNCTION or low in words.DETERMINERS)


def _phrase(tokens: list[Token], index: int, end: int, know: Know | None) -> tuple[int, Phrase | None]:
    """The noun phrase at `index` and where it ends."""
    phrase = Phrase()
    begin = index
    while index < end:
        step = _group(tokens, index, phrase) or _word(tokens, index, end, phrase)
        if not step:
            break
        index += step
    if not (phrase.nouns or phrase.colours or phrase.attributes or phrase.quote):
        return max(index, begin + 1), None
    if (
        phrase.article
        and not (phrase.nouns or phrase.quote)
        and phrase.attributes
        and not (
            phrase.attributes[-1] in words.ADJECTIVES
            or words.is_participle(phrase.attributes[-1])
            or "-" in phrase.attributes[-1]
        )
    ):
        phrase.nouns.append(phrase.attributes.pop())  # "a detective": only its ending looked like an adjective's
    _settle(phrase, know)
    return max(index, begin + 1), phrase


def _group(tokens: list[Token], index: int, phrase: Phrase) -> int:
    """Reads "a group of", "two dozen", "pair of"."""
    if phrase.nouns:
        return 0
    found = words.GROUPS.at(tokens, index)
    if not found:
        return 0
    after = index + found[0]
    if tokens[index].low in {"family", "group", "team", "crowd"} and after < len(tokens):
        size = _size(tokens[after])
        if size and (
            words.is_ing(tokens[min(after + 1, len(tokens) - 1)].low) or not _noun_follows(tokens, after, len(tokens))
        ):
            phrase.nouns.append("family" if tokens[index].low == "family" else "people")
            phrase.count, phrase.many = size, True
            return found[0] + 1
    phrase.count, phrase.many = max(phrase.count, 1) * int(found[1]) if found[1] in {"2", "12"} else int(found[1]), True
    return found[0]


def _size(token: Token) -> int:
    """How many, by a word or digits; 0 where it is no number."""
    if token.kind == "number":
        return int(token.text) if token.text.isascii() and token.text.isdigit() and len(token.text) < 3 else 0
    return words.COUNTS.get(token.low, 0)


def _word(tokens: list[Token], index: int, end: int, phrase: Phrase) -> int:
    """Takes one word (or one colour, one hyphenated word) into the phrase: how many tokens, 0 where the phrase ends."""
    token, low, named = tokens[index], tokens[index].low, bool(phrase.nouns)
    if token.used:
        phrase.medium |= low in nouns.MEDIA and bool(phrase.nouns)
        return 1
    if token.kind == "quote":
        phrase.quote = phrase.quote if named else token.text
        return 0 if named else 1
    if token.owner and not named and index + 1 < end and tokens[index + 1].low in nouns.FEATURES:
        phrase.nouns.append(low)
        phrase.attributes.append(tokens[index + 1].low)
        return 2
    if low in words.DETERMINERS or (token.owner and not named):
        if named or phrase.colours:
            return 0
        phrase.definite |= low in words.DEFINITE or token.owner
        phrase.article |= low in {"a", "an", "one"}
        return 1
    if token.kind == "number" or low in words.COUNTS:
        return 0 if named else _count(phrase, token)
    if token.kind == "mark":
        return _joint(tokens, index, end, phrase)
    length = _hyphened(tokens, index, end)
    if length > 1 and not token.used:
        return _compound(tokens, index, length, phrase)
    colour = _colour(tokens, index, end)
    if colour[0] and (not named or _noun_follows(tokens, index + colour[0] - 1, end)):
        _demote(phrase)
        phrase.colours.append(colour[1])
        return colour[0]
    if low == "and":
        return _joint(tokens, index, end, phrase)
    return _plain(tokens, index, end, phrase)


def _plain(tokens: list[Token], index: int, end: int, phrase: Phrase) -> int:
    """An adjective, a noun, or a word that ends the phrase."""
    token, low, named = tokens[index], tokens[index].low, bool(phrase.nouns)
    if words.is_adverb(low) or low in {"very", "extremely", "slightly", "super", "more", "most", "really", "quite"}:
        return 0 if named else 1
    if low in words.FUNCTION or low in words.COPULAS or token.kind not in {"word", "hex"}:
        return 0
    if (
        low in _NAMING
        or (named and deeds.does(tokens, index, end))
        or (low in words.ORDERS and (named or not phrase.article))
    ):
        return 0
    if words.is_ing(low) or low in words.POSES:
        return _ing(tokens, index, end, phrase)
    more = _noun_follows(tokens, index, end)
    if words.is_adjective(low) and not (named and not words.is_participle(low) and low not in words.ADJECTIVES):
        if named and not more:
            return 0
        _demote(phrase)
        if more or low not in nouns.WORN | {"orange", "square", "baby", "light", "cold", "chief", "human", "wild"}:
            phrase.attributes.append(low)
            return 1
    if named and ((low in words.TRANSITIVE and low not in words.NOUN_FORMS) or _acts(tokens, index, end)):
        return 0
    if len(phrase.nouns) >= 2 * MOST_NOUNS:
        return 0
    phrase.proper |= token.text[:1].isupper() and index > 0
    phrase.nouns.append(low)
    return 1


def _acts(tokens: list[Token], index: int, end: int) -> bool:
    """Whether a word after a noun is a verb in the third person with an object: "a fox loses her scarf"."""
    low = tokens[index].low
    if len(low) < 4 or not low.endswith("s") or low.endswith(("ss", "us", "is")) or index + 1 >= end:
        return False
    after = tokens[index + 1].low
    return after in words.DETERMINERS or after in {"him", "it", "them"}


def _demote(phrase: Phrase) -> None:
    """What was taken for nouns describes when a colour or an adjective follows: "a prominent blue sofa"."""
    phrase.attributes += phrase.nouns
    phrase.nouns = []


def _ing(tokens: list[Token], index: int, end: int, phrase: Phrase) -> int:
    """ "a flying pig": describes; "a pig flying": ends the phrase; "stars", "a watch": are nouns."""
    low = tokens[index].low
    if low in words.NOUN_FORMS:
        phrase.nouns.append(low)
        return 1
    if phrase.nouns:
        return 0
    if _noun_follows(tokens, index, end):
        phrase.attributes.append(low)
        return 1
    return 0


def _noun_follows(tokens: list[Token], index: int, end: int) -> bool:
    """Whether the word after `index` may belong to the same phrase."""
    if index + 1 >= end or tokens[index + 1].kind != "word":
        return False
    low = tokens[index + 1].low
    return not (low in words.FUNCTION or low in words.DETERMINERS or low in words.COPULAS or low in words.PRONOUNS)


def _colour(tokens: list[Token], index: int, end: int) -> tuple[int, str]:
    """The colour at `index`, unless the word is a thing here: "an orange"."""
    length, name = hues.at(tokens, index, end)
    if not length:
        return hues.joined(tokens, index, end)
    if (
        length == 1
        and hues.is_thing(name)
        and not _noun_follows(tokens, index, end)
        and tokens[index - 1].low not in {"in", "is", "are"}
    ):
        joined = index + 2 < end and tokens[index + 1].low == "and" and hues.at(tokens, index + 2, end)[0]
        return (length, name) if joined and tokens[index - 1].low not in {"a", "an"} else (0, "")
    return length, name


def _joint(tokens: list[Token], index: int, end: int, phrase: Phrase) -> int:
    """A comma or "and" between adjectives or colours: goes on where another one follows before the noun."""
    if phrase.nouns or not (phrase.colours or phrase.attributes) or tokens[index].low not in {",", "and", "&"}:
        return 0
    after = index + 1
    if after < end and tokens[after].low == "and":
        after += 1
    if after >= end or tokens[after].kind != "word":
        return 0
    low = tokens[after].low
    if _colour(tokens, after, end)[0] or words.is_adjective(low) or _hyphened(tokens, after, end) > 1:
        return after - index
    if words.is_adverb(low) or (words.is_ing(low) and _noun_follows(tokens, after, end)):
        return after - index
    return 0


def _hyphened(tokens: list[Token], index: int, end: int) -> int:
    """How many tokens the hyphenated word at `index` has."""
    stop = index + 1
    while stop < min(end, index + 6) and tokens[stop].glued:
        stop += 1
    return stop - index


def _compound(tokens: list[Token], index: int, length: int, phrase: Phrase) -> int:
    """A hyphenated word: a colour, an adjective ("sun-drenched"), or a noun ("t-shirt", "nano-banana")."""
    parts = [token.low for token in tokens[index : index + length]]
    size, colour = hues.at(tokens, index, index + length)
    if size == length and not phrase.nouns:
        phrase.colours.append(colour)
        return length
    last = parts[-1]
    describing = (
        words.is_adjective(last)
        or words.is_ing(last)
        or length > 2
        or hues.at(tokens, index + length - 1, index + length)[0]
        or parts[0] in words.COUNTS
        or parts[0] in {"half", "high", "low", "multi", "full", "self", "ultra", "well"}
    )
    follows = _noun_follows(tokens, index + length - 1, len(tokens))
    if describing and (follows or not phrase.nouns) and not any(token.used for token in tokens[index : index + length]):
        if phrase.nouns:
            return 0
        phrase.attributes.append("-".join(parts))
        return length
    if parts[0] in words.ADJECTIVES and not phrase.nouns:
        phrase.attributes.append(parts[0])
        parts = parts[1:]
    name = "-".join(parts)
    phrase.nouns += [name] if name in nouns.WORN or name == "t-shirt" else parts
    return length


def _count(phrase: Phrase, token: Token) -> int:
    if token.kind == "number":
        digits = token.low.replace(",", "").split(".")[0]
        if len(digits) > 3 or phrase.count:
            return 0
        phrase.count = min(MOST_COUNT, int(digits)) or 1
    else:
        phrase.count = words.COUNTS[token.low]
    phrase.many |= phrase.count > 1
    return 1


def _settle(phrase: Phrase, know: Know | None) -> None:
    """Plural or singular, kinds whose name begins with a colour, and what art is known for."""
    if not phrase.nouns:
        return
    last = phrase.nouns[-1]
    one = to_singular(last)
    if one != last:
        phrase.many = True
        phrase.nouns[-1] = one
    elif last in _ALIKE and not (phrase.article or phrase.definite or phrase.count):
        phrase.many = True
    phrase.nouns = phrase.nouns[-MOST_NOUNS:]
    known = know or (lambda _: False)
    wild = f"{phrase.colours[-1]} {phrase.name}" if phrase.colours else ""
    if wild in nouns.COLOURED_KINDS and know and not known(wild) and known(phrase.name):
        phrase.attributes.append(phrase.colours.pop())  # a red fox is no fox painted red
        return
    for source in (phrase.colours, phrase.attributes):
        whole = f"{source[-1]} {phrase.name}" if source else ""
        kind = f"{source[-1].replace('gold', 'golden')} {phrase.nouns[0]}" if source else ""
        if kind in nouns.COLOURED_KINDS and "golden" in kind:
            whole = f"golden {phrase.name}"
        if whole and last not in nouns.FEATURES and ({whole, kind} & nouns.COLOURED_KINDS or known(whole)):
            source.pop()
            phrase.nouns = whole.split()
            return
    while len(phrase.nouns) > 1 and phrase.nouns[0] in words.MATERIALS and not known(phrase.name):
        phrase.attributes.append(phrase.nouns.pop(0))
