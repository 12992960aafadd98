"""Phrases that tell how a picture looks: style, light, weather, camera, mood, places in the frame."""

from __future__ import annotations

from pollux.engines.builtin.paint.reading.tokens import Table, bag

STYLES = Table((
    ("photo",
        "photorealistic|photo realistic|photorealism|photograph|photography|photo|photos|photographs|ultra "
        "realistic|hyperrealistic|hyper realistic|realistic photo|dslr|35mm|85mm|snapshot|polaroid|realistic|"
        "lifelike|headshot|product shot|cinematic shot|film still|3d render|photographic"),
    ("kawaii", "kawaii|chibi|cute sticker"),
    ("flat", "flat design|flat style|flat icon|flat vector|flat illustration|vector art|vector|material design|"
             "vector illustration|clip art|clipart|corporate illustration|flat art"),
    ("watercolour", "watercolour|watercolor|water color|water colour|aquarelle|gouache|watercolors|watercolours"),
    ("pencil",
        "pencil sketch|pencil drawing|in pencil|pencil style|charcoal|graphite|hand drawn sketch|rough sketch|"
        "sketch|sketchy|coloured pencil|colored pencil|crayon|doodle|line drawing|chalk drawing|sketched"),
    ("ink",
        "ink drawing|ink sketch|in ink|inks|ink style|ink illustration|pen and ink|line art|lineart|engraving|"
        "etching|woodcut|linocut|sumi e|calligraphic|ink wash|ukiyo e|pen drawing|inked|woodblock print|coloring "
        "page|colouring page|coloring book|block print"),
    ("oil",
        "oil painting|oil paint|oils|impasto|van gogh|starry night|impressionist|impressionism|impressionistic|"
        "monet|acrylic|post impressionist|expressionist|baroque painting|renaissance painting|rembrandt|oil on "
        "canvas|brushstrokes|palette knife|cezanne|painterly"),
    ("pixel", "pixel art|pixelated|8 bit|16 bit|8bit|16bit|pixel style|retro game"),
    ("isometric", "isometric"),
    ("noir", "noir|film noir|sin city|graphic novel"),
    ("anatomical", "da vinci|anatomical|anatomy drawing|leonardo|anatomical study|botanical illustration|"
                   "scientific illustration|vitruvian|anatomical sketch"),
    ("cartoon", "cartoon|cartoons|cartoonish|anime|manga|disney|pixar|ghibli|comic book|comic style|comic book style|"
                "cel shaded|cel shading|children's book|children book|kids book|storybook|picture book|animated|"
                "caricature|pop art|kids cookbook|claymation|animation|rubber hose"),
    ("neon", "neon style|synthwave|vaporwave|cyberpunk|neon art|outrun|retrowave|neon glow|neon lights|neon colors|"
             "neon colours|glow in the dark|neon outline"),
    ("papercut", "papercut|paper cut|paper cutout|paper cut out|paper craft|papercraft|cut paper|layered paper|origami|"
                 "paper art|quilling|cutout style|collage"),
    ("lowpoly", "low poly|lowpoly|polygonal|geometric polygons|low polygon|faceted"),
    ("illustration",
        "digital illustration|illustration|illustrated|digital art|concept art|digital painting|art nouveau|art "
        "deco|fantasy art"),
))  # fmt: skip

TIMES = Table((
    ("golden hour",
        "golden hour|sunset|sunsets|late afternoon|warm evening light|setting sun|sun drenched|golden light|at "
        "golden hour|evening sun|sundown|warm sunlight"),
    ("dawn", "dawn|sunrise|daybreak|early morning|morning light|rising sun|first light|morning mist"),
    ("dusk", "dusk|twilight|blue hour|evening|nightfall|evening light"),
    ("night",
        "night|midnight|moonlight|moonlit|nighttime|night time|starry|starlit|by night|full moon|starry sky|"
        "candlelight|candlelit|candle lit|in the dark|aurora|northern lights|night sky|moon light"),
    ("studio", "studio lit|studio lighting|softbox|studio light|three point lighting|studio photo|studio shot|"
               "studio portrait|studio photograph|studio backdrop|photo studio|three point softbox setup|ring light"),
    ("day",
        "daylight|daytime|midday|noon|sunny|bright day|natural light|afternoon|sunlit|morning|bright sunlight|"
        "sunshine|broad daylight"),
))  # fmt: skip
SOFT = Table((("soft",
    "soft light|soft lighting|diffused|softbox|soft natural light|soft golden|gentle light|soft subtle|subtle "
    "lighting|overcast|soft studio|soft warm|soft , diffused|soft , natural|soft , golden|soft and|soft morning|"
    "soft , warm|dreamy|candlelight|soft , subtle|soft glow"),))  # fmt: skip
