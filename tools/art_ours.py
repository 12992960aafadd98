"""Drawings of our own, for make_art.py: things that the sets lack.  (group, markup in a square of 100).

A fill "v(#aaaaaa,#dddddd)" is a gradient downwards, "h(...)" one across and "r(...)" one from a lit spot outwards, with
as many colours as are named.
"""

from __future__ import annotations

import re

from art_home import HOME
from art_outdoors import OUTDOORS
from art_things import THINGS

_RED_PANDA = """
<defs>
<radialGradient id="fur" cx="50" cy="40" r="60" gradientUnits="userSpaceOnUse"><stop stop-color="#F08A3C"/>
<stop offset="0.6" stop-color="#D9642A"/><stop offset="1" stop-color="#A83F1D"/></radialGradient>
<radialGradient id="pale" cx="50" cy="62" r="42" gradientUnits="userSpaceOnUse"><stop stop-color="#FFFFFF"/>
<stop offset="1" stop-color="#F4E3D3"/></radialGradient>
<linearGradient id="ear" x1="0" y1="8" x2="0" y2="42" gradientUnits="userSpaceOnUse"><stop stop-color="#FFFFFF"/>
<stop offset="1" stop-color="#EAD3C0"/></linearGradient>
</defs>
<path fill="url(#ear)" d="M6 15C4 8 12 5 20 9c9 4 18 10 22 16L16 50C8 42 7 26 6 15z"/>
<path fill="#6B2B1A" d="M13 18c-1-4 4-5 8-3 6 3 10 6 13 10L20 42c-5-6-6-16-7-24z"/>
<path fill="url(#ear)" d="M94 15c2-7-6-10-14-6-9 4-18 10-22 16l26 25c8-8 9-24 10-35z"/>
<path fill="#6B2B1A" d="M87 18c1-4-4-5-8-3-6 3-10 6-13 10l14 17c5-6 6-16 7-24z"/>
<path fill="url(#fur)" d="M50 17c24 0 42 16 44 40 1 22-18 37-44 37S5 79 6 57c2-24 20-40 44-40z"/>
<path fill="url(#pale)" d="M8 66c3-9 14-12 24-8 6 3 9 6 18 6s12-3 18-6c10-4 21-1 24 8-3 17-20 28-42 28S11 83 8 66z"/>
<path fill="#B34A20" d="M30 55c-5 8-8 16-7 26 6 5 12 9 19 11-8-12-9-23-4-34z"/>
<path fill="#B34A20" d="M70 55c5 8 8 16 7 26-6 5-12 9-19 11 8-12 9-23 4-34z"/>
<path fill="url(#pale)" d="M21 42c1-6 6-9 12-7 4 2 4 7-1 9-4 2-11 3-11-2z"/>
<path fill="url(#pale)" d="M79 42c-1-6-6-9-12-7-4 2-4 7 1 9 4 2 11 3 11-2z"/>
<ellipse cx="34" cy="56" rx="6.2" ry="7.2" fill="#2B1512"/><ellipse cx="66" cy="56" rx="6.2" ry="7.2" fill="#2B1512"/>
<circle cx="36.4" cy="53" r="2.3" fill="#fff"/><circle cx="68.4" cy="53" r="2.3" fill="#fff"/>
<circle cx="32" cy="59" r="1.1" fill="#fff"/><circle cx="64" cy="59" r="1.1" fill="#fff"/>
<path fill="url(#pale)" d="M50 60c12 0 19 7 18 15-2 9-10 12-18 12s-16-3-18-12c-1-8 6-15 18-15z"/>
<path fill="#2B1512" d="M50 64c5 0 8 2 8 4 0 3-5 6-8 6s-8-3-8-6c0-2 3-4 8-4z"/>
<path fill="#7A2A22" d="M41 77c3 2 6 1 9-1 3 2 6 3 9 1-1 6-5 8-9 8s-8-2-9-8z"/>
<path fill="#F27D86" d="M45 81.500c3-2 7-2 10 0-1 2-3 3.500-5 3.500s-4-1.500-5-3.500z"/>
<path fill="none" stroke="#2B1512" stroke-width="1.800" stroke-linecap="round" d="M40 76c3 3 7 2 10-1 3 3 7 4 10 1"/>
<ellipse cx="21" cy="70" rx="5" ry="3.200" fill="#F58A84" opacity="0.7"/>
<ellipse cx="79" cy="70" rx="5" ry="3.200" fill="#F58A84" opacity="0.7"/>
<path fill="#fff" opacity="0.25" d="M32 23c8-4 26-5 36 0-10-2-26-2-36 0z"/>
"""
_BAMBOO_HAT = """
<defs><linearGradient id="w" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#E9CB86"/><stop offset="0.5"
stop-color="#D9AE5C"/>
<stop offset="1" stop-color="#A97A34"/></linearGradient></defs>
<path fill="#8A5F26" d="M4 66c14 10 78 10 92 0-6 12-86 12-92 0z"/>
<path fill="url(#w)" d="M50 26c3 0 5 2 8 5 12 11 26 23 38 33 2 2 1 4-2 5-22 8-66 8-88 0-3-1-4-3-2-5 12-10 26-22 38-33
3-3 5-5 8-5z"/>
<path fill="none" stroke="#8A5F26" stroke-width="1.100" opacity="0.7" d="M50 27 22 72M50 27 36 74.500M50 27v48M50
27l14 47.500M50 27l28 45
M37 38.500c8 3 18 3 26 0M26 48.500c14 5 34 5 48 0M14 58.500c20 7 52 7 72 0"/>
<path fill="#C23B2E" d="M38 37.500c8 3.500 16 3.500 24 0l4 4c-10 4-22 4-32 0z"/>
<path fill="#fff" opacity="0.25" d="M48 28 14 61c-3 3-6 4-8 5l40-36z"/>
"""
_BAMBOO = """
<defs><linearGradient id="b" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#A8D64F"/><stop offset="0.5"
stop-color="#6FB536"/>
<stop offset="1" stop-color="#3F8A2B"/></linearGradient>
<linearGradient id="l" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#8FD04A"/><stop offset="1"
stop-color="#2F8A35"/></linearGradient></defs>
<g fill="url(#b)"><rect x="44" y="3" width="12" height="29" rx="3"/><rect x="44" y="34" width="12" height="31"
rx="3"/>
<rect x="44" y="67" width="12" height="30" rx="3"/></g>
<g fill="#3F8A2B"><rect x="42.500" y="31" width="15" height="4" rx="2"/><rect x="42.500" y="64" width="15" height="4"
rx="2"/></g>
<g fill="url(#l)"><path d="M56 32c10-14 22-16 36-15-6 13-20 20-36 15z"/><path d="M57 35c13-5 24 0 32 9-12 5-25
3-32-9z"/>
<path d="M44 65c-9-13-21-16-35-15 6 13 20 19 35 15z"/></g>
<path fill="none" stroke="#D9F5A0" stroke-width="1" opacity="0.6" d="M58 31c9-6 19-10 30-13M42 64c-9-6-18-10-29-13M47
6v22M47 38v22M47 71v22"/>
"""
_BAMBOO_LEAF = """
<defs><linearGradient id="l" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#B4E063"/><stop offset="0.5"
stop-color="#5DB53C"/>
<stop offset="1" stop-color="#2B7F35"/></linearGradient></defs>
<path fill="none" stroke="#4B8A2A" stroke-width="3.500" stroke-linecap="round" d="M10 92C30 74 42 60 52 44"/>
<g fill="url(#l)"><path d="M50 48C50 26 66 10 92 6c2 24-16 42-42 42z"/><path d="M42 58C26 52 16 38 16 18c20 4 30 20
26 40z"/>
<path d="M38 66c12-8 30-8 44 4-14 12-34 12-44-4z"/></g>
<path fill="none" stroke="#E3F9B5" stroke-width="1.300" opacity="0.7" d="M51 47C62 32 74 19 90 8M42 57C36 44 28 31 18
20M40 66c13-1 26 0 40 4"/>
"""
_COFFEE_MUG = """
<defs><linearGradient id="c" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#D5D9DF"/><stop offset="0.22"
stop-color="#FFFFFF"/>
<stop offset="0.55" stop-color="#EEF1F4"/><stop offset="1" stop-color="#AEB6C1"/></linearGradient>
<linearGradient id="h" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#F4F6F8"/><stop offset="1"
stop-color="#A5AEBA"/></linearGradient>
<radialGradient id="k" cx="0.45" cy="0.4" r="0.7"><stop stop-color="#8A5A36"/><stop offset="0.7"
stop-color="#5A3218"/>
<stop offset="1" stop-color="#3A1D0D"/></radialGradient></defs>
<path fill="none" stroke="url(#h)" stroke-width="7.500" d="M70 36c14-5 24 2 23 14-1 15-12 22-26 22"/>
<path fill="url(#c)" d="M8 24c0 22 0 40 3 54 2 10 12 15 29 15s27-5 29-15c3-14 3-32 3-54z"/>
<path fill="#7E8794" opacity="0.28" d="M14 84c6 6 15 9 26 9s20-3 26-9c-5 12-47 12-52 0z"/>
<ellipse cx="40" cy="24" rx="32" ry="9" fill="#F7F9FA"/><ellipse cx="40" cy="24.600" rx="29" ry="7.200"
fill="#9AA3AF"/>
<ellipse cx="40" cy="25.600" rx="28" ry="6" fill="url(#k)"/>
<path fill="#C79A6B" opacity="0.55" d="M20 24c8-4 20-4 28-3-10 0-20 1-28 3z"/>
<path fill="#fff" opacity="0.75" d="M16 36c2-1 4 0 4 3 0 14 1 26 3 36 0 3-3 4-4 1-3-12-4-24-4-38 0-1 0-2 1-2z"/>
"""
_VASE = """
<defs><linearGradient id="v" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#3B7FA8"/><stop offset="0.25"
stop-color="#8CC7E4"/>
<stop offset="0.6" stop-color="#4A93BE"/><stop offset="1" stop-color="#235675"/></linearGradient></defs>
<path fill="url(#v)" d="M38 6h24c2 0 3 2 2 4-3 6-4 12-2 17 4 9 20 18 20 38 0 16-8 25-14 29H32c-6-4-14-13-14-29 0-20
16-29 20-38
 2-5 1-11-2-17-1-2 0-4 2-4z"/>
<ellipse cx="50" cy="8" rx="13.500" ry="3.200" fill="#1F4A66"/>
<path fill="none" stroke="#E8F5FC" stroke-width="2" opacity="0.8" d="M21 56c18 5 40 5 58 0M19 64c20 5 42 5 62 0"/>
<path fill="#fff" opacity="0.4" d="M38 34c-6 8-12 16-12 28 0 8 2 15 5 20-6-5-9-12-9-20 0-13 9-20 16-28z"/>
"""
_LIGHTHOUSE = """
<defs><linearGradient id="t" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#FFFFFF"/><stop offset="1"
stop-color="#C7CEDA"/></linearGradient>
<linearGradient id="r" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#F0554A"/><stop offset="1"
stop-color="#A8242A"/></linearGradient>
<radialGradient id="g"><stop stop-color="#FFF6BF"/><stop offset="1" stop-color="#FFC93C"/></radialGradient></defs>
<path fill="#6D6A75" d="M12 97c4-8 14-11 24-10 10-4 24-4 32 1 9-1 17 3 20 9z"/>
<path fill="url(#t)" d="M39 32h22l6 58H33z"/>
<path fill="url(#r)" d="M37.700 44h24.600l1.200 12H36.500zM35.300 68h29.400l1.300 12H34z"/>
<rect x="35" y="28" width="30" height="5" rx="1.500" fill="#3A3F4D"/><rect x="40" y="15" width="20" height="13"
fill="url(#g)"/>
<path fill="none" stroke="#3A3F4D" stroke-width="1.600" d="M40 15v13M46.700 15v13M53.300 15v13M60 15v13"/>
<path fill="url(#r)" d="M37 15 50 4l13 11z"/><circle cx="50" cy="4" r="2" fill="#A8242A"/>
<path fill="#4A3A36" d="M46 90v-8c0-5 8-5 8 0v8z"/><rect x="47.500" y="59" width="5" height="7" rx="2.500"
fill="#44506A"/>
"""

