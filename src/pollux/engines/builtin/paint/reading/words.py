"""Words by their part of speech, as far as prompts for pictures need them; suffixes settle the rest."""

from __future__ import annotations

from pollux.engines.builtin.english import NUMBERS
from pollux.engines.builtin.paint.reading.tokens import Table, bag

DETERMINERS = bag("a an the this that these those my your our his her its their some any every each all another one's")
DEFINITE = bag("the this that these those his her its their")
PRONOUNS = bag("it he she they it's he's she's him them itself himself herself themselves")
MEN, WOMEN = frozenset(["he", "he's", "him", "his", "himself"]), frozenset(["she", "she's", "hers", "herself"])
COUNTS = {word: count for count, word in enumerate(NUMBERS) if count} | {
    "single": 1, "lone": 1, "solitary": 1, "both": 2, "several": 4, "few": 3, "many": 6, "various": 4, "multiple": 4,
    "numerous": 6, "countless": 8, "dozen": 12, "dozens": 8, "fifteen": 15, "twenty": 20,
}  # fmt: skip
GROUPS = Table((
    ("2", "pair of|couple of|duo of|pairs of"),
    ("3", "trio of|a few|handful of"),
    ("4", "group of|family of|cluster of|bunch of|row of|rows of|set of|collection of|assortment of|variety of|pack of|"
          "litter of|gang of|line of|array of|lot of|lots of|number of|team of|band of|selection of"),
    ("6", "flock of|herd of|school of|swarm of|crowd of|fleet of|army of|dozens of|hundreds of|thousands of|plenty of|"
          "shoal of|colony of"),
    ("12", "dozen"),
))  # fmt: skip

_FUNCTION = (
    "and or but nor so yet if then than when while where which who whom whose that because as like such also "
    "too just only very really quite rather extremely incredibly super slightly somewhat more most less "
    "least much not no without never there here please me i you we us to for from by with of in on at into "
    "onto over under above below beneath behind beside between among around across through along near "
    "against toward towards upon within inside outside off up down out about during after before until next "
    "is are was were be been being am has have had do does did can could will would shall should may might "
    "must let let's what how why first second third finally lastly afterwards later now again instead e g "
    "pls plz plss thx thanks thank hey hi hello ok okay kindly gimme wanna btw lol "
    "i'd i'm i'll etc via says say said tells tell asks per plus versus vs same other both either neither"
)
FUNCTION = frozenset(_FUNCTION.split())
NEGATIONS = bag("no without not never excluding avoid free")
COPULAS = bag("is are was were be looks look appears seems it's he's she's they're that's becomes become")

_ORDERS = (
    "create make generate draw paint design show add place put use include render produce illustrate sketch "
    "depict visualize visualise give imagine build craft write set display feature features featuring "
    "showing depicting showcasing want need like love would help prepare ensure keep capture captured shot "
    "taken presented positioned using inspired based convert transform turn change update start begin fill "
    "overlay arrange combine compose position illustrating shows depicts explains explain explaining "
    "teaching teaches compares comparing describing using made take represent representing portray "
    "portraying get see picturing translate find"
)
ORDERS = frozenset(_ORDERS.split())
"""Verbs that speak to the painter, or of the picture: never part of a thing's name."""

