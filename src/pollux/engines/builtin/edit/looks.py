"""How a picture is to look: words for tones and their amounts, styles, shapes and corners."""

from __future__ import annotations

import re

from pollux.engines.builtin.edit.steps import Step
from pollux.engines.builtin.edit.words import bare, kinds, number

_NUMBER = r"(?:\d{1,4}(?:\.\d{1,3})?)"
_PERCENT = re.compile(rf"(?P<sign>[-+−]?)(?P<n>{_NUMBER}) ?(?:%|per ?cent\b)")
_TIMES = re.compile(rf"\b(?P<n>{_NUMBER}) ?(?:x\b|times\b)|\b(?P<w>twice|double|triple|half)\b")

STYLES: tuple[tuple[str, str], ...] = (
    ("van gogh", r"van ?gogh|starry ?night|impasto|swirl\w* (?:brush)?strokes|post-?impressionis\w+"),
    ("blueprint", r"blue ?print"),
    ("pop art", r"pop[- ]?art|warhol|lichtenstein"),
    ("pixel art", r"pixel(?:[- ]?art|at\w+|led)|8[- ]?bit|16[- ]?bit|minecraft"),
    ("mosaic", r"\bmosaic|stained glass"),
    ("watercolour", r"water ?colou?r\w*|aquarelle"),
    ("oil", r"\boil (?:paint\w*|on canvas)|\boils\b|oil-paint\w*|\bpainting\b|painterly|impressionis\w+|monet|"
            r"rembrandt|acrylic"),
    ("charcoal", r"charcoal (?:sketch|drawing)"),
    ("sketch", r"\bsketch\w*|pencil|line (?:art|drawing)|\bdrawing\b|hand-?drawn|outline drawing|"
               r"colou?ring (?:page|book)"),
    ("ink", r"\bink(?: drawing| wash)?\b|\bnoir\b|\bmanga\b|comic[- ]book black"),
    ("cartoon", r"cartoon\w*|\bcomics?\b|anime|ghibli|pixar|disney|dreamworks|simpsons?\b|south park|"
                r"3d (?:character|animation|render)|cel[- ]shad\w+|\btoon|vector (?:art|illustration)|illustration"),
    ("low poly", r"low[- ]?poly\w*"),
    ("sepia", r"sepia|vintage photo\w*|old(?:-fashioned)? photo\w*|\b19th[- ]century|antique photo\w*|daguerreotype"),
    ("black and white", r"black[- ](?:and|&|n)[- ]white|\bb&w\b|\bb/w\b|monochrom\w+|gr[ae]y[- ]?scale|"
                        r"\bdesaturate(?:d)? completely"),
    ("negative", r"\binvert(?:ed)?\b|\bnegative\b"),
    ("posterise", r"posteri[sz]\w+"),
    ("duotone", r"duo-?tone"),
    ("emboss", r"emboss\w*"),
    ("vintage", r"\bretro\b|\bvintage\b|polaroid|\bfilm look|70s|1970s|faded film|nostalgic"),
    ("neon", r"\bcyberpunk\b|\bneon (?:look|style|glow)"),
)  # fmt: skip
"""Styles, and the words for them; the first that a clause names is meant."""

_VERB = re.compile(
    r"\b(?:turn|convert|transform|make|render|apply|give|redraw|repaint|create|style|styli[sz]e|change|use|add|"
    r"into|filter|effect|"
    r"style of|invert|posteri[sz]e|pixelate|desaturate|emboss|as an?|like an?|look|sketch|cartoonify|draw|paint)\b"
)

