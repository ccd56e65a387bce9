"""Your data: a table that is handed in, what it would be learned with, and learning it.

Tables are held in memory, a few at a time, and parsed by `tasks.delimited`; nothing
of them is written and nothing of them is carried out. What was learned is held too,
until later work takes its place.
"""

from __future__ import annotations

import csv
import hashlib
import io
import queue
import re
import shlex
import threading
import warnings
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from backsweep import notation
from backsweep.errors import DataError, DirectionError, SettingError, SpecError
from backsweep.lab import case_view, look, moments, plane, run_view
from backsweep.lab.budget import (
    LIMITS,
    check_kept,
    check_network,
    check_units,
    check_work,
)
from backsweep.lab.examples import content_of, is_example
from backsweep.lab.held import Held
from backsweep.lab.messages import (
    CaseAsked,
    DataPlan,
    DataSettings,
    LearnedSoFar,
    LearnTable,
    PlaneAsked,
    Progress,
    RunAsked,
    RunPlaneAsked,
    TableColumn,
    TableSeen,
)
from backsweep.lab.zipped import zipped
from backsweep.network import Layer, Network
from backsweep.procedure import Procedure, Spread, Start
from backsweep.runs import Runs, learn
from backsweep.tasks.choice import names_each
from backsweep.tasks.columns import Numbers, Words, as_classes
from backsweep.tasks.delimited import number_in, parsed
from backsweep.tasks.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from backsweep.learning import Report
    from backsweep.tasks.sheet import Cells, Sheet

__all__ = [
    "ENGINE",
    "Learning",
    "NotHeldError",
    "at_hand",
    "ensemble",
    "example",
    "one_case",
    "one_run",
    "plan",
    "plane_points",
    "plane_sheets",
    "prepared",
    "record",
    "result_of",
    "seen",
    "take_in",
]

ENGINE: Final = "compiled"
SUFFIXES: Final = (".csv", ".tsv")
BOOKS: Final = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".parquet", ".pdf")
BARS: Final = 12
GROUPS: Final = 3  # of words that are alike, and words in each, that are said
FIRST: Final = 5
CELL_BYTES: Final = 64
MOST_SENT: Final = 300  # points of a curve in a report
PATIENCE_S: Final = 0.2  # for a report


# What people take for a number, whether or not it is read as one.
FIGURES: Final = re.compile(
    r"[-+]?[$€£]?\s?\d[\d.,' _\u00a0]*(\s?[%€$£]|\s[a-zA-Z]{1,3})?"
)


