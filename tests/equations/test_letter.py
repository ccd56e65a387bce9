"""Equations (1) to (9), each against its written formula by loops."""

from __future__ import annotations

import cmath

import numpy as np
import pytest

from backsweep import equations
from backsweep.equations import (
    bias_gradient,
    error,
    error_by_lower_output,
    error_by_output,
    error_by_total_input,
    logistic,
    momentum,
    steepest_descent,
    total_input,
    weight_gradient,
)
from backsweep.errors import ShapeError
from tests.tolerances import tolerance

CLOSE = tolerance("float64", "forward")
LEADING = [(), (2,), (2, 3)]
KINDS = ["real", "complex"]


def array(kind, *shape):
    generator = np.random.default_rng(len(shape) + sum(shape))
    drawn = generator.uniform(-1, 1, shape)
    return drawn + 1j * generator.uniform(-1, 1, shape) if kind == "complex" else drawn


def assert_each_entry(result, entry, leading, shape):
    """Compare with a formula that gives one number for one index."""
    assert result.shape == (*leading, *shape)
    expected = [entry(*index) for index in np.ndindex(*leading, *shape)]
    np.testing.assert_allclose(result.ravel(), expected, **CLOSE)


in_all_forms = [
    pytest.mark.parametrize("leading", LEADING, ids=str),
    pytest.mark.parametrize("kind", KINDS),
]
pytestmark = in_all_forms


def test_1_total_input(kind, leading):
    y, w = array(kind, *leading, 5, 3), array(kind, *leading, 2, 3)

    def entry(*index):
        *run, c, j = index
        return sum(y[(*run, c, i)] * w[(*run, j, i)] for i in range(3))

    assert_each_entry(total_input(y, w), entry, leading, (5, 2))


def test_2_logistic(kind, leading):
    x = 3 * array(kind, *leading, 5, 3)

    def entry(*index):
        return 1 / (1 + cmath.exp(-x[index]))

    assert_each_entry(logistic(x), entry, leading, (5, 3))


def test_3_error(kind, leading):
    y, d = array(kind, *leading, 5, 3), array("real", *leading, 5, 3)

    def entry(*run):
        return 0.5 * sum(
            (y[(*run, c, j)] - d[(*run, c, j)]) ** 2 for c in range(5) for j in range(3)
        )

    assert_each_entry(error(y, d), entry, leading, ())


def test_4_error_by_output(kind, leading):
    y, d = array(kind, *leading, 5, 3), array("real", *leading, 5, 3)
    assert_each_entry(error_by_output(y, d), lambda *at: y[at] - d[at], leading, (5, 3))


def test_5_error_by_total_input(kind, leading):
    dE_dy, y = array(kind, *leading, 5, 3), array(kind, *leading, 5, 3)
    assert_each_entry(
        error_by_total_input(dE_dy, y),
        lambda *at: dE_dy[at] * y[at] * (1 - y[at]),
        leading,
        (5, 3),
    )


def test_6_weight_gradient(kind, leading):
    dE_dx, y = array(kind, *leading, 5, 2), array(kind, *leading, 5, 3)

    def entry(*index):
        *run, j, i = index
        return sum(dE_dx[(*run, c, j)] * y[(*run, c, i)] for c in range(5))

    assert_each_entry(weight_gradient(dE_dx, y), entry, leading, (2, 3))


def test_6_for_the_unit_that_is_always_1(kind, leading):
    dE_dx = array(kind, *leading, 5, 2)
    always = np.ones((*leading, 5, 1))
    np.testing.assert_allclose(
        bias_gradient(dE_dx), weight_gradient(dE_dx, always)[..., 0], **CLOSE
    )


def test_7_error_by_lower_output(kind, leading):
    dE_dx, w = array(kind, *leading, 5, 2), array(kind, *leading, 2, 3)

    def entry(*index):
        *run, c, i = index
        return sum(dE_dx[(*run, c, j)] * w[(*run, j, i)] for j in range(2))

    assert_each_entry(error_by_lower_output(dE_dx, w), entry, leading, (5, 3))


def test_8_steepest_descent(kind, leading):
    dE_dw = array(kind, *leading, 7)
    assert_each_entry(
        steepest_descent(dE_dw, 0.3), lambda *at: -0.3 * dE_dw[at], leading, (7,)
    )


def test_9_momentum(kind, leading):
    dE_dw, previous = array(kind, *leading, 7), 2 * array(kind, *leading, 7)
    assert_each_entry(
        momentum(dE_dw, previous, 0.3, 0.9),
        lambda *at: -0.3 * dE_dw[at] + 0.9 * previous[at],
        leading,
        (7,),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "shapes", "settings"),
    [
        ("total_input", [(5, 3), (2, 3)], ()),
        ("logistic", [(5, 3)], ()),
        ("error", [(5, 3), (5, 3)], ()),
        ("error_by_output", [(5, 3), (5, 3)], ()),
        ("error_by_total_input", [(5, 3), (5, 3)], ()),
        ("weight_gradient", [(5, 2), (5, 3)], ()),
        ("bias_gradient", [(5, 2)], ()),
        ("error_by_lower_output", [(5, 2), (2, 3)], ()),
        ("steepest_descent", [(7,)], (0.3,)),
        ("momentum", [(7,), (7,)], (0.3, 0.9)),
    ],
)
def test_the_same_lines_run_under_jax_tracing(
    kind, leading, name, shapes, settings, jax64
):
    arrays = [array(kind, *leading, *shape) for shape in shapes]
    function = getattr(equations, name)
    traced = jax64.jit(lambda *given: function(*given, *settings))(*arrays)
    np.testing.assert_allclose(
        np.asarray(traced),
        function(*arrays, *settings),
        **tolerance("float64", "gradient"),
    )


def test_arrays_that_do_not_go_together_are_refused(kind, leading):
    y, w = array(kind, *leading, 5, 3), array(kind, *leading, 2, 4)
    said = r"`y` must have as many units as `w` has columns, got 3 and 4\."
    with pytest.raises(ShapeError, match=said):
        total_input(y, w)
    dE_dx = array(kind, *leading, 6, 2)
    said = (
        r"`dE_dx` and `y` must hold the same cases, got 6 and 5\.\n"
        r"hint: pass the arrays of one forward and backward pass together\."
    )
    with pytest.raises(ShapeError, match=said):
        weight_gradient(dE_dx, y)
