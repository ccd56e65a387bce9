"""The training curve: the error of one run, or the fan of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, MaxNLocator

from backsweep.errors import DataError, SettingError
from backsweep.figures.checks import checked_array
from backsweep.figures.legend import set_legend
from backsweep.figures.lettering import set_heading
from backsweep.figures.marks import head_room, mark_sweep
from backsweep.figures.theme import (
    LIGHT,
    Scale,
    Theme,
    label_axes,
    prepare_chart,
    set_ticks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_training_curve"]

BANDS: Final = ((10, 90, 0.22), (25, 75, 0.38))  # percentiles, and how deep they are
MOST_SINGLE: Final = 6  # runs drawn one by one, behind a fan
FEW: Final = 4  # runs that need no fan
FEWEST_TICKS: Final = 3  # that a log scale needs to be read


def draw_training_curve(
    axes: Axes,
    sweeps: ArrayLike,
    errors: ArrayLike,
    *,
    error_scale: Scale = "log",
    sweep_scale: Scale = "linear",
    published: float | None = None,
    published_label: str = "the letter",
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw the error over the sweeps: lines for a few runs, a fan for many.

    A run that learned and stopped has NaN from then on. Its own line ends there; in
    the fan it counts on with its last error, so that the fan is always of all runs.

    Parameters
    ----------
    axes
        Any, in a figure with a layout that makes room for labels.
    sweeps : ndarray of shape (n_recorded,)
        Ascending.
    errors : ndarray of shape (n_runs, n_recorded)
        E at each of `sweeps`, summed over cases. One run needs the axis too.
    error_scale, sweep_scale
        "log" or "linear". Sweep 0 has no place on a log scale and is left out.
    published
        The sweep at which a published run had learned.
    published_label
        Where that number stands.
    title
        What the figure shows.
    theme
        Colours and sizes.
    """
    at = checked_array("sweeps", sweeps, ("n_recorded",))
    curves = checked_array("errors", errors, ("n_runs", len(at)), finite=False)
    _check(at, curves, error_scale)
    if sweep_scale == "log":
        at, curves = at[at > 0], curves[:, at > 0]
    carried = _carried(curves)
    size = prepare_chart(axes, theme)
    axes.set_xscale(sweep_scale)
    axes.set_yscale(error_scale)
    unit = theme.line_width * size / theme.font_size
    if len(curves) <= FEW:
        _draw_runs(axes, at, curves, theme.positive, 1.5 * unit, theme)
        handles: list[Line2D | Patch] = []
    else:
        handles = _draw_fan(axes, at, curves, carried, unit, theme)
    axes.set_xlim(at[0], _end(at, curves, published))
    _set_errors(axes, carried, error_scale, 0.0)
    set_ticks(axes, theme, "x", sweep_scale)
    _set_error_ticks(axes, theme, error_scale)  # as wide as they will be
    named = _named("sweeps", sweep_scale), _named("error E", error_scale)
    label_axes(axes, theme, size, x=named[0], y=named[1])
    above = set_legend(axes, theme, 0.9 * size, handles) if handles else 0.0
    if title is not None:
        set_heading(axes, theme, size, title, above=above)
    _set_errors(
        axes, carried, error_scale, head_room(axes, size, published is not None)
    )
    _set_error_ticks(axes, theme, error_scale)
    if published is not None:
        mark_sweep(axes, theme, size, published, f"{published_label}: {published:,.0f}")


def _check(
    at: NDArray[np.float64], curves: NDArray[np.float64], error_scale: Scale
) -> None:
    if (np.diff(at) <= 0).any():
        raise DataError("`sweeps` must ascend, and some do not.")
    if np.isnan(curves[:, 0]).any():
        run = int(np.flatnonzero(np.isnan(curves[:, 0]))[0])
        raise DataError(
            f"`errors` must begin with a number in each run, got nan in run {run}."
        )
    if (curves < 0).any():
        raise DataError(
            f"`errors` must not be negative, got {float(np.nanmin(curves))!r}."
        )
    if error_scale == "log" and not (curves > 0).any():
        raise SettingError(
            "`error_scale` must be 'linear' where every error is 0, got 'log'."
        )