_BALLOON = """
<defs><linearGradient id="a" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#FF7B5A"/><stop offset="1"
stop-color="#C9302C"/></linearGradient>
<linearGradient id="b" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#FFE08A"/><stop offset="1"
stop-color="#F2A93B"/></linearGradient>
<linearGradient id="k" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#C98A4B"/><stop offset="1"
stop-color="#8A5527"/></linearGradient>
<radialGradient id="s" cx="0.35" cy="0.28" r="0.75"><stop stop-color="#fff" stop-opacity="0.45"/><stop offset="0.5"
stop-color="#fff" stop-opacity="0"/>
<stop offset="1" stop-color="#5A1030" stop-opacity="0.35"/></radialGradient></defs>
<path fill="none" stroke="#7A5230" stroke-width="1" d="M38 66 44 82M62 66 56 82M47 68v14M53 68v14"/>
<path fill="url(#a)" d="M50 3C29 3 15 18 15 36c0 15 14 24 23 32h24c9-8 23-17 23-32C85 18 71 3 50 3z"/>
<path fill="url(#b)" d="M50 3C38 3 27 18 27 36c0 15 8 24 14 32h6c-4-8-8-17-8-32C39 18 44 3 50 3zM50 3c12 0 23 15 23
33 0 15-8 24-14 32h-6c4-8 8-17
 8-32C61 18 56 3 50 3z"/>
<path fill="url(#s)" d="M50 3C29 3 15 18 15 36c0 15 14 24 23 32h24c9-8 23-17 23-32C85 18 71 3 50 3z"/>
<path fill="url(#k)" d="M42 82h16l-1.500 12c-.2 2-1.500 3-3 3h-7c-1.500 0-2.800-1-3-3z"/><rect x="41" y="81"
width="18" height="3" rx="1.500" fill="#6B3F1D"/>
"""

