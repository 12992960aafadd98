"""A picture's things while a prompt is read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pollux.engines.builtin.paint.plan import Subject
from pollux.engines.builtin.paint.reading import homes, nouns
from pollux.engines.builtin.paint.reading.phrases import Phrase
from pollux.engines.builtin.paint.reading.tokens import bag

_FRONT = (0.5, 0.76)
_BACKS = ((0.8, 0.58), (0.2, 0.58), (0.5, 0.56), (0.92, 0.56), (0.08, 0.56))
_BIG = bag("huge giant gigantic enormous massive large big towering colossal oversized jumbo vast")
_SMALL = frozenset(["tiny", "small", "little", "mini", "miniature", "nano"])
MOST_THINGS = 24
MOST_WITH = 6
MOST_ATTRIBUTES = 12

_CHARACTERS = bag(
    "robot dragon unicorn alien monster ghost fairy elf dwarf troll gnome snowman skeleton zombie vampire angel "
    "demon devil mermaid superhero teddy puppet doll scarecrow android cyborg creature wizard witch character "
    "mascot phoenix yeti bunny kitten puppy kitty pup chick hen rooster hedgehog raccoon mole mouse rat beaver "
    "badger skunk llama alpaca donkey pony giraffe gorilla chimpanzee orangutan lemur meerkat moose reindeer "
    "bison buffalo rhino hippo octopus squid dinosaur t-rex capybara fox owl axolotl corgi poodle husky labrador "
    "retriever terrier pug dachshund bulldog dalmatian tabby leopard tiger lion cheetah jaguar lynx panther puma "
    "bee ant ladybug bird crow raven pigeon sparrow robin swan flamingo peacock turkey ostrich pelican seagull "
    "toucan cow bull calf lamb goat ram piglet hamster ferret chipmunk tortoise toad chameleon gecko iguana "
    "salamander goldfish clownfish seahorse walrus orca animal pet cat dog bear panda wolf monkey frog rabbit "
    "pig elephant horse sheep deer penguin koala kangaroo sloth otter squirrel turtle duck goose chicken parrot "
    "eagle zebra dolphin whale shark seal snail crab lobster butterfly spider couple family team"
)


@dataclass(slots=True)
class Thing:
    """A subject in the making."""

    phrase: Phrase
    with_: list[tuple[str, Thing]] = field(default_factory=list)
    place: str = ""
    far: bool = False

    @property
    def who(self) -> str:
        """ "man", "woman", "child" or "person" for somebody, else ""."""
        return nouns.trade(self.phrase.head)

    @property
    def plain(self) -> bool:
        """Whether nothing is said of it but its name."""
        return not (self.phrase.count or self.phrase.colours or self.phrase.attributes or self.with_)

    def subject(self, depth: int = 0) -> Subject:
        """The plan's subject; what a thing has is followed three deep."""
        phrase = self.phrase
        attributes = list(dict.fromkeys(phrase.attributes))[:MOST_ATTRIBUTES]
        if (
            self.who
            and not {self.who, "man", "woman", phrase.head}.intersection(attributes)
            and self.who != phrase.head
        ):
            attributes.append(self.who)
        at = {"front": _FRONT, "back": _BACKS[0]}.get(self.place)
        if self.place[:1].isdigit():
            x, _, y = self.place.partition(" ")
            at = (float(x), 0.62 if y == "0.5" and x != "0.5" else float(y))
        size = 1.6 if _BIG.intersection(attributes) else 0.6 if _SMALL.intersection(attributes) else 1.0
        return Subject(
            _ALIASES.get(phrase.name, phrase.name),
            max(1, phrase.count or (3 if phrase.many else 1)),
            tuple(dict.fromkeys(phrase.colours)),
            tuple(attributes),
            at,
            round(size * (0.6 if self.place == "back" else 1.25 if self.place == "front" else 1.0), 2),
            tuple((how, one.subject(depth + 1)) for how, one in self.with_[:MOST_WITH]) if depth < 3 else (),
        )


def people(subject: Subject) -> tuple[Subject, ...]:
    """A word for several people as those people: a family of four as a man, a woman, a boy and a girl."""
    low = subject.name.rpartition(" ")[2]
    if low not in homes.CROWDS or (subject.count < 2 and low not in _SEVERAL):
        return (subject,)
    count = min(_MOST_PEOPLE, subject.count if subject.count > 1 else _SEVERAL[low])
    kinds = _KINDS.get(low, ("woman", "man"))
    told = tuple(word for word in subject.attributes if word not in {"person", "child"})
    return tuple(
        replace(
            subject,
            name=kinds[n % len(kinds)],
            count=1,
            at=None,
            attributes=told,
            with_=tuple(pair for pair in subject.with_ if not n or pair[0] == "wearing"),
        )
        for n in range(count)
    )


_ALIASES = {"ai": "robot", "artificial intelligence": "robot", "chatbot": "robot", "telly": "tv"}
_MOST_PEOPLE = 9
_SEVERAL = {"family": 4, "couple": 2, "crowd": 8, "people": 4, "team": 4, "audience": 8, "parent": 2, "twin": 2}
_KINDS = {
    "family": ("man", "woman", "boy", "girl"),
    "child": ("girl", "boy"),
    "kid": ("boy", "girl"),
    "sibling": ("girl", "boy"),
    "twin": ("girl", "girl"),
    "parent": ("woman", "man"),
    "grandparent": ("grandmother", "grandfather"),
    "student": ("girl", "boy"),
    "teen": ("girl", "boy"),
    "teenager": ("girl", "boy"),
}


@dataclass(slots=True)
class Cast:
    """All that the sentences so far have put into the picture."""

    things: list[Thing] = field(default_factory=list)
    purpose: list[Thing] = field(default_factory=list)  # "logo for a coffee shop": the coffee shop
    themes: list[str] = field(default_factory=list)
    settings: list[tuple[str, Phrase, str]] = field(default_factory=list)
    surface: str = ""
    layout: str = ""
    background: list[str] = field(default_factory=list)
    palette: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    occasions: list[str] = field(default_factory=list)
    main: Thing | None = None

    def add(self, thing: Thing) -> None:
        """Takes one more thing, as long as there is room."""
        if len(self.things) < MOST_THINGS:
            self.things.append(thing)

    def known(self, phrase: Phrase) -> Thing | None:
        """The thing that "the altar" speaks of, if there is one."""
        for thing in reversed(self.things):
            if thing.phrase.head == phrase.head and (len(phrase.nouns) == 1 or thing.phrase.name == phrase.name):
                return thing
        return None


def lifted(subject: Subject) -> tuple[Subject, ...]:
    """A thing, then by itself what stands beside a thing that it is on: "a bear on a bed with a book beside it"."""
    apart: list[Subject] = []

    def kept(one: Subject, depth: int) -> Subject:
        pairs = []
        for how, other in one.with_:
            if depth and how == "beside":
                apart.append(other)
            else:
                pairs.append((how, kept(other, depth + 1)))
        return replace(one, with_=tuple(pairs))

    return (kept(subject, 0), *apart)


def spread(subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Several things in the background side by side, each at a place of its own."""
    out, count = [], 0
    for one in subjects:
        if one.at == _BACKS[0]:
            one = replace(one, at=_BACKS[count % len(_BACKS)])
            count += 1
        out.append(one)
    return tuple(out)


def animate(phrase: Phrase) -> bool:
    """Whether a thing can hold something: a person, an animal, a character."""
    return bool(nouns.trade(phrase.head)) or phrase.head in _CHARACTERS
