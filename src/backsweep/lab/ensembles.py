"""The maps' numbers: what networks learn over two settings, coarse to fine.

A map is a grid as `backsweep.grid` has it, with cells of equal width between the
edges that the page shows, and learned some columns at a time. The numbers of the runs
are those of the whole grid: a map is to the bit what `backsweep map` makes of it.
"""

from __future__ import annotations

import base64
import io
import shlex
import tempfile
import zipfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from backsweep import tasks
from backsweep.analysis import boundary, box_dimension
from backsweep.errors import SettingError
from backsweep.grids import RATE, Axis, Grid
from backsweep.lab.budget import check_work
from backsweep.lab.messages import (
    DrawMap,
    MapBest,
    MapCell,
    MapCellWanted,
    MapPart,
    MapPlan,
    MapSettings,
    MapSide,
    MapSummary,
    Progress,
    TaskName,
)
from backsweep.lab.packing import packed
from backsweep.network import Network
from backsweep.procedure import Procedure, Spread, Start
from backsweep.runs import MAPS, best_cell, count_cells, engine_for, learn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backsweep.procedure import Number
    from backsweep.runs import Runs
    from backsweep.tasks import Task

__all__ = ["cell", "draw", "plan", "record"]

Floats = NDArray[np.float64]

LOGIC: Final = frozenset(get_args(TaskName))  # what the training curve shows too
PAGES: Final = {"symmetry": "symmetry"}  # tasks with a page of their own
HIGHEST: Final = {"epsilon": 100.0, "start": 20.0}  # that these pages take
LEAST_APART: Final = 1e-15  # relative: nearer to one another, numbers are rounded alike
MOST_RUNS: Final = 2**20  # of one map: each has a number for every setting
MOST_OF_A_RECORD: Final = 6_000_000_000  # of work: one waits a few seconds for it
MOST_OF_A_CELL: Final = 1_000_000_000  # pages ask at a glance
COARSEST: Final = 8
FINER: Final = 4  # times as many cells along a side, level by level
A_PART: Final = 300_000_000  # of work: about a tenth of a second
MOST_PARTS: Final = 128  # of a level
RECORDED: Final = 150  # points of a curve of errors
LARGEST: Final = 1e30  # multiple of the first error that is sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A level of a map, ready to learn."""

    task: Task
    network: Network
    common: Procedure
    grid: Grid
    engine: str

    @property
    def work(self) -> int:
        """Cases times sweeps times parameters of one cell's runs."""
        of_a_run = self.task.n_cases * self.common.sweeps * self.network.n_parameters
        return of_a_run * self.grid.runs


def _planned(settings: MapSettings, level: int) -> Planned:
    task, network, common = _subject(settings)
    axes = tuple(_axis(side, level) for side in (settings.x, settings.y))
    grid = Grid(axes, settings.runs)
    common.check_rates(network)
    grid.ends_applied_to(common).check_rates(network)
    return Planned(
        task=task,
        network=network,
        common=common,
        grid=grid,
        engine=_engine(settings, grid, network, common),
    )


def _subject(settings: MapSettings) -> tuple[Task, Network, Procedure]:
    """Give task, network and what does not vary."""
    task = tasks.named(settings.task)
    own, network = task.procedure, task.network
    if settings.task in LOGIC:
        sizes = (task.network.n_in, settings.hidden, 1)
        network = Network.layered(*(size for size in sizes if size))
    start = own.start
    if settings.start is not None:
        start = Start(Spread(settings.start), Spread(settings.start))
    common = replace(
        own,
        epsilon=own.epsilon if settings.epsilon is None else settings.epsilon,
        alpha=own.alpha if settings.alpha is None else settings.alpha,
        decay=settings.decay,
        start=start,
        update=settings.update,
        sweeps=settings.sweeps,
        until="end" if settings.show == "convergence" else "learned",
    )
    return task, network, common


def _axis(side: MapSide, level: int) -> Axis:
    """Place so many cells of equal width between the edges of a map."""
    low, high = side.low, side.high
    if not low < high:
        raise SettingError(
            f"the edges of `{side.setting}` must ascend, got {low:g} before {high:g}."
        )
    ends = np.array([low, high]) + np.array([0.5, -0.5]) * (high - low) / level
    if side.setting == "alpha":
        if low < 0 or high > 1:
            raise SettingError(
                f"alpha must stay from 0 to 1, got a map from {low:g} to {high:g}."
            )
        values = np.linspace(ends[0], ends[1], level)
    else:
        values = np.geomspace(10 ** ends[0], 10 ** ends[1], level)
    if (np.diff(values) <= LEAST_APART * np.abs(values[1:])).any():
        raise SettingError(
            "the cells must lie further apart than rounding, got "
            f"{level} of them from {low!r} to {high!r}.",
            hint="this is as deep as numbers with 16 digits go: zoom out.",
        )
    return Axis(side.setting, tuple(values.tolist()))


