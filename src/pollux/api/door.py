"""The door: one ASGI surface.  Lets a request in, hands it to its handler, and answers whatever comes of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from pollux.api import files, generate, routes, uploads
from pollux.api.call import Call, Gone, Rooms, Target, deadline_of, read_body, unless_gone
from pollux.api.guard import Guard, cors_headers, key_of
from pollux.api.reply import Array, Framing, Sse, bill_headers, send_error, send_json, send_stream, send_whole
from pollux.api.visit import Visit
from pollux.core.admit import Caller
from pollux.core.deadline import within
from pollux.errors import ApiError, Cancelled, Internal, InvalidArgument
from pollux.wire import hops
from pollux.wire.generate import GenerateContentResponse

log = logging.getLogger("pollux.api")
Kept = Callable[[], AbstractAsyncContextManager[None]]
"""What goes on while the server runs."""


@dataclass(frozen=True)
class DoorLimits:
    """Bytes of a body; seconds of a request."""

    body_bytes: int = 20 * 1024 * 1024
    seconds: float = 600.0


@dataclass(frozen=True)
class _Asker:
    """Who is asking in a visit, found out when it matters."""

    guard: Guard
    visit: Visit

    def caller(self) -> Caller:
        """Raises MissingApiKey, InvalidApiKey."""
        return self.guard.caller(self.visit.headers, self.visit.query, self.visit.peer)

    def given(self) -> bool:
        """Whether a key came along."""
        return bool(key_of(self.visit.headers, self.visit.query))


class Door:
    """The application that an ASGI server runs.

    `ready` tells whether requests are welcome (/readyz); `kept` goes on from the server's start to its end.
    """

    def __init__(
        self,
        rooms: Rooms,
        guard: Guard,
        limits: DoorLimits,
        ready: Callable[[], bool] = lambda: True,
        kept: Kept = nullcontext,
    ) -> None:
        self._rooms = rooms
        self._guard = guard
        self._limits = limits
        self._ready = ready
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send, self._kept)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await _refuse_socket(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = Visit.of(scope, receive, send)
        began = time.perf_counter()
        try:
            await self._serve(visit)
        except Gone:
            visit.status = visit.status or Cancelled.code
        except ApiError as error:
            if error.code == Internal.code:
                log.error("%s failed", _shown(scope), exc_info=error)
            await self._fail(visit, error)
        except Exception:
            log.exception("%s failed", _shown(scope))
            await self._fail(visit, Internal())
        if log.isEnabledFor(logging.INFO):
            took = (time.perf_counter() - began) * 1000
            log.info("%s %d %.1f ms", _shown(scope), visit.status, took)

    async def _fail(self, visit: Visit, error: ApiError) -> None:
        if visit.status == 0:  # once the status line is out, only the connection can say that something broke
            await send_error(visit.reply, error, pretty=visit.pretty, extra=visit.extra)
        else:
            raise error

    async def _serve(self, visit: Visit) -> None:
        if visit.path in ("/healthz", "/readyz"):
            return await self._health(visit)
        self._guard.check_host(visit.headers, visit.peer)
        hops.arrived(visit.headers.get(hops.HEADER, ""))
        visit.extra = cors_headers(self._guard.allowed_origin(visit.headers), visit.headers)
        if visit.method == "OPTIONS":
            return await send_whole(visit.reply, 200, b"", "text/plain", visit.extra)
        asker, target = _Asker(self._guard, visit), Target.parse(visit.path)
        base = self._guard.base_url(visit.headers, visit.peer, visit.scope.get("scheme", "http"), target.prefix)
        if target.collection == "upload/files" and isinstance(routes.find(target, visit.method), routes.Upload):
            return await uploads.serve(self._rooms, visit, asker, base)
        return await self._authenticated(visit, target, asker.caller(), base)

    async def _authenticated(self, visit: Visit, target: Target, caller: Caller, base: str) -> None:
        answer = routes.find(target, visit.method)
        alt = visit.query.get("alt") or "json"
        if isinstance(answer, routes.Unbuilt):
            raise routes.refuse(answer.feature)
        if isinstance(answer, routes.Download) or (answer is files.get_file and alt.startswith("media")):
            return await files.download(self._rooms.files, caller.project, target.name, visit)
        assert not isinstance(answer, routes.Upload)
        if alt not in ("json", "sse"):
            raise InvalidArgument("alt must be json or sse.", field="alt")
        deadline = deadline_of(visit.headers, self._limits.seconds)
        body = await within(deadline, read_body(visit.receive, visit.headers, self._limits.body_bytes))
        call = Call(target, visit.query, visit.headers, body, caller, deadline, base)
        if isinstance(answer, routes.Stream):
            return await self._stream(visit, call)
        value = await unless_gone(visit.receive, answer(self._rooms, call))
        extra = [*visit.extra, *bill_headers(call.bill)]
        return await send_json(visit.reply, value, pretty=visit.pretty, extra=extra)

    async def _stream(self, visit: Visit, call: Call) -> None:
        framing: Framing = Sse() if visit.query.get("alt") == "sse" else Array(pretty=visit.pretty)

        async def run() -> ApiError | None:
            responses = generate.stream(self._rooms, call)
            first: GenerateContentResponse = await anext(responses)
            extra = [*visit.extra, *bill_headers(call.bill, begun=True)]
            return await send_stream(visit.reply, first, responses, framing=framing, extra=extra)

        failure = await unless_gone(visit.receive, run())
        if failure is not None:
            text = "a stream of models/%s ended with %s: %s"
            log.warning(text, call.target.name, failure.status, failure.message, exc_info=failure.__cause__)

    async def _health(self, visit: Visit) -> None:
        """Alive (/healthz) or ready for requests (/readyz); for load balancers, so without key and host checks."""
        good = visit.path == "/healthz" or self._ready()
        body = {"status": "ok" if good else "stopping"}
        await send_json(visit.reply, body, pretty=False, extra=[], status=200 if good else 503)


def _shown(scope: Scope) -> str:
    """Method and path in one line of ASCII.  The query, which may hold a key, is not part of it."""
    return ascii(f"{scope['method']} {scope['path']}")[1:-1][:200]


async def _lifespan(receive: Receive, send: Send, kept: Kept) -> None:
    await receive()
    try:
        async with kept():
            await send({"type": "lifespan.startup.complete"})
            await receive()
    except Exception as error:
        log.exception("the server cannot start, or not stop cleanly")
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    await send({"type": "lifespan.shutdown.complete"})


async def _refuse_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """The Live API comes later; an HTTP answer instead of the handshake says so."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1011, "reason": "The Live API is not built yet"})
        return

    async def reply(message: object) -> None:
        assert isinstance(message, dict)
        await send({**message, "type": "websocket." + message["type"]})

    await send_error(reply, routes.refuse("The Live API"), pretty=True, extra=[])
