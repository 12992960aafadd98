"""google-generativeai, the client before google-genai: out of support, still in much code.  Over REST."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Here:
    """A server, and its models as this client makes them."""

    url: str
    key: str
    samples: Path

    def __post_init__(self) -> None:
        warnings.filterwarnings("ignore", category=FutureWarning)  # its own, that its support has ended
        genai().configure(api_key=self.key, transport="rest", client_options={"api_endpoint": self.url})

    def model(self, name: str, **more: Any) -> Any:
        """A GenerativeModel."""
        return genai().GenerativeModel(name, **more)


def genai() -> Any:
    """The client's package."""
    return importlib.import_module("google.generativeai")
