"""Arithmetic and other small sure things a text-only prompt may ask: counting letters, turning words round."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable

from pollux.engines.builtin import pairs
from pollux.engines.builtin.english import counted, listing, plural, quoted, words

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_WORDS = (
    (r"\bplus\b|\badded to\b", "+"),
    (r"\bminus\b", "-"),
    (r"\b(?:times|multiplied by)\b|[×·]|(?<=\d)\s*x\s*(?=\d)", "*"),
    (r"\b(?:divided by|over)\b|÷", "/"),
    (r"\bto the power of\b|\^", "**"),
    (r"\bsquared\b", "**2"),
    (r"\bcubed\b", "**3"),
    (r"(\d+(?:\.\d+)?)\s*(?:%|percent) of", r"\1/100*"),
)
_FILLERS_TEXT = "what is s the result of calculate compute how much equals sum answer solve evaluate please"
_FILLERS = frozenset(_FILLERS_TEXT.split())
_LONGEST = 300  # characters of a question that may be arithmetic
_LARGEST = 10**30  # nobody reads longer numbers, and floats end not far beyond
_FORMS = {
    "e-?mail(?: address(?:es)?)?s?": "email",
    "phone numbers?": "phone",
    "dates?": "date",
    "(?:urls?|links?|web addresses)": "url",
    "numbers?": "number",
    "(?:prices|amounts)": "money",
    "times?": "time",
}


def sure(question: str) -> str | None:
    """The answer to something that can be worked out; None when it cannot."""
    for work in (_sum, _letters, _turned, _picked):
        answer = work(question)
        if answer is not None:
            return answer
    return None


def _sum(question: str) -> str | None:
    if len(question) > _LONGEST:
        return None
    text = question.lower()
    for pattern, sign in _WORDS:
        text = re.sub(pattern, sign, text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    match = re.search(r"(?<![\w.])[-(\d][\d\s.+\-*/()%]*[\d)]", text)
    if not match or not re.search(r"\d\s*[-+*/%]+\s*\(*\s*-?\d", match.group()) or re.search(r"\d{4}-\d\d-\d\d", text):
        return None
    rest = re.sub(r"[^a-z]+", " ", text.replace(match.group(), " ")).split()
    if set(rest) - _FILLERS:
        return None
    value = evaluate(match.group().strip())
    asked = re.sub(
        r"^(?:what(?:'s| is)(?: the result of)?|calculate|compute|solve|evaluate|how much is)\s+",
        "",
        question.strip(),
        flags=re.I,
    )
    return None if value is None else f"{asked.rstrip('?=. ')} = {_number(value)}"


def evaluate(expression: str) -> float | None:
    """The value of a plain arithmetic expression; None when it is not one or has none."""
    if len(expression) > 200:
        return None
    try:
        value = _value(ast.parse(expression, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
        return None
    return value if abs(value) < _LARGEST else None


def _value(node: ast.expr) -> float:
    """Recursive; the expression's length bounds its depth."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner)
        case ast.BinOp(left=a, op=ast.Pow(), right=b):
            base, power = _value(a), _value(b)
            if abs(power) > 100 or abs(base) > 1e6:
                raise ValueError("too large")
            return float(base**power) if power < 0 else base**power
        case ast.BinOp(left=a, op=sign, right=b) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_value(a), _value(b))
        case _:
            raise ValueError("not arithmetic")


def _number(value: float) -> str:
    """Whole numbers in full, others to ten digits."""
    if float(value).is_integer() and (not isinstance(value, float) or abs(value) < 1e15):
        return str(int(value))
    return f"{value:.10g}"


def _given(question: str) -> str:
    quotes = re.search(r'"([^"]+)"|“([^”]+)”|(?<!\w)\'([^\']+)\'(?!\w)', question)
    if quotes:
        return next(group for group in quotes.groups() if group)
    after = re.search(r":\s*(\S.*)$", question, re.DOTALL)
    return after.group(1) if after else ""


def _letters(question: str) -> str | None:
    low, text = question.lower(), _given(question)
    one = re.search(
        r"how many (?:times does )?(?:the )?(?:letter )?['\"]?([a-z])['\"]?(?:'?s)?\b.* (?:in|"
        r"appear in) (?:the word )?['\"“]?(\w+)",
        low,
    )
    if one and one.group(2) not in ("the", "this", "it"):
        number = one.group(2).count(one.group(1))
        return f"{quoted(one.group(2))} has {counted(number, 'letter')} {quoted(one.group(1))}."
    match = re.search(
        r"how many (words|letters|characters|sentences|lines)|count the (words|letters|characters|"
        r"sentences|lines)|\b(length) of\b",
        low,
    )
    if not match or not text:
        word = re.search(r"how many (?:letters|characters)\b.* (?:in|does) (?:the word )?(\w+)", low)
        return f"{quoted(word.group(1))} has {counted(len(word.group(1)), 'letter')}." if word and match else None
    unit = next(group for group in match.groups() if group)
    number = {
        "words": len(words(text)),
        "letters": sum(map(str.isalpha, text)),
        "lines": len(text.splitlines()),
        "sentences": len(re.findall(r"[^.!?]+[.!?]*", text)),
    }.get(unit, len(text))
    noun = {"length": "character"}.get(unit, unit.removesuffix("s"))
    return f"{quoted(text, 60)} has {number} {noun if number == 1 else plural(noun)}."


def _turned(question: str) -> str | None:
    low, text = question.lower(), _given(question)
    if not text:
        return None
    for pattern, turn in (
        (r"\bupper ?case\b|\bcapital letters\b|\ball caps\b", str.upper),
        (r"\blower ?case\b|\bsmall letters\b", str.lower),
        (r"\btitle case\b", str.title),
        (r"\brevers|\bbackwards\b", lambda s: s[::-1]),
    ):
        if re.search(pattern, low):
            return str(turn(text))
    if re.match(r"(?:please )?(?:say|repeat|echo|print|reply with|respond with)\b", low):
        return text
    if re.search(r"\bsort\b|\balphabetical", low):
        return ", ".join(sorted((part.strip() for part in re.split(r",|\n", text) if part.strip()), key=str.lower))
    return None


def _picked(question: str) -> str | None:
    match = re.search(r"\b(?:extract|find|list|get|what|which)\b", question, re.I)
    text = _given(question) or "\n".join(question.splitlines()[1:])
    if not match or not text:
        return None
    for pattern, form in _FORMS.items():
        if re.search(rf"\b{pattern}\b", question.replace(text, " "), re.I):
            found = pairs.matching(form, text.splitlines())
            return (
                listing(list(dict.fromkeys(found)))
                if found
                else f"I find no {form.replace('url', 'web address')} in that text."
            )
    return None
