"""Maps: cells, greys, bars and axes; and colour scales in even steps."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.collections import PatchCollection, QuadMesh

from backsweep.errors import DataError, SettingError, ShapeError
from backsweep.figures import MapAxis, draw_map
from backsweep.figures.colour_scales import one_sided, two_sided
from backsweep.figures.map import _edges, _stretches

EPSILON = MapAxis(label="epsilon", values=np.geomspace(0.01, 10, 7), scale="log")
ALPHA = MapAxis(label="alpha", values=np.linspace(0, 0.9, 4))
SHARES = np.linspace(0, 1, 28).reshape(7, 4)
LOST = np.zeros((7, 4))
LOST[6, 2:] = 1.0
MEASURE = np.concatenate([np.linspace(-90, -2, 14), np.linspace(1, 80, 14)])
VALUES = {
    "share": SHARES,
    "median": np.where(SHARES > 0.3, 40 + 900 * SHARES, np.nan),
    "convergence": MEASURE.reshape(7, 4),
}

# CIE's way from colours of a screen to how light they are: shares no numbers with
# OKLab.
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def lightness(colours):
    linear = np.where(
        colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4
    )
    luminance = linear @ LUMINANCE
    return 116 * np.cbrt(luminance) - 16


def mesh_of(axes):
    return next(one for one in axes.collections if isinstance(one, QuadMesh))


@pytest.mark.parametrize("shows", VALUES)
def test_legible_in_any_theme_and_size(make_sheet, any_theme, any_size, shows):
    sheet = make_sheet(any_size, any_theme)
    draw_map(
        sheet.axes, VALUES[shows], EPSILON, ALPHA, shows=shows, diverged=LOST,
        title="what came of it", theme=sheet.theme,
    )  # fmt: skip
    sheet.assert_legible()


def test_the_first_axis_goes_to_the_right_and_the_second_upwards(page):
    draw_map(page.axes, SHARES, EPSILON, ALPHA)
    mesh = mesh_of(page.axes)
    drawn = np.ma.getdata(mesh.get_array()).reshape(4, 7)
    mask = np.ma.getmaskarray(mesh.get_array()).reshape(4, 7)
    np.testing.assert_array_equal(drawn[~mask], SHARES.T[~mask])
    np.testing.assert_array_equal(mask, SHARES.T == 0)
    assert page.axes.get_xlabel() == "epsilon (log scale)"
    assert page.axes.get_ylabel() == "alpha"
    assert page.axes.get_xscale() == "log"
    # Each value is the middle of its cell, on the axis' scale.
    corners = mesh.get_coordinates()
    np.testing.assert_allclose(
        np.sqrt(corners[0, 1:, 0] * corners[0, :-1, 0]), np.geomspace(0.01, 10, 7)
    )
    np.testing.assert_allclose(
        (corners[1:, 0, 1] + corners[:-1, 0, 1]) / 2, [0, 0.3, 0.6, 0.9], atol=1e-12
    )


def test_none_learned_and_all_diverged_have_greys_of_their_own(page):
    draw_map(page.axes, np.where(LOST, 0.0, SHARES), EPSILON, ALPHA, diverged=LOST)
    legend = page.axes.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [
        "none learned",
        "all diverged",
    ]
    none, lost = (
        one for one in page.axes.collections if isinstance(one, PatchCollection)
    )
    assert none.get_hatch() is None
    assert lost.get_hatch()
    colours = [np.asarray(one.get_facecolor())[0, :3] for one in (none, lost)]
    scale = one_sided()(np.linspace(0, 1, 256))[:, :3]
    for colour in colours:
        assert np.abs(scale - colour).max(axis=1).min() > 0.1


def test_where_all_learned_there_is_no_legend(page):
    draw_map(page.axes, np.ones((7, 4)), EPSILON, ALPHA, diverged=np.zeros((7, 4)))
    assert page.axes.get_legend() is None


def test_the_sides_of_convergence_do_not_mix(page):
    draw_map(page.axes, VALUES["convergence"], EPSILON, ALPHA, shows="convergence")
    drawn = np.ma.getdata(mesh_of(page.axes).get_array()).reshape(4, 7).T
    values = VALUES["convergence"]
    np.testing.assert_array_equal(np.sign(drawn), np.sign(values))
    # The quicker either way, the further from the boundary.
    for side in (values < 0, values > 0):
        order = np.argsort(np.abs(values[side]))
        assert (np.diff(np.abs(drawn[side])[order]) < 0).all()


def test_what_single_precision_leaves_has_no_colour(page):
    noise = 1 + 1e-6 * np.random.default_rng(0).random((7, 4))
    draw_map(page.axes, noise, EPSILON, ALPHA, shows="convergence")
    drawn = np.ma.getdata(mesh_of(page.axes).get_array())
    assert np.ptp(drawn) == 0


@pytest.mark.parametrize("width", [0.5, 1e-3, 1e-6, 1e-7])
def test_windows_of_any_width_have_ticks(page, width):
    values = 10 ** np.linspace(1.25 - width / 2, 1.25 + width / 2, 7)
    axis = MapAxis(label="step", values=values, scale="log")
    draw_map(page.axes, SHARES, axis, ALPHA)
    page.assert_legible()
    low, high = page.axes.get_xlim()
    words = [
        tick.label1.get_text()
        for tick in page.axes.xaxis.get_major_ticks()
        if low <= tick.get_loc() <= high
    ]
    assert 2 <= len(words) == len(set(words))
    assert page.axes.get_xlabel().startswith("log10 of the step")


@pytest.mark.parametrize("scale", [one_sided(), two_sided()], ids=["one", "two"])
def test_even_steps_are_even_to_the_eye(scale):
    light = lightness(scale(np.arange(scale.N))[:, :3])
    half = scale.N if scale.N == 256 else scale.N // 2
    steps = np.diff(light[:half])
    assert (steps > 0).all()
    assert steps.std() < 0.35 * steps.mean()
    if half < scale.N:
        np.testing.assert_allclose(np.diff(light[half:]) < 0, True)
        # Both sides are as light, so that neither seems more.
        np.testing.assert_allclose(light[:half], light[half:][::-1], atol=6)


@pytest.mark.parametrize(
    ("values", "edges"),
    [([1.0, 2.0, 4.0], [0.5, 1.5, 3.0, 5.0]), ([3.0], [2.5, 3.5])],
)
def test_edges_are_half_way(values, edges):
    np.testing.assert_allclose(_edges(np.array(values)), edges)


def test_stretches():
    found = _stretches(np.array([True, True, False, True]))
    assert found == [(0, 2), (3, 4)]
    assert _stretches(np.array([False])) == []


@pytest.mark.parametrize(
    ("error", "said", "settings"),
    [
        (ShapeError, "`values` must have shape (7, 4)", {"values": SHARES.T}),
        (DataError, "`values` must be finite, got inf", {"values": SHARES + np.inf}),
        (SettingError, "`shows` must be one of 'share'", {"shows": "shares"}),
        (ShapeError, "`diverged` must have shape", {"diverged": LOST.T}),
        (
            DataError,
            "the values of `x` must ascend",
            {"x": MapAxis(label="x", values=[3, 2, 1, 4, 5, 6, 7])},
        ),
        (
            DataError,
            "the values of `x` must be above 0 on a log scale",
            {"x": MapAxis(label="x", values=range(7), scale="log")},
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(page, error, said, settings):
    settings = {"values": SHARES, "x": EPSILON, "y": ALPHA} | settings
    with pytest.raises(error, match=re.escape(said)):
        draw_map(page.axes, **settings)
