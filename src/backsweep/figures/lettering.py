"""Letters on a drawing: how wide a text is, what size fits, on which baseline.

Widths are those of the font that matplotlib ships, so that a layout is the same on
every machine.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from backsweep.figures.theme import FONTS, SMALLEST_SIZE, Theme, extent, settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = [
    "Side",
    "fitting_size",
    "set_heading",
    "signed",
    "text_width",
    "wrapped",
    "write",
    "write_title",
]

Side = Literal["left", "center", "right"]
DIGIT_HEIGHT: Final = 0.73  # of the font size, in DejaVu Sans
MINUS: Final = "\N{MINUS SIGN}"


@lru_cache(maxsize=4096)
def _width_per_point(text: str) -> float:
    if not text.strip():
        return 0.32 * len(text)
    path = TextPath((0, 0), text, size=100, prop=FontProperties(family=FONTS[0]))
    return float(path.get_extents().width) / 100 + 0.08


def text_width(text: str, size: float) -> float:
    """Width of a line of text in points, with a hair of space around it."""
    return _width_per_point(text) * size


def fitting_size(texts: Iterable[str], width: float, largest: float) -> float:
    """Find the largest size, up to `largest`, at which each text fits the width."""
    widest = max((_width_per_point(text) for text in texts), default=0.0)
    return min(largest, width / widest) if widest > 0 else largest


def signed(value: float, decimals: int = 1) -> str:
    r"""Write a weight with a real minus sign, and none before nought.

    Examples
    --------
    >>> signed(-14.21) == "\N{MINUS SIGN}14.2"
    True
    >>> signed(-0.01)
    '0.0'
    """
    text = f"{abs(value):.{decimals}f}"
    return MINUS + text if value < 0 and float(text) else text


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    color: str,
    side: Side = "center",
    upright: bool = False,
    bold: bool = False,
    on: str | None = None,
    zorder: float = 5.0,
) -> Text:
    """Write a line of text, its digits centred on y, on one baseline with its like.

    Parameters
    ----------
    axes
        A sheet made by `prepare_diagram`: x, y and size are points.
    x, y
        Where the text stands.
    text
        One line.
    size
        Points.
    color
        Of the letters.
    side
        Which end of the text x is.
    upright
        Turn it to read upwards; y is then where it starts.
    bold
        Heavier letters.
    on
        A colour to clear behind the text.
    zorder
        What it stands above.
    """
    box = {"facecolor": on, "edgecolor": "none", "pad": 0.08 * size} if on else None
    return axes.text(
        x,
        y if upright else y - DIGIT_HEIGHT / 2 * size,
        text,
        fontsize=size,
        fontfamily=list(FONTS),
        fontweight="bold" if bold else "normal",
        color=color,
        horizontalalignment="center" if upright else side,
        verticalalignment=("bottom" if side == "left" else "top")
        if upright
        else "baseline",
        rotation=90 if upright else 0,
        bbox=box,
        zorder=zorder,
    )


def write_title(
    axes: Axes, title: str | None, extent: tuple[float, float], size: float, color: str
) -> float:
    """Write a diagram's title in its upper left corner, if it has one.

    Parameters
    ----------
    axes
        A sheet made by `prepare_diagram`.
    title
        One line, or None.
    extent
        Width and height of the sheet in points.
    size, color
        Of the letters; smaller where the line would not fit.

    Returns
    -------
    float
        Points that the title takes from the height.
    """
    if title is None:
        return 0.0
    width, height = extent
    fitted = fitting_size([title], width, size)
    write(axes, 0, height - 0.6 * size, title, size=fitted, color=color, side="left")
    return 1.8 * size


def wrapped(text: str, width: float, size: float) -> str:
    """Break a text between words into lines no wider than a width in points.

    As few lines as can be, and of about equal length.
    """
    lines = _broken(text, width, size)
    narrower = width
    while len(lines) > 1 and len(_broken(text, narrower - size, size)) == len(lines):
        narrower -= size
        lines = _broken(text, narrower, size)
    return "\n".join(lines)


def _broken(text: str, width: float, size: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def set_heading(
    axes: Axes, theme: Theme, size: float, text: str, *, above: float = 0.0
) -> None:
    """Write over a chart what it found, broken to its width, so many points above."""
    settle(axes)
    width, _ = extent(axes)
    axes.set_title(
        wrapped(text, max(0.94 * width, 10 * SMALLEST_SIZE), size),
        loc="left",
        fontsize=size,
        fontfamily=list(FONTS),
        color=theme.ink,
        pad=above + 0.7 * size,
    )