def _engine(
    settings: MapSettings, grid: Grid, network: Network, common: Procedure
) -> str:
    """Take what `backsweep map` takes; the page of a run takes double precision."""
    if settings.task in LOGIC or settings.task in PAGES:
        return "compiled"
    return engine_for(grid, network, common)


def _levels(cells: int) -> tuple[int, ...]:
    """Give cells along a side, coarse to fine.

    Examples
    --------
    >>> _levels(128), _levels(16)
    ((8, 32, 128), (16,))
    """
    levels = [cells]
    while levels[0] // FINER >= COARSEST:
        levels.insert(0, levels[0] // FINER)
    return tuple(levels)


def _checked(settings: MapSettings) -> Planned:
    """Plan the finest level, or say why not."""
    finest = _planned(settings, settings.cells)
    if finest.grid.n_runs > MOST_RUNS:
        raise SettingError(
            f"a map must have at most {MOST_RUNS:,} runs, got {settings.cells} x "
            f"{settings.cells} x {settings.runs} = {finest.grid.n_runs:,}.",
            hint=f"take at most {max(1, MOST_RUNS // finest.grid.n_cells)} runs to a"
            " cell, or fewer cells.",
        )
    check_work(
        cases=finest.task.n_cases,
        sweeps=settings.sweeps,
        parameters=finest.network.n_parameters,
        runs=finest.grid.n_runs,
    )
    return finest


def plan(settings: MapSettings) -> MapPlan:
    """Say what drawing a map will come to, and how else to draw it.

    Raises
    ------
    SettingError
        If it is beyond the budget, or the settings do not go together.
    """
    finest = _checked(settings)
    common = finest.common
    return MapPlan(
        levels=_levels(settings.cells),
        runs=finest.grid.n_runs,
        epsilon=_one(common.epsilon),
        alpha=_one(common.alpha),
        start=None if common.start.given else _one(common.start.weights.width),
        engine=finest.engine,
        opens=bool(_link(settings, finest, 0)),
        command=_command(settings, finest),
        python=_python(settings, finest),
    )


def _one(number: Number) -> float:
    """Take what does not vary."""
    assert not isinstance(number, tuple)  # noqa: S101  # it is the same for all runs
    return number


# -- drawing ---------------------------------------------------------------------------


def draw(work: DrawMap, identifier: str) -> Iterator[Progress]:
    """Learn over all cells, coarse to fine, some columns at a time.

    Yields
    ------
    Progress
        With columns; the last one has none, but says what came of all cells.
    """
    settings = work.settings
    finest = _checked(settings)
    levels = _levels(settings.cells)
    total, before = sum(level * level for level in levels), 0
    kept: list[dict[str, Floats]] = []
    sweeps = 0
    for level in levels:
        at = finest if level == settings.cells else _planned(settings, level)
        kept, sweeps = [], 0
        for columns, runs in _by_columns(at, settings):
            kept.append(_maps(runs, settings, (len(columns), level)))
            sweeps += int(runs.history.sweeps.sum())
            yield Progress(
                id=identifier,
                done=before + columns.stop * level,
                total=total,
                so_far=_part(level, columns.start, kept[-1]),
            )
        before += level * level
    whole = {
        kind: np.concatenate([some[kind] for some in kept], axis=0) for kind in kept[0]
    }
    yield Progress(
        id=identifier,
        done=total,
        total=total,
        so_far=MapPart(
            level=settings.cells,
            first=settings.cells,
            columns=0,
            values="",
            summary=_summary(finest.grid, whole, sweeps),
        ),
    )


def _by_columns(at: Planned, settings: MapSettings) -> Iterator[tuple[range, Runs]]:
    """Learn some columns of a level at a time."""
    level = at.grid.shape[0]
    procedure = at.grid.applied_to(at.common)
    step = max(1, A_PART // (at.work * level), level // MOST_PARTS)
    of_a_column = level * settings.runs
    for first in range(0, level, step):
        columns = range(first, min(first + step, level))
        runs = range(columns.start * of_a_column, columns.stop * of_a_column)
        yield columns, _learned(at, procedure, settings.seed, runs)


def _learned(at: Planned, procedure: Procedure, seed: int, runs: range) -> Runs:
    return learn(
        at.network,
        at.task,
        procedure,
        runs=runs,
        seed=seed,
        engine=at.engine,
        every=procedure.sweeps,
        ends=False,
        convergence=procedure.until == "end",
    )


def _maps(
    runs: Runs, settings: MapSettings, shape: tuple[int, int]
) -> dict[str, Floats]:
    """Make each map's numbers of the runs of some columns."""
    is_measure = settings.show == "convergence"
    made = {}
    for kind in ("convergence",) if is_measure else ("share", "median", "diverged"):
        row, reduced, _ = MAPS[kind]
        values = np.asarray(getattr(runs.history, row), dtype=np.float64)
        made[kind] = reduced(values.reshape(*shape, settings.runs))
    return made


def _part(level: int, first: int, maps: dict[str, Floats]) -> MapPart:
    values = np.stack(list(maps.values())).astype("<f4")
    return MapPart(
        level=level,
        first=first,
        columns=values.shape[1],
        values=base64.b64encode(values.tobytes()).decode(),
        summary=None,
    )


def _summary(grid: Grid, maps: dict[str, Floats], sweeps: int) -> MapSummary:
    best, place = None, best_cell(maps)
    if place is not None:
        column, row = divmod(place, grid.shape[1])
        of_it = grid.of_run(place * grid.runs)
        best = MapBest(
            column=column,
            row=row,
            x=of_it[grid.names[0]],
            y=of_it[grid.names[1]],
            value=float(next(iter(maps.values()))[column, row]),
        )
    crossed = boundary(maps["convergence"]) if "convergence" in maps else None
    return MapSummary(
        counts=count_cells(maps),
        best=best,
        boundary=None if crossed is None else float(crossed.mean()),
        dimension=None if crossed is None else box_dimension(crossed),
        net_sweeps=sweeps,
    )


# -- one cell --------------------------------------------------------------------------


def cell(wanted: MapCellWanted) -> bytes:
    """Let the runs of one cell learn again, with their errors: `messages.MapCell`."""
    settings = wanted.settings
    if max(wanted.column, wanted.row) >= wanted.level:
        raise SettingError(
            f"a cell must lie in its map of {wanted.level} x {wanted.level}, got "
            f"column {wanted.column} and row {wanted.row}."
        )
    at = _planned(settings, wanted.level)
    if at.work > MOST_OF_A_CELL:
        raise SettingError(
            f"a cell must take at most {MOST_OF_A_CELL:,} cases x sweeps x parameters x"
            f" runs to be looked at, got {at.work:,}.",
            hint="take fewer runs to a cell.",
        )
    first = (wanted.column * wanted.level + wanted.row) * settings.runs
    of_it = at.grid.of_run(first)
    alone = at.grid.of_run_applied_to(at.common, first)
    procedure = replace(alone, until="end")
    every = max(1, settings.sweeps // RECORDED)
    runs = learn(
        at.network,
        at.task,
        procedure,
        runs=range(first, first + settings.runs),
        seed=settings.seed,
        engine=at.engine,
        every=every,
        ends=False,
    )
    errors = runs.errors
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.minimum(errors / errors[:, :1], LARGEST)
    return packed(
        partial(
            MapCell,
            x=of_it[at.grid.names[0]],
            y=of_it[at.grid.names[1]],
            first=first,
            recorded=tuple(runs.error_sweeps.tolist()),
            links=tuple(
                _link(settings, at, run) for run in range(first, first + settings.runs)
            ),
        ),
        {
            "error": relative.astype(np.float32),
            "learned_at": runs.learned_at.astype(np.int32),
            "diverged_at": runs.diverged_at.astype(np.int32),
        },
    )


def _link(settings: MapSettings, at: Planned, run: int) -> str:
    """Give the state in which a run's own page shows it; empty where none does."""
    varied = {settings.x.setting, settings.y.setting}
    page = "curve" if settings.task in LOGIC else PAGES.get(settings.task)
    if page is None or settings.decay or not varied <= {"epsilon", "alpha", "start"}:
        return ""
    common = at.common
    values = {
        "epsilon": _one(common.epsilon),
        "alpha": _one(common.alpha),
        "start": _one(common.start.weights.width),
    } | at.grid.of_run(run)
    if values["epsilon"] > HIGHEST["epsilon"] or values["start"] > HIGHEST["start"]:
        return ""
    state: dict[str, object] = {"page": page}
    if page == "curve":
        state |= {
            "task": settings.task,
            "hidden": settings.hidden,
            "update": settings.update,
        }
    return urlencode(state | values | {"seed": settings.seed, "run": run})


# -- the same from elsewhere -----------------------------------------------------------


def _shape(network: Network) -> str:
    return "-".join(str(layer.size) for layer in network.layers)


def _given(settings: MapSettings) -> dict[str, float]:
    """Give what was chosen and does not vary, by the words of the command line."""
    varied = {settings.x.setting, settings.y.setting}
    chosen = {
        "epsilon": settings.epsilon,
        "alpha": settings.alpha,
        "start": settings.start,
        "decay": settings.decay or None,
    }
    return {
        name: value
        for name, value in chosen.items()
        if value is not None and name not in varied
    }


def _command(settings: MapSettings, at: Planned) -> str:
    words = ["backsweep", "map", settings.task]
    if settings.task in LOGIC:
        words += ["--network", _shape(at.network)]
    for axis in at.grid.axes:
        values = axis.values
        steps = "" if axis.setting == "alpha" else "log"
        span = f"{values[0]!r}:{values[-1]!r}:{len(values)}{steps}"
        if axis.setting.startswith(RATE):
            words += ["--rate", f"{axis.setting.removeprefix(RATE)}={span}"]
        else:
            words += [f"--{axis.setting}", span]
    for name, value in _given(settings).items():
        words += [f"--{name}", f"{value!r}"]
    words += ["--sweeps", str(settings.sweeps), "--runs", str(settings.runs)]
    words += ["--seed", str(settings.seed), "--engine", at.engine]
    if settings.update != "sweep":
        words += ["--update", settings.update]
    if settings.show != "share":
        words += ["--show", settings.show]
    return shlex.join(words)


def _python(settings: MapSettings, at: Planned) -> str:
    axes = "".join(
        f"        {axis.setting!r}: np."
        f"{'linspace' if axis.setting == 'alpha' else 'geomspace'}"
        f"({axis.values[0]!r}, {axis.values[-1]!r}, {len(axis.values)}),\n"
        for axis in at.grid.axes
    )
    given = _given(settings)
    spread = given.pop("start", None)
    changes = [f"{name}={value!r}" for name, value in given.items()]
    if spread is not None:
        changes.append(f"start=b.Start(b.Spread({spread!r}), b.Spread({spread!r}))")
    if settings.update != "sweep":
        changes.append(f"update={settings.update!r}")
    changes += [f"sweeps={settings.sweeps}", f"until={at.common.until!r}"]
    network = f' network="{_shape(at.network)}",' if settings.task in LOGIC else ""
    is_measure = settings.show == "convergence"
    measured = "\n    convergence=True," if is_measure else ""
    return (
        "from dataclasses import replace\n\nimport numpy as np\n\n"
        "import backsweep as b\n\n"
        f"grid = b.grid(\n    {{\n{axes}    }},\n    runs={settings.runs},\n)\n"
        f'procedure = replace(\n    b.task("{settings.task}").procedure,\n    '
        + ",\n    ".join(changes)
        + ",\n)\nruns = b.learn(\n"
        f'    task="{settings.task}",{network} procedure=procedure, grid=grid,\n'
        f'    seed={settings.seed}, engine="{at.engine}",\n'
        f"    every=procedure.sweeps, ends=False,{measured}\n)\n"
        f'runs.map("{settings.show}")\n'
    )


def record(settings: MapSettings) -> bytes:
    """Learn over the finest cells and give the record, as a folder in a zip file.

    Raises
    ------
    SettingError
        If it would take more than about a minute.
    """
    at = _checked(settings)
    if at.work * at.grid.n_cells > MOST_OF_A_RECORD:
        raise SettingError(
            f"a record from here must take at most {MOST_OF_A_RECORD:,} cases x sweeps"
            f" x parameters x runs, got {at.work * at.grid.n_cells:,}.",
            hint="the command line makes larger ones, and can be broken off.",
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{settings.task.replace(':', '-')}-map.zarr"
        learn(
            at.network,
            at.task,
            at.common,
            grid=at.grid,
            seed=settings.seed,
            engine=at.engine,
            every=settings.sweeps,
            ends=False,
            convergence=settings.show == "convergence",
            save=path,
        )
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:
            for file in sorted(path.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(folder).as_posix())
    return body.getvalue()
