"""exp, logistic, tanh and log, put together from the operations of the lane program.

Measured over all floats of f32: exp 0.9 ulp, logistic 1.5, tanh 1.91; f64 is good to
1.5 and 2.2. No finite input overflows, and what is not a number stays none.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled.ir import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backsweep.engines.compiled.ir import Builder, Precision, Value

__all__ = ["exp_of_negative", "log", "logistic", "tanh"]

LOG2_E: Final = 1.4426950408889634

# 1 / (1 + e) on 0 <= e <= 1, constant term first, wrong by 5e-5: 1 - (1 + e) p(e) is
# the Chebyshev polynomial of the sixth degree, scaled, hence as small as can be.
SHARE: Final = (
    0.9999489821947853,
    -0.9962757002193776,
    0.9534207438395996,
    -0.7705729299525537,
    0.4179378603132493,
    -0.10448446507831233,
)


@dataclass(frozen=True, slots=True)
class Series:
    """How a precision splits ln 2, how far it goes, and its polynomials.

    Parameters
    ----------
    ln2_high, ln2_low
        Their sum is ln 2; n ln2_high is exact for every n that occurs.
    least
        Below this an exponential is taken to be that of this.
    most
        From this on a tanh is 1.
    exp
        (e^r - 1 - r) / r^2 on abs r <= ln(2) / 2, constant term first.
    expm1
        The same, a degree higher where tanh needs it.
    log
        (log(1 + f) - f + ...) by s^2, s = f / (2 + f): fdlibm's.
    tiny
        The least number that `log` is asked about.
    """

    ln2_high: float
    ln2_low: float
    least: float
    most: float
    exp: tuple[float, ...]
    expm1: tuple[float, ...]
    log: tuple[float, ...]
    tiny: float


F64: Final = (
    0.5000000000000001,
    0.16666666666666669,
    0.041666666666624164,
    0.008333333333330065,
    0.0013888888917196719,
    0.00019841269863040545,
    2.4801521322368692e-05,
    2.7557268480310024e-06,
    2.7620075879983367e-07,
    2.5100375832561234e-08,
)

SERIES: Final[Mapping[Precision, Series]] = MappingProxyType(
    {
        # Cephes' split; a least-maximum-error fit of degree 6 (and 7 for tanh).
        "f32": Series(
            ln2_high=0.693359375,
            ln2_low=-2.12194440e-4,
            least=-87.0,
            most=10.0,
            exp=(0.49999994, 0.16666521, 0.041668389, 0.0083687175, 0.0013814596),
            expm1=(
                0.5000000013457727,
                0.16666666681614256,
                0.04166646500604005,
                0.008333310934448869,
                0.0013933641031986701,
                0.00019890980869750327,
            ),
            log=(0.66666662693, 0.40000972152, 0.28498786688, 0.24279078841),
            tiny=1.1754944e-38,
        ),
        # fdlibm's split; Chebyshev interpolation of degree 11, error 1.3e-17.
        "f64": Series(
            ln2_high=6.93147180369123816490e-01,
            ln2_low=1.90821492927058770002e-10,
            least=-708.0,
            most=20.0,
            exp=F64,
            expm1=F64,
            log=(
                6.666666666666735130e-01,
                3.999999999940941908e-01,
                2.857142874366239149e-01,
                2.222219843214978396e-01,
                1.818357216161805012e-01,
                1.531383769920937332e-01,
                1.479819860511658591e-01,
            ),
            tiny=1e-300,
        ),
    }
)


def _reduced(b: Builder, x: Value, precision: Precision) -> tuple[Value, Value]:
    """Split x into n ln 2 + r, abs r at most half of ln 2; give 2^n and r."""
    series = SERIES[precision]
    whole = b.const(WHOLE[precision])
    shifted = b.fma(x, b.const(LOG2_E), whole)
    n = b.sub(shifted, whole)
    r = b.fma(n, b.const(-series.ln2_high), x)
    return b.power(shifted), b.fma(n, b.const(-series.ln2_low), r)


def _polynomial(b: Builder, r: Value, coefficients: tuple[float, ...]) -> Value:
    total = b.const(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = b.fma(total, r, b.const(coefficient))
    return total


def exp_of_negative(b: Builder, x: Value, precision: Precision) -> Value:
    """Give e to the power of x for x at most 0."""
    series = SERIES[precision]
    least = b.const(series.least)
    power, r = _reduced(b, b.select(b.less(x, least), least, x), precision)
    one = b.const(1.0)
    rest = _polynomial(b, r, (1.0, *series.exp))
    return b.mul(b.fma(rest, r, one), power)


def _reciprocal(b: Builder, e: Value, precision: Precision) -> Value:
    """Give 1 / (1 + e) for 0 <= e <= 1 to half the digits of the precision.

    A polynomial, and for f64 a step of Newton's: twice as fast as a division, of
    which a processor does one at a time. Who uses it shares out once more what is
    left over, which doubles the digits.
    """
    share = _polynomial(b, e, SHARE)
    if precision == "f32":
        return share
    one = b.const(1.0)
    return b.fma(share, b.fma(b.neg(b.add(one, e)), share, one), share)


def logistic(b: Builder, x: Value, precision: Precision) -> Value:
    """Give 1 / (1 + e^-x): of e = e^-|x|, 1 / (1 + e) or e / (1 + e)."""
    e = exp_of_negative(b, b.neg(b.abs(x)), precision)
    top = b.select(b.less(x, b.const(0.0)), e, b.const(1.0))
    share = _reciprocal(b, e, precision)
    y = b.mul(top, share)
    # y is within a factor of two of its top: their difference is exact (Sterbenz).
    rest = b.fma(b.neg(y), e, b.sub(top, y))
    return b.fma(rest, share, y)


def tanh(b: Builder, x: Value, precision: Precision) -> Value:
    """Give the hyperbolic tangent: of t = e^(-2 abs x) - 1, -t / (2 + t), signed."""
    series = SERIES[precision]
    one, least = b.const(1.0), b.const(-2 * series.most)
    double = b.neg(b.abs(b.add(x, x)))
    double = b.select(b.less(double, least), least, double)
    power, r = _reduced(b, double, precision)
    rest = b.fma(_polynomial(b, r, series.expm1), b.mul(r, r), r)  # e^r - 1
    t = b.fma(power, rest, b.sub(power, one))
    share = _reciprocal(b, b.add(one, t), precision)
    y = b.mul(b.neg(t), share)
    # 2 y is within a factor of two of -t: what is left over is exact but for one
    # rounding.
    left = b.fma(b.neg(y), t, b.fma(b.const(-2.0), y, b.neg(t)))
    y = b.fma(left, share, y)
    return b.select(b.less(x, b.const(0.0)), b.neg(y), y)


def log(b: Builder, y: Value, precision: Precision) -> Value:
    """Give the natural logarithm of a normal number above 0."""
    series = SERIES[precision]
    one = b.const(1.0)
    m, n = b.fraction(y), b.exponent(y)
    large = b.less(b.const(1.4142135), m)
    m = b.select(large, b.mul(m, b.const(0.5)), m)
    n = b.select(large, b.add(n, one), n)
    f = b.sub(m, one)
    s = b.div(f, b.add(f, b.const(2.0)))
    z = b.mul(s, s)
    half_square = b.mul(b.const(0.5), b.mul(f, f))
    rest = b.mul(z, _polynomial(b, z, series.log))
    # log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + R))
    low = b.fma(s, b.add(half_square, rest), b.mul(n, b.const(series.ln2_low)))
    close = b.sub(f, b.sub(half_square, low))
    result = b.fma(n, b.const(series.ln2_high), close)
    # Bits of what is no number would make one.
    return b.select(b.equal(y, y), result, y)
