"""exp, logistic, tanh and log in machine code: over samples, and over every float."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from backsweep.engines.compiled import link
from backsweep.engines.compiled.elementary import (
    exp_of_negative,
    log,
    logistic,
    tanh,
)
from backsweep.engines.compiled.interpret import DTYPES, fused
from tests.engines.machine import evaluated, function_kernel, memory

WIDE = np.longdouble
ELEMENTARY: dict[str, Any] = {
    "exp": (exp_of_negative, np.exp, -80.0, 0.0, (0.95, 1.1)),
    "logistic": (logistic, lambda x: 1 / (1 + np.exp(-x)), -80.0, 80.0, (1.5, 1.5)),
    "tanh": (tanh, np.tanh, -12.0, 12.0, (2.0, 2.2)),
    "log": (log, np.log, 1e-30, 2.0, (1.1, 1.1)),
}


def ulps(actual, exact):
    """Measure the distance from a more exact value in units of the last place."""
    info = np.finfo(actual.dtype)
    rounded = np.maximum(np.abs(exact).astype(actual.dtype), info.tiny)
    exponent = np.array(np.inf, actual.dtype).view(f"u{info.dtype.itemsize}")
    below = (rounded.view(exponent.dtype) & exponent).view(actual.dtype)
    return np.abs(actual - exact) / (below * info.eps)


@pytest.mark.parametrize("precision", ["f32", "f64"])
@pytest.mark.parametrize("name", ELEMENTARY)
def test_elementary_functions_are_close(name, precision):
    function, exact, low, high, most = ELEMENTARY[name]
    generator = np.random.default_rng(5)
    x = np.concatenate([
        generator.uniform(low, high, 200_000),
        generator.uniform(max(low, -1), min(high, 1), 200_000),
        np.sign(high + low or 1) * np.geomspace(1e-30, abs(high) or 80, 50_000),
    ]).astype(DTYPES[precision])  # fmt: skip
    x = x[(x >= low) & (x <= high)]
    y = evaluated(function, x, precision)
    assert ulps(y, exact(x.astype(WIDE))).max() <= most[precision == "f64"]


@pytest.mark.parametrize("precision", ["f32", "f64"])
@pytest.mark.parametrize(
    ("function", "low", "high"), [(logistic, 0.0, 1.0), (tanh, -1.0, 1.0)]
)
def test_no_finite_input_overflows(function, low, high, precision):
    largest = np.finfo(DTYPES[precision]).max
    x = np.array([-largest, -1e4, -0.0, 0.0, 1e4, largest, np.inf, -np.inf, np.nan])
    y = evaluated(function, x.astype(DTYPES[precision]), precision)
    middle = (low + high) / 2
    expected = [low, low, middle, middle, high, high, high, low, np.nan]
    np.testing.assert_allclose(y, expected, atol=1e-37)


@pytest.mark.parametrize("precision", ["f32", "f64"])
def test_fused_rounds_once(precision):
    """A product's lost bits show in a sum that cancels the rest."""
    dtype = DTYPES[precision]
    a = np.array([1 + np.finfo(dtype).eps, 3.0, 1e-30], dtype)
    c = -(a * a)
    lost = fused(a, a, c)
    exact = a.astype(WIDE) * a.astype(WIDE) + c.astype(WIDE)
    assert lost[0] == np.finfo(dtype).eps ** 2
    if precision == "f32":
        np.testing.assert_array_equal(lost, exact.astype(dtype))


# -- every float -------------------------------------------------------------------

CHUNK = 1 << 19  # floats at a time: they stay in the cache
SIGN = 1 << 31
ENDS_OF_NAN = (0x7F800001, 0x80000000)
# The least output: e to the power of -87, a normal number.
LEAST = float(np.float32(1.6458115e-38))


def bits(number: float) -> int:
    return int(np.float32(number).view(np.uint32))


