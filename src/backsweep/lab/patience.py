"""Patience: how long the server waits for somebody who has connected to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

__all__ = ["Patient"]

PATIENCE_S: Final = 10.0


class Patient(H11Protocol):
    """A connection that is given up where no request comes whole within a while.

    Without it whoever connects and says nothing, or half of a request, would keep a
    socket for ever.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait."""
        super().connection_made(transport)
        self.loop.call_later(PATIENCE_S, self._look, None)

    def _look(self, before: RequestResponseCycle | None) -> None:
        """Hang up where nothing was asked since and nothing is being answered."""
        if self not in self.connections:  # closed, or a WebSocket by now
            return
        asked: RequestResponseCycle | None = self.cycle
        is_answered = asked is None or asked.response_complete
        if is_answered and asked is before:
            self.transport.close()
            return
        self.loop.call_later(PATIENCE_S, self._look, asked)
