"""Nouns by what they do in a picture: places, media, what is worn, people, portions, abstract words."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading.tokens import Table, bag

_SETTINGS: tuple[tuple[str, str], ...] = (
    ("beach", "beach|seaside|shore|seashore|coast|coastline|dunes"),
    ("sea", "sea|ocean|open water|waves|bay|lagoon"),
    ("underwater", "underwater|coral reef|seabed|ocean floor|sea floor|under the sea|bottom of the sea|deep sea"),
    ("autumn", "autumn leaves|autumn foliage|fall foliage|fall leaves|falling leaves|autumn forest|autumn park|autumn "
               "landscape|autumn scene"),
    ("forest", "forest|woods|woodland|wood clearing|forest clearing|grove"),
    ("jungle", "jungle|rainforest|rain forest"),
    ("mountains", "mountains|mountain range|alps|mountain landscape|mountain valley|valley|canyon|mountain|"
                  "himalayas|mountain peak|mountaintop|summit|fjord"),
    ("hills", "hills|hill|hillside|rolling hills|highlands"),
    ("desert", "desert|sahara|sand dunes"),
    ("field", "field|fields|wheat field|flower field|sunflower field|meadow|meadows|prairie|grassland|savanna|savannah|"
              "countryside|pasture|plains|lawn"),
    ("garden", "garden|backyard|orchard|greenhouse|zen garden|vineyard|yard"),
    ("park", "park|playground|public park"),
    ("city", "city|times square|skyline|cityscape|downtown|metropolis|city skyline|rooftop|rooftops|city square|plaza"),
    ("street", "street|city street|alley|alleyway|road|sidewalk|avenue|boulevard|highway|crosswalk|lane"),
    ("village", "village|town|hamlet|small town|village square"),
    ("farm", "farm|barnyard|farmyard|farmland|ranch"),
    ("lake", "lake|pond|lakeside|lakeshore"),
    ("river", "river|riverbank|stream|creek|riverside|waterfall|brook"),
    ("sky", "sky|skies|clouds|starry sky|night sky|heavens"),
    ("space", "space|outer space|galaxy|cosmos|universe|orbit|milky way|deep space|nebula|moon|mars|lunar surface|"
              "surface of mars|surface of the moon|asteroid belt"),
    ("snow",
        "snow|snowfield|tundra|ice|glacier|snowy landscape|winter landscape|winter wonderland|ski slope|"
        "antarctica|arctic|north pole|south pole|winter scene"),
    ("kitchen", "kitchen|kitchen counter|countertop|bakery kitchen"),
    ("living room", "reading nook|reading corner|cozy corner|cosy corner|nook|attic|fireplace|by the fire|"
    "window seat|living room|lounge|room|sitting room|fireplace room|interior|parlour|parlor|home"),
    ("bedroom", "bedroom|nursery|dorm room"),
    ("bathroom", "bathroom|bathtub"),
    ("office", "office|boardroom|meeting room|workspace|home office|desk setup"),
    ("classroom", "classroom|school|lecture hall|schoolroom"),
    ("library", "library|bookshop|bookstore|study room|reading room"),
    ("restaurant", "restaurant|diner|bistro|dining room|banquet hall|pizzeria|tavern|pub|sushi bar"),
    ("cafe", "cafe|café|coffee shop|coffeehouse|tea room|coffee house"),
    ("shop", "shop|store|supermarket|grocery store|boutique|mall|showroom|bakery|toy shop|flower shop"),
    ("market", "market|bazaar|farmers market|street market|marketplace|night market"),
    ("workshop", "workshop|garage|studio workshop|forge|smithy|atelier|pottery studio|art studio|carpentry"),
    ("laboratory", "laboratory|lab|science lab"),
    ("studio", "studio|photo studio|backdrop|plain backdrop|studio backdrop|white backdrop"),
    ("brick wall", "brick wall|brick walls|wall of bricks|wall of brick"),
    ("cliff", "cliff|clifftop|cliff top|sea cliff|rocky cliff"),
    ("castle", "castle hall|throne room|castle courtyard|palace hall|courtyard|castle|palace"),
    ("temple", "temple|shrine|monastery|cathedral|church|mosque"),
    ("stage", "stage|theatre|theater|concert hall|concert|circus|nightclub|club|ballroom"),
    ("stadium", "stadium|arena|football field|soccer field|pitch|court|gym|basketball court|racetrack|race track"),
    ("station", "station|train station|subway|subway station|platform|airport|bus stop"),
    ("cave", "cave|cavern|grotto|mine|dungeon"),
    ("ruins", "ruins|ancient ruins|wasteland|abandoned city|graveyard|cemetery"),
    ("hospital", "hospital|clinic|operating room"),
    ("factory", "factory|warehouse|power plant|industrial hall|assembly line"),
    ("harbour", "harbour|harbor|port|marina|dock|pier|docks"),
    ("island", "island|desert island|tropical island"),
    ("swamp", "swamp|marsh|wetland|bog"),
    ("museum", "museum|gallery|art gallery|exhibition"),
    ("campsite", "campsite|camping site|camp|campground"),
    ("bar", "bar|cocktail bar|jazz club"),
    ("planet", "alien planet|alien world|alien landscape|distant planet"),
    ("city", "new york|new york city|london|tokyo|hong kong|shanghai|singapore|chicago|dubai|los angeles|san francisco|"
             "berlin|paris|rome|madrid|barcelona|sydney|toronto|mumbai|delhi|seoul|kyoto|venice|amsterdam|manhattan|"
             "brooklyn|istanbul|moscow|beijing|bangkok|cairo|lisbon|vienna|prague|boston|seattle|miami|las vegas"),
    ("landscape", "landscape|nature|wilderness|outdoors|horizon|outdoor environment|outdoor scene|scenery|outside"),
    ("mountains", "switzerland|nepal|tibet|norway|iceland"),
)  # fmt: skip
SETTINGS = Table(_SETTINGS)
SETTING_NAMES = tuple(dict.fromkeys(name for name, _ in _SETTINGS))
"""Every place that a Scene's `setting` may name."""
PLACES_ALWAYS = frozenset(
    {
        "landscape",
        "market",
        "library",
        "classroom",
        "farm",
        "park",
        "harbour",
        "laboratory",
        "cave",
        "autumn",
        "forest",
        "jungle",
        "desert",
        "city",
        "living room",
        "kitchen",
        "street",
        "village",
        "underwater",
        "sky",
        "field",
        "hills",
        "bedroom",
        "bathroom",
        "beach",
        "sea",
        "space",
        "mountains",
        "snow",
        "planet",
        "swamp",
        "garden",
        "lake",
        "river",
        "island",
        "workshop",
    }
)
"""Settings that are one without a preposition too, when nothing else is the picture's subject."""

