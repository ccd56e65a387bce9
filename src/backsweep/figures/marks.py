"""Marks that stand on a number of the horizontal axis, their words beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backsweep.figures.lettering import text_width
from backsweep.figures.theme import FONTS, SMALLEST_SIZE, Theme, extent, settle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["head_room", "mark_sweep"]

LINE: Final = 1.35  # sizes of letter from line to line


def mark_sweep(
    axes: Axes,
    theme: Theme,
    size: float,
    sweep: float,
    *words: str,
    line: int = 0,
    color: str | None = None,
    away_from: float | None = None,
) -> None:
    """Draw a dashed line at a sweep, and write beside it, on the side with room.

    Parameters
    ----------
    axes
        A chart whose limits are set, with `head_room` for the words at the top.
    theme
        Colours and sizes.
    size
        Points.
    sweep
        Where; nothing is drawn outside the axes.
    *words
        What stands there, line by line.
    line
        On which line from the top the words begin, so that two marks' words pass
        each other.
    color
        The accent, if left out.
    away_from
        Another mark, whose line the words must not cross.
    """
    low, high = axes.get_xlim()
    if not low <= sweep <= high:
        return
    width, height = extent(axes)
    share = float(
        axes.transAxes.inverted().transform(axes.transData.transform((sweep, 1.0)))[0]
    )
    is_right = share <= 0.5 if away_from is None else sweep >= away_from
    room = (1 - share if is_right else share) * width - 0.7 * size
    lettering = min(
        size, size * max(room, 1) / max(text_width(text, size) for text in words)
    )
    if lettering < SMALLEST_SIZE:  # the other side has more room
        is_right, lettering = not is_right, max(SMALLEST_SIZE, lettering)
    top = 1 - (0.3 + LINE * line) * size / height
    shade = color or theme.accent
    axes.axvline(
        sweep,
        ymax=min(top + 0.1 * size / height, 1.0),
        color=shade,
        linestyle=(0, (4, 2)),
        linewidth=1.2 * theme.line_width * size / theme.font_size,
        zorder=6,
    )
    axes.annotate(
        "\n".join(words),
        xy=(share, top),
        xycoords="axes fraction",
        xytext=(0.45 * size if is_right else -0.45 * size, 0),
        textcoords="offset points",
        horizontalalignment="left" if is_right else "right",
        verticalalignment="top",
        linespacing=1.1,
        fontsize=lettering,
        fontfamily=list(FONTS),
        color=shade,
        zorder=7,
    )


def head_room(axes: Axes, size: float, lines: int) -> float:
    """Share of the height that so many lines of words take at the top."""
    settle(axes)
    _, height = extent(axes)
    return min((LINE * lines + 0.6) * size / height, 0.6)
