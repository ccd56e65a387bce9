"""The drive: carries many runs through their sweeps, block by block and chunk by chunk.

Blocks of runs are shared over threads; between chunks of some 10 ms progress is
told and a wish to stop is heard. Neither blocks, chunks nor threads change a bit of
what comes out.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from backsweep.learning.gather import Gathering
from backsweep.learning.history import (
    Counts,
    Floats,
    History,
    Recorder,
    Recording,
    errors_of,
    evaluated,
    unjudged,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from backsweep.engines.protocol import Program
    from backsweep.grids import Grid
    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.tasks.task import Task

__all__ = ["Plan", "Report", "Shelf", "blocks", "carry_out"]

LISTEN_S: Final = 0.05  # between two looks at the workers
BLOCKS: Final = 4  # at least so many, where there are runs for them, to share out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """All that decides what a drive gives."""

    network: Network
    task: Task
    procedure: Procedure
    seed: int
    runs: range
    recording: Recording
    grid: Grid | None = None
    common: Procedure | None = None  # what the grid was put into


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How far a drive has come.

    Parameters
    ----------
    done, total
        Sweeps of single networks: carried out or no longer needed, and in all.
    learned, diverged, finished
        Runs of which that is known by now.
    errors : ndarray of shape (n_known,)
        Recorded errors of the first run, as far as it has come.
    """

    done: int
    total: int
    learned: int
    diverged: int
    finished: int
    errors: Floats = field(default_factory=lambda: np.empty(0), compare=False)


class Shelf(Protocol):
    """Where finished blocks are kept against a sudden end."""

    def load(self, block: range) -> History | None:
        """Give a block that was finished before, if it was."""
        ...

    def store(self, block: range, history: History) -> None:
        """Keep a finished block, all of it or nothing."""
        ...