NEON = Table((("neon", "neon lights|neon signs|neon light|neon lighting|neon sign|neon rim|neon lit|neon glow|neon"),))
WARM = Table((
    ("warm", "warm light|warm lighting|warm tones|warm colors|warm colours|warm glow|warmly lit|golden hour|firelight|"
             "warmer|candlelight|warm golden|warm sunlight|cosy light|cozy light|warm palette|warm"),
    ("cool",
        "cool light|cool lighting|cool tones|cold light|cold tones|cool colors|cool colours|icy tones|cooler|"
        "colder|cool palette|bluish light|moonlight"),
))  # fmt: skip
LEVELS = Table((
    ("dark",
        "dark and moody|low key|dimly lit|dim light|dim lighting|moody lighting|gloomy|darker|dimmer|dark "
        "atmosphere"),
    ("bright",
        "bright light|high key|brightly lit|well lit|bright and airy|brighter|lighter|bright lighting|bright "
        "daylight"),
))  # fmt: skip
SIDES = Table((
    ("top left", "top left|upper left|left side from above"), ("top right", "top right|upper right"),
    ("left", "left|left side"), ("right", "right|right side"),
    ("back", "behind|backlit|back lit|backlight|back lighting|rim light|rim lighting|backlighting"),
    ("top", "above|overhead|top"), ("bottom", "below|underneath"), ("front", "front"),
))  # fmt: skip

WEATHERS = Table((
    ("rain", "rain|rainy|raining|drizzle|rainfall|rainstorm|downpour|in the rain|pouring"),
    ("storm", "storm|stormy|thunderstorm|lightning|thunder|hurricane|tempest"),
    ("snow", "snowing|snowfall|snowy|falling snow|snowflakes|blizzard|snowstorm|snow covered|in the snow|winter day|"
             "winter night|snow is falling|snow falling|winter wonderland"),
    ("fog", "fog|foggy|mist|misty|haze|hazy|morning mist"),
    ("stars", "starry|starlit|milky way|constellation|night sky|under the stars|starry sky|starry night|stars above|"
              "stars overhead|stars in the sky|beneath the stars|twinkling stars|sky full of stars|"
              "stars in the night sky|shooting stars|under stars|full of stars|star filled"),
    ("clouds", "cloudy|clouds|overcast|fluffy clouds|cloud filled"),
))  # fmt: skip

SHOTS = Table((
    ("close-up", "close up|closeup|tight shot|detail shot|tight close up|zoomed in"),
    ("macro", "macro|macro shot|macro photo|macro photograph|extreme close up"),
    ("portrait", "portrait|headshot|bust|head and shoulders|selfie|half body"),
    ("wide", "wide shot|wide angle|wide angle shot|panorama|panoramic|full body|full body shot|establishing shot|"
             "long shot|landscape shot|wide view|sweeping|aerial|full length|zoomed out"),
    ("medium", "medium shot|mid shot|waist up"),
))  # fmt: skip
ANGLES = Table((
    ("low", "low angle|from below|worm's eye|low angle shot|looking up at|low angle perspective|worm eye"),
    ("top",
        "top down|bird's eye|bird eye|flat lay|flatlay|overhead|overhead shot|from above|aerial|aerial view|top "
        "view|birds eye|drone shot|drone|from directly above|overhead view"),
    ("high", "high angle|elevated|slightly elevated|45 degree|45 degrees|three quarter view|3 4 view|tilted down|"
             "high angle shot"),
    ("isometric", "isometric"),
    ("eye", "eye level|straight on|front view|head on"),
))  # fmt: skip
BLUR = Table((("blur", "bokeh|blurred background|blurry background|shallow depth of field|out of focus|soft , blurred|"
                       "depth of field|85mm|85 mm|blurred|f 1|portrait lens|soft focus background"),))  # fmt: skip

