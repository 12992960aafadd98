"""How two things belong together: the plan's relation for the words' one, features, portions, occasions."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading import homes, nouns, words
from pollux.engines.builtin.paint.reading.phrases import Phrase
from pollux.engines.builtin.paint.reading.things import MOST_ATTRIBUTES, Cast, Thing, animate
from pollux.engines.builtin.paint.reading.tokens import bag

_ON_HEADS = bag("hat cap helmet crown sombrero sunglasses glasses beanie beret tiara")
_DEVICES = bag("laptop computer phone tablet guitar piano drum violin keyboard smartphone")
_HIGH = bag("moon sun rainbow constellation star cloud aurora milky")


def occasion(cast: Cast, phrase: Phrase) -> None:
    """A picnic, a party: what stands for it is to be seen, and where it usually is."""
    if phrase.head not in cast.occasions:
        cast.occasions.append(phrase.head)
        for prop in homes.OCCASIONS[phrase.head][1]:
            cast.add(Thing(Phrase(nouns=prop.split())))


def how(relation: str, owner: Thing | None, thing: Thing, scenic: bool) -> str:
    """The plan's relation for the words' one; "" where the thing stands by itself."""
    if relation == words.UNDER and thing.phrase.head in _HIGH:
        thing.place = "0.5 0.22"
        return ""
    if owner is None or scenic or relation in {"", "is", "of", "around"}:
        return ""
    if relation == "front":
        thing.place = thing.place or "back"
        return words.BEHIND
    if relation == "pose":
        return words.HOLD if animate(owner.phrase) and not animate(thing.phrase) else words.BESIDE
    if relation == "with":
        if thing.phrase.head in nouns.WORN and (owner.who or animate(owner.phrase) or thing.phrase.head in _ON_HEADS):
            return words.WEAR
        if animate(owner.phrase) and not animate(thing.phrase):
            return words.HOLD
        return words.BESIDE
    if relation == words.ON and owner.who and thing.phrase.head in _DEVICES:
        return words.HOLD  # "working on a laptop"
    if relation == words.IN and thing.phrase.head in nouns.WORN:
        return words.WEAR
    if relation == words.IN and thing.phrase.head in nouns.FURNITURE:
        return words.BESIDE  # "at a table"
    return relation


def holds(thing: Thing, owner: Thing, depth: int = 0) -> bool:
    """Whether the thing already has its owner: no circles."""
    return depth < 5 and any(one is owner or holds(one, owner, depth + 1) for _, one in thing.with_)


def feature(owner: Thing, phrase: Phrase) -> None:
    """ "with blue eyes and a warm smile": attributes "blue eyes", "smiling"."""
    posed = nouns.POSED.get(phrase.head) or nouns.POSED.get(phrase.head + "s")
    described = [*phrase.colours, *phrase.attributes[-1:]]
    if posed and not phrase.colours:
        owner.phrase.attributes.append(posed)
    elif described or len(phrase.nouns) > 1:
        owner.phrase.attributes.append(" ".join([*described, phrase.name]))


def of(thing: Thing, phrase: Phrase) -> None:
    """ "a bowl of ramen" is ramen, "a cup of coffee" a coffee cup, "a bouquet of red roses" red roses."""
    head, own = thing.phrase.head, thing.phrase
    if len(own.attributes) > MOST_ATTRIBUTES:
        return
    if head in nouns.PORTIONS:
        own.attributes = [*own.attributes, head, *phrase.attributes]
        own.colours = own.colours + phrase.colours
        own.nouns = phrase.nouns
        own.many = own.many or phrase.many
        own.count = own.count or phrase.count
    elif head in nouns.VESSELS:
        own.attributes += phrase.attributes
        own.nouns = [*phrase.nouns[-2:], head]
    else:
        own.attributes += [f"of {phrase.name}"] if phrase.name else []
