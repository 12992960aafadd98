"""Small change of English: articles, plurals, lists, sentences; and the same things undone."""

from __future__ import annotations

import re
from collections.abc import Sequence

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_IRREGULAR = {
    "person": "people",
    "man": "men",
    "woman": "women",
    "child": "children",
    "foot": "feet",
    "tooth": "teeth",
    "goose": "geese",
    "mouse": "mice",
    "leaf": "leaves",
    "knife": "knives",
    "wolf": "wolves",
    "shelf": "shelves",
    "loaf": "loaves",
    "fish": "fish",
    "sheep": "sheep",
    "deer": "deer",
}
_REGULAR = {many: one for one, many in _IRREGULAR.items()}
_A = re.compile(r"(?:uni|use|usu|euro?|one|once|ewe|ut[ie]|ura|ukulele)", re.IGNORECASE)
_LETTERWISE = re.compile(r"[FHLMNRSX](?:[A-Z0-9]|[-\s]|$)")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|No|vs|e\.g|i\.e|etc|approx)\.$", re.IGNORECASE)

_STOPWORDS_TEXT = (
    "a an the this that these those it its is are was were be been am do does did has have had of in on at to "
    "for from by with and or but not as if then than so i you he she we they me my your his her our their him "
    "them us there here what which who whom whose when where why how any some can could will would should may "
    "might please tell give show picture image photo photograph pic shown see visible find out about into "
    "over under also just"
)
STOPWORDS = frozenset(_STOPWORDS_TEXT.split())


_NO_NAME = re.compile(r"[AP]M|[A-Z]?\d+\S*|[A-Z]\d\S*")

# A run of capitalised words; what merely begins a sentence is taken off its front.
NAME = r"[A-Z][\w'’.-]*(?:,? (?:(?:of|de|la|the|von|van) )?[A-Z][\w'’.-]*)*"
_NOT_NAMES_TEXT = (
    "A Add And Are Book But Call Can Close Convert Could Create Date Dear Dim Do Does Email Extract Find For "
    "From Get Give He Hello Her Here Hi His How I If In Invoice Is It Look Make My Name On Open Or Order Our "
    "Play Please Remind Schedule Search Send Set She Should Show Start Stop Tell The Then There They This To "
    "Total Turn Use We What When Where Which Who Will You Your"
)
_NOT_NAMES = frozenset(_NOT_NAMES_TEXT.split())


def words(text: str) -> list[str]:
    """The words of a text in lower case; apostrophes stay inside."""
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())


def singular(word: str) -> str:
    """The singular of a plural noun, or the word itself."""
    low = word.lower()
    if low in _REGULAR:
        return _REGULAR[low]
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    if len(low) > 4 and low.endswith(("ches", "shes", "sses", "xes", "zes")):
        return low[:-2]
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        return low[:-1]
    return low


def plural(noun: str) -> str:
    """The plural of a noun or of a noun phrase's last word ("line of text" becomes "lines of text")."""
    head, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(head)} of {rest}"
    start, space, last = noun.rpartition(" ")
    low = last.lower()
    if low in _IRREGULAR:
        last = _IRREGULAR[low]
    elif re.search(r"[^aeiou]y$", low):
        last = last[:-1] + "ies"
    elif low.endswith(("s", "x", "z", "ch", "sh")):
        last += "es"
    else:
        last += "s"
    return start + space + last


def key(text: str) -> tuple[str, ...]:
    """The words that carry meaning, in the singular."""
    bare = (word.removesuffix("'s").removesuffix("’s") for word in words(text))
    return tuple(singular(word) for word in bare if word not in STOPWORDS)


def article(noun: str) -> str:
    """The noun with "a" or "an" before it."""
    if _LETTERWISE.match(noun) and not re.match(r"[A-Z][a-z]", noun):
        return f"an {noun}"
    an = bool(re.match(r"[aeiou]|hour|honest|heir", noun, re.IGNORECASE)) and not _A.match(noun)
    return f"{'an' if an else 'a'} {noun}"


def numeral(count: int) -> str:
    """A small number as a word, a large one in digits."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)


def counted(count: int, noun: str) -> str:
    """ "one face", "three faces", "no faces"."""
    return f"{numeral(count)} {noun if count == 1 else plural(noun)}"


def listing(items: Sequence[str], last: str = "and") -> str:
    """ "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence: a capital in front, a full stop at its end."""
    text = capital(text.strip())
    return text if not text or text.endswith((".", "!", "?", "…", ':"', '."', '!"', '?"')) else text + "."


def quoted(text: str, limit: int = 0) -> str:
    """The text between double quotes, cut at a word after `limit` characters (0: never)."""
    text = " ".join(text.split())
    if limit and len(text) > limit:
        text = text[:limit].rsplit(" ", 1)[0].rstrip(",;:") + " …"
    return '"' + text.replace('"', "'") + '"'


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line end ends one too."""
    out: list[str] = []
    for piece in _SENTENCE_END.split(text):
        piece = piece.strip()
        if out and _ABBREVIATION.search(out[-1]):
            out[-1] = f"{out[-1]} {piece}"
        elif piece:
            out.append(piece)
    return out


def proper_names(text: str) -> list[str]:
    """Capitalised names in a text, in order."""
    found: list[str] = []
    for match in re.finditer(NAME, text):
        parts = [part for part in match.group().rstrip(".,'").split(" ") if not _NO_NAME.fullmatch(part)]
        if (
            not match.start()
            and len(parts) == 1
            and re.match(r"\s(?:the|this|that|an?|my|it|me|all|for|to)\b", text[match.end() :])
        ):
            continue
        while parts and parts[0].strip(",.:") in _NOT_NAMES:
            parts.pop(0)
        found += [" ".join(parts)] if parts else []
    return found