MEDIA = bag(
    "picture image photo photograph photography photos pictures images pic portrait painting drawing "
    "illustration sketch artwork art render rendering graphic graphics design depiction scene scenery view shot "
    "snapshot headshot cartoon composition mockup mock wallpaper background backdrop print visual visuals still "
    "character closeup visualization clipart vector silhouette collage mural canvas study version series set "
    "sheet pack collection concept selfie representation watercolor watercolour etching engraving anime doodle "
    "caricature diorama action frame"
)
"""What a picture is called; "photo of a cat" is about the cat."""

TALES = bag("recipe guide story tale storybook tutorial instructions book walkthrough manual comic infographic")
"""What tells of a thing: "a story about a fox" shows the fox."""

LAYOUTS = {
    "sticker": "sticker",
    "stickers": "sticker",
    "decal": "sticker",
    "emote": "sticker",
    "emoji": "sticker",
    "icon": "icon",
    "icons": "icon",
    "favicon": "icon",
    "pictogram": "icon",
    "logo": "logo",
    "logos": "logo",
    "logotype": "logo",
    "emblem": "logo",
    "wordmark": "logo",
    "monogram": "logo",
    "poster": "poster",
    "flyer": "poster",
    "banner": "poster",
    "cover": "poster",
    "leaflet": "poster",
    "advertisement": "poster",
    "ad": "poster",
    "advert": "poster",
    "thumbnail": "poster",
    "placard": "poster",
    "card": "card",
    "invitation": "card",
    "invite": "card",
    "postcard": "card",
    "certificate": "card",
    "voucher": "card",
    "menu": "menu",
    "quote": "card",
    "quotation": "card",
    "infographic": "infographic",
    "chart": "infographic",
    "graph": "infographic",
    "diagram": "infographic",
    "timeline": "infographic",
    "flowchart": "infographic",
    "histogram": "infographic",
    "plot": "infographic",
    "forecast": "infographic",
    "checklist": "infographic",
    "dashboard": "infographic",
    "comic": "comic",
    "comics": "comic",
    "manga": "comic",
    "storyboard": "comic",
    "webtoon": "comic",
}

