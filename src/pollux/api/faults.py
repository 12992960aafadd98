"""Faults on purpose, for testing clients: in front of the door of a server started with --faults, and of no other.

A request asks for one in the header `x-pollux-fault`; [faults] rates draws them.  Every answer that was meddled with
carries the same header, so that nobody takes an injected fault for a real one.

    429, 503      that error, before the request is looked at
    slow:SECONDS  the answer begins so much later
    cut           the connection ends in the middle of the answer; of a stream, in its second chunk if it has one
    malformed     the same place, but the JSON breaks off and HTTP ends as if all were well
    hang          nothing comes any more: of a stream after the first chunk, else from the start
    drop          the connection ends without an answer
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pollux.api.reply import send_error
from pollux.errors import ApiError, ConfigurationError, InvalidArgument, ResourceExhausted, Unavailable, error_info

HEADER = "x-pollux-fault"
TRANSPORT = "pollux.transport"
"""Under this name a request's `extensions` hold its connection's transport: ASGI itself cannot end a connection."""
LONGEST_SLOW = 3600.0
_KNOWN = "429, 503, slow:SECONDS, cut, malformed, hang or drop"
_FAULT = re.compile(r"(429|503|cut|malformed|hang|drop)|slow:(\d{1,4}(?:\.\d{1,3})?)")
_MODEL_CALL = re.compile(r"/models/[^/]+:\w+$")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, as it is written; `seconds` of a slow one."""

    text: str
    seconds: float = 0.0

    @classmethod
    def parse(cls, text: str) -> Fault | None:
        """None for what is no fault."""
        found = _FAULT.fullmatch(text.strip())
        if found is None or float(found[2] or 0) > LONGEST_SLOW:
            return None
        return cls(text.strip(), float(found[2] or 0))


class Faults:
    """`app`, which fails as it is asked to.

    `rates` are "FAULT=PART" ("429=0.1"), drawn for requests to models with `seed`; a hanging connection is closed
    after `seconds`.  Raises ConfigurationError.
    """

    def __init__(self, app: ASGIApp, rates: Sequence[str] = (), seed: int | None = None, seconds: float = 600) -> None:
        self._app, self._seconds = app, seconds
        self._draw = random.Random(seed)  # noqa: S311 - no secret
        self._rates = tuple(_rate(text) for text in rates)
        if sum(part for _, part in self._rates) > 1:
            raise ConfigurationError("[faults] rates are parts of all requests: together at most 1.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"] in ("/healthz", "/readyz"):
            return await self._app(scope, receive, send)
        try:
            fault = self._chosen(scope)
        except InvalidArgument as error:
            return await send_error(send, error, pretty=True, extra=[])
        if fault is None:
            return await self._app(scope, receive, send)
        if fault.text in ("429", "503"):
            extra = [(HEADER.encode(), fault.text.encode())]
            return await send_error(send, _error(fault), pretty=True, extra=extra)
        return await self._meddle(fault, scope, receive, send)

    async def _meddle(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.seconds:
            await asyncio.sleep(fault.seconds)
        bent = Bent(send, fault, scope["extensions"][TRANSPORT])
        if fault.text == "drop":
            bent.end()
        elif fault.text != "hang" or _streams(scope):
            await self._app(scope, receive, bent.send)
        if bent.over or fault.text == "hang":
            await self._until_gone(receive, bent)

    def _chosen(self, scope: Scope) -> Fault | None:
        asked = next((value for name, value in scope["headers"] if name.lower() == HEADER.encode()), None)
        if asked is not None:
            text = asked.decode("latin-1")
            fault = Fault.parse(text)
            if fault is None:
                raise InvalidArgument(f"{HEADER} must be {_KNOWN}, not {text[:40]!r}.")
            return fault
        if not self._rates or not _MODEL_CALL.search(scope["path"]):
            return None
        drawn = self._draw.random()
        for fault, part in self._rates:
            drawn -= part
            if drawn < 0:
                return fault
        return None

    async def _until_gone(self, receive: Receive, bent: Bent) -> None:
        """Until the connection is closed: an answer that just ended would be completed by the server."""
        try:
            async with asyncio.timeout(self._seconds):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            bent.end()


class Bent:
    """Passes an answer on until the fault strikes; `over` from then on."""

    def __init__(self, send: Send, fault: Fault, transport: Any) -> None:
        self._send, self._fault, self._transport = send, fault, transport
        self._held: bytes | None = None
        self.over = False

    def end(self) -> None:
        """Closes the connection behind what was sent."""
        self.over = True
        self._transport.close()

    async def send(self, message: Message) -> None:
        """Takes the place of ASGI's send."""
        if self.over:
            return
        if message["type"] == "http.response.start":
            await self._send({**message, "headers": self._headers(message["headers"])})
        elif self._fault.seconds:
            await self._send(message)
        else:
            await self._body(message.get("body", b""), more=message.get("more_body", False))

    def _headers(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        kept = [row for row in headers if row[0] != b"content-length" or self._fault.text != "malformed"]
        return [*kept, (HEADER.encode(), self._fault.text.encode())]

    async def _body(self, body: bytes, *, more: bool) -> None:
        """The first chunk of a stream waits for the second: the fault strikes there, or in the only one there is."""
        if more and self._held is None:
            self._held = body
            return
        if self._held is not None and body:
            await self._pass(self._held)
            await self._strike(body)
        else:
            await self._strike(body if self._held is None else self._held)

    async def _strike(self, body: bytes) -> None:
        half = body[: len(body) // 2]
        if self._fault.text == "malformed":
            end = b"\r\n\r\n" if body.startswith(b"data: ") else b""
            await self._send({"type": "http.response.body", "body": half + end, "more_body": False})
            self._send = _nowhere  # HTTP ended well: nobody has to be waited for
        elif self._fault.text == "cut":
            await self._pass(half)
            self.end()
        else:
            self.over = True

    async def _pass(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})


async def _nowhere(message: Message) -> None:
    del message


def _rate(text: str) -> tuple[Fault, float]:
    name, _, part = text.rpartition("=")
    fault = Fault.parse(name)
    try:
        share = float(part)
    except ValueError:
        share = -1.0
    if fault is None or not 0 <= share <= 1:
        raise ConfigurationError(f"[faults] rates: {text!r} must be FAULT=PART, the fault {_KNOWN}, the part 0 to 1.")
    return fault, share


def _streams(scope: Scope) -> bool:
    return str(scope["path"]).endswith(":streamGenerateContent")


def _error(fault: Fault) -> ApiError:
    details = [error_info("INJECTED_FAULT", fault=fault.text)]
    message = f"Injected by {HEADER}: {fault.text} (this server was started with --faults)."
    return ResourceExhausted(message, details=details) if fault.text == "429" else Unavailable(message, details=details)
