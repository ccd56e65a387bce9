"""Elsewhere: on which other pages of the lab a run of a record can be seen.

A page shows a run if its own settings give it to the bit: the same task, network and
procedure, number and seed, learned by the same engine. Each page that knows the task is
asked; what it would show otherwise is said, and not linked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast, get_args
from urllib.parse import urlencode

import numpy as np
from pydantic import ValidationError

from backsweep import tasks
from backsweep.errors import BacksweepError
from backsweep.lab import curve, data, ensembles, families, symmetry
from backsweep.lab.messages import (
    TASKS,
    CurveSettings,
    DataSettings,
    FamilySettings,
    MapSettings,
    MapSide,
    MapTask,
    OtherPage,
    SymmetrySettings,
)
from backsweep.tasks.table import is_table

if TYPE_CHECKING:
    from backsweep.grids import Axis
    from backsweep.lab.messages import TableSeen
    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.runs import Runs
    from backsweep.tasks import Task

__all__ = ["other_pages"]


MISSING: Final = ("refuse", "drop", "mean")
MOST_RUNS: Final = 1_000  # of a table
NEXT: Final = 4  # numbers next to one another that are tried as edges of a map
# From where to where the page of maps lets one look, as `axes.js` has it.
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "epsilon": (-6, 2),
    "alpha": (0, 1),
    "start": (-4, 1.3),
    "decay": (-9, -0.1),
    "rate of hidden": (-9, 12),
    "rate of output": (-9, 12),
}

# Tasks that no page but that of maps has.
MAPS_ALONE: Final = {*get_args(MapTask)} - {*TASKS, symmetry.TASK.name}


class Apart(Exception):  # noqa: N818  # no failure: the answer is why there is no link
    """Why a page that knows a task does not show a run, as a sentence."""


class Shown(NamedTuple):
    """What a page would show with some settings."""

    task: Task
    network: Network
    procedure: Procedure
    engine: str
    settings: dict[str, Any]


def other_pages(runs: Runs, run: int) -> tuple[OtherPage, ...]:
    """Name the pages that know the task of a run, with a link or the reason for none.

    Raises
    ------
    DataError
        If the record has no such run.
    """
    place = runs.place(run)
    carried_out = int(runs.history.sweeps[place])
    found = []
    for name, (title, page) in PAGES.items():
        try:
            shown = page(runs, run)
            if shown is None:
                continue
            why = _otherwise(runs, run, shown, carried_out)
            link = "" if why else urlencode({"page": name, **shown.settings})
        except ValidationError as error:
            where, given = error.errors()[0]["loc"], error.errors()[0]["input"]
            link, why = "", f"That page does not take this {where[-1]}: {given}."
        except Apart as reason:
            link, why = "", str(reason)
        found.append(OtherPage(title=title, link=link, why=why))
    return tuple(found)


def _otherwise(runs: Runs, run: int, shown: Shown, carried_out: int) -> str:
    """Say in what a page would show another run; empty where it is the same."""
    own = runs.procedure.of_run(run)
    as_long = replace(own, sweeps=shown.procedure.sweeps, until=shown.procedure.until)
    if not _same_cases(runs.task, shown.task):
        return "The record's cases are other ones than that page has."
    if runs.network != shown.network:
        return "The record's network is another one than that page has."
    if as_long != shown.procedure:
        return "The record was learned with settings that this page does not have."
    if runs.engine != shown.engine:
        return (
            f"The record was learned by the engine {runs.engine!r}, that page lets "
            f"{shown.engine!r} learn: the runs part after some sweeps."
        )
    if carried_out > shown.procedure.sweeps:
        return (
            f"The run has {carried_out:,} sweeps, and that page shows the first "
            f"{shown.procedure.sweeps:,}."
        )
    return ""


def _same_cases(task: Task, other: Task) -> bool:
    return (
        np.array_equal(task.inputs, other.inputs)
        and np.array_equal(task.desired, other.desired)
        and task.case_names == other.case_names
        and task.held_out == other.held_out
        and task.held_out_cases == other.held_out_cases
    )


def _curve(runs: Runs, run: int) -> Shown | None:
    if runs.task.name not in TASKS:
        return None
    own = runs.procedure.of_run(run)
    hidden = [layer.size for layer in runs.network.hidden]
    values = {
        "task": runs.task.name,
        "hidden": sum(hidden),
        "epsilon": own.epsilon,
        "alpha": own.alpha,
        "start": own.start.weights.width,
        "update": own.update,
        "seed": runs.seed,
        "run": run,
    }
    settings = CurveSettings.model_validate(values)
    return Shown(
        tasks.named(settings.task),
        curve.network_of(settings),
        curve.procedure_of(settings),
        curve.ENGINE,
        values,
    )


def _symmetry(runs: Runs, run: int) -> Shown | None:
    if runs.task.name != symmetry.TASK.name:
        return None
    own = runs.procedure.of_run(run)
    values = {
        "epsilon": own.epsilon,
        "alpha": own.alpha,
        "start": own.start.weights.width,
        "seed": runs.seed,
        "run": run,
    }
    settings = SymmetrySettings.model_validate(values)
    procedure = symmetry.procedure_of(settings)
    return Shown(
        symmetry.TASK, symmetry.TASK.network, procedure, symmetry.ENGINE, values
    )


def _families(runs: Runs, run: int) -> Shown | None:
    named = {recipe.task: name for name, recipe in families.RECIPES.items()}
    if runs.task.name not in named:
        return None
    values = {"recipe": named[runs.task.name], "seed": runs.seed, "run": run}
    task = families.task_of(FamilySettings.model_validate(values))
    return Shown(task, task.network, task.procedure, families.ENGINE, values)


def _table(runs: Runs, run: int) -> Shown | None:
    """Find settings of the page of tables, if the record's table is at hand."""
    task, last = runs.task, int(runs.run[-1])
    if not is_table(task.source):
        return None
    if int(runs.run[0]) != 0 or last >= MOST_RUNS:
        raise Apart(f"That page lets runs 0 to {MOST_RUNS - 1} learn, and no others.")
    own = runs.procedure.of_run(run)
    if isinstance(own.update, int):
        raise Apart(f"That page does not change weights after {own.update} cases.")
    units = [unit for layer in runs.network.inputs for unit in layer.unit_names]
    wanted = [unit for layer in runs.network.outputs for unit in layer.unit_names]
    found: Shown | None = None
    for table in data.at_hand(task.name):
        for hold_out, missing in product(_shares(task), MISSING):
            columns = {column.name: k for k, column in enumerate(table.columns)}
            kinds = _uses(columns, wanted), _uses(columns, units)
            classes = _classes(table, (*wanted, *units))
            settings = DataSettings(
                table=table.table,
                predict=kinds[0],
                leave=tuple(sorted({*columns.values()} - {*kinds[0], *kinds[1]})),
                classes=classes,
                network=data.unnamed(runs.network).replace("\n", "; "),
                hold_out=hold_out,
                missing=cast(Any, missing),
                epsilon=cast(float, own.epsilon),
                alpha=cast(float, own.alpha),
                start=cast(float, own.start.weights.width),
                error=own.error,
                update=own.update,
                sweeps=own.sweeps,
                seed=runs.seed,
                runs=last + 1,
            )
            try:
                made = data.prepared(settings)
            except BacksweepError:
                continue
            found = Shown(
                made.table.task,
                made.network,
                made.procedure,
                data.ENGINE,
                _table_state(settings) | {"run": run},
            )
            if _same_cases(task, found.task):
                return found
    if found is None:
        raise Apart(
            f"Its table, {Path(task.source).name}, is not at hand: hand it in there, "
            "and open this record again."
        )
    return found


