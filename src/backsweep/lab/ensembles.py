"""The maps' numbers: what networks learn over two settings, coarse to fine.

A map is a grid as `backsweep.grid` has it, with cells of equal width between the
edges that the page shows, and learned some columns at a time. The numbers of the runs
are those of the whole grid: a map is to the bit what `backsweep map` makes of it.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, replace
from functools import partial
from math import isqrt
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from backsweep import tasks
from backsweep.analysis import boundary, box_dimension
from backsweep.errors import SettingError
from backsweep.grids import RATE, Axis, Grid
from backsweep.lab import map_commands
from backsweep.lab.budget import check_work
from backsweep.lab.held import Held
from backsweep.lab.messages import (
    TASKS,
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
)
from backsweep.lab.packing import packed
from backsweep.network import Network
from backsweep.procedure import Procedure, Spread, Start
from backsweep.runs import MAPS, best_cell, count_cells, engine_for, learn
from backsweep.runs.summary import share_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backsweep.procedure import Number
    from backsweep.runs import Runs
    from backsweep.tasks import Task

__all__ = [
    "Planned",
    "axis_of",
    "by_columns",
    "cell",
    "checked",
    "cost_of",
    "draw",
    "drawn",
    "plan",
    "planned",
]

Floats = NDArray[np.float64]

PAGES: Final = {"symmetry": "symmetry"}  # tasks with a page of their own
HIGHEST: Final = {"epsilon": 100.0, "start": 20.0}  # that these pages take
LEAST_APART: Final = 1e-15  # relative: nearer to one another, numbers are rounded alike
MOST_RUNS: Final = 2**20  # of one map: each has a number for every setting
MOST_OF_A_CELL: Final = 1_000_000_000  # pages ask at a glance
COARSEST: Final = 8
FINER: Final = 4  # times as many cells along a side, level by level
A_PART: Final = 300_000_000  # of work: about a tenth of a second
MOST_PARTS: Final = 128  # of a level
RECORDED: Final = 150  # points of a curve of errors
LARGEST: Final = 1e30  # multiple of the first error that is sent
A_SAMPLE: Final = (
    120_000_000  # of work: some milliseconds, from which a map's is judged
)
SAMPLED: Final = (4, 48)  # cells along a side of it


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


def planned(settings: MapSettings, level: int) -> Planned:
    """Make a level of a map ready, with so many cells along a side.

    Raises
    ------
    SettingError
        If the settings do not go together.
    """
    task, network, common = _subject(settings)
    axes = tuple(axis_of(side, level) for side in (settings.x, settings.y))
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
    if settings.task in TASKS:
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


def axis_of(side: MapSide, level: int) -> Axis:
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
    if settings.task in TASKS or settings.task in PAGES:
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


def checked(settings: MapSettings) -> Planned:
    """Plan the finest level, or say why not."""
    finest = planned(settings, settings.cells)
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
    finest = checked(settings)
    common, levels = finest.common, _levels(settings.cells)
    networks = sum(level * level for level in levels) * settings.runs
    runs = settings.runs
    return MapPlan(
        levels=levels,
        runs=finest.grid.n_runs,
        networks=networks,
        seconds=_seconds(settings),
        intervals=tuple(share_interval(learned, runs) for learned in range(runs + 1)),
        epsilon=_one(common.epsilon),
        alpha=_one(common.alpha),
        start=None if common.start.given else _one(common.start.weights.width),
        engine=finest.engine,
        opens=bool(_link(settings, finest, 0)),
        command=map_commands.command(
            settings, finest.network, finest.grid, finest.engine
        ),
        python=map_commands.python(
            settings, finest.network, finest.grid, finest.engine, common
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What learning a map takes here, in seconds."""

    part: float  # whatever is in it
    cell: float


COSTS: Final[Held[Cost]] = Held(64)


def _seconds(settings: MapSettings) -> float:
    """Judge how long a map takes, by what one of its kind takes wherever it lies."""
    if drawn(settings) is not None:
        return 0.0
    x, y = (side.setting for side in (settings.x, settings.y))
    kind = settings.model_dump_json(exclude={"x", "y", "cells", "seed"}) + x + y
    if (cost := COSTS.get(kind)) is None:
        COSTS.put(kind, cost := cost_of(settings))
    levels = [planned(settings, level) for level in _levels(settings.cells)]
    parts = sum(len(_parts(level)) for level in levels)
    cells = sum(level.grid.n_cells for level in levels)
    return parts * cost.part + cells * cost.cell


