"""Drawings of our own: animals in poses that the sets lack, vehicles, gear.  art_ours.py says how fills are written."""

THINGS = {
    "galleon": (
        "transport-water",
        """<path fill="#5a3418" d="M28 8h3v64h-3zM50 4h3v68h-3zM72 10h3v62h-3z"/><path fill="#20242b" d="M53 4l14
        4-14 5z"/><path fill="v(#fff6e2,#d9c49a)" d="M18 16c8 3 16 3 24 0 4 8 4 14 0 22-8-3-16-3-24 0 4-8 4-14
        0-22zM38 14c9 3 18 3 27 0 5 10 5 17 0 27-9-3-18-3-27 0 5-10 5-17 0-27zM63 18c8 3 14 3 22 0 4 8 4 14 0
        22-8-3-14-3-22 0 4-8 4-14 0-22zM16 43c9 3 18 3 27 0 4 7 4 13 0 19-9-3-18-3-27 0 4-6 4-12 0-19zM37 46c9 3
        20 3 29 0 4 7 4 12 0 18-9-3-20-3-29 0 4-6 4-11 0-18z"/><path fill="v(#a8703f,#6b4020,#4a2612)" d="M2
        62l18 8h52l6-12h20c0 18-8 36-20 38H22C12 92 4 78 2 62z"/><path fill="#d9a83a" d="M5 72c20 6 62 6 90-4l-1
        4c-26 9-66 9-88 4z"/><g fill="#20140c"><circle cx="26" cy="82" r="3"/><circle cx="40" cy="84"
        r="3"/><circle cx="54" cy="84" r="3"/><circle cx="68" cy="82" r="3"/></g>""",
    ),
    "sports-car": (
        "transport-ground",
        """<path fill="#20242b" d="M6 62h88v8H6z"/><path fill="r(#ff6a5a,#e0302e,#9a1420)" d="M2 58c2-8 10-11 22-12
        8-10 18-14 34-14 14 0 22 6 30 14 8 2 11 6 11 14 0 5-2 7-6 7H6c-4 0-5-4-4-9z"/> <path
        fill="v(#3a4a5f,#9fc0d9)" d="M31 46c6-7 12-9 20-9l1 9zM55 37c12-1 18 3 24 9H56z"/> <path fill="#7a0f18"
        opacity="0.6" d="M4 60h92c0 4-2 6-4 6H7c-3 0-4-3-3-6z"/> <path fill="#fff3c0" d="M3 54c3-3 8-4 12-4-2
        4-6 6-12 6zM94 50l5 4v3h-5z"/> <path fill="none" stroke="#7a0f18" stroke-width="0.900" d="M53 46v18M32
        47c-2 6-2 12 0 17M57 50h8"/> <circle cx="23" cy="66" r="11" fill="#20242b"/><circle cx="77" cy="66"
        r="11" fill="#20242b"/> <circle cx="23" cy="66" r="6.500" fill="r(#ffffff,#aab5c0,#6b7683)"/><circle
        cx="77" cy="66" r="6.500" fill="r(#ffffff,#aab5c0,#6b7683)"/><circle cx="23" cy="66" r="1.800"
        fill="#20242b"/><circle cx="77" cy="66" r="1.800" fill="#20242b"/><path fill="#fff" opacity="0.4" d="M26
        47c8-8 18-12 32-12-14 2-22 6-28 12z"/>""",
    ),
    "armchair": (
        "household",
        """<path fill="#5a3418" d="M16 88h7v9h-7zM77 88h7v9h-7z"/> <path fill="v(#d9704f,#b0502f)" d="M20 50c-2-30
        4-40 30-40s32 10 30 40z"/> <path fill="v(#e88a66,#c9603d)" d="M28 58c-2-30 2-40 22-40s24 10 22 40z"/>
        <path fill="v(#c9603d,#94401f)" d="M6 50c0-12 20-12 20 0v40H12c-6 0-6-30-6-40zM94 50c0-12-20-12-20
        0v40h14c6 0 6-30 6-40z"/><path fill="v(#f09a78,#d0683f)" d="M24 56h52c4 0 4 14 0 14H24c-4 0-4-14
        0-14z"/> <path fill="v(#b0502f,#8a3a1c)" d="M24 70h52v20H24z"/><g fill="#b0502f"><circle cx="40" cy="32"
        r="1.800"/><circle cx="60" cy="32" r="1.800"/><circle cx="50" cy="40" r="1.800"/></g>""",
    ),
    "branch": (
        "plant-other",
        """<path fill="v(#9a6b42,#5f3f24)" d="M0 44c30 2 60-4 98-10l2 5C70 50 30 58 0 58z"/> <path fill="#7a5230"
        d="M62 44c6-8 14-14 22-18l2 3c-6 4-12 9-17 16zM30 53c4 8 10 14 18 18l1-3c-6-4-10-9-12-16z"/> <g
        fill="v(#8fd04a,#3f8a3b)"><path d="M82 28c0-12 8-18 18-18 0 12-8 20-18 18zM76 24c-8-8-6-16 0-22 8 8 8 16
        0 22zM48 70c10-4 18 0 22 8-10 4-18 2-22-8zM44 72c0 10-6 16-16 18 0-10 6-18 16-18zM92 42c6 2 8 8 6
        14-6-2-8-8-6-14z"/> </g>""",
    ),
    "knight": (
        "person-fantasy",
        """<path fill="h(#77838f,#cfd8e0,#8b98a6)" d="M34 64h14l-2 30H35zM52 64h14l-1 30H54z"/> <path
        fill="#5f6a76" d="M31 90h16v8H28c0-4 1-6 3-8zM53 90h16c2 2 3 4 3 8H53z"/> <path
        fill="v(#c92f4a,#8a1730)" d="M34 54h32l4 18c-12 5-28 5-40 0z"/> <path fill="h(#6d7987,#e3eaf0,#8b98a6)"
        d="M34 30h32l4 26H30z"/> <path fill="h(#77838f,#dfe6ec,#8b98a6)" d="M50 4c-11 0-16 8-15 19l4 6h22l4-6C66
        12 61 4 50 4z"/> <path fill="#20262e" d="M39 16h22v4H52v7h-4v-7h-9z"/><path fill="v(#d9443f,#8f1f24)"
        d="M49 6c-4-6 4-8 8-4 8 0 13 6 14 14-5-7-12-10-22-10z"/><path fill="r(#f4f8fa,#a9b5c1,#65717e)" d="M34
        30c-9-1-15 5-15 13l12 3 5-8zM66 30c9-1 15 5 15 13l-12 3-5-8z"/><path fill="h(#7d8996,#cfd8e0,#77838f)"
        d="M20 44l10 2-3 20-9-2zM80 44l-10 2 3 20 9-2z"/><path fill="h(#8b98a6,#f4f8fb)" d="M81 6l3-5 3
        5v54h-6z"/><path fill="#d9a83a" d="M74 59h20v4H74zM82 63h4v9h-4z"/><path fill="v(#3f78c8,#24508f)" d="M4
        44c6-1 12-2 16-5 4 3 10 4 16 5 0 16-4 24-16 30C8 68 4 60 4 44z"/><path fill="#f2d060" d="M18
        43h4v10h9v4h-9v12l-2 1-2-1V57H9v-4h9z"/><path fill="#5a3a24" d="M31 52h38v4H31z"/>""",
    ),
    "hummingbird": (
        "animal-bird",
        """<path fill="v(#2fae8f,#1f7f86)" d="M44 40C40 22 46 8 60 2c4 16 2 30-6 42z"/> <path
        fill="v(#3fc4a0,#2a8f96)" d="M52 44c4-18 16-30 34-32 0 18-10 32-26 40z"/> <path
        fill="v(#1f8f7a,#17606b)" d="M60 70l30 22-20-4-4 9-14-22z"/> <path fill="r(#5fe0b0,#27a884,#157a72)"
        d="M24 34c8-10 22-8 26 2 10 6 20 20 16 36-16 6-32-6-36-22-6-4-8-10-6-16z"/> <path
        fill="v(#f2f5ee,#cfd9d3)" d="M30 48c8 2 18 12 24 26-14-2-22-12-24-26z"/> <path fill="r(#ff6f8f,#d92a5a)"
        d="M24 40c4 6 12 8 18 4-1 8-8 10-12 8-4-2-6-7-6-12z"/> <path fill="#2a2f38" d="M25 36 0 42c8 1 17 0
        26-2z"/><circle cx="31" cy="35" r="3.200" fill="#14181f"/> <circle cx="32" cy="34" r="1"
        fill="#fff"/><path fill="none" stroke="#bff0dc" stroke-width="1.200" opacity="0.7" d="M50 38c0-12 3-22
        8-30M57 44c6-12 14-20 24-26M68 76l14 11"/>""",
    ),
    "cat-sleeping": (
        "animal-mammal",
        """<path fill="r(#ffc27a,#f2963f,#d9752a)" d="M8 68c-2-26 22-42 48-40 26 2 42 18 40 40-1 14-14 20-44 20S9
        82 8 68z"/><path fill="none" stroke="#c9622a" stroke-width="4" stroke-linecap="round" opacity="0.75"
        d="M56 30c4 4 5 8 5 13M68 33c3 4 4 7 4 12M79 40c2 3 2 6 2 10"/><path fill="none"
        stroke="v(#f29a45,#d9752a)" stroke-width="11" stroke-linecap="round" d="M90 64c4 20-24 23-46 20"/><path
        fill="none" stroke="#fff0dc" stroke-width="11" stroke-linecap="round" d="M48 84.500h-4"/><path
        fill="#f2963f" d="M8 50 9 34c0-3 3-3 5-1l9 8zM46 49l3-15c0-3-2-4-5-2l-11 8z"/><path fill="#ffb0a0"
        d="M12 46l0-8 6 6zM43 46l3-9-8 5z"/><path fill="r(#ffcf8f,#f7a04a,#e0822f)" d="M28 40c14 0 24 9 24 21S42
        80 28 80 4 73 4 61s10-21 24-21z"/><path fill="#fff0dc" d="M28 62c7 0 12 4 12 9s-5 8-12 8-12-3-12-8 5-9
        12-9z"/><path fill="none" stroke="#5a2c1a" stroke-width="2" stroke-linecap="round" d="M11 60c2 4 7 4 9
        0M36 60c2 4 7 4 9 0M24 71c1 2 3 2 4 0 1 2 3 2 4 0"/><path fill="#d9605a" d="M25 65h6l-3 4z"/><path
        fill="none" stroke="#c9622a" stroke-width="2.500" stroke-linecap="round" d="M28 42v7M22 43l1 5M34 43l-1
        5"/>""",
    ),
    "cat-sitting": (
        "animal-mammal",
        """<path fill="none" stroke="v(#f2963f,#d9752a)" stroke-width="9" stroke-linecap="round" d="M70 88c22 4
        26-18 14-28"/><path fill="r(#ffc27a,#f2963f,#d9752a)" d="M34 46c-8 14-14 26-12 42 0 6 4 8 10 8h36c8 0
        12-4 11-12-1-18-8-28-17-38z"/><path fill="#fff0dc" d="M38 50c-4 12-2 24 8 26s14-12 12-26z"/><path
        fill="v(#ffb45f,#e88a38)" d="M34 72c0 10 0 16-2 20 0 5 14 5 14 0V74zM54 72v20c0 5 14 5 14
        0-2-6-3-12-3-20z"/><path fill="#fff0dc" d="M31 92c0 6 16 6 16 0s-16-4-16 0zM53 92c0 6 16 6 16 0s-16-4-16
        0z"/><path fill="#f2963f" d="M22 30 22 6c0-3 3-4 5-2l16 14zM74 30 74 6c0-3-3-4-5-2L53 18z"/><path
        fill="#ffb0a0" d="M27 22V11l8 7zM69 22V11l-8 7z"/><path fill="r(#ffcf8f,#f7a04a,#e0822f)" d="M48 12c18 0
        29 10 29 24S65 58 48 58 19 50 19 36s11-24 29-24z"/><path fill="#fff0dc" d="M48 38c9 0 14 4 14 10s-6 9-14
        9-14-3-14-9 5-10 14-10z"/><ellipse cx="35" cy="34" rx="4.500" ry="6" fill="#3a2418"/><ellipse cx="61"
        cy="34" rx="4.500" ry="6" fill="#3a2418"/><g fill="#fff"><circle cx="36.500" cy="31.500"
        r="1.700"/><circle cx="62.500" cy="31.500" r="1.700"/></g><path fill="#d9605a" d="M44 41h8l-4 5z"/><path
        fill="none" stroke="#5a2c1a" stroke-width="1.800" stroke-linecap="round" d="M42 48c2 3 5 3 6 0 1 3 4 3 6
        0M20 42l-10-2M20 46l-9 2M76 42l10-2M76 46l9 2"/><path fill="none" stroke="#c9622a" stroke-width="3"
        stroke-linecap="round" d="M48 14v9M40 15l2 7M56 15l-2 7M74 62c2 4 3 8 3 12M72 76l6 0"/>""",
    ),
    "dog-sitting": (
        "animal-mammal",
        """<path fill="none" stroke="#c98a4e" stroke-width="8" stroke-linecap="round" d="M74 86c16 2 20-10
        16-20"/><path fill="r(#e8b478,#c98a4e,#a86a34)" d="M36 44c-8 14-16 26-14 44 0 6 4 8 10 8h36c8 0 12-4
        12-12-1-18-8-30-18-40z"/><path fill="#fff3e0" d="M38 50c-4 14-2 26 10 28s14-14 12-28z"/><path
        fill="v(#d9a062,#b97b40)" d="M33 72c0 10 0 16-2 20 0 5 15 5 15 0V74zM54 72v20c0 5 15 5 15
        0-2-6-3-12-3-20z"/><path fill="#fff3e0" d="M30 92c0 6 17 6 17 0s-17-4-17 0zM53 92c0 6 17 6 17 0s-17-4-17
        0z"/><path fill="r(#f0c48c,#d9a062,#b97b40)" d="M49 4c18 0 27 12 27 26 0 16-12 26-27 26S22 46 22 30C22
        16 31 4 49 4z"/><path fill="v(#8f5a2e,#6b3f1c)" d="M30 8c-12-2-20 8-20 24 0 10 6 14 11 10 7-6 8-20
        9-34zM68 8c12-2 20 8 20 24 0 10-6 14-11 10-7-6-8-20-9-34z"/><path fill="#fff3e0" d="M45 6h8c0 8 2 18 6
        24 6 4 8 10 6 16-4 8-28 8-32 0-2-6 0-12 6-16 4-6 6-16 6-24z"/><ellipse cx="37" cy="28" rx="4.500"
        ry="5.500" fill="#2f1c12"/><ellipse cx="61" cy="28" rx="4.500" ry="5.500" fill="#2f1c12"/><g
        fill="#fff"><circle cx="38.500" cy="26" r="1.700"/><circle cx="62.500" cy="26" r="1.700"/></g><path
        fill="#2f1c12" d="M41 36c0-5 16-5 16 0s-5 7-8 7-8-2-8-7z"/><path fill="#f27a86" d="M44 48h10c0 12-10
        12-10 0z"/><path fill="none" stroke="#2f1c12" stroke-width="1.800" stroke-linecap="round" d="M49 43v4c-3
        3-8 3-10 0M49 47c3 3 8 3 10 0"/><path fill="#d93a3a" d="M34 53c8 6 22 6 30 0l2 4c-8 7-26 7-34
        0z"/><circle cx="49" cy="62" r="4" fill="#f2c94c"/>""",
    ),
    "dog-sleeping": (
        "animal-mammal",
        """<path fill="r(#e8b478,#c98a4e,#a86a34)" d="M14 74c-2-24 22-38 46-36 24 1 38 16 36 36-1 10-12 14-42
        14s-39-2-40-14z"/> <path fill="none" stroke="#b97b40" stroke-width="8" stroke-linecap="round" d="M92
        72c4 10-6 14-16 14"/><path fill="v(#d9a062,#b97b40)" d="M40 78c12-4 28-2 30 4s-8 6-14 6H36z"/><path
        fill="r(#f0c48c,#d9a062,#b97b40)" d="M26 46c14-2 26 6 27 20 0 14-10 20-24 20C14 87 3 82 3 72c0-12 10-24
        23-26z"/><path fill="#fff3e0" d="M16 66c-8 2-14 6-13 11 1 7 12 10 22 9 6-1 8-6
        6-11-2-6-8-10-15-9z"/><path fill="v(#8f5a2e,#6b3f1c)" d="M34 46c12-4 22 6 22 20 0 10-8 14-12
        9-6-6-8-18-10-29z"/><path fill="#2f1c12" d="M3 72c0-5 9-6 10-1s-3 6-6 5-4-2-4-4z"/><path fill="none"
        stroke="#2f1c12" stroke-width="2" stroke-linecap="round" d="M22 62c2 3 6 3 8 0M12 80c4 2 8 2 12-1"/>""",
    ),
    "walrus": (
        "animal-marine",
        """<path fill="r(#b08a72,#8a6450,#634537)" d="M6 92c-4-20 4-34 12-44C18 24 30 8 46 8c18 0 28 14 30 34 12 12
        20 26 20 42l-6 8z"/><path fill="v(#9a7460,#6f4f40)" d="M10 92c-6-8-2-18 8-20l12 20zM62 92c0-12 10-18
        20-14l12 14z"/><circle cx="36" cy="30" r="3.500" fill="#20140f"/><circle cx="58" cy="30" r="3.500"
        fill="#20140f"/><path fill="#fffbe8" d="M38 50l5 30c1 3 3 3 4 0l1-28zM56 50l-5 30c-1 3-3 3-4
        0V52z"/><path fill="r(#d9b8a2,#b8917a)" d="M47 36c8-4 20 2 20 12 0 8-12 10-20 4-8 6-20 4-20-4 0-10 12-16
        20-12z"/><path fill="#20140f" d="M41 37c0-4 12-4 12 0s-4 5-6 5-6-1-6-5z"/><g fill="#6f4f40"><circle
        cx="34" cy="47" r="1"/><circle cx="38" cy="50" r="1"/><circle cx="40" cy="45" r="1"/><circle cx="60"
        cy="47" r="1"/><circle cx="56" cy="50" r="1"/><circle cx="54" cy="45" r="1"/></g>""",
    ),
    "seagull": (
        "animal-bird",
        """<path fill="#f29a3a" d="M44 78h3v14h-3zM56 78h3v14h-3zM38 91h10v4H38zM50 91h10v4H50z"/><path
        fill="v(#ffffff,#dfe6ee)" d="M14 24c2-12 24-14 30 2 14 6 34 12 50 28-8 4-14 4-18 4-4 14-16 22-30 22-18
        0-26-14-24-30-2-8-4-14-4-20z"/><path fill="v(#b8c3cf,#8795a5)" d="M40 42c16-4 36 4 56 14-16 14-46 16-58
        2-4-6-4-14 2-16z"/><path fill="#2f3640" d="M82 52l16 4-14 6z"/><path fill="v(#ffc23a,#f2963a)" d="M15 24
        0 30c4 4 10 5 17 3z"/><circle cx="24" cy="24" r="2.800" fill="#20242b"/>""",
    ),
    "starfish": (
        "animal-marine",
        """<path fill="r(#ffb07a,#f2704a,#d94f35)" d="M50 4c6 0 10 22 14 30 8 2 32-2 34 4s-18 18-24 24c2 8 12 28 6
        32s-24-12-30-14 c-6 2-24 18-30 14s4-24 6-32C20 56 0 44 2 38s26-2 34-4c4-8 8-30 14-30z"/><g
        fill="#ffd9b8" opacity="0.85"><circle cx="50" cy="50" r="3"/><circle cx="50" cy="36" r="2.500"/><circle
        cx="50" cy="24" r="2"/><circle cx="64" cy="46" r="2.500"/><circle cx="76" cy="42" r="2"/><circle cx="36"
        cy="46" r="2.500"/><circle cx="24" cy="42" r="2"/><circle cx="58" cy="62" r="2.500"/><circle cx="66"
        cy="74" r="2"/><circle cx="42" cy="62" r="2.500"/><circle cx="34" cy="74" r="2"/></g>""",
    ),
    "skateboard-side": (
        "sport",
        """<path fill="v(#8f5fd9,#5f35a8)" d="M2 40c4 0 8 8 14 8h68c6 0 10-8 14-8 3 3-5 15-14 15H16C7 55-1 43 2
        40z"/><path fill="#f2c94c" d="M14 52h72c-1 2-2 3-4 3H18c-2 0-3-1-4-3z"/><path fill="#8b95a3" d="M22
        55h12l-3 6h-6zM66 55h12l-3 6h-6z"/><circle cx="28" cy="64" r="7"
        fill="r(#ffffff,#f2a0b8,#d9436b)"/><circle cx="72" cy="64" r="7"
        fill="r(#ffffff,#f2a0b8,#d9436b)"/><circle cx="28" cy="64" r="2.200" fill="#5a6470"/><circle cx="72"
        cy="64" r="2.200" fill="#5a6470"/>""",
    ),
    "surfboard": (
        "sport",
        """<path fill="h(#fff6e0,#ffffff,#e8d3ae)" d="M50 2c12 16 18 36 18 54 0 20-8 38-18 42-10-4-18-22-18-42 0-18
        6-38 18-54z"/><path fill="#2fa3c4" d="M33 46c10 8 24 8 34 0l1 10c-10 8-26 8-36 0z"/><path fill="#f2704a"
        d="M32 62c12 8 24 8 36 0l-1 8c-10 7-24 7-34 0z"/><path fill="none" stroke="#8a5a30" stroke-width="1.200"
        d="M50 3v94"/>""",
    ),
    "submarine": (
        "transport-water",
        """<path fill="#8a6a1e" d="M50 10h4v22h-4zM50 8h12v5H50z"/><path fill="v(#ffd84d,#e0a52e)" d="M36
        40l4-14h22l4 14z"/><path fill="v(#ffe07a,#f2b632,#c98a1e)" d="M4 60c2-18 24-26 46-26 26 0 38 12 44
        24v4c-6 14-20 24-44 24S4 80 4 60z"/><path fill="#d9574a" d="M90 50l9-10v42l-9-10z"/><g><circle cx="28"
        cy="58" r="8" fill="#8a6a1e"/><circle cx="50" cy="58" r="8" fill="#8a6a1e"/><circle cx="72" cy="58"
        r="8" fill="#8a6a1e"/><g fill="v(#bfe8f7,#4fa3d6)"><circle cx="28" cy="58" r="5.500"/><circle cx="50"
        cy="58" r="5.500"/><circle cx="72" cy="58" r="5.500"/></g></g><path fill="#c98a1e" d="M10 70c16 10 62 10
        80 0-8 10-22 16-40 16s-32-6-40-16z"/>""",
    ),
    "tank": (
        "transport-ground",
        """<path fill="#4f5f3a" d="M46 34h50v6H46z"/><path fill="v(#8a9a5f,#5f6f3f)" d="M24 28h34l8 20H18z"/><path
        fill="v(#7a8a52,#4f5f35)" d="M6 48h84l8 12H2z"/><path fill="#2f3640" d="M4 60h92c4 0 4 10 0 16l-8
        8H12l-8-8c-4-6-4-16 0-16z"/><g fill="#7a8592"><circle cx="16" cy="72" r="7"/><circle cx="33" cy="73"
        r="7"/><circle cx="50" cy="73" r="7"/><circle cx="67" cy="73" r="7"/><circle cx="84" cy="72"
        r="7"/></g><path fill="#fff" d="M40 36l1.500 3h3l-2.300 2 1 3-3.200-1.800-3.200 1.800 1-3-2.300-2h3z"/>""",
    ),
    "wheelbarrow": (
        "tool",
        """<path fill="none" stroke="#8a5a30" stroke-width="4" stroke-linecap="round" d="M96 40 66 58 28 78M70 60l6
        30"/><path fill="v(#4f9a5f,#2f6f42)" d="M6 34h74L64 66H28z"/><path fill="#6b4426" d="M12 34c8-14 20-8
        26-12 10-6 22 2 34 12z"/> <circle cx="22" cy="80" r="14" fill="#2f3640"/><circle cx="22" cy="80" r="7"
        fill="#b8c2cc"/>""",
    ),
    "cannon": (
        "tool",
        """<path fill="h(#59636f,#2f3640)" d="M8 30c26-6 54-2 78 12 6 4 4 16-2 18-24 4-50
        0-74-10-8-4-8-18-2-20z"/><path fill="#20262e" d="M6 28c6-2 8 24 2 25s-8-24-2-25z"/><path
        fill="v(#a86a34,#6f4522)" d="M50 56l46 26v10H84L44 64z"/><circle cx="52" cy="72" r="20" fill="none"
        stroke="#7a4b26" stroke-width="6"/><path fill="none" stroke="#94602f" stroke-width="4" d="M52 54v36M34
        72h36M39 59l26 26M65 59 39 85"/><circle cx="52" cy="72" r="5" fill="#d9b04a"/>""",
    ),
    "dumbbell": (
        "sport",
        """<rect x="26" y="46" width="48" height="8" fill="v(#e8ebef,#8b95a3)"/><rect x="14" y="28" width="12"
        height="44" rx="4" fill="h(#59636f,#2f3640)"/><rect x="74" y="28" width="12" height="44" rx="4"
        fill="h(#59636f,#2f3640)"/><rect x="5" y="36" width="9" height="28" rx="3"
        fill="h(#7a8592,#454e5a)"/><rect x="86" y="36" width="9" height="28" rx="3" fill="h(#7a8592,#454e5a)"/>""",
    ),
    "barrel": (
        "household",
        """<path fill="h(#8a5a30,#d49a5c,#b97b40,#7a4b26)" d="M22 8h56c10 26 10 58 0 84H22c-10-26-10-58
        0-84z"/><path fill="none" stroke="#6b4020" stroke-width="1.500" opacity="0.7" d="M36 8c-6 26-6 58 0
        84M50 8v84M64 8c6 26 6 58 0 84"/><path fill="#4a525d" d="M19 20h62l2 8H17zM17 72h66l-2 8H19z"/><ellipse
        cx="50" cy="9" rx="28" ry="5" fill="#a8703f"/>""",
    ),
    "crate": (
        "household",
        """<rect x="8" y="14" width="84" height="78" fill="v(#d49a5c,#a86a34)"/><path fill="#7a4b26" d="M8
        38h84v2H8zM8 64h84v2H8z"/><path fill="v(#c08346,#94602f)" d="M22 22l62 56-8 8-62-56z"/><path fill="none"
        stroke="#8a5a30" stroke-width="9" d="M12.500 18.500h75v69h-75z"/><g fill="#5a3a1e"><circle cx="13"
        cy="19" r="1.500"/><circle cx="87" cy="19" r="1.500"/><circle cx="13" cy="87" r="1.500"/><circle cx="87"
        cy="87" r="1.500"/></g>""",
    ),
    "long-sword": (
        "tool",
        """<path fill="h(#8b98a6,#f4f8fb)" d="M43 64V14l7-12v62z"/><path fill="h(#dfe7ee,#7d8a98)" d="M50 2l7
        12v50h-7z"/><path fill="#a9b5c1" d="M48.500 18h3v44h-3z"/><path fill="v(#ffe08a,#b9821e)" d="M22 62c8 4
        48 4 56 0 4 4 0 9-6 9H28c-6 0-10-5-6-9z"/><rect x="46" y="71" width="8" height="18"
        fill="h(#5a3018,#94602f,#4a2612)"/><circle cx="50" cy="93" r="5.500" fill="r(#ffe9a8,#c98a1e)"/><circle
        cx="50" cy="66.500" r="3" fill="#d9364a"/>""",
    ),
    "scarf-worn": (
        "clothing",
        """<path fill="v(#e84a42,#a8241f)" d="M2 12c26 14 70 14 96 0 2 8 2 16-2 22-26 12-66 12-92
        0-4-6-4-14-2-22z"/><path fill="v(#d93a35,#8f1f1c)" d="M62 34c8 14 10 32 8 52l20
        2c2-24-2-44-10-58z"/><path fill="#fff0dc" d="M69 66l22 1v6l-22-1z M70 76l21 1v5l-21-1zM26 25l7 1 1
        13-7-1zM44 27h7l1 13h-7z"/><path fill="none" stroke="#a8241f" stroke-width="2" d="M72 88v7M77 88v7M82
        89v7M87 89v7"/>""",
    ),
    "chandelier": (
        "household",
        """<path fill="#b9821e" d="M49 0h2v26h-2z"/><path fill="none" stroke="v(#ffe08a,#b9821e)" stroke-width="4"
        d="M50 60C40 84 14 78 12 52M50 60c10 24 36 18 38-8M50 60c-6 14-20 12-20-10M50 60c6 14 20 12
        20-10"/><path fill="v(#ffe08a,#b9821e)" d="M46 22h8l4 38-8 16-8-16z"/><g fill="#fff8e6"><path d="M9
        38h6v12H9zM27 36h6v12h-6zM67 36h6v12h-6zM85 38h6v12h-6z"/> </g><g fill="v(#fff2a0,#ff9a2e)"><path d="M12
        26c4 5 4 12 0 12s-4-7 0-12zM30 24c4 5 4 12 0 12s-4-7 0-12zM70 24c4 5 4 12 0 12s-4-7 0-12zM88 26c4 5 4 12
        0 12s-4-7 0-12z"/></g><g fill="#bfe0f2"><path d="M50 78l3 7-3 7-3-7zM22 76l2 5-2 5-2-5zM78 76l2 5-2
        5-2-5z"/></g>""",
    ),
    "whistle": (
        "sport",
        """<path fill="v(#f4f7f9,#aab5c0,#77838f)" d="M36 34h56c3 0 4 2 4 4v10c0 3-2 4-4 4H64c2 20-12 34-30 34S4 74
        4 58s14-24 32-24z"/><path fill="#3b424c" d="M66 34h12l-3 8h-9z"/><circle cx="33" cy="59" r="12"
        fill="#3b424c"/><circle cx="35" cy="62" r="7" fill="#e0a24a"/>""",
    ),
    "raft": (
        "transport-water",
        """<g fill="v(#d49a5c,#8f5f32)"><rect x="2" y="48" width="96" height="10" rx="5"/><rect x="0" y="57"
        width="100" height="10" rx="5"/><rect x="3" y="66" width="95" height="10" rx="5"/></g><path
        fill="#e8d9b0" d="M16 47h6v30h-6zM78 47h6v30h-6z"/><path fill="#7a4b26" d="M48 6h4v44h-4z"/><path
        fill="v(#fffaf0,#dfcfae)" d="M54 10l30 30H54z"/>""",
    ),
    "ostrich": (
        "animal-bird",
        """<path fill="none" stroke="#e8a88a" stroke-width="4" d="M44 62l-4 32h-8M58 62l2 32h-8"/><path fill="none"
        stroke="#e8b49a" stroke-width="6" stroke-linecap="round" d="M34 50C20 40 28 24 22 12"/><path
        fill="#e8b49a" d="M16 10c2-8 16-6 14 2-2 6-12 6-14-2z"/><path fill="#f29a3a" d="M16 9 4 13l12
        3z"/><circle cx="22" cy="9" r="1.600" fill="#20140f"/> <path fill="v(#4a4550,#1f1c24)" d="M30 44c10-12
        36-12 48 2 6 12-6 22-24 22S24 58 30 44z"/><path fill="#fff8f0" d="M74 40c10-6 22 0 22 8-2 10-14 12-22
        8zM44 62c6 6 18 6 24 2 2 6-20 12-24-2z"/>""",
    ),
    "orchid": (
        "plant-flower",
        """<path fill="none" stroke="#5f8a3f" stroke-width="3" d="M44 92C40 60 44 30 72 14"/><path
        fill="v(#7fb65a,#3f7a3d)" d="M44 92C26 88 12 76 6 62c18 0 34 12 38 30zM44 92c14-4 30-14 40-26-20-2-36
        10-40 26z"/><g fill="v(#fbd6f2,#d96fc0)"><path d="M70 20c-10-16 10-22 8-4 12-14 22 2 6 8 14 6 2 20-8 8-2
        16-20 8-10-4-16 0-14-18 4-8z"/><path d="M46 46c-10-16 10-22 8-4 12-14 22 2 6 8 14 6 2 20-8 8-2 16-20
        8-10-4-16 0-14-18 4-8z"/></g><circle cx="76" cy="25" r="4" fill="#a8246f"/><circle cx="52" cy="51" r="4"
        fill="#a8246f"/><rect x="34" y="86" width="20" height="12" rx="2" fill="v(#d9855f,#a8563a)"/>""",
    ),
    "wagon": (
        "transport-ground",
        """<path fill="v(#fff8ea,#d9c9ac)" d="M14 52C10 20 24 8 50 8s40 12 36 44z"/><path fill="none"
        stroke="#b8a684" stroke-width="1.500" d="M32 12c-6 12-8 26-6 40M50 8v44M68 12c6 12 8 26 6 40"/><path
        fill="v(#b98350,#7a4b26)" d="M8 50h84l-6 20H14z"/><g fill="none" stroke="#6b4020"><circle cx="28"
        cy="78" r="16" stroke-width="4"/><circle cx="72" cy="78" r="16" stroke-width="4"/><path
        stroke-width="2.500" d="M28 62v32M12 78h32M17 67l22 22M39 67 17 89M72 62v32M56 78h32M61 67l22 22M83 67
        61 89"/></g>""",
    ),
}
