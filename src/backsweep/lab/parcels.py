"""Parcels: files that long work made, each waiting to be fetched once by its ticket.

They lie in a folder of their own that nobody else can read, made when it is first
needed. What they may take on disk is bounded, those that are being made included;
what nobody fetched is dropped after a while, and all of it at the server's end.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from backsweep.errors import DataError, SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Parcel", "Parcels"]

ROOM_BYTES: Final = 2_000_000_000
KEPT_S: Final = 600.0
AT_ONCE: Final = 1_000_000  # bytes that are read and sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file that waits, or that is being fetched."""

    path: Path
    media_type: str
    size_bytes: int
    since: float


class Parcels:
    """Keeps files until they are fetched.

    Parameters
    ----------
    room_bytes
        What all may take together.
    kept_s
        For how long one waits, in seconds.
    now
        Reads a clock, in seconds.

    Attributes
    ----------
    folder
        Where they lie; None before the first one.
    """

    def __init__(
        self,
        *,
        room_bytes: int = ROOM_BYTES,
        kept_s: float = KEPT_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._room, self._kept, self._now = room_bytes, kept_s, now
        self._lock = threading.Lock()
        self.folder: Path | None = None
        self._waiting: dict[str, Parcel] = {}
        self._promised = 0

    @contextlib.contextmanager
    def making(self, expected_bytes: int) -> Iterator[Path]:
        """Give a folder to make something in; what is left there is thrown away.

        Raises
        ------
        SettingError
            If there is no room for so much.
        """
        self.tidy()
        with self._lock:
            if self.folder is None or not self.folder.is_dir():  # somebody tidied up
                self._waiting.clear()
                self.folder = Path(tempfile.mkdtemp(prefix="backsweep-lab-"))
            taken = self._promised + sum(one.size_bytes for one in self._there())
            if taken + expected_bytes > self._room:
                raise SettingError(
                    "what is made and waits to be fetched must take at most "
                    f"{_mb(self._room)}, got {_mb(expected_bytes)} beside the "
                    f"{_mb(taken)} that are taken.",
                    hint="wait ten minutes, or ask for fewer runs.",
                )
            folder = Path(tempfile.mkdtemp(dir=self.folder))
            self._promised += expected_bytes
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with self._lock:
                self._promised -= expected_bytes

    def put(self, file: Path, media_type: str) -> str:
        """Let a file wait, which is moved; give its ticket."""
        ticket = secrets.token_urlsafe(24)
        if self.folder is None:
            raise AssertionError("a parcel is made in a folder that `making` gave")
        path = file.rename(self.folder / ticket)
        parcel = Parcel(
            path=path,
            media_type=media_type,
            size_bytes=path.stat().st_size,
            since=self._now(),
        )
        with self._lock:
            self._waiting[ticket] = parcel
        return ticket

    def take(self, ticket: str) -> tuple[Parcel, Iterator[bytes]]:
        """Give what waits, some at a time. It does not wait any more.

        Raises
        ------
        DataError
            If nothing waits under this ticket.
        """
        self.tidy()
        with self._lock:
            parcel = self._waiting.pop(ticket, None)
        if parcel is None:
            raise DataError(
                "the ticket must be of something that waits to be fetched, got one "
                "that is unknown, used or too old.",
                hint="have it made again.",
            )
        try:
            file = parcel.path.open("rb")
        except OSError:
            raise DataError(
                "what waited to be fetched must still be there, and its file is gone.",
                hint="have it made again.",
            ) from None
        parcel.path.unlink(
            missing_ok=True
        )  # open, it can still be read; closed, it is gone
        return parcel, _read(file)

    def tidy(self) -> None:
        """Drop what has waited for too long."""
        with self._lock:
            for ticket, parcel in list(self._waiting.items()):
                if self._now() - parcel.since > self._kept:
                    del self._waiting[ticket]
                    parcel.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Throw all away, what is being made too."""
        with self._lock:
            self._waiting.clear()
            if self.folder is not None:
                shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def _there(self) -> list[Parcel]:
        return list(self._waiting.values())


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while some := file.read(AT_ONCE):
            yield some


def _mb(n_bytes: int) -> str:
    return f"{max(1, round(n_bytes / 1e6)):,} MB"