_PLATE = """
<defs><linearGradient id="p" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#FFFFFF"/><stop offset="1"
stop-color="#D9DEE6"/></linearGradient></defs>
<ellipse cx="50" cy="53" rx="48" ry="12" fill="#AEB6C2"/><ellipse cx="50" cy="51" rx="48" ry="12" fill="url(#p)"/>
<ellipse cx="50" cy="51.500" rx="34" ry="7.800" fill="#C9D0DA"/><ellipse cx="50" cy="52.200" rx="33" ry="7.200"
fill="#F4F6F9"/>
"""
_TEA_BOWL = """
<defs><linearGradient id="t" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#6E8F8A"/><stop offset="0.3"
stop-color="#A9C4B8"/>
<stop offset="0.65" stop-color="#7FA096"/><stop offset="1" stop-color="#3F5C58"/></linearGradient></defs>
<path fill="#5B4636" d="M36 80h28l-2 8H38z"/><path fill="url(#t)" d="M8 34c0 28 14 48 30 48h24c16 0 30-20 30-48z"/>
<ellipse cx="50" cy="34" rx="42" ry="9" fill="#C9DACF"/><ellipse cx="50" cy="35" rx="38" ry="7" fill="#3F524A"/>
<ellipse cx="50" cy="37" rx="33" ry="4.800" fill="#8FAF52"/>
<path fill="#EFE3C8" opacity="0.55" d="M10 46c10 8 22 2 30 8s22-4 30 2 14-2 20-6c-1 8-4 14-8 20-10-4-20 4-32 0s-20
4-30 0c-5-6-9-14-10-24z"/>
<path fill="#fff" opacity="0.35" d="M16 46c2 12 7 22 13 28-9-5-15-15-17-28z"/>
"""
_SAILBOAT = """
<defs><linearGradient id="a" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#FFFFFF"/><stop offset="1"
stop-color="#D9E2EE"/></linearGradient>
<linearGradient id="b" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#F2C14B"/><stop offset="1"
stop-color="#E2852F"/></linearGradient>
<linearGradient id="h" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#D9473B"/><stop offset="1"
stop-color="#8F2230"/></linearGradient></defs>
<rect x="46" y="4" width="3.400" height="70" rx="1.500" fill="#7A4E2B"/><path fill="#D9473B" d="M49 3l14 4-14 5z"/>
<path fill="url(#a)" d="M51.500 14c20 12 32 32 34 54-12 3-24 3-34 1z"/><path fill="url(#b)" d="M44 20C28 34 18 50 15
66c9 4 20 4 29 2z"/>
<path fill="url(#h)" d="M6 74h88c-3 12-10 20-20 22H26C16 94 9 86 6 74z"/><path fill="#FFF3DC" d="M6 74h88l-1.500
5h-85z"/>
"""

