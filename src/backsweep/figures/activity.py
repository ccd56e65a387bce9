"""Fig. 3: activity levels of every unit for one case, as white squares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, Polygon, Rectangle

from backsweep.activations import ACTIVATIONS
from backsweep.errors import UnknownNameError, closest
from backsweep.figures.checks import checked_array
from backsweep.figures.hinton import place_squares
from backsweep.figures.lettering import fitting_size, text_width, write, write_title
from backsweep.figures.rows import storeys
from backsweep.figures.theme import LIGHT, Theme, prepare_diagram

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from backsweep.network import Layer, Network

__all__ = ["draw_activity"]

LONGEST_ROW: Final = 12  # units; longer layers are folded, English over Italian
MOST_NAMES: Final = 3  # active units that a caption names
ACTIVE: Final = 0.5  # share of a full square


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Where the squares of one layer stand."""

    layer: Layer
    x: float
    y: float
    cell: float
    n_rows: int
    n_columns: int

    @property
    def width(self) -> float:
        """Points."""
        return self.cell * self.n_columns

    @property
    def height(self) -> float:
        """Points."""
        return self.cell * self.n_rows

    def centre(self, unit: int) -> tuple[float, float]:
        """Middle of a unit's cell; units are read along the rows, from the top."""
        down, across = divmod(unit, self.n_columns)
        return (
            self.x + (across + 0.5) * self.cell,
            self.y + (self.n_rows - down - 0.5) * self.cell,
        )


def draw_activity(
    axes: Axes,
    network: Network,
    outputs: Mapping[str, ArrayLike],
    *,
    desired: ArrayLike | None = None,
    title: str | None = None,
    theme: Theme = LIGHT,
) -> None:
    """Draw each layer as a block of squares, input at the bottom: the letter's Fig. 3.

    A square's white area is its unit's output, black area a negative one, against
    the largest that the activation can give, or that the layer gives where there is
    no such bound. Captions name the active input units; dots mark the output units
    that should be on, and a caption names them.

    Parameters
    ----------
    axes
        Becomes a sheet in points, measured as it stands.
    network
        Its layers are the blocks; its links the fans between them.
    outputs
        For each layer by name, an array of shape (n_units,).
    desired : ndarray of shape (n_out,)
        Desired outputs over the output layers in order; None: nothing is marked.
    title
        One line above.
    theme
        Colours and sizes.
    """
    levels = _checked_levels(network, outputs)
    marked = _checked_desired(network, desired)
    width, height = prepare_diagram(axes, theme)
    size = theme.size_in(axes)
    height -= write_title(axes, title, (width, height), size, theme.ink)
    blocks = _blocks(network, width, height, size)
    _draw_fans(axes, network, blocks, theme)
    names = {
        name: _named_units(
            block,
            levels[name],
            marked.get(name, ()),
            is_input=block.layer in network.inputs,
        )
        for name, block in blocks.items()
    }
    lettering = _caption_size(blocks, names, width, 0.88 * size)
    for name, block in blocks.items():
        _draw_block(axes, block, levels[name], theme)
        for unit in marked.get(name, ()):
            _draw_dot(axes, block.centre(unit), 0.17 * block.cell, theme)
        _write_caption(
            axes, block, names[name], lettering, theme, has_dot=bool(marked.get(name))
        )


def _checked_levels(
    network: Network, outputs: Mapping[str, ArrayLike]
) -> dict[str, NDArray[np.float64]]:
    """Give each layer's outputs as shares of a full square."""
    levels = {}
    for layer in network.layers:
        if layer.name not in outputs:
            raise UnknownNameError(
                f"`outputs` must hold every layer, got none for {layer.name!r}.",
                hint=closest(layer.name, outputs),
            )
        values = checked_array(
            f"outputs[{layer.name!r}]", outputs[layer.name], (layer.size,)
        )
        low, high = ACTIVATIONS[layer.activation].range
        full = max(abs(low), abs(high))
        if not math.isfinite(full):  # also of an input layer, whose outputs are given
            full = max(1.0, float(np.abs(values).max()))
        levels[layer.name] = values / full
    return levels


def _checked_desired(
    network: Network, desired: ArrayLike | None
) -> dict[str, list[int]]:
    """Units that should be on, for each output layer."""
    if desired is None:
        return {}
    values = checked_array("desired", desired, (network.n_out,))
    marked, start = {}, 0
    for layer in network.outputs:
        part = values[start : start + layer.size]
        marked[layer.name] = [int(unit) for unit in np.flatnonzero(part > ACTIVE)]
        start += layer.size
    return marked


def _folded(n_units: int) -> tuple[int, int]:
    """Rows and columns of a block."""
    n_rows = math.ceil(n_units / LONGEST_ROW)
    return n_rows, math.ceil(n_units / n_rows)