def _uses(columns: Mapping[str, int], units: list[str]) -> tuple[int, ...]:
    """Find the columns that units stand for: "size", or "colour=red"."""
    names = (unit if unit in columns else unit.split("=")[0] for unit in units)
    return tuple(sorted({columns[name] for name in names if name in columns}))


def _classes(table: TableSeen, units: tuple[str, ...]) -> tuple[int, ...]:
    """Find the columns of numbers that were learned as classes."""
    return tuple(
        k
        for k, column in enumerate(table.columns)
        if column.kind == "numbers"
        and any(unit.startswith(f"{column.name}=") for unit in units)
    )


def _shares(task: Task) -> list[float]:
    """Give shares in percent that may have held so many cases out."""
    share = 100 * task.n_held_out / task.n_cases
    near = {max(0, math.floor(share) + k) for k in (-1, 0, 1, 2)} if share else {0}
    return sorted((k / 100 for k in near), key=lambda one: abs(one - share / 100))


def _table_state(settings: DataSettings) -> dict[str, Any]:
    listed = {
        name: ",".join(map(str, getattr(settings, name)))
        for name in ("predict", "leave", "classes")
    }
    plain = settings.model_dump(exclude={*listed, "hold_out", "decay"})
    listed["leave"] = listed["leave"] or "none"
    return {**plain, **listed, "hold": settings.hold_out, "learn": "yes"}