_ADJECTIVES = (
    "tiny small little big large huge giant gigantic enormous massive tall short long wide narrow thin thick "
    "fat slim chubby plump round square flat deep shallow high low old young ancient new modern vintage "
    "retro antique futuristic medieval victorian classic classical traditional contemporary rustic elegant "
    "fancy simple plain minimalist minimal ornate delicate fragile sturdy strong weak heavy light bright "
    "dark pale soft hard smooth rough sharp blurry clear warm cold cool hot icy wet dry fresh ripe raw happy "
    "sad angry scared sleepy tired calm serene peaceful quiet silent busy crowded empty lonely cheerful "
    "joyful playful funny silly goofy cute adorable kawaii lovely beautiful pretty handsome gorgeous "
    "stunning majestic magical mystical mysterious enchanted spooky scary creepy haunted fierce wild "
    "friendly shy brave proud wise curious lazy grumpy sleek shiny glossy matte metallic polished fluffy "
    "furry hairy fuzzy scaly spiky spotted striped dotted floral plaid curly straight wavy bald bearded "
    "elderly adult teenage baby male female dead alive cosy cozy tidy messy clean dirty dusty muddy sandy "
    "rocky grassy mossy leafy snowy rainy sunny cloudy foggy misty stormy windy starry moonlit sunlit lush "
    "tropical exotic rare common royal noble rich poor wooden golden silvery crystal transparent translucent "
    "opaque solid hollow open closed broken cracked full half double single lone solitary main central left "
    "right top bottom upper lower front rear famous iconic epic dramatic cinematic surreal abstract "
    "prominent elegant evil realistic hyperrealistic photorealistic detailed intricate vibrant colorful "
    "colourful vivid muted pastel monochrome bold gritty dreamy whimsical romantic nostalgic moody gloomy "
    "cheery festive professional high good great best nice perfect amazing awesome fantastic incredible "
    "special unique different various certain real fake artificial natural organic electric mechanical "
    "robotic digital magic japanese chinese french italian american african indian mexican british english "
    "german spanish asian european russian greek roman egyptian korean thai scandinavian nordic celtic "
    "arabic turkish steampunk cyberpunk gothic baroque bohemian nano mini miniature jumbo oversized steaming "
    "free vast quaint bustling humble tasty delicious yummy creamy crispy crunchy juicy spicy sweet sour "
    "salty legendary heroic evil dangerous safe fast quick slow loud secret hidden lost public private local "
    "urban rural coastal alpine arctic polar lunar solar stellar cosmic interstellar orbital nuclear "
    "chemical medical military civil human feral stray mature homemade fresh northern southern eastern "
    "western diverse serious neutral surprised excited confused worried smug knowing thoughtful pensive"
)
ADJECTIVES = frozenset(_ADJECTIVES.split())
SUFFIXES = ("ful", "ous", "less", "ish", "ive", "able", "ible", "esque", "iest")

MATERIALS = bag(
    "leather bamboo ceramic porcelain steel iron bronze copper brass wool cotton denim velvet silk linen paper "
    "cardboard concrete marble granite plastic rubber straw wicker oak pine mahogany brick clay stone wood metal "
    "titanium aluminium aluminum chrome crystal knitted woolen felt origami lego"
)

_ING_NOUNS = (
    "ring king wing building painting string spring thing ceiling earring lightning morning evening pudding wedding "
    "clothing railing swing sling duckling dumpling sibling sapling starling herring offering icing stocking awning "
    "viking being wording lettering sing bring gosling drawing meeting training "
    "lighting setting seasoning topping frosting filling housing "
    "covering flooring parking dining shading rendering clearing landing opening crossing wedding"
)
ING_NOUNS = frozenset(_ING_NOUNS.split())
DOINGS = bag("building painting drawing meeting lighting training opening crossing icing")
"""Nouns that are verbs behind somebody, before what is done to: "children building a sandcastle"."""
ED_NOUNS = bag("bed seed shed sled weed red reed breed feed thread bread bobsled watershed need speed deed")
LY_NOUNS = bag(
    "butterfly family lily jelly fly belly holly trolley assembly july reply supply firefly dragonfly anomaly "
    "gully italy bully ally monopoly friendly lovely lonely curly elderly cuddly bubbly ghostly wobbly silly "
    "ugly early hilly wooly woolly doily"
)

SUFFIXED_NOUNS = bag(
    "detective vegetable locomotive native stable constable turntable timetable radish archive mouthful beehive "
    "executive portable drive relative captive handful octopus marble"
)  # fmt: skip

WEAR, HOLD, EAT, ON, IN = "wearing", "holding", "eating", "on", "in"
UNDER, BESIDE, BEHIND, ABOVE, RIDING = "under", "beside", "behind", "above", "riding"
_VERBS: tuple[tuple[str, str], ...] = (
    (WEAR, "wear sport don"),
    (HOLD,
        "hold carry grip grasp clutch inspect examine read wield lift raise juggle balance play hug cradle pour "
        "bring sell serve breathe spit open build fix repair knit strum sharpen polish deliver offer fly_ hoist "
        "wave throw "
        "catch kick swing type push pull"),
    (EAT, "eat munch nibble chew drink sip lick bite devour taste slurp"),
    (RIDING, "ride drive pilot steer paddle row sail"),
    (BESIDE, "chase follow watch face greet meet feed pet walk_ visit fight guard hunt observe admire approach pat "
             "brush water kiss"),
)  # fmt: skip
_POSES = (
    "sit stand lie sleep nap rest lounge perch run jump leap dance walk stroll swim dive fly float hover "
    "soar crawl climb smile laugh grin cry wink sing meditate relax gaze look stare glow shine sparkle rise "
    "fall drift wander roam graze kneel crouch pose work cook bake study think dream wait gallop hop bounce "
    "spin roll slide skate ski surf stretch yawn snore bark meow roar howl explode erupt bloom grow hang "
    "lean swing stream explore rain snow burn steam play"
)


