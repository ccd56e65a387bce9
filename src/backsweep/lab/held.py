"""Held: what was made at some cost, for as long as there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

__all__ = ["Held"]

Item = TypeVar("Item")


class Held(Generic[Item]):
    """Holds a few things by name; the one that was asked for longest ago goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[str, Item] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, name: str, item: Item) -> None:
        """Hold a thing."""
        with self._lock:
            self._items[name] = item
            self._items.move_to_end(name)
            while len(self._items) > self._most:
                self._items.popitem(last=False)

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
