"""Prompts as people type them: emoji as the words they stand for, and slips of the keyboard mended."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from pollux.engines.builtin.paint.reading import homes, nouns, words
from pollux.engines.builtin.paint.reading.phrases import Know
from pollux.engines.builtin.paint.reading.plurals import to_singular
from pollux.engines.builtin.paint.reading.tokens import Token, bag, tokenise

MOST = 12  # words that are looked at
_LEAST, _LONGEST = 4, 20  # letters of a word that is mended
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FACES = (0x1F600, 0x1F64F)
_GESTURES = frozenset(["hand", "hands", "heart", "hearts", "sparkles", "person", "sign", "thumbs", "pointing", "face"])


def spelt(text: str, know: Know | None) -> tuple[str, tuple[str, ...]]:
    """The text with emoji and slips as words, and sentences that say which slips were mended.

    A word is mended where it means nothing here and one missing, doubled or exchanged letter makes a word of it.
    """
    if know is None:
        return text, ()
    text = _named(text, know)
    if is_foreign(text):
        return text, ()
    out, at, said, looked_at = [], 0, [], 0
    for token in tokenise(text):
        if not _is_strange(token, know):
            continue
        looked_at += 1
        if looked_at > MOST:
            break
        better = next((word for word in _near(token.low) if _is_word(word, know, strictly=True)), "")
        if better:
            out += [text[at : token.start], better]
            at = token.end
            said.append(f'Read "{token.text}" as "{better}".')
    return "".join([*out, text[at:]]), tuple(dict.fromkeys(said))


def is_foreign(text: str) -> bool:
    """Whether the text is in another language, by its letters or its small words."""
    letters = [c for c in text[:2000] if c.isalpha()]
    low = {token.low for token in tokenise(text[:2000])}
    strange = sum(not c.isascii() for c in letters) > len(letters) // 3
    return bool(letters) and (strange or (len(low & _FOREIGN) > 1 and not low & _NATIVE))


_FOREIGN = bag(
    "un una el la los las con en y de del le les des und der die das ein eine mit avec dans sur il une et "
    "auf im uno o os da do em para por gato perro chat hund che di nel nella einem einen einer roter sous au aux "
    "het met op van och med"
)
_NATIVE = bag("a an the of with and on in")


def _named(text: str, know: Know) -> str:
    """Emoji of things as their names; faces and gestures say nothing of the picture."""
    if text.isascii():
        return text
    out = []
    quoted = [(token.start, token.end) for token in tokenise(text) if token.kind == "quote"]
    for at, letter in enumerate(text):
        code = ord(letter)
        if quoted and at >= quoted[0][1]:
            quoted = quoted[1:]
        if quoted and at >= quoted[0][0]:
            out.append(letter)  # lettering stays as it is
            continue
        if code < 0x2190 or (unicodedata.category(letter) not in {"So", "Sk", "Cn"} and code != 0xFE0F):
            out.append(letter)
            continue
        name = unicodedata.name(letter, "").lower().removesuffix(" face").removesuffix(" symbol")
        plain = code >= 0x1F300 and not (_FACES[0] <= code <= _FACES[1]) and not _GESTURES & set(name.split())
        out.append(f" {name} " if plain and know(name) else " ")
    return "".join(out)


def _is_strange(token: Token, know: Know) -> bool:
    low = token.low
    if token.kind != "word" or token.text != low or token.glued or not low.isascii() or not low.isalpha():
        return False
    return _LEAST <= len(low) <= _LONGEST and not _is_word(low, know)


def _is_word(word: str, know: Know, *, strictly: bool = False) -> bool:
    """Whether the word means something here; `strictly` without what only looks like a word."""
    one = to_singular(word)
    meant = any(tried in _VOCABULARY or know(tried) for tried in (word, one))
    if strictly:
        return meant and word in _english()
    return meant or word in _english() or words.is_adverb(word) or words.is_adjective(word)


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """English words: the whole words of the sentence encoder's vocabulary."""
    pieces = json.loads((resources.files("pollux.engines.builtin") / "weights" / "minilm-tokenizer.json").read_bytes())
    return frozenset(word for word in pieces["model"]["vocab"] if word.isalpha() and len(word) >= _LEAST - 1)


def _near(word: str) -> Iterator[str]:
    """Words that one slip makes this one of, the likeliest first."""
    if word.endswith("eing"):
        yield f"{word[:-4]}ing"
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(len(word) - 1):
        if word[at] == word[at + 1]:
            yield word[:at] + word[at + 1 :]
    for at in range(len(word), 0, -1):
        if len(word) > _LEAST or at == len(word):
            yield from (word[:at] + letter + word[at:] for letter in _LETTERS if letter != "s" or at < len(word))


def _all() -> frozenset[str]:
    out: set[str] = set()
    for group in (words.FUNCTION, words.DETERMINERS, words.PRONOUNS, words.ADJECTIVES, words.ORDERS, words.MATERIALS,
                  words.NOUN_FORMS, words.ING_NOUNS, words.ED_NOUNS, words.LY_NOUNS, words.SUFFIXED_NOUNS,
                  words.NEGATIONS, words.COPULAS, nouns.BODY, nouns.MEDIA, nouns.ABSTRACT, nouns.FEATURES,
                  nouns.WORN, nouns.PORTIONS,
                  nouns.VESSELS, nouns.SURFACES, nouns.FURNITURE, homes.CROWDS):  # fmt: skip
        out |= group
    for table in (words.COUNTS, words.TRANSITIVE, words.POSES, nouns.PEOPLE, nouns.LAYOUTS, homes.OCCASIONS):
        out |= set(table)
    out |= nouns.SETTINGS.words() | words.RELATIONS.words() | words.GROUPS.words()
    return frozenset(out)


_VOCABULARY = _all()
