r"""The task `trainability:N`: the step sizes of two layers that let a network learn.

A mean-field network of tanh units without biases, in the words of its source,

.. math:: z = \sqrt{2 / n} \, W_0 x, \quad out = W_1 \tanh(z) / n,

goes down the gradient of the mean of (out - y)^2 with one step size for W_0 and
another for W_1. Cases and start are drawn once, as many cases as parameters. The
boundary between steps that converge and steps that diverge is a fractal.

**The scales are in the weights here.** Our weights are w = s W, with s the factor
before them; W then changes by -lr dL/dW where w changes by -lr s^2 dL/dw. So a start
of W from N(0, 1) is one of w from N(0, s), and the layer's rate is s^2: 2 / n for the
hidden layer and 1 / n^2 for the output. Epsilon is 1, so that a further factor on a
layer's rate is the source's step size of that layer.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from backsweep.errors import SettingError
from backsweep.grids import RATE, Axis, Grid
from backsweep.network import Layer, Link, Network
from backsweep.procedure import Criterion, Procedure, Start
from backsweep.tasks.task import Cases, Task
from backsweep.threefry import normal

__all__ = ["ABOUT", "SIZE", "SOURCE", "make", "window"]

ABOUT: Final = "Random numbers, to see which step sizes of two layers let a net learn."
SIZE: Final = "N-N-1 without biases, N^2 + N cases; N = 8 if left out, 16 in the source"
SOURCE: Final = (
    'Sohl-Dickstein, "The boundary of neural network trainability is fractal",'
    " arXiv:2402.06184 (2024), and its notebook"
)
LARGEST: Final = 64
SEED: Final = 0  # one draw for all runs: a picture is of one landscape
DECADES: Final = (-3.0, 6.0)  # of both step sizes, in the source
COUNT: Final = 128


def window(
    count: int = COUNT,
    centre: tuple[float, float] = (sum(DECADES) / 2, sum(DECADES) / 2),
    width: float = DECADES[1] - DECADES[0],
) -> Grid:
    """Span the plane of the two step sizes, or a window of it.

    Parameters
    ----------
    count
        Values of each.
    centre
        Logarithms to base 10 of the hidden and the output layer's step size.
    width
        Of the window, in powers of ten.

    Examples
    --------
    >>> window(3).axes[0].values
    (0.001, 31.6227766..., 1000000.0)
    """
    return Grid(
        tuple(
            Axis(
                f"{RATE}{layer}",
                tuple(
                    (10 ** np.linspace(at - width / 2, at + width / 2, count)).tolist()
                ),
            )
            for layer, at in zip(("hidden", "output"), centre, strict=True)
        )
    )


def make(n_units: int = 8) -> Task:
    """Give the random cases for a network of so many input and hidden units.

    Parameters
    ----------
    n_units
        From 1 to 64.

    Raises
    ------
    SettingError
        If there are too few or too many.

    Examples
    --------
    >>> task = make(8)
    >>> task.n_cases == task.network.n_parameters == 72
    True
    """
    if not 1 <= n_units <= LARGEST:
        raise SettingError(
            f"`trainability` must have from 1 to {LARGEST} units, got {n_units}.",
            hint="the source has 16: 'trainability:16'.",
        )
    n_weights = n_units**2 + n_units
    scales = math.sqrt(2 / n_units), 1 / n_units
    own = normal(SEED, 0, np.arange(n_weights))
    own[: n_units**2] *= scales[0]
    own[n_units**2 :] *= scales[1]
    return Task(
        name=f"trainability:{n_units}",
        about=ABOUT,
        source=SOURCE,
        inputs=_drawn(1, n_weights, n_units),
        desired=_drawn(2, n_weights, 1),
        network=Network(
            layers=(
                Layer("input", n_units),
                Layer("hidden", n_units, "tanh", bias=False),
                Layer("output", 1, "linear", bias=False),
            ),
            links=(Link("input", "hidden"), Link("hidden", "output")),
        ),
        procedure=Procedure(
            epsilon=1.0,
            alpha=0.0,
            rates={"hidden": scales[0] ** 2, "output": scales[1] ** 2},
            half=False,
            scale="mean",
            start=Start(given=tuple(own.tolist())),
            criterion=Criterion("within", 0.5),
            sweeps=100,
            until="end",
        ),
        grid=window(),
    )


def _drawn(stream: int, n_cases: int, n_units: int) -> Cases:
    """Draw from N(0, 1); `stream` stands where the number of a run stands else."""
    numbers = normal(SEED, stream, np.arange(n_cases * n_units))
    return numbers.reshape(n_cases, n_units)
