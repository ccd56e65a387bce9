"""What the tests of figures share: sheets of several sizes, and their texts."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.text import Text

from backsweep.figures import THEMES, blank_figure

# Centimetres: a column's half, a page's width, a screen.
SHEETS = {"small": (5.0, 4.0), "page": (12.0, 8.0), "screen": (40.0, 22.0)}


class Sheet:
    """One axes in a figure, and what can be asked of what stands on it."""

    def __init__(self, size, theme):
        # Layout does not hang on the dots per inch; few are faster.
        self.theme = replace(THEMES[theme], dpi=100)
        self.figure = blank_figure(*SHEETS[size], theme=self.theme)
        self.axes = self.figure.add_subplot()

    def drawn_texts(self):
        """Every text that shows, after a drawing."""
        self.figure.draw_without_rendering()
        # The children hold the texts and the titles; the axes hold the ticks' words.
        found = [child for child in self.axes.get_children() if isinstance(child, Text)]
        found += [self.axes.xaxis.label, self.axes.yaxis.label]
        for axis in (self.axes.xaxis, self.axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            found += [
                tick.label1
                for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]
                if low - 1e-9 <= tick.get_loc() <= high + 1e-9
            ]
        legend = self.axes.get_legend()
        found += legend.get_texts() if legend else []
        hidden = set()
        if not self.axes.axison:
            hidden = {*self.axes.get_xticklabels(), *self.axes.get_yticklabels()}
        return [
            t for t in found if t.get_text() and t.get_visible() and t not in hidden
        ]

    def words(self):
        """What stands there, line by line."""
        return [text.get_text() for text in self.axes.texts]

    def assert_legible(self):
        """No text is cut off, covers another, or is too small to read."""
        texts = self.drawn_texts()
        frame = self.figure.bbox
        boxes = [_text_box(text) for text in texts]
        for text, (low, high) in zip(texts, boxes, strict=True):
            name = text.get_text()
            inside = (low >= -1.5).all() and (high <= np.array(frame.max) + 1.5).all()
            assert inside, f"{name!r} is cut off"
            assert text.get_fontsize() >= 4.2, f"{name!r} is too small"
        for (a, one), (b, other) in itertools.combinations(
            zip(texts, boxes, strict=True), 2
        ):
            shared = np.minimum(one[1], other[1]) - np.maximum(one[0], other[0])
            slack = (
                0.12 * min(a.get_fontsize(), b.get_fontsize()) * self.figure.dpi / 72
            )
            assert (shared <= slack).any(), f"{a.get_text()!r} covers {b.get_text()!r}"


def _text_box(text):
    """Corners of the letters alone, without the ground cleared behind them."""
    patch, ground = text.get_bbox_patch(), None
    if patch is not None:
        ground = patch.get_visible()
        patch.set_visible(False)
    box = text.get_window_extent()
    if patch is not None:
        patch.set_visible(ground)
    low, high = np.array([box.x0, box.y0]), np.array([box.x1, box.y1])
    # A line's box has room for letters that go below it; most here do not.
    trim = 0.2 * text.get_fontsize() * text.get_figure(root=True).dpi / 72
    if text.get_rotation() == 0:
        low[1] += trim
    return low, high


@pytest.fixture(params=["dark", "print"])
def any_theme(request):
    return request.param


@pytest.fixture(params=list(SHEETS))
def any_size(request):
    return request.param


@pytest.fixture
def page():
    return Sheet("page", "light")


@pytest.fixture
def make_sheet():
    return Sheet
