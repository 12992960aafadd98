"""What goes without saying: where things and occasions are, what stands for a business, words for several people."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading.tokens import bag

TRADES = {
    "bakery": "bread", "florist": "tulip", "gym": "dumbbell", "restaurant": "fork and knife", "dentist": "tooth",
    "dental": "tooth", "barber": "scissors", "barbershop": "scissors", "hairdresser": "scissors", "salon": "scissors",
    "pizzeria": "pizza", "brewery": "beer mug", "winery": "wine glass", "hotel": "bed", "travel": "airplane",
    "airline": "airplane", "farm": "tractor", "bank": "coin", "clinic": "stethoscope", "pharmacy": "pill",
    "bookshop": "books", "bookstore": "books", "school": "books", "university": "graduation cap",
    "law": "balance scale",
    "music": "musical note", "band": "guitar", "photography": "camera", "photographer": "camera",
    "cinema": "clapper board",
    "construction": "hammer", "plumber": "wrench", "garage": "wrench", "yoga": "lotus", "surf": "surfing",
    "tech": "laptop",
    "software": "laptop", "cafe": "coffee", "café": "coffee", "coffeehouse": "coffee", "tea": "teapot",
    "bar": "cocktail",
    "jewelry": "ring", "jeweler": "ring", "toy": "teddy bear", "pet": "paw prints", "vet": "paw prints",
    "veterinary": "paw prints", "garden": "seedling", "gardening": "seedling", "solar": "sun", "energy": "lightning",
    "delivery": "package", "shipping": "package", "fitness": "dumbbell", "bike": "bicycle", "cycling": "bicycle",
}  # fmt: skip
"""What stands for a house of business on its sign."""
HOMES: dict[str, str] = {
    **dict.fromkeys(("bench", "fence", "kite", "swing", "slide", "scooter"), "park"),
    **dict.fromkeys(("couch", "sofa", "armchair", "rug", "carpet", "television", "bookshelf"), "living room"),
    **dict.fromkeys(("bed", "pillow", "blanket", "crib"), "bedroom"),
    **dict.fromkeys(("oven", "stove", "fridge", "refrigerator", "sink"), "kitchen"),
    **dict.fromkeys(("campfire", "tent"), "forest"),
    "surfboard": "beach",
    "hammock": "beach",
    "sandcastle": "beach",
}
"""Where things are that somebody sits on or uses, where the words name no place."""
OCCASIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "picnic": ("park", ("basket", "sandwich")),
    "barbecue": ("garden", ("grill",)),
    "bbq": ("garden", ("grill",)),
    "party": ("", ("balloon", "birthday cake")),
    "birthday": ("", ("birthday cake", "balloon")),
    "celebration": ("", ("balloon", "party popper")),
    "wedding": ("garden", ("bouquet", "wedding cake")),
    "christmas": ("living room", ("christmas tree", "gift")),
    "thanksgiving": ("dining room", ("turkey", "pumpkin")),
    "halloween": ("", ("jack-o-lantern", "bat")),
    "easter": ("meadow", ("easter egg", "rabbit")),
    "breakfast": ("kitchen", ("coffee", "croissant")),
    "lunch": ("dining room", ("sandwich", "salad")),
    "dinner": ("dining room", ("spaghetti", "wine glass")),
    "camping": ("campsite", ("tent", "campfire")),
    "meeting": ("office", ("laptop",)),
}
"""What people have together: where it usually is, and what stands for it."""
CROWDS = bag(
    "person people friend crowd adult guest customer tourist fan family couple parent grandparent child kid sibling "
    "team audience spectator neighbor neighbour teenager teen twin student colleague coworker"
)
"""Words for several people, each of whom is drawn."""
