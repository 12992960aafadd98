"""The intents this engine knows, and the words that give them away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What a question wants."""

    DESCRIBE = "describe"
    CAPTION = "caption"
    ALT = "alt"
    READ = "read"
    TITLE = "title"
    SUMMARISE = "summarise"
    CHOOSE = "choose"
    COUNT = "count"
    COLOUR = "colour"
    WHERE = "where"
    PRESENCE = "presence"
    COMPARE = "compare"
    IDENTIFY = "identify"
    KIND = "kind"
    VALUE = "value"
    DECODE = "decode"
    TAGS = "tags"
    SIZE = "size"
    LANGUAGE = "language"
    AT = "at"
    BOXES = "boxes"
    PAINT = "paint"
    WHO = "who"
    CREATE = "create"
    TRANSLATE = "translate"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Rule:
    """One telltale.  Group "what" of the pattern, if it has one, is the subject; `pictures` is how many are needed."""

    intent: Intent
    pattern: re.Pattern[str]
    pictures: int = 0


PICTURE = (
    r"(?:image|picture|photo(?:graph)?|pic|screenshot|scan|drawing|figure|frame|document|page|scene|"
    r"graphic|illustration)"
)
_COLOUR = r"colou?r(?:s|ed|ful)?"
_ONE = (
    rf"(?:(?:this|the|that|my|these|those|our|each|every|both|all|attached|above|following|given|two|"
    rf"three|first|second|third|fourth|last|other|next|of) )*(?:{PICTURE}s?)"
)


def _rule(intent: Intent, *patterns: str, pictures: int = 0) -> list[Rule]:
    return [Rule(intent, re.compile(pattern, re.IGNORECASE), pictures) for pattern in patterns]