def blocks(runs: range, size: int, parts: int) -> list[range]:
    """Share runs into blocks of about equal length, whatever the threads."""
    size = max(1, min(size, -(-len(runs) // parts)))
    count = -(-len(runs) // size)
    edges = [runs.start + len(runs) * k // count for k in range(count + 1)]
    return [range(low, high) for low, high in itertools.pairwise(edges)]


class _Tally:
    """What the workers have done so far, for the report."""

    def __init__(self, plan: Plan) -> None:
        self._total = len(plan.runs) * plan.procedure.sweeps
        self._lock = threading.Lock()
        self._rows: dict[range, tuple[int, int, int, int]] = {}  # blocks in progress
        self._sums: tuple[int, ...] = (0, 0, 0, 0)
        self._first = plan.runs.start
        self._errors: Floats = np.empty(0)

    def note(
        self,
        share: range,
        spent: int,
        learned_at: Counts,
        diverged_at: Counts,
        *,
        finished: int,
        errors: Floats,
    ) -> None:
        """Take in how far a block has come; `errors` are those known of its first."""
        learned, diverged = int((learned_at > 0).sum()), int((diverged_at > 0).sum())
        row = (spent, learned, diverged, finished)
        with self._lock:
            old = self._rows.get(share, (0, 0, 0, 0))
            self._sums = tuple(
                total + new - before
                for total, new, before in zip(self._sums, row, old, strict=True)
            )
            self._rows[share] = row
            if share.start == self._first:
                self._errors = errors

    def report(self) -> Report:
        """Say how far all have come."""
        done, learned, diverged, finished = self._sums
        return Report(
            done=done,
            total=self._total,
            learned=learned,
            diverged=diverged,
            finished=finished,
            errors=self._errors.copy(),
        )


class _Shares:
    """The blocks that nobody has begun yet."""

    def __init__(self, shares: Sequence[range]) -> None:
        self._lock = threading.Lock()
        self._rest = iter(shares)

    def next(self) -> range | None:
        """Hand out the next one; None when there is none."""
        with self._lock:
            return next(self._rest, None)


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """What all workers share."""

    plan: Plan
    program: Program
    shelf: Shelf | None
    shares: _Shares
    gathering: Gathering
    tally: _Tally
    stop: threading.Event


def carry_out(
    plan: Plan,
    program: Program,
    *,
    threads: int | None = None,
    shelf: Shelf | None = None,
    folder: Path | None = None,
    listener: Callable[[Report], None] | None = None,
) -> History | None:
    """Carry all runs of a plan out, block by block, and give what they did.

    Parameters
    ----------
    plan
        What to do.
    program
        The engine's readiness to do it.
    threads
        Workers; as many as are of use to the engine where None.
    shelf
        Where finished blocks are kept and found again.
    folder
        Where files may be made for what is too large to hold.
    listener
        Told about twenty times a second how far it has come.

    Returns
    -------
    History or None
        Of all runs. After a KeyboardInterrupt of those that were begun, with what
        they had done, `finished` False; None where there are none.
    """
    # Small blocks cost time: they are worth it to be shared out, or kept.
    parts = BLOCKS if program.runs_in_parallel or shelf is not None else 1
    shares = blocks(plan.runs, program.block, parts)
    useful = (os.cpu_count() or 1) if program.runs_in_parallel else 1
    workers = min(threads or useful, len(shares))
    work = _Work(
        plan,
        program,
        shelf,
        _Shares(shares),
        Gathering(plan.runs, folder),
        _Tally(plan),
        threading.Event(),
    )
    with work.gathering, ThreadPoolExecutor(max_workers=workers) as pool:
        futures: list[Future[None]] = []
        try:
            futures += [pool.submit(_worker, work) for _ in range(workers)]
            _listen(futures, work.tally, listener)
        except KeyboardInterrupt:
            break_off(futures, work.stop)
        except BaseException:
            break_off(futures, work.stop)
            raise
        for future in futures:
            future.result()
        return work.gathering.history()


def _listen(
    futures: list[Future[None]],
    tally: _Tally,
    listener: Callable[[Report], None] | None,
) -> None:
    """Wait for the workers, and tell how far they are."""
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, timeout=LISTEN_S, return_when=FIRST_COMPLETED)
        for future in ended:
            future.result()
        if listener is not None:
            listener(tally.report())


def break_off(futures: list[Future[None]], stop: threading.Event) -> None:
    """Let the workers end their chunk; a Ctrl-C pressed twice is one."""
    stop.set()
    with contextlib.suppress(KeyboardInterrupt):
        wait(futures)
    wait(futures)


def _worker(work: _Work) -> None:
    """Take blocks until there are none, or until the wish to stop."""
    while not work.stop.is_set():
        share = work.shares.next()
        if share is None:
            return
        work.gathering.take(share, _block(share, work))


def _block(share: range, work: _Work) -> History:
    """Take a block from the shelf, or carry it to its end or to the wish to stop."""
    plan, shelf = work.plan, work.shelf
    history = shelf.load(share) if shelf is not None else None
    if history is None:
        history = _carried(plan, work.program, share, work.tally, work.stop)
        if shelf is not None and history.finished.all():
            shelf.store(share, history)
    if history.finished.all():
        sweeps = len(share) * plan.procedure.sweeps
        ends = (history.learned_at, history.diverged_at)
        work.tally.note(
            share, sweeps, *ends, finished=len(share), errors=history.errors[0]
        )
    return history


def _carried(
    plan: Plan, program: Program, share: range, tally: _Tally, stop: threading.Event
) -> History:
    last = plan.procedure.sweeps
    state = program.start(plan.seed, share)
    recorder = Recorder(share, plan.recording, last, plan.network.n_parameters)
    recorder.keep(recorder.moments(0, 0), program.parameters(state))
    done = 0
    while done < last and recorder.running.any() and not stop.is_set():
        step = min(last - done, program.pace(int(recorder.running.sum())))
        moments = recorder.moments(done + 1, done + step)
        asked = [plan.recording.snapshots[k] - done for k in moments]
        progress = program.advance(state, step, recorder.kept(done), asked)
        recorder.take(done, step, progress)
        done += step
        stopped = len(share) - int(recorder.running.sum())
        spent = (len(share) - stopped) * done + stopped * last
        ends = (recorder.learned_at, recorder.diverged_at)
        known = recorder.errors[0, : recorder.count(done)]
        tally.note(share, spent, *ends, finished=stopped, errors=known)
    finished = ~recorder.running | (done >= last)
    parameters = program.parameters(state)
    if not recorder.running.any():
        recorder.keep(recorder.moments(done + 1, last), parameters)
    ended = (plan.network, plan.task, plan.procedure, plan.seed, share, parameters)
    sound = recorder.diverged_at == 0
    if plan.recording.ends:
        final_errors, right, held_out, held_out_right = evaluated(*ended)
        late = sound & ~np.isfinite(final_errors)
        parameters[late] = np.nan
    else:
        late = sound & ~np.isfinite(errors_of(*ended, among=sound))
        parameters = np.empty((len(share), 0))
        final_errors, right, held_out, held_out_right = unjudged(
            plan.task, plan.seed, share
        )
    # The last change of the weights may be the one that overflows.
    recorder.diverged_at = np.where(late, recorder.sweeps, recorder.diverged_at)
    after = np.array(plan.recording.snapshots) >= recorder.sweeps[:, None]
    recorder.snapshots[late[:, None] & after] = np.nan
    return History(
        run=np.arange(share.start, share.stop),
        parameters=parameters,
        errors=_plain_nan(recorder.errors),
        snapshots=_plain_nan(recorder.snapshots),
        learned_at=recorder.learned_at,
        diverged_at=recorder.diverged_at,
        sweeps=recorder.sweeps,
        finished=finished,
        final_errors=_plain_nan(final_errors),
        right=right,
        held_out_right=held_out_right,
        convergence=recorder.convergence(finished),
        held_out=held_out,
    )


def _plain_nan(values: Floats) -> Floats:
    """Give every NaN the same bits: those of a sum that overflowed carry a sign."""
    values[np.isnan(values)] = np.nan
    return values
