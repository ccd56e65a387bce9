from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from backsweep.errors import SettingError
from backsweep.figures import (
    LIGHT,
    THEMES,
    blank_figure,
    draw_hinton,
    figure_bytes,
    theme_named,
)
from backsweep.figures.theme import number


def luminance(color):
    channels = np.array(to_rgb(color))
    linear = np.where(
        channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    )
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_colours_stand_out_from_the_ground(name):
    """The contrast that web accessibility asks of text (4.5) and of marks (3)."""
    theme = THEMES[name]
    assert contrast(theme.ink, theme.background) >= 7
    for color in (theme.muted, theme.accent):
        assert contrast(color, theme.background) >= 4.5
    for color in (theme.positive, theme.negative):
        assert contrast(color, theme.background) >= 3
    assert contrast(theme.on, theme.grey) >= 2.9
    assert contrast(theme.off, theme.grey) >= 2.9


def test_print_is_finer():
    assert THEMES["print"].font_size < LIGHT.font_size
    assert THEMES["print"].line_width < LIGHT.line_width
    assert THEMES["print"].dpi > LIGHT.dpi
    assert THEMES["print"].ink == LIGHT.ink


def test_letters_grow_slower_than_the_sheet():
    sizes = [
        LIGHT.size_in(blank_figure(width, width / 1.5).add_subplot())
        for width in (2.0, 5.0, 12.0, 40.0)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] >= 5
    assert sizes[-1] < 2.5 * sizes[1] * 1.5


def test_theme_by_name():
    assert theme_named("dark") is THEMES["dark"]
    with pytest.raises(
        SettingError, match=r"must be one of 'dark', .*got 'drak'.*\nhint: .*'dark'\?"
    ):
        theme_named("drak")


def test_sheet_needs_a_size():
    with pytest.raises(SettingError, match=r"must be above 0, got 0 and 3"):
        blank_figure(0, 3)


def test_axes_need_a_figure():
    axes = Figure().add_subplot()
    axes.remove()
    with pytest.raises(SettingError, match="must stand in a figure"):
        draw_hinton(axes, [[1.0]])


def test_global_settings_are_untouched(page):
    before = dict(mpl.rcParams)
    draw_hinton(page.axes, [[1.0, -1.0]])
    figure_bytes(page.figure, ".svg")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1500, "1,500"),
        (0.25, "0.25"),
        (4.0, "4"),
        (2.5, "2.5"),
        (1e-6, "1e-06"),
    ],
)
def test_numbers_of_an_axis(value, text):
    assert number(value) == text
