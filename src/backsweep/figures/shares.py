"""Shares of runs over something that was varied, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, NullLocator
from matplotlib.transforms import ScaledTranslation, Transform

from backsweep.errors import ShapeError
from backsweep.figures.checks import checked_array
from backsweep.figures.legend import set_legend
from backsweep.figures.lettering import set_heading
from backsweep.figures.marks import mark_sweep
from backsweep.figures.theme import (
    LIGHT,
    Scale,
    Theme,
    label_axes,
    number,
    prepare_chart,
    set_ticks,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = ["ShareLine", "draw_shares"]

MARKERS: Final = ("o", "s", "^", "D", "v")
DASHES: Final = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
FEW: Final = 8  # places on the horizontal axis that each get a tick


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShareLine:
    """Shares that belong together.

    Parameters
    ----------
    label
        What they have in common.
    at : array_like of shape (n_places,)
        Where they stand on the horizontal axis, ascending.
    shares : array_like of shape (n_places,)
        From 0 to 1.
    intervals : array_like of shape (n_places, 2)
        The lower and the upper end of each; None: not drawn.
    """

    label: str
    at: ArrayLike
    shares: ArrayLike
    intervals: ArrayLike | None = None


def draw_shares(
    axes: Axes,
    lines: Sequence[ShareLine],
    *,
    x: str,
    y: str = "share of runs",
    scale: Scale = "linear",
    joined: bool = True,
    marks: bool = True,
    threshold: float | None = None,
    threshold_label: str = "",
    mark: tuple[float, str] | None = None,
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw shares over a number that was varied, a line for each group.

    Lines are told apart by marker and dashes as well as by colour.

    Parameters
    ----------
    axes
        Any, in a figure with a layout that makes room for labels.
    lines
        At least one.
    x, y
        What the axes measure.
    scale
        Of the horizontal axis.
    joined
        Whether the shares of a group are joined by a line.
    marks
        Whether each share is marked and has its interval drawn; else the line alone.
    threshold
        A share to be marked across, with `threshold_label` on it.
    mark
        A place on the horizontal axis to be marked, and what stands there.
    title
        What the figure shows.
    theme
        Colours and sizes.
    """
    if not lines:
        raise ShapeError("`lines` must hold at least one, got none.")
    size = prepare_chart(axes, theme)
    unit = theme.line_width * size / theme.font_size
    axes.set_xscale(scale)
    colors = cycle(
        (theme.positive, theme.negative, theme.accent, theme.muted, theme.ink)
    )
    handles: list[Line2D] = []
    places: set[float] = set()
    top = 0.0
    for k, (line, color) in enumerate(zip(lines, colors, strict=False)):
        at = checked_array("at", line.at, ("n_places",))
        shares = checked_array("shares", line.shares, (len(at),))
        # Groups stand a little apart, so that their intervals do not hide each other.
        shift = (k - (len(lines) - 1) / 2) * 0.6 * size if marks else 0.0
        places |= {float(place) for place in at}
        top = max(top, float(shares.max()))
        style = {
            "color": color,
            "linewidth": 1.5 * unit,
            "linestyle": DASHES[k % len(DASHES)] if joined else "none",
            "marker": MARKERS[k % len(MARKERS)] if marks else "none",
            "markersize": 0.6 * size,
            "markeredgecolor": theme.background,
            "markeredgewidth": 0.6 * unit,
        }
        spot = _shifted(axes, shift)
        if marks and line.intervals is not None:
            ends = checked_array("intervals", line.intervals, (len(at), 2))
            top = max(top, float(ends.max()))
            axes.vlines(
                at,
                ends[:, 0],
                ends[:, 1],
                color=color,
                linewidth=1.1 * unit,
                alpha=0.75,
                transform=spot,
                zorder=2.5,
            )
        axes.plot(at, shares, transform=spot, zorder=3, **style)  # type: ignore[arg-type]  # mixed properties
        handles.append(Line2D([], [], label=line.label, **style))  # type: ignore[arg-type]
    _set_places(axes, theme, sorted(places), scale, marks=marks)
    room = 0.14 if mark is not None else 0.02  # for the words at the mark
    axes.set_ylim(0, min(1 + room, 1.12 * max(top, 0.05)))
    set_ticks(axes, theme, "y", "linear")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:.0%}"))
    axes.grid(
        visible=True, axis="y", color=theme.faint, linewidth=0.7 * theme.line_width
    )
    if threshold is not None:
        _mark_threshold(axes, threshold, threshold_label, size, unit, theme)
    label_axes(axes, theme, size, x=x, y=y)
    above = set_legend(axes, theme, 0.9 * size, handles) if len(lines) > 1 else 0.0
    if title is not None:
        set_heading(axes, theme, size, title, above=above)
    if mark is not None:
        mark_sweep(axes, theme, size, mark[0], mark[1])


def _shifted(axes: Axes, points: float) -> Transform:
    """Places of the data, some points to the side."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise AssertionError("`prepare_chart` lets no axes without a figure pass")
    return axes.transData + ScaledTranslation(points / 72, 0, figure.dpi_scale_trans)


def _set_places(
    axes: Axes, theme: Theme, places: list[float], scale: Scale, *, marks: bool
) -> None:
    low, high = places[0], places[-1]
    if scale == "log":
        edge = (high / low) ** 0.08 if high > low else 1.5
        axes.set_xlim(low / edge, high * edge)
    else:
        edge = 0.08 * (high - low) if high > low else 0.5
        axes.set_xlim(low - edge * marks, high + edge * marks)
    if marks and len(places) <= FEW:
        axes.xaxis.set_major_locator(FixedLocator(places))
        axes.xaxis.set_major_formatter(
            FixedFormatter([number(place) for place in places])
        )
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        set_ticks(axes, theme, "x", scale)


def _mark_threshold(
    axes: Axes, threshold: float, label: str, size: float, unit: float, theme: Theme
) -> None:
    axes.axhline(
        threshold, color=theme.muted, linewidth=unit, linestyle=(0, (4, 2)), zorder=2
    )
    axes.annotate(
        label,
        xy=(1.0, threshold),
        xycoords=("axes fraction", "data"),
        xytext=(0, 0.25 * size),
        textcoords="offset points",
        horizontalalignment="right",
        verticalalignment="bottom",
        fontsize=0.85 * size,
        color=theme.muted,
        zorder=6,
    )
