"""The codes of the symmetry network: weight magnitudes at 1:2:4, or at 2:3:4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backsweep.analysis import CODES, ratio_code
from backsweep.errors import DataError
from backsweep.figures.checks import checked_array
from backsweep.figures.lettering import set_heading
from backsweep.figures.theme import (
    FONTS,
    LIGHT,
    Theme,
    label_axes,
    prepare_chart,
    set_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_weight_ratios"]

LIMITS: Final = ((0.9, 2.9), (0.9, 5.4))


def draw_weight_ratios(
    axes: Axes,
    magnitudes: ArrayLike,
    *,
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw each run's sorted magnitudes as two ratios, with the known codes marked.

    Beside each code stands the share of the runs that follow it.

    Parameters
    ----------
    axes
        Any, in a figure with a layout that makes room for labels.
    magnitudes : ndarray of shape (n_runs, 3)
        Magnitudes of the weights on one side of the middle, in any order; above 0.
    title
        What the figure shows; a plain heading, if left out.
    theme
        Colours and sizes.

    Notes
    -----
    Runs beyond the axes stand on their edge as triangles.
    """
    values = checked_array("magnitudes", magnitudes, ("n_runs", 3))
    if (values <= 0).any():
        raise DataError(f"`magnitudes` must be above 0, got {float(values.min())!r}.")
    ascending = np.sort(values, axis=1)
    ratios = ascending[:, 1:] / ascending[:, :1]  # (n_runs, 2)
    codes = ratio_code(ascending)
    size = prepare_chart(axes, theme)
    _draw_runs(axes, ratios, size, theme)
    (left, right), (low, high) = LIMITS
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    set_ticks(axes, theme, "x", "linear")
    set_ticks(axes, theme, "y", "linear")
    label_axes(axes, theme, size, x="middle / smallest", y="largest / smallest")
    found = (
        f"Weight magnitudes of {len(values):,} {'run' if len(values) == 1 else 'runs'}"
    )
    set_heading(axes, theme, size, title if title is not None else found)
    for name, code in CODES.items():
        _mark(axes, code, f"{name}  {np.mean(codes == name):.0%}", size, theme)


def _draw_runs(
    axes: Axes, ratios: NDArray[np.float64], size: float, theme: Theme
) -> None:
    (left, right), (low, high) = LIMITS
    inside = (ratios[:, 0] < right) & (ratios[:, 1] < high)
    alpha = float(np.clip(1 / np.sqrt(len(ratios)) + 0.25, 0.3, 0.9))
    for chosen, marker in ((inside, "o"), (~inside, "^")):
        axes.scatter(
            np.clip(ratios[chosen, 0], left, right),
            np.clip(ratios[chosen, 1], low, high),
            s=(0.5 * size) ** 2,
            marker=marker,
            color=theme.positive,
            alpha=alpha,
            linewidths=0,
            clip_on=False,
            zorder=3,
        )


def _mark(
    axes: Axes, code: tuple[float, ...], text: str, size: float, theme: Theme
) -> None:
    smallest, middle, largest = code
    spot = (middle / smallest, largest / smallest)
    axes.scatter(
        *spot,
        s=(2.2 * size) ** 2,
        facecolors="none",
        edgecolors=theme.accent,
        linewidths=1.3 * theme.line_width * size / theme.font_size,
        zorder=4,
    )
    axes.annotate(
        text,
        xy=spot,
        xytext=(1.4 * size, 0),
        textcoords="offset points",
        horizontalalignment="left",
        verticalalignment="center",
        fontsize=size,
        fontfamily=list(FONTS),
        color=theme.accent,
        zorder=5,
        bbox={
            "facecolor": theme.background,
            "edgecolor": "none",
            "alpha": 0.8,
            "pad": 0.5,
        },
    )
