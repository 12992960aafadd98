"""From phrases to what is seen: things with what they wear, hold or stand on, the setting, the surface."""

from __future__ import annotations

from dataclasses import dataclass, field

from pollux.engines.builtin.paint.reading import homes, nouns, ties, words
from pollux.engines.builtin.paint.reading.phrases import Phrase, Piece
from pollux.engines.builtin.paint.reading.things import MOST_WITH, Cast, Thing, animate
from pollux.engines.builtin.paint.reading.tokens import Token, bag

_PICTURES = bag("picture image photo illustration drawing caption step")
_ORBS = frozenset({"moon", "mars"})  # places only where something is on them
_BUILT = bag("castle temple ruins library museum shop cafe restaurant stadium factory hospital station city")
_STANDS = frozenset({words.ON, words.IN, words.UNDER})  # "in a bowl on a table": the bowl is on the table
_CHARTS = bag("pie bar line weather donut column flow")
_AIRS = bag("steam smoke")  # "..., steam rising": the thing's own
_KINDS = bag("animal fruit vegetable character figure creature bird toy tool vehicle shape flower person people "
"friend food "
             "dish drink plant object instrument pet")  # fmt: skip
_SHAPED = bag("icon logo emblem symbol motif silhouette sticker illustration shape pattern sketch drawing")


@dataclass(slots=True)
class _Clause:
    """What one sentence's reading remembers from piece to piece."""

    relation: str = ""
    owner: Thing | None = None  # who the last relation belongs to
    last: Thing | None = None
    joined: str = ""  # "," or "and" since the last phrase
    place: str = ""
    kept: str = ""  # the relation a list goes on with
    scenic: bool = False  # a setting was read last: "with ..." is in it
    verb: bool = False
    medium: bool = False
    tale: bool = False
    group: list[Thing] = field(default_factory=list)  # "a cat and a dog": both are sitting
    heading: Thing | None = None  # "three animals": a list of them follows
    tied: str = ""  # how the last thing is tied to its owner


def gather(parts: list[Piece], tokens: list[Token], cast: Cast, topic: str = "") -> None:
    """Adds one sentence's things to the cast.  `topic`: "setting", "background" or "" for any other sentence."""
    clause = _Clause(last=None)
    for part in parts:
        if part.kind == "relation":
            _relation(clause, cast, part.value)
        elif part.kind == "comma":
            clause.joined = "and" if part.value in "&/" else ","
            if part.value == ":":
                clause.scenic, clause.kept, clause.heading = False, "", clause.last
            clause.relation = ""
        elif part.kind == "place":
            _place(clause, part.value, cast)
        elif part.kind == "pronoun":
            _pronoun(clause, cast, part.value)
        elif part.kind == "copula":
            clause.verb, clause.relation = True, "is"
        elif part.kind == "pose" and clause.kept == "feature":
            clause.relation, clause.owner = "pose", clause.owner or cast.main  # "smoke rising": told already
        elif part.kind == "pose" and (clause.last or cast.main):
            who = clause.owner if clause.owner and not clause.relation else clause.last or cast.main
            for one in clause.group if who in clause.group else [who or Thing(Phrase())]:
                one.phrase.attributes.append(part.value)
            clause.relation, clause.owner = "pose", who
        elif part.kind == "order":
            clause.relation, clause.owner = "", None
        elif part.phrase:
            _phrase(clause, cast, part, tokens, topic)


def _relation(clause: _Clause, cast: Cast, relation: str) -> None:
    if relation == "and":
        clause.joined, clause.relation = "and", ""
        return
    clause.joined = ""
    if relation in {"with", words.WEAR, words.HOLD, words.EAT, words.RIDING} or clause.owner is None:
        clause.owner = clause.last if relation == "with" else clause.owner or clause.last or cast.main
    elif relation not in {"of", "for", "as"}:
        chained = clause.tied in _STANDS and relation in _STANDS
        clause.owner = (
            clause.last if chained and clause.relation != "pose" else clause.owner or clause.last or cast.main
        )
    clause.relation, clause.kept = relation, ""


def _place(clause: _Clause, place: str, cast: Cast) -> None:
    """A place belongs to the thing before it, or, at the start of a clause, to the next one."""
    had = clause.owner.with_ if clause.owner else []
    tied = any(one is clause.last for _, one in had)
    thing = clause.owner if tied and place != "back" else clause.last
    if place == "back" and thing and _to_background(clause, cast, thing, tied):
        return
    if clause.relation == "front" and thing is None:
        thing = cast.main
    if thing and (not thing.place or thing.far) and (not clause.scenic or clause.last is thing):
        for one in _listed(cast, thing) if place in {"back", "front"} else [thing]:
            one.place, one.far = place, False
    elif thing is None or clause.joined or clause.scenic:
        clause.place = place
    clause.relation = ""


