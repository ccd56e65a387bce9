"""Fig. 1: a network with its weights on the arcs and its biases in the nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from backsweep.figures.arcs import Arc, place_labels
from backsweep.figures.checks import checked_array
from backsweep.figures.lettering import (
    Side,
    fitting_size,
    signed,
    text_width,
    write,
    write_title,
)
from backsweep.figures.rows import Row, alike, lay_out, name_sizes, storeys
from backsweep.figures.theme import LIGHT, SMALLEST_SIZE, Theme, prepare_diagram
from backsweep.network import KINDS, Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_network"]

DASHES: Final = (3.2, 1.4)
MOST_NUMBERS: Final = 32  # arcs; with more, numbers hide what they tell


def draw_network(
    axes: Axes,
    network: Network,
    parameters: ArrayLike,
    *,
    numbers: bool | None = None,
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw a network, layers bottom to top: the letter's Fig. 1.

    An arc's width is its weight's magnitude, its colour and dashes the sign; where
    there is room its number stands on it. Biases stand in the nodes, or shade them
    where the nodes are too small. Links that skip layers are curved.

    Parameters
    ----------
    axes
        Becomes a sheet in points, measured as it stands; it needs no ticks.
    network
        What is connected to what.
    parameters : ndarray of shape (n_parameters,)
        Weights and biases of one run.
    numbers
        Whether weights are written on the arcs; None: where they have room.
    title
        One line above.
    theme
        Colours and sizes.
    """
    values = checked_array("parameters", parameters, (network.n_parameters,))
    width, height = prepare_diagram(axes, theme)
    size = theme.size_in(axes)
    height -= write_title(axes, title, (width, height), size, theme.ink)
    is_dense = _arc_count(network) > MOST_NUMBERS
    size = fitting_size([layer.name for layer in network.layers], width / 5, size)
    floor = 1.8 * size if is_dense else 0.0
    rows = lay_out(network, width, height, floor, size)
    if is_dense:
        rows = alike(rows)
    arcs = _arcs(network, values, rows, width)
    largest = max(
        (abs(arc.weight) for arc in arcs if arc.weight is not None), default=0.0
    )
    _draw_arcs(axes, arcs, largest, theme, is_dense=is_dense)
    _draw_nodes(axes, network, values, rows, size, theme)
    _draw_names(axes, rows, size, theme)
    if numbers is not False:
        _write_weights(axes, arcs, rows, size, theme, insist=numbers is True)
    if is_dense:
        _draw_key(axes, largest, size, theme)


def _arc_count(network: Network) -> int:
    sizes = {layer.name: layer.size for layer in network.layers}
    return sum(sizes[link.source] * sizes[link.target] for link in network.links)


def _arcs(
    network: Network, values: NDArray[np.float64], rows: dict[str, Row], width: float
) -> list[Arc]:
    level = {one.name: k for k, some in enumerate(storeys(network)) for one in some}
    arcs = []
    for link in network.links:
        weights = network.weights(values, link) if KINDS[link.kind].weighted else None
        is_straight = level[link.target] - level[link.source] == 1
        source, target = rows[link.source], rows[link.target]
        for j in range(target.layer.size):
            for i in range(source.layer.size):
                if weights is None and i != j:
                    continue
                arcs.append(
                    Arc.between(
                        (float(source.x[i]), source.y),
                        (float(target.x[j]), target.y),
                        weight=None if weights is None else float(weights[j, i]),
                        row=(str(link), j),
                        bulge=0.0
                        if is_straight
                        else _bulge(source, target, i, j, width),
                    )
                )
    return arcs


def _bulge(source: Row, target: Row, i: int, j: int, width: float) -> float:
    """How far, and to which side, a link goes around the layers that it skips."""
    middle = (float(source.x[i]) + float(target.x[j])) / 2
    centre = float(source.x.mean() + target.x.mean()) / 2
    side = 1.0 if middle >= centre - 1e-9 else -1.0
    return side * 0.22 * width


def _draw_arcs(
    axes: Axes, arcs: list[Arc], largest: float, theme: Theme, *, is_dense: bool
) -> None:
    unit = theme.line_width * theme.size_in(axes) / theme.font_size
    arcs = sorted(arcs, key=lambda arc: abs(arc.weight or 0.0))
    widest = unit * (2.0 if is_dense else 3.2)
    thinnest = unit * (0.25 if is_dense else 0.5)
    for is_negative in (False, True):
        chosen = [arc for arc in arcs if ((arc.weight or 0.0) < 0) == is_negative]
        if not chosen:
            continue
        shares = [
            abs(arc.weight or 0.0) / largest if largest else 0.0 for arc in chosen
        ]
        colors = [
            to_rgba(
                theme.muted
                if arc.weight is None
                else theme.negative
                if is_negative
                else theme.positive,
                (0.06 + 0.94 * share**0.8) if is_dense else 1.0,
            )
            for arc, share in zip(chosen, shares, strict=True)
        ]
        lines = LineCollection(
            [arc.points for arc in chosen],
            colors=colors,
            linewidths=[thinnest + (widest - thinnest) * share for share in shares],
            linestyles=[(0, DASHES) if is_negative else "-"],
            capstyle="butt",
            zorder=1.0,
        )
        lines.set_gid("negative weights" if is_negative else "positive weights")
        axes.add_collection(lines, autolim=False)


