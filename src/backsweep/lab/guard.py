"""The guard: who may speak to the server, how much at a time, and what pages may load.

Three things are asked of a request. Its Host must be this server's address, so that no
name that somebody points here can be used to read from it; its Origin, if it has one,
must be this server too, so that no other page can use it; and outside the static
pages it must carry the token from the opened address. Answers carry a policy under
which a page can load nothing from elsewhere.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from backsweep import __version__
from backsweep.lab.budget import LIMITS
from backsweep.lab.messages import Refused

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["OPEN_IT", "Guard", "refusal"]

HTTP_PORT: Final = 80
NAMES: Final = ("127.0.0.1", "localhost")
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Backsweep-Version": __version__,  # a page keeps to the version that it is of
    "Cache-Control": "no-cache",  # so that another version's pages come whole
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PROTECTED: Final = "/api/"
TABLES: Final = "/api/table"
OPEN_IT: Final = "open the address that `backsweep lab` printed, all of it."
Reason = tuple[int, str, str | None]  # status, sentence, hint
NOT_WITHIN: Final = 1008  # WebSocket: against the policy


def refusal(status: int, message: str, hint: str | None = None) -> JSONResponse:
    """Answer that something is not done, in a sentence."""
    return JSONResponse(
        Refused(message=message, hint=hint).model_dump(), status_code=status
    )


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands before the application; `port` None accepts any, for tests.

    Parameters
    ----------
    app
        What is guarded.
    token
        What `/api/` asks for, in the header `Authorization: Bearer TOKEN`. The
        WebSocket is let through: its first message must carry the token.
    port
        Where the server listens.
    patience_s
        How long a request may take to come, in seconds.
    """

    app: ASGIApp
    token: str
    port: int | None
    patience_s: float = 30.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        reason = self._why_not(scope, headers)
        if reason is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": NOT_WITHIN})
            return
        answer = _with_headers(send)
        if reason is not None:
            status, message, hint = reason
            await refusal(status, message, hint)(scope, receive, answer)
            return
        if scope["type"] == "http" and scope["path"].startswith(PROTECTED):
            body = await _body_of(receive, _most(scope), self.patience_s)
            if not isinstance(body, bytes):
                status, message, hint = body
                await refusal(status, message, hint)(scope, receive, answer)
                return
            receive = _given(body, receive)
        await self.app(scope, receive, answer)

    def _why_not(self, scope: Scope, headers: Headers) -> Reason | None:
        host = headers.get("host", "")
        if not self._is_own(host):
            message = f"the Host must be this server's address, got {host[:80]!r}."
            return HTTPStatus.MISDIRECTED_REQUEST, message, OPEN_IT
        origin = headers.get("origin")
        if (origin is not None or scope["type"] == "websocket") and not (
            (origin or "").startswith("http://")
            and self._is_own((origin or "").removeprefix("http://"))
        ):
            got = (origin or "")[:80]
            message = f"the Origin must be this server's own pages, got {got!r}."
            return HTTPStatus.FORBIDDEN, message, None
        if scope["type"] == "http" and scope["path"].startswith(PROTECTED):
            return self._why_not_asked(headers, _most(scope))
        return None

    def _why_not_asked(self, headers: Headers, most: int) -> Reason | None:
        given = headers.get("authorization", "").encode()
        if not secrets.compare_digest(given, f"Bearer {self.token}".encode()):
            message = (
                "the token must be the one from the opened address, got another or "
                "none."
            )
            return HTTPStatus.UNAUTHORIZED, message, OPEN_IT
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > most:
            return _too_large(most, f"{int(length):,}")
        return None

    def _is_own(self, place: str) -> bool:
        if self.port == HTTP_PORT and place in NAMES:
            return True  # browsers leave it out
        name, _, port = place.rpartition(":")
        return name in NAMES and (self.port is None or port == str(self.port))


def _most(scope: Scope) -> int:
    """Tell how many bytes a request may have: a table more than any other."""
    return LIMITS.table_bytes if scope["path"] == TABLES else LIMITS.body_bytes


async def _body_of(receive: Receive, most: int, patience_s: float) -> bytes | Reason:
    """Read a body to its end, or say why not: it may be longer than said, or stop."""
    parts: list[bytes] = []
    size, more = 0, True
    try:
        async with asyncio.timeout(patience_s):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return HTTPStatus.BAD_REQUEST, "a request must come whole.", None
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    return _too_large(most, "more")
                more = message.get("more_body", False)
    except TimeoutError:
        said = f"a request must have come whole within {patience_s:g} s, got a part."
        return HTTPStatus.REQUEST_TIMEOUT, said, None
    return b"".join(parts)


def _too_large(most: int, got: str) -> Reason:
    message = f"a request must have at most {most:,} bytes, got {got}."
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message, None


def _given(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read; then whatever else comes, such as that one left."""
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def give() -> Message:
        return messages.pop() if messages else await receive()

    return give


def _with_headers(send: Send) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return answer
