"""The words in a file that say how it was made: XMP with IPTC's digital source type, and EXIF's Software.

IPTC Photo Metadata Standard 2023.2, "Digital Source Type"; EXIF 2.32, tag 305.
"""

from __future__ import annotations

import html
import io
import re

from pollux.media.provenance.manifest import SOURCES

_SOURCE = re.compile(rb"digitalsourcetype/([A-Za-z]{1,60})")
_MOST = 1 << 20
_SOFTWARE = 305


def packet(source: str, software: str) -> str:
    """An XMP packet that names the digital source type (a word of IPTC's vocabulary) and the software."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    iptc, xmp = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "http://ns.adobe.com/xap/1.0/"
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{rdf}"><rdf:Description rdf:about=""'
        f' xmlns:Iptc4xmpExt="{iptc}" xmlns:xmp="{xmp}"'
        f' Iptc4xmpExt:DigitalSourceType="{SOURCES}{source}" xmp:CreatorTool="{html.escape(software, quote=True)}"/>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def source_of(data: bytes) -> str:
    """The digital source type that a file's metadata names, "" where it names none."""
    found = _SOURCE.search(data[:_MOST]) or _SOURCE.search(data[-_MOST:])
    return found.group(1).decode("ascii") if found else ""


def exif(software: str) -> bytes:
    """An EXIF block with the software's name, as JPEG and PNG take it."""
    from PIL import Image  # noqa: PLC0415 - heavy

    block = Image.Exif()
    block[_SOFTWARE] = software
    return block.tobytes()


def software_of(data: bytes) -> str:
    """The software that a file's EXIF or PNG text names, "" where it names none or cannot be read."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - heavy

    try:
        with Image.open(io.BytesIO(data)) as image:
            return str(image.getexif().get(_SOFTWARE) or image.info.get("Software", ""))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return ""
