"""One library in a process of its own, which stays alive and does what it is asked.

A request is a line of JSON on standard input, `{"ask": name, ...}`, and so is the
answer on standard output. What libraries print goes to standard error.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sides.question import ALLOWED, CHECKED_SWEEPS, Question, Side, asked, off

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# Which file answers for a library.
LIBRARIES: Final = {
    "backsweep": "engines",
    "jax": "jax_forms",
    "numpy": "by_hand",
    "sklearn": "scikit",
    "torch": "torch_forms",
}


class Shared:
    """The runs of a question shared over threads, each with a side of its own."""

    def __init__(self, question: Question, pool: Executor, sides: list[Side]) -> None:
        self.question, self.pool, self.sides = question, pool, sides

    def carry(self, sweeps: int) -> None:
        list(self.pool.map(lambda side: side.carry(sweeps), self.sides))

    def weights(self) -> NDArray[np.floating[Any]]:
        return np.concat([side.weights() for side in self.sides])


def shared(
    question: Question, parts: int, make: Callable[[Question], Side | None]
) -> Side | None:
    """Make as many sides as threads, or none where the form does not suit."""
    pool = ThreadPoolExecutor(parts)
    sides = [side for side in pool.map(make, question.split(parts)) if side is not None]
    return Shared(question, pool, sides) if len(sides) == parts else None


class Worker:
    """Keeps the sides that were made ready, by number."""

    def __init__(self, library: str) -> None:
        self.module = importlib.import_module(f"sides.{LIBRARIES[library]}")
        self.library = library
        self.sides: dict[int, Side] = {}
        self.threads: dict[int, int] = {}
        self.asks: dict[str, Callable[..., dict[str, Any]]] = {
            "ready": self.ready,
            "carry": self.carry,
            "keep": self.keep,
        } | getattr(self.module, "ASKS", {})

    def ready(
        self,
        *,
        task: str,
        precision: str,
        runs: int,
        form: str,
        parts: int,
        threads: int,
        key: int,
    ) -> dict[str, Any]:
        """Make a side, check what it does in ten sweeps, and tell what that took."""
        self._set_threads(threads)
        question = asked(task, precision, runs)
        make = self.module.FORMS[form]
        begun = time.perf_counter()
        side = make(question) if parts == 1 else shared(question, parts, make)
        if side is None:
            return {"unfit": "the form does not suit the size"}
        side.carry(CHECKED_SWEEPS)
        first = time.perf_counter() - begun
        far, allowed = off(side), ALLOWED[precision]
        if not far <= allowed:
            return {
                "wrong": f"{self.library}, {form}: the weights of {task} in "
                f"{precision} must be within {allowed:g} of the plain engine's after "
                f"{CHECKED_SWEEPS} sweeps, got {far:g}"
            }
        self.sides[key] = side
        self.threads[key] = threads
        return {"off": far, "first_s": first}

    def _set_threads(self, count: int) -> None:
        """Say over how many threads an operation is shared, where that can be said."""
        if self.library == "torch":
            self.module.set_threads(count)

    def carry(self, *, key: int, sweeps: int) -> dict[str, Any]:
        self._set_threads(self.threads[key])
        begun = time.perf_counter()
        self.sides[key].carry(sweeps)
        return {"s": time.perf_counter() - begun}

    def keep(self, *, keys: list[int]) -> dict[str, Any]:
        """Let all others go."""
        self.sides = {key: self.sides[key] for key in keys}
        return {}


def _cores() -> set[int]:
    """Give the cores that this process may use; not every system tells."""
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=sorted(LIBRARIES))
    parser.add_argument("--cores", type=int, default=1)
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(_cores())[-given.cores :])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker(given.library)
    for line in sys.stdin:
        request = json.loads(line)
        answer = worker.asks[request.pop("ask")](**request)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
