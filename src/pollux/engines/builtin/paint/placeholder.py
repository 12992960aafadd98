"""What stands for a thing that there is no drawing of: a quiet framed card with its name."""

from __future__ import annotations

from pollux.engines.builtin.paint.type import fit

WIDE, TALL = 130.0, 100.0
FONT = "inter-bold"
LONGEST = 60
"""Characters of the name; a longer one is cut."""


def placeholder(name: str) -> tuple[str, float, float]:
    """Markup, width and height of the card: a dashed frame, a small picture of a picture, and the name."""
    shown = name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
    block = fit(shown, FONT, WIDE - 24, 26, align="middle")
    letters = block.path(WIDE / 2, 64 + (26 - block.height) / 2)
    markup = (
        f'<rect x="1.5" y="1.5" width="{WIDE - 3}" height="{TALL - 3}" rx="13" fill="#f7f5f1"/>'
        f'<rect x="6" y="6" width="{WIDE - 12}" height="{TALL - 12}" rx="9" fill="none" stroke="#8d96a6" '
        f'stroke-width="1.5" stroke-dasharray="5 4"/>'
        '<path d="M44 54l14-19 9 11 7-8 13 16z" fill="#b9c3d1"/><circle cx="80" cy="28" r="5.500" fill="#e0b860"/>'
        f'<path d="{letters}" fill="#4a5363"/>'
    )
    return markup, WIDE, TALL
