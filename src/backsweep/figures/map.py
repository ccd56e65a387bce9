"""The map of a grid: what came of every cell of two settings, in colour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.colors import LogNorm, Normalize
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    Locator,
    LogLocator,
    NullLocator,
)

from backsweep.errors import DataError, SettingError
from backsweep.figures.checks import checked_array
from backsweep.figures.colour_scales import one_sided, two_sided
from backsweep.figures.legend import set_legend
from backsweep.figures.lettering import MINUS, set_heading
from backsweep.figures.theme import (
    FONTS,
    LIGHT,
    Scale,
    Theme,
    label_axes,
    log_locator,
    number,
    prepare_chart,
    set_ticks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["MapAxis", "draw_map"]

Shows = Literal["share", "median", "convergence"]

QUARTERS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
FEWEST: Final = 1.0  # powers of ten that a log axis needs to be read
MOST_DECIMALS: Final = 4  # on a tick; more begin from the middle of the axis


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapAxis:
    """A setting that was varied.

    Parameters
    ----------
    label
        What it is.
    values : array_like of shape (n_values,)
        In ascending order.
    scale
        On which the values stand evenly, or about so.
    """

    label: str
    values: ArrayLike
    scale: Scale = "linear"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shown:
    """How numbers become colours: those of the cells, and the bar beside them."""

    colours: Colormap
    norm: Normalize
    values: Floats
    label: str
    locator: Locator
    words: Callable[[float], str] = number


def _share(values: Floats) -> _Shown:
    return _Shown(
        colours=one_sided(),
        norm=Normalize(0.0, 1.0),
        values=values,
        label="share of runs that learned",
        locator=FixedLocator(QUARTERS),
        words=lambda share: f"{share:.0%}",
    )


def _median(values: Floats) -> _Shown:
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if known.size else (1.0, 1.0)
    return _Shown(
        colours=one_sided().reversed(),
        norm=LogNorm(low / 1.01, high * 1.01),
        values=values,
        label="median of the sweeps to learn",
        locator=log_locator(low, high, 7),
    )


def _convergence(values: Floats) -> _Shown:
    """Spread each side over its half of the scale: by rank, not by size."""
    spread = np.full(values.shape, np.nan)
    ends: dict[float, float] = {}
    for side, of_side in ((-1.0, values < 0), (1.0, values >= 0)):
        if not of_side.any():
            continue
        # The slower of either kind stand nearer to the boundary, at 0. Ranks would
        # make much of what single precision leaves: it is rounded away.
        own = np.round(np.log(np.maximum(np.abs(values[of_side]), 1e-12)), 4)
        order, rank = np.unique(own, return_inverse=True)
        spread[of_side] = side * (1 - 0.98 * rank / max(len(order) - 1, 1))
        size = np.exp(order)
        for share in (0.0, 0.5):
            ends[side * (1 - share)] = side * float(np.quantile(size, share))
    return _Shown(
        colours=two_sided(),
        norm=Normalize(-1.0, 1.0),
        values=spread,
        label="converged (below 0), or not",
        locator=FixedLocator(sorted({*ends, 0.0})),
        words=lambda place: _measured(ends[place]) if place else "boundary",
    )


SHOWN: Final[Mapping[str, Callable[[Floats], _Shown]]] = MappingProxyType(
    {"share": _share, "median": _median, "convergence": _convergence}
)


def draw_map(
    axes: Axes,
    values: ArrayLike,
    x: MapAxis,
    y: MapAxis,
    *,
    shows: Shows = "share",
    diverged: ArrayLike | None = None,
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Colour every cell of a grid by what came of it, with a bar that says how.

    Cells in which no run learned, or all diverged, have greys of their own, the
    latter with stripes. Light is much, or quick.

    Parameters
    ----------
    axes
        Any, in a figure with a layout that makes room for labels.
    values : ndarray of shape (n_x, n_y)
        What `shows` says: the share of runs that learned; the median of their
        sweeps, NaN where none did; or the measure of convergence, whose two sides
        are spread over the scale by rank. NaN elsewhere: not done.
    x, y
        What was varied.
    shows
        "share", "median" or "convergence".
    diverged : ndarray of shape (n_x, n_y)
        The share of runs that diverged.
    title
        What the figure shows.
    theme
        Colours and sizes.
    """
    if shows not in SHOWN:
        raise SettingError(
            f"`shows` must be one of {', '.join(map(repr, SHOWN))}, got {shows!r}."
        )
    sides = [_side(name, one) for name, one in (("x", x), ("y", y))]
    shape = tuple(len(side.places) for side in sides)
    cells = checked_array("values", values, shape, finite=False)
    lost = np.zeros(shape, dtype=bool)
    if diverged is not None:
        lost = checked_array("diverged", diverged, shape, finite=False) == 1
    if shows == "convergence":
        lost[...] = False
    none = {"share": cells == 0, "median": np.isnan(cells)}.get(shows, lost) & ~lost
    size = prepare_chart(axes, theme)
    shown = SHOWN[shows](np.where(lost | none, np.nan, cells))
    _paint(axes, shown, sides, theme, size)
    handles = _mark(axes, sides, {"none learned": none, "all diverged": lost}, theme)
    for which, side in zip(("x", "y"), sides, strict=True):
        side.set(axes, which, theme)  # type: ignore[arg-type]  # the two of them
    label_axes(axes, theme, size, x=sides[0].label, y=sides[1].label)
    above = set_legend(axes, theme, 0.9 * size, handles) if handles else 0.0
    if title is not None:
        set_heading(axes, theme, size, title, above=above)