class NotHeldError(DataError):
    """Raised where a table or a result was held, and is not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A table as it was handed in."""

    path: Path  # a name: no such file need be there
    sheet: Sheet
    seen: TableSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned from a table."""

    table: Table
    runs: Runs


# What is held of a table are its cells as words, of which most are short.
TABLES: Final[Held[Given]] = Held(
    16, size=lambda given: CELL_BYTES * given.seen.rows * len(given.seen.columns)
)
RESULTS: Final[Held[Learned]] = Held(8)


# ---- tables --------------------------------------------------------------------------


def take_in(name: str, content: bytes) -> TableSeen:
    """Parse a table and hold it.

    Raises
    ------
    DataError
        If it is not a table, with the row and the column; or is too large.
    """
    path = Path(name)
    if path.suffix.lower() in BOOKS:
        raise DataError(
            f"{name} must be a table as text, with commas or tabs between the cells, "
            f"got {path.suffix}.",
            hint="save it as CSV in the program that it comes from.",
        )
    if path.suffix.lower() not in SUFFIXES:
        path = Path(f"{name}.csv")
    rows = max(content.count(b"\n"), content.count(b"\r"))
    if rows > 2 * LIMITS.table_rows + 1:  # some of them may be blank
        raise _too_large(path, "rows", rows, LIMITS.table_rows)
    mark = hashlib.sha256(path.name.encode() + b"\0" + content).hexdigest()[:16]
    return _held(mark, path, content)


def _held(mark: str, path: Path, content: bytes) -> TableSeen:
    sheet = parsed(path, content)
    if len(sheet.columns) > LIMITS.table_columns:
        raise _too_large(path, "columns", len(sheet.columns), LIMITS.table_columns)
    cells = [read() for read in sheet.columns.values()]
    rows = len(cells[0].values)
    if rows > LIMITS.table_rows:
        raise _too_large(path, "rows", rows, LIMITS.table_rows)
    seen = TableSeen(
        table=mark, name=path.name, rows=rows, columns=tuple(map(_column, cells))
    )
    TABLES.put(mark, Given(path=path, sheet=sheet, seen=seen))
    return seen


def _too_large(path: Path, what: str, count: int, most: int) -> DataError:
    return DataError(
        f"{path} must have at most {most:,} {what} here, got {count:,}.",
        hint="the command line has no such limit: backsweep learn "
        f"{shlex.quote(path.name)}.",
    )


def _column(raw: Cells) -> TableColumn:
    cells = as_classes(raw)
    values = cells.values[~cells.missing]
    counts = Counter(values.tolist()).most_common()
    words: tuple[str, ...] = ()
    low = high = None
    if cells.has_words:
        words = tuple(str(word)[:40] for word, _ in counts[:BARS])
        bars = [count for _, count in counts[:BARS]]
    elif len(values) and np.isfinite(values).all():
        low, high = float(values.min()), float(values.max())
        bars = np.histogram(values, bins=BARS)[0].tolist() if low < high else []
    else:
        bars = []
    return TableColumn(
        name=cells.name,
        kind="classes" if cells.has_words else "numbers",
        present=len(values),
        different=len(counts),
        names_cases=names_each(cells),
        first=tuple(_said(value) for value in raw.values[:FIRST]),
        low=low,
        high=high,
        bars=tuple(bars),
        words=words,
        spellings=_spellings(counts) if cells.has_words else (),
        like_numbers=_like_numbers([word for word, _ in counts])
        if cells.has_words
        else "",
    )


def _spellings(counts: list[tuple[Any, int]]) -> tuple[tuple[str, ...], ...]:
    """Find words that differ in capitals or blanks alone, the commonest first.

    Examples
    --------
    >>> _spellings([("yes", 9), ("no", 8), ("Yes ", 2)])
    (('yes', 'Yes '),)
    """
    groups: dict[str, list[str]] = {}
    for word, _ in counts:
        groups.setdefault("".join(str(word).casefold().split()), []).append(str(word))
    alike = [group for group in groups.values() if len(group) > 1]
    return tuple(
        tuple(word[:40] for word in group[:GROUPS]) for group in alike[:GROUPS]
    )


def _like_numbers(words: list[Any]) -> str:
    """Give a word that looks like a number and is none, if most words look so.

    Examples
    --------
    >>> _like_numbers(["1,169", "2,000", "?"]), _like_numbers(["57 %", "8 %"])
    ('1,169', '57 %')
    >>> _like_numbers(["5.", "+.5", "1_000"])
    '1_000'
    >>> _like_numbers(["A1", "B2"]), _like_numbers(["1", "2"])
    ('', '')
    """
    found = [str(word) for word in words if FIGURES.fullmatch(str(word).strip())]
    odd = [word for word in found if number_in(word.strip()) is None]
    return odd[0][:40] if odd and 2 * len(found) >= len(words) else ""


def _said(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.4g}"
    return "" if value is None else str(value)[:40]


def example(mark: str) -> TableSeen:
    """Give a table that comes with the lab.

    Raises
    ------
    DataError
        If there is none of this name.
    """
    return _held(mark, Path(f"{mark}.csv"), content_of(mark))


def at_hand(name: str) -> list[TableSeen]:
    """Give the tables that are held under a name, without its ending."""
    if is_example(name):
        example(name)
    return [one.seen for one in TABLES.all() if one.path.stem == name]


def seen(mark: str) -> TableSeen:
    """Say again what the columns of a table hold.

    Raises
    ------
    DataError
        If it is not held any more.
    """
    return _given(mark).seen


def _given(mark: str) -> Given:
    found = TABLES.get(mark)
    if found is None and is_example(mark):
        example(mark)
        found = TABLES.get(mark)
    if found is None:
        raise NotHeldError(
            "the table must be at hand, and it is not held any more.",
            hint="choose its file again.",
        )
    return found


# ---- what would be learned -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything that settings stand for."""

    given: Given
    table: Table
    network: Network
    procedure: Procedure
    names: dict[str, tuple[str, ...]]  # desired, inputs, classes
    warnings: tuple[str, ...]


