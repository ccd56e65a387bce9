"""Where runs that did not learn ended: a few values of the error, many times each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backsweep.errors import SettingError
from backsweep.figures.checks import checked_array
from backsweep.figures.lettering import set_heading
from backsweep.figures.theme import FONTS, LIGHT, Theme, prepare_chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_final_errors", "grouped"]

MOST_GROUPS: Final = 8


def draw_final_errors(
    axes: Axes,
    errors: ArrayLike,
    *,
    n_runs: int,
    tolerance: float = 0.02,
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw how many runs ended at which error, for the runs that did not learn.

    Parameters
    ----------
    axes
        Any, in a figure with a layout that makes room for labels.
    errors : ndarray of shape (n_others,)
        The last error of each run that did not learn, summed over cases; may be
        empty.
    n_runs
        How many runs there were, those that learned counted in.
    tolerance
        Errors nearer than this share of their size are one value.
    title
        What the figure shows; how many did not learn, if left out.
    theme
        Colours and sizes.
    """
    values = np.asarray(errors, dtype=np.float64)
    if values.size:
        values = checked_array("errors", values, ("n_others",))
    if n_runs < max(values.size, 1):
        raise SettingError(
            f"`n_runs` must be at least {max(values.size, 1)}, the runs there are, "
            f"got {n_runs}."
        )
    size = prepare_chart(axes, theme)
    groups = grouped(values, tolerance)
    shown = sorted(
        sorted(groups, key=lambda group: -group[1])[:MOST_GROUPS], reverse=True
    )
    rest = sum(count for _, count in groups) - sum(count for _, count in shown)
    bars = [(f"E = {_brief(error)}", count) for error, count in shown]
    if rest:
        bars.append(("other values", rest))
    if bars:
        _draw_bars(axes, bars, size, theme)
    else:
        axes.set_axis_off()
    found = (
        f"{values.size:,} of {n_runs:,} runs did not learn"
        if values.size
        else (f"All {n_runs:,} runs learned")
    )
    set_heading(axes, theme, size, title if title is not None else found)


def grouped(errors: NDArray[np.float64], tolerance: float) -> list[tuple[float, int]]:
    """Gather errors that lie close together: (median, how many), ascending.

    Examples
    --------
    >>> grouped(np.array([4.0, 2.5, 4.0]), 0.02)
    [(2.5, 1), (4.0, 2)]
    """
    if not tolerance >= 0:
        raise SettingError(f"`tolerance` must not be negative, got {tolerance!r}.")
    if not errors.size:
        return []
    ascending = np.sort(errors)
    breaks = np.flatnonzero(np.diff(ascending) > tolerance * np.abs(ascending[1:])) + 1
    return [(float(np.median(part)), len(part)) for part in np.split(ascending, breaks)]


def _brief(error: float) -> str:
    return f"{error:.2f}" if error >= 0.1 else f"{error:.1e}"


def _draw_bars(
    axes: Axes, bars: list[tuple[str, int]], size: float, theme: Theme
) -> None:
    places = range(len(bars))
    counts = [count for _, count in bars]
    most = max(counts)
    # Few bars stay slim.
    slim = 0.62 * min(1.0, (len(bars) + 1) / 4)
    axes.barh(places, counts, height=slim, color=theme.negative, zorder=2)
    for place, count in zip(places, counts, strict=True):
        axes.annotate(
            f"{count:,} {'run' if count == 1 else 'runs'}",
            xy=(count, place),
            xytext=(0.4 * size, 0),
            textcoords="offset points",
            verticalalignment="center",
            fontsize=0.9 * size,
            fontfamily=list(FONTS),
            color=theme.ink,
        )
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(0, 1.45 * most)
    # The counts are written: no axis need repeat them.
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_yticks(list(places), [name for name, _ in bars])
    axes.tick_params(axis="y", length=0)