# -- axes ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Side:
    """An axis as it is drawn; a log axis too short for ticks shows logarithms."""

    label: str
    places: Floats
    edges: Floats
    scale: Scale

    def set(self, axes: Axes, which: Literal["x", "y"], theme: Theme) -> None:
        """Set scale, limits and ticks."""
        limits = float(self.edges[0]), float(self.edges[-1])
        if which == "x":
            axes.set_xscale(self.scale)
            axes.set_xlim(*limits)
        else:
            axes.set_yscale(self.scale)
            axes.set_ylim(*limits)
        set_ticks(axes, theme, which, self.scale)
        axis = axes.xaxis if which == "x" else axes.yaxis
        if self.scale == "log":
            axis.set_minor_locator(LogLocator(base=10, subs=(1.0,), numticks=30))
            axis.set_major_formatter(FuncFormatter(lambda one, _place: number(one)))
            return
        ticks = [
            one for one in axis.get_majorticklocs() if limits[0] <= one <= limits[1]
        ]
        decimals = _decimals(ticks)
        axis.set_major_formatter(
            FuncFormatter(lambda one, _place: _signed(one, decimals))
        )


def _side(name: str, axis: MapAxis) -> _Side:
    values = checked_array(name, axis.values, ("n_values",))
    if (np.diff(values) <= 0).any():
        raise DataError(f"the values of `{name}` must ascend, and some do not.")
    if axis.scale == "log" and values[0] <= 0:
        raise DataError(
            f"the values of `{name}` must be above 0 on a log scale, got {values[0]}."
        )
    label, scale = axis.label, axis.scale
    if scale == "log" and math.log10(values[-1] / values[0]) < FEWEST:
        values, label, scale = np.log10(values), f"log10 of the {label}", "linear"
    if scale == "log":
        return _Side(
            label=f"{label} (log scale)",
            places=values,
            edges=10 ** _edges(np.log10(values)),
            scale=scale,
        )
    if len(values) > 1:
        middle = float(np.median(values))
        decimals = math.ceil(-math.log10(values[-1] - values[0])) + 1
        if decimals > MOST_DECIMALS:
            middle = round(middle, decimals)
            values = values - middle
            label = f"{label}, from {middle:.{decimals}f}"
    return _Side(label=label, places=values, edges=_edges(values), scale="linear")


