"""Every update rule on a bowl, E = 1/2 k w^2, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from backsweep.equations import steepest_descent
from backsweep.equations.updates import UPDATES
from tests.tolerances import tolerance

each = pytest.mark.parametrize("rule", UPDATES)
steps = st.floats(0, 1)
alphas = st.floats(0, 0.99)


def roll(rule, w, k, epsilons, alpha):
    """Roll down the bowl; give the position after each step."""
    velocity = np.zeros_like(w)
    places = []
    for epsilon in epsilons:
        change, velocity = UPDATES[rule](k * w, velocity, epsilon, alpha)
        w = w + change
        places.append(w)
    return np.array(places)


# From w = 1 with k = 1, epsilon = 1/2, alpha = 1/2, then epsilon = 1/4:
#
# letter     dw1 = -1/2                      w1 = 1/2
#            dw2 = -1/4 + 1/2 (-1/2) = -1/2  w2 = 0
#            dw3 = 0 + 1/2 (-1/2) = -1/4     w3 = -1/4     (epsilon 1/4)
# torch      v1 = 1                          w1 = 1/2
#            v2 = 1/2 + 1/2 = 1              w2 = 0
#            v3 = 1/2 + 0 = 1/2              w3 = -1/8     (epsilon 1/4)
# nesterov   v1 = -1/2, dw = -1/4 - 1/2      w1 = 1/4
#            v2 = -1/4 - 1/8 = -3/8,
#            dw = -3/16 - 1/8 = -5/16        w2 = -1/16
#            v3 = -3/16 + 1/64 = -11/64,
#            dw = -11/128 + 1/64 = -9/128    w3 = -17/128  (epsilon 1/4)
KNOWN = {
    "letter": [1 / 2, 0, -1 / 4],
    "torch": [1 / 2, 0, -1 / 8],
    "nesterov": [1 / 4, -1 / 16, -17 / 128],
}


@each
def test_three_steps_by_hand(rule):
    places = roll(rule, np.array([1.0]), 1.0, [0.5, 0.5, 0.25], 0.5)
    np.testing.assert_array_equal(places[:, 0], KNOWN[rule])


@each
@given(epsilon=steps, k=steps)
def test_without_momentum_it_is_plain_descent(rule, epsilon, k):
    """A law: alpha = 0 is equation 8."""
    w = np.array([1.0, -3.0])
    places = roll(rule, w, k, [epsilon] * 3, 0.0)
    for place in places:
        w = w + steepest_descent(k * w, epsilon)
        np.testing.assert_array_equal(place, w)


@each
@given(alpha=alphas, seed=st.integers(0, 2**32 - 1))
def test_a_zero_step_changes_nothing_bit_for_bit(rule, alpha, seed):
    w = np.random.default_rng(seed).normal(size=5)
    places = roll(rule, w, 2.0, [0.0] * 3, alpha)
    assert all(place.tobytes() == w.tobytes() for place in places)


@given(epsilon=steps, alpha=alphas, k=steps)
def test_torchs_form_is_the_letters_while_epsilon_stays(epsilon, alpha, k):
    w = np.array([1.0, -3.0])
    np.testing.assert_allclose(
        roll("torch", w, k, [epsilon] * 8, alpha),
        roll("letter", w, k, [epsilon] * 8, alpha),
        **tolerance("float64", "sweeps"),
    )


@each
def test_it_comes_to_rest_at_the_bottom(rule):
    places = roll(rule, np.array([1.0, -3.0]), 1.0, [0.1] * 600, 0.9)
    np.testing.assert_allclose(places[-1], 0, atol=1e-10)


@each
def test_settings_may_be_one_a_run(rule):
    w = np.array([[1.0, -3.0], [2.0, 0.5], [1.0, 1.0]])
    epsilon, alpha = np.array([[0.1], [0.2], [0.0]]), np.array([[0.9], [0.0], [0.5]])
    together = roll(rule, w, 1.0, [epsilon] * 4, alpha)
    for run in range(3):
        alone = roll(
            rule, w[run], 1.0, [float(epsilon[run, 0])] * 4, float(alpha[run, 0])
        )
        np.testing.assert_array_equal(together[:, run], alone)


@each
def test_neither_gradient_nor_velocity_is_written_to(rule):
    gradient, velocity = np.ones(3), np.ones(3)
    gradient.setflags(write=False)
    velocity.setflags(write=False)
    change, _ = UPDATES[rule](gradient, velocity, 0.1, 0.9)
    assert change.shape == (3,)
