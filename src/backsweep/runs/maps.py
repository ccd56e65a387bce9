"""Maps: what came of each cell of a grid, with named dimensions."""

from __future__ import annotations

import warnings
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.errors import SettingError, closest
from backsweep.runs import store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import xarray
    from numpy.typing import NDArray

    from backsweep.runs.record import Runs

__all__ = ["MAPS", "cells", "to_map"]


def _share(learned_at: NDArray[np.float64]) -> NDArray[np.float64]:
    counted = ~np.isnan(learned_at)
    share: NDArray[np.float64] = (learned_at > 0).sum(-1) / counted.sum(-1)
    return share


def _median(learned_at: NDArray[np.float64]) -> NDArray[np.float64]:
    median: NDArray[np.float64] = np.nanmedian(
        np.where(learned_at > 0, learned_at, np.nan), axis=-1
    )
    return median


def _middle(values: NDArray[np.float64]) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = np.nanmedian(values, axis=-1)
    return middle


# Each map: the row of the record that it is made of, what makes one number of a
# cell's runs, and what that is.
MAPS: Final[Mapping[str, tuple[str, Callable[..., Any], str]]] = MappingProxyType(
    {
        "share": ("learned_at", _share, "share of the runs that learned"),
        "median": ("learned_at", _median, "median of the sweeps to learn"),
        "diverged": ("diverged_at", _share, "share of the runs that diverged"),
        "convergence": ("convergence", _middle, "measure of convergence"),
    }
)


def cells(runs: Runs, show: str) -> NDArray[np.float64]:
    """Give what came of each cell as an array of the grid's shape.

    Parameters
    ----------
    show
        An entry of MAPS; or a row of the record, whose values then stand along a
        further axis of the cell's runs.
    """
    row, reduce, _ = MAPS.get(show, (show, None, ""))
    if runs.grid is None:
        raise SettingError(
            "a map must be of a grid, got runs that were not learned as one.",
            hint="learn(task='xor', grid=backsweep.grid(epsilon=[0.1, 1], runs=16)).",
        )
    if row == "convergence" and not runs.recording.convergence:
        raise SettingError(
            "the record must hold the measure of convergence, and does not.",
            hint="learn with convergence=True.",
        )
    if row not in (*store.RUN_ROWS, "convergence"):
        known = (*MAPS, *store.RUN_ROWS)
        raise SettingError(
            f"`show` must be one of {', '.join(map(repr, known))}, got {show!r}.",
            hint=closest(show, known),
        )
    values = getattr(runs.history, row)
    values = values[:, 0] if row == "convergence" else values
    done = runs.history.finished
    full = runs.grid.by_cell(runs.run[done], values[done])
    if reduce is None:
        return full
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        # A cell without a run that counts is NaN, and no cause for alarm.
        warnings.simplefilter("ignore", RuntimeWarning)
        found: NDArray[np.float64] = reduce(full)
    return found


def to_map(runs: Runs, show: str) -> xarray.DataArray:
    """Name the dimensions of `cells` by the grid's settings."""
    import xarray  # noqa: PLC0415  # heavy, and needed here only

    values = cells(runs, show)
    assert runs.grid is not None  # noqa: S101  # or `cells` has said so
    coordinates: dict[str, Any] = {
        axis.setting: list(axis.values) for axis in runs.grid.axes
    }
    names = list(coordinates)
    if values.ndim > len(names):
        names.append("repeat")
    about = MAPS[show][2] if show in MAPS else store.RUN_ROWS.get(show, show)
    return xarray.DataArray(
        values, coordinates, names, name=show, attrs={"about": about}
    )
