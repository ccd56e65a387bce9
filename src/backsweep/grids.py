"""Grid: settings that are varied against one another, and which run has which.

Every cell of a grid has a value of each of its axes, and so many runs. The runs are
numbered cell by cell, the last axis going fastest: run k is number k % runs of cell
k // runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from backsweep.door import as_numbers, as_whole
from backsweep.errors import SettingError, closest
from backsweep.threefry import MOST_RUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from backsweep.procedure import Number, Procedure

__all__ = ["RATE", "SETTINGS", "Axis", "Grid", "grid"]

RATE: Final = "rate of "  # and the name of a layer


def _start(procedure: Procedure, widths: Number) -> Procedure:
    """Widen where weights and biases begin; drawn ones take the place of given ones."""
    begun = procedure.start
    weights, biases = (
        replace(spread, width=widths) for spread in (begun.weights, begun.biases)
    )
    return replace(
        procedure, start=replace(begun, weights=weights, biases=biases, given=None)
    )


# What can be an axis, and how its numbers, one a run, get into a procedure.
SETTINGS: Final[Mapping[str, Callable[[Procedure, Number], Procedure]]] = (
    MappingProxyType(
        {
            "epsilon": lambda own, numbers: own.with_epsilon(numbers),
            "alpha": lambda own, numbers: own.with_alpha(numbers),
            "decay": lambda own, numbers: replace(own, decay=numbers),
            "start": _start,
        }
    )
)


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting and the values that it takes.

    Parameters
    ----------
    setting
        "epsilon", "alpha", "decay", "start" (the width of the start of weights and
        biases) or "rate of LAYER", which multiplies the layer's rate.
    values
        In ascending order.

    Examples
    --------
    >>> Axis("epsilon", [0.1, 1, 10]).scale
    'log'
    """

    setting: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.setting not in SETTINGS and not (
            self.setting.startswith(RATE) and self.setting[len(RATE) :]
        ):
            raise SettingError(
                "an axis must be one of "
                f"{', '.join(map(repr, SETTINGS))} or '{RATE}LAYER', got "
                f"{self.setting!r}.",
                hint=closest(self.setting, SETTINGS),
            )
        values = as_numbers(self.values)
        if not isinstance(values, tuple) or not values:
            raise SettingError(
                f"the values of `{self.setting}` must be numbers, got {self.values!r}."
            )
        for low, high in zip(values, (*values[1:], math.inf), strict=True):
            if not low < high:
                raise SettingError(
                    f"the values of `{self.setting}` must be finite and ascend, got "
                    f"{low:g} before {high:g}."
                    if math.isfinite(high)
                    else f"the values of `{self.setting}` must be finite, got {low:g}."
                )
        object.__setattr__(self, "values", values)

    @property
    def scale(self) -> Literal["linear", "log"]:
        """On which scale the values stand the more evenly."""
        values = np.array(self.values)
        if len(values) < 3 or values[0] <= 0:
            return "linear"
        steps = np.diff(values), np.diff(np.log(values))
        linear, log = (np.std(step) / np.mean(step) for step in steps)
        return "log" if log < linear else "linear"


