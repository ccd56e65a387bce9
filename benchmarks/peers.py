"""How fast Backsweep learns beside JAX, PyTorch, scikit-learn and NumPy.

The same networks, cases, starts, precision and procedure on every side: half the
squared error, the letter's momentum, logistic units, all cases in a sweep. Each
library answers in a process of its own, which stays alive and is asked in turn; after
ten sweeps its weights must agree with those of the plain engine, or nothing is timed.
Of each library the best is taken: of several ways to write it, several numbers of
networks, and threads within its operations or around them. Ratios are medians over
repetitions of the ratio of two rates measured one after the other.

GCUPS are 1e9 connections (weights and biases) times cases times sweeps of single
networks a second; `share` is of the ceiling that six operations a connection and case
leave of the measured peak of multiply-adds. `first_s` is the time until ten sweeps
are done for the first time, compiling included; no other time has compiling in it.

Run it with `python benchmarks/peers.py > results.json`; the tables go to standard
error, and `--tables results.json` prints them again.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sides.library import FailedError, Library
from sides.machine import machine
from sides.question import TASKS, asked
from sides.tables import tables
from sides.whole import WHOLES

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS: Final = ("ensembles", "single")
PRECISIONS: Final = ("f32", "f64")
SIZES: Final = (64, 512, 4096)  # networks in an ensemble, of which each side's best
MOST: Final = 2e7  # outputs of units that an ensemble may hold at once
FAR_BEHIND: Final = 2.0  # a way so much slower than another is not tried further
PAST_BEST: Final = 0.9  # nor one that more networks made slower by this
STEPS: Final = {"ensembles": 2, "single": 10}  # sweeps are measured in multiples of


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A side as the tables name it: ways to write it, of which the best is taken."""

    name: str
    library: str
    forms: tuple[str, ...]
    kinds: tuple[str, ...] = KINDS
    precisions: tuple[str, ...] = PRECISIONS
    sizes: tuple[int, ...] = SIZES
    slow: bool = False  # to make ready: so it is done less often


ENTRIES: Final = (
    Entry(name="Backsweep", library="backsweep", forms=("compiled",)),
    Entry(
        name="its plain engine",
        library="backsweep",
        forms=("plain",),
        precisions=("f64",),
        sizes=(64, 512),
    ),
    Entry(name="JAX", library="jax", forms=("dot",)),
    Entry(
        name="JAX, rewritten",
        library="jax",
        forms=("sums", "unrolled", "scalars"),
    ),
    Entry(name="PyTorch autograd", library="torch", forms=("autograd",)),
    Entry(name="PyTorch by hand", library="torch", forms=("by hand",)),
    Entry(
        name="torch.compile",
        library="torch",
        forms=("compiled",),
        precisions=("f32",),
        sizes=(512,),
        slow=True,
    ),
    Entry(name="NumPy", library="numpy", forms=("by hand",)),
    Entry(
        name="scikit-learn",
        library="sklearn",
        forms=("MLPRegressor",),
        kinds=("single",),
    ),
)
OURS: Final = ENTRIES[0].name


