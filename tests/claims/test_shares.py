"""The figure of shares."""

from __future__ import annotations

import pytest

from backsweep.errors import ShapeError
from backsweep.figures.shares import ShareLine, draw_shares
from backsweep.figures.theme import blank_figure

LINE = ShareLine(
    label="one",
    at=[2, 3, 4],
    shares=[0.5, 0.2, 0.0],
    intervals=[[0.4, 0.6], [0.1, 0.3], [0.0, 0.1]],
)


def drawn(*lines, **settings):
    figure = blank_figure()
    axes = figure.add_subplot()
    draw_shares(axes, lines, x="hidden units", **settings)
    figure.draw_without_rendering()
    return axes


def test_every_place_has_a_tick():
    axes = drawn(LINE)
    assert [text.get_text() for text in axes.get_xticklabels()] == ["2", "3", "4"]


def test_intervals_stay_in_sight():
    assert drawn(LINE).get_ylim()[1] > 0.6


def test_lines_differ_in_more_than_colour():
    one, two = drawn(LINE, LINE).get_lines()
    assert one.get_marker() != two.get_marker()
    assert one.get_linestyle() != two.get_linestyle()


def test_thresholds_and_marks_are_drawn():
    axes = drawn(LINE, threshold=0.05, threshold_label="rare", mark=(3.0, "here"),
                 scale="log", title="Found")  # fmt: skip
    words = {text.get_text() for text in axes.texts}
    assert {"rare", "here"} <= words


def test_lines_without_marks_have_no_intervals():
    assert not drawn(LINE, marks=False).collections


def test_no_lines_are_refused():
    with pytest.raises(ShapeError, match="at least one, got none"):
        drawn()