@dataclass(frozen=True, slots=True)
class Grid:
    """Axes, and how many runs each of their cells has.

    Parameters
    ----------
    axes
        The last one goes fastest from run to run.
    runs
        To a cell, each from a start of its own.

    Examples
    --------
    >>> steps = grid(epsilon=[0.1, 0.2, 0.4], alpha=[0, 0.9], runs=5)
    >>> steps.shape, steps.n_runs
    ((3, 2), 30)
    >>> steps.of_run(29)
    {'epsilon': 0.4, 'alpha': 0.9}
    """

    axes: tuple[Axis, ...]
    runs: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "axes", tuple(self.axes))
        runs = as_whole(self.runs)
        if runs is None or runs < 1:
            raise SettingError(
                f"`runs` must be a whole number, at least 1, got {self.runs!r}."
            )
        object.__setattr__(self, "runs", runs)
        names = [axis.setting for axis in self.axes]
        if not names:
            raise SettingError("a grid must have at least one axis, got none.")
        for name in names:
            if names.count(name) > 1:
                raise SettingError(
                    f"a grid must have each axis once, got {name!r} twice."
                )
        if self.n_runs > MOST_RUNS:
            product = " x ".join(f"{count:,}" for count in (*self.shape, self.runs))
            raise SettingError(
                f"a grid must have at most 2**32 runs, got {product} = "
                f"{self.n_runs:,}.",
                hint="take fewer values of an axis.",
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The settings that the axes vary."""
        return tuple(axis.setting for axis in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each axis has."""
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return math.prod(self.shape)

    @property
    def n_runs(self) -> int:
        """Number of runs in all cells."""
        return self.n_cells * self.runs

    def numbers(self, setting: str) -> NDArray[np.float64]:
        """Give each run's value of an axis, shape (n_runs,)."""
        if setting not in self.names:
            raise SettingError(
                f"the grid has no axis {setting!r}.", hint=closest(setting, self.names)
            )
        place = self.names.index(setting)
        after = math.prod(self.shape[place + 1 :]) * self.runs
        values = np.repeat(self.axes[place].values, after)
        return np.tile(values, self.n_runs // len(values))

    def of_run(self, run: int) -> dict[str, float]:
        """Give the settings of one run."""
        places = np.unravel_index(run // self.runs, self.shape)
        return {
            axis.setting: axis.values[int(place)]
            for axis, place in zip(self.axes, places, strict=True)
        }

    def by_cell(self, run: ArrayLike, values: ArrayLike) -> NDArray[np.float64]:
        """Lay values, one a run, out over the cells.

        Parameters
        ----------
        run : ndarray of shape (n_some,)
            Numbers of the runs that have a value.
        values : ndarray of shape (n_some,)
            Their values.

        Returns
        -------
        ndarray of shape (*shape, runs)
            NaN for runs without a value.
        """
        full = np.full(self.n_runs, np.nan)
        full[np.asarray(run)] = values
        return full.reshape(*self.shape, self.runs)

    def applied_to(self, procedure: Procedure) -> Procedure:
        """Give the procedure with one number a run for every axis."""
        return self._put_into(
            procedure, {name: tuple(self.numbers(name).tolist()) for name in self.names}
        )

    def ends_applied_to(self, procedure: Procedure) -> Procedure:
        """Give the procedure with the least and the greatest value of every axis.

        To be shown: no run has these settings.
        """
        ends = {axis.setting: (axis.values[0], axis.values[-1]) for axis in self.axes}
        return self._put_into(procedure, ends)

    def of_run_applied_to(self, procedure: Procedure, run: int) -> Procedure:
        """Give the procedure with the settings of one run."""
        return self._put_into(procedure, self.of_run(run))

    def _put_into(
        self, procedure: Procedure, numbers: Mapping[str, Number]
    ) -> Procedure:
        for name, own in numbers.items():
            if name.startswith(RATE):
                procedure = procedure.with_rates({name[len(RATE) :]: own})
            else:
                procedure = SETTINGS[name](procedure, own)
        return procedure

    def to_dict(self) -> dict[str, Any]:
        """Give axes and runs as plain values, for JSON and for records."""
        axes = [
            {"setting": axis.setting, "values": list(axis.values)} for axis in self.axes
        ]
        return {"axes": axes, "runs": self.runs}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Grid:
        """Build the grid that `to_dict` wrote."""
        return cls(tuple(Axis(**axis) for axis in plain["axes"]), plain["runs"])


def grid(
    axes: Mapping[str, Sequence[float] | NDArray[np.float64]] | None = None,
    /,
    *,
    runs: int = 1,
    **more: Sequence[float] | NDArray[np.float64],
) -> Grid:
    """Vary settings against one another: `learn(task=..., grid=grid(...))`.

    Parameters
    ----------
    axes
        Values by the setting's name, for names that are no word of Python:
        `{"rate of hidden": [0.5, 1, 2]}`.
    runs
        Runs to a cell.
    **more
        Values by the setting's name: epsilon, alpha, decay, start.

    Returns
    -------
    Grid
        Its axes in the order given.

    Examples
    --------
    >>> import numpy as np
    >>> grid(epsilon=np.geomspace(0.01, 10, 4), alpha=[0, 0.9], runs=16).n_runs
    128
    """
    given = {**(axes or {}), **more}
    for name in more:
        if axes and name in axes:
            raise SettingError(f"a grid must have each axis once, got {name!r} twice.")
    return Grid(
        tuple(Axis(name, tuple(values)) for name, values in given.items()), runs
    )


def described(
    procedure: Procedure, common: Procedure | None, grid: Grid | None
) -> dict[str, Any]:
    """Give a procedure as plain values; of a grid's, what was there before, and it.

    Parameters
    ----------
    procedure
        With one number a run where there is a grid.
    common
        What the grid was put into.
    """
    if grid is None or common is None:
        return {"procedure": procedure.to_dict()}
    return {"procedure": common.to_dict(), "grid": grid.to_dict()}
