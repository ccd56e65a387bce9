"""Hinton diagrams: white squares for positive, black for negative, area for size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from backsweep.errors import SettingError
from backsweep.figures.checks import checked_array, checked_names
from backsweep.figures.lettering import fitting_size, text_width, write, write_title
from backsweep.figures.theme import LIGHT, SMALLEST_SIZE, Theme, prepare_diagram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_hinton"]

LARGEST_SIDE = 0.92  # of a cell, for the largest magnitude


def draw_hinton(
    axes: Axes,
    matrix: ArrayLike,
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    largest: float | None = None,
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw a matrix as squares on grey: white positive, black negative.

    Parameters
    ----------
    axes
        Becomes a sheet in points, measured as it stands.
    matrix : ndarray of shape (n_rows, n_columns)
        Weights, for instance `w[j, i]`, receiving units from top to bottom.
    rows, columns
        Names, left of the rows and above the columns; left out where they have no
        room.
    largest
        The magnitude that fills a cell, to compare diagrams; None: the matrix's own.
    title
        One line above.
    theme
        Colours and sizes.

    Examples
    --------
    >>> from backsweep.figures import blank_figure
    >>> axes = blank_figure().add_subplot()
    >>> draw_hinton(axes, [[3.3, -6.6], [-3.3, 6.6]], rows=["1", "2"])
    """
    values = checked_array("matrix", matrix, ("n_rows", "n_columns"))
    if rows:
        checked_names("rows", tuple(rows), values.shape[0])
    if columns:
        checked_names("columns", tuple(columns), values.shape[1])
    full = full_magnitude(values, largest)
    width, height = prepare_diagram(axes, theme)
    size = theme.size_in(axes)
    head = write_title(axes, title, (width, height), size, theme.ink)
    left = max(
        (text_width(name, size) for name in rows), default=0.0
    ) + 0.4 * size * bool(rows)
    foot = 1.8 * size
    cell, top = _cell_with_names(
        values.shape, columns, width - left, height - head - foot, size
    )
    x = left + max(0.0, (width - left - cell * values.shape[1]) / 2)
    y = foot + max(0.0, (height - head - top - foot - cell * values.shape[0]) / 2)
    place_squares(axes, values, (x, y), cell, full, theme)
    _name_rows(axes, rows, x, y, cell, size, theme)
    name_columns(
        axes, columns, (x, y + cell * values.shape[0]), cell, size, theme, above=True
    )
    write_key(axes, full, (x, 0.7 * size), size, theme)


def full_magnitude(values: NDArray[np.float64], largest: float | None) -> float:
    """Give the magnitude that fills a cell: as given, or the largest there is."""
    if largest is None:
        return float(np.abs(values).max()) or 1.0
    if not largest > 0:
        raise SettingError(f"`largest` must be above 0, got {largest!r}.")
    return float(largest)


def column_lettering(
    names: Sequence[str], cell: float, size: float
) -> tuple[float, bool]:
    """Size of column names, and whether they stand upright; 0: no room for them."""
    if not names:
        return 0.0, False
    flat = fitting_size(names, 0.95 * cell, size)
    if flat >= 0.8 * size:
        return flat, False
    upright = min(0.95 * size, 0.9 * cell)
    return (upright, True) if upright >= 0.85 * SMALLEST_SIZE else (0.0, True)


def names_height(names: Sequence[str], cell: float, size: float) -> float:
    """Points that column names take above or below a diagram."""
    lettering, is_upright = column_lettering(names, cell, size)
    if not lettering:
        return 0.0
    if not is_upright:
        return 1.5 * lettering
    return max(text_width(name, lettering) for name in names) + 0.5 * lettering


def _cell_with_names(
    shape: tuple[int, ...],
    columns: Sequence[str],
    width: float,
    height: float,
    size: float,
) -> tuple[float, float]:
    """Give the side of a cell and the height of names above: each needs the other."""
    cell, top = width / shape[1], 0.0
    for _ in range(3):
        top = names_height(columns, cell, size)
        cell = min(width / shape[1], (height - top) / shape[0], 8 * size)
    return max(cell, 0.1), top


def place_squares(
    axes: Axes,
    values: NDArray[np.float64],
    corner: tuple[float, float],
    cell: float,
    full: float,
    theme: Theme,
) -> None:
    """Draw the ground and a square per value, rows from top to bottom."""
    n_rows, n_columns = values.shape
    x, y = corner
    axes.add_patch(
        Rectangle(
            corner,
            n_columns * cell,
            n_rows * cell,
            facecolor=theme.grey,
            edgecolor="none",
            zorder=1,
        )
    )
    down, across = np.indices(values.shape)
    centres = np.stack(
        [x + (across + 0.5) * cell, y + (n_rows - down - 0.5) * cell], axis=-1
    ).reshape(-1, 1, 2)
    shares = np.clip(np.abs(values) / full, 0, 1)
    halves = (LARGEST_SIDE * cell / 2 * np.sqrt(shares)).reshape(-1, 1, 1)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    axes.add_collection(
        PolyCollection(
            list(centres + halves * corners),
            facecolors=[
                theme.off if value < 0 else theme.on for value in values.ravel()
            ],
            edgecolors="none",
            zorder=2,
        ),
        autolim=False,
    )


def _name_rows(
    axes: Axes,
    rows: Sequence[str],
    x: float,
    y: float,
    cell: float,
    size: float,
    theme: Theme,
) -> None:
    lettering = min(size, 1.05 * cell)
    if lettering < SMALLEST_SIZE * 0.85:
        return
    for number, name in enumerate(rows):
        middle = y + (len(rows) - number - 0.5) * cell
        write(
            axes,
            x - 0.4 * size,
            middle,
            name,
            size=lettering,
            color=theme.ink,
            side="right",
        )


def name_columns(
    axes: Axes,
    names: Sequence[str],
    corner: tuple[float, float],
    cell: float,
    size: float,
    theme: Theme,
    *,
    above: bool,
) -> None:
    """Write names over or under columns that begin at a corner."""
    lettering, is_upright = column_lettering(names, cell, size)
    if not lettering:
        return
    way = 1 if above else -1
    for number, name in enumerate(names):
        x = corner[0] + (number + 0.5) * cell
        if is_upright:
            write(
                axes,
                x,
                corner[1] + way * 0.35 * lettering,
                name,
                size=lettering,
                color=theme.ink,
                side="left" if above else "right",
                upright=True,
            )
        else:
            y = corner[1] + way * 0.75 * lettering
            write(axes, x, y, name, size=lettering, color=theme.ink)


def write_key(
    axes: Axes, full: float, corner: tuple[float, float], size: float, theme: Theme
) -> None:
    """Show what white, black and a full cell mean, on one line."""
    lettering = 0.9 * size
    side = 1.15 * lettering
    x, y = corner
    for sign, text in ((1.0, "positive"), (-1.0, f"negative; a full cell: {full:.3g}")):
        place_squares(
            axes, np.array([[0.5 * sign]]), (x, y - side / 2), side, 1.0, theme
        )
        x += side + 0.4 * lettering
        write(axes, x, y, text, size=lettering, color=theme.muted, side="left")
        x += text_width(text, lettering) + 0.8 * lettering
