"""PostgreSQL through pg8000, which is written in Python alone: how it is reached, and what its errors say."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import URL, Dialect, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError, IntegrityError, OperationalError

from pollux.errors import ConfigurationError

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
"""A server that says nothing for so long is gone."""
_TLS = ("disable", "prefer", "require", "verify-ca", "verify-full")
_FILES = ("sslrootcert", "sslcert", "sslkey")


def open_engine(url: URL, busy_seconds: float) -> Engine:
    """An engine for postgresql://USER:PASSWORD@HOST:PORT/NAME; nothing is connected yet.

    The query may hold `host` (a folder with the server's socket), and `sslmode`, `sslrootcert`, `sslcert`, `sslkey` as
    libpq reads them.  Waits at most `busy_seconds` for a lock or a free connection.  Raises ConfigurationError.
    """
    options = f"-c lock_timeout={round(busy_seconds * 1000)} -c idle_in_transaction_session_timeout=60000"
    arguments = {
        **_reached(url),
        "timeout": CONNECT_SECONDS,
        "application_name": "pollux",
        "startup_params": {"options": options},
    }
    plain = url.set(drivername="postgresql+pg8000", query={}, username=url.username or "postgres")
    try:
        engine = create_engine(
            plain,
            pool_timeout=busy_seconds,
            connect_args=arguments,
        )
    except ModuleNotFoundError:
        raise ConfigurationError(
            "[store] database: PostgreSQL needs its driver; pip install 'pollux[postgres]'"
        ) from None
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkout", _on_checkout)
    event.listen(engine, "handle_error", _on_error, retval=True)
    return engine


def state_of(error: object) -> str:
    """The SQLSTATE of a driver's error; "" when the server did not say it."""
    return str(_fields(error).get("C", ""))


def text_of(error: object) -> str:
    """The server's words, or the driver's and the system's, in one line."""
    said = _fields(error).get("M")
    cause = getattr(error, "__cause__", None)
    return " ".join(str(said or (f"{error} {cause}" if cause else error)).split())


def _fields(error: object) -> Mapping[str, Any]:
    """Code, message and more by letter: postgresql.org/docs/current/protocol-error-fields.html.

    What the server said when it refused a connection may stand behind the driver's own failure to say goodbye.
    """
    while isinstance(error, BaseException):
        if error.args and isinstance(error.args[0], dict):
            return error.args[0]
        error = error.__cause__ or error.__context__
    return {}


def _reached(url: URL) -> dict[str, Any]:
    query = dict(url.query)
    host, mode = query.pop("host", None), query.pop("sslmode", "prefer")
    files = {name: query.pop(name, None) for name in _FILES}
    if query:
        raise ConfigurationError(
            f"[store] database: {min(query)} is not understood in its URL; known are host, sslmode, {', '.join(_FILES)}"
        )
    if not isinstance(mode, str) or mode not in _TLS:
        raise ConfigurationError(f"[store] database: sslmode is one of {', '.join(_TLS)}")
    if host is not None:
        if not isinstance(host, str) or not host.startswith("/"):
            raise ConfigurationError(
                "[store] database: host in the query is the folder of a socket; others go before /"
            )
        return {"unix_sock": f"{host}/.s.PGSQL.{url.port or 5432}", "ssl_context": False}
    return {"ssl_context": {"disable": False, "prefer": None}.get(mode, _tls(mode, files))}


def _tls(mode: str, files: Mapping[str, Any]) -> ssl.SSLContext | None:
    """What must hold of the server's certificate: nothing (require), a known authority, and the host's name."""
    if mode in ("disable", "prefer"):
        return None
    try:
        context = ssl.create_default_context(cafile=files["sslrootcert"])
        if files["sslcert"]:
            context.load_cert_chain(files["sslcert"], files["sslkey"])
    except (OSError, TypeError) as error:
        raise ConfigurationError(f"[store] database: its certificates cannot be read: {error}") from None
    context.check_hostname = mode == "verify-full"
    if mode == "require" and not files["sslrootcert"]:  # libpq: with a root certificate it means verify-ca
        context.verify_mode = ssl.CERT_NONE
    return context


def _connect(dialect: Dialect, _: object, positional: Sequence[Any], named: Mapping[str, Any]) -> Any:
    try:
        connection: Any = dialect.connect(*positional, **named)
    except OSError as error:  # not all of the network's errors are made the driver's
        raise dialect.loaded_dbapi.InterfaceError("network error") from error
    connection._usock.settimeout(ANSWER_SECONDS)  # the driver has one limit for connecting and for answers
    return connection


def _on_checkout(connection: Any, _: object, __: object) -> None:
    """A connection that broke while it lay in the pool is replaced: a database that was restarted is not noticed."""
    try:
        connection.autocommit = True
        connection.cursor().execute("SELECT 1")
        connection.autocommit = False
    except Exception as error:
        raise DisconnectionError from error


def _on_error(context: ExceptionContext) -> BaseException | None:
    """The driver has one class for all that the server says, and lets errors of the network through as they are."""
    error = context.original_exception
    if isinstance(error, OSError):
        context.is_disconnect = True
        return OperationalError(context.statement, context.parameters, error, connection_invalidated=True)
    if isinstance(error, Exception) and state_of(error).startswith("23"):
        return IntegrityError(context.statement, context.parameters, error)
    return None
