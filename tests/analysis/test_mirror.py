"""The symmetry network's weights: the letter's own figure, and made-up codes."""

from __future__ import annotations

import numpy as np
import pytest

from backsweep.analysis import alignment, mirror_residual, ratio_code, side_magnitudes
from backsweep.errors import ShapeError

# The magnitudes of the letter's Fig. 1, as remembered; not measured by us.
ROW = np.array([3.6, -7.2, 14.2, -14.2, 7.2, -3.6])
FIGURE_1 = np.stack([ROW, -ROW])


def test_figure_1_is_the_code_1_2_4():
    assert ratio_code(side_magnitudes(FIGURE_1)).tolist() == ["1:2:4", "1:2:4"]


def test_figure_1_is_a_mirror_image_with_signs_exchanged():
    np.testing.assert_allclose(mirror_residual(FIGURE_1), [0.0, 0.0], atol=1e-15)


def test_units_of_figure_1_are_opposite():
    assert alignment(FIGURE_1) == pytest.approx(-1.0)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.parametrize(
    ("code", "sizes"), [("1:2:4", (1, 2, 4)), ("2:3:4", (2, 3, 4))]
)
def test_code_is_found_in_any_order_and_size(code, sizes, order):
    half = 2.1 * np.array(sizes)[list(order)] * (1, -1, 1)
    row = np.concatenate([half, -half[::-1]])
    assert ratio_code(side_magnitudes(row)) == code


@pytest.mark.parametrize(("second", "expected"), [(2.29, "1:2:4"), (2.31, "other")])
def test_code_holds_to_15_per_cent(second, expected):
    assert ratio_code([1.0, second, 4.0]) == expected


def test_weights_of_nought_follow_no_code():
    assert ratio_code([0.0, 0.0, 0.0]) == "other"
    assert mirror_residual(np.zeros(6)) == 0
    assert alignment(np.zeros((2, 6))) == 0


def test_one_odd_weight_shows_as_its_share_of_the_largest():
    assert mirror_residual([1.0, 2.0, -2.0, -0.5]) == pytest.approx(0.25)


def test_middle_of_an_odd_row_is_its_own_mirror():
    assert mirror_residual([4.0, 1.0, -4.0]) == pytest.approx(0.5)


def test_sign_of_alignment_tells_parallel_units():
    assert alignment([[1.0, 2.0], [2.0, 4.0]]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("function", "argument", "message"),
    [
        (mirror_residual, 1.0, "at least 2 inputs on the last axis, got shape"),
        (ratio_code, [1.0, 2.0], r"3 numbers on the last axis, got shape \(2,\)"),
        (alignment, np.ones((3, 6)), r"those into 2 units, got shape \(3, 6\)"),
    ],
)
def test_wrong_shapes_are_refused(function, argument, message):
    with pytest.raises(ShapeError, match=message):
        function(argument)