_GRADIENT = re.compile(r'"([vhr])\((#[0-9a-f]{3,6}(?:,#[0-9a-f]{3,6})+)\)"')
_WAYS = {
    "v": '<linearGradient id="{id}" x2="0" y2="1">{stops}</linearGradient>',
    "h": '<linearGradient id="{id}">{stops}</linearGradient>',
    "r": '<radialGradient id="{id}" cx="0.38" cy="0.28" r="0.85">{stops}</radialGradient>',
}


def filled(markup: str) -> str:
    """The markup with its short gradients written out."""
    made: dict[str, str] = {}

    def defined(match: re.Match[str]) -> str:
        colours = match[2].split(",")
        stops = "".join(
            f'<stop offset="{index / (len(colours) - 1):.2g}" stop-color="{colour}"/>'
            for index, colour in enumerate(colours)
        )
        name = f"g{len(made)}" if match[0] not in made else re.findall('id="([^"]+)"', made[match[0]])[0]
        made.setdefault(match[0], _WAYS[match[1]].format(id=name, stops=stops))
        return f'"url(#{name})"'

    body = _GRADIENT.sub(defined, markup)
    return f"<defs>{''.join(made.values())}</defs>{body}" if made else body


DRAWN = {
    "plate": ("dishware", _PLATE),
    "tea-bowl": ("dishware", _TEA_BOWL),
    "sail-boat": ("transport-water", _SAILBOAT),
    "hot-air-balloon": ("transport-air", _BALLOON),
    "red-panda": ("animal-mammal", _RED_PANDA),
    "bamboo-hat": ("clothing", _BAMBOO_HAT),
    "bamboo": ("plant-other", _BAMBOO),
    "bamboo-leaf": ("plant-other", _BAMBOO_LEAF),
    "coffee-mug": ("dishware", _COFFEE_MUG),
    "vase": ("household", _VASE),
    "lighthouse": ("place-building", _LIGHTHOUSE),
    **{name: (kind, filled(markup)) for name, (kind, markup) in (HOME | OUTDOORS | THINGS).items()},
}
