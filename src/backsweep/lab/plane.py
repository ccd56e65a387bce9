"""The plane: a table's cases over two of its columns, and what each unit says there.

Other columns stay at their mean over the learning cases. Numbers come from `forward`,
over all moments of a run at once, so that a page moves through time without asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backsweep.activations import ACTIVATIONS
from backsweep.equations import forward
from backsweep.errors import SettingError
from backsweep.lab.look import thinned
from backsweep.lab.messages import PlanePoints, PlaneSheets
from backsweep.lab.moments import known
from backsweep.lab.packing import levels, packed
from backsweep.tasks.columns import Numbers, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backsweep.lab.messages import PlaneAsked, RunPlaneAsked
    from backsweep.network import Layer, Network
    from backsweep.runs import Runs
    from backsweep.tasks.table import Table

__all__ = ["plane_columns", "points", "sheets"]

Floats: TypeAlias = NDArray[np.float64]

SIDES: Final = (57, 45, 37, 29, 21)  # points along a side: the most that fit
MOST_BYTES: Final = 10_000_000  # of all sheets
MOST_UNITS: Final = 16  # of a layer
MARGIN: Final = 0.06  # about the cases, of their range
ROOM: Final = 0.1  # about the wanted numbers, of theirs


def plane_columns(table: Table, columns: Sequence[str]) -> tuple[int, ...]:
    """Name the columns of numbers that can be sides of a plane, by their places."""
    if len(table.desired) > 1:
        return ()
    return tuple(
        columns.index(column.name)
        for column in table.inputs
        if isinstance(column, Numbers) and column.varies
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Two columns of a table, and the square over them."""

    table: Table
    places: tuple[int, int]  # among the columns of the file
    columns: tuple[Numbers, Numbers]
    units: tuple[int, int]  # of the network's inputs
    low: Floats  # (2,) in the columns' own units
    high: Floats

    def scaled(self, inputs: Floats) -> Floats:
        """Give input units of shape (n_cases, n_in) as points of the square."""
        own = [
            column.to_values(inputs[:, unit, None])
            for column, unit in zip(self.columns, self.units, strict=True)
        ]
        found: Floats = (np.stack(own, axis=-1) - self.low) / (self.high - self.low)
        return found

    def inputs(self, square: Floats) -> Floats:
        """Give points of the square (n_points, 2) as inputs (n_points, n_in)."""
        given = np.repeat(self._middle[None], len(square), axis=0)
        own = self.low + square * (self.high - self.low)
        for side, (column, unit) in enumerate(
            zip(self.columns, self.units, strict=True)
        ):
            given[:, unit] = (own[:, side] - column.centre) / column.spread
        return given

    @property
    def _middle(self) -> Floats:
        task = self.table.task
        learned = np.setdiff1d(np.arange(task.n_cases), task.held_out_cases)
        middle: Floats = task.inputs[learned].mean(axis=0)
        return middle


def _view(table: Table, columns: Sequence[str], asked: PlaneAsked) -> View:
    """Take the two columns that are asked for, or those that tell most."""
    can = plane_columns(table, columns)
    if len(can) < 2:
        raise SettingError(
            "a plane must have two columns of numbers that one column is predicted "
            f"from, got {len(can)}."
        )
    first, second = sorted(_telling(table, columns, can)[:2])
    across = first if asked.across is None else asked.across
    up = second if asked.up is None else asked.up
    if across == up or not {across, up} <= set(can):
        raise SettingError(
            f"the sides of a plane must be two of the columns {can}, got "
            f"{across} and {up}."
        )
    units = _units(table)
    pair = tuple(
        next(one for one in table.inputs if one.name == columns[place])
        for place in (across, up)
    )
    own = tuple(units[column.name] for column in pair)
    values = np.stack(
        [
            column.to_values(table.task.inputs[:, unit, None])
            for column, unit in zip(pair, own, strict=True)
        ],
        axis=-1,
    )
    low, high = values.min(axis=0), values.max(axis=0)
    if asked.reach:
        low, high = np.minimum(low, -asked.reach), np.maximum(high, asked.reach)
    edge = MARGIN * (high - low)
    return View(
        table=table,
        places=(across, up),
        columns=pair,  # type: ignore[arg-type]  # two, and Numbers, as `can` are
        units=own,  # type: ignore[arg-type]  # two
        low=low - edge,
        high=high + edge,
    )


