"""How many sweeps runs needed to learn, with the published number among them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgba

from backsweep.errors import DataError, SettingError
from backsweep.figures.checks import checked_array
from backsweep.figures.lettering import set_heading
from backsweep.figures.marks import head_room, mark_sweep
from backsweep.figures.theme import (
    LIGHT,
    Theme,
    label_axes,
    prepare_chart,
    set_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_sweeps_to_learn", "percentile_of"]


def draw_sweeps_to_learn(
    axes: Axes,
    learned_at: ArrayLike,
    *,
    n_runs: int | None = None,
    published: float | None = None,
    published_label: str = "the letter",
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw a histogram of the sweeps that runs needed, in bins of equal ratio.

    Parameters
    ----------
    axes
        Any, in a figure with a layout that makes room for labels.
    learned_at : ndarray of shape (n_entries,)
        The sweep at which each run learned; NaN for a run that did not.
    n_runs
        How many runs there were, where `learned_at` leaves some out.
    published
        The published number of sweeps, marked with its percentile among the runs
        that learned.
    published_label
        Where that number stands.
    title
        What the figure shows; how many learned, if left out.
    theme
        Colours and sizes.
    """
    entries = np.asarray(learned_at, dtype=np.float64)
    total = _checked_total(entries, n_runs)
    learned = entries[~np.isnan(entries)]
    size = prepare_chart(axes, theme)
    axes.set_xscale("log")
    edges = _edges(learned, published)
    counts, _ = np.histogram(learned, edges)
    axes.bar(
        edges[:-1],
        counts,
        width=np.diff(edges),
        align="edge",
        color=to_rgba(theme.positive, 0.6),
        edgecolor=theme.background,
        linewidth=0.6 * theme.line_width,
        zorder=2,
    )
    axes.set_xlim(edges[0], edges[-1])
    label_axes(axes, theme, size, x="sweeps to learn (log scale)", y="runs")
    set_ticks(axes, theme, "x", "log")
    set_ticks(axes, theme, "y", "linear", whole=True)  # as wide as they will be
    set_heading(
        axes, theme, size, title if title is not None else _found(len(learned), total)
    )
    told = [] if published is None else _told(published, published_label, learned)
    head = head_room(axes, size, len(told) + (len(learned) > 0))
    axes.set_ylim(0, max(int(counts.max()), 1) / (1 - head))
    set_ticks(axes, theme, "y", "linear", whole=True)
    if published is not None:
        mark_sweep(axes, theme, size, published, *told)
    if len(learned):
        median = float(np.median(learned))
        mark_sweep(
            axes,
            theme,
            size,
            median,
            f"median: {median:,.0f}",
            line=len(told),
            color=theme.ink,
            away_from=published,
        )


def percentile_of(value: float, among: ArrayLike) -> float:
    """Share of the numbers that are at most `value`, in per cent.

    Examples
    --------
    >>> percentile_of(1425, [900, 1425, 2000, 4000])
    50.0
    """
    return 100 * float(np.mean(np.asarray(among, dtype=np.float64) <= value))


def _checked_total(entries: NDArray[np.float64], n_runs: int | None) -> int:
    if entries.size:
        checked_array("learned_at", entries, ("n_entries",), finite=False)
    if (entries <= 0).any():
        raise DataError(
            f"`learned_at` must be above 0, got {float(np.nanmin(entries))!r}."
        )
    total = entries.size if n_runs is None else n_runs
    if total < max(entries.size, 1):
        raise SettingError(
            f"`n_runs` must be at least {max(entries.size, 1)}, the entries there are, "
            f"got {total}."
        )
    return total


def _edges(
    learned: NDArray[np.float64], published: float | None
) -> NDArray[np.float64]:
    """Bins of equal ratio, eight to twenty over the decades there are."""
    seen = [*learned, *([] if published is None else [published])] or [100.0, 10_000.0]
    low, high = 0.9 * min(seen), 1.1 * max(seen)
    wanted = math.sqrt(max(len(learned), 1)) * 1.2
    return np.geomspace(low, high, int(min(max(wanted, 8), 24)) + 1)


def _found(learned: int, total: int) -> str:
    if learned == total:
        return f"All {total:,} runs learned"
    return f"{learned:,} of {total:,} runs learned, {total - learned:,} did not"


def _told(published: float, label: str, learned: NDArray[np.float64]) -> list[str]:
    told = [f"{label}: {published:,.0f}"]
    if len(learned):
        told.append(f"{_ordinal(round(percentile_of(published, learned)))} percentile")
    return told


def _ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
