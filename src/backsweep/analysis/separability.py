"""Separability: whether one unit alone could tell the cases apart, with the proof.

A unit without hidden units below it answers by the side of a plane on which a case
lies. By a small linear programme either such a plane is found, or two mixtures, one
of the cases that should be on and one of the others, that are the same point: no
plane has it on both sides. The mixtures are checked in whole-number fractions, so
that the proof does not rest on rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backsweep.errors import DataError, ShapeError

__all__ = ["Separation", "most_right", "separation"]

Floats: TypeAlias = NDArray[np.float64]

LARGEST_DENOMINATOR: Final = 100_000
LARGEST_WEIGHT: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """A plane between the cases, or the proof that there is none.

    Parameters
    ----------
    separable
        Whether one unit can be right on every case.
    weights, bias
        If so, of such a unit: its total input is 1 or more where it should be on,
        -1 or less where it should be off.
    on, off
        If not, the two mixtures: for each case that takes part its number and its
        share. Shares sum to 1 in each, and both give the same point, exactly.
    """

    separable: bool
    weights: tuple[float, ...] = ()
    bias: float = 0.0
    on: tuple[tuple[int, Fraction], ...] = ()
    off: tuple[tuple[int, Fraction], ...] = ()


def _cases(inputs: ArrayLike, desired: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    cases = np.asarray(inputs, dtype=np.float64)
    wanted = np.asarray(desired, dtype=np.float64)
    if cases.ndim != 2 or wanted.size != len(cases):
        raise ShapeError(
            "`desired` must have one number for each case of `inputs`, "
            f"got shapes {wanted.shape} and {cases.shape}."
        )
    if not np.isfinite(cases).all():
        raise DataError("`inputs` must be finite, got NaN or infinity.")
    is_on = wanted.ravel() > 0.5
    if is_on.all() or not is_on.any():
        raise DataError(
            "`desired` must be on for some cases and off for others, got one kind only."
        )
    return cases, is_on


def separation(inputs: ArrayLike, desired: ArrayLike) -> Separation:
    """Find a plane between the cases, or prove that there is none.

    Parameters
    ----------
    inputs : array_like of shape (n_cases, n_in)
        Inputs of each case.
    desired : array_like of shape (n_cases,)
        Above one half where the unit should be on.

    Returns
    -------
    Separation
        With the plane, or the proof.

    Raises
    ------
    DataError
        If all cases are of one kind, or the proof cannot be made exact.

    Examples
    --------
    Half of 00 and half of 11 is the same point as half of 01 and half of 10:

    >>> cases = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> xor = separation(cases, [0, 1, 1, 0])
    >>> xor.separable, [str(share) for _, share in xor.off]
    (False, ['1/2', '1/2'])
    >>> separation(cases, [0, 0, 0, 1]).separable
    True
    """
    from scipy.optimize import linprog  # noqa: PLC0415  # a third of a second

    cases, is_on = _cases(inputs, desired)
    signs = np.where(is_on, 1.0, -1.0)
    widened = np.hstack([cases, np.ones((len(cases), 1))])
    plane = linprog(
        np.zeros(widened.shape[1]),
        A_ub=-signs[:, None] * widened,
        b_ub=-np.ones(len(cases)),
        bounds=(None, None),
        method="highs-ds",
    )
    if plane.status == 0:
        *weights, bias = (float(number) for number in plane.x)
        return Separation(separable=True, weights=tuple(weights), bias=bias)
    mixture = linprog(
        np.zeros(len(cases)),
        A_eq=np.vstack([(signs[:, None] * widened).T, is_on.astype(float)]),
        b_eq=np.append(np.zeros(widened.shape[1]), 1.0),
        bounds=(0, None),
        method="highs-ds",
    )
    if mixture.status != 0:
        raise DataError(
            "`inputs` are too near to a plane between them for it to be told whether "
            "there is one."
        )
    shares = [
        Fraction(float(share)).limit_denominator(LARGEST_DENOMINATOR)
        for share in mixture.x
    ]
    _check_proof(cases, is_on, shares)
    on, off = (
        tuple(
            (int(case), shares[case]) for case in np.flatnonzero(kind) if shares[case]
        )
        for kind in (is_on, ~is_on)
    )
    return Separation(separable=False, on=on, off=off)


def _check_proof(
    cases: Floats, is_on: NDArray[np.bool_], shares: list[Fraction]
) -> None:
    """Add the mixtures up in fractions: they must be the same point."""
    rows = [[Fraction(float(number)) for number in (*case, 1.0)] for case in cases]
    sides = [1 if on else -1 for on in is_on]
    sums = [
        sum(
            (
                side * share * row[k]
                for side, share, row in zip(sides, shares, rows, strict=True)
            ),
            Fraction(),
        )
        for k in range(len(rows[0]))
    ]
    whole = sum(share for share, side in zip(shares, sides, strict=True) if side > 0)
    if any(sums) or whole != 1 or min(shares) < 0:
        raise DataError(
            "the proof that no plane parts the cases could not be made exact.",
            hint="give inputs of few digits.",
        )


def most_right(inputs: ArrayLike, desired: ArrayLike) -> int:
    """Count the cases that the best single unit is right on.

    Parameters
    ----------
    inputs : array_like of shape (n_cases, n_in)
        Inputs of each case.
    desired : array_like of shape (n_cases,)
        Above one half where the unit should be on.

    Returns
    -------
    int
        The most cases that lie on their side of one plane, of all planes.

    Notes
    -----
    A mixed-integer programme: a case may be given up, at the price of 1. Weights are
    searched up to 100 times the margin. For inputs of 0 and 1 no larger ones are
    needed for up to seven inputs. Some seconds for 64 cases.

    Examples
    --------
    >>> most_right([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    3
    """
    from scipy.optimize import (  # noqa: PLC0415  # as in `separation`
        Bounds,
        LinearConstraint,
        milp,
    )

    cases, is_on = _cases(inputs, desired)
    n_cases, n_in = cases.shape
    signs = np.where(is_on, 1.0, -1.0)[:, None]
    widened = np.hstack([cases, np.ones((n_cases, 1))])
    reach = LARGEST_WEIGHT * np.abs(widened).sum(axis=1) + 1
    found = milp(
        np.append(np.zeros(n_in + 1), np.ones(n_cases)),
        constraints=LinearConstraint(
            np.hstack([signs * widened, np.diag(reach)]), lb=np.ones(n_cases)
        ),
        bounds=Bounds(
            np.append(np.full(n_in + 1, -LARGEST_WEIGHT), np.zeros(n_cases)),
            np.append(np.full(n_in + 1, LARGEST_WEIGHT), np.ones(n_cases)),
        ),
        integrality=np.append(np.zeros(n_in + 1), np.ones(n_cases)),
    )
    if found.status != 0:
        raise DataError(f"the best single unit could not be found: {found.message}")
    given_up: float = found.fun
    return int(n_cases - round(given_up))
