"""Ahead: machine code is made before it is asked for, where nobody waits for it.

Each shape of the training curve's network has code of its own, which takes some tenths
of a second to make. A process with the lowest priority makes it, one shape at a time,
and leaves it in the cache on disk, where whoever answers finds it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from itertools import product
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled.link import user_cache
from backsweep.lab.curve import prepare
from backsweep.lab.messages import MOST_HIDDEN, TASKS, UPDATES, CurveSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Ahead", "in_a_process"]

LOWEST: Final = 19  # priority
LOG: Final = logging.getLogger(__name__)
LAST: Final = 20  # lines that are logged of what the process said before it ended
REST_S: Final = 10.0  # in which the first page has the machine for itself


class Ahead:
    """Says what is to be made next, and when: while nothing is being answered."""

    def __init__(self) -> None:
        self.idle = threading.Condition()
        self._shown = CurveSettings()
        self._answering = 0
        self._ended = False

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Make nothing meanwhile, once what is being made is done."""
        with self.idle:
            self._answering += 1
        try:
            yield
        finally:
            with self.idle:
                self._answering -= 1
                self.idle.notify_all()

    def shows(self, settings: CurveSettings) -> None:
        """Know what somebody looks at: its neighbours come next."""
        self._shown = settings

    def end(self) -> None:
        """Make nothing more."""
        with self.idle:
            self._ended = True
            self.idle.notify_all()

    def work(self, make: Callable[[CurveSettings], None]) -> None:
        """Have every shape made, those first that are the fewest choices away."""
        left = [
            CurveSettings(task=task, hidden=hidden, update=update)
            for update, task, hidden in product(UPDATES, TASKS, range(MOST_HIDDEN + 1))
        ]
        while left:
            with self.idle:
                self.idle.wait_for(lambda: self._ended or not self._answering)
                if self._ended:
                    return
            shape = min(left, key=self._choices_to)
            left.remove(shape)
            make(shape)

    def work_in_a_process(self) -> None:
        """Do so where it can be kept; without that all goes on, only slower."""
        if user_cache() is None:
            return
        with self.idle:
            if self.idle.wait_for(lambda: self._ended, REST_S):
                return
        with suppress(OSError), in_a_process() as make:
            self.work(make)

    def _choices_to(self, shape: CurveSettings) -> int:
        shown = self._shown
        return (
            (shape.task != shown.task)
            + abs(shape.hidden - shown.hidden)
            + (shape.update != shown.update)
        )


@contextmanager
def in_a_process() -> Iterator[Callable[[CurveSettings], None]]:
    """Give what has a shape made by a process, and waits for it.

    Raises
    ------
    BrokenPipeError
        If the process is no more; its last words are logged.
    """
    with (
        tempfile.TemporaryFile() as said,  # which is never full, as a pipe may be
        subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,  # Ctrl-C is for the server; this ends with its pipe
            creationflags=_creation_flags(),
        ) as process,
    ):
        asked, answered = process.stdin, process.stdout
        if asked is None or answered is None:
            raise AssertionError
        if sys.platform != "win32":
            os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST)

        def make(settings: CurveSettings) -> None:
            with suppress(OSError):
                asked.write(settings.model_dump_json() + "\n")
                asked.flush()
                if answered.readline():
                    return
            status = process.wait()
            said.seek(0)
            lines = said.read().decode(errors="replace").splitlines()[-LAST:]
            LOG.warning(
                "nothing is compiled ahead any more: its process ended with %s.\n%s",
                status,
                "\n".join(lines),
            )
            raise BrokenPipeError

        yield make


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.IDLE_PRIORITY_CLASS
    return 0


def main() -> None:
    """Make what is asked for, line by line, until nobody asks any more."""
    for line in sys.stdin:
        prepare(CurveSettings.model_validate_json(line))
        sys.stdout.write("made\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