ABSTRACT = bag(
    "style styles lighting light lights shadow shadows highlight highlights mood atmosphere vibe vibes feel "
    "feeling tone tones palette scheme color colors colour colours theme background foreground backdrop "
    "angle perspective lens camera focus detail details quality resolution format ratio aspect texture "
    "textures outline outlines line lines lineart linework shading composition font fonts typeface "
    "typography text texts lettering word words caption captions title slogan tagline headline message shot "
    "way manner aesthetic aesthetics look appearance setting environment center centre middle corner side "
    "edge edges border borders script serif cursive handwriting calligraphy storm rain thunderstorm blizzard "
    "drizzle wind snowfall rainstorm fog note notes annotation annotations annotate top bottom left right "
    "frame distance depth bokeh blur exposure contrast saturation hue gradient grain film effect effects "
    "brushstroke brushstrokes brush stroke strokes ink inks bottom clean-up fashion attention emphasis "
    "reference references user users model output result results step steps order time times day days season "
    "seasons monday tuesday wednesday thursday friday saturday sunday january february april june july "
    "august september october november december sense symmetry balance harmony feature features element "
    "elements item items subject subjects object objects thing things part parts piece pieces idea concept "
    "context purpose use brand branding company business startup agency product products website web app "
    "page presentation slide slides marketing material materials e commerce advertising social media post "
    "profile size width height pixels pixel inch inches square dpi px hd uhd k mm panel panels megapixel "
    "photo-realism realism fantasy sci fi science fiction quality highlights glow reflection reflections "
    "rays ray beam sunlight moonlight daylight candlelight sunset sunrise dusk dawn twilight noon midday "
    "midnight night evening morning afternoon winter spring summer autumn fall weather mist fog haze horizon "
    "weekend weekends week month hour neon dust particles point focal barcode issue search google score "
    "game-score translation only minute grader grade version versions variation variations people's "
    "name names kind type types "
    "action motion movement speed energy-feel nature-feel inclusion anatomy century rim edges contours "
    "sign-off audience level life attention peace joy serenity elegance warmth comfort trust growth "
    "innovation simplicity emotion emotions expression silence calmness tranquility luxury fun beauty "
    "example one ones traffic lot lots bit touch hint kind sort amount splash wash washes spot"
)
"""Words that speak of the picture rather than of what it shows: they are no subjects."""