class Libraries:
    """All processes, each started when it is first asked."""

    def __init__(self, cache: str) -> None:
        self.cache = cache
        self.started: dict[tuple[str, int, str], Library] = {}

    def get(self, entry: Entry, cores: int, precision: str) -> Library:
        # JAX holds to one precision; a way that may fail takes no other with it.
        key = (entry.name if entry.slow else entry.library, cores, precision)
        library = self.started.get(key)
        if library is None or library.process.poll() is not None:
            library = Library(entry.library, cores, self.cache)
            self.started[key] = library
        return library

    def end(self) -> None:
        for library in self.started.values():
            library.end()
        self.started.clear()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What is compared: a task, in a precision, on so many cores."""

    kind: str
    task: str
    precision: str
    cores: int


@dataclass(kw_only=True)
class Way:
    """A way in which a side may do a cell, and how it did."""

    library: Library
    cell: Cell
    form: str
    runs: int
    parts: int  # of the runs, each with a thread of its own
    threads: int  # within an operation of the library
    key: int
    first_s: float = 0.0
    off: float = 0.0
    rate: float = 0.0  # sweeps of single networks a second
    sweeps: int = 0  # in a repetition
    rates: list[float] = field(default_factory=list)

    def measure(self, seconds: float) -> None:
        """Find the rate, and how many sweeps take so many seconds."""
        step = STEPS[self.cell.kind]
        sweeps, taken = step, min(self.carry(step) for _ in range(3))
        while taken < seconds / 4:
            more = min(16, max(2, 0.5 * seconds / max(taken, 1e-6)))
            sweeps = step * int(sweeps * more / step)
            taken = self.carry(sweeps)
        taken = min(taken, self.carry(sweeps))
        self.rate = self.runs * sweeps / taken
        self.sweeps = step * max(1, int(sweeps * seconds / taken / step))

    def carry(self, sweeps: int) -> float:
        seconds: float = self.library.ask("carry", key=self.key, sweeps=sweeps)["s"]
        return seconds


KEYS: Final = itertools.count()


# Which libraries can share one operation over threads.
THREADED: Final = ("jax", "torch")


def shares(entry: Entry, cell: Cell) -> set[tuple[int, int]]:
    """Give the (parts, threads) in which the cores may be shared out."""
    if entry.slow:
        return {(1, 1)}
    if cell.kind == "single":
        return {(1, 1), (1, cell.cores)} if entry.library == "torch" else {(1, 1)}
    around = (cell.cores, 1)
    return {around, (1, cell.cores)} if entry.library in THREADED else {around}


def ready(
    library: Library, cell: Cell, form: str, runs: int, share: tuple[int, int]
) -> Way | None:
    """Make a way ready and check it; None where it does not suit the size."""
    parts, threads = share
    named = {"form": form, "runs": runs, "parts": parts, "threads": threads}
    key = next(KEYS)
    answer = library.ask(
        "ready", task=cell.task, precision=cell.precision, key=key, **named
    )
    if "wrong" in answer:
        sys.exit(f"refused: {answer['wrong']}.")
    if "unfit" in answer:
        return None
    return Way(library=library, cell=cell, key=key, **named, **answer)


@dataclass
class Tried:
    """What is known of forms: cells of one kind and task resemble one another.

    `top` is the best rate of a library; `slow` are forms far behind it, or unfit.
    """

    top: dict[tuple[str, Cell, int], float] = field(default_factory=dict)
    slow: set[tuple[str, str, str, str]] = field(default_factory=set)

    def is_behind(self, entry: Entry, way: Way) -> bool:
        """Tell whether a way is far behind the library's best of the same size."""
        place = (entry.library, way.cell, way.runs)
        self.top[place] = max(self.top.get(place, 0.0), way.rate)
        return FAR_BEHIND * way.rate < self.top[place]

    def note(self, entry: Entry, cell: Cell, tried: list[Way]) -> None:
        """Keep in mind which forms were far behind at their best."""
        top = max(
            rate
            for (library, of, _), rate in self.top.items()
            if (library, of) == (entry.library, cell)
        )
        for form in {way.form for way in tried}:
            rate = max(way.rate for way in tried if way.form == form)
            if FAR_BEHIND * rate < top:
                self.slow.add((entry.library, cell.kind, cell.task, form))

    def forms(self, entry: Entry, cell: Cell) -> tuple[str, ...]:
        """Give the forms that were not far behind before; all where none is left."""
        place = (entry.library, cell.kind, cell.task)
        return (
            tuple(form for form in entry.forms if (*place, form) not in self.slow)
            or entry.forms
        )