def prepared(settings: DataSettings) -> Prepared:
    """Make what settings stand for.

    Raises
    ------
    BacksweepError
        If they do not go together.
    """
    given = _given(settings.table)
    columns = list(given.sheet.columns)
    desired = _named(columns, settings.predict or (len(columns) - 1,))
    left = {*_named(columns, settings.leave), *desired}
    inputs = tuple(name for name in columns if name not in left)
    names = {
        "desired": desired,
        "inputs": inputs if set(inputs) | set(desired) < set(columns) else (),
        "classes": _named(columns, settings.classes),
    }
    if not inputs:
        raise DataError(
            f"{given.path} must have a column to learn from besides the desired ones, "
            "got none."
        )
    check_units(_units(given.seen, {*inputs, *desired}, names), given.seen.rows)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = Table.of(
            given.path,
            given.sheet,
            hold_out=settings.hold_out,
            seed=settings.seed,
            missing=settings.missing,
            desired=names["desired"],
            inputs=names["inputs"],
            classes=names["classes"],
        )
    network = _network(settings.network, table.task.network)
    table.task.check_network(network)
    procedure = _procedure(settings, table.task.procedure)
    said = tuple(str(one.message) for one in caught)
    return Prepared(
        given=given,
        table=table,
        network=network,
        procedure=procedure,
        names=names,
        warnings=said + procedure.misfits(network),
    )


def _named(columns: Sequence[str], places: Iterable[int]) -> tuple[str, ...]:
    found = []
    for place in dict.fromkeys(places):
        if place >= len(columns):
            raise SettingError(
                f"a column's number must be under {len(columns)}, got {place}."
            )
        found.append(columns[place])
    return tuple(found)


def _units(
    table: TableSeen, used: set[str], names: dict[str, tuple[str, ...]]
) -> dict[str, int]:
    """Tell how many units each column that is used comes to."""
    return {
        column.name: column.different
        if column.kind == "classes" or column.name in names["classes"]
        else 1
        for column in table.columns
        if column.name in used
        # Such a one is refused with a better sentence, unless it was asked for.
        and not (column.names_cases and not names["inputs"])
    }


def _network(text: str, own: Network) -> Network:
    """Read a network, its ends named as those of the table's own are."""
    if not text.strip():
        check_network(own)
        return own
    try:
        read = notation.parse(text)
    except DirectionError as error:  # its own hint offers a delay, and none can be had
        raise SpecError(
            error.message,
            hint="layers stand bottom to top, and each hears from lower ones alone.",
        ) from None
    ends = {layer.name: own.inputs[0].units for layer in read.inputs}
    ends |= {layer.name: own.outputs[0].units for layer in read.outputs}
    if len(read.inputs) != 1 or len(read.outputs) != 1:
        ends = {}
    if read.is_iterative:
        raise SpecError(
            "a network for a table must have no links with a delay, got one.",
            hint="a table has no order in time.",
        )
    check_network(read)
    layers = tuple(
        replace(layer, units=ends[layer.name])
        if len(ends.get(layer.name, ())) == layer.size and not layer.units
        else layer
        for layer in read.layers
    )
    return Network(layers=layers, links=read.links)