def _carried(curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let runs that stopped keep their last error: shape (n_runs, n_recorded)."""
    places = np.where(np.isnan(curves), 0, np.arange(curves.shape[1]))
    last = np.maximum.accumulate(places, axis=1)
    return np.take_along_axis(curves, last, axis=1)


def _draw_runs(
    axes: Axes,
    at: NDArray[np.float64],
    curves: NDArray[np.float64],
    color: str,
    width: float,
    theme: Theme,
) -> None:
    """Draw runs one by one, with a dot where a run stopped before the end."""
    for curve in curves:
        axes.plot(
            at, curve, color=color, linewidth=width, zorder=3, solid_joinstyle="round"
        )
        known = np.flatnonzero(~np.isnan(curve))
        if known[-1] < len(at) - 1:
            axes.plot(
                at[known[-1]],
                curve[known[-1]],
                marker="o",
                markersize=3.2 * width + 1,
                color=color,
                markeredgecolor=theme.background,
                markeredgewidth=0.5 * width,
                zorder=4,
            )


def _draw_fan(
    axes: Axes,
    at: NDArray[np.float64],
    curves: NDArray[np.float64],
    carried: NDArray[np.float64],
    unit: float,
    theme: Theme,
) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = []
    for low, high, depth in BANDS:
        edges = np.percentile(carried, (low, high), axis=0)  # (2, n_recorded)
        color = to_rgba(theme.positive, depth)
        axes.fill_between(at, edges[0], edges[1], color=color, linewidth=0, zorder=1)
        shown = to_rgba(theme.positive, depth if low == BANDS[0][0] else 0.55)
        handles.append(
            Patch(facecolor=shown, edgecolor="none", label=f"{low}\N{EN DASH}{high} %")
        )
    # Evenly through the runs as they are ordered by their last error.
    order = np.argsort(carried[:, -1], kind="stable")
    chosen = order[
        np.linspace(0, len(order) - 1, min(MOST_SINGLE, len(order))).astype(int)
    ]
    _draw_runs(axes, at, curves[chosen], theme.muted, 0.55 * unit, theme)
    axes.plot(
        at,
        np.median(carried, axis=0),
        color=theme.positive,
        linewidth=2.2 * unit,
        zorder=5,
    )
    handles.append(
        Line2D([], [], color=theme.positive, linewidth=2.2 * unit, label="median")
    )
    handles.append(
        Line2D([], [], color=theme.muted, linewidth=0.7 * unit, label="runs")
    )
    return handles


def _end(
    at: NDArray[np.float64], curves: NDArray[np.float64], published: float | None
) -> float:
    """Give the last sweep to show: a little after all runs have stopped."""
    running = np.flatnonzero(~np.isnan(curves).all(axis=0))
    shown = 1.12 * max(float(at[running[-1]]), published or 0.0)
    return (
        max(min(shown, float(at[-1])), float(at[0]) + 1e-9)
        if len(at) > 1
        else at[0] + 1
    )


def _named(what: str, scale: Scale) -> str:
    return f"{what} (log scale)" if scale == "log" else what


def _set_error_ticks(axes: Axes, theme: Theme, error_scale: Scale) -> None:
    """Label round errors: in even steps where a log scale gives too few."""
    set_ticks(axes, theme, "y", error_scale)
    low, high = axes.get_ylim()
    shown = [tick for tick in axes.get_yticks() if low <= tick <= high]
    if error_scale == "linear" or len(shown) >= FEWEST_TICKS:
        return
    for count in range(3, 12):
        even = MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        inside = [float(tick) for tick in even if low <= tick <= high and tick > 0]
        if len(inside) >= FEWEST_TICKS:
            axes.yaxis.set_major_locator(FixedLocator(inside))
            return


def _set_errors(
    axes: Axes, carried: NDArray[np.float64], error_scale: Scale, head: float
) -> None:
    """Show the plateaus that matter, with a share of the height free at the top."""
    # The first sweeps' error is far above them: see the 99th percentile, but all of
    # where each run ends.
    top = 1.05 * max(float(np.percentile(carried, 99)), float(carried[:, -1].max()))
    if error_scale == "linear":
        axes.set_ylim(0, top / (1 - head) or 1.0)
        return
    low = max(float(carried[carried > 0].min()), 1e-6 * top) / 1.3
    axes.set_ylim(low, low * (top / low) ** (1 / (1 - head)))