def best(
    entry: Entry, cell: Cell, library: Library, asked_for: Asked, known: Tried
) -> Way:
    """Try the ways of a side, and keep the fastest."""
    tried: list[Way] = []
    before: dict[tuple[str, tuple[int, int]], float] = {}
    for form, share in itertools.product(known.forms(entry, cell), shares(entry, cell)):
        before[form, share] = 0.0
    for runs in asked_for.sizes(entry, cell):
        for (form, share), rate in sorted(before.items()):
            way = ready(library, cell, form, runs, share)
            if way is None:
                known.slow.add((entry.library, cell.kind, cell.task, form))
                del before[form, share]
                continue
            way.measure(asked_for.part_s / 2)
            tried.append(way)
            before[form, share] = way.rate
            if known.is_behind(entry, way) or way.rate < PAST_BEST * rate:
                del before[form, share]
    if not tried:
        raise FailedError("no way to do it suits the size")
    known.note(entry, cell, tried)
    return max(tried, key=lambda way: way.rate)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line wishes: which cells, and how long each is measured."""

    kinds: tuple[str, ...]
    tasks: tuple[str, ...]
    precisions: tuple[str, ...]
    cores: tuple[int, ...]
    repetitions: int
    part_s: float
    quick: bool

    def cells(self) -> list[Cell]:
        """Give the cells; one network alone may have all cores."""
        return [
            Cell(kind=kind, task=task, precision=precision, cores=cores)
            for cores in self.cores
            for precision in self.precisions
            for kind in self.kinds
            for task in self.tasks
            if kind == "ensembles" or cores == max(self.cores)
        ]

    def sizes(self, entry: Entry, cell: Cell) -> tuple[int, ...]:
        """Give the numbers of networks to try."""
        if cell.kind == "single":
            return (1,)
        if self.quick:
            return (16,)
        question = asked(cell.task, cell.precision, 1)
        units = sum(layer.size for layer in question.network.layers)
        most = MOST / (units * question.task.n_cases)
        return tuple(size for size in entry.sizes if size <= most)


def missing(entry: Entry, cell: Cell, asked_for: Asked) -> str | None:
    """Say why a side is left out of a cell; None if it is not."""
    if importlib.util.find_spec(entry.library) is None:
        return f"{entry.library} is not installed"
    if asked_for.quick and entry.slow:
        return "it takes too long for a smoke test"
    if cell.kind not in entry.kinds:
        return "it has no way to learn many networks at once"
    if cell.kind == "ensembles" and cell.cores > 1 and entry.slow:
        return "it takes long to make ready, and is measured on one core only"
    if cell.precision not in entry.precisions:
        return f"it is measured in {' and '.join(entry.precisions)} only"
    return None


def measured(
    cell: Cell, libraries: Libraries, asked_for: Asked, known: Tried
) -> dict[str, Any]:
    """Find each side's best way, then ask them in turn."""
    chosen: dict[str, Way] = {}
    left_out: dict[str, str] = {}
    for entry in ENTRIES:
        reason = missing(entry, cell, asked_for)
        if reason is None:
            library = libraries.get(entry, cell.cores, cell.precision)
            try:
                chosen[entry.name] = best(entry, cell, library, asked_for, known)
            except FailedError as error:
                reason = str(error)
        if reason is not None:
            left_out[entry.name] = reason
    if OURS not in chosen:
        sys.exit(f"{OURS} itself could not be measured: {left_out[OURS]}.")
    for library in {way.library for way in chosen.values()}:
        keys = [way.key for way in chosen.values() if way.library is library]
        library.ask("keep", keys=keys)
    for way in chosen.values():
        way.measure(asked_for.part_s)
    for _ in range(asked_for.repetitions):
        for way in chosen.values():
            way.rates.append(way.runs * way.sweeps / way.carry(way.sweeps))
    question = asked(cell.task, cell.precision, 1)
    ours = chosen[OURS].rates
    return dataclasses.asdict(cell) | {
        "parameters": question.network.n_parameters,
        "cases": question.task.n_cases,
        "sides": {
            name: summary(way, question.work, ours) for name, way in chosen.items()
        },
        "left_out": left_out,
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Give the median and the quartiles."""
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def summary(way: Way, work: int, ours: list[float]) -> dict[str, Any]:
    """Tell what a side did in a cell."""
    rates = spread(way.rates)
    ratios = [own / rate for own, rate in zip(ours, way.rates, strict=True)]
    return {
        "form": way.form,
        "runs": way.runs,
        "parts": way.parts,
        "threads": way.threads,
        "weights_off": way.off,
        "first_s": way.first_s,
        "sweeps": way.sweeps,
        "net_sweeps_per_s": rates,
        "gcups": {name: 1e-9 * work * rate for name, rate in rates.items()},
        "us_a_sweep": 1e6 * way.runs / rates["median"],
        "times_as_fast_is_backsweep": spread(ratios),
    }


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def compiling(libraries: Libraries, asked_for: Asked) -> list[dict[str, Any]]:
    """Ask our engine how long it takes to be ready, first and from the cache."""
    result = []
    for task, precision in itertools.product(asked_for.tasks, asked_for.precisions):
        library = libraries.get(ENTRIES[0], 1, precision)
        for runs in (1, 64):
            of = {"name": task, "precision": precision, "runs": runs}
            result.append(of | library.ask("compiling", **of))
    return result


def compared(asked_for: Asked) -> dict[str, Any]:
    """Measure all cells."""
    cells, known = [], Tried()
    with tempfile.TemporaryDirectory() as cache:
        libraries = Libraries(cache)
        try:
            peaks = {
                precision: libraries.get(ENTRIES[0], 1, precision).ask(
                    "peak", precision=precision
                )["gflops"]
                for precision in asked_for.precisions
            }
            times = compiling(libraries, asked_for)
            for cell in asked_for.cells():
                begun = time.perf_counter()
                cells.append(measured(cell, libraries, asked_for, known))
                words = " ".join(map(str, dataclasses.astuple(cell)))
                say(f"{words} cores: {time.perf_counter() - begun:.1f} s")
        finally:
            libraries.end()
    for result in cells:
        cores = result["cores"] if result["kind"] == "ensembles" else 1
        ceiling = cores * peaks[result["precision"]] / 6
        for side in result["sides"].values():
            side["share"] = side["gcups"]["median"] / ceiling
    return {"peak_gflops_of_a_core": peaks, "cells": cells, "compiling": times}


def given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    parser.add_argument(
        "--only", choices=[*KINDS, *WHOLES], action="append", help="leave out the rest"
    )
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=[*TASKS])
    parser.add_argument(
        "--precisions", nargs="+", choices=PRECISIONS, default=[*PRECISIONS]
    )
    parser.add_argument(
        "--cores", nargs="+", type=int, default=sorted({1, min(2, cores)})
    )
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument(
        "--part", type=float, default=0.06, help="seconds a measurement"
    )
    parser.add_argument("--quick", action="store_true", help="a smoke test: no figures")
    parser.add_argument("--tables", type=Path, help="print stored results as tables")
    return parser.parse_args()


def main() -> None:
    wish = given()
    if wish.tables is not None:
        print(tables(json.loads(wish.tables.read_text("utf-8"))))
        return
    only = wish.only or [*KINDS, *(() if wish.quick else WHOLES)]
    asked_for = Asked(
        kinds=tuple(kind for kind in KINDS if kind in only),
        tasks=tuple(wish.tasks),
        precisions=tuple(wish.precisions),
        cores=tuple(wish.cores),
        repetitions=2 if wish.quick else wish.repetitions,
        part_s=0.005 if wish.quick else wish.part,
        quick=wish.quick,
    )
    result = {
        "question": "Backsweep beside JAX, PyTorch, scikit-learn and NumPy",
        "repetitions": asked_for.repetitions,
        **machine(),
    }
    if asked_for.kinds:
        result |= compared(asked_for)
    for name in WHOLES:
        if name in only:
            say(name)
            result[name] = WHOLES[name]()
    json.dump(result, sys.stdout, indent=1)
    print()
    say(tables(result))


if __name__ == "__main__":
    main()