def _map(runs: Runs, run: int) -> Shown | None:
    """Find settings of the page of maps that place its cells to the bit."""
    grid, common = runs.grid, runs.common
    if grid is None or common is None:
        if runs.task.name not in MAPS_ALONE:
            return None
        raise Apart(
            "That page lets this task learn over a grid of settings, and the record "
            "has none."
        )
    if runs.task.name not in get_args(MapTask):
        raise Apart(f"That page has no maps of the task {runs.task.name!r}.")
    if len(grid.axes) != 2 or grid.shape[0] != grid.shape[1]:
        shape = " x ".join(map(str, grid.shape))
        raise Apart(f"That page draws squares of two settings, the record has {shape}.")
    sides = {
        name: _side(axis) for name, axis in zip(("x", "y"), grid.axes, strict=True)
    }
    hidden = sum(layer.size for layer in runs.network.hidden)
    given = {
        name: value
        for name, value in (
            ("epsilon", common.epsilon),
            ("alpha", common.alpha),
            ("start", common.start.weights.width),
        )
        if name not in grid.names and not (name == "start" and common.start.given)
    }
    settings = MapSettings.model_validate(
        {
            **sides,
            **given,
            "task": runs.task.name,
            "show": "convergence" if runs.recording.convergence else "share",
            "cells": grid.shape[0],
            "runs": grid.runs,
            "sweeps": common.sweeps,
            "seed": runs.seed,
            "hidden": hidden if runs.task.name in TASKS else 2,
            "update": common.update,
        }
    )
    made = ensembles.planned(settings, settings.cells)
    if made.grid != grid or made.common != common:
        raise Apart(
            "The record was learned with settings that this page does not have."
        )
    edges = (settings.x.low, settings.x.high, settings.y.low, settings.y.high)
    column, row = divmod(run // grid.runs, grid.shape[1])
    state = settings.model_dump(exclude={"x", "y", "decay"}, exclude_none=True) | {
        "x": settings.x.setting,
        "y": settings.y.setting,
        "window": ",".join(map(repr, edges)),
        "cell": f"{column},{row}",
    }
    own = runs.procedure.of_run(run)
    return Shown(made.task, made.network, own, made.engine, state)


def _side(axis: Axis) -> dict[str, Any]:
    """Find edges between which the page places cells where an axis has them."""
    if axis.setting not in BOUNDS:
        raise Apart(f"That page does not vary {axis.setting!r}.")
    low, high = BOUNDS[axis.setting]
    values = axis.values
    is_plain = axis.setting == "alpha"
    if len(values) > 1 and (is_plain or min(values) > 0):
        ends = values if is_plain else [math.log10(value) for value in values]
        half = (ends[-1] - ends[0]) / (len(values) - 1) / 2
        for edges in product(_near(ends[0] - half), _near(ends[-1] + half)):
            if not low <= edges[0] < edges[1] <= high:
                continue
            side = {"setting": axis.setting, "low": edges[0], "high": edges[1]}
            found = ensembles.axis_of(MapSide.model_validate(side), len(values))
            if found.values == values:
                return side
    raise Apart(
        f"The cells along {axis.setting} do not lie where that page can place them."
    )


def _near(value: float) -> list[float]:
    """Give a number rounded ever less, and those next to it."""
    found = [round(value, digits) for digits in (2, 4, 6, 8, 10, 12)]
    for way in (-math.inf, math.inf):
        one = value
        for _ in range(NEXT):
            found.append(one)
            one = math.nextafter(one, way)
    return list(dict.fromkeys(found))


Page = Callable[["Runs", int], "Shown | None"]
PAGES: Final[Mapping[str, tuple[str, Page]]] = {
    "curve": ("Training curve", _curve),
    "symmetry": ("Symmetry", _symmetry),
    "families": ("Family trees", _families),
    "data": ("Your data", _table),
    "ensembles": ("Ensembles", _map),
}