_TONES: tuple[tuple[str, str, float], ...] = (
    ("golden hour", r"golden[- ]hour|\bsunset (?:light|glow|look|colou?rs|mood)|at sunset|sunset lighting|"
                    r"warm evening light", 1.0),
    ("night", r"\b(?:at|into|like|look like) (?:a )?night(?:time)?\b|\bnight(?:time)?(?: scene| shot| look| time)?$|"
              r"\bday to night\b|\bmoonlight\w*\b|\bmoonlit\b|\bnight(?:time)? (?:scene|version|photo)", 1.0),
    ("vignette", r"\bvignett\w+", 1.0),
    ("denoise", r"\bde-?noise\b|\b(?:remove|reduce|less|clean\w*)\b.{0,20}\b(?:noise|grain)\b|\bsmooth(?:en|"
                r"er)?\b(?! transition)", 1.0),
    ("grain", r"\badd\b.{0,20}\b(?:grain|noise)\b|film grain", 1.0),
    ("sharpen", r"\bsharp(?:en|er|ness|ened)?\b|\bcrisp(?:er)?\b|\bmore detail(?:ed)?\b|\bclarity\b|\bunblur\b|"
                r"\bdeblur\b", 1.0),
    ("blur", r"\bblur\w*\b|\bout of focus\b|\bunsharp\b|\bcensor\w*\b|\bsoft(?:en|er)? focus\b", 1.0),
    ("contrast", r"\bcontrast\w*\b|\bpunch(?:y|ier)\b", 0.3),
    ("saturation", r"\bsaturat\w*\b|\bdesaturat\w*\b|\bvibran\w+\b|\bvivid\w*\b|\bcolou?rful\w*\b|\bmuted\b|"
                   r"\bcolou?rs? pop\b|\bfaded?\b", 0.4),
    ("warmth", r"\bwarm\w*\b|\bcool(?:er|ed)?\b|\bcold(?:er)?\b|\bcolou?r temperature\b", 0.4),
    ("brightness", r"\bbright\w*\b|\bdark(?:er|en\w*)\b|\blight(?:er|en\w*)\b|\bdim(?:mer|med)?\b|\bexposure\b|"
                   r"\boverexpos\w+|\bunderexpos\w+|"
                   r"\bstops?\b|\bgloom\w+|\btoo dark\b|\btoo bright\b", 0.25),
    ("enhance", r"\bauto-?(?:enhance|correct|fix|levels)\b|\benhance\b|\bfix the (?:light\w*|exposure|colou?rs?)\b|"
                r"\bimprove\b|\bbetter\b", 1.0),
)  # fmt: skip
_GENERAL = kinds(
    "brightness contrast saturation warmth exposure sharpness color colour colors colours lighting light tone tones it "
    "everything noise vibrance temperature grain overall photo look mood edges"
)
_NEGATIVE = re.compile(
    r"\b(?:dark\w*|dim\w*|less|reduce\w*|decrease\w*|lower\w*|desaturat\w*|muted|mute|cool\w*|cold\w*|down|fad\w+|"
    r"soften|drop|"
    r"underexpos\w+|too (?:bright|vivid|saturated|colou?rful|warm|contrasty)|gloom\w+)\b"
)
_RATIOS = re.compile(r"\b(\d{1,2}) ?[:x/] ?(\d{1,2})\b(?! ?(?:px|pixels))")
_SIZE = re.compile(r"\b(\d{2,5}) ?(?:x|by|×|\*) ?(\d{2,5})\b")


def amount(text: str) -> float | None:
    """A share that a text names: "by 30%", "twice", "1.5x"; with its sign where it has one."""
    match = _PERCENT.search(text)
    if match:
        return (-1 if match["sign"] in ("-", "−") else 1) * float(match["n"]) / 100
    return None


def style(text: str) -> str | None:
    """The style a clause asks for, where it asks for any."""
    for name, pattern in STYLES:
        if re.search(pattern, text):
            return name if _VERB.search(text) or len(text.split()) <= 5 else None
    return None