MOODS = Table((
    ("serene", "serene|peaceful|calm|tranquil|relaxing|quiet|meditative|zen|masterful|calming|soothing|gentle"),
    ("happy",
        "happy|joyful|cheerful|playful|fun|funny|humorous|humurous|humourous|whimsical|lively|upbeat|silly|"
        "comical|cheery|lighthearted|hilarious"),
    ("dramatic", "dramatic|epic|intense|gritty|powerful|heroic|action packed|dynamic|cinematic|tense"),
    ("mysterious", "mysterious|mystical|enigmatic|eerie|spooky|haunting|creepy|ominous|scary|haunted"),
    ("romantic", "romantic|tender|intimate"),
    ("cosy", "cosy|cozy|hygge|homely|homey|comforting|snug"),
    ("sad", "sad|melancholic|melancholy|lonely|gloomy|somber|sombre|moody"),
    ("festive", "festive|celebratory|party|christmas|holiday|carnival|celebration"),
    ("elegant", "elegant|fancy|luxurious|luxury|sophisticated|refined|high end|upscale|premium"),
    ("dreamy", "dreamy|dreamlike|ethereal|magical|surreal|enchanted|fairytale|fairy tale|otherworldly|enchanting"),
    ("nostalgic", "nostalgic|vintage|retro|old fashioned|1950s|1970s|1980s"),
    ("energetic", "energetic|vibrant|colorful|colourful|exciting"),
))  # fmt: skip
SHADES = Table((
    ("vibrant", "vibrant|bright colors|bright colours|vivid|saturated|colorful|colourful|bold colors|bold colours|"
                "bright palette|brightly colored|multicolored|bright color|bright colour"),
    ("pastel", "pastel|pastels|soft colors|soft colours|soft color palette|baby colors|candy colors"),
    ("muted", "muted|desaturated|subdued|faded|low saturation|understated"),
    ("earth",
        "earthy|earth tones|earth tone|natural colors|natural colours|autumnal|autumn colors|autumn colours|"
        "earthy tones"),
    ("warm", "warm tones|warm colors|warm colours|warm palette|warm color|warm colour"),
    ("cool", "cool tones|cool colors|cool colours|cool palette|cool color|cool colour"),
    ("monochrome", "monochrome|monochromatic|black and white|grayscale|greyscale|black & white"),
    ("sepia", "sepia"),
    ("neon", "neon colors|neon colours|neon palette|fluorescent"),
))  # fmt: skip
PLACES = Table((
    ("0.25 0.25", "top left|upper left|left top"), ("0.75 0.25", "top right|upper right|right top"),
    ("0.26 0.74", "bottom left|lower left|left bottom"), ("0.74 0.74", "bottom right|lower right|right bottom"),
    ("0.24 0.58",
        "on the left|on the left side|to the left|on left|left side|left hand side|at the left|on the far left|"
        "left of the frame|left third"),
    ("0.76 0.58", "on the right|on the right side|to the right|on right|right side|right hand side|at the right|"
                  "on the far right|right of the frame|right third"),
    ("0.5 0.55", "in the center|in the centre|in the middle|centered|centred|at the center|at the centre|center of the|"
                 "centre of the|middle of the frame|in the very center"),
    ("0.5 0.22", "at the top|on top of the picture|along the top|top of the frame|top center|top centre|high above"),
    ("0.5 0.8", "at the bottom|along the bottom|bottom of the frame|bottom center|bottom centre"),
    ("front", "in the foreground|in the front|in front|foreground"),
    ("back", "in the background|in the distance|in the back|on the horizon|far away|far off|in the far distance"),
    ("around", "all around|everywhere|scattered around|in a circle"),
))  # fmt: skip
PLACE_TAIL = bag(
    "corner side of the frame picture image in at on area part hand canvas third half edge composition "
    "positioned placed located photo scene page right-hand middle"
)  # fmt: skip
OPPOSITE = {
    "0.25 0.25": "bottom right", "0.75 0.25": "bottom left", "0.26 0.74": "top right", "0.74 0.74": "top left",
    "0.24 0.58": "right", "0.76 0.58": "left", "0.5 0.22": "bottom", "0.5 0.8": "top",
}  # fmt: skip
SIDE_NAMES = Table(
    (
        ("top left", "top left|upper left"),
        ("top right", "top right|upper right"),
        ("bottom left", "bottom left|lower left"),
        ("bottom right", "bottom right|lower right"),
        ("top", "top|above"),
        ("bottom", "bottom|below"),
        ("left", "left"),
        ("right", "right"),
    )
)
FACING = Table((
    ("facing right", "looking right|facing right|turned right|looking to the right|facing to the right"),
    ("facing left", "looking left|facing left|turned left|looking to the left|facing to the left"),
    ("facing forward",
        "looking forward|facing forward|facing the camera|looking at the camera|looking directly at the camera|"
        "looking straight ahead|looking into the camera|looking at the viewer|facing the viewer"),
    ("facing away", "facing away|looking away|seen from behind|from behind|from the back"),
    ("profile", "in profile|side view|in side view|profile view"),
))  # fmt: skip
FRAMES = Table((
    ("circle", "in a circle|circular|round|inside a circle|within a circle|roundel|circle|circle shape"),
    ("square", "in a square|rounded square|inside a square|app icon"),
    ("shield", "in a shield|shield|crest|coat of arms"), ("hexagon", "in a hexagon|hexagon|hexagonal"),
    ("triangle", "in a triangle|triangular|triangle"), ("diamond", "in a diamond|diamond shape|diamond shaped"),
    ("oval", "in an oval|oval|elliptical"),
))  # fmt: skip
FACES = Table((
    ("sans",
        "sans serif|sans|geometric font|modern font|helvetica|clean font|grotesk|clean typography|modern "
        "typography"),
    ("slab", "slab serif|slab|typewriter style|western font"),
    ("serif", "serif|elegant font|classic font|times new roman|elegant serif|roman font|didone|classical font"),
    ("script", "script|cursive|calligraphy|calligraphic|flowing font|elegant script"),
    ("hand",
        "handwritten|hand written|handwriting|hand lettered|hand drawn font|brush font|hand lettering|chalk|"
        "chalkboard|brush lettering|hand drawn lettering|marker"),
    ("mono", "monospace|monospaced|mono|typewriter|code font|terminal font"),
    ("comic", "comic font|comic sans|comic lettering|bubble letters|playful font|rounded font|cartoon font|bubbly|"
              "kids font|balloon letters|fun font"),
    ("pixel", "pixel font|pixelated font|8 bit font|bitmap font"),
    ("display", "display font|bold font|decorative|art deco font|poster font|heavy font|impact|block letters|chunky|"
                "condensed|retro font|vintage font|grunge font|stencil|graffiti|neon sign font"),
))  # fmt: skip
