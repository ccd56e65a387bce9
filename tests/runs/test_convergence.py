"""The measure of convergence, beside one written down as its source has it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st

from backsweep.learning.convergence import Convergence


def measure(errors, last=20):
    """From a whole curve, in the order of the source's notebook."""
    v = [error if np.isfinite(error) else 1e6 for error in errors]
    v = [min(one / v[0], 1e6) for one in v]
    late = v[-last:]
    if sum(late) / len(late) < 1:
        return -sum(v)
    return sum(1 / one for one in v)


errors = st.floats(1e-6, 1e30) | st.sampled_from([np.inf, np.nan])


@given(
    st.lists(st.lists(errors, min_size=30, max_size=30), min_size=1, max_size=4),
    st.lists(st.integers(1, 29), max_size=4),
)
def test_it_is_the_sources_in_any_chunks(curves, cuts):
    found = Convergence(len(curves), 30)
    edges = sorted({0, 30, *cuts})
    for low, high in itertools.pairwise(edges):
        found.take(np.array(curves)[:, low:high])
    expected = [measure(curve) for curve in curves]
    np.testing.assert_allclose(found.value(), expected, rtol=1e-12)


@pytest.mark.parametrize("sweeps", [1, 5, 19, 20, 21])
def test_short_runs_are_judged_whole(sweeps):
    curve = np.linspace(2.0, 1.0, sweeps)
    found = Convergence(1, sweeps)
    found.take(curve[None])
    assert found.value() == pytest.approx([measure(curve)])


def test_sweeps_after_all_have_diverged_count_as_diverged():
    found = Convergence(2, 100)
    curves = np.array([[2.0, 4.0, np.inf], [1.0, np.nan, np.nan]])
    found.take(curves)
    expected = [measure([*curve, *[np.nan] * 97]) for curve in curves]
    np.testing.assert_allclose(found.value(), expected)


def test_where_there_is_nothing_to_be_learned_it_is_nought():
    found = Convergence(1, 30)
    found.take(np.zeros((1, 30)))
    assert found.value() == 0


def test_no_bit_depends_on_the_chunks():
    curves = np.abs(np.random.default_rng(0).normal(size=(6, 1000)))
    curves[3:] *= np.linspace(1, 1e-3, 1000)  # these converge
    whole = Convergence(6, 1000)
    whole.take(curves)
    assert {True, False} == set((whole.value() < 0).tolist())
    for cuts in ([7, 333, 334, 990], [128, 981, 999], range(1, 1000)):
        found = Convergence(6, 1000)
        for low, high in itertools.pairwise([0, *cuts, 1000]):
            found.take(curves[:, low:high])
        assert found.value().tobytes() == whole.value().tobytes()
