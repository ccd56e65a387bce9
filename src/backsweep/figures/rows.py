"""Where the layers of a network stand on the sheet, and where their units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from backsweep.figures.lettering import fitting_size, text_width
from backsweep.figures.theme import SMALLEST_SIZE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from backsweep.network import Layer, Network

__all__ = ["Row", "alike", "lay_out", "name_sizes", "storeys"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where the units of one layer stand."""

    layer: Layer
    x: NDArray[np.float64]  # (n_units,)
    y: float
    radius: float
    spacing: float


def storeys(network: Network) -> list[list[Layer]]:
    """Sort the layers by their longest way from an input, over links without delay."""
    levels = {layer.name: 0 for layer in network.layers}
    for layer in network.layers:  # they stand bottom to top
        below = [levels[k.source] for k in network.incoming(layer.name) if not k.delay]
        if below:
            levels[layer.name] = 1 + max(below)
    found: list[list[Layer]] = [[] for _ in range(1 + max(levels.values()))]
    for layer in network.layers:
        found[levels[layer.name]].append(layer)
    return found


def lay_out(
    network: Network, width: float, height: float, floor: float, size: float
) -> dict[str, Row]:
    """Place every unit, and leave `floor` points free below."""
    together = storeys(network)
    top = len(together) - 1
    margin = max(text_width(level[0].name, size) for level in together) + size
    spacings = [_spacing(level, width - margin, size) for level in together]
    # A node is as wide as a bias needs, and leaves room between the levels.
    radius = min(1.55 * size, 0.215 * height / (top + 1))
    bottom = floor + _names_room(together[0], spacings[0], size) + radius
    above = height - _names_room(together[-1], spacings[-1], size) - radius - 1
    rows: dict[str, Row] = {}
    for number, (level, spacing) in enumerate(zip(together, spacings, strict=True)):
        y = bottom + (above - bottom) * (number / top if top else 0.5)
        left = margin
        for place, layer in enumerate(level):
            left += (text_width(layer.name, size) + 2 * size) * (place > 0)
            x = left + spacing * (np.arange(layer.size, dtype=np.float64) + 0.5)
            # An input unit has no bias to hold.
            own = min((1.0 if layer.bias else 0.62) * radius, 0.4 * spacing)
            rows[layer.name] = Row(layer=layer, x=x, y=y, radius=own, spacing=spacing)
            left += spacing * layer.size
    return rows


def alike(rows: dict[str, Row]) -> dict[str, Row]:
    """Give all nodes the size of the smallest: calmer, where they are many."""
    least = min(row.radius for row in rows.values())
    return {name: replace(row, radius=least) for name, row in rows.items()}


def _spacing(level: list[Layer], width: float, size: float) -> float:
    """Share a level's width among its units, names of further layers between them."""
    between = sum(text_width(layer.name, size) + 2 * size for layer in level[1:])
    return max(width - between, 0.3 * width) / sum(layer.size for layer in level)


def _names_room(level: list[Layer], spacing: float, size: float) -> float:
    named = [unit for layer in level for unit in layer.units]
    flat, upright = name_sizes(named, spacing, size)
    if not named:
        return 0.0
    if flat:
        return 1.6 * size
    return (
        max(text_width(unit, upright) for unit in named) + 0.4 * size
        if upright
        else 0.0
    )


def name_sizes(
    units: Sequence[str], spacing: float, size: float
) -> tuple[float, float]:
    """Size of the names of units along the row, and of upright ones; 0: no room."""
    flat = fitting_size(units, 0.92 * spacing, size)
    if flat >= 0.8 * size:
        return flat, 0.0
    upright = min(0.9 * size, 0.95 * spacing)
    return 0.0, upright if upright >= SMALLEST_SIZE else 0.0
