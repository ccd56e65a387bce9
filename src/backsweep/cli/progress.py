"""Progress: how far learning has come, on a terminal, once it takes over a second."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from backsweep.cli.words import brief, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, TaskID

    from backsweep.cli.screen import Screen
    from backsweep.learning import Report

__all__ = ["following"]

PATIENCE_S: Final = 1.0


class Follower:
    """Hears how far a drive has come and moves a bar.

    The bar counts sweeps done or no longer needed; the rate is measured between two
    reports in which no run has stopped, for a run that stops makes all its further
    sweeps needless at once.
    """

    def __init__(self, bar: Progress, clock: Callable[[], float]) -> None:
        self._bar = bar
        self._clock = clock
        self._begun = clock()
        self._line: TaskID | None = None
        self._last: tuple[float, Report] | None = None
        self._rate = 0.0

    def __call__(self, report: Report) -> None:
        """Take note of a report."""
        now = self._clock()
        self._measure(now, report)
        if now - self._begun < PATIENCE_S:
            return
        if self._line is None:
            self._bar.start()
            self._line = self._bar.add_task("learning", total=report.total, said="")
        words = [f"{counted(report.learned)} learned"]
        if report.diverged:
            words.append(f"{counted(report.diverged)} diverged")
        if self._rate:
            words.append(f"{brief(self._rate)} sweeps/s")
        self._bar.update(self._line, completed=report.done, said=", ".join(words))

    def _measure(self, now: float, report: Report) -> None:
        if self._last is not None:
            before, old = self._last
            is_clean = report.finished == old.finished and report.done > old.done
            if is_clean and now > before:
                rate = (report.done - old.done) / (now - before)
                self._rate = 0.9 * self._rate + 0.1 * rate if self._rate else rate
        # Workers report every 50 ms or so: look over longer whiles than that.
        if self._last is None or now - self._last[0] > 0.25:
            self._last = (now, report)


@contextmanager
def following(
    screen: Screen, clock: Callable[[], float] = time.perf_counter
) -> Iterator[Callable[[Report], None] | None]:
    """Give a listener that draws a bar on stderr; None where nobody looks."""
    if not screen.shows_progress:
        yield None
        return
    from rich.progress import (  # noqa: PLC0415  # see the room's docstring
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
        console=screen.err,
        transient=True,
    )
    try:
        yield Follower(bar, clock)
    finally:
        bar.stop()
