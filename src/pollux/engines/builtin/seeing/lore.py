"""What things are usually made of and what foods usually contain: for "the wooden items", "their allergens".

Nothing here is seen in a picture; it is only asked for by words that no picture shows.
"""

from __future__ import annotations

import re

from pollux.engines.builtin.english import key
from pollux.engines.builtin.kinds import groups, is_kind

MATERIALS: dict[str, str] = {
    "wooden": "table|desk|chair|bench|bookcase|bookshelf|wardrobe|door|fence|barrel|crate|chest|"
    "cutting board|wooden spoon|"
    "rolling pin|pencil|guitar|violin|cello|piano|tree|log|ladder|boat paddle|paddle|bed|cradle|"
    "shelf|picture frame|tray|"
    "chopstick|matchstick|match|baseball bat|birdhouse|barn|cabinet|dining table|totem pole|chiffonier|plank|wood",
    "glass": "glass|wine glass|goblet|beer glass|bottle|wine bottle|beer bottle|jar|vase|window|"
    "mirror|beaker|hourglass|"
    "light bulb|bulb|aquarium|eyeglasses|glasses|sunglasses|lens|magnifying glass|pitcher|carafe|"
    "test tube|drinking glass",
    "metal": "fork|knife|spoon|pot|pan|frying pan|wok|kettle|can|key|lock|padlock|hammer|nail|screw|"
    "wrench|scissors|coin|"
    "chain|sword|bell|trumpet|saxophone|faucet|tap|car|truck|bus|train|bicycle|motorcycle|airplane|rocket|missile|anchor|"
    "safe|radiator|corkscrew|ladle|spatula|strainer|thimble|bucket|gear|paper clip|safety pin|medal|trophy|cauldron",
    "plastic": "plastic bag|bucket|toy|water bottle|pill bottle|comb|toothbrush|straw|lego|keyboard|"
    "mouse|remote control|"
    "sunscreen|water jug|balloon",
    "paper": "book|newspaper|envelope|letter|paper|page|map|carton|cardboard|box|notebook|receipt|"
    "ticket|menu|paper towel|"
    "toilet paper|comic book|crossword puzzle|card|banknote",
    "fabric": "shirt|t-shirt|dress|coat|jacket|sock|hat|cap|scarf|glove|curtain|pillow|towel|rug|"
    "carpet|quilt|sofa|couch|"
    "backpack|sweater|cardigan|skirt|jeans|trousers|tie|apron|flag|teddy bear|velvet|wool",
    "ceramic": "cup|mug|plate|bowl|vase|teapot|coffee mug|toilet|pot|saucer|sink|tile|pitcher",
    "leather": "shoe|boot|belt|wallet|purse|handbag|holster|saddle|football|baseball glove",
    "stone": "castle|statue|monument|bridge|wall|stone wall|rock|cliff|temple|fountain|pedestal|obelisk|megalith",
}
SHADES: dict[str, tuple[str, ...]] = {
    "wooden": ("brown",), "glass": ("light blue", "turquoise"), "metal": ("gray", "light gray", "dark gray"),
}  # fmt: skip
"""What plain shapes of a drawing are drawn in when they stand for a material."""
_CALLED = {
    "wood": "wooden", "timber": "wooden", "metallic": "metal", "steel": "metal", "iron": "metal", "glassware": "glass",
    "cloth": "fabric", "textile": "fabric", "porcelain": "ceramic", "cardboard": "paper",
}  # fmt: skip
_SERVED: dict[str, tuple[str, ...]] = {
    "cup": ("coffee", "espresso", "tea", "cocoa", "hot chocolate"),
    "glass": ("wine", "beer", "juice", "eggnog", "water", "milkshake", "cocktail"),
    "bowl": ("soup", "stew", "consomme", "hot pot", "salad", "guacamole", "cereal", "ramen"),
}  # fmt: skip
"""What stands in which vessel when it is shown: names of pictures speak of the contents."""
_CONTAINS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"bread|bagel|pretzel|baguette|loaf|pasta|spaghetti|noodle|toast|cracker|croissant", ("gluten",)),
    (
        r"cake|cupcake|muffin|cookie|pastry|waffle|pancake|dough|pie|doughnut|donut|biscuit|brownie",
        ("gluten", "egg", "milk"),
    ),
    (r"pizza|sandwich|burger|cheeseburger|burrito|taco|lasagna|sub", ("gluten", "milk")),
    (r"hot ?dog", ("gluten", "mustard")),
    (r"cheese|milk|butter|yogh?urt|ice cream|cream|latte|cappuccino|milkshake|custard|trifle", ("milk",)),
    (r"chocolate", ("milk", "soy")),
    (r"egg|omelette|eggnog|mayonnaise", ("egg",)),
    (r"peanut", ("peanut",)),
    (r"nut|almond|hazelnut|walnut|cashew|pistachio|acorn|chestnut|macadamia", ("tree nuts",)),
    (r"fish|salmon|tuna|sushi|sardine|trout|anchovy", ("fish",)),
    (r"shrimp|prawn|crab|lobster|crayfish", ("crustaceans",)),
    (r"oyster|mussel|clam|squid|octopus|snail|scallop", ("molluscs",)),
    (r"tofu|soy|edamame|miso", ("soy",)),
    (r"beer|ale", ("gluten",)),
    (r"wine", ("sulphites",)),
    (r"mustard", ("mustard",)),
    (r"celery", ("celery",)),
    (r"sesame|hummus|tahini", ("sesame",)),
)


def material(noun: str) -> str:
    """The material that a word asks for ("wooden", "made of glass"), "" when it names none."""
    low = " ".join(key(re.sub(r"\bmade (?:of|from|out of)\b", " ", noun)))
    low = _CALLED.get(low, low)
    return low if low in MATERIALS else ""


def is_made_of(names: tuple[str, ...], what: str) -> bool:
    """Whether something called so is usually made of a material, or says so in its name ("wooden spoon")."""
    said = {word for name in names for word in key(name)}
    return what in said or any(is_kind(member, names) for member in MATERIALS.get(what, "").split("|"))


def is_served_in(names: tuple[str, ...], noun: str) -> bool:
    """Whether something called so stands in the vessel that is asked for: an espresso in a cup, or a "coffee cup".

    What the noun says of the contents must be true of them: an espresso stands in no tea cup.
    """
    asked = key(noun)
    if not asked:
        return False
    vessels = [vessel for vessel in _SERVED if is_kind(asked[-1], (vessel,))]
    return set(asked[:-1]) <= {word for name in names for word in key(name)} and any(
        is_kind(held, names) for vessel in vessels for held in _SERVED[vessel]
    )


def allergens(names: tuple[str, ...]) -> tuple[str, ...]:
    """The allergens (of the 14 of EU regulation 1169/2011) that a food of this name usually contains."""
    for pattern, held in _CONTAINS:
        if any(re.search(rf"\b(?:{pattern})s?\b", name.lower()) for name in names):
            return held
    return ()


def family(names: tuple[str, ...]) -> str:
    """The widest everyday group that something belongs to: "animal" of a tabby cat; "" for none."""
    found = groups(names)
    return found[0] if found else ""