def _blocks(
    network: Network, width: float, height: float, size: float
) -> dict[str, Block]:
    together = storeys(network)
    between = 1.5 * size
    caption = 1.5 * size
    columns = max(
        sum(_folded(layer.size)[1] for layer in storey) for storey in together
    )
    most = max(len(storey) for storey in together)
    rows = sum(max(_folded(layer.size)[0] for layer in storey) for storey in together)
    room = height - len(together) * caption - (len(together) - 1) * 0.8 * size
    cell = max(
        min((width - (most - 1) * between) / columns, room / rows, 3.2 * size), 0.5
    )
    used = len(together) * caption + rows * cell
    # What is left over goes between the storeys, to a limit, then around them.
    gap = min((height - used) / max(len(together) - 1, 1), 3.0 * cell)
    y = max(0.0, (height - used - gap * (len(together) - 1)) / 2)
    blocks = {}
    for storey in together:
        shapes = [_folded(layer.size) for layer in storey]
        wide = sum(shape[1] for shape in shapes) * cell
        slack = width - wide
        apart = min(slack / (len(storey) + 1), 6 * cell) if len(storey) > 1 else 0.0
        apart = max(apart, between) if len(storey) > 1 else 0.0
        x = (slack - apart * (len(storey) - 1)) / 2
        for layer, (n_rows, n_columns) in zip(storey, shapes, strict=True):
            blocks[layer.name] = Block(
                layer=layer, x=x, y=y, cell=cell, n_rows=n_rows, n_columns=n_columns
            )
            x += n_columns * cell + apart
        y += max(shape[0] for shape in shapes) * cell + caption + gap
    return blocks


def _draw_fans(
    axes: Axes, network: Network, blocks: dict[str, Block], theme: Theme
) -> None:
    """Show by a faint fan which layer acts on which."""
    for link in network.links:
        source, target = blocks[link.source], blocks[link.target]
        if target.y <= source.y:  # a delayed link, downward or to itself
            continue
        top, bottom = source.y + source.height, target.y
        axes.add_patch(
            Polygon(
                [
                    (source.x, top),
                    (source.x + source.width, top),
                    (target.x + target.width, bottom),
                    (target.x, bottom),
                ],
                facecolor=theme.faint,
                alpha=0.55,
                edgecolor="none",
                zorder=0.5,
            )
        )


def _draw_block(
    axes: Axes, block: Block, levels: NDArray[np.float64], theme: Theme
) -> None:
    grid = np.zeros(block.n_rows * block.n_columns)
    grid[: len(levels)] = levels
    place_squares(
        axes,
        grid.reshape(block.n_rows, block.n_columns),
        (block.x, block.y),
        block.cell,
        1.0,
        theme,
    )
    missing = len(grid) - len(levels)
    if missing:  # the last row is not full
        axes.add_patch(
            Rectangle(
                (block.x + block.width - missing * block.cell, block.y),
                missing * block.cell,
                block.cell,
                facecolor=theme.background,
                edgecolor="none",
                zorder=2.5,
            )
        )
    _draw_cells(axes, block, theme)


def _draw_cells(axes: Axes, block: Block, theme: Theme) -> None:
    """Part the units by fine lines, so that those at rest can be counted."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * block.cell / 2
    axes.add_collection(
        PolyCollection(
            [
                np.array(block.centre(unit)) + corners
                for unit in range(block.layer.size)
            ],
            facecolors="none",
            edgecolors=to_rgba(theme.off, 0.45),
            linewidths=min(0.7 * theme.line_width, 0.04 * block.cell),
            zorder=3,
        ),
        autolim=False,
    )


def _draw_dot(
    axes: Axes, centre: tuple[float, float], radius: float, theme: Theme
) -> None:
    """Mark a unit that should be on: black with a white rim, on any ground."""
    axes.add_patch(
        Circle(
            centre,
            radius,
            facecolor=theme.off,
            edgecolor=theme.on,
            linewidth=0.35 * radius,
            zorder=4,
        )
    )


def _named_units(
    block: Block, levels: NDArray[np.float64], wanted: Sequence[int], *, is_input: bool
) -> str:
    """Names of the units that a caption tells of: active inputs, desired outputs."""
    units = np.flatnonzero(levels > ACTIVE) if is_input else np.array(wanted, dtype=int)
    if not block.layer.units or not 0 < len(units) <= MOST_NAMES:
        return ""
    return ", ".join(block.layer.units[unit] for unit in units)


def _caption_size(
    blocks: dict[str, Block], names: dict[str, str], width: float, size: float
) -> float:
    """One size for all captions, at which each ends before the next block begins."""
    lettering = size
    for block in blocks.values():
        beside = [
            other.x
            for other in blocks.values()
            if other.y == block.y and other.x > block.x
        ]
        room = min([*beside, width]) - block.x
        text = f"{block.layer.name}:    {names[block.layer.name]}"
        lettering = min(lettering, fitting_size([text], 0.95 * room, size))
    return lettering


def _write_caption(
    axes: Axes, block: Block, names: str, size: float, theme: Theme, *, has_dot: bool
) -> None:
    """Write the layer's name, and the names of its units that matter, above it."""
    text = f"{block.layer.name}:" if names else block.layer.name
    x, y = block.x, block.y + block.height + 0.8 * size
    write(axes, x, y, text, size=size, color=theme.muted, side="left")
    if not names:
        return
    x += text_width(text, size) + 0.45 * size
    if has_dot:
        _draw_dot(axes, (x + 0.25 * size, y), 0.25 * size, theme)
        x += 0.8 * size
    write(axes, x, y, names, size=size, color=theme.ink, side="left")