def tones(text: str) -> list[tuple[str, float]]:
    """Tones and how much of each, signed: "20 % darker" is ("brightness", -0.2); "darker" has a usual share."""
    out: list[tuple[str, float]] = []
    for name, pattern, usual in _TONES:
        match = re.search(pattern, text)
        if not match or (name == "enhance" and out) or (name == "warmth" and ("golden hour", 1.0) in out):
            continue
        if name == "brightness" and re.search(
            r"\b(?:bright|light|dark) (?:red|blue|green|yellow|pink|orange|purple|gr[ae]y)\b", text
        ):
            continue
        near = _around(text, match)
        share = amount(text)
        sign = -1.0 if _NEGATIVE.search(near) and name in ("brightness", "contrast", "saturation", "warmth") else 1.0
        if name == "sharpen" and re.search(r"\bless sharp|\bsoft", near):
            name, sign = "blur", 0.5
        stops = re.search(r"([-+−]?)(\d(?:\.\d{1,2})?|one|two|half a|a) (?:f-?)?stops?\b", text)
        if name == "brightness" and stops:
            many = {"one": 1.0, "a": 1.0, "two": 2.0, "half a": 0.5}.get(stops[2]) or float(stops[2])
            factor = 2.0 ** (many * (-1 if stops[1] in ("-", "−") else 1) * (sign if stops[1] == "" else 1))
            out.append((name, factor ** (1 / 2.2) - 1))
        elif share is not None and name not in ("golden hour", "night"):
            out.append((name, share if share < 0 else share * sign))
        else:
            out.append((name, sign * usual * _grade(near)))
        if len(out) == 4:
            break
    return out


def toned_thing(text: str) -> str:
    """What a tone is for: "make only the sky darker" gives "sky"; "" for the picture."""
    match = re.search(
        r"^(?:make|turn|keep|give|let)(?: only| just)? (?:the |my |his |her |its |"
        r"this )?(?P<a>.{2,40}?) (?:look )?(?:(?:a )?(?:bit|little|lot|much|"
        r"slightly|way|more|less|far) )*(?:warm|cool|cold|bright|dark|light|sharp|crisp|vivid|vibrant|colou?rful|"
        r"contrast|saturated|"
        r"punch|dim|blur|smooth|look|\d)|"
        r"^(?:brighten|darken|lighten|blur|sharpen|dim|saturate|desaturate|smooth|soften|denoise|warm|cool|censor|"
        r"enhance|pixelate)(?: up| down| out)?"
        r"(?: only| just)? (?:the |my |his |her |its |this )(?P<b>[a-z' -]{2,40}?)(?: by| to| a | slightly| with|$)|"
        r"\b(?:brightness|contrast|saturation|warmth|sharpness|exposure|blur|vibrance|colou?rs?|"
        r"effect)\b.{0,20}? (?:of|in|on|to|for) (?:the |my )?(?P<c>[a-z' -]{2,40}?)"
        r"(?: by| to| with|$)",
        text,
    )
    if not match:
        return ""
    what = bare(match["a"] or match["b"] or match["c"] or "")
    return "" if not set(what.split()) - _GENERAL or len(what.split()) > 4 else what


def corner(text: str) -> str:
    """A place in the picture: "top left", "bottom", "centre"; "" for none."""
    low = re.search(r"\b(bottom|lower|foot|base)\b", text)
    high = re.search(r"\b(top|upper|sky|above)\b", text) if not re.search(r"\bon top of\b", text) else None
    side = re.search(r"\b(left|right)\b", text)
    words = ["bottom" if low else "top" if high else "", side[1] if side else ""]
    place = " ".join(word for word in words if word)
    if place:
        return place
    if re.search(r"\b(?:cent(?:er|re)d?|middle)\b", text):
        return "centre"
    return "bottom right" if re.search(r"\bcorner\b", text) else ""


def geometry(text: str) -> Step | None:
    """Cropping, turning, mirroring, new sizes, more ground, borders and rounded corners."""
    for rule in (_crop, _turn, _flip, _round, _border, _extend, _resize):
        found = rule(text)
        if found:
            return found
    return None