def unnamed(network: Network) -> str:
    """Write a network without the names of its units, a layer a line."""
    layers: tuple[Layer, ...] = tuple(
        replace(layer, units=()) for layer in network.layers
    )
    return notation.written(Network(layers=layers, links=network.links))


def _procedure(settings: DataSettings, own: Procedure) -> Procedure:
    changes: dict[str, Any] = {
        name: value
        for name in ("epsilon", "alpha", "decay", "error", "sweeps")
        if (value := getattr(settings, name)) is not None
    }
    if settings.start is not None:
        spread = Spread(settings.start)
        changes["start"] = Start(spread, spread)
    return replace(own, update=settings.update, **changes)


def plan(settings: DataSettings) -> DataPlan:
    """Say what would be learned, how, and how it is had without this page.

    Raises
    ------
    BacksweepError
        If it cannot be learned; says why.
    """
    made = prepared(settings)
    task, procedure = made.table.task, made.procedure
    _check(made, settings)
    return DataPlan(
        about=task.about,
        network=unnamed(made.network),
        layers=look.layer_plans(made.network),
        parameters=made.network.n_parameters,
        cases=task.n_cases,
        held_out=task.n_held_out,
        epsilon=cast(float, procedure.epsilon),
        alpha=cast(float, procedure.alpha),
        decay=cast(float, procedure.decay),
        start=cast(float, procedure.start.weights.width),
        error=procedure.error,
        criterion=str(procedure.criterion),
        sweeps=procedure.sweeps,
        spreads=tuple(
            one.spread for one in made.table.desired if isinstance(one, Numbers)
        ),
        held_out_variance=_held_out_variance(made.table),
        plane=plane.plane_columns(made.table, list(made.given.sheet.columns)),
        warnings=made.warnings,
        python=_as_python(settings, made),
        command=_as_command(settings, made),
    )


def _held_out_variance(table: Table) -> float | None:
    """Tell how far held-out answers lie apart, where they are one number each."""
    task = table.task
    apart = task.desired[list(task.held_out_cases)]
    if len(table.desired) > 1 or isinstance(table.desired[0], Words) or not len(apart):
        return None
    return float(apart.var()) or None


def _check(made: Prepared, settings: DataSettings) -> None:
    parameters, runs = made.network.n_parameters, settings.runs
    check_work(
        cases=made.table.task.n_cases,
        sweeps=made.procedure.sweeps,
        parameters=parameters,
        runs=runs,
    )
    check_kept(parameters=parameters, moments=len(_moments(made, runs)), runs=runs)


def _moments(made: Prepared, runs: int) -> list[int]:
    """Choose the sweeps at which runs are kept."""
    return moments.snapshots_for(
        made.table.task.n_cases,
        made.procedure.sweeps,
        made.network.n_parameters,
        runs,
    )


def _as_python(settings: DataSettings, made: Prepared) -> str:
    parts = [repr(made.given.path.name)]
    parts += [f"{name}={list(of)!r}" for name, of in made.names.items() if of]
    parts += [f"hold_out={settings.hold_out!r}", f"seed={settings.seed}"]
    if settings.missing != "refuse":
        parts.append(f"missing={settings.missing!r}")
    lines = ["from dataclasses import replace", "", "import backsweep as b", ""]
    lines += [f"task = b.read_table(\n    {_joined(parts)},\n)"]
    changes = [
        f"{name}={value!r}"
        for name in ("epsilon", "alpha", "decay", "error", "sweeps")
        if (value := getattr(settings, name)) is not None
    ]
    if settings.start is not None:
        spread = f"b.Spread({settings.start!r})"
        changes.append(f"start=b.Start({spread}, {spread})")
    if settings.update != "sweep":
        changes.append(f"update={settings.update!r}")
    if changes:
        lines += [
            f"procedure = replace(\n    task.procedure,\n    {_joined(changes)},\n)"
        ]
    given = ["task=task"]
    if settings.network.strip():
        lines += [f"network = b.parse({notation.written(made.network)!r})"]
        given.append("network=network")
    given += ["procedure=procedure"] if changes else []
    given += [f"runs={settings.runs}", f"seed={settings.seed}", f"engine={ENGINE!r}"]
    lines += [f"runs = b.learn({', '.join(given)})", "print(runs.summary())"]
    return "\n".join(lines) + "\n"


