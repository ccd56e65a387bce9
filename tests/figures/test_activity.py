from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle

from backsweep.errors import DataError, ShapeError, UnknownNameError
from backsweep.figures import draw_activity
from backsweep.network import Layer, Link, Network

PEOPLE = tuple(f"name{k}" for k in range(24))
NETWORK = Network(
    (
        Layer("person", 24, units=PEOPLE),
        Layer("relation", 12, units=tuple(f"kin{k}" for k in range(12))),
        Layer("person code", 6),
        Layer("relation code", 6),
        Layer("central", 12),
        Layer("penultimate", 6),
        Layer("answer", 24, units=PEOPLE),
    ),
    (
        Link("person", "person code"),
        Link("relation", "relation code"),
        Link("person code", "central"),
        Link("relation code", "central"),
        Link("central", "penultimate"),
        Link("penultimate", "answer"),
    ),
)


def outputs():
    rng = np.random.default_rng(3)
    levels = {layer.name: rng.uniform(size=layer.size) for layer in NETWORK.layers}
    return levels | {"person": np.eye(24)[10], "relation": np.eye(12)[7]}


DESIRED = np.eye(24)[5] + np.eye(24)[8]


def squares(axes):
    """Blocks of filled squares, in the order of the layers."""
    return [
        one
        for one in axes.collections
        if isinstance(one, PolyCollection) and len(one.get_facecolor())
    ]


def areas(collection):
    boxes = [path.get_extents() for path in collection.get_paths()]
    return np.array([box.width * box.height for box in boxes])


def test_white_area_is_proportional_to_activity(page):
    levels = outputs()
    draw_activity(page.axes, NETWORK, levels, theme=page.theme)
    blocks = squares(page.axes)
    drawn = np.concatenate([areas(block) for block in blocks])
    wanted = np.concatenate([levels[layer.name] for layer in NETWORK.layers])
    assert len(blocks) == 7
    assert np.allclose(drawn / drawn.max(), wanted, atol=1e-9)


def test_active_names_and_desired_outputs_are_marked(page):
    draw_activity(page.axes, NETWORK, outputs(), desired=DESIRED, title="One case")
    words = page.words()
    assert {"name10", "kin7", "name5, name8", "person:", "answer:", "One case"} < set(
        words
    )
    dots = [patch for patch in page.axes.patches if isinstance(patch, Circle)]
    answer = squares(page.axes)[-1]
    centres = {
        tuple(np.round(path.get_extents().min + path.get_extents().size / 2, 6))
        for path in (answer.get_paths()[5], answer.get_paths()[8])
    }
    assert {tuple(np.round(dot.center, 6)) for dot in dots} > centres
    assert len(dots) == 3  # two units, and the caption


def test_legible_in_any_theme_and_size(make_sheet, any_theme, any_size):
    sheet = make_sheet(any_size, any_theme)
    draw_activity(sheet.axes, NETWORK, outputs(), desired=DESIRED, theme=sheet.theme)
    sheet.assert_legible()


def test_layers_stand_one_over_another(page):
    draw_activity(page.axes, NETWORK, outputs())
    bottoms = [block.get_paths()[0].get_extents().y0 for block in squares(page.axes)]
    assert bottoms[2] == pytest.approx(bottoms[3], abs=20)
    assert max(bottoms[:2]) < bottoms[2] < bottoms[4] < bottoms[5] < bottoms[6]


def test_negative_outputs_are_black_and_unbounded_ones_scaled(page):
    network = Network.layered(2, 3, 2, activation="tanh", output="linear")
    levels = {
        "input": np.array([0.0, 1.0]),
        "hidden": np.array([-0.5, 0.5, 1.0]),
        "output": np.array([8.0, -2.0]),
    }
    draw_activity(page.axes, network, levels, theme=page.theme)
    _, hidden, output = squares(page.axes)
    assert tuple(hidden.get_facecolor()[0]) == to_rgba(page.theme.off)
    assert tuple(hidden.get_facecolor()[1]) == to_rgba(page.theme.on)
    assert areas(output)[0] / areas(output)[1] == pytest.approx(4)
    assert areas(hidden)[0] / areas(hidden)[2] == pytest.approx(0.5)


def test_layers_that_do_not_fill_their_rows(page):
    network = Network.layered(17, 1)
    draw_activity(page.axes, network, {"input": np.ones(17), "output": np.ones(1)})
    cells = [c for c in page.axes.collections if len(c.get_paths()) == 17]
    assert len(cells) == 1  # the lines between them; the ground has 18


def test_wrong_outputs(page):
    with pytest.raises(
        UnknownNameError, match=r"every layer, got none for 'central'.*\nhint"
    ):
        draw_activity(
            page.axes, NETWORK, {k: v for k, v in outputs().items() if k != "central"}
        )
    with pytest.raises(
        ShapeError, match=r"`outputs\['central'\]` must have shape \(12,\), got \(11,\)"
    ):
        draw_activity(page.axes, NETWORK, outputs() | {"central": np.ones(11)})
    with pytest.raises(
        ShapeError, match=r"`desired` must have shape \(24,\), got \(2,\)"
    ):
        draw_activity(page.axes, NETWORK, outputs(), desired=[0, 1])
    with pytest.raises(DataError, match=r"must be finite, got inf"):
        draw_activity(page.axes, NETWORK, outputs() | {"central": np.full(12, np.inf)})