def _crop(text: str) -> Step | None:
    if not re.match(r"(?:crop|trim|zoom in|cut off|cut the|cut it|zoom)\b", text) and not re.search(
        r"\b(?:close-?up of|crop(?:ped)?)\b.*", text
    ):
        return None
    if re.search(r"\bcrop out\b", text):
        return None
    ratio = _RATIOS.search(text)
    if re.search(r"\bcirc(?:le|ular)\b|\bround\b", text):
        return Step("crop", how="circle")
    if ratio and not _SIZE.search(text):
        return Step("crop", how="ratio", to=f"{ratio[1]}:{ratio[2]}")
    if re.search(r"\bsquare\b", text):
        return Step("crop", how="ratio", to="1:1")
    size = _SIZE.search(text)
    if size:
        return Step("crop", how="size", to=f"{size[1]}x{size[2]}")
    share = amount(text)
    side = re.search(r"\b(left|right|top|bottom|upper|lower) (half|third|quarter|side|part)\b", text)
    if side:
        part = {"half": 0.5, "third": 1 / 3, "quarter": 0.25}.get(side[2], 0.5)
        return Step("crop", how="keep", to={"upper": "top", "lower": "bottom"}.get(side[1], side[1]), amount=part)
    edge = re.search(r"\b(left|right|top|bottom)\b", text)
    if edge and (share is not None or re.search(r"\boff\b|\bfrom\b|\btrim\b|\bcut\b", text)):
        return Step("crop", how="off", to=edge[1], amount=abs(share) if share is not None else 0.2)
    thing = re.search(
        r"\b(?:to|on|around|in on|into|onto|of|so that only|just|only)(?: show)?(?: only| just)? (?:the |my |this |"
        r"her |his |a )?(?P<w>[a-z' -]{2,50}?)$",
        text,
    )
    if thing and bare(thing["w"]) not in ("cent", "center", "centre", "middle", ""):
        return Step("crop", how="thing", thing=bare(thing["w"]))
    return Step("crop", how="centre", amount=abs(share) if share else 0.2)


def _turn(text: str) -> Step | None:
    if re.search(r"\bstraighten\b", text):
        return Step("turn", how="straighten")
    if not re.match(r"(?:rotate|turn|tilt|spin)\b", text):
        return None
    angle = re.search(r"(-?\d{1,3}(?:\.\d)?) ?(?:°|deg)", text) or re.search(r"\bby (-?\d{1,3})\b", text)
    if not angle and not re.search(r"\b(?:upside|clockwise|left|right|quarter turn|half turn|sideways|around)\b", text):
        return Step("turn", amount=90.0) if re.match(r"(?:rotate|spin)\b", text) else None
    if (
        not angle
        and not re.match(r"(?:rotate|spin|tilt)\b", text)
        and not re.search(r"\b(?:upside down|clockwise)\b", text)
    ):
        return None
    size = (
        float(angle[1])
        if angle
        else 180.0
        if re.search(r"upside|half|around", text)
        else 10.0
        if text.startswith("tilt")
        else 90.0
    )
    back = re.search(r"\banti-?clockwise|counter-?clockwise|\bleft\b", text)
    return Step("turn", amount=-size if back else size)


def _flip(text: str) -> Step | None:
    if not re.match(r"(?:flip|mirror|reflect)\b", text) and not re.search(r"\bmirror(?:ed)? (?:image|it)\b", text):
        return None
    return Step("flip", how="vertical" if re.search(r"\bvertical\w*|upside|top to bottom\b", text) else "horizontal")


def _round(text: str) -> Step | None:
    if not re.search(r"\bround(?:ed)?(?: the| its| off the)? (?:corners?|edges?)\b|\brounded\b.*\bcorners?\b", text):
        return None
    size = re.search(r"\b(\d{1,4}) ?(?:px|pixels?)\b", text)
    return Step("round", amount=float(size[1]) if size else None)


def _border(text: str) -> Step | None:
    if not re.search(r"\b(?:border|frame|polaroid frame|passe-?partout|margin)\b", text) or re.match(
        r"(?:remove|crop|zoom)", text
    ):
        return None
    size = re.search(r"\b(\d{1,4}) ?-?(?:px|pixels?)\b", text)
    share = amount(text)
    sort = "polaroid" if "polaroid" in text else "wide" if re.search(r"\b(?:thick|wide|large|big|heavy)\b", text) else (
        "thin" if re.search(r"\b(?:thin|narrow|fine|slim|small)\b", text) else "")  # fmt: skip
    return Step("border", to=text, how=sort, amount=float(size[1]) if size else (-share if share else None))