def _draw_nodes(
    axes: Axes,
    network: Network,
    values: NDArray[np.float64],
    rows: dict[str, Row],
    size: float,
    theme: Theme,
) -> None:
    biases = {
        layer.name: network.biases(values, layer.name)
        for layer in network.layers
        if layer.bias
    }
    texts = [signed(bias) for vector in biases.values() for bias in vector]
    inner = min((1.75 * rows[name].radius for name in biases), default=0.0)
    lettering = fitting_size(texts, inner, 0.95 * size)
    is_written = lettering >= 0.9 * SMALLEST_SIZE
    largest = max(
        (float(np.abs(vector).max()) for vector in biases.values()), default=0.0
    )
    for row in rows.values():
        for k, x in enumerate(row.x):
            bias = float(biases[row.layer.name][k]) if row.layer.bias else None
            shade = (
                0.0
                if is_written or bias is None or not largest
                else abs(bias) / largest
            )
            hue = theme.negative if (bias or 0.0) < 0 else theme.positive
            ground = np.array(to_rgba(theme.background))
            fill = ground + 0.9 * shade * (np.array(to_rgba(hue)) - ground)
            axes.add_patch(
                Circle(
                    (float(x), row.y),
                    row.radius,
                    facecolor=tuple(fill),
                    edgecolor=theme.ink,
                    linewidth=min(0.9 * theme.line_width, 0.25 * row.radius),
                    zorder=3,
                )
            )
            if is_written and bias is not None:
                write(
                    axes, float(x), row.y, signed(bias), size=lettering, color=theme.ink
                )


def _draw_names(axes: Axes, rows: dict[str, Row], size: float, theme: Theme) -> None:
    top = max(row.y for row in rows.values())
    bottom = min(row.y for row in rows.values())
    for row in rows.values():
        left = float(row.x[0]) - max(
            row.radius, row.spacing / 2 if row.spacing < 4 * row.radius else 0
        )
        write(
            axes,
            left - 0.4 * size,
            row.y,
            row.layer.name,
            size=size,
            color=theme.muted,
            side="right",
        )
        if row.layer.units and row.y in {top, bottom}:
            _name_units(axes, row, size, theme, above=row.y == top)


def _name_units(
    axes: Axes, row: Row, size: float, theme: Theme, *, above: bool
) -> None:
    flat, upright = name_sizes(row.layer.units, row.spacing, size)
    way = 1 if above else -1
    for x, unit in zip(row.x, row.layer.units, strict=True):
        if flat:
            y = row.y + way * (row.radius + 0.9 * size)
            write(axes, float(x), y, unit, size=flat, color=theme.ink)
        elif upright:
            y = row.y + way * (row.radius + 0.3 * size)
            side: Side = "left" if above else "right"
            write(
                axes,
                float(x),
                y,
                unit,
                size=upright,
                color=theme.ink,
                side=side,
                upright=True,
            )


def _write_weights(
    axes: Axes,
    arcs: list[Arc],
    rows: dict[str, Row],
    size: float,
    theme: Theme,
    *,
    insist: bool,
) -> None:
    weighted = [arc for arc in arcs if arc.weight is not None]
    if not weighted or (len(weighted) > MOST_NUMBERS and not insist):
        return
    texts = [signed(arc.weight or 0.0) for arc in weighted]
    nodes = [(float(x), row.y, row.radius) for row in rows.values() for x in row.x]
    lettering = 0.95 * size
    while True:
        boxes = [
            (text_width(text, lettering) + 0.3 * lettering, 1.05 * lettering)
            for text in texts
        ]
        places, overlap = place_labels(weighted, boxes, nodes)
        if overlap == 0 or 0.93 * lettering < SMALLEST_SIZE:
            break
        lettering *= 0.93
    if overlap and not insist:
        return
    for (x, y), text in zip(places, texts, strict=True):
        write(
            axes,
            x,
            y,
            text,
            size=lettering,
            color=theme.ink,
            on=theme.background,
            zorder=2,
        )


def _draw_key(axes: Axes, largest: float, size: float, theme: Theme) -> None:
    """Say what solid, dashed and wide mean, where numbers do not."""
    parts = (
        (theme.positive, "-", "positive"),
        (theme.negative, (0, DASHES), f"negative; widest: {largest:.1f}"),
    )
    width, _ = axes.get_xlim()[1], axes.get_ylim()[1]
    lettering = min(0.9 * size, width / 26)
    x = 0.0
    for color, dashes, text in parts:
        axes.add_line(
            Line2D(
                [x, x + 2.2 * lettering],
                [0.6 * lettering] * 2,
                color=color,
                linestyle=dashes,  # type: ignore[arg-type]  # the stubs know names only
                linewidth=1.6 * theme.line_width,
            )
        )
        x += 2.7 * lettering
        write(
            axes,
            x,
            0.6 * lettering,
            text,
            size=lettering,
            color=theme.muted,
            side="left",
        )
        x += text_width(text, lettering) + lettering