FEATURES = bag(
    "eye eyes smile grin hair beard moustache mustache wrinkle wrinkles fur ear ears tail paw paws nose face "
    "mouth teeth wing wings mane feather feathers horn horns antler antlers skin freckles eyebrows cheeks "
    "whiskers scales shell roof door doors window windows wall walls wheel wheels handle sail sails petal petals "
    "trunk spots stripes legs leg arm arms hand hands head body expression frosting icing sprinkles steam smoke "
    "stem branches leaves sleeves pattern laces engraving patterns collar pauldrons sauce crust foam cream "
    "logo-mark roofline chimney tower towers expression profile smirk frown belly chest shoulders neck hooves "
    "claws tusks fangs tentacles beak braid braids ponytail bun curls lipstick tattoo tattoos muscles rim"
)
"""Parts of a thing: "with blue eyes" describes it and adds nothing to the picture."""
BODY = bag("nose eye eyes hair leg legs tail ear ears face wing wings beard horn horns fur skin beak mane smile")
POSED = {
    "smile": "smiling", "grin": "smiling", "frown": "frowning", "wrinkle": "wrinkled", "wrinkles": "wrinkled",
    "steam": "steaming", "smoke": "smoking", "freckles": "freckled", "beard": "bearded", "tattoos": "tattooed",
    "tattoo": "tattooed", "smirk": "smirking", "stripes": "striped", "spots": "spotted", "sprinkles": "sprinkled",
    "steam rising": "steaming", "moustache": "moustached", "mustache": "moustached", "foam": "foamy",
    "muscles": "muscular", "profile": "profile",
}  # fmt: skip

WORN = bag(
    "hat cap helmet crown tiara beanie beret scarf glasses sunglasses spectacles goggles eyepatch mask coat "
    "jacket raincoat hoodie sweater jumper cardigan shirt t-shirt tshirt blouse dress gown skirt trousers pants "
    "jeans shorts suit tuxedo tie bowtie vest apron uniform costume robe cloak cape kimono sari poncho armor "
    "armour boots shoes sneakers sandals socks gloves mittens backpack necklace earrings bracelet ring watch "
    "headphones turban hijab bandana bonnet overalls spacesuit swimsuit bikini pyjamas pajamas slippers belt "
    "collar headband wig sombrero ribbon bow monocle crown"
)
PEOPLE = {
    "man": "man",
    "woman": "woman",
    "boy": "boy",
    "girl": "girl",
    "person": "person",
    "child": "child",
    "kid": "child",
    "baby": "child",
    "toddler": "child",
    "lady": "woman",
    "gentleman": "man",
    "guy": "man",
    "king": "man",
    "queen": "woman",
    "prince": "man",
    "princess": "woman",
    "grandmother": "woman",
    "grandfather": "man",
    "grandma": "woman",
    "grandpa": "man",
    "mother": "woman",
    "father": "man",
    "mom": "woman",
    "dad": "man",
    "sister": "woman",
    "brother": "man",
    "wizard": "man",
    "witch": "woman",
    "monk": "man",
    "nun": "woman",
    "bride": "woman",
    "groom": "man",
    "actress": "woman",
    "waitress": "woman",
    "waiter": "man",
    "astronaut": "person",
    "chef": "person",
    "cook": "person",
    "knight": "person",
    "pirate": "person",
    "detective": "person",
    "samurai": "person",
    "ninja": "person",
    "student": "person",
    "soldier": "person",
    "pilot": "person",
    "nurse": "person",
    "doctor": "person",
    "judge": "person",
    "athlete": "person",
    "clown": "person",
    "guard": "person",
    "captain": "person",
    "artisan": "person",
    "superhero": "person",
    "hero": "person",
    "heroine": "woman",
    "friend": "person",
    "couple": "person",
    "human": "person",
    "adult": "person",
    "teen": "person",
    "surgeon": "person",
    "blacksmith": "person",
    "potter": "person",
    "mermaid": "woman",
    "policeman": "man",
    "fireman": "man",
    "cowboy": "man",
    "cowgirl": "woman",
}
_NOT_TRADES = bag(
    "mist list wrist twist water flower tower paper letter river tiger winter summer weather corner center "
    "number order otter spider beaver hamster lobster oyster rooster panther butter burger cracker pepper ginger "
    "amber silver timber ladder hammer printer computer laser scooter tractor motor reactor mirror door floor "
    "color colour flavor harbor tumbler roller cooker toaster blender mixer heater speaker monitor sensor drawer "
    "counter sweater jumper slipper poster sticker banner flyer cover paper feather leather plaster lantern "
    "filter lighter trailer cruiser helicopter skyscraper chandelier planter shelter boulder thunder super inner "
    "outer upper lower lavender cucumber clover aster meteor alligator condor amaryllis piper locust crater "
    "ether alder tapir calendar radar jaguar cougar guitar altar star car bar jar pillar cellar dollar collar "
    "cedar nectar vinegar sugar bear deer beer ear pear spear crystal oyster badger grasshopper woodpecker "
    "kingfisher retriever terrier boxer pointer setter plover underwater number container freezer cooler locker "
    "rover binder folder divider zipper fighter tanker bumper propeller elevator escalator generator "
    "refrigerator calculator radiator avocado saucer diaper caterpillar character fir air stair dumpster "
    "roadster forester duster layer player-piano tiger monster gangster hipster burner router hair chair"
)

