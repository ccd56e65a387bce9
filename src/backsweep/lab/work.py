"""Long work over one WebSocket: begun, told about, cancelled.

A piece of work is an iterator of reports. Each report is fetched in a worker thread
and the pieces wait in line for the workers, so that they take turns: a long one lets
twenty others by. To cancel is not to ask for the next report; work that has something
to keep has a method `stop`, and ends by itself once that is called. A message that
cannot be read is answered with a sentence, and the line stays open.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeAlias

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json
from starlette.websockets import WebSocketDisconnect

from backsweep.errors import BacksweepError
from backsweep.lab.budget import ALL_JOBS, LIMITS
from backsweep.lab.curve import count_more
from backsweep.lab.data import Learning
from backsweep.lab.ensembles import draw
from backsweep.lab.families import learn_starts
from backsweep.lab.guard import OPEN_IT
from backsweep.lab.messages import (
    About,
    Begin,
    Cancel,
    Done,
    DrawMap,
    FamilyStarts,
    FromPage,
    Hello,
    LearnTable,
    Message,
    MoreStarts,
    Progress,
    Refused,
    SymmetryStarts,
    Welcome,
)
from backsweep.lab.symmetry import time_starts
from backsweep.lab.wording import failed, in_a_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fastapi import WebSocket

__all__ = ["WORKS", "Desk"]

# What each kind of long work does: a page that needs another adds it here.
WORKS: Final[dict[type[Message], Callable[..., Iterator[Progress]]]] = {
    MoreStarts: count_more,
    DrawMap: draw,
    FamilyStarts: learn_starts,
    LearnTable: Learning,
    SymmetryStarts: time_starts,
}

Reader: Final[TypeAdapter[FromPage]] = TypeAdapter(FromPage)
Said: TypeAlias = Hello | Begin | Cancel
PATIENCE_S: Final = 10.0  # for the first message
NOT_WITHIN: Final = 1008
LONGEST_NAME: Final = 64
LOG: Final = logging.getLogger(__name__)


class _LeftError(Exception):
    """Raised where nobody listens any more."""


class Desk:
    """Takes long work from all pages, and shares the workers among them."""

    def __init__(
        self,
        about: About,
        token: str,
        works: Mapping[type[Message], Callable[..., Iterator[Progress]]],
        *,
        workers: int = 2,
    ) -> None:
        self._about, self._token, self._workers = about, token, workers
        self._works = works
        self._open = 0

    def open(self) -> None:
        """Call the workers in."""
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="work")

    def close(self) -> None:
        """Let the workers end what they do, and take nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def attend(self, socket: WebSocket) -> None:
        """Speak with one page until it leaves."""
        await socket.accept()
        line = _Line(socket)
        with contextlib.suppress(WebSocketDisconnect, _LeftError, TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                first = await line.hear()
            known = isinstance(first, Hello) and secrets.compare_digest(
                first.token.encode(), self._token.encode()
            )
            if not known:
                await line.say(
                    Refused(
                        message="the first message must be a hello with the token from "
                        "the opened address, got another.",
                        hint=OPEN_IT,
                    )
                )
                await socket.close(NOT_WITHIN)
                return
            await line.say(Welcome(about=self._about))
            await self._serve(line)

    async def _serve(self, line: _Line) -> None:
        tasks: dict[str, asyncio.Task[None]] = {}
        stops: dict[str, Callable[[], None] | None] = {}
        try:
            while True:
                said = await line.hear()
                for name in [name for name, task in tasks.items() if task.done()]:
                    del tasks[name], stops[name]
                if isinstance(said, Cancel) and said.id in tasks:
                    if (stop := stops.get(said.id)) is not None:
                        stop()
                    else:
                        tasks[said.id].cancel()
                elif isinstance(said, Begin):
                    refused = self._why_not(said, tasks)
                    if refused is not None:
                        await line.say(refused)
                        continue
                    self._open += 1
                    reports = self._works[type(said.work)](said.work, said.id)
                    stops[said.id] = getattr(reports, "stop", None)
                    tasks[said.id] = asyncio.create_task(
                        self._carry_out(line, said, reports)
                    )
        finally:
            for stop in filter(None, stops.values()):
                stop()
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)

    def _why_not(
        self, said: Begin, tasks: Mapping[str, asyncio.Task[None]]
    ) -> Refused | None:
        if said.id in tasks:
            message = f"`id` must be new, got {said.id!r}, which is under way."
        elif len(tasks) >= LIMITS.jobs:
            message = (
                f"a page must have at most {LIMITS.jobs} pieces of work open, got one "
                "more."
            )
        elif self._open >= ALL_JOBS:
            message = (
                f"all pages together must have at most {ALL_JOBS} pieces of work "
                "open, got one more."
            )
        else:
            return None
        return Refused(id=said.id, message=message, hint="wait for one, or cancel it.")

    async def _carry_out(
        self, line: _Line, said: Begin, reports: Iterator[Progress]
    ) -> None:
        loop = asyncio.get_running_loop()
        last: Progress | None = None
        try:
            while True:
                report = await loop.run_in_executor(self._pool, next, reports, None)
                if report is None:
                    break
                last = report
                await line.say(report)
            result = last.so_far if last is not None and last.done else None
            await line.say(Done(id=said.id, result=result))
        except _LeftError:
            return
        except asyncio.CancelledError:
            with contextlib.suppress(_LeftError):
                await line.say(Done(id=said.id, result=None))
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the page must hear
            with contextlib.suppress(_LeftError):
                await line.say(_why_failed(said.id, error))
        finally:
            self._open -= 1


class _Line:
    """A WebSocket that hears and says messages."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def hear(self) -> Said:
        """Wait for the next message that can be read."""
        while True:
            packet = await self._socket.receive()
            if packet["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(packet.get("code", 1000))
            raw = packet.get("text")
            if raw is None:
                await self.say(Refused(message="a message must be text, got bytes."))
                continue
            try:
                return Reader.validate_json(raw)
            except ValidationError as error:
                said = in_a_sentence(error.errors())
                await self.say(Refused(id=_named_in(raw), message=said))

    async def say(self, message: Message) -> None:
        """Send a message."""
        text = message.model_dump_json()
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            raise _LeftError from error


def _why_failed(name: str, error: Exception) -> Refused:
    """Say why work did not come to its end; what nobody foresaw is logged whole."""
    if isinstance(error, BacksweepError):
        return Refused(id=name, message=error.message, hint=error.hint)
    LOG.error("work %r failed", name, exc_info=error)
    return failed(error, name)


def _named_in(raw: str) -> str | None:
    """Find the work that a message is about which cannot be read otherwise."""
    try:
        said = from_json(raw)
    except ValueError:
        return None
    name = said.get("id") if isinstance(said, dict) else None
    return name if isinstance(name, str) and len(name) <= LONGEST_NAME else None