def cost_of(
    settings: MapSettings, clock: Callable[[], float] = time.perf_counter
) -> Cost:
    """Let two small maps learn, and see how long they take.

    Where those may not learn for as many sweeps, none of their runs ends sooner
    because it has learned: then it is at most so much.
    """
    fewest, most = SAMPLED
    a_sweep = planned(settings, fewest).work // settings.sweeps  # of a cell
    sweeps = max(1, min(settings.sweeps, A_SAMPLE // (a_sweep * most * fewest)))
    side = max(2 * fewest, min(most, isqrt(A_SAMPLE // (a_sweep * sweeps))))
    few = settings.model_copy(update={"sweeps": sweeps})
    _sample(few, fewest)  # the first time it may have to be compiled
    taken = []
    for cells in (fewest, side):
        begun = clock()
        _sample(few, cells)
        taken.append(clock() - begun)
    more = max(0.0, taken[1] - taken[0]) / (side**2 - fewest**2)
    return Cost(part=taken[0], cell=more * settings.sweeps / sweeps)


def _sample(settings: MapSettings, side: int) -> None:
    at = planned(settings, side)
    runs = range(at.grid.n_runs)
    _learned(at, at.grid.applied_to(at.common), settings.seed, runs)


def _one(number: Number) -> float:
    """Take what does not vary."""
    assert not isinstance(number, tuple)  # noqa: S101  # it is the same for all runs
    return number


# -- drawing ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """All cells of a map: (n_kinds, cells, cells), and what came of them."""

    values: NDArray[np.float32]
    summary: MapSummary


DRAWN: Final[Held[Drawn]] = Held(12)  # of at most 3 MB


def _name(settings: MapSettings) -> str:
    """Name what decides the numbers: how they are coloured does not."""
    kind = "convergence" if settings.show == "convergence" else "share"
    return settings.model_copy(update={"show": kind}).model_dump_json()


def drawn(settings: MapSettings) -> Drawn | None:
    """Give a map that was drawn not long ago."""
    return DRAWN.get(_name(settings))


def draw(work: DrawMap, identifier: str) -> Iterator[Progress]:
    """Learn over all cells, coarse to fine, some columns at a time.

    A map that was drawn not long ago comes at once, all its cells together.

    Yields
    ------
    Progress
        With columns; the last one has none, but says what came of all cells.
    """
    settings = work.settings
    finest = checked(settings)
    if (known := drawn(settings)) is not None:
        yield from _at_once(known, settings.cells, identifier)
        return
    levels = _levels(settings.cells)
    total, before = sum(level * level for level in levels), 0
    kept: list[dict[str, Floats]] = []
    sweeps = 0
    for level in levels:
        at = finest if level == settings.cells else planned(settings, level)
        kept, sweeps = [], 0
        for columns, runs in by_columns(at, settings):
            kept.append(_maps(runs, settings, (len(columns), level)))
            sweeps += int(runs.history.sweeps.sum())
            yield Progress(
                id=identifier,
                done=before + columns.stop * level,
                total=total,
                so_far=_part(level, columns.start, np.stack(list(kept[-1].values()))),
            )
        before += level * level
    whole = {
        kind: np.concatenate([some[kind] for some in kept], axis=0) for kind in kept[0]
    }
    made = Drawn(
        values=np.stack(list(whole.values())).astype("<f4"),
        summary=_summary(finest.grid, whole, sweeps),
    )
    DRAWN.put(_name(settings), made)
    yield _last(made, settings.cells, identifier, total)


def _at_once(made: Drawn, cells: int, identifier: str) -> Iterator[Progress]:
    total = cells * cells
    part = _part(cells, 0, made.values)
    yield Progress(id=identifier, done=total, total=total, so_far=part)
    yield _last(made, cells, identifier, total)


def _last(made: Drawn, cells: int, identifier: str, total: int) -> Progress:
    end = MapPart(level=cells, first=cells, columns=0, values="", summary=made.summary)
    return Progress(id=identifier, done=total, total=total, so_far=end)


def by_columns(at: Planned, settings: MapSettings) -> Iterator[tuple[range, Runs]]:
    """Learn some columns of a level at a time."""
    level = at.grid.shape[0]
    procedure = at.grid.applied_to(at.common)
    of_a_column = level * settings.runs
    for columns in _parts(at):
        runs = range(columns.start * of_a_column, columns.stop * of_a_column)
        yield columns, _learned(at, procedure, settings.seed, runs)


def _parts(at: Planned) -> list[range]:
    """Put columns together to parts of about the same work."""
    level = at.grid.shape[0]
    step = max(1, A_PART // (at.work * level), level // MOST_PARTS)
    return [range(one, min(one + step, level)) for one in range(0, level, step)]


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


def _part(level: int, first: int, values: NDArray[Any]) -> MapPart:
    return MapPart(
        level=level,
        first=first,
        columns=values.shape[1],
        values=base64.b64encode(values.astype("<f4").tobytes()).decode(),
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
    at = planned(settings, wanted.level)
    if at.work > MOST_OF_A_CELL:
        raise SettingError(
            f"a cell must take at most {MOST_OF_A_CELL:,} cases x sweeps x parameters x"
            f" runs to be looked at, got {at.work:,}.",
            hint="take fewer runs to a cell.",
        )
    first = (wanted.column * wanted.level + wanted.row) * settings.runs
    numbers = range(first, first + settings.runs)
    of_it = at.grid.of_run(first)
    alone = at.grid.of_run_applied_to(at.common, first)
    procedure = replace(alone, until="end")
    every = max(1, settings.sweeps // RECORDED)
    runs = learn(
        at.network,
        at.task,
        procedure,
        runs=numbers,
        seed=settings.seed,
        engine=at.engine,
        every=every,
        ends=False,
    )
    epsilon, alpha = (
        of_it.get(name, _one(getattr(at.common, name))) for name in ("epsilon", "alpha")
    )
    by_layer = any(name.startswith(RATE) for name in of_it)
    errors = runs.errors
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.minimum(errors / errors[:, :1], LARGEST)
    return packed(
        partial(
            MapCell,
            x=of_it[at.grid.names[0]],
            y=of_it[at.grid.names[1]],
            epsilon=epsilon,
            alpha=alpha,
            edge=None if by_layer or not epsilon else 2 * (1 + alpha) / epsilon,
            first=first,
            recorded=tuple(runs.error_sweeps.tolist()),
            command=map_commands.cell_command(settings, at.network, of_it, at.engine),
            python=map_commands.cell_python(
                settings, at.network, at.grid, at.engine, numbers
            ),
            links=tuple(_link(settings, at, run) for run in numbers),
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
    page = "curve" if settings.task in TASKS else PAGES.get(settings.task)
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
