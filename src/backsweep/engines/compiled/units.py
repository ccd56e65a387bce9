"""What a unit does, written down: activations, the error at an output, the verdict.

The tables of `backsweep.activations` and `backsweep.equations.measures`, said in
the operations of the lane program.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from backsweep.engines.compiled.elementary import (
    SERIES,
    exp_of_negative,
    log,
    logistic,
    tanh,
)
from backsweep.engines.compiled.ir import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backsweep.engines.compiled.ir import Builder, Precision

__all__ = [
    "ACTIVATED",
    "Known",
    "Sums",
    "blame_of",
    "error_of",
    "exponential",
    "judge",
    "larger",
    "plus",
    "value",
]

# A number in every lane that is made when the program runs, or is known before.
Known: TypeAlias = Value | float


def value(b: Builder, known: Known | None) -> Value:
    """Make a value of what is known; nothing is nought."""
    if isinstance(known, Value):
        return known
    return b.const(0.0 if known is None else known)


def plus(b: Builder, total: Value | None, a: Known, y: Known) -> Value | None:
    """Give total + a y; factors 0 and 1 cost nothing, or an addition."""
    if isinstance(a, float):
        a, y = y, a
    if isinstance(y, float):
        if y == 0:
            return total
        if y == 1:
            return value(b, a) if total is None else b.add(total, value(b, a))
    a, y = value(b, a), value(b, y)
    return b.mul(a, y) if total is None else b.fma(a, y, total)


def _step(b: Builder, y: Value) -> Value:
    return b.select(b.less(b.const(0.0), y), b.const(1.0), b.const(0.0))


def _relu(b: Builder, x: Value, _precision: Precision) -> Value:
    return b.mul(x, _step(b, x))


def _logistic_slope(b: Builder, y: Value) -> Value:
    return b.mul(y, b.sub(b.const(1.0), y))


def _tanh_slope(b: Builder, y: Value) -> Value:
    return b.fma(b.neg(y), y, b.const(1.0))


@dataclass(frozen=True, slots=True)
class Activated:
    """How a unit's output and slope are written down.

    Parameters
    ----------
    function
        From total input to output.
    slope
        From output to dy/dx; None where it is 1.
    """

    function: Callable[[Builder, Value, Precision], Value]
    slope: Callable[[Builder, Value], Value] | None


def _told(title: str, function: Callable[..., Value]) -> Callable[..., Value]:
    """Let a listing tell what a function's instructions are for."""

    def write(b: Builder, of: Value, *rest: Precision) -> Value:
        with b.part(title.format(f"v{of.number}")):
            return function(b, of, *rest)

    return write


# Softmax, in which a layer acts as a whole, is written by `straight` and `looped`.
ACTIVATED: Final[Mapping[str, Activated]] = MappingProxyType(
    {
        "logistic": Activated(
            _told("logistic of {}, equation (2)", logistic),
            _told("slope of the logistic at y = {}", _logistic_slope),
        ),
        "tanh": Activated(
            _told("tanh of {}, in place of (2)", tanh),
            _told("slope of tanh at y = {}", _tanh_slope),
        ),
        "linear": Activated(lambda _b, x, _precision: x, None),
        "relu": Activated(
            _told("relu of {}, in place of (2)", _relu),
            _told("slope of relu at y = {}", _step),
        ),
    }
)


def larger(b: Builder, a: Value, x: Value) -> Value:
    """Give the larger of two numbers."""
    return b.select(b.less(a, x), x, a)


def exponential(b: Builder, x: Value, most: Value, precision: Precision) -> Value:
    """Give e^(x - most), the largest x of a softmax layer being `most`."""
    with b.part(f"e to the power of v{x.number} - v{most.number}"):
        return exp_of_negative(b, b.sub(x, most), precision)


@dataclass(slots=True)
class Sums:
    """What gathers over the cases of a sweep.

    Parameters
    ----------
    error
        Summed over cases and output units.
    right
        Whether all cases were right so far (mask), how many were (real), or None
        where nobody asks.
    gradient
        One for each parameter; None where nothing has been added yet. Empty where
        the gradient stands in memory.
    """

    error: Value
    right: Value | None
    gradient: list[Value | None]

    def flat(self) -> list[Value]:
        """Give what a loop over the cases carries."""
        gathered = [g for g in self.gradient if g is not None]
        return [self.error, *([] if self.right is None else [self.right]), *gathered]


def _floored(b: Builder, y: Value, precision: Precision) -> Value:
    tiny = b.const(SERIES[precision].tiny)
    return b.select(b.less(y, tiny), tiny, y)


def _rest(b: Builder, d: Known) -> Known:
    # What is not exact is for the program to do, in its own precision.
    if isinstance(d, float) and d in (0.0, 1.0):
        return 1.0 - d
    return b.sub(b.const(1.0), value(b, d))


def error_of(
    b: Builder,
    total: Value,
    y: Value,
    d: Known,
    *,
    measure: str,
    shared: bool,
    precision: Precision,
) -> Value:
    """Add the error of one output of one case to a total: equation 3, or another."""
    if measure == "squared":
        off = y if d == 0 else b.sub(y, value(b, d))
        return b.fma(b.mul(b.const(0.5), off), off, total)
    terms = [(d, y)]
    if not shared:
        terms.append((_rest(b, d), b.sub(b.const(1.0), y)))
    for weight, share in terms:
        if weight != 0:
            surprise = b.neg(log(b, _floored(b, share, precision), precision))
            total = b.fma(value(b, weight), surprise, total)
    return total


def blame_of(
    b: Builder,
    y: Value,
    d: Known,
    whole: Known,
    *,
    measure: str,
    activation: str,
    precision: Precision,
) -> tuple[Value, bool]:
    """Give dE/dy, or dE/dx and True where the pair has a short cut: equation 4.

    Parameters
    ----------
    whole
        The sum of the layer's desired outputs.
    """
    off = y if d == 0 else b.sub(y, value(b, d))
    if measure == "squared":
        return off, False
    if activation == "logistic":
        return off, True
    if activation == "softmax":
        if whole != 1:
            off = b.sub(b.mul(y, value(b, whole)), value(b, d))
        return off, True
    above = b.div(value(b, d), _floored(b, y, precision))
    below = _floored(b, b.sub(b.const(1.0), y), precision)
    return b.sub(b.div(value(b, _rest(b, d)), below), above), False


def judge(
    b: Builder,
    rule: str,
    tolerance: Value,
    so_far: tuple[Value, ...],
    y: Value,
    d: Value,
) -> tuple[Value, ...]:
    """Look at one output of a case; the first of what is given says: right so far.

    Empty before the first output. For "winner" the largest output and the largest
    desired one are kept beside it: they must be passed together, the first counts.
    """
    if rule == "within":
        near = b.less(b.abs(b.sub(y, d)), tolerance)
        return (b.both(so_far[0], near),) if so_far else (near,)
    if not so_far:
        return (b.equal(tolerance, tolerance), y, d)
    right, largest, wanted = so_far
    passed, passed_wanted = b.less(largest, y), b.less(wanted, d)
    neither = b.negate(b.either(passed, passed_wanted))
    right = b.either(b.both(passed, passed_wanted), b.both(neither, right))
    return (
        right,
        b.select(passed, y, largest),
        b.select(passed_wanted, d, wanted),
    )