def _edges(places: Floats) -> Floats:
    """Give the n + 1 edges of n cells, half-way between their middles."""
    if len(places) == 1:
        return np.array([places[0] - 0.5, places[0] + 0.5])
    between = (places[1:] + places[:-1]) / 2
    ends = 2 * places[0] - between[0], 2 * places[-1] - between[-1]
    edges: Floats = np.concatenate([[ends[0]], between, [ends[1]]])
    return edges


def _decimals(ticks: list[float]) -> int:
    """Count the decimals that tell ticks apart."""
    for decimals in range(16):
        if all(math.isclose(round(one, decimals), one, abs_tol=1e-15) for one in ticks):
            return decimals
    return 16


def _signed(value: float, decimals: int) -> str:
    """Write a tick; of very small ones the power of ten."""
    if abs(value) < 10.0**-decimals / 2:
        return "0"
    text = f"{abs(value):.{decimals}f}"
    if decimals > MOST_DECIMALS + 1:
        text = f"{abs(value):.1e}".replace("e-0", "e-")
    return MINUS + text if value < 0 else text


def _measured(value: float) -> str:
    """Write a measure of convergence with three figures."""
    text = f"{abs(value):.3g}"
    return MINUS + text if value < 0 else text


# -- cells -----------------------------------------------------------------------


def _paint(
    axes: Axes, shown: _Shown, sides: list[_Side], theme: Theme, size: float
) -> None:
    mesh = axes.pcolormesh(
        sides[0].edges,
        sides[1].edges,
        np.ma.masked_invalid(shown.values.T),
        cmap=shown.colours,
        norm=shown.norm,
        rasterized=True,  # or thin gaps show between cells
        zorder=1,
    )
    figure = axes.get_figure(root=True)
    if figure is None:
        raise AssertionError("`prepare_chart` lets no axes without a figure pass")
    bar = figure.colorbar(mesh, ax=axes, pad=0.02, fraction=0.08, aspect=28)
    style: dict[str, Any] = {"fontfamily": list(FONTS), "color": theme.ink}
    bar.set_label(shown.label, fontsize=size, **style)
    bar.outline.set_visible(False)
    if bar.solids is not None:
        bar.solids.set_rasterized(True)
    bar.ax.set_facecolor(theme.background)
    bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.yaxis.set_major_locator(shown.locator)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda one, _: shown.words(one)))
    bar.ax.tick_params(
        labelsize=0.9 * size,
        labelcolor=theme.ink,
        labelfontfamily=FONTS[0],
        color=theme.muted,
        width=0.7 * theme.line_width,
        length=0.3 * size,
    )


def _mark(
    axes: Axes, sides: list[_Side], kinds: Mapping[str, Mask], theme: Theme
) -> list[Patch]:
    """Paint cells without a number of their own; give what explains them."""
    styles: dict[str, dict[str, Any]] = {
        "none learned": {"facecolor": theme.faint, "linewidth": 0},
        "all diverged": {
            "facecolor": theme.muted,
            "edgecolor": theme.grey,
            "hatch": "////",
            "linewidth": 0,
        },
    }
    handles = []
    for name, mask in kinds.items():
        if not mask.any():
            continue
        patches = [
            Rectangle(
                (sides[0].edges[first], sides[1].edges[row]),
                sides[0].edges[last] - sides[0].edges[first],
                sides[1].edges[row + 1] - sides[1].edges[row],
            )
            for row in range(mask.shape[1])
            for first, last in _stretches(mask[:, row])
        ]
        axes.add_collection(
            PatchCollection(patches, zorder=2, rasterized=True, **styles[name]),
            autolim=False,
        )
        handles.append(Patch(label=name, **styles[name]))
    return handles


def _stretches(mask: Mask) -> list[tuple[int, int]]:
    """Give where each stretch of true values begins and ends."""
    found, place = [], 0
    for is_true, group in groupby(mask.tolist()):
        length = len(list(group))
        if is_true:
            found.append((place, place + length))
        place += length
    return found