RULES: tuple[Rule, ...] = (
    *_rule(
        Intent.PAINT,
        r"^(?:please |can you |could you )?(?:draw|paint|sketch|render|illustrate)\b(?! (?:a |the "
        r")?(?:conclusion|bounding|box))",
        rf"\b(?:create|generate|make|produce|design)\b(?: me)?(?: an?)?[^.?!]{{0,60}}\b(?:{PICTURE}|"
        rf"logo|icon|sticker|painting|portrait|infographic|poster)\b(?! (?:description|caption|title|"
        rf"summary|tags))",
        r"\b(?:edit|retouch|colou?ri[sz]e|restyle|crop|resize|rotate|inpaint|outpaint|upscale)\b (?:this|the|my|it)\b",
        r"^make (?:the|this|my|it)\b.*\b(?:background|sky|blue|red|green|yellow|black|white|bigger|"
        r"smaller|brighter|darker|look)\b",
        r"\b(?:remove|replace|change|blur) the (?:background|sky|text|person|colou?r)\b",
        r"^(?:turn|transform|convert) (?:this|the|my|it)\b.{0,60}\binto (?:an? )?(?!json|text|csv|table|list|markdown)",
    ),
    *_rule(
        Intent.BOXES,
        r"\bbounding[- ]box|\bbox_[23]d\b|\bboxes\b(?! (?:(?:are|is|have|were|remain) )?(?:been )?(?:not |left )?"
        r"(?:un)?(?:tick|check|cross|select|fill|empty))|"
        r"\b(?:segment|outline|cut out) (?:the|all|every|each|any|only|both|out|everything|my|an?)\b|"
        r"\bsegmentation(?: masks?)?\b|\bmasks?\b.{0,40}\b(?:for|of|base64|png)\b|\bpolygons? (?:of|around|for)\b|"
        r"\b(?:point|points|pointing) (?:to|at) (?!(?:the )?(?:conclusion|fact))|\"points?\"\s*:|\bpoints matching\b|"
        r"\b(?:draw|put) (?:an? |the )?(?:\w+ )?(?:box|rectangle|outline)\b",
        r"^(?:please |can you |now )*(?:detect|locali[sz]e) (?!(?:the )?(?:language|text language|"
        r"sentiment))(?P<what>.+)",
        r"\b(?:coordinates|pixel (?:position|location)s?) of\b(?P<what>.+)",
        r"^(?:please )?(?:box|segment|mask)(?: out)? (?!(?:plot|chart))(?P<what>.+)",
    ),
    *_rule(
        Intent.COMPARE,
        r"\bdiff(?:er|erent|erence|erences|ers)\b|\bin common\b|\bcompar(?:e|ed|ing|ison)\b|"
        r"\bsimilar(?:ities|ity)?\b|\bidentical\b|\balike\b|\bchanged\b",
        r"\bthe same\b|\bsame (?:as|thing|subject|object|place|animal|person)\b",
        rf"\bwhich (?:one|of (?:the|these|them)|{PICTURE}s?)\b",
        pictures=2,
    ),
    *_rule(
        Intent.COUNT,
        r"\bhow many (?P<what>[^?.!]+)",
        r"\bcount (?:up )?(?:all )?(?:of )?(?:the )?(?:number of )?(?P<what>[^?.!]+)",
        r"\bnumber of (?!th(?:is|at)\b)(?P<what>[^?.!]+)",
    ),
    *_rule(
        Intent.TRANSLATE,
        r"\btranslat(?:e|ion)\b",
        r"\b(?:in|into) (?:french|spanish|german|italian|chinese|japanese|portuguese|russian|arabic|"
        r"hindi|latin|korean|dutch)\s*[.?!]?$",
    ),
    *_rule(
        Intent.DECODE,
        r"\b(?:decode|scan|read|contents? of|link|url|say|hold|contain|encode|lead|point|"
        r"go)\w*\b.{0,40}\b(?:qr|bar ?code|data ?matrix)",
        r"\b(?:qr|bar)[ -]?codes?\b.{0,30}\b(?:say|contain|hold|decode|lead|link|point|content|"
        r"encode|mean|read|go|value)",
        r"^what(?:'s| is)(?: in| on| inside)? (?:the|this) (?:qr|bar)[ -]?code",
        r"\bwhere (?:does|do|will) (?:the|this|that|it)\b.*\b(?:lead|go|point|link)\b",
    ),
    *_rule(
        Intent.WHERE,
        r"\bwhere(?:abouts)?(?:'s| is| are| was| were|'re| in (?:the|this) \w+ (?:is|are)) (?P<what>[^?.!]+)",
        r"^where (?:does|do) (?:it|this|the \w+) (?:say|read|mention) (?P<what>[^?.!]+)",
        r"^where (?:did|does|do|have|has) (?P<what>[^?.!]+)",
        r"\b(?:which|what) (?:part|side|corner|position|area|half|region) (?:of .*?)?(?:is|are|has|"
        r"contains|holds)? ?(?P<what>[^?.!]*)",
        r"\b(?:position|location|placement) of (?P<what>[^?.!]+)",
        r"^locate (?P<what>[^?.!]+)",
    ),
    *_rule(
        Intent.AT,
        r"^(?:what|which)\b(?! colou?r)[\w' ]{0,30}?(?:'s| is| are) (?:there )?(?:on|in|at|to) (?:the )?"
        r"(?P<what>(?:far )?(?:(?:top|bottom|upper|lower)(?:[ -](?:left|right))?|left|right|middle|cent(?:er|re)))"
        r"(?: (?:side|corner|part|half|edge))?(?: of (?:the|this) \w+)?\s*\??$",
    ),
    *_rule(
        Intent.ALT,
        r"\balt(?:ernative)?[- ]?text\b|\balt (?:attribute|tag)\b|\bvisually impaired\b|\bscreen ?reader\b|\baccessib",
    ),
    *_rule(
        Intent.CAPTION,
        r"\bcaption",
        rf"\b(?:title|name|headline) for {_ONE}",
        r"\bone[- ]line(?:r)? (?:description|summary)",
    ),
    *_rule(
        Intent.SUMMARISE,
        r"\bsumm?ar(?:y|i[sz]e|ies)\b|\btl;?dr\b|\b(?:key|main) (?:points|ideas|takeaways|"
        r"message)\b|\bgist\b|\btakeaways?\b|\bbullet points\b(?= (?:on|of|in|are)|\?)",
        r"\bwhat(?:'s| is| are| does) (?:the |this |that )?(?:document|page|article|text|letter|"
        r"report|story|paper|note|notice|email|message)\b.{0,20}\babout\b",
    ),
    *_rule(
        Intent.LANGUAGE,
        r"\b(?:what|which) (?:human |natural )?language (?:is|are|does|do) (?:it|this|that|the "
        r"(?!user)|these|used|written)|\b(?:what|which) language\??$|\blanguage is (?:it|this)\b|"
        r"\b(?:detect|identify) the language\b",
    ),
    *_rule(
        Intent.READ,
        r"\btranscri(?:be|pt|ption)\b|\bocr\b|\bread (?:(?:out|aloud|me|all|everything|it|this)\b|"
        r"(?:the |this |all )*(?:text|sign|label|page|document|words|writing|notice|menu|letter|"
        r"note|receipt|poster|plate|screen|display|table|slide|card|form|invoice))",
        r"\b(?:extract|get|give|return|output|copy|print|list|show|find|recogni[sz]e|type out|"
        r"write(?: down| out)?)\b(?: me| us)?(?: all| any| the| of| every| visible| printed| raw| "
        r"full| plain| complete)* (?:text|words|writing|lines)\b",
        r"\bwhat (?:does|do|did) (?:it|this|that|they|these|the (?!chart|graph|plot)[\w -]{1,40}?) "
        r"(?:say|read)\b|\bwhat(?:'s| is| are|'re) (?:(?:the|this|these) )?(?:[\w "
        r"]{0,20})?(?:written|printed)\b",
        r"\bwhat(?:'s| is)? (?:the |all the )?(?:text|words|writing|wording)\b(?! colou?r)|"
        r"\b(?:text|words|writing) (?:in|on|from) (?:this|the|that)\b.{0,30}$|\bwhat is the "
        r"writing\b",
    ),
    *_rule(
        Intent.TITLE,
        r"\bwhat(?:'s| is) (?:the |its |this \w+'s )?(?:main )?(?:title|heading|headline|header)\b|"
        r"\b(?:get|extract|find|give me|read) the (?:title|heading|headline|header)\b|\bwhat(?:'s| "
        r"is) (?:it|this \w+) (?:called|titled)\b",
    ),
    *_rule(
        Intent.CHOOSE,
        r"\bclassif(?:y|ication)\b|\bcategori[sz]e\b|\b(?:one of|choose (?:from|between|one)|pick "
        r"(?:from|one)|select (?:from|one)|options?|labels|categories|classes) ?(?:(?:the "
        r")?following)?\b[^.?!]{0,30}[:\[(]",
        r"^(?:is|are|was|were|does|do) [^?]{1,60}\b\w+,? or (?:an? |the )?[\w -]+\?*$",
        r"^(?:what|which)\b[^?:]{0,60}[:,?] (?P<what>[^?]+\bor\b [^?]+)\?*$",
        r"^(?:an? )?[\w -]{2,25} or (?:an? )?[\w -]{2,25}\?$",
    ),
    *_rule(
        Intent.TAGS,
        r"\b(?:tags?|keywords?|hashtags?)\b|\blabels? (?:for|of) (?:this|the)\b|^(?:list|name|"
        r"identify)(?: me)?(?: all| of| the| any| every| main| visible| different| key| prominent)* "
        r"(?:objects?|things?|items?|elements?|subjects?|contents?)\b(?! (?:bought|purchased|"
        r"ordered|sold|on the (?:receipt|invoice|bill|menu)))|\b(?:what|which) (?:objects?|things|"
        r"elements|items|products)\b(?! (?:is|are) (?:on|in|at) the)",
    ),
    *_rule(
        Intent.KIND,
        rf"\bwhat (?:kind|type|sort) of (?:an? )?(?:{PICTURE}|file|media|visual|code)\b",
        rf"\bwhat (?:kind|type|sort) of (?:thing )?is (?:this|the) {PICTURE}\b",
    ),
    *_rule(
        Intent.SIZE,
        r"\b(?:dimensions?|resolution|aspect ratio|how (?:big|wide|tall|large|high)|width|height|"
        r"size|orientation|megapixels?)\b(?=.*\b(?:image|picture|photo|pixels?|it|this|screenshot|"
        r"scan)\b)|\bin pixels\b",
        r"^what(?:'s| is| are) (?:its|the) (?:dimensions|size|resolution|aspect ratio|orientation|width|height)\??$",
    ),
    *_rule(
        Intent.COLOUR,
        rf"\b(?:what|which)(?:'s| is| are|'re)?(?: the)?(?: main| dominant| primary| most common| "
        rf"background| overall)? ?{_COLOUR}\b(?: (?:is|are|does|do|of|in|has|have))?(?P<what>[^?.!]*)",
        rf"\b(?:name|list|give|identify|describe|extract|show|find)\b[^.?!]{{0,40}}\b(?:{_COLOUR}|"
        rf"palette)\b(?P<what>[^?.!]*)",
        rf"\b(?:{_COLOUR}|palette)(?: scheme)?\b (?:is|are|of|in) (?P<what>[^?.!]+)",
        rf"^(?:and )?(?:its |the )?{_COLOUR}\?*$",
    ),
    *_rule(
        Intent.PRESENCE,
        r"^(?:and |so |but |also )?(?:is|are|was|were) (?:there|it|this|that|they|these|the|any|he|"
        r"she|someone|anyone|anybody|somebody)\b ?(?P<what>[^?!]*)",
        rf"^(?:and |so |but )?(?:does|do|did|has|have) (?:{_ONE}|it|this|that|they|you see|the \w+|"
        rf"anyone|someone)\b ?(?P<what>[^?!]*)",
        r"\b(?:can|could|do) you (?:see|spot|find|detect|notice|recogni[sz]e|make out) "
        r"(?P<what>(?:an?|any|the|some) [^?!.]+)",
        r"^(?:any|some) (?P<what>[^?!]+)\?$",
        r"^(?:check|verify|tell me|determine|say) (?:if|whether) (?P<what>[^?!]+)",
    ),
    *_rule(
        Intent.WHO,
        r"^who(?:'s|se|m)?\b(?P<what>[^?]*)",
        r"\b(?:identify|recogni[sz]e|name) (?:the|this|that) (?:person|man|woman|people|face|"
        r"celebrity|actor|actress|individual)",
    ),
    *_rule(
        Intent.CREATE,
        r"^(?:please |can you |could you |now )?(?:write|compose|invent|create|generate|make up|"
        r"tell)\b(?: me| us)?(?: an?| the| some)? ?[^.?!]{0,50}\b(?:poem|haiku|story|joke|song|"
        r"essay|code|function|script|program|email|letter|blog|article|advert(?:isement)?|slogan|"
        r"tweet|post|recipe|limerick|lyrics|dialogue|speech|html|css|python|"
        r"javascript)\b(?P<what>[^?.!]*)",
    ),
    *_rule(
        Intent.DESCRIBE,
        rf"\bdescri(?:be|bing|ption)\b|\banaly[sz]e\b|\b(?:explain|interpret|inspect|examine|look at|"
        rf"tell me about|talk about) (?:to me )?(?:what|{_ONE}|it|this|that|these)\b",
        rf"\bwhat(?:'s| is| are|'re)?(?: all| exactly)?(?: going on| happening| shown| visible| "
        rf"depicted| displayed| there| pictured| being shown)?(?: to see| to be seen)? (?:in|on|at|"
        rf"within|inside) {_ONE}",
        r"\bwhat (?:do|can|did) (?:you|we|i) (?:see|notice|observe|make of|find|tell)\b|\bwhat "
        r"(?:am i|are we) looking at\b|\bwhat(?:'s| is) (?:shown|here|going on|happening|depicted|"
        r"visible|this about)\b",
        rf"\bwhat (?:does|do) (?:{_ONE}|it|this|that|(?:the|this|that) (?:chart|graph|plot|diagram|"
        rf"table|sign|map|infographic)) (?:show|depict|contain|display|represent|look like|have)\b",
    ),
    *_rule(
        Intent.IDENTIFY,
        rf"^(?:so |and |ok |hey )?(?:what|which)(?:'s| is| are|'re) (?:this|that|it|these|those|they|"
        rf"{_ONE})(?: \w+)?(?: (?:a|an)? ?{PICTURE} of| of)?\s*[?.!]*$",
        r"\b(?:what|which) (?:kind|type|sort|breed|species|model|make|brand) (?:of "
        r")?(?P<what>[^?.!]+?)(?: (?:is|are|do|does)\b[^?]*)?[?.!]*$",
        r"^(?:what|which) (?P<what>animal|object|thing|item|creature|bird|dog|cat|fish|insect|plant|"
        r"flower|tree|fruit|vegetable|food|dish|drink|vehicle|car|instrument|tool|device|product|"
        r"place|building|landmark|subject)s?\b",
        r"\b(?:identify|recogni[sz]e|name|classify) (?:the |this |that |what |"
        r"it\b)(?P<what>[^?.!]*)|\b(?:main|primary|central) (?:subject|object|thing|topic|focus)\b|"
        r"\bwhat(?:'s| is) (?:in|on) (?:the )?(?:foreground|focus|middle|centre|center)\b",
    ),
    *_rule(
        Intent.VALUE,
        r"^(?:and |so |but )?(?:what|which|when|how (?:much|long|far|old|late|early))(?:'s| is| are| was| were|"
        r"'re| did| does| do)? (?P<what>[^?!]+)",
        r"^(?:and |so |but )?(?:until|till|from|since|by) (?:when|what (?:time|hour|day|date))"
        r"(?:'s| is| are| was| were| did| does| do)? (?P<what>[^?!]+)",
        r"\b(?:find|extract|get|give me|tell me|look up|read|show me|list|(?:reply|respond|answer) with) (?:me )?"
        r"(?:only )?(?:the |all |its |their )?(?P<what>[^?.!]+?)(?: only)?\s*[?.!]*$",
        r"^(?:and |also |now )?(?:the |his |her |their |its )?(?P<what>(?:[\w&'-]+ ){0,3}(?:numbers?|names?|address|"
        r"e-?mail|phone|totals?|dates?|price|tax|vat|amount|website|url|company|title|iban|due date))\?*$",
    ),
)

# What each intent sounds like, for prompts that no rule catches.
PROTOTYPES: tuple[tuple[Intent, str], ...] = (
    (Intent.DESCRIBE, "describe what this picture shows"),
    (Intent.DESCRIBE, "tell me what you see here"),
    (Intent.CAPTION, "give a short caption for the photo"),
    (Intent.READ, "read out the text that is written in the image"),
    (Intent.SUMMARISE, "summarise the document"),
    (Intent.COLOUR, "which colours are in the picture"),
    (Intent.IDENTIFY, "which object is this"),
    (Intent.COUNT, "how many of them are there"),
    (Intent.WHERE, "in which part of the picture is it"),
    (Intent.TAGS, "give tags and keywords for the image"),
    (Intent.COMPARE, "what is the difference between the two pictures"),
    (Intent.CREATE, "write a poem or a story or code"),
    (Intent.TRANSLATE, "translate the text into another language"),
    (Intent.PAINT, "draw a new picture for me"),
)
