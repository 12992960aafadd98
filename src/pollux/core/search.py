"""The search behind the google_search tool: one protocol, whatever stands behind it, for every engine.

Core searches before the engine is asked and gives it what was found (`Prompt.sources`); the answer carries
groundingMetadata as the image generation guide describes it ("Grounding with Google Search"): an entry point, and at
most three sources.  Nothing is invented: without a search there are no sources, and the entry point says so.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pollux.engines.base import Prompt
from pollux.engines.wishes import Source

MOST_SOURCES = 3
LONGEST_QUERY = 300


class Search(Protocol):
    """Something that finds passages."""

    async def find(self, query: str, most: int) -> Sequence[Source]:
        """The passages that fit a query of at most LONGEST_QUERY characters best, best first.

        Raises Unavailable, naming [search] source, when it cannot be asked.
        """
        ...

    async def close(self) -> None:
        """Gives everything back."""
        ...


def searches(prompt: Prompt) -> bool:
    """Whether a prompt offers google_search, by its name of today or its older one."""
    return any(tool.google_search is not None or tool.google_search_retrieval is not None for tool in prompt.tools)


def query_of(prompt: Prompt) -> str:
    """What is looked for: the text of the caller's latest turn."""
    said = [turn for turn in prompt.turns if turn.role == "user"][-1:]
    words = " ".join(getattr(piece, "text", None) or "" for turn in said for piece in turn.pieces)
    return " ".join(words[: 4 * LONGEST_QUERY].split())[:LONGEST_QUERY]


def grounding(query: str, sources: Sequence[Source], *, configured: bool) -> Mapping[str, Any]:
    """groundingMetadata of an answer that could rest on `sources`."""
    shown = sources[:MOST_SOURCES]
    metadata: dict[str, Any] = {"searchEntryPoint": {"renderedContent": _entry_point(query, shown, configured)}}
    if configured:
        metadata["webSearchQueries"] = [query]
        metadata["groundingChunks"] = [{"web": {"uri": one.uri, "title": one.title}} for one in shown]
    return metadata


def _entry_point(query: str, sources: Sequence[Source], configured: bool) -> str:
    """HTML with its own CSS, as the documentation asks clients to show it."""
    if not configured:
        body = "<p>No search is configured on this server ([search] source): nothing was looked up.</p>"
    else:
        links = "".join(f"<li>{_link(one)}</li>" for one in sources) or "<li>nothing was found</li>"
        body = f"<p>Searched for: {html.escape(query)}</p><ul>{links}</ul>"
    style = "<style>.pollux-search{font:14px/1.5 system-ui,sans-serif}.pollux-search ul{margin:4px 0 0 18px}</style>"
    return f'{style}<div class="pollux-search">{body}</div>'


def _link(source: Source) -> str:
    title = html.escape(source.title or source.uri)
    if not source.uri.startswith(("http://", "https://")):
        return title
    return f'<a href="{html.escape(source.uri, quote=True)}" rel="noopener">{title}</a>'
