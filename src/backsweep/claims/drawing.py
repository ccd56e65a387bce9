"""Drawing: plates to files, and to markup that stands inside a page.

A figure inside the page takes its colours from the page, so that it follows light and
dark; and it refers to nothing outside.
"""

from __future__ import annotations

import dataclasses
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from backsweep.claims.claim import Plate

__all__ = ["Drawn", "colors", "draw", "inline"]

# Names of the page's colours: fields of a theme.
COLORS: Final = (
    "background", "ink", "muted", "faint", "positive", "negative", "accent",
    "grey", "on", "off",
)  # fmt: skip
# White squares stay white on a dark page, whose ground does not: the two must differ.
GROUND: Final = "#fffffe"
PIXELS_PER_CM: Final = 96 / 2.54


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A plate that was drawn.

    Parameters
    ----------
    plate
        Which.
    svg, pdf
        Content of its files.
    """

    plate: Plate
    svg: bytes
    pdf: bytes


def draw(plate: Plate) -> Drawn:
    """Draw a plate once, for both files."""
    from backsweep.figures.save import figure_bytes  # noqa: PLC0415  # matplotlib is slow
    from backsweep.figures.theme import LIGHT, blank_figure  # noqa: PLC0415

    theme = dataclasses.replace(LIGHT, background=GROUND)
    figure = blank_figure(plate.width_cm, plate.height_cm, theme=theme)
    plate.draw(figure.add_subplot(), theme)
    return Drawn(
        plate=plate, svg=figure_bytes(figure, ".svg"), pdf=figure_bytes(figure, ".pdf")
    )


def colors(theme_name: str) -> dict[str, str]:
    """Give the colours of a theme by the names that figures in the page call them."""
    from backsweep.figures.theme import THEMES  # noqa: PLC0415  # as in `draw`

    theme = THEMES[theme_name]
    return {f"--figure-{name}": getattr(theme, name) for name in COLORS}


def inline(drawn: Drawn) -> str:
    """Give a figure as markup for the inside of a page.

    Names are made the figure's own, since all figures of a page share one space of
    names; colours of the theme become the page's.
    """
    from backsweep.figures.theme import LIGHT  # noqa: PLC0415  # as in `draw`

    text = drawn.svg.decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<style[^>]*>.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    name = drawn.plate.name
    text = re.sub(r'\bid="([^"]*)"', rf'id="{name}-\1"', text)
    text = re.sub(r"url\(#([^)]*)\)", rf"url(#{name}-\1)", text)
    text = re.sub(r'xlink:href="#([^"]*)"', rf'href="#{name}-\1"', text)
    theme = dataclasses.replace(LIGHT, background=GROUND)
    for field in COLORS:
        text = text.replace(getattr(theme, field), f"var(--figure-{field})")
    box = re.search(r'viewBox="([^"]*)"', text)
    if box is None:
        raise AssertionError(f"the figure {name!r} has no viewBox")
    opening = (
        f'<svg viewBox="{box[1]}" role="img"'
        f' aria-label="{html.escape(drawn.plate.caption)}"'
        f' style="max-width: {drawn.plate.width_cm * PIXELS_PER_CM:.0f}px">'
    )
    return re.sub(r"<svg[^>]*>", lambda _found: opening, text, count=1).strip()