class Stretch(NamedTuple):
    """Floats of one sign from a size on to below another, and what they come to.

    Either one constant, or themselves, or the function within so many units of the
    last place.
    """

    name: str
    sign: int
    low: float
    high: float
    constant: float | None = None
    itself: bool = False
    most: float = 0.0


INFINITE = float("inf")
EXACT: dict[str, Any] = {
    "exp": (exp_of_negative, np.exp),
    "logistic": (logistic, lambda x: 1 / (1 + np.exp(-x))),
    "tanh": (tanh, np.tanh),
}
# `exp` is for numbers at most 0. Between them, all floats of a function are there.
STRETCHES = [
    Stretch("exp", -1, 0.0, 2**-26, constant=1.0),
    Stretch("exp", -1, 2**-26, 87.0, most=0.9),
    Stretch("exp", -1, 87.0, INFINITE, constant=LEAST),
    Stretch("logistic", 1, 0.0, 2**-26, constant=0.5),
    Stretch("logistic", 1, 2**-26, 18.0, most=1.5),
    Stretch("logistic", 1, 18.0, INFINITE, constant=1.0),
    Stretch("logistic", -1, 0.0, 2**-26, constant=0.5),
    Stretch("logistic", -1, 2**-26, 87.0, most=1.5),
    Stretch("logistic", -1, 87.0, INFINITE, constant=LEAST),
    Stretch("tanh", 1, 0.0, 2**-25, itself=True),
    Stretch("tanh", 1, 2**-25, 10.0, most=1.95),
    Stretch("tanh", 1, 10.0, INFINITE, constant=1.0),
    Stretch("tanh", -1, 0.0, 2**-25, itself=True),
    Stretch("tanh", -1, 2**-25, 10.0, most=1.95),
    Stretch("tanh", -1, 10.0, INFINITE, constant=-1.0),
]


def chunks(function, first, last):
    """Carry a function out on the floats of these bits; give them and what comes."""
    kernel = function_kernel(function, "f32", link.host_bits() // 32)
    n_blocks = CHUNK // kernel.lanes
    given = memory(kernel.program, kernel.lanes, n_blocks, 0)
    x, y = given["x"].reshape(-1), given["y"].reshape(-1)
    every = np.arange(CHUNK, dtype=np.uint32)
    for begin in range(first, last, CHUNK):
        np.add(every, np.uint32(begin), out=x.view(np.uint32))
        kernel(given, n_blocks=n_blocks, n_sweeps=0)
        inside = slice(0, last - begin)
        yield x[inside], y[inside]


@pytest.mark.slow
@pytest.mark.parametrize(
    "stretch", STRETCHES, ids=lambda one: f"{one.name} {one.sign * one.low:g}"
)
def test_every_float_comes_close(stretch):
    """Rounding included, over all floats there are; NaN would be no closer.

    Where float64 gives the exact value, its own rounding counts for 1e-8 units of
    float32. From -87 down a logistic is 1.6e-38, the least normal number or so: the
    true one sinks below that, to 0 from -104 on.
    """
    function, exact = EXACT[stretch.name]
    negative = SIGN if stretch.sign < 0 else 0
    # Infinity is the last of the floats above.
    last = bits(stretch.high) + (stretch.high == INFINITE)
    for x, y in chunks(function, negative + bits(stretch.low), negative + last):
        if stretch.constant is not None:
            assert y.min() == y.max() == stretch.constant
        elif stretch.itself:
            assert (y == x).all()
        else:
            # The largest of numbers with a NaN among them is NaN, and under none.
            assert ulps(y, exact(x.astype(np.float64))).max() <= stretch.most


@pytest.mark.slow
@pytest.mark.parametrize("name", EXACT)
def test_no_number_comes_of_what_is_none(name):
    for sign in (0, SIGN):
        first, last = (sign + end for end in ENDS_OF_NAN)
        for x, y in chunks(EXACT[name][0], first, last):
            assert np.isnan(x).all()
            assert np.isnan(y).all()
