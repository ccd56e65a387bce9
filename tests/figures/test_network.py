from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle

from backsweep.errors import DataError, ShapeError
from backsweep.figures import blank_figure, draw_network
from backsweep.figures.arcs import Arc, place_labels
from backsweep.network import Layer, Link, Network

SYMMETRY = Network.layered(6, 2, 1)
# The numbers of the letter's figure, as EXPERIMENTS.md, section 1.2, recalls them.
SIDE = np.array([3.6, -7.2, 14.2])
LETTER = np.concatenate(
    [SIDE, -SIDE[::-1], -SIDE, SIDE[::-1], [-1.1, -1.1], [-9.4, -9.5], [6.4]]
)
# One hidden unit and links that pass it: PDP, volume 1, page 331.
XOR = Network(
    (Layer("input", 2, units=("p", "q")), Layer("hidden", 1), Layer("output", 1)),
    (Link("input", "hidden"), Link("input", "output"), Link("hidden", "output")),
)
XOR_WEIGHTS = np.array([-6.4, -6.4, 2.2, -4.2, -4.2, -9.4, 6.3])


def arcs_by_sign(axes):
    return {lines.get_gid(): lines for lines in axes.collections}


def read(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


def test_weights_and_biases_are_written(page):
    draw_network(page.axes, SYMMETRY, LETTER, theme=page.theme)
    words = page.words()
    numbers = sorted(read(word) for word in words if word[-1].isdigit())
    assert numbers == sorted(LETTER.tolist())
    assert {"input", "hidden", "output"} < set(words)
    assert len([p for p in page.axes.patches if isinstance(p, Circle)]) == 9


def test_biases_stand_in_their_nodes(page):
    draw_network(page.axes, SYMMETRY, LETTER, theme=page.theme)
    nodes = {
        round(node.center[0], 3): node
        for node in page.axes.patches
        if isinstance(node, Circle)
    }
    (bias,) = [text for text in page.axes.texts if text.get_text() == "6.4"]
    x, y = bias.get_position()
    node = nodes[round(x, 3)]
    assert abs(y - node.center[1]) < node.radius


def test_sign_is_told_by_colour_and_by_dashes(page):
    draw_network(page.axes, SYMMETRY, LETTER, theme=page.theme)
    arcs = arcs_by_sign(page.axes)
    counts = {name: len(lines.get_segments()) for name, lines in arcs.items()}
    assert counts == {"positive weights": 6, "negative weights": 8}
    for name, color in (
        ("positive", page.theme.positive),
        ("negative", page.theme.negative),
    ):
        lines = arcs[f"{name} weights"]
        assert {tuple(c[:3]) for c in lines.get_colors()} == {to_rgb(color)}
        is_dashed = [dashes is not None for _, dashes in lines.get_linestyles()]
        assert set(is_dashed) == {name == "negative"}


def test_width_follows_magnitude(page):
    draw_network(page.axes, SYMMETRY, LETTER, theme=page.theme)
    widths = arcs_by_sign(page.axes)["positive weights"].get_linewidths()
    assert np.allclose(np.diff(widths)[[0, 2, 4]], 0)
    assert widths[0] < widths[2] < widths[4]
    assert (widths[4] - widths[0]) / (widths[2] - widths[0]) == pytest.approx(
        10.6 / 3.6
    )


def test_legible_in_any_theme_and_size(make_sheet, any_theme, any_size):
    sheet = make_sheet(any_size, any_theme)
    draw_network(sheet.axes, SYMMETRY, LETTER, theme=sheet.theme)
    sheet.assert_legible()
    assert sheet.figure.get_facecolor()[:3] == to_rgb(sheet.theme.background)


def test_skipping_links_go_around(page):
    draw_network(page.axes, XOR, XOR_WEIGHTS, title="Exclusive or", theme=page.theme)
    segments = arcs_by_sign(page.axes)["negative weights"].get_segments()
    assert sorted(len(points) for points in segments) == [2, 2, 2, 33, 33]
    curved = [points for points in segments if len(points) == 33]
    hidden = page.axes.patches[2].center
    assert all(
        np.hypot(*(points - hidden).T).min() > page.axes.patches[2].radius
        for points in curved
    )
    assert {"p", "q", "Exclusive or"} < set(page.words())
    page.assert_legible()


def test_many_arcs_go_without_numbers(make_sheet, any_size):
    network = Network.layered(36, 12, 12, 6, 24)
    weights = np.random.default_rng(1).normal(size=network.n_parameters)
    sheet = make_sheet(any_size, "light")
    draw_network(sheet.axes, network, weights)
    words = sheet.words()
    assert "positive" in words
    if any_size == "small":
        assert not [
            word
            for word in words
            if word[-1].isdigit() and "hidden" not in word and "widest" not in word
        ]
    sheet.assert_legible()


def test_numbers_can_be_refused(page):
    draw_network(page.axes, SYMMETRY, LETTER, numbers=False, theme=page.theme)
    numbers = [read(word) for word in page.words() if word[-1].isdigit()]
    assert sorted(numbers) == [-1.1, -1.1, 6.4]


def test_numbers_can_be_asked_for(page):
    network = Network.layered(8, 3, 8)
    weights = np.linspace(-3, 3, network.n_parameters)
    draw_network(page.axes, network, weights, numbers=True)
    numbers = [
        word for word in page.words() if word[-1].isdigit() and "widest" not in word
    ]
    assert len(numbers) == network.n_parameters


def test_units_have_names_beside_each_other(make_sheet):
    people = tuple(f"person {chr(65 + k)}" for k in range(24))
    network = Network(
        (
            Layer("person", 24, units=people),
            Layer("relation", 12),
            Layer("code", 6),
            Layer("answer", 24, units=people),
        ),
        (Link("person", "code"), Link("relation", "code"), Link("code", "answer")),
    )
    sheet = make_sheet("page", "light")
    draw_network(sheet.axes, network, np.ones(network.n_parameters))
    assert sheet.words().count("person A") == 2
    sheet.assert_legible()


def test_links_without_weights_and_links_with_delay():
    network = Network(
        (Layer("input", 2), Layer("state", 2), Layer("output", 2)),
        (
            Link("input", "state"),
            Link("state", "state", delay=1),
            Link("state", "output", kind="identity"),
        ),
    )
    axes = blank_figure().add_subplot()
    draw_network(axes, network, np.ones(network.n_parameters))
    assert len(arcs_by_sign(axes)["positive weights"].get_segments()) == 4 + 4 + 2


def test_wrong_parameters(page):
    with pytest.raises(
        ShapeError, match=r"`parameters` must have shape \(17,\), got \(16,\)\."
    ):
        draw_network(page.axes, SYMMETRY, LETTER[1:])
    with pytest.raises(
        DataError, match=r"`parameters` must be finite, got nan at \(3,\)\."
    ):
        draw_network(page.axes, SYMMETRY, np.where(np.arange(17) == 3, np.nan, LETTER))


def test_labels_find_places_apart():
    arcs = [
        Arc.between((10.0 * i, 0.0), (25.0 + 10 * j, 60.0), weight=1.0, row=("link", j))
        for j in range(2)
        for i in range(6)
    ]
    places, overlap = place_labels(arcs, [(8.0, 5.0)] * 12, [])
    assert overlap == 0
    gaps = np.abs(np.array(places)[:, None] - np.array(places))
    clash = (gaps < np.array([8.0, 5.0]) - 1e-9).all(axis=-1)
    assert np.array_equal(clash, np.eye(12, dtype=bool))
