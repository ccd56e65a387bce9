"""Held: what was made at some cost, for as long as there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Held", "bytes_in"]

Item = TypeVar("Item")
ROOM_BYTES: Final = 600_000_000  # of what was learned, or was opened


def bytes_in(thing: object) -> int:
    """Tell how many bytes the arrays of a dataclass have, and of those in it.

    Examples
    --------
    >>> from backsweep import task
    >>> bytes_in(task("xor"))  # four cases of two inputs and one desired output
    96
    """
    seen: dict[int, int] = {}

    def look(one: object) -> None:
        if isinstance(one, np.ndarray):
            seen[id(one)] = one.nbytes
        elif is_dataclass(one) and not isinstance(one, type):
            for field in fields(one):
                look(getattr(one, field.name))

    look(thing)
    return sum(seen.values())


class Held(Generic[Item]):
    """Holds a few things by name; the one that was asked for longest ago goes first.

    Parameters
    ----------
    most
        How many things at most.
    room_bytes
        How much they may take together; the newest is held whatever it takes.
    size
        Tells how many bytes a thing takes.
    """

    def __init__(
        self,
        most: int,
        *,
        room_bytes: int = ROOM_BYTES,
        size: Callable[[Item], int] = bytes_in,
    ) -> None:
        self._most, self._room, self._size = most, room_bytes, size
        self._items: OrderedDict[str, Item] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._lock = threading.Lock()

    def put(self, name: str, item: Item) -> None:
        """Hold a thing."""
        with self._lock:
            self._items[name] = item
            self._sizes[name] = self._size(item)
            self._items.move_to_end(name)
            while len(self._items) > 1 and self._is_full():
                first, _ = self._items.popitem(last=False)
                del self._sizes[first]

    def _is_full(self) -> bool:
        return len(self._items) > self._most or sum(self._sizes.values()) > self._room

    def all(self) -> list[Item]:
        """Give all things that are held."""
        with self._lock:
            return list(self._items.values())

    def get(self, name: str) -> Item | None:
        """Give a thing that is held."""
        with self._lock:
            if name in self._items:
                self._items.move_to_end(name)
            return self._items.get(name)