def _to_background(clause: _Clause, cast: Cast, thing: Thing, tied: bool) -> bool:
    """ "mountains in the background" is the setting; a lamp there is nobody's: whether the place is dealt with."""
    setting = nouns.SETTINGS.get([thing.phrase.head])
    if thing is cast.main and len(cast.things) < 2:
        return False
    if tied and clause.owner:
        clause.owner.with_ = [pair for pair in clause.owner.with_ if pair[1] is not thing]
    cast.things = [one for one in cast.things if one is not thing]
    clause.relation = ""
    if setting and not thing.phrase.article:
        cast.settings.append((setting, thing.phrase, "back"))
        clause.last = clause.owner
        cast.main = cast.main if cast.main is not thing else next(iter(cast.things), None)
        return True
    if tied:
        thing.place, thing.far = "back", False
        cast.add(thing)
        return True
    cast.add(thing)
    return False


def _listed(cast: Cast, thing: Thing) -> list[Thing]:
    """The thing, with those of the setting that stand in one list with it: "wheels and shelves in the background"."""
    return [one for one in cast.things if one.far] + [thing] if thing.far else [thing]


def _pronoun(clause: _Clause, cast: Cast, word: str) -> None:
    """ "He" tells a person's sex; a clause that begins with a pronoun is about the main thing."""
    who = cast.main
    if who is None:
        return
    if word in words.MEN or word in words.WOMEN:
        sex = "man" if word in words.MEN else "woman"
        if who.who == "person" and sex not in who.phrase.attributes:
            who.phrase.attributes.append(sex)
    if clause.last is None:
        clause.last = clause.owner = who
        if word in words.COPULAS:
            clause.relation = "is"
    elif clause.relation == "front":
        clause.last.place, clause.relation = "front", ""


def _phrase(clause: _Clause, cast: Cast, part: Piece, tokens: list[Token], topic: str) -> None:
    phrase = part.phrase or Phrase()
    if clause.relation == "without":
        cast.unwanted.append(phrase.name)
    elif not phrase.nouns:
        _describe(clause, cast, phrase, topic)
    elif not (_of_picture(clause, cast, phrase, _setting(tokens, part)) or _scenery(clause, cast, part, tokens, topic)):
        _thing(clause, cast, phrase, topic)
    if clause.relation not in {"is"}:
        clause.relation = ""
    clause.joined = ""


def _describe(clause: _Clause, cast: Cast, phrase: Phrase, topic: str) -> None:
    """Colours and adjectives without a noun: "in matte black", "the cat is orange"."""
    if topic == "background":
        cast.background += phrase.colours
        return
    thing = clause.last or cast.main
    if cast.layout and (clause.joined == "," or thing is None):
        cast.palette += phrase.colours
        return
    if thing and (clause.relation in {words.IN, "is", "with"} or clause.joined == ",") and not phrase.quote:
        thing.phrase.colours += phrase.colours
        if clause.relation == "is":
            thing.phrase.attributes += phrase.attributes


def _of_picture(clause: _Clause, cast: Cast, phrase: Phrase, setting: str) -> bool:
    """Whether the phrase speaks of the picture ("a poster", "a colour palette of ...", "sharp focus")."""
    head = phrase.head
    if phrase.medium and phrase.nouns and not phrase.definite:
        clause.medium = True
        cast.purpose.append(Thing(Phrase(nouns=phrase.nouns, colours=phrase.colours, definite=True)))
        return True
    if head in nouns.TALES and not cast.things and clause.relation in {"", "of"}:
        clause.tale = clause.medium = True
        if not any(word in nouns.LAYOUTS for word in phrase.nouns):
            return True
    if _laid_out(clause, cast, phrase):
        return True
    if head in _PICTURES and len(phrase.nouns) == 1 and clause.relation == "with" and not phrase.article:
        return True  # "in four steps with pictures"
    if head in {"background", "backdrop", "canvas"}:
        cast.background += phrase.colours + [word for word in phrase.attributes if word == "transparent"]
        return not (phrase.nouns[:-1] and not phrase.colours)
    if head in {"color", "colour", "palette", "scheme", "tone"} or "palette" in phrase.nouns:
        cast.palette += phrase.colours
        return True
    if head == "theme":
        cast.themes.append(" ".join(phrase.nouns[:-1]))
        return True
    if setting and head not in {"background", "backdrop"}:
        return False
    medium = head in nouns.MEDIA and (not cast.things or clause.relation in {"", "as", "is", words.IN}) and (
        phrase.article or not clause.relation or phrase.definite or phrase.many or not clause.last
    )  # fmt: skip
    if medium or head in nouns.ABSTRACT or head + "s" in nouns.ABSTRACT:
        clause.medium = medium
        rest = [word for word in phrase.nouns[:-1] if word not in nouns.ABSTRACT | nouns.MEDIA]
        place = nouns.SETTINGS.get(rest[-2:]) or nouns.SETTINGS.get(rest[-1:])
        if medium and place and not cast.things:
            cast.settings.append((place, phrase, ""))
            clause.scenic = True
        elif (
            medium
            and rest
            and not cast.things
            and head not in {"background", "shot", "photo", "design"}
            and not phrase.definite
        ):
            cast.purpose.append(Thing(Phrase(nouns=rest, colours=phrase.colours, definite=True)))
        elif rest and clause.relation == "for":
            cast.purpose.append(Thing(Phrase(nouns=rest, definite=True)))
        return True
    return False


