"""Sample pictures for the demonstration and for tests; origins and licences in NOTICE.

    from pollux import samples

    samples.names()                  # ["astronaut", "bar-code", ...]
    samples.read("receipt")          # the bytes of the file
    samples.get("receipt").text      # what is written on it

`samples.toml` beside the pictures is the one list: `tools/make_samples.py` draws from it, this module reads it.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from pollux.errors import NotFound

__all__ = ["Sample", "get", "names", "read"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture that ships with Pollux, and what is true of it.

    `caption` says what a person sees.  `text` holds the words (of a code: the content) it was made to show, in reading
    order, one line of the picture or one paragraph of the page a line; two spaces part the columns of a table.  It is
    empty for photographs.  `licence` is an SPDX expression, or "public domain".
    """

    name: str
    file: str
    mime_type: str
    caption: str
    licence: str
    origin: str
    text: str = ""


@functools.cache
def _table() -> Mapping[str, Sample]:
    manifest = tomllib.loads(_bytes("samples.toml").decode())
    return MappingProxyType(
        {
            name: Sample(name=name, **{field: value.strip() for field, value in fields.items()})
            for name, fields in sorted(manifest.items())
        }
    )


def _bytes(file: str) -> bytes:
    return resources.files(__name__).joinpath(file).read_bytes()


def names() -> list[str]:
    """The names of all samples, sorted."""
    return list(_table())


def get(name: str) -> Sample:
    """The description of one sample; NotFound, naming the ones there are, for any other name."""
    try:
        return _table()[name]
    except KeyError:
        raise NotFound(f"There is no sample {name!r}; the samples are: {', '.join(names())}.") from None


def read(name: str) -> bytes:
    """The bytes of one sample's file, as encoded (see `Sample.mime_type`); NotFound for an unknown name."""
    return _bytes(get(name).file)
