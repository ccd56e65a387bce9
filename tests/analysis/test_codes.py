"""Codes: what a unit carries, and whose codes are alike."""

from __future__ import annotations

import numpy as np
import pytest

from backsweep.analysis import best_correlations, correlations, twin_distances
from backsweep.errors import ShapeError


def test_correlation_is_numpys():
    rng = np.random.default_rng(1)
    weights, attribute = rng.normal(size=(4, 6, 24)), rng.normal(size=24)
    expected = [
        [np.corrcoef(unit, attribute)[0, 1] for unit in units] for units in weights
    ]
    np.testing.assert_allclose(correlations(weights, attribute), expected, rtol=1e-12)


def test_unit_of_equal_weights_carries_nothing():
    assert correlations(np.ones((1, 4)), [0, 0, 1, 1]).tolist() == [0.0]


def test_best_unit_counts_whatever_its_sign():
    weights = [[1.0, 2.0, 1.5, 2.5], [5.0, 5.0, 1.0, 1.0]]
    unit, r = best_correlations(weights, [0, 0, 1, 1])
    assert int(unit) == 1
    assert float(r) == pytest.approx(1.0)


def test_what_all_twins_share_counts_for_all_alike():
    """Codes that differ by nationality alone leave each nearest to its twin."""
    codes = np.arange(12.0).reshape(6, 2)
    found = twin_distances(codes, codes + np.array([0.0, 1.0]))
    assert float(found.nearest) == 1.0
    assert float(found.ratio) < 0.3


def test_random_codes_have_a_ratio_of_about_one():
    rng = np.random.default_rng(2)
    found = twin_distances(rng.normal(size=(500, 12, 5)), rng.normal(size=(500, 12, 5)))
    assert found.ratio.mean() == pytest.approx(1.0, abs=0.02)
    assert found.nearest.mean() == pytest.approx(1 / 12, abs=0.02)


def test_equal_codes_are_no_more_alike_for_twins():
    assert float(twin_distances(np.ones((3, 2)), np.ones((3, 2))).ratio) == 1.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: correlations(np.ones((2, 3)), [1, 2]), "one number for each item"),
        (lambda: twin_distances(np.ones((1, 2)), np.ones((1, 2))), "at least 2"),
    ],
)
def test_wrong_shapes_are_refused(call, message):
    with pytest.raises(ShapeError, match=message):
        call()