def _laid_out(clause: _Clause, cast: Cast, phrase: Phrase) -> bool:
    """Whether the phrase names the layout ("a poster"); what else is in it is the purpose: "coffee logo"."""
    head = phrase.head
    layout = next((nouns.LAYOUTS[word] for word in (*phrase.nouns, head + "s") if word in nouns.LAYOUTS), "")
    game = {"playing", "credit", "memory"}.intersection([*phrase.attributes, *phrase.nouns])
    if layout and not (cast.layout or cast.things or clause.relation or game):
        cast.layout = layout
        rest = [
            word
            for word in phrase.nouns
            if word not in nouns.LAYOUTS
            and word not in nouns.ABSTRACT | nouns.MEDIA
            and word + "s" not in nouns.ABSTRACT
            and word not in _CHARTS
        ]
        if rest and not rest[0].isdigit():
            cast.purpose.append(Thing(Phrase(nouns=rest[-3:], definite=True)))
        clause.medium, clause.tale = True, layout == "comic"
        return True
    return bool(
        layout
        and clause.relation in {"", "is", "for"}
        and (phrase.definite or (clause.joined == "," and not phrase.article))
    )


def _scenery(clause: _Clause, cast: Cast, part: Piece, tokens: list[Token], topic: str) -> bool:
    """Whether the phrase is the setting ("in a forest") or the surface ("on polished concrete")."""
    phrase, relation = part.phrase or Phrase(), clause.relation
    setting = _setting(tokens, part)
    if setting and relation == "with" and clause.scenic and phrase.head not in _ORBS:
        cast.settings.append((setting, phrase, ""))
        clause.kept = "with"
        return True
    if setting and relation == "of" and clause.scenic:
        return True  # "the streets of Paris"
    if phrase.head == "window" and relation in {words.BESIDE, "front", words.BEHIND}:
        if not (cast.surface or cast.settings):
            cast.settings.append(("living room", phrase, ""))
        return True
    if not setting and phrase.head in nouns.SURFACES and relation in {words.ON, "on"} and not cast.known(phrase):
        made = [word for word in phrase.attributes if word in words.MATERIALS]
        described = [*[word for word in phrase.attributes if word not in made], *phrase.colours, *made, *phrase.nouns]
        if phrase.head not in nouns.FURNITURE or phrase.head in {"counter", "pedestal", "podium"}:
            cast.surface = cast.surface or " ".join(word for word in described if word != "surface")
            clause.scenic = False
            return True
    if not setting or (phrase.head in _ORBS and relation not in {words.IN, words.ON}):
        return False
    placed = relation in {words.IN, words.ON, words.ABOVE, words.UNDER, words.BESIDE, words.BEHIND, "front", "around"}
    if setting == "autumn" and relation in {"", "with", "of"} and clause.joined != "and":
        placed = True  # leaves lie about: they are no things of their own
    alone = setting in nouns.PLACES_ALWAYS and not (cast.things or cast.settings or placed) and (
        topic in {"setting", "background"} or relation in {"", "of"}
    )  # fmt: skip
    if relation == words.IN and setting == "sky" and clause.last is None and not cast.things:
        placed = True
    if not (placed or alone or topic in {"setting", "background"}) or (relation == words.BEHIND and phrase.article):
        return False
    if (
        relation in {words.BESIDE, words.ON, "front", words.ABOVE, words.BEHIND}
        and setting in _BUILT
        and phrase.article
    ):
        return False
    cast.settings.append((setting, phrase, "back" if topic == "background" else ""))
    clause.scenic, clause.kept = True, ""
    return True


def _setting(tokens: list[Token], part: Piece) -> str:
    """The setting that a phrase's last words name, or ""."""
    for index in range(part.begin, part.end):
        found = nouns.SETTINGS.at(tokens, index)
        if found and index + found[0] >= part.end:
            return found[1]
    return nouns.SETTINGS.get([(part.phrase or Phrase()).head])


