"""The door: one ASGI surface.  Lets a request in, hands it to its handler, and answers whatever comes of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from pollux.api import generate, routes
from pollux.api.call import Call, Gone, Target, deadline_of, read_body, unless_gone, wants_pretty
from pollux.api.guard import Guard, cors_headers
from pollux.api.reply import Array, Framing, Sse, send_error, send_json, send_stream, send_whole
from pollux.core.deadline import within
from pollux.core.generate import Core
from pollux.errors import ApiError, Cancelled, Internal, InvalidArgument
from pollux.wire.generate import GenerateContentResponse

log = logging.getLogger("pollux.api")
Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class DoorLimits:
    """Bytes of a body; seconds of a request."""

    body_bytes: int = 20 * 1024 * 1024
    seconds: float = 600.0


@dataclass
class _Visit:
    """One HTTP exchange: what came, how to answer, how it went."""

    scope: Scope
    receive: Receive
    send: Send
    headers: Headers
    query: QueryParams
    pretty: bool
    extra: list[Header]
    status: int = 0

    async def reply(self, message: object) -> None:
        """Sends one ASGI message, remembering the status."""
        assert isinstance(message, dict)
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.send(message)


class Door:
    """The application that an ASGI server runs.  `ready` tells whether requests are welcome (/readyz)."""

    def __init__(self, core: Core, guard: Guard, limits: DoorLimits, ready: Callable[[], bool] = lambda: True) -> None:
        self._core = core
        self._guard = guard
        self._limits = limits
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await _refuse_socket(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = QueryParams(scope["query_string"])
        headers = Headers(scope=scope)
        visit = _Visit(scope, receive, send, headers, query, wants_pretty(query), [])
        began = time.perf_counter()
        try:
            await self._serve(visit)
        except Gone:
            visit.status = visit.status or Cancelled.code
        except ApiError as error:
            if error.code == Internal.code:
                log.error("%s %s failed", scope["method"], ascii(scope["path"])[1:-1][:200], exc_info=error)
            await self._fail(visit, error)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"][:200])
            await self._fail(visit, Internal())
        if log.isEnabledFor(logging.INFO):
            took = (time.perf_counter() - began) * 1000
            log.info("%s %s %d %.1f ms", scope["method"], ascii(scope["path"])[1:-1][:200], visit.status, took)

    async def _fail(self, visit: _Visit, error: ApiError) -> None:
        if visit.status == 0:  # once the status line is out, only the connection can say that something broke
            await send_error(visit.reply, error, pretty=visit.pretty, extra=visit.extra)
        else:
            raise error

    async def _serve(self, visit: _Visit) -> None:
        scope, headers = visit.scope, visit.headers
        method: str = scope["method"]
        peer = scope["client"][0] if scope.get("client") else None
        if scope["path"] in ("/healthz", "/readyz"):
            return await self._health(visit)
        self._guard.check_host(headers, peer)
        visit.extra = cors_headers(self._guard.allowed_origin(headers), headers)
        if method == "OPTIONS":
            return await send_whole(visit.reply, 200, b"", "text/plain", visit.extra)
        caller = self._guard.caller(headers, visit.query, peer)
        target = Target.parse(scope["path"])
        answer = routes.find(target, method)
        if isinstance(answer, routes.Unbuilt):
            raise routes.refuse(answer.feature)
        if isinstance(answer, routes.ByFamily):
            self._core.registry.resolve(target.name).require(answer.method)
            raise routes.refuse(answer.method)
        if (visit.query.get("alt") or "json") not in ("json", "sse"):
            raise InvalidArgument("alt must be json or sse.", field="alt")
        deadline = deadline_of(headers, self._limits.seconds)
        body = await within(deadline, read_body(visit.receive, headers, self._limits.body_bytes))
        call = Call(target, visit.query, headers, body, caller, deadline)
        if isinstance(answer, routes.Stream):
            return await self._stream(visit, call)
        value = await unless_gone(visit.receive, answer(self._core, call))
        await send_json(visit.reply, value, pretty=visit.pretty, extra=visit.extra)
        return None

    async def _stream(self, visit: _Visit, call: Call) -> None:
        framing: Framing = Sse() if visit.query.get("alt") == "sse" else Array(pretty=visit.pretty)

        async def run() -> ApiError | None:
            responses = generate.stream(self._core, call)
            first: GenerateContentResponse = await anext(responses)
            return await send_stream(visit.reply, first, responses, framing=framing, extra=visit.extra)

        failure = await unless_gone(visit.receive, run())
        if failure is not None:
            text = "a stream of models/%s ended with %s: %s"
            log.warning(text, call.target.name, failure.status, failure.message, exc_info=failure.__cause__)

    async def _health(self, visit: _Visit) -> None:
        """Alive (/healthz) or ready for requests (/readyz); for load balancers, so without key and host checks."""
        good = visit.scope["path"] == "/healthz" or self._ready()
        body = {"status": "ok" if good else "stopping"}
        await send_json(visit.reply, body, pretty=False, extra=[], status=200 if good else 503)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


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
