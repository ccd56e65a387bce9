from __future__ import annotations

import numpy as np
import pytest

from backsweep.errors import DataError, SettingError, ShapeError
from backsweep.figures import draw_training_curve

SWEEPS = np.arange(0, 2000, 20)


def curves(n_runs, *, stopped=True):
    """Plateau, then a fall at a sweep of its own; the last run never falls."""
    falls = np.linspace(300, 1600, n_runs)[:, None]
    errors = 0.2 + 3.8 / (1 + np.exp((SWEEPS - falls) / 30))
    errors[-1] = 4.0
    if stopped:
        errors[:-1][errors[:-1] < 0.4] = np.nan
    return errors


def test_one_run_is_a_line_that_ends_where_it_stopped(page):
    errors = curves(2)[:1]
    draw_training_curve(page.axes, SWEEPS, errors)
    line, dot = page.axes.lines
    assert np.array_equal(line.get_ydata(), errors[0], equal_nan=True)
    last = np.flatnonzero(~np.isnan(errors[0]))[-1]
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (SWEEPS[last], errors[0, last])
    assert page.axes.get_yscale() == "log"
    assert SWEEPS[last] < page.axes.get_xlim()[1] < 1.2 * SWEEPS[last]


def test_fan_carries_the_last_error_on(page):
    errors = curves(20)
    draw_training_curve(page.axes, SWEEPS, errors, error_scale="linear")
    carried = errors.copy()
    for run in carried:
        run[np.isnan(run)] = run[~np.isnan(run)][-1]
    median = page.axes.lines[-1]
    assert np.allclose(median.get_ydata(), np.median(carried, axis=0))
    outer, inner = (band.get_paths()[0].get_extents() for band in page.axes.collections)
    assert outer.y0 <= inner.y0
    assert outer.y1 >= inner.y1
    labels = [text.get_text() for text in page.axes.get_legend().get_texts()]
    assert labels == ["10\N{EN DASH}90 %", "25\N{EN DASH}75 %", "median", "runs"]


def test_band_holds_its_share_of_the_runs(page):
    errors = curves(101, stopped=False)
    draw_training_curve(page.axes, SWEEPS, errors)
    outer, inner = page.axes.collections
    for band, low, high in ((outer, 10, 90), (inner, 25, 75)):
        corners = band.get_paths()[0].vertices
        edges = corners[np.isclose(corners[:, 0], 1000)][:, 1]
        wanted = np.percentile(errors[:, SWEEPS == 1000], (low, high))
        assert np.allclose([edges.min(), edges.max()], wanted)


def test_published_sweep_is_marked(page):
    draw_training_curve(page.axes, SWEEPS, curves(20), published=1425)
    assert "the letter: 1,425" in page.words()
    marks = [line for line in page.axes.lines if list(line.get_xdata()) == [1425, 1425]]
    assert len(marks) == 1


def test_published_sweep_beyond_the_axes_is_left_out(page):
    draw_training_curve(page.axes, SWEEPS, curves(20), published=9000)
    assert not page.words()


def test_plateau_is_inside_and_free_of_words(page):
    draw_training_curve(
        page.axes, SWEEPS, curves(20), published=1000, error_scale="linear"
    )
    page.figure.draw_without_rendering()
    bottom = page.axes.texts[0].get_window_extent().y0
    plateau = page.axes.transData.transform((0, 4.0))[1]
    assert plateau < bottom


@pytest.mark.parametrize("sweep_scale", ["linear", "log"])
@pytest.mark.parametrize("n_runs", [1, 20])
def test_legible_in_any_theme_and_size(
    make_sheet, any_theme, any_size, sweep_scale, n_runs
):
    sheet = make_sheet(any_size, any_theme)
    draw_training_curve(
        sheet.axes,
        SWEEPS,
        curves(n_runs + 1)[:n_runs],
        published=1425,
        sweep_scale=sweep_scale,
        title="The symmetry network, as it learns",
        theme=sheet.theme,
    )
    sheet.assert_legible()


def test_log_sweeps_leave_nought_out(page):
    draw_training_curve(page.axes, SWEEPS, curves(3), sweep_scale="log")
    assert page.axes.get_xlim()[0] == 20


@pytest.mark.parametrize("low", [0.999, 0.9, 0.5, 0.1, 1e-3])
def test_a_log_axis_says_so_and_has_three_ticks(page, low):
    draw_training_curve(page.axes, SWEEPS, np.geomspace(4, 4 * low, len(SWEEPS))[None])
    assert page.axes.get_ylabel() == "error E (log scale)"
    assert page.axes.get_xlabel() == "sweeps"
    bottom, top = page.axes.get_ylim()
    ticks = page.axes.yaxis.get_major_locator()()
    labels = page.axes.yaxis.get_major_formatter().format_ticks(ticks)
    inside = [
        label
        for tick, label in zip(ticks, labels, strict=True)
        if bottom <= tick <= top
    ]
    assert len(inside) >= 3
    assert len(set(inside)) == len(inside)


def test_wrong_curves(page):
    with pytest.raises(
        ShapeError, match=r"`errors` must have shape \(n_runs, 100\), got \(100,\)"
    ):
        draw_training_curve(page.axes, SWEEPS, curves(2)[0])
    with pytest.raises(DataError, match="`sweeps` must ascend"):
        draw_training_curve(page.axes, SWEEPS[::-1], curves(2))
    with pytest.raises(
        DataError, match="begin with a number in each run, got nan in run 1"
    ):
        draw_training_curve(page.axes, [0, 1], np.array([[1, 2], [np.nan, 1]]))
    with pytest.raises(DataError, match=r"`errors` must not be negative, got -1\.0"):
        draw_training_curve(page.axes, [0, 1], [[1, -1]])
    with pytest.raises(
        DataError, match=r"`errors` must be finite, got inf at \(0, 1\)"
    ):
        draw_training_curve(page.axes, [0, 1], [[1, np.inf]])
    with pytest.raises(
        SettingError, match="'linear' where every error is 0, got 'log'"
    ):
        draw_training_curve(page.axes, [0, 1], [[0, 0]])