def _thing(clause: _Clause, cast: Cast, phrase: Phrase, topic: str) -> None:
    """A thing: of its own, or one that another has, wears, holds or stands on."""
    relation = clause.relation
    if clause.joined and not relation:
        relation = clause.kept
    owner = clause.owner or cast.main
    part = phrase.name in nouns.FEATURES or f"{phrase.name}s" in nouns.FEATURES or phrase.head in nouns.BODY
    apart = relation in {words.BESIDE, words.BEHIND, words.UNDER, words.ABOVE, "front", "for"}
    if part and owner and phrase.definite and relation in {words.ON, words.ABOVE} and clause.tied:
        clause.owner, clause.kept = cast.main, "with"  # "a parrot on his shoulder, and a wooden leg"
        return
    if part and phrase.definite and relation == words.ON and clause.last and clause.last.phrase.head in nouns.WORN:
        bearer = next((one for one in cast.things if one is not clause.last and animate(one.phrase)), None)
        if bearer and any(one is clause.last for one in cast.things):
            bearer.with_.append((words.WEAR, clause.last))  # "add a hat on its head"
            cast.things = [one for one in cast.things if one is not clause.last]
            cast.main = clause.owner = bearer
            return
    if (
        part
        and owner
        and not apart
        and (
            relation in {"with", "is", words.IN}
            or phrase.definite
            or clause.kept == "feature"
            or (phrase.head in _AIRS and not relation)
        )
    ):
        ties.feature(owner if relation != "of" else cast.main or owner, phrase)
        clause.kept = "feature"
        return
    if relation == "feature":
        relation = "with" if not animate(phrase) else ""
    if phrase.head in homes.OCCASIONS and relation not in {"for", "of"} | words.DETERMINERS:
        ties.occasion(cast, phrase)
        return
    if phrase.head in _SHAPED and len(phrase.nouns) > 1:
        phrase.nouns.pop()  # "a tooth icon" is a tooth
    if relation == "of" and clause.last and not clause.medium:
        ties.of(clause.last, phrase)
        return
    if phrase.definite and cast.main and phrase.name in cast.main.phrase.nouns[:-1] and relation:
        return  # "steam rising from the coffee" of a coffee mug
    thing = Thing(phrase)
    same = cast.known(phrase) if phrase.definite or phrase.proper else None
    if relation == "for" and clause.tale and not same and cast.layout in {"", "comic"}:
        relation, clause.tale = "", False
    if relation in {"for", "as"} and not same:
        if relation == "for":
            cast.purpose.append(thing)
        elif owner:
            owner.phrase.attributes.append(phrase.name)
        return
    if same and not relation:
        same.phrase.colours += phrase.colours
        same.phrase.attributes += phrase.attributes
        clause.last = clause.owner = cast.main = same
        return
    _tie(clause, cast, same or thing, relation, owner, topic)


def _tie(clause: _Clause, cast: Cast, thing: Thing, relation: str, owner: Thing | None, topic: str) -> None:
    """Ties a thing to its owner by the relation, or makes it one of the picture's own."""
    how = ties.how(relation, owner, thing, clause.scenic)
    place, clause.place = clause.place, ""
    if how and owner and owner is not thing and not ties.holds(thing, owner):
        if len(owner.with_) < MOST_WITH:
            owner.with_.append((how, thing))
        cast.things = [one for one in cast.things if one is not thing]
        clause.kept = relation if relation in {words.WEAR, words.HOLD, words.EAT, "with", words.BESIDE, "pose"} else ""
        clause.kept = "" if clause.kept == "pose" else clause.kept
        clause.last, clause.owner, clause.medium, clause.tied = thing, owner, False, how
        return
    if clause.heading and clause.heading.phrase.head in _KINDS:
        cast.things = [one for one in cast.things if one is not clause.heading]
        cast.main = None if cast.main is clause.heading else cast.main
    clause.heading = None
    thing.far = clause.scenic or topic in {"setting", "background"}
    above = clause.scenic and relation == words.UNDER
    aside = thing.far and (topic == "background" or any(not one.far for one in cast.things))
    thing.place = thing.place or place or ("0.5 0.22" if above else "back" if aside else "")
    if not any(one is thing for one in cast.things):
        cast.add(thing)
    clause.group = [*clause.group, thing] if clause.joined else [thing]
    clause.last = clause.owner = thing
    clause.kept, clause.medium, clause.tied = "", False, ""
    if not thing.far:
        cast.main = cast.main if cast.main and clause.joined and cast.main in cast.things else thing
