"""The one theme of all figures: colours, sizes, and the ground they are drawn on.

Colours are chosen to be told apart by colour-blind readers (after Okabe & Ito), and
no figure tells by colour alone: negative weights are dashed too, bands are told by
depth, marks by shape. Nothing here touches matplotlib's global settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, FuncFormatter, LogLocator, MaxNLocator

from backsweep.errors import SettingError, closest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

__all__ = ["FONTS", "LIGHT", "THEMES", "Scale", "Theme", "blank_figure"]

Scale = Literal["linear", "log"]

# The first is shipped with matplotlib; an SVG read where it is missing takes the next.
FONTS: Final = ("DejaVu Sans", "sans-serif")
POINTS_PER_CM: Final = 72 / 2.54
SMALLEST_SIZE: Final = 5.0  # points; what journals allow


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours and sizes of a figure.

    Parameters
    ----------
    background, ink, muted, faint
        Colours of the ground, of text and outlines, of lesser text, of grids.
    positive, negative, accent
        Colours of positive and negative weights, and of the published number.
    grey, on, off
        Ground of a Hinton diagram, and its squares for positive and for negative.
    font_size
        Points, in axes of about 11 by 7 cm; `size_in` fits it to others.
    line_width
        Points.
    dpi
        Dots per inch of a PNG.
    """

    background: str
    ink: str
    muted: str
    faint: str
    positive: str
    negative: str
    accent: str
    grey: str
    on: str
    off: str
    font_size: float = 9.0
    line_width: float = 1.0
    dpi: int = 160

    def size_in(self, axes: Axes) -> float:
        """Fit the font size to the axes as they stand: points.

        Letters grow with the fourth root of the area, so that small figures stay
        legible and large ones stay calm.
        """
        width, height = extent(axes)
        scale = float(min(max((width * height / (300 * 200)) ** 0.25, 0.6), 1.9))
        return max(SMALLEST_SIZE, self.font_size * scale)

    def for_print(self) -> Theme:
        """Give the same colours with finer lines, smaller letters and more dots."""
        return replace(self, font_size=8.0, line_width=0.7, dpi=400)


_LIGHT = Theme(
    background="#ffffff",
    ink="#1b1f24",
    muted="#5a636e",
    faint="#dfe3e8",
    positive="#0067a5",
    negative="#c44e00",
    accent="#8f2d6d",
    grey="#8e959d",
    on="#ffffff",
    off="#15181c",
)
_DARK = Theme(
    background="#14181d",
    ink="#eef1f4",
    muted="#a3adb8",
    faint="#323a43",
    positive="#5cb8f0",
    negative="#f0973c",
    accent="#e68fc6",
    grey="#6c747d",
    on="#ffffff",
    off="#0b0d10",
)

LIGHT: Final = _LIGHT

THEMES: Final[Mapping[str, Theme]] = MappingProxyType(
    {
        "dark": _DARK,
        "dark print": _DARK.for_print(),
        "light": _LIGHT,
        "print": _LIGHT.for_print(),
    }
)


def theme_named(name: str) -> Theme:
    """Give the theme of that name, or say which there are."""
    try:
        return THEMES[name]
    except KeyError:
        known = ", ".join(map(repr, sorted(THEMES)))
        raise SettingError(
            f"`theme` must be one of {known}, got {name!r}.", hint=closest(name, THEMES)
        ) from None


def blank_figure(
    width_cm: float = 12.0, height_cm: float = 8.0, *, theme: Theme = LIGHT
) -> Figure:
    """Make an empty figure that keeps all labels inside its edges.

    Parameters
    ----------
    width_cm, height_cm
        Centimetres on paper.
    theme
        Gives the background and the dots per inch.

    Examples
    --------
    >>> figure = blank_figure(8.0, 6.0)
    >>> axes = figure.add_subplot()
    """
    if not (width_cm > 0 and height_cm > 0):
        raise SettingError(
            f"`width_cm` and `height_cm` must be above 0, "
            f"got {width_cm!r} and {height_cm!r}."
        )
    return Figure(
        figsize=(width_cm / 2.54, height_cm / 2.54),
        dpi=theme.dpi,
        facecolor=theme.background,
        layout="constrained",
    )