PORTIONS = bag(
    "bowl plate slice piece stack pile bunch bouquet loaf portion serving platter dish heap scoop kind sprig "
    "drop sheet bale"
)
"""Measures: "a plate of sushi" is sushi."""
VESSELS = bag(
    "cup glass mug bottle can jar basket vase box bag pot carton pint jug pitcher tin crate bucket teapot tub "
    "packet carafe"
)
"""Vessels: "a cup of coffee" is a coffee cup."""
SURFACES = bag(
    "surface countertop tabletop counter slab podium pedestal plinth floor ground table parchment desk platform "
    "tile tiles board canvas sheet grass sand concrete marble wood slate cloth tablecloth"
)
FURNITURE = bag("table desk shelf counter windowsill bench tray altar pedestal podium bookshelf nightstand")

_KINDS = (
    "red panda|red fox|black bear|brown bear|white tiger|blue whale|green tea|white wine|red wine|"
    "orange juice|red squirrel|red cabbage|green bean|black hole|white shark|blue jay|goldfish|"
    "gold medal|silver medal|black sheep|blackboard|red carpet|green apple|blue heart|red heart|gray wolf|"
    "grey wolf|white house|black tea|top hat|hot dog|hot air balloon|full moon|electric guitar|wild boar|"
    "sweet potato|golden retriever|golden gate bridge|orange tree|bronze medal|peach tree|lemon tree|"
    "cherry tree|olive tree|cherry blossom|rose garden|lime tree|golden eagle|bald eagle|polar bear|"
    "robin redbreast|yellow submarine"
)
COLOURED_KINDS = frozenset(_KINDS.split("|"))
"""Kinds whose name begins with a colour or an adjective."""


def trade(word: str) -> str:
    """ "man", "woman", "child" or "person" for a word that names somebody, else ""."""
    if word in PEOPLE:
        return PEOPLE[word]
    if word in _NOT_TRADES or len(word) < 6:
        return ""
    for ending, who in (("woman", "woman"), ("women", "woman"), ("man", "man"), ("girl", "girl"), ("boy", "boy")):
        if word.endswith(ending) and word not in {"snowman", "human", "roman", "german", "talisman"}:
            return who
    return "person" if word.endswith(("ist", "ician", "player", "keeper", "maker", "eer")) or (
        word.endswith(("er", "or")) and word[:-2].endswith(_VERBAL)
    ) else ""  # fmt: skip


_VERBAL = (
    "danc", "sing", "teach", "farm", "paint", "bak", "writ", "runn", "climb", "surf", "swimm", "skat", "danc", "work",
    "play", "garden", "build", "fight", "ski", "travel", "travell", "hik", "drumm", "plumb", "weav", "sculpt", "act",
    "sail", "fish", "hunt", "design", "develop", "programm", "lead", "barb", "butch", "carpent", "minist", "tail",
    "rapp", "gam", "snowboard", "cycl", "explor", "wait", "bartend", "preach", "board", "photograph", "report", "read",
    "conduct", "direct", "invent", "invest", "doct", "edit", "juggl", "magici", "manag", "min", "rid", "research",
)  # fmt: skip
