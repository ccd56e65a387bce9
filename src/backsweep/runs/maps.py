"""Maps: what came of each cell of a grid, with named dimensions."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.engines import ENGINES
from backsweep.errors import SettingError, closest
from backsweep.runs import store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import xarray
    from numpy.typing import NDArray

    from backsweep.grids import Grid
    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.runs.record import Runs

__all__ = ["MAPS", "best_cell", "cells", "count_cells", "engine_for", "to_map"]

# The relative steps between settings that an engine tells apart.
STEPS_APART: Final = {"compiled-f32": 1e-6, "compiled": 1e-13}


def _share(learned_at: NDArray[np.float64]) -> NDArray[np.float64]:
    counted = (~np.isnan(learned_at)).sum(-1)
    share = (learned_at > 0).sum(-1) / np.maximum(counted, 1)
    return np.where(counted > 0, share, np.nan)


def _median(learned_at: NDArray[np.float64]) -> NDArray[np.float64]:
    return _middle(np.where(learned_at > 0, learned_at, np.nan))


def _middle(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give medians, NaN for cells without a value."""
    median = np.full(values.shape[:-1], np.nan)
    known = ~np.isnan(values).all(-1)
    median[known] = np.nanmedian(values[known], axis=-1)
    return median


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
    found: NDArray[np.float64] = reduce(full)
    return found


def count_cells(maps: Mapping[str, NDArray[np.float64]]) -> dict[str, int]:
    """Count cells by how they ended.

    Parameters
    ----------
    maps
        "convergence"; or "share" and "diverged", as `cells` gives them.
    """
    if "convergence" in maps:
        values = maps["convergence"]
        return {
            "converged": int((values < 0).sum()),
            "not converged": int((values >= 0).sum()),
        }
    share, diverged = maps["share"], maps["diverged"]
    return {
        "all learned": int((share == 1).sum()),
        "some learned": int(((share > 0) & (share < 1)).sum()),
        "none learned": int(((share == 0) & (diverged < 1)).sum()),
        "all diverged": int((diverged == 1).sum()),
    }


def best_cell(maps: Mapping[str, NDArray[np.float64]]) -> int | None:
    """Find the cell that learns most surely, and of those the quickest.

    Parameters
    ----------
    maps
        "convergence"; or "share" and "median", as `cells` gives them.

    Returns
    -------
    int or None
        Its place among all cells; None where no cell learns.
    """
    if "convergence" in maps:
        values = maps["convergence"]
        if not (values < 0).any():
            return None
        return int(np.argmax(np.where(values < 0, values, -np.inf)))
    share, median = maps["share"].ravel(), maps["median"].ravel()
    return int(np.lexsort((median, -share))[0]) if (share > 0).any() else None


def engine_for(grid: Grid, network: Network, procedure: Procedure) -> str:
    """Name an engine for a map: single precision where it tells the cells apart."""
    least = 1.0
    for axis in grid.axes:
        values = np.array(axis.values)
        if len(values) > 1:
            steps = np.diff(values) / np.abs(values[1:])
            least = min(least, float(steps.min()))
    for name, apart in STEPS_APART.items():
        if least > apart and ENGINES[name].supports(network, procedure):
            return name
    return "auto"


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