def _units(table: Table) -> dict[str, int]:
    """Say at which input unit each column begins."""
    starts = np.cumsum([0, *(len(column.units) for column in table.inputs)])
    return {
        column.name: int(start)
        for column, start in zip(table.inputs, starts[:-1], strict=True)
    }


def _telling(table: Table, columns: Sequence[str], can: Sequence[int]) -> list[int]:
    """Sort columns by how closely what is desired goes with them, the first first."""
    units, task = _units(table), table.task
    centred = task.desired - task.desired.mean(axis=0)
    norm = np.linalg.norm(centred, axis=0) + np.finfo(float).tiny
    closeness = {}
    for place in can:
        x = task.inputs[:, units[columns[place]]]
        x = (x - x.mean()) / (np.linalg.norm(x - x.mean()) + np.finfo(float).tiny)
        closeness[place] = float(np.abs(x @ centred / norm).max())
    return sorted(can, key=lambda place: (-round(closeness[place], 9), place))


def points(table: Table, columns: Sequence[str], asked: PlaneAsked) -> bytes:
    """Put the cases on the plane, as `messages.PlanePoints` describes."""
    view, task = _view(table, columns, asked), table.task
    desired = table.desired[0]
    scale = _scale(table)
    if isinstance(desired, Words):
        wanted = task.desired.argmax(axis=-1).astype(np.float64)
    else:
        wanted = (desired.to_values(task.desired) - scale[0]) / (scale[1] - scale[0])
    return packed(
        partial(
            PlanePoints,
            across=view.places[0],
            up=view.places[1],
            columns=plane_columns(table, columns),
            names=(view.columns[0].name, view.columns[1].name),
            low=tuple(view.low.tolist()),
            high=tuple(view.high.tolist()),
            fixed=tuple(
                column.name
                for column in table.inputs
                if column.name not in {one.name for one in view.columns}
            ),
            classes=desired.words if isinstance(desired, Words) else (),
            scale=scale,
        ),
        {
            "points": view.scaled(task.inputs).astype(np.float32),
            "wanted": wanted.astype(np.float32),
            "held_out": np.isin(np.arange(task.n_cases), task.held_out_cases).astype(
                np.uint8
            ),
        },
    )


def _scale(table: Table) -> tuple[float, float]:
    """Give the ends of the scale of wanted numbers, with some room about them."""
    desired = table.desired[0]
    if isinstance(desired, Words):
        return 0.0, 1.0
    values = desired.to_values(table.task.desired)
    room = ROOM * float(np.ptp(values))
    return float(values.min()) - room, float(values.max()) + room


def sheets(
    table: Table, columns: Sequence[str], runs: Runs, asked: RunPlaneAsked
) -> bytes:
    """Ask every unit about the plane, as `messages.PlaneSheets` describes."""
    view, network = _view(table, columns, asked), runs.network
    at = known(runs, asked.run)
    layers = [step.layer for step in network.upward]
    units = _shown(layers)
    side = next(
        (side for side in SIDES if _bytes(at.sweeps, units, side) <= MOST_BYTES),
        SIDES[-1],
    )
    most = MOST_BYTES // (2 * len(units) * side**2)
    chosen = thinned(len(at.sweeps), max(2, most))
    parameters, ruler = at.parameters[chosen], np.linspace(0, 1, side)
    square = np.array([(across, up) for up in ruler for across in ruler])
    y = _asked(network, parameters, view.inputs(square), units)
    ranges = _ranges(table, layers, y)
    wide = np.where(ranges[:, 1] > ranges[:, 0], ranges[:, 1] - ranges[:, 0], 1)
    share = (y - ranges[:, 0, None]) / wide[:, None]  # (n_moments, n_units, n_points)
    of_units = levels(np.clip(share, 0, 1))
    return packed(
        partial(PlaneSheets, side=side, units=units),
        {
            "moments": at.sweeps[chosen].astype(np.int32),
            "levels": of_units.reshape(*of_units.shape[:2], side, side),
            "ranges": ranges.astype(np.float32),
            "lines": _lines(view, network, parameters)[:, units].astype(np.float32),
        },
    )


