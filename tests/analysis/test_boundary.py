"""The boundary of a map, and the dimension of sets whose dimension is known."""

from __future__ import annotations

import numpy as np
import pytest

from backsweep.analysis import boundary, box_dimension
from backsweep.errors import ShapeError


def sierpinski(levels):
    """Pascal's triangle modulo 2: dimension log 3 / log 2."""
    cells = np.ones((1, 1), dtype=bool)
    for _ in range(levels):
        none = np.zeros_like(cells)
        cells = np.block([[cells, none], [cells, cells]])
    return cells


@pytest.mark.parametrize(
    ("cells", "dimension", "near"),
    [
        (np.eye(256, dtype=bool), 1.0, 0.0),
        (np.ones((256, 256), dtype=bool), 2.0, 0.0),
        (sierpinski(8), np.log2(3), 1e-12),
        (np.arange(300) == np.arange(200)[:, None], 1.0, 0.05),
    ],
    ids=["line", "area", "Sierpinski", "no power of two"],
)
def test_known_dimensions(cells, dimension, near):
    assert box_dimension(cells) == pytest.approx(dimension, abs=near)


def test_nothing_has_no_dimension():
    assert box_dimension(np.zeros((64, 64), dtype=bool)) is None
    assert box_dimension(np.ones((7, 64), dtype=bool)) is None


def test_the_boundary_is_where_the_sign_changes():
    values = np.ones((6, 5))
    values[:3] = -1
    values[4, 4] = -0.1
    crossed = boundary(values)
    expected = np.zeros((5, 4), dtype=bool)
    expected[2] = True
    expected[3:5, 3] = True
    np.testing.assert_array_equal(crossed, expected)


def test_one_sign_has_no_boundary():
    assert not boundary(np.full((4, 4), -1.0)).any()
    assert not boundary(np.zeros((4, 4))).any()


@pytest.mark.parametrize("shape", [(4,), (1, 4), (2, 2, 2)])
def test_what_is_no_map_is_refused(shape):
    with pytest.raises(ShapeError, match=r"must have shape \(n_x, n_y\)"):
        boundary(np.zeros(shape))
