"""The drive: carries many runs through their sweeps, block by block and chunk by chunk.

Blocks of runs are shared over threads; between chunks of about 50 ms progress is
told and a wish to stop is heard. Neither blocks, chunks nor threads change a bit of
what comes out.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from backsweep.learning.history import (
    Counts,
    Floats,
    History,
    Recorder,
    Recording,
    evaluated,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from backsweep.engines.protocol import Program
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How far a drive has come.

    Parameters
    ----------
    done, total
        Sweeps of single networks: carried out or no longer needed, and in all.
    learned, diverged, finished
        Runs of which that is known by now.
    """

    done: int
    total: int
    learned: int
    diverged: int
    finished: int


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
    """What the workers have done so far, for the report; one writer a block."""

    def __init__(self, plan: Plan, shares: Sequence[range]) -> None:
        self._total = len(plan.runs) * plan.procedure.sweeps
        self._rows = dict.fromkeys(shares, (0, 0, 0, 0))

    def note(
        self,
        share: range,
        spent: int,
        learned_at: Counts,
        diverged_at: Counts,
        *,
        finished: int,
    ) -> None:
        learned, diverged = int((learned_at > 0).sum()), int((diverged_at > 0).sum())
        self._rows[share] = (spent, learned, diverged, finished)

    def report(self) -> Report:
        done, learned, diverged, finished = (
            sum(column) for column in zip(*self._rows.values(), strict=True)
        )
        return Report(
            done=done,
            total=self._total,
            learned=learned,
            diverged=diverged,
            finished=finished,
        )


def carry_out(
    plan: Plan,
    program: Program,
    *,
    threads: int | None = None,
    shelf: Shelf | None = None,
    listener: Callable[[Report], None] | None = None,
) -> Iterator[History]:
    """Carry all runs of a plan out and give their histories, block by block, in order.

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
    listener
        Told about twenty times a second how far it has come.

    Yields
    ------
    History
        Of a block. After a KeyboardInterrupt the blocks that were begun come with
        what they had done, `finished` False, and no further ones.
    """
    # Small blocks cost time: they are worth it to be shared out, or kept.
    parts = BLOCKS if program.runs_in_parallel or shelf is not None else 1
    shares = blocks(plan.runs, program.block, parts)
    tally = _Tally(plan, shares)
    stop = threading.Event()
    useful = (os.cpu_count() or 1) if program.runs_in_parallel else 1
    with ThreadPoolExecutor(max_workers=threads or useful) as pool:
        futures: list[Future[History | None]] = []
        work = (plan, program, shelf, tally, stop)
        try:
            futures += [pool.submit(_block, share, *work) for share in shares]
            _listen(futures, tally, listener)
        except KeyboardInterrupt:
            _break_off(futures, stop)
        except BaseException:
            _break_off(futures, stop)
            raise
        for future in futures:
            if future.cancelled():
                continue
            history = future.result()
            if history is not None:
                yield history


def _listen(
    futures: list[Future[History | None]],
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


def _break_off(futures: list[Future[History | None]], stop: threading.Event) -> None:
    """Let the workers end their chunk; a Ctrl-C pressed twice is one."""
    stop.set()
    for future in futures:
        future.cancel()
    with contextlib.suppress(KeyboardInterrupt):
        wait(futures)
    wait(futures)


def _block(
    share: range,
    plan: Plan,
    program: Program,
    shelf: Shelf | None,
    tally: _Tally,
    stop: threading.Event,
) -> History | None:
    """Take a block from the shelf, or carry it to its end or to the wish to stop."""
    history = shelf.load(share) if shelf is not None else None
    if history is None:
        if stop.is_set():
            return None
        history = _carried(plan, program, share, tally, stop)
        if shelf is not None and history.finished.all():
            shelf.store(share, history)
    if history.finished.all():
        sweeps = len(share) * plan.procedure.sweeps
        ends = (history.learned_at, history.diverged_at)
        tally.note(share, sweeps, *ends, finished=len(share))
    return history


def _carried(
    plan: Plan, program: Program, share: range, tally: _Tally, stop: threading.Event
) -> History:
    last = plan.procedure.sweeps
    state = program.start(plan.seed, share)
    recorder = Recorder(share, plan.recording, last, plan.network.n_parameters)
    snapshots = plan.recording.snapshots
    done = 0
    for target in sorted({*snapshots, last}):
        while done < target and recorder.running.any() and not stop.is_set():
            n_running = int(recorder.running.sum())
            step = min(target - done, program.pace(n_running))
            recorder.take(done, program.advance(state, step))
            done += step
            stopped = len(share) - int(recorder.running.sum())
            spent = (len(share) - stopped) * done + stopped * last
            ends = (recorder.learned_at, recorder.diverged_at)
            tally.note(share, spent, *ends, finished=stopped)
        if target in snapshots and (done == target or not recorder.running.any()):
            recorder.snapshots[:, snapshots.index(target)] = program.parameters(state)
    parameters = program.parameters(state)
    final_errors, right, held_out, held_out_right = evaluated(
        plan.network, plan.task, plan.procedure, plan.seed, share, parameters
    )
    # The last change of the weights may be the one that overflows.
    late = ~np.isfinite(final_errors) & (recorder.diverged_at == 0)
    recorder.diverged_at = np.where(late, recorder.sweeps, recorder.diverged_at)
    parameters[late] = np.nan
    return History(
        run=np.arange(share.start, share.stop),
        parameters=parameters,
        errors=_plain_nan(recorder.errors),
        snapshots=recorder.snapshots,
        learned_at=recorder.learned_at,
        diverged_at=recorder.diverged_at,
        sweeps=recorder.sweeps,
        finished=~recorder.running | (done >= last),
        final_errors=_plain_nan(final_errors),
        right=right,
        held_out_right=held_out_right,
        held_out=held_out,
    )


def _plain_nan(values: Floats) -> Floats:
    """Give every NaN the same bits: those of a sum that overflowed carry a sign."""
    values[np.isnan(values)] = np.nan
    return values
