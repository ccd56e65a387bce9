"""Records: those of one folder, listed and opened; nothing outside it can be read."""

from __future__ import annotations

import shlex
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backsweep.errors import BacksweepError, RecordError
from backsweep.lab import case_view, look, run_view
from backsweep.lab.data import result_of
from backsweep.lab.elsewhere import other_pages
from backsweep.lab.extent import bytes_of
from backsweep.lab.held import Held
from backsweep.lab.messages import (
    A_RECORD,
    RecordAsked,
    RecordCaseAsked,
    RecordLine,
    Records,
    SaveAsked,
    Saved,
)
from backsweep.notation import written
from backsweep.runs import open_runs
from backsweep.runs.summary import OUTCOMES

if TYPE_CHECKING:
    from backsweep.runs import Runs

__all__ = ["Shelf"]

MOST: Final = 200  # records that are listed
LARGEST: Final = 400_000_000  # bytes of a record that is opened here
SUFFIX: Final = ".zarr"


class Shelf:
    """The records of a folder.

    Parameters
    ----------
    folder
        Where they are; what is in folders below is not among them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._opened: Held[Runs] = Held(4)
        self._lines: Held[RecordLine] = Held(2 * MOST)
        self._lock = threading.Lock()

    def listing(self) -> Records:
        """List the records, the latest first, damaged ones with what is wrong."""
        paths = sorted(self._paths(), key=_changed, reverse=True)
        lines = tuple(self._line(path) for path in paths[:MOST])
        more = max(0, len(paths) - MOST)
        return Records(folder=str(self.folder), records=lines, more=more)

    def _paths(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [path for path in self.folder.iterdir() if self._is_record(path)]

    def _is_record(self, path: Path) -> bool:
        return bool(
            path.suffix == SUFFIX
            and A_RECORD.fullmatch(path.name)
            and path.is_dir()
            and self._is_within(path)
        )

    def _is_within(self, path: Path) -> bool:
        """Tell whether a path leads nowhere else, and nothing in it does."""
        return path.resolve() == self.folder.resolve() / path.name and not any(
            file.is_symlink() for file in path.rglob("*")
        )

    def _line(self, path: Path) -> RecordLine:
        mark = f"{path.name} {_changed(path)}"
        line = self._lines.get(mark)
        if line is None:
            changed = time.strftime("%Y-%m-%d %H:%M", time.localtime(_changed(path)))
            try:
                runs = self._open(path)
            except BacksweepError as error:
                said = error.message.replace(str(path), path.name)
                line = RecordLine(name=path.name, changed=changed, damage=said)
            else:
                line = _described(runs, path.name, changed)
            self._lines.put(mark, line)
        return line

    def _open(self, path: Path) -> Runs:
        mark = f"{path.name} {_changed(path)}"
        with self._lock:  # one at a time: a record may be large
            runs = self._opened.get(mark)
            if runs is None:
                size = bytes_of(path)
                if size > LARGEST:
                    raise RecordError(
                        f"a record must have at most {LARGEST:,} bytes to be opened "
                        f"here, got {size:,}.",
                        hint="the command line has no such limit: backsweep show "
                        f"{shlex.quote(str(path))}.",
                    )
                runs = open_runs(path)
                self._opened.put(mark, runs)
        return runs

    def find(self, name: str) -> Runs:
        """Open a record by its name.

        Raises
        ------
        RecordError
            If there is none in the folder, or it is damaged.
        """
        path = self.folder / name
        if Path(name).name != name or not self._is_record(path):
            raise RecordError(
                f"there is no record {name!r} in {str(self.folder)!r}.",
                hint="backsweep lab --folder says where records are looked for.",
            )
        return self._open(path)

    def ensemble(self, asked: RecordAsked) -> bytes:
        """Say what came of all runs of a record: `messages.Ensemble`."""
        return look.ensemble(self.find(asked.name))

    def one_run(self, asked: RecordAsked) -> bytes:
        """Show one of them, whole: `messages.OneRun`."""
        runs = self.find(asked.name)
        pages = other_pages(runs, asked.run)
        return run_view.one_run(runs, asked.run, elsewhere=pages)

    def one_case(self, asked: RecordCaseAsked) -> bytes:
        """Pass one case through one of them: `messages.OneCase`."""
        return case_view.one_case(self.find(asked.name), asked.run, asked.case)

    def save(self, asked: SaveAsked) -> Saved:
        """Save what was learned from a table.

        Raises
        ------
        RecordError
            If there is one of that name, or it cannot be written.
        """
        name = asked.name.removesuffix(SUFFIX) + SUFFIX
        if Path(name).name != name:
            raise RecordError(f"a record's name must have no folders, got {name!r}.")
        runs = result_of(asked.settings).runs
        place = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            runs.save(place)
        except OSError as error:
            # A record's own refusals name the whole path, and ways no page has.
            if isinstance(error, RecordError) and error.__cause__ is None:
                raise RecordError(
                    f"a record's name must be new in {str(self.folder)!r}, got "
                    f"{name!r}, which is there already.",
                    hint="give it another name.",
                ) from error
            cause = error.__cause__ or error
            why = getattr(cause, "strerror", None) or type(cause).__name__
            raise RecordError(
                f"{name!r} cannot be written to {str(self.folder)!r}: {why}.",
                hint="make room there or the folder writable, or download the record.",
            ) from error
        return Saved(name=name)


def _changed(path: Path) -> float:
    times = [file.lstat().st_mtime for file in path.rglob("*")]
    return max(times, default=path.lstat().st_mtime)


def _described(runs: Runs, name: str, changed: str) -> RecordLine:
    counts = {outcome: int(runs.ended(outcome).sum()) for outcome in OUTCOMES}
    return RecordLine(
        name=name,
        changed=changed,
        task=runs.task.name,
        network=written(runs.network),
        runs=runs.n_runs,
        version=runs.version,
        learned=counts["learned"],
        stuck=counts["stuck"],
        diverged=counts["diverged"],
        unfinished=counts["unfinished"],
    )
