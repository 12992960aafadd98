"""Drawings of our own: furniture, the household, food and clothes.  art_ours.py says how fills are written."""

HOME = {
    "table-wooden": (
        "household",
        """<path fill="v(#7a4b26,#5a3418)" d="M20 42h8v46h-8zM72 42h8v46h-8z"/> <path fill="v(#94602f,#6b4020)"
        d="M10 44h9l-2 54H9zM81 44h9l1 54h-8z"/> <rect x="8" y="38" width="84" height="12" rx="2"
        fill="v(#8a5629,#75461f)"/> <path fill="v(#d49a5c,#b97b40)" d="M14 26h72l12 10H2z"/><rect x="2"
        y="35.500" width="96" height="5.500" rx="2" fill="v(#a96c35,#8f5829)"/><path fill="none"
        stroke="#9c6431" stroke-width="0.800" opacity="0.7" d="M22 29h40M50 32.500h38M12 33.500h26"/>""",
    ),
    "bench-park": (
        "household",
        """<path fill="#3c424c" d="M14 30h5v62h-5zM81 30h5v62h-5z"/><path fill="none" stroke="#3c424c"
        stroke-width="4" d="M6 62h14M80 62h14M8 62v30M92 62v30"/> <rect x="3" y="30" width="94" height="8"
        rx="3" fill="v(#c98a4e,#a86a34)"/> <rect x="3" y="42" width="94" height="8" rx="3"
        fill="v(#c98a4e,#a86a34)"/> <rect x="1" y="60" width="98" height="5" rx="2.500"
        fill="v(#dca063,#c08346)"/> <rect x="0" y="65" width="100" height="6.500" rx="3"
        fill="v(#c98a4e,#97602d)"/> <path fill="#2c313a" d="M5 90h8v3H5zM87 90h8v3h-8z"/>""",
    ),
    "bookcase": (
        "household",
        """<rect x="14" y="3" width="72" height="94" rx="3" fill="v(#9a6536,#6f4522)"/> <path fill="#4a2c15" d="M19
        8h62v25H19zM19 38h62v25H19zM19 68h62v24H19z"/> <path fill="#c8473d" d="M22 14h6v19h-6zM57 44h7v19h-7zM36
        74h5v18h-5z"/> <path fill="#3f78a8" d="M29 11h7v22h-7zM22 46h6v17h-6zM70 72h6v20h-6z"/> <path
        fill="#e0b04a" d="M37 16h5v17h-5zM65 42h6v21h-6zM42 72h7v20h-7z"/> <path fill="#4f8f63" d="M43
        12h8v21h-8zM29 43h7v20h-7zM22 75h6v17h-6z"/> <path fill="#8a5fa8" d="M52 15h5v18h-5zM37 46h6v17h-6zM50
        76h5v16h-5z"/> <path fill="#f0e2c8" d="M60 17l5-2 6 17-5 2zM44 45h6v18h-6zM56 73h6v19h-6zM29
        72h6v20h-6z"/> <path fill="#7fb6c9" d="M73 20c4 0 6 4 6 8v5H67v-5c0-4 2-8 6-8z"/> <path fill="#b98150"
        d="M17 33h66v4H17zM17 63h66v4H17z"/>""",
    ),
    "shelf": (
        "household",
        """<path fill="v(#6b4426,#4a2c15)" d="M16 68h6v14l-6-4zM78 68h6v10l-6 4z"/> <rect x="2" y="60" width="96"
        height="9" rx="2" fill="v(#c98d55,#9c6634)"/> <path fill="h(#e08a5f,#b3532f)" d="M12 60c-5-10-3-18
        3-22v-4h10v4c6 4 8 12 3 22z"/> <path fill="h(#9fc4d4,#4f84a0)" d="M36 60V42c0-5 14-5 14 0v18z"/> <path
        fill="#c8473d" d="M56 36h6v24h-6z"/><path fill="#3f78a8" d="M63 32h7v28h-7z"/> <path fill="#e0b04a"
        d="M71 38h6v22h-6z"/><path fill="h(#f6efe2,#cdbfa6)" d="M82 60c-3-8-1-12 6-12s9 4 6 12z"/>""",
    ),
    "desk": (
        "household",
        """<path fill="v(#8a5a30,#643d1d)" d="M8 40h8v56H8zM84 40h8v56h-8z"/> <rect x="54" y="42" width="34"
        height="38" fill="v(#b07a44,#8c5a2d)"/> <path fill="#d8a468" d="M57 45h28v9H57zM57 57h28v9H57zM57
        69h28v9H57z"/> <path fill="#5a3a1e" d="M68 48h6v2h-6zM68 60h6v2h-6zM68 72h6v2h-6z"/> <path
        fill="v(#d9a869,#b98348)" d="M10 30h80l9 8H1z"/><rect x="1" y="38" width="98" height="5" rx="1"
        fill="#96622f"/>""",
    ),
    "windowsill": (
        "household",
        """<rect x="8" y="2" width="84" height="84" rx="3" fill="#f7f2e8"/> <rect x="14" y="8" width="72"
        height="76" fill="v(#6fb4e8,#cfe9f7)"/> <path fill="#fff" opacity="0.85" d="M24 34c0-5 6-7 9-4 2-6 12-5
        13 1 5 0 6 6 2 7H27c-2 0-4-2-3-4z"/> <path fill="v(#8cc473,#5a9a4c)" d="M14 68c16-10 26-4 38-2s22-8
        34-2v20H14z"/> <path fill="#f7f2e8" d="M48 8h4v76h-4zM14 42h72v4H14z"/> <path fill="#000" opacity="0.08"
        d="M14 8h72v3H14zM14 8h3v76h-3z"/> <path fill="v(#ffffff,#ded5c4)" d="M4 84h92l4 8H0z"/><rect y="92"
        width="100" height="6" rx="1" fill="#c9bda8"/>""",
    ),
    "curtain": (
        "household",
        """<rect x="2" y="4" width="96" height="4" rx="2" fill="#8a6a3a"/> <path
        fill="h(#a83242,#d9596a,#a83242,#d9596a,#8a2233)" d="M6 8h40c0 30-6 44-26 52 2 12 2 24 2 34H6z"/> <path
        fill="h(#8a2233,#d9596a,#a83242,#d9596a,#a83242)" d="M94 8H54c0 30 6 44 26 52-2 12-2 24-2 34h16z"/>
        <path fill="#e8c468" d="M14 58h14v5H14zM72 58h14v5H72z"/>""",
    ),
    "rug": (
        "household",
        """<path fill="#e8d5b0" d="M12 34h76l10 32H2z"/><path fill="v(#b8443f,#8f2c30)" d="M15 36h70l9 28H6z"/>
        <path fill="none" stroke="#f0c878" stroke-width="2" d="M21 40h58l6 20H15z"/> <path fill="#f0c878" d="M50
        43l14 7-14 7-14-7z"/><path fill="#2f5a78" d="M50 46l8 4-8 4-8-4z"/>""",
    ),
    "pillow": (
        "household",
        """<path fill="r(#ffffff,#dfe6f2,#b7c3d8)" d="M12 28c-4-6 4-12 10-8 16-3 40-3 56 0 6-4 14 2 10 8 4 14 4 30
        0 44 4 6-4 12-10 8-16 3-40 3-56 0-6 4-14-2-10-8-4-14-4-30 0-44z"/> <path fill="none" stroke="#9aa8c0"
        stroke-width="1.500" opacity="0.6" d="M20 28c6 5 9 8 12 12M80 28c-6 5-9 8-12 12M22 74c5-5 8-7 10-10M78
        74c-5-5-8-7-10-10"/>""",
    ),
    "blanket": (
        "household",
        """<path fill="v(#e0574d,#b3372f)" d="M10 50c20-8 60-8 80 0l6 30c-26 12-66 12-92 0z"/> <path fill="none"
        stroke="#fff" stroke-width="4" opacity="0.55" d="M28 45l-6 43M50 44v46M72 45l6 43M9 60c24-8 58-8 82 0M6
        72c26 8 62 8 88 0"/> <path fill="none" stroke="#f2d9b0" stroke-width="2.500" d="M4 80c26 12 66 12 92
        0"/>""",
    ),
    "stove": (
        "household",
        """<rect x="12" y="16" width="76" height="80" rx="4" fill="v(#f4f6f8,#c6ccd4)"/> <path fill="#333a44"
        d="M10 14h80v6H10z"/><path fill="#555e6b" d="M20 10h22v4H20zM58 10h22v4H58z"/> <rect x="16" y="24"
        width="68" height="12" rx="2" fill="#3b424d"/> <g fill="#e8ebef"><circle cx="26" cy="30"
        r="3.500"/><circle cx="40" cy="30" r="3.500"/><circle cx="60" cy="30" r="3.500"/><circle cx="74" cy="30"
        r="3.500"/></g> <rect x="20" y="42" width="60" height="4" rx="2" fill="#8b95a3"/> <rect x="20" y="50"
        width="60" height="36" rx="3" fill="#2a2f38"/> <rect x="24" y="54" width="52" height="28" rx="2"
        fill="v(#5a3018,#f29a3a)"/> <path fill="none" stroke="#2a2f38" stroke-width="1.500" d="M24 70h52M24
        76h52"/> <path fill="#fff" opacity="0.2" d="M28 54h14L30 82h-6v-16z"/>""",
    ),
    "fridge": (
        "household",
        """<rect x="24" y="2" width="52" height="94" rx="6" fill="h(#f7fafc,#dde4ea,#a9b6c2)"/> <rect x="24" y="34"
        width="52" height="2.500" fill="#8b99a6"/> <rect x="29" y="16" width="3.500" height="14" rx="1.700"
        fill="#7d8a97"/><rect x="29" y="42" width="3.500" height="24" rx="1.700" fill="#7d8a97"/><path
        fill="#8b99a6" d="M28 96h8v3h-8zM64 96h8v3h-8z"/> <path fill="#f2c94c" d="M52 46h12v12H52z"/><path
        fill="#e0574d" d="M56 10h6v6h-6z"/>""",
    ),
    "toaster": (
        "household",
        """<path fill="h(#e3b36d,#b97b35)" d="M26 40V18c0-8 20-8 20 0v22zM54 40V18c0-8 20-8 20 0v22z"/> <path
        fill="#f7dca8" d="M29 40V19c0-4 14-4 14 0v21zM57 40V19c0-4 14-4 14 0v21z"/> <path
        fill="v(#f4f7f9,#c3ccd5,#7f8b98)" d="M20 36h60c8 0 12 6 12 14v30c0 4-3 6-6 6H14c-3 0-6-2-6-6V50c0-8 4-14
        12-14z"/><path fill="#444c57" d="M22 36h26v3H22zM52 36h26v3H52z"/> <rect x="12" y="86" width="10"
        height="5" rx="2" fill="#3b424c"/><rect x="78" y="86" width="10" height="5" rx="2"
        fill="#3b424c"/><circle cx="76" cy="72" r="5" fill="#3b424c"/><rect x="91" y="52" width="6" height="5"
        rx="2" fill="#3b424c"/><path fill="#fff" opacity="0.55" d="M16 46c2-4 6-5 12-5h20c-14 1-24 2-30 10z"/>""",
    ),
    "microwave": (
        "household",
        """<rect x="4" y="24" width="92" height="56" rx="5" fill="v(#eef2f5,#b8c2cc)"/> <rect x="10" y="30"
        width="60" height="44" rx="3" fill="#2a303a"/><rect x="16" y="36" width="48" height="32" rx="2"
        fill="v(#4b5563,#7d6a3c)"/><rect x="76" y="32" width="15" height="8" rx="1" fill="#1d3a2c"/> <path
        fill="#6ff0a0" d="M78 35h3v2h-3zM83 35h6v2h-6z"/><g fill="#6d7884"><circle cx="79" cy="48"
        r="2"/><circle cx="84" cy="48" r="2"/><circle cx="89" cy="48" r="2"/><circle cx="79" cy="55"
        r="2"/><circle cx="84" cy="55" r="2"/><circle cx="89" cy="55" r="2"/></g><rect x="77" y="62" width="14"
        height="9" rx="2" fill="#8794a1"/> <path fill="#3b424c" d="M10 80h8v4h-8zM82 80h8v4h-8z"/>""",
    ),
    "blender": (
        "household",
        """<path fill="h(#cfe9f2,#ffffff,#a9cfdc)" d="M30 14h40l-5 48H35z"/><path fill="h(#f2668b,#ff9fb6,#d9436b)"
        d="M32 30h36l-3 32H35z"/><rect x="29" y="6" width="42" height="9" rx="3" fill="#3b424c"/> <path
        fill="none" stroke="#a9cfdc" stroke-width="4" d="M69 22h10c4 0 3 26-12 26"/> <path
        fill="v(#5a6470,#2f3640)" d="M34 62h32l8 32H26z"/><circle cx="50" cy="80" r="6" fill="#e8ebef"/> <path
        fill="#fff" opacity="0.6" d="M36 18h4l3 40h-3z"/>""",
    ),
    "fireplace": (
        "household",
        """<rect x="4" y="8" width="92" height="9" rx="2" fill="v(#a87444,#7d5129)"/><path
        fill="v(#c47a5c,#94503a)" d="M9 17h82v79H9z"/><path fill="none" stroke="#e8b8a0" stroke-width="1.200"
        opacity="0.7" d="M9 28h82M9 39h82M9 50h16M75 50h16M9 61h14M77 61h14M9 72h14M77 72h14M9 83h14M77 83h14M24
        17v11M44 17v11M64 17v11M82 17v11M34 28v11M54 28v11M74 28v11"/><path fill="v(#2a1712,#5a2a16)" d="M23
        96V62c0-34 54-34 54 0v34z"/> <path fill="v(#ffb03a,#f2562a)" d="M50 44c4 12 18 18 16 34-1 10-8 14-16
        14s-15-4-16-13c0-8 4-10 6-18 4 2 5 5 6 8 4-6 6-14 4-25z"/><path fill="v(#fff2a0,#ffc23a)" d="M50 66c3 6
        8 8 8 16 0 6-3 9-8 9s-8-3-8-9c0-6 5-8 8-16z"/> <path fill="v(#9a6536,#5a3418)" d="M28 88h44v5H28zM32
        93h36v4H32z"/>""",
    ),
    "throne": (
        "household",
        """<path fill="v(#ffd970,#c98a1e)" d="M26 4l8 9 16-11 16 11 8-9v70H26z"/><path fill="v(#c92f4a,#8a1730)"
        d="M33 18 c8-6 26-6 34 0v44H33z"/><path fill="v(#ffd970,#c98a1e)" d="M14 46h12v36H14zM74 46h12v36H74z"/>
        <path fill="v(#e0486a,#a82444)" d="M24 62h52v14H24z"/><path fill="v(#f2c050,#a86f14)" d="M14
        76h72v8H14zM18 84h8v13h-8zM74 84h8v13h-8z"/><circle cx="50" cy="9" r="4" fill="#4aa3e0"/><circle cx="20"
        cy="46" r="6" fill="#ffe08a"/><circle cx="80" cy="46" r="6" fill="#ffe08a"/>""",
    ),
    "lamp-table": (
        "household",
        """<path fill="v(#fff3cf,#f2c878)" d="M32 8h36l16 38H16z"/><path fill="#fff" opacity="0.5" d="M36 10h8L34
        44H24z"/><rect x="47" y="46" width="6" height="10" fill="#8a6a3a"/><path
        fill="h(#4f8aa8,#8cc7e0,#2f5f7a)" d="M38 56h24c12 12 10 28 0 36H38c-10-8-12-24 0-36z"/><rect x="30"
        y="91" width="40" height="6" rx="3" fill="#6b5030"/>""",
    ),
    "lamp-street": (
        "place-other",
        """<circle cx="50" cy="17" r="17" fill="#ffe7a0" opacity="0.45"/><path fill="#2f3640" d="M47.500 30h5l1
        60h-7z"/><path fill="#2f3640" d="M40 98c0-6 4-9 10-9s10 3 10 9zM43 60h14v3H43z"/><path fill="#fff1b8"
        d="M42 12h16l-3 18H45z"/><path fill="#2f3640" d="M38 12l12-9 12 9zM44 30h12v3H44zM49 12h2v18h-2z"/>""",
    ),
    "towel": (
        "household",
        """<path fill="v(#6fc4d9,#3f94b0)" d="M22 8h56v84H22z"/><path fill="#e8f7fb" d="M22 70h56v4H22zM22
        77h56v4H22z"/><path fill="#2f7f9a" opacity="0.35" d="M22 8h56v5H22zM44 8h3v84h-3z"/><path fill="none"
        stroke="#3f94b0" stroke-width="1.500" d="M24 92v4M30 92v4M36 92v4M42 92v4M48 92v4M54 92v4M60 92v4M66
        92v4M72 92v4 M77 92v4"/>""",
    ),
    "wardrobe": (
        "household",
        """<rect x="14" y="4" width="72" height="90" rx="3" fill="v(#b57c48,#8a5a30)"/><path
        fill="v(#d39d66,#b0773f)" d="M19 10h29v78H19zM52 10h29v78H52z"/><path fill="none" stroke="#8a5a30"
        stroke-width="2" d="M24 16h19v66H24zM57 16h19v66H57z"/><circle cx="45" cy="50" r="2.500"
        fill="#f0d890"/><circle cx="55" cy="50" r="2.500" fill="#f0d890"/><path fill="#643d1d" d="M18
        94h8v4h-8zM74 94h8v4h-8z"/>""",
    ),
    "rocking-chair": (
        "household",
        """<path fill="none" stroke="#7a4b26" stroke-width="5" stroke-linecap="round" d="M8 86c24 12 60 12 84-2M30
        8c-6 18-2 34 2 48l-6 32M68 56l6 32"/><path fill="none" stroke="#a86a34" stroke-width="4" d="M26 10c-4
        16-2 32 6 46M36 38h36l2 18"/><path fill="v(#d49a5c,#a86a34)" d="M26 54h50l2 8H28z"/><path
        fill="v(#d49a5c,#a86a34)" d="M20 8l10-4 4 46-8 2C18 36 18 22 20 8z"/>""",
    ),
    "cutting-board": (
        "household",
        """<path fill="v(#d9a869,#b98348)" d="M10 44h66c2 0 4-3 8-3h10c5 0 5 8 4 12 1 4 1 12-4 12H84c-4
        0-6-3-8-3H8c-6 0-6-18 2-18z"/><path fill="#8f5f2c" d="M5 56c0 4 0 6 3 8h68c3 0 5 3 8 3h10c4 0 5-4 4-12-1
        4-1 7-4 7H84c-3 0-6-3-8-3H8c-2 0-3-1-3-3z"/><ellipse cx="90" cy="50" rx="3" ry="1.800" fill="#7a4f22"/>
        <path fill="none" stroke="#a06d36" stroke-width="0.800" d="M14 49h50M22 54h48M12 58h34"/>""",
    ),
    "chopsticks-pair": (
        "dishware",
        """<path fill="h(#8f2c24,#d9574a)" d="M10 92 84 6l4 3L14 95zM20 96 92 16l4 4L23 98z"/><path fill="#f0c878"
        d="M72 20l5 4-3 3-5-4zM81 28l5 4-3 3-5-4z"/>""",
    ),
    "macaron": (
        "food-sweet",
        """<path fill="v(#ffa9c4,#f27aa2)" d="M6 46C6 22 26 12 50 12s44 10 44 34c0 4-88 4-88 0z"/> <path
        fill="#fff3e0" d="M8 49h84v12H8z"/><path fill="v(#f27aa2,#d95583)" d="M6 62c0-3 88-3 88 0 0 18-18 26-44
        26S6 80 6 62z"/><path fill="#e8668f" d="M5 44c4 5 8 1 12 4s8-1 12 2 8-2 12 1 8-2 12 1 8-3 12 0 8-3 12 0
        8-2 14-5 c1 6-4 7-9 7H14c-5 0-10-3-9-10zM6 62c4-4 8 0 12-3s8 1 12-2 8 2 12-1 8 2 12-1 8 3 12 0 8 3 12 0
        8 1 16 4c0 4-3 5-8 5H14c-5 0-8-1-8-2z"/><path fill="#fff" opacity="0.5" d="M20 32c6-8 16-13 28-13-10
        3-18 8-22 16z"/>""",
    ),
    "plum": (
        "food-fruit",
        """<path fill="#6b4a2a" d="M49 8c2 6 2 10 1 16h4c1-6 0-11-2-17z"/><path fill="v(#8fd04a,#3f8a3b)" d="M54
        16c8-10 20-10 28-6-4 10-18 14-28 6z"/><path fill="r(#c785d9,#8a3fa8,#54206e)" d="M50 24c26-8 42 10 40
        34-2 24-20 38-40 38S12 82 10 58c-2-24 14-42 40-34z"/><path fill="none" stroke="#54206e" stroke-width="2"
        opacity="0.5" d="M50 26c6 16 6 40 0 58"/><path fill="#fff" opacity="0.4" d="M22 46c2-8 8-13 16-14-6 5-10
        12-10 22-4 2-7-3-6-8z"/>""",
    ),
    "sweater": (
        "clothing",
        """<path fill="v(#d9574a,#a8342c)" d="M36 12h28c12 3 20 8 24 20l10 38-14 6-10-26v44H26V50L16 76 2
        70l10-38c4-12 12-17 24-20z"/><path fill="#f2d9b0" d="M36 12c4 10 24 10 28 0l4 2c-5 14-31 14-36
        0z"/><path fill="#8f2a24" d="M26 88h48v7H26zM2 70l14 6-2 6-14-6zM98 70l-14 6 2 6 14-6z"/><path
        fill="none" stroke="#f7e8cf" stroke-width="2.500" d="M26 46l6 6 6-6 6 6 6-6 6 6 6-6 6 6 6-6M26 56l6 6
        6-6 6 6 6-6 6 6 6-6 6 6 6-6"/>""",
    ),
    "apron": (
        "clothing",
        """<path fill="none" stroke="#2f5a78" stroke-width="4" d="M34 24C34 4 66 4 66 24M22 48 6 54M78 48l16 6"/>
        <path fill="v(#4f8fb8,#2f5f86)" d="M34 20h32c0 14 6 22 14 26v50H20V46c8-4 14-12 14-26z"/><path
        fill="#bfdcee" d="M34 20h32v5H34z"/><path fill="#264e70" d="M34 60h32v18c0 4-3 6-6 6H40c-3
        0-6-2-6-6z"/><path fill="#bfdcee" d="M34 60h32v3H34z"/>""",
    ),
    "skirt": (
        "clothing",
        """<path fill="h(#8a5fc8,#b48ce8,#7a4fb8,#b48ce8,#6a3fa8)" d="M32 16h36l24 66c-20 12-64 12-84 0z"/><rect
        x="30" y="10" width="40" height="9" rx="3" fill="#5a2f94"/>""",
    ),
    "armor": (
        "clothing",
        """<path fill="h(#6d7987,#e3eaf0,#8b98a6)" d="M30 26h40l8 34-8 36H30l-8-36z"/> <path
        fill="h(#77838f,#dfe6ec,#8b98a6)" d="M50 2c-14 0-20 10-19 24l5 6h28l5-6C70 12 64 2 50 2z"/> <path
        fill="#20262e" d="M35 17h30v5H53v8h-6v-8H35z"/><path fill="v(#d9443f,#8f1f24)" d="M48 4c-4-6 4-6 8-2 8 0
        14 6 16 14-6-8-14-12-24-12z"/><path fill="r(#f4f8fa,#a9b5c1,#65717e)" d="M30 28c-12-2-20 6-20 18l16 4
        6-12zM70 28c12-2 20 6 20 18l-16 4-6-12z"/><path fill="h(#7d8996,#cfd8e0,#77838f)" d="M10 48l15 4-3
        24-12-3zM90 48l-15 4 3 24 12-3z"/><path fill="none" stroke="#d9b04a" stroke-width="2.500" d="M32 32l18
        14 18-14M50 46v32M26 72c16 6 32 6 48 0"/><path fill="#d9b04a" d="M50 44l6 8-6 8-6-8z"/><path
        fill="#5a3a24" d="M25 72h50v6H25z"/>""",
    ),
    "spacesuit": (
        "clothing",
        """<path fill="h(#dfe4ec,#ffffff,#c3cad6)" d="M30 40h40c14 2 18 10 20 34l-12 2-8-16v14l4 24H54l-4-16-4
        16H26l4-24V60 l-8 16-12-2c2-24 6-32 20-34z"/><circle cx="50" cy="24" r="22"
        fill="r(#ffffff,#dfe4ec,#b3bccb)"/><path fill="r(#ffd98a,#c98a3a,#3a2a5a)" d="M36 16c6-8 22-8 28 0 4 8 2
        18-3 22H39c-5-4-7-14-3-22z"/><rect x="36" y="52" width="28" height="14" rx="3" fill="#8b98aa"/><path
        fill="#e0574d" d="M39 56h5v5h-5z"/><path fill="#4aa3e0" d="M47 56h5v5h-5z"/><path fill="#f2c94c" d="M55
        56h5v5h-5z"/><path fill="#e0704a" d="M10 70l13 3-1 5-13-3zM90 70l-13 3 1 5 13-3zM30 84h14v5H29zM56
        84h14l1 5H56z"/>""",
    ),
    "perfume": (
        "household",
        """<rect x="40" y="6" width="20" height="16" rx="3" fill="h(#8a6a1e,#f7dc8a,#a8842e)"/><rect x="43" y="22"
        width="14" height="8" fill="h(#a8842e,#fff0b8,#a8842e)"/><path fill="h(#f2b8c8,#fff0f4,#e89ab0)" d="M26
        30h48c6 0 8 4 8 8v50c0 5-3 8-8 8H26c-5 0-8-3-8-8V38c0-4 2-8 8-8z"/><path fill="v(#f9c9a8,#e88f7a)"
        opacity="0.85" d="M24 52h52v34c0 3-1 5-4 5H28c-3 0-4-2-4-5z"/><rect x="34" y="56" width="32" height="20"
        rx="2" fill="#fff8ee"/> <path fill="#b98a3a" d="M40 62h20v2H40zM43 68h14v2H43z"/><path fill="#fff"
        opacity="0.7" d="M24 36h5v48h-5z"/>""",
    ),
    "bracelet": (
        "clothing",
        """<ellipse cx="50" cy="50" rx="40" ry="30" fill="none" stroke="v(#ffe08a,#c98a1e)" stroke-width="9"/><g
        fill="#4aa3e0"><circle cx="50" cy="80" r="7"/><circle cx="26" cy="73" r="6"/><circle cx="74" cy="73"
        r="6"/></g><g fill="#fff" opacity="0.7"><circle cx="48" cy="78" r="2"/><circle cx="24" cy="71"
        r="2"/><circle cx="72" cy="71" r="2"/></g>""",
    ),
    "wallet": (
        "household",
        """<path fill="#7fb06a" d="M18 24h60v20H18z"/><path fill="v(#a86a3c,#6f4020)" d="M12 32h76c4 0 6 3 6 6v44c0
        4-2 6-6 6H12c-4 0-6-2-6-6V38c0-3 2-6 6-6z"/><path fill="#8a5430" d="M64 52h30v18H64c-12 0-12-18
        0-18z"/><circle cx="68" cy="61" r="4" fill="#f0d890"/><path fill="none" stroke="#d9a878"
        stroke-width="1.200" stroke-dasharray="3 2" d="M11 38h78M11 82h78"/>""",
    ),
    "typewriter": (
        "household",
        """<path fill="#fffdf5" d="M28 4h44v36H28z"/><path fill="#9aa3af" d="M33 12h34v2H33zM33 18h28v2H33zM33
        24h32v2H33z"/><rect x="10" y="34" width="80" height="9" rx="4" fill="#2f3640"/><path fill="#59636f"
        d="M4 35h8v7H4zM88 35h8v7h-8z"/><path fill="v(#4f8f94,#2a5f66)" d="M18 43h64l6 26H12z"/><path
        fill="v(#3f7a80,#1f4a50)" d="M12 68h76l8 26H4z"/><g fill="#f4efe2"><circle cx="22" cy="74"
        r="3"/><circle cx="34" cy="74" r="3"/><circle cx="46" cy="74" r="3"/><circle cx="58" cy="74"
        r="3"/><circle cx="70" cy="74" r="3"/><circle cx="80" cy="74" r="3"/><circle cx="18" cy="82"
        r="3"/><circle cx="31" cy="82" r="3"/><circle cx="44" cy="82" r="3"/><circle cx="57" cy="82"
        r="3"/><circle cx="70" cy="82" r="3"/><circle cx="83" cy="82" r="3"/></g><rect x="28" y="88" width="44"
        height="3.500" rx="1.700" fill="#f4efe2"/><path fill="#1f3a40" d="M28 50h44v10H28z"/>""",
    ),
    "watering-can": (
        "tool",
        """<path fill="none" stroke="v(#3f94b0,#2a6f8a)" stroke-width="6" d="M44 32c2-26 44-26 44 6 0 20-6 34-14
        40"/> <path fill="h(#7fd0e6,#4aa3c0,#2f7f9a)" d="M34 34h42l4 58H30z"/><path fill="h(#7fd0e6,#3f94b0)"
        d="M34 74 12 40l6-3 18 24z"/><path fill="#2f7f9a" d="M4 38l20-10 2 5L7 44z"/><ellipse cx="55" cy="34"
        rx="21" ry="4" fill="#1f5f78"/> <path fill="#e8f7fb" opacity="0.5" d="M38 40h5l-2 46h-5z"/>""",
    ),
}