def _extend(text: str) -> Step | None:
    if not re.match(
        r"(?:extend|expand|outpaint|out-paint|uncrop|widen|pad|zoom out|add more (?:space|room|sky|ground))\b", text
    ) and not re.search(r"\b(?:add|more) (?:space|room|padding|canvas)\b", text):
        return None
    ratio = _RATIOS.search(text)
    if ratio:
        return Step("extend", how="ratio", to=f"{ratio[1]}:{ratio[2]}")
    sides = [s for s in ("left", "right", "top", "bottom") if re.search(rf"\b{s}\b", text)]
    if re.search(r"\b(?:sides|horizontally|wider|widen|width)\b", text):
        sides = ["left", "right"]
    if re.search(r"\b(?:vertically|taller|height|upwards?)\b", text):
        sides = ["top"] if "upward" in text else ["top", "bottom"]
    if re.search(r"\bsky\b", text):
        sides = ["top"]
    return Step("extend", how=" ".join(sides) or "left right top bottom", amount=amount(text))


def _resize(text: str) -> Step | None:
    if not re.match(
        r"(?:resize|rescale|scale|enlarge|shrink|downscale|upscale|downsize|down-?sample|make (?:it|"
        r"the (?:image|picture|photo)|this) "
        r"(?:\d|half|twice|double|smaller|larger|bigger)|double the size|reduce the size|halve)",
        text,
    ):
        return None
    if text.startswith("make") and not re.search(
        r"\b(?:\d+ ?px|pixels?|size|smaller|larger|bigger|wide|high|tall|half|twice|double)\b|\d ?[x×] ?\d", text
    ):
        return None
    size = _SIZE.search(text)
    if size:
        return Step("resize", to=f"{size[1]}x{size[2]}")
    side = re.search(
        r"\b(\d{2,5}) ?(?:px|pixels?)(?: (wide|high|tall))?|\b(?:width|height) (?:of |to )?(\d{2,5})", text
    )
    if side:
        high = (side[2] or "") in ("high", "tall") or "height" in text
        return Step("resize", how="height" if high else "width", amount=float(side[1] or side[3]))
    share, times = amount(text), _TIMES.search(text)
    if share is not None:
        if re.search(r"\bby \d", text):
            share = (
                1 - share
                if re.match(r"(?:shrink|reduce|down)", text)
                else 1 + share
                if re.match(r"(?:enlarge|up)", text)
                else share
            )
        return Step("resize", how="share", amount=share)
    if times:
        return Step(
            "resize",
            how="share",
            amount=float(times["n"]) if times["n"] else {"half": 0.5, "triple": 3.0}.get(times["w"], 2.0),
        )
    small = re.search(r"\b(?:smaller|shrink|halve|downscale|downsize|reduce)\b", text)
    return Step("resize", how="share", amount=0.5 if small else 2.0)


def panels(text: str) -> int:
    """How many panels, tiles or views a text names; 0 for none."""
    match = re.search(
        r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[- ](?:panel|frame|tile|strip|"
        r"picture|image|photo|view)",
        text,
    )
    return number(match[1]) if match else 0


def _around(text: str, match: re.Match[str]) -> str:
    """The words that grade a tone: up to the next comma or "and" on both sides."""
    start = max(
        (
            text.rfind(mark, 0, match.start()) + len(mark)
            for mark in (",", " and ", " but ")
            if mark in text[: match.start()]
        ),
        default=0,
    )
    ends = [at for mark in (",", " and ", " but ") if (at := text.find(mark, match.end())) >= 0]
    return text[start : min(ends, default=len(text))]


def _grade(text: str) -> float:
    """How strong the words make a change, 1 for none of them."""
    if re.search(r"\b(?:slight\w*|a bit|a little|subtl\w+|gent\w+|a touch|somewhat|mild\w*)\b", text):
        return 0.5
    return (
        1.8
        if re.search(r"\b(?:much|very|a lot|strong\w*|heav\w+|extreme\w*|dramatic\w*|really|way|far)\b", text)
        else 1.0
    )
