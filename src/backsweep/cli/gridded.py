"""Gridded: what came of a grid as plain values, and as a picture of letters."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.analysis import boundary, box_dimension
from backsweep.errors import SettingError
from backsweep.runs import MAPS, best_cell, cells, count_cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from backsweep.cli.screen import Data
    from backsweep.grids import Grid
    from backsweep.runs import Runs

    Floats = NDArray[np.float64]

__all__ = ["SHOWS", "check_axes", "grid_data", "letters", "shown_by_default"]

SHOWS: Final = ("share", "median", "convergence")
MOST_VALUES: Final = 4096  # cells of which --json has the values
COLUMNS: Final = 60
ROWS: Final = 18
FEW: Final = 5  # values of a setting that are all written down


def check_axes(grid: Grid) -> None:
    """Raise unless a grid can be drawn on a sheet."""
    if len(grid.axes) > 2:
        raise SettingError(
            f"a map must have one or two axes, got {len(grid.axes)}: "
            f"{', '.join(grid.names)}.",
            hint="'backsweep learn' takes any number of them.",
        )


def shown_by_default(runs: Runs) -> str:
    """Say what a map of a record shows where nothing is asked for."""
    return "convergence" if runs.recording.convergence else "share"


def grid_data(runs: Runs, show: str) -> Data:
    """Give what came of the cells of a grid.

    Parameters
    ----------
    runs
        The record of a grid.
    show
        One of SHOWS.

    Returns
    -------
    dict
        `show`, `about`, `axes`, `cells`, `runs_to_a_cell`, `counts` of cells by how
        they ended, the `best` cell, `values` where they are not too many, and for
        two axes `picture`, the map in letters. Of convergence also the `boundary`.
    """
    grid = runs.grid
    if grid is None:
        raise AssertionError("`grid_data` is for grids")
    values, diverged = cells(runs, show), cells(runs, "diverged")
    kinds = (show,) if show == "convergence" else ("share", "median", "diverged")
    maps = {kind: cells(runs, kind) for kind in kinds}
    found: Data = {
        "show": show,
        "about_map": MAPS[show][2],
        "axes": [
            {
                "setting": axis.setting,
                "values": list(axis.values),
                "scale": axis.scale,
            }
            for axis in grid.axes
        ],
        "cells": grid.n_cells,
        "runs_to_a_cell": grid.runs,
        "counts": count_cells(maps),
        "best": _best(grid, maps),
        "values": values.tolist() if grid.n_cells <= MOST_VALUES else None,
    }
    if len(grid.axes) <= 2:
        shape = (grid.shape[0], -1)
        found["picture"] = letters(values.reshape(shape), diverged.reshape(shape), show)
    if show == "convergence" and len(grid.axes) == 2 and min(grid.shape) > 1:
        crossed = boundary(values)
        found["boundary"] = {
            "share": float(crossed.mean()),
            "dimension": box_dimension(crossed),
        }
    return found


def _best(grid: Grid, maps: dict[str, Floats]) -> Data | None:
    place = best_cell(maps)
    if place is None:
        return None
    ends = {
        name: float(values.flat[place])
        for name, values in maps.items()
        if name != "diverged"
    }
    return grid.of_run(place * grid.runs) | ends


# -- the map in letters --------------------------------------------------------------


def letters(values: Floats, diverged: Floats, show: str) -> list[str]:
    """Draw a map in letters, the first axis to the right and the second upwards.

    Parameters
    ----------
    values, diverged : ndarray of shape (n_x, n_y)
        As `draw_map` takes them.

    Examples
    --------
    >>> values = np.array([[0.0, 0.5], [1.0, np.nan]])
    >>> letters(values, np.zeros((2, 2)), "share")
    ['55??', '..##']
    """
    write = WRITERS[show]
    blocks, lost = _blocks(values), _blocks(diverged)
    low, high = _ends(values)
    lines = []
    for row in reversed(range(len(blocks[0]))):
        line = "".join(
            write(column[row], float(other[row].mean()), low, high)
            for column, other in zip(blocks, lost, strict=True)
        )
        # A letter is about half as wide as it is high.
        lines.append(
            "".join(2 * one for one in line) if 2 * len(line) <= COLUMNS else line
        )
    return lines


def _blocks(values: Floats) -> list[list[Floats]]:
    """Part a map into as many blocks as there are letters: columns of rows."""
    n_x, n_y = (
        min(most, length)
        for most, length in zip((COLUMNS, ROWS), values.shape, strict=True)
    )
    return [
        np.array_split(column, n_y, axis=1) for column in np.array_split(values, n_x)
    ]


def _ends(values: Floats) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if known.size else (1.0, 1.0)


def _share(block: Floats, diverged: float, *_: float) -> str:
    if np.isnan(block).all():
        return "?"
    if diverged == 1:
        return "x"
    share = float(np.nanmean(block))
    return "." if share == 0 else "#" if share == 1 else str(int(10 * share))


def _median(block: Floats, diverged: float, low: float, high: float) -> str:
    if diverged == 1:
        return "x"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = float(np.nanmedian(block))
    if np.isnan(middle):
        return "."
    place = np.log(middle / low) / max(np.log(high / low), 1e-9)
    return str(1 + int(min(8.99 * place, 8)))


def _convergence(block: Floats, *_: float) -> str:
    if np.isnan(block).any():
        return "?"
    below = block < 0
    return "#" if below.all() else "+" if below.any() else "."


WRITERS: Final[dict[str, Callable[..., str]]] = {
    "share": _share,
    "median": _median,
    "convergence": _convergence,
}
KEY: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "share": (
        (".", ". none learned"),
        ("0123456789", "0-9 tenths of the runs"),
        ("#", "# all learned"),
        ("x", "x all diverged"),
        ("?", "? not done"),
    ),
    "median": (
        ("123456789", "1 quickest to 9 slowest"),
        (".", ". none learned"),
        ("x", "x all diverged"),
    ),
    "convergence": (
        ("#", "# converged"),
        (".", ". not"),
        ("+", "+ both: the boundary"),
        ("?", "? not done"),
    ),
}


def key(show: str, picture: list[str]) -> str:
    """Explain the letters that a picture has."""
    used = set("".join(picture))
    return "   ".join(words for ones, words in KEY[show] if used & set(ones))


def axis_words(axis: dict[str, Any]) -> str:
    """Say what an axis spans: a few values, or the first and the last of many."""
    values = axis["values"]
    if len(values) <= FEW:
        return f"{axis['setting']} {', '.join(f'{value:.6g}' for value in values)}"
    steps = " (log)" if axis["scale"] == "log" else ""
    return (
        f"{axis['setting']} {values[0]:.6g} to {values[-1]:.6g}, "
        f"{len(values):,} values{steps}"
    )
