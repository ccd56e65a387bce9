"""The legend: above the plot, left, in as many columns as fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.font_manager import FontProperties

from backsweep.figures.lettering import text_width
from backsweep.figures.theme import FONTS, Theme, extent, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["set_legend"]


def set_legend(
    axes: Axes, theme: Theme, size: float, handles: Sequence[Artist]
) -> float:
    """Explain lines and bands above the plot; give the points that this takes."""
    settle(axes)
    width, _ = extent(axes)
    widest = (
        max(text_width(str(handle.get_label()), size) for handle in handles)
        + 3.0 * size
    )
    columns = int(min(max(width / widest, 1), len(handles)))
    legend = axes.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=columns,
        frameon=False,
        borderaxespad=0.2,
        borderpad=0.2,
        handlelength=1.3,
        handletextpad=0.5,
        columnspacing=1.0,
        labelspacing=0.3,
        labelcolor=theme.ink,
        prop=FontProperties(family=list(FONTS), size=size),
    )
    legend.set_zorder(6)
    rows = -(-len(handles) // columns)
    return (1.45 * rows + 0.3) * size
