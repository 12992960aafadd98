"""Drawings of our own: land, buildings and what stands about outdoors.  art_ours.py says how fills are written."""

OUTDOORS = {
    "cliff": (
        "place-geographic",
        """<path fill="v(#9b8f86,#6d625c,#4a423f)" d="M4 98V22c10-4 26-5 40-3 16 2 30 0 44 3l-5 12 6 10-9 12 5 14-8
        12 3 16z"/><path fill="v(#8cc45f,#5f9a44)" d="M2 24c6-8 22-9 40-7s34-1 48 4c2 4-4 6-10 5-8 4-14 1-22
        3s-14-2-22 1-18-1-26 2c-6-1-10-4-8-8z"/><path fill="#fff" opacity="0.13" d="M12 34l14-3-4 22 8 16-10
        12-8-18zM46 32l16-2-6 18 8 20-12 10-8-22z"/><path fill="#2a2422" opacity="0.28" d="M30 40l8 18-6 18 8
        22H28l-4-20zM70 30l10 4 4 10-9 12 5 14-8 12 3 16H62l6-26-6-20z"/>""",
    ),
    "boulder": (
        "place-geographic",
        """<path fill="v(#b0aaa4,#7d7772,#55504d)" d="M4 88c-4-14 2-30 12-42 6-14 20-26 38-26 20 0 30 12 34 28 8 10
        12 28 8 40-18 8-74 8-92 0z"/><path fill="#fff" opacity="0.22" d="M20 48c6-12 18-22 32-22 8 0 14 3 18
        8-16-2-26 4-32 14-6 4-14 6-18 0z"/><path fill="#2f2b2a" opacity="0.3" d="M60 44l10 12-4 14 8 22c10 0
        18-2 22-4 4-12 0-30-8-40-6 2-18 2-28-4zM30 60l10 8-2 14-10-8z"/>""",
    ),
    "altar": (
        "place-other",
        """<path fill="v(#8f9088,#5f615b)" d="M16 46h68l-4 40H20z"/><path fill="#4a4c47" opacity="0.5" d="M16
        46h68v5H16zM40 51h2v35h-2zM62 51h2v35h-2zM18 68h64v2H18z"/><path fill="v(#b3b5ac,#85877f)" d="M4 30h92l2
        16H2z"/><path fill="#c9cbc2" d="M12 24h76l8 7H4z"/><path fill="v(#8b8d85,#5a5c57)" d="M10 86h80l5
        11H5z"/><path fill="#6f9a4c" d="M4 30c8-3 14 1 20 0 0 8-4 6-6 11-3-4-8 0-9-5-2 1-5-2-5-6zM70 31c8-3 18-1
        26-1 0 6-5 4-6 9-4-3-6 2-9-4-4 2-10 2-11-4zM10 88c8-4 16 0 22-1-2 6-10 4-13 8-3-3-7-2-9-7zM58 27c4-3
        10-3 14 0-3 3-10 4-14 0z"/> <path fill="none" stroke="#5a5c57" stroke-width="2.500" d="M50 56c-8 0-8 12
        0 12s8-12 0-12zM50 52v20M38 62h24"/>""",
    ),
    "stone-wall": (
        "place-other",
        """<path fill="#77716b" d="M2 34h96v58H2z"/><g fill="v(#c2bbb2,#968e86)"><rect x="3" y="35" width="22"
        height="17" rx="5"/><rect x="27" y="34" width="30" height="18" rx="5"/><rect x="59" y="35" width="18"
        height="17" rx="5"/><rect x="79" y="34" width="18" height="18" rx="5"/><rect x="3" y="54" width="32"
        height="18" rx="5"/><rect x="37" y="54" width="20" height="18" rx="5"/><rect x="59" y="54" width="38"
        height="18" rx="5"/><rect x="3" y="74" width="18" height="17" rx="5"/><rect x="23" y="74" width="34"
        height="17" rx="5"/><rect x="59" y="74" width="20" height="17" rx="5"/><rect x="81" y="74" width="16"
        height="17" rx="5"/></g><path fill="#7fae5a" d="M27 35c6-4 14-3 18 0-4 6-14 6-18 0zM78 36c4-4 12-4
        18-1-2 6-14 6-18 1z"/>""",
    ),
    "fence": (
        "place-other",
        """<path fill="v(#b98350,#8f5f32)" d="M0 44h100v8H0zM0 70h100v8H0z"/><g fill="h(#dda66c,#b57c45)"><path
        d="M5 32l7-9 7 9v64H5zM24 32l7-9 7 9v64H24zM43 32l7-9 7 9v64H43zM62 32l7-9 7 9v64H62zM81 32l7-9 7
        9v64H81z"/></g><path fill="#8f5f32" d="M11 47h2v2h-2zM30 47h2v2h-2zM49 47h2v2h-2zM68 47h2v2h-2zM87
        47h2v2h-2zM11 73h2v2h-2zM30 73h2v2h-2zM49 73h2v2h-2zM68 73h2v2h-2zM87 73h2v2h-2z"/>""",
    ),
    "path": (
        "place-geographic",
        """<path fill="v(#d9c096,#b8945f)" d="M46 8h8c-6 16 18 20 12 36-4 12 14 24 22 52H12c4-22 34-26
        32-42-2-16-8-26 2-46z"/><g fill="#a07f4f" opacity="0.6"><ellipse cx="52" cy="40" rx="5" ry="2"/><ellipse
        cx="58" cy="58" rx="6" ry="2.500"/><ellipse cx="40" cy="76" rx="8" ry="3"/><ellipse cx="64" cy="84"
        rx="9" ry="3"/><ellipse cx="30" cy="90" rx="7" ry="2.500"/></g>""",
    ),
    "campfire-logs": (
        "place-other",
        """<ellipse cx="50" cy="88" rx="46" ry="9" fill="#6f6863"/><g fill="v(#aaa39c,#77706a)"><ellipse cx="12"
        cy="86" rx="10" ry="7"/><ellipse cx="88" cy="86" rx="10" ry="7"/><ellipse cx="28" cy="93" rx="11"
        ry="6"/><ellipse cx="72" cy="93" rx="11" ry="6"/><ellipse cx="50" cy="95" rx="11" ry="5"/></g><path
        fill="v(#ffab3a,#f2502a)" d="M52 6c4 18 24 26 22 54-1 16-12 26-24 26S27 76 26 61c0-12 8-16 10-28 6 4 8 8
        9 13 6-10 10-24 7-40z"/><path fill="v(#ffe98a,#ffb02e)" d="M51 38c4 12 14 16 13 30-1 10-7 16-14
        16s-13-6-13-15c0-10 10-16 14-31z"/><path fill="h(#9a6536,#5a3418)" d="M18 80l60-14 3 9-60 14zM82 80 22
        66l-3 9 60 14z"/><g fill="#e0b98a"><ellipse cx="20" cy="84" rx="3" ry="5"/><ellipse cx="80" cy="84"
        rx="3" ry="5"/></g>""",
    ),
    "hammock": (
        "household",
        """<path fill="none" stroke="#8a6a3a" stroke-width="2" d="M2 20 20 40M98 20 80 40M2 20l16 28M98 20 82 48M2
        20l22 36M98 20 76 56"/><path fill="v(#f2a24a,#d9603a)" d="M16 38c16 24 52 24 68 0 2 34-14 46-34 46S14 72
        16 38z"/><path fill="none" stroke="#fff3d6" stroke-width="4" opacity="0.8" d="M20 52c16 22 44 22 60 0M24
        64c14 18 38 18 52 0"/>""",
    ),
    "swing": (
        "household",
        """<path fill="none" stroke="#b98350" stroke-width="6" stroke-linecap="round" d="M14 4h72M14 4 4 97M14 4l14
        93M86 4 72 97M86 4l10 93"/><path fill="none" stroke="#7a6a4a" stroke-width="2" d="M38 6v66M62
        6v66"/><rect x="32" y="71" width="36" height="6" rx="2" fill="v(#e0574d,#a8342c)"/>""",
    ),
    "waterfall": (
        "place-geographic",
        """<path fill="v(#8d857e,#55504d)" d="M2 98V14l14-8 16 8h36l16-8 14 8v84z"/><path fill="v(#7fb65a,#4f8a3f)"
        d="M2 18l14-12 16 9v6L16 22zM98 18 84 6l-16 9v6l16 1z"/><path
        fill="h(#9fdcf2,#ffffff,#8fd0ee,#ffffff,#7fc4e6)" d="M32 14h36l4 72H28z"/><path fill="none"
        stroke="#5fb0dc" stroke-width="2" opacity="0.6" d="M40 16l-2 66M50 16v68M60 16l2 66"/><ellipse cx="50"
        cy="90" rx="44" ry="9" fill="#4fa3d0"/><g fill="#fff" opacity="0.85"><circle cx="30" cy="86"
        r="7"/><circle cx="42" cy="89" r="7"/><circle cx="56" cy="89" r="7"/><circle cx="69" cy="86" r="7"/></g>""",
    ),
    "windmill": (
        "place-building",
        """<path fill="h(#fbf3e2,#d9c9ac)" d="M36 38h28l8 60H28z"/><path fill="v(#c9574a,#8f342c)" d="M34 39c2-16
        30-16 32 0z"/><path fill="#6b4426" d="M44 98V84c0-7 12-7 12 0v14z"/><path fill="#7fb6d9" d="M46
        54h8v9h-8zM47 70h6v7h-6z"/><g transform="rotate(20 50 34)"><path fill="#7a5230" d="M49 0h2v68h-2zM16
        33h68v2H16z"/><path fill="#fff8ea" stroke="#b08a5a" stroke-width="1" d="M51 2h10v24H51zM49
        66H39V42h10zM18 33V23h24v10zM82 35v10H58V35z"/></g><circle cx="50" cy="34" r="4" fill="#5a3a1e"/>""",
    ),
    "barn": (
        "place-building",
        """<path fill="v(#c9403a,#9a2a28)" d="M10 96V46l10-22 30-16 30 16 10 22v50z"/><path fill="#5a3d38" d="M4 50
        16 22 50 3l34 19 12 28-6 2-11-25L50 11 21 27 10 52z"/><path fill="#8a2422" d="M32 60h36v36H32z"/><path
        fill="none" stroke="#fff4e6" stroke-width="3" d="M32 60h36v36H32zM32 60l36 36M68 60 32 96M42
        30h16v14H42z"/><path fill="#4a2320" d="M43.500 31.500h13v11h-13z"/>""",
    ),
    "igloo": (
        "place-building",
        """<path fill="v(#ffffff,#d3e6f5,#9fc3e0)" d="M4 86C4 46 24 20 50 20s46 26 46 66z"/><path fill="none"
        stroke="#8fb4d3" stroke-width="1.500" d="M8 66c26-5 58-5 84 0M14 48c24-5 48-5 72 0M26 33c16-4 32-4 48
        0M50 20v14M36 33v13M64 33v13M26 47v16M74 47v16M50 34v12M16 64v22M84 64v22"/><path
        fill="v(#eaf5fd,#a9cbe6)" d="M28 90V72c0-26 44-26 44 0v18z"/><path fill="v(#22405f,#3f6a94)" d="M36
        90V74c0-17 28-17 28 0v16z"/>""",
    ),
    "well": (
        "place-other",
        """<path fill="v(#a0673a,#6f4222)" d="M50 4 4 32h92z"/><path fill="#7a4b26" d="M18 32h6v34h-6zM76
        32h6v34h-6z"/> <rect x="16" y="40" width="68" height="5" rx="2.500" fill="#94602f"/><path fill="none"
        stroke="#d9c090" stroke-width="2" d="M50 45v14"/><path fill="v(#b98350,#8a5a30)" d="M43 58h14l-2
        12H45z"/><ellipse cx="50" cy="66" rx="38" ry="7" fill="#2f3a44"/><path fill="v(#b8b1a9,#7d766f)" d="M12
        66c8 9 68 9 76 0l-3 28c-12 6-58 6-70 0z"/> <path fill="none" stroke="#6b655f" stroke-width="1.500"
        d="M14 80c16 6 56 6 72 0M34 73l1 10M62 73l-1 10M50 84v13M26 82l1 13M74 82l-1 13"/>""",
    ),
    "pyramid": (
        "place-building",
        """<path fill="h(#f2d08a,#dfb062)" d="M48 10 2 90h58z"/><path fill="h(#b5803f,#8a5c28)" d="M48 10l50 70-38
        10z"/><path fill="none" stroke="#b98a45" stroke-width="1" opacity="0.7" d="M38 28l12 0M30 42h21M22
        56h31M14 70h42M6 84h52"/><path fill="#5a3a18" d="M30 90v-10h8v10z"/>""",
    ),
    "gate": (
        "place-other",
        """<path fill="v(#b0a89f,#7d766f)" d="M2 20h14v78H2zM84 20h14v78H84z"/><path fill="#cfc8bf" d="M0
        14h18v7H0zM82 14h18v7H82z"/><path fill="none" stroke="#2f3640" stroke-width="3" d="M18 44c10-20 24-24
        32-24s22 4 32 24M18 50h64M18 86h64M26 36v58M34 28v66M42 22v72M50 20v74M58 22v72M66 28v66M74
        36v58"/><circle cx="50" cy="66" r="7" fill="#d9b04a"/>""",
    ),
    "hay-bale": (
        "plant-other",
        """<path fill="v(#f2cf6a,#c9983a)" d="M6 40c0-4 4-6 8-6h72c4 0 8 2 8 6v44c0 4-4 6-8 6H14c-4
        0-8-2-8-6z"/><path fill="none" stroke="#a87a24" stroke-width="1.500" opacity="0.8" d="M10 46l14-4M30
        44l18 3M56 42l16 4M76 48l14-5M12 58l16 3M36 56l14 5M58 60l18-4M80 58l10 4M10 72l14-3M32 74l14-4M52 70l18
        5M74 74l14-3M18 84l12-3M44 82l16 4M66 84l14-3"/><path fill="#b5533c" d="M28 33h5v58h-5zM67
        33h5v58h-5z"/>""",
    ),
    "hedge": (
        "plant-other",
        """<path fill="v(#6fb04f,#2f7038)" d="M4 94V44c-2-8 6-12 10-10 2-8 12-8 15-3 4-7 14-7 17 0 4-6 14-6 17 0
        4-6 14-5 16 2 8-4 16 2 15 10v51z"/><g fill="#8fca66" opacity="0.7"><circle cx="16" cy="46"
        r="4"/><circle cx="34" cy="42" r="4"/><circle cx="54" cy="46" r="4"/><circle cx="74" cy="44"
        r="4"/><circle cx="26" cy="60" r="4"/><circle cx="46" cy="62" r="4"/><circle cx="66" cy="60"
        r="4"/><circle cx="86" cy="62" r="4"/><circle cx="16" cy="76" r="3"/><circle cx="56" cy="78"
        r="3"/><circle cx="76" cy="78" r="3"/></g>""",
    ),
    "vine": (
        "plant-other",
        """<path fill="none" stroke="#4a7a2f" stroke-width="3" d="M30 2c-14 20 22 30 10 50s24 24 14 46"/><g
        fill="v(#8fd04a,#3f8a3b)"><path d="M26 14C12 6 4 14 2 24c10 4 22 2 24-10zM36 26c6-14 20-14 30-8-4 12-18
        16-30 8zM42 46c-14-8-26-4-32 6 10 8 26 6 32-6zM44 60c8-12 22-12 32-4-6 12-22 14-32 4zM54 78c-14-6-24
        0-28 10 10 6 24 2 28-10zM58 84c8-8 20-6 26 2-6 8-18 8-26-2z"/></g>""",
    ),
    "lily": (
        "plant-flower",
        """<path fill="none" stroke="#4f8a3f" stroke-width="4" d="M50 56c0 16 2 26-2 42"/><path
        fill="v(#8fd04a,#3f8a3b)" d="M48 92c-16 2-26-8-28-22 14 0 26 8 28 22zM50 86c12 0 24-8 26-22-14 2-24
        10-26 22z"/><path fill="v(#ffd9e8,#f28ab0)" d="M50 60C36 50 34 22 50 4c16 18 14 46 0 56z"/><path
        fill="v(#fff0f6,#f7a8c6)" d="M50 60C32 62 14 46 10 24c22 2 38 18 40 36zM50 60c18 2 36-14 40-36-22 2-38
        18-40 36z"/><path fill="v(#ffffff,#f9bcd4)" d="M50 62c-14 8-32 4-44-10 18-8 36-4 44 10zM50 62c14 8 32 4
        44-10-18-8-36-4-44 10z"/><path fill="none" stroke="#d98a2e" stroke-width="1.500" d="M50
        58c-2-10-4-16-8-22M50 58V32M50 58c2-10 4-16 8-22"/><g fill="#b5622a"><circle cx="42" cy="35"
        r="2.500"/><circle cx="50" cy="31" r="2.500"/><circle cx="58" cy="35" r="2.500"/></g>""",
    ),
    "wreath": (
        "plant-other",
        """<circle cx="50" cy="48" r="34" fill="none" stroke="#2f7a41" stroke-width="18"/><circle cx="50" cy="48"
        r="36" fill="none" stroke="#4f9a4f" stroke-width="10" stroke-dasharray="6 5"/><circle cx="50" cy="48"
        r="29" fill="none" stroke="#1f5a30" stroke-width="6" stroke-dasharray="4 6"/><g fill="#d9362f"><circle
        cx="20" cy="36" r="4"/><circle cx="36" cy="17" r="4"/><circle cx="66" cy="18" r="4"/><circle cx="82"
        cy="38" r="4"/><circle cx="80" cy="62" r="4"/><circle cx="20" cy="62" r="4"/></g><path
        fill="v(#e84a42,#a8201f)" d="M50 80c-10-12-24-10-24 0s14 12 24 0zM50 80c10-12 24-10 24 0s-14 12-24 0zM46
        82l-12 16 10-2 8-12zM54 82l12 16-10-2-8-12z"/>""",
    ),
    "mailbox": (
        "household",
        """<path fill="v(#94602f,#6b4020)" d="M44 56h12v42H44z"/><path fill="h(#5f8fd9,#3f6ab8,#2a4a8a)" d="M14
        58V32c0-20 24-20 26-20h34c12 0 14 12 14 22v24z"/><path fill="#2a4a8a" d="M14 58V34c0-20 26-20 26
        0v24z"/><path fill="#7fa8e8" d="M18 54V36c0-14 18-14 18 0v18z"/><path fill="#e0403a" d="M66
        18h4v22h-4zM66 16h16v8H66z"/>""",
    ),
    "scarecrow": (
        "person-fantasy",
        """<path fill="#8a5a30" d="M47 40h6v58h-6zM4 46h92v5H4z"/><path fill="v(#c9574a,#8f342c)" d="M20 42h60l6
        12H68l2 30H30l2-30H14z"/><path fill="#f2cf6a" d="M4 42l12 2v10L2 54zM96 42l-12 2v10l14 0zM30 82h40l2
        8-6-3-6 6-8-5-8 5-6-6-8 3z"/><circle cx="50" cy="28" r="15" fill="#f0d9a8"/><path fill="#a87a3a" d="M28
        20h44l-8-4L58 2H42l-6 14z"/><path fill="#5a3a1e" d="M43 24l4 4M43 24h5v5h-5zM53 24h5v5h-5z"/><path
        fill="none" stroke="#5a3a1e" stroke-width="1.500" d="M42 35c5 4 11 4 16 0"/><path fill="#3f6f9f" d="M40
        60h9v9h-9z"/>""",
    ),
    "sandcastle": (
        "place-other",
        """<path fill="v(#f2d896,#cfa660)" d="M8
        92V56h5v-5h5v5h6v-5h5v5h6V36h5v-5h6v5h8v-5h6v5h5v20h6v-5h5v5h6v-5h5v5h5v36 z"/><path fill="#a87a3c"
        d="M43 92V76c0-9 14-9 14 0v16zM18 66h6v8h-6zM76 66h6v8h-6zM46 48h8v9h-8z"/><path fill="#8a6a3a" d="M49
        10h2v22h-2z"/><path fill="#e0403a" d="M51 11l16 5-16 6z"/><path fill="#d9b878" d="M2 92c20-6 76-6 96
        0v6H2z"/>""",
    ),
    "stage": (
        "place-other",
        """<path fill="v(#2a1838,#4a2a5a)" d="M6 8h88v62H6z"/><path fill="#fff3b8" opacity="0.35" d="M24 10 10
        72h34zM76 10l14 62H56z"/><path fill="h(#8a1730,#d93a55,#8a1730)" d="M2 4h20c0 30-6 52-12 68H2zM98 4H78c0
        30 6 52 12 68h8z"/><path fill="#b3243f" d="M2 2h96v10c-8 6-16 6-24 0-8 6-16 6-24 0-8 6-16 6-24 0-8 6-16
        6-24 0z"/><path fill="v(#d49a5c,#9c6431)" d="M6 70h88l6 14H0z"/><path fill="#643d1d" d="M0
        84h100v12H0z"/>""",
    ),
    "stairs": (
        "place-other",
        """<path fill="#7d766f" d="M2 96V80h20V64h20V48h20V32h20V16h16v80z"/><path fill="v(#dcd6ce,#bdb5ab)" d="M2
        80h20v5H2zM22 64h20v5H22zM42 48h20v5H42zM62 32h20v5H62zM82 16h16v5H82z"/><path fill="#a39b92" d="M22
        69h3v27h-3zM42 53h3v43h-3zM62 37h3v59h-3zM82 21h3v75h-3z"/>""",
    ),
    "roof": (
        "place-other",
        """<path fill="v(#d9604a,#9a3428)" d="M50 16 2 76h96z"/><path fill="none" stroke="#8a2c22" stroke-width="2"
        opacity="0.6" d="M40 28h20M30 40h40M21 52h58M12 64h76M46 28v12M56 40v12M36 40v12M26 52v12M46 52v12M66
        52v12M36 64v12M56 64v12M76 64v12"/><path fill="#b5533c" d="M68 12h12v30L68 28z"/>""",
    ),
    "pond": (
        "place-geographic",
        """<path fill="#7fae5a" d="M2 60c2-22 30-30 52-28 26 0 44 10 44 28s-22 28-48 28S0 78 2 60z"/><path
        fill="v(#8fd4ea,#3f94c4)" d="M8 60c2-18 26-24 46-22 22 0 38 8 38 22s-20 22-42 22S6 74 8 60z"/><path
        fill="none" stroke="#fff" stroke-width="1.500" opacity="0.7" d="M24 54c8-3 14-3 20 0M50 66c8-3 14-3 22
        0"/><path fill="#5fae4a" d="M62 50c8-4 18 0 16 4s-14 4-18 1l8-2zM24 66c6-4 14-1 13 2s-11 4-14
        1l6-2z"/><circle cx="70" cy="49" r="3" fill="#f7a8c6"/>""",
    ),
    "river": (
        "place-geographic",
        """<path fill="v(#7fb65a,#5a9a48)" d="M2 20c30-8 66-8 96 0v72H2z"/><path fill="v(#bfe8f7,#4fa3d6,#2f7fc0)"
        d="M54 17c10 12-22 16-14 30s34 18 24 46H18c-6-24 22-28 18-44s6-22 10-32z"/><path fill="none"
        stroke="#fff" stroke-width="1.500" opacity="0.7" d="M42 40c2-4 4-6 8-8M40 62c4-3 10-3 14 0M28 78c8-4
        16-4 24 0M34 88c6-3 14-3 20 0"/>""",
    ),
    "log-cabin": (
        "place-building",
        """<path fill="#8a4a3a" d="M66 10h12v28H66z"/><path fill="v(#a8703f,#7a4b26)" d="M14 48h72v48H14z"/><path
        fill="none" stroke="#5a3418" stroke-width="2" d="M14 56h72M14 64h72M14 72h72M14 80h72M14 88h72"/><g
        fill="#d9a869"><circle cx="14" cy="52" r="3.500"/><circle cx="14" cy="60" r="3.500"/><circle cx="14"
        cy="68" r="3.500"/><circle cx="14" cy="76" r="3.500"/><circle cx="14" cy="84" r="3.500"/><circle cx="14"
        cy="92" r="3.500"/><circle cx="86" cy="52" r="3.500"/><circle cx="86" cy="60" r="3.500"/><circle cx="86"
        cy="68" r="3.500"/><circle cx="86" cy="76" r="3.500"/><circle cx="86" cy="84" r="3.500"/><circle cx="86"
        cy="92" r="3.500"/></g><path fill="v(#6b5248,#463530)" d="M50 10 2 50l5 6h86l5-6z"/><path fill="#8a6a5c"
        d="M50 10 2 50l4 4 44-36 44 36 4-4z"/><path fill="v(#6b3a1e,#4a2612)" d="M28 66h18v30H28z"/><circle
        cx="42" cy="82" r="1.500" fill="#f0d890"/><path fill="#4a2c15" d="M56 62h24v20H56z"/><path
        fill="v(#ffe9a8,#ffc65a)" d="M58 64h9v7h-9zM69 64h9v7h-9zM58 73h9v7h-9zM69 73h9v7h-9z"/>""",
    ),
    "cottage": (
        "place-building",
        """<path fill="#a8604a" d="M70 12h12v26H70z"/><path fill="v(#fff6e2,#e8d3ae)" d="M14 50h72v46H14z"/><path
        fill="v(#b5713c,#8a4f26)" d="M28 14h46l24 38c-6 5-12 3-16 2-8 4-16 3-22 0-8 4-14 3-20 0-6 3-12 3-18 0-6
        3-14 2-20-2z"/><path fill="none" stroke="#7a4420" stroke-width="1.500" opacity="0.6" d="M22 28h58M16
        38h70"/><path fill="v(#4f8f63,#2f6a45)" d="M42 96V72c0-10 16-10 16 0v24z"/><circle cx="54" cy="84"
        r="1.500" fill="#f0d890"/> <path fill="#8a5a30" d="M20 62h16v16H20zM64 62h16v16H64z"/><path
        fill="v(#bfe4f5,#7fb6d9)" d="M22 64h5v5h-5zM29 64h5v5h-5zM22 71h5v5h-5zM29 71h5v5h-5zM66 64h5v5h-5zM73
        64h5v5h-5zM66 71h5v5h-5zM73 71h5v5h-5z"/><path fill="#5f9a44" d="M8 96c0-8 8-10 12-6 4-6 14-4 16 6zM62
        96c2-9 12-11 16-5 6-4 14 0 14 5z"/><g fill="#f27aa2"><circle cx="16" cy="92" r="2"/><circle cx="27"
        cy="91" r="2"/><circle cx="72" cy="91" r="2"/><circle cx="85" cy="93" r="2"/></g>""",
    ),
}