def _bytes(sweeps: NDArray[np.int_], units: Sequence[int], side: int) -> int:
    return 2 * len(sweeps) * len(units) * side**2


def _shown(layers: Sequence[Layer]) -> tuple[int, ...]:
    """Take the first units of each layer, numbered over all of them."""
    starts = np.cumsum([0, *(layer.size for layer in layers)]).tolist()
    return tuple(
        start + k
        for start, layer in zip(starts, layers, strict=False)
        for k in range(min(layer.size, MOST_UNITS))
    )


def _asked(
    network: Network, parameters: Floats, inputs: Floats, units: Sequence[int]
) -> NDArray[np.float32]:
    """Pass points through it at each moment: (n_moments, n_units, n_points)."""
    found = np.empty((len(parameters), len(units), len(inputs)), dtype=np.float32)
    given = inputs.astype(np.float32)
    for moment, weights in enumerate(parameters.astype(np.float32)):
        with np.errstate(over="ignore", invalid="ignore"):  # of a run that diverged
            passed = forward(network, weights, given)
        y = np.concatenate([passed.y[step.layer.name] for step in network.upward], -1)
        found[moment] = y[:, units].T
    return found


def _ranges(
    table: Table, layers: Sequence[Layer], y: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Say from what to what each unit's levels go; numbers of the table in its unit.

    The latter are changed into it in place: shape (n_units, 2).
    """
    ends: list[tuple[float, float]] = []
    for layer in layers:
        for _ in range(min(layer.size, MOST_UNITS)):
            ends.append(_range(layer, y[:, len(ends)]))
    desired = table.desired[0]
    if isinstance(desired, Numbers):
        y[:, -1] = desired.to_values(y[:, -1, :, None].astype(np.float64))
        ends[-1] = _scale(table)
    return np.array(ends, dtype=np.float32)


def _range(layer: Layer, y: NDArray[np.float32]) -> tuple[float, float]:
    low, high = ACTIVATIONS[layer.activation].range
    if np.isfinite([low, high]).all():
        return low, high
    finite = y[np.isfinite(y)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)


def _lines(view: View, network: Network, parameters: Floats) -> Floats:
    """Find where units that hear the columns alone are undecided.

    Gives shape (n_moments, n_units, 3), NaN for all others.
    """
    ends: Mapping[str, Any] = {layer.name: layer for layer in network.inputs}
    corners = view.inputs(np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]))
    parts = []
    for step in network.upward:
        layer = step.layer
        part = np.full((len(parameters), layer.size, 3), np.nan)
        sources = [link.source for link in network.incoming(layer.name)]
        is_output = layer.name in {one.name for one in network.outputs}
        if set(sources) <= set(ends) and not is_output:
            x = _total_input(network, layer, parameters, corners)
            part = np.stack([x[1] - x[0], x[2] - x[0], x[0]], axis=-1)
        parts.append(part)
    return np.concatenate(parts, axis=1)


def _total_input(
    network: Network, layer: Layer, parameters: Floats, inputs: Floats
) -> Floats:
    """Give total inputs (eq. 1) at points: shape (n_points, n_moments, n_units)."""
    with np.errstate(over="ignore", invalid="ignore"):
        passed = [forward(network, weights, inputs) for weights in parameters]
    return np.stack([one.x[layer.name] for one in passed], axis=1)