def _joined(parts: Sequence[str]) -> str:
    return ",\n    ".join(parts)


def _as_command(settings: DataSettings, made: Prepared) -> str:
    words = ["backsweep", "learn", made.given.path.name]
    for name, of in made.names.items():
        words += [f"--{name}", _listed(of)] if of else []
    if settings.missing != "refuse":
        words += ["--missing", settings.missing]
    words += ["--hold-out", repr(settings.hold_out)]
    if settings.network.strip():
        words += ["--network", notation.written(made.network).replace("\n", "; ")]
    for name in ("epsilon", "alpha", "decay", "start", "error", "sweeps"):
        value = getattr(settings, name)
        words += [f"--{name}", str(value)] if value is not None else []
    if settings.update != "sweep":
        words += ["--update", settings.update]
    words += ["--seed", str(settings.seed), "--runs", str(settings.runs)]
    return shlex.join([*words, "--engine", ENGINE])


def _listed(names: Sequence[str]) -> str:
    """Write names of columns as the command line reads them."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


# ---- learning ------------------------------------------------------------------------


def result_of(settings: DataSettings) -> Learned:
    """Give what was learned with these settings.

    Raises
    ------
    NotHeldError
        If it is not held any more.
    """
    found = RESULTS.get(settings.model_dump_json())
    if found is None:
        raise NotHeldError(
            "what is asked for must have been learned, and is not held any more.",
            hint="let it learn again: the same settings give the same result.",
        )
    return found


class Learning:
    """Long work: learns a table, and says on the way how far it has come.

    It can be stopped: what was learned by then is kept, as if it were the end; where
    that is nothing, nothing is.
    """

    def __init__(self, work: LearnTable, identifier: str) -> None:
        self._settings, self._id = work.settings, identifier
        self._reports: queue.Queue[Progress | BaseException | None] = queue.Queue()
        self._stopped = threading.Event()
        self._begun = False
        self._thread: threading.Thread | None = None
        self._last: Progress

    def __iter__(self) -> Learning:
        """Go on with it."""
        return self

    def __next__(self) -> Progress:
        """Give the next report, or the last one again where there is none yet.

        Until it has begun, reports say that nothing is done.
        """
        if self._thread is None:
            made = prepared(self._settings)
            _check(made, self._settings)
            total = made.procedure.sweeps * self._settings.runs
            nothing = np.empty(0)
            self._last = self._report(0, total, (0, 0, 0), nothing, nothing)
            self._thread = threading.Thread(
                target=self._learn, args=(made,), daemon=True
            )
            self._thread.start()
        try:
            item = self._reports.get(timeout=PATIENCE_S)
        except queue.Empty:
            if self._stopped.is_set() and not self._begun:
                raise StopIteration from None  # it may take long to begin
            return self._last
        if item is None:
            raise StopIteration
        if isinstance(item, BaseException):
            raise item
        self._last = item
        return item

    def stop(self) -> None:
        """Let it end soon, with what it has."""
        self._stopped.set()

    def _learn(self, made: Prepared) -> None:
        try:
            self._reports.put(self._carried_out(made))
            self._reports.put(None)
        except KeyboardInterrupt:  # stopped before anything was learned
            self._reports.put(None)
        except Exception as error:  # noqa: BLE001  # handed to whoever asks for reports
            self._reports.put(error)

    def _carried_out(self, made: Prepared) -> Progress:
        settings, task = self._settings, made.table.task
        sweeps = made.procedure.sweeps
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the plan has told them
            runs = learn(
                task=task,
                network=made.network,
                procedure=made.procedure,
                runs=settings.runs,
                seed=settings.seed,
                engine=ENGINE,
                snapshots=_moments(made, settings.runs),
                threads=1,
                listener=self._listen,
            )
        if not self._begun:
            raise KeyboardInterrupt
        RESULTS.put(settings.model_dump_json(), Learned(table=made.table, runs=runs))
        done = int(runs.history.finished.sum())
        counts = (
            int(runs.ended("learned").sum()),
            int(runs.ended("diverged").sum()),
            done,
        )
        return self._report(
            int(runs.history.sweeps.sum()), sweeps * settings.runs, counts,
            runs.errors[0], runs.error_sweeps,
        )  # fmt: skip

    def _listen(self, report: Report) -> None:
        if self._stopped.is_set():
            raise KeyboardInterrupt
        self._begun = report.done > 0
        counts = (report.learned, report.diverged, report.finished)
        total = max(report.total, 1)
        every = total // self._settings.runs  # sweeps of a run
        known = np.arange(1, len(report.errors) + 1) if len(report.errors) else None
        if known is not None and every:
            self._reports.put(
                self._report(report.done, total, counts, report.errors, known)
            )

    def _report(
        self,
        done: int,
        total: int,
        counts: tuple[int, int, int],
        errors: NDArray[np.float64],
        sweeps: NDArray[Any],
    ) -> Progress:
        known = np.isfinite(errors)
        known[max(int(known.argmin()), 0) if not known.all() else len(known) :] = False
        errors, sweeps = errors[known], sweeps[: len(known)][known]
        places = np.unique(
            np.linspace(0, len(errors) - 1, min(len(errors), MOST_SENT)).astype(np.intp)
        ) if len(errors) else np.empty(0, dtype=np.intp)  # fmt: skip
        learned, diverged, finished = counts
        return Progress(
            id=self._id,
            done=done,
            total=total,
            so_far=LearnedSoFar(
                runs=self._settings.runs,
                learned=learned,
                diverged=diverged,
                finished=finished,
                sweep=int(sweeps[-1]) if len(sweeps) else 0,
                sweeps=tuple(sweeps[places].tolist()),
                errors=tuple(errors[places].tolist()),
            ),
        )


# ---- what was learned ----------------------------------------------------------------


def plane_points(asked: PlaneAsked) -> bytes:
    """Put the cases on a plane: `messages.PlanePoints`."""
    made = prepared(asked.settings)
    return plane.points(made.table, list(made.given.sheet.columns), asked)


def plane_sheets(asked: RunPlaneAsked) -> bytes:
    """Ask the units of one run about a plane: `messages.PlaneSheets`."""
    found = result_of(asked.settings)
    columns = list(_given(asked.settings.table).sheet.columns)
    return plane.sheets(found.table, columns, found.runs, asked)


def ensemble(settings: DataSettings) -> bytes:
    """Say what came of all runs: `messages.Ensemble`."""
    return look.ensemble(result_of(settings).runs)


def one_run(asked: RunAsked) -> bytes:
    """Show one of them, whole: `messages.OneRun`."""
    found = result_of(asked.settings)
    return run_view.one_run(found.runs, asked.run, partial(_read, found.table))


def one_case(asked: CaseAsked) -> bytes:
    """Pass one case through one of them: `messages.OneCase`."""
    return case_view.one_case(result_of(asked.settings).runs, asked.run, asked.case)


def record(settings: DataSettings) -> bytes:
    """Give the record of what was learned, as a folder in a zip file."""
    found = result_of(settings)
    name = Path(found.table.task.name).stem
    return zipped(found.runs.save, f"{name}.zarr")


def _read(table: Table, outputs: NDArray[np.float64]) -> NDArray[Any]:
    """Give outputs as the table has them: words joined, numbers side by side."""
    columns = list(table.to_columns(outputs).values())
    if not all(isinstance(column, Words) for column in table.desired):
        return np.stack(columns, axis=-1)
    if len(columns) == 1:
        return columns[0]
    joined = np.frompyfunc(lambda *words: ", ".join(words), len(columns), 1)
    return cast("NDArray[Any]", joined(*columns))