def _forms(base: str) -> list[str]:
    """A verb's third person and -ing form."""
    base = base.rstrip("_")
    ends = "es" if base.endswith(("s", "sh", "ch", "x", "z")) else "s"
    third = base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeiou" else base + ends
    stem = base[:-1] if base.endswith("e") and not base.endswith("ee") else base
    if base in {"lie"}:
        stem = "ly"
    out = [third, stem + "ing"]
    if base[-1] in "bdgmnpt" and base[-2] in "aeiou" and base[-3:-2] not in "aeiou":
        out.append(base + base[-1] + "ing")
    return out


_FORMS = tuple((form, relation) for relation, bases in _VERBS for base in bases.split() for form in _forms(base))
TRANSITIVE = {form: relation for form, relation in reversed(_FORMS) if form not in ING_NOUNS}
"""Verb forms with an object, and the relation they stand for."""
POSES = {form: _forms(base)[-1 if len(_forms(base)) > 2 else 1] for base in _POSES.split() for form in _forms(base)} | {
    "asleep": "sleeping"
}
"""Verb forms without an object, and the pose as "sitting"."""
NOUN_FORMS = bag(
    "stars watches plays flies rests dreams falls waves looks works swings brushes opens sails rows faces pets "
    "rings bites walks drinks rolls slides visits dances pulls plants throws"
)  # fmt: skip
"""Third persons that are plurals more often: verbs only where a thing stands before them."""

RELATIONS = Table((
    (WEAR, "dressed in|dressed as|clad in|wrapped in|adorned with"),
    (HOLD, "playing with|armed with|equipped with"),
    (EAT, "munching on|munches on|snacking on|feeding on|nibbling on|chewing on|dining on|drinking from|sipping from"),
    (ON, "on top of|atop|on|upon|onto"),
    (UNDER, "under|beneath|underneath|below"),
    (BESIDE, "next to|beside|near|close to|by|alongside|along with|together with|accompanied by|looking at|gazing at|"
             "staring at|against|between|among|amid|amongst|talking to|playing with|around|"
             "inspired by|to the left of|to the right of|toward|towards|surrounded by|facing"),
    (BEHIND, "behind|in back of"),
    ("front", "in front of|before"),
    (ABOVE, "above|over"),
    (RIDING, "riding on|riding in|driving in"),
    (IN, "in|inside|within|into|at|through|across|along|throughout|amidst|in the middle of a|set in|set against|"
         "located in|down|outside|in the shape of|from|standing in|set on"),
    ("with", "with|featuring|has|having|including|plus|containing|filled with|full of|covered in|covered with|"
             "decorated with|topped with|lined with"),
    ("of", "of|showing|depicting|portraying|representing|illustrating|displaying"),
    ("for",
        "that explains|that explain|explaining|explains|teaching|about how|that shows|comparing|for|about|on the "
        "topic of|celebrating|advertising|promoting|announcing"),
    ("as", "as|like|that looks like|shaped like|disguised as"),
    ("and", "and|or|plus|as well as|&"),
    ("without", "without|with no|no|excluding|free of|not"),
))  # fmt: skip


def is_ing(word: str) -> bool:
    """Whether a word is a verb's -ing form rather than a noun."""
    return len(word) > 4 and word.endswith("ing") and word not in ING_NOUNS


def is_participle(word: str) -> bool:
    """Whether a word is a past participle by its look."""
    return len(word) > 4 and word.endswith("ed") and word not in ED_NOUNS


def is_adverb(word: str) -> bool:
    """Whether a word is an adverb by its look."""
    return len(word) > 4 and word.endswith("ly") and word not in LY_NOUNS


def is_adjective(word: str) -> bool:
    """Whether a word is an adjective, by list or by its suffix."""
    if word in ADJECTIVES or is_participle(word):
        return True
    return len(word) > 5 and word.endswith(SUFFIXES) and word not in SUFFIXED_NOUNS and not word.endswith("fish")
