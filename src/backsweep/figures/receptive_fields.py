"""Fig. 4: what each hidden unit listens to, one Hinton diagram a unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backsweep.errors import UnknownNameError, closest
from backsweep.figures.checks import checked_array, checked_names
from backsweep.figures.hinton import (
    full_magnitude,
    name_columns,
    names_height,
    place_squares,
    write_key,
)
from backsweep.figures.lettering import text_width, write, write_title
from backsweep.figures.theme import LIGHT, Theme, prepare_diagram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_receptive_fields"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How the panels share the sheet."""

    across: int
    down: int
    cell: float
    gap: float
    left: float
    over: float
    under: float


def draw_receptive_fields(
    axes: Axes,
    weights: ArrayLike,
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    units: Sequence[str] = (),
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw the weights into each hidden unit, the names beside: the letter's Fig. 4.

    White squares excite, black ones inhibit, and all units share one scale. The
    first row's names stand above the panels, the last row's below.

    Parameters
    ----------
    axes
        Becomes a sheet in points, measured as it stands.
    weights : ndarray of shape (n_units, n_names)
        Weights into each hidden unit, in the order of `names`.
    names
        What each column of `weights` stands for.
    rows
        The names as they are to stand: English over Italian, say, twin over twin.
        All rows have the same length.
    units
        A name for each hidden unit; 1, 2, 3 and so on if left out.
    title
        One line above.
    theme
        Colours and sizes.
    """
    values = checked_array("weights", weights, ("n_units", "n_names"))
    checked_names("names", tuple(names), values.shape[1])
    fields = _arranged(values, tuple(names), rows)  # (n_units, n_rows, n_columns)
    labels = tuple(units) or tuple(str(k + 1) for k in range(len(fields)))
    checked_names("units", labels, len(fields))
    width, height = prepare_diagram(axes, theme)
    size = theme.size_in(axes)
    height -= write_title(axes, title, (width, height), size, theme.ink)
    grid = _best_grid(fields.shape, labels, rows, width, height - 2.2 * size, size)
    full = full_magnitude(fields, None)
    _draw_panels(axes, fields, labels, rows, grid, full, width, height, size, theme)
    write_key(axes, full, (0, 0.7 * size), size, theme)


def _arranged(
    values: NDArray[np.float64], names: tuple[str, ...], rows: Sequence[Sequence[str]]
) -> NDArray[np.float64]:
    places = {name: place for place, name in enumerate(names)}
    for row in rows:
        checked_names("rows", tuple(row), len(rows[0]))
        for name in row:
            if name not in places:
                raise UnknownNameError(
                    f"`rows` must hold names of `names`, got {name!r}.",
                    hint=closest(name, names),
                )
    return values[:, np.array([[places[name] for name in row] for row in rows])]


def _best_grid(
    shape: tuple[int, ...],
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: float,
    height: float,
    size: float,
) -> Grid:
    """Try every number of panels side by side; take the one with the largest cells."""
    n_units, n_rows, n_columns = shape
    left = max(text_width(label, size) for label in labels) + 0.5 * size
    best: Grid | None = None
    for across in range(1, n_units + 1):
        down = math.ceil(n_units / across)
        gap = 0.8 * size
        room = (width - across * left - (across - 1) * size) / across
        spent = (down - 1) * gap
        cell = _largest_cell(rows, down, room / n_columns, height - spent, size)
        over, under = _names_heights(rows, cell, size)
        grid = Grid(
            across=across,
            down=down,
            cell=cell,
            gap=gap,
            left=left,
            over=over,
            under=under,
        )
        if best is None or _worth(grid) > _worth(best):
            best = grid
    if best is None or best.cell <= 0:
        # Too small for names: the fields alone.
        cell = min((width - left) / n_columns, height / (n_units * n_rows + n_units))
        return Grid(
            across=1, down=n_units, cell=cell, gap=cell, left=left, over=0, under=0
        )
    return best


def _names_heights(
    rows: Sequence[Sequence[str]], cell: float, size: float
) -> tuple[float, float]:
    over = names_height(rows[0], cell, size)
    return over, names_height(rows[-1], cell, size) if len(rows) > 1 else 0.0


def _largest_cell(
    rows: Sequence[Sequence[str]], down: int, most: float, height: float, size: float
) -> float:
    """Find the largest cell with which the panels and their names fit the height.

    Names grow with the cells below them, so that both are sought together.
    """
    low, high = 0.0, most
    for _ in range(20):
        cell = (low + high) / 2
        tall = down * len(rows) * cell + sum(_names_heights(rows, cell, size))
        low, high = (cell, high) if tall <= height else (low, cell)
    return low


def _worth(grid: Grid) -> float:
    """Large cells are worth having, and names more."""
    return grid.cell * (1.5 if grid.over else 1.0)


def _draw_panels(
    axes: Axes,
    fields: NDArray[np.float64],
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    grid: Grid,
    full: float,
    width: float,
    height: float,
    size: float,
    theme: Theme,
) -> None:
    _, n_rows, n_columns = fields.shape
    wide = grid.cell * n_columns
    tall = grid.cell * n_rows
    spare = height - 2.2 * size - grid.over - grid.under - grid.down * (tall + grid.gap)
    gap = grid.gap + min(max(spare, 0) / (grid.down + 1), grid.cell)
    height -= max(0.0, spare - (gap - grid.gap) * grid.down) / 2
    apart = (width - grid.across * (grid.left + wide)) / (grid.across + 1)
    if grid.across > 1:
        apart = min(apart, 4 * size)
    indent = (width - grid.across * (grid.left + wide) - (grid.across - 1) * apart) / 2
    for number, (field, label) in enumerate(zip(fields, labels, strict=True)):
        down, across = divmod(number, grid.across)
        x = indent + across * (grid.left + wide + apart) + grid.left
        y = height - grid.over - down * (tall + gap) - tall
        place_squares(axes, field, (x, y), grid.cell, full, theme)
        middle = y + tall / 2
        write(
            axes,
            x - 0.5 * size,
            middle,
            label,
            size=size,
            color=theme.ink,
            side="right",
        )
        if down == 0 and grid.over:
            top = (x, y + tall)
            name_columns(axes, rows[0], top, grid.cell, size, theme, above=True)
        is_last = number + grid.across >= len(fields)
        if is_last and grid.under:
            name_columns(axes, rows[-1], (x, y), grid.cell, size, theme, above=False)