def extent(axes: Axes) -> tuple[float, float]:
    """Measure the axes as they stand: width and height in points."""
    box = axes.get_window_extent()
    scale = 72 / axes.get_figure(root=True).dpi  # type: ignore[union-attr]  # never None here
    return box.width * scale, box.height * scale


def settle(axes: Axes) -> None:
    """Let the figure's layout give the axes their place, before it is measured."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise SettingError("`axes` must stand in a figure, got axes of none.")
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)


def prepare_diagram(axes: Axes, theme: Theme) -> tuple[float, float]:
    """Clear the axes to a sheet whose unit is a point; give its width and height.

    What is drawn keeps its proportions when the axes are given another size later.
    """
    axes.set_axis_off()
    _paint_ground(axes, theme)
    settle(axes)
    width, height = extent(axes)
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_aspect("equal")
    return width, height


def prepare_chart(axes: Axes, theme: Theme) -> float:
    """Give the axes the house's frame, ticks and grid; give the size of letters."""
    axes.set_axis_off()
    _paint_ground(axes, theme)
    settle(axes)
    axes.set_axis_on()
    size = theme.size_in(axes)
    axes.set_facecolor(theme.background)
    axes.tick_params(
        which="both",
        labelsize=0.9 * size,
        labelcolor=theme.ink,
        labelfontfamily=FONTS[0],
        color=theme.muted,
        width=0.7 * theme.line_width,
        length=0.35 * size,
    )
    axes.tick_params(which="minor", length=0.2 * size)
    for side, spine in axes.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(theme.muted)
        spine.set_linewidth(0.7 * theme.line_width)
    axes.grid(visible=False)
    axes.set_axisbelow(True)
    return size


def label_axes(axes: Axes, theme: Theme, size: float, *, x: str, y: str) -> None:
    """Write what the axes measure."""
    style: dict[str, Any] = {
        "fontsize": size,
        "color": theme.ink,
        "fontfamily": list(FONTS),
    }
    axes.set_xlabel(x, **style)
    axes.set_ylabel(y, **style)


def number(value: float) -> str:
    """Write a number of an axis: 1,500 and 0.01 and 4."""
    if value == 0:
        return "0"
    if abs(value) >= 1:
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 1e-4 else f"{value:.0e}"


def set_ticks(
    axes: Axes,
    theme: Theme,
    which: Literal["x", "y"],
    scale: Scale,
    *,
    whole: bool = False,
) -> None:
    """Choose few round ticks, as many as letters leave room for; whole if counts."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    size = theme.size_in(axes)
    width, height = extent(axes)
    room = width / (5.5 * size) if which == "x" else height / (3.2 * size)
    count = int(min(max(room, 2), 7))
    if scale == "log":
        low, high = sorted(axis.get_view_interval())
        axis.set_major_locator(log_locator(low, high, count))
        axis.set_minor_locator(
            LogLocator(base=10, subs=tuple(range(2, 10)), numticks=30)
        )
        axis.set_minor_formatter(FuncFormatter(lambda _value, _place: ""))
    else:
        steps = [1, 2, 5, 10] if whole else [1, 2, 2.5, 5, 10]
        axis.set_major_locator(MaxNLocator(nbins=count, steps=steps, integer=whole))
    axis.set_major_formatter(_formatter())


def _formatter() -> Formatter:
    return FuncFormatter(lambda value, _place: number(value))


def log_locator(low: float, high: float, count: int) -> LogLocator:
    """Ticks at 1, 2 and 5, at 1 and 3, or at 1 only: the most that have room."""
    for steps in ((1, 2, 5), (1, 3), (1,)):
        decade, ticks = 1e-12, 0
        while decade <= high:
            ticks += sum(low <= step * decade <= high for step in steps)
            decade *= 10
        if ticks <= count:
            return LogLocator(base=10, subs=steps, numticks=30)
    return LogLocator(base=10, subs=(1,), numticks=count)


def _paint_ground(axes: Axes, theme: Theme) -> None:
    axes.set_facecolor(theme.background)
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.set_facecolor(theme.background)
