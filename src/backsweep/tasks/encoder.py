"""The task `encoder:N-H`: repeat one of N at the output, through H hidden units.

With H = log2 N the hidden units must find a code of their own, much like binary
numbers; chapter 8 of PDP shows one for eight patterns and three hidden units.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from backsweep.errors import SettingError
from backsweep.network import Network
from backsweep.procedure import Criterion, Procedure, Spread, Start
from backsweep.tasks.task import Task

__all__ = ["ABOUT", "SIZE", "SOURCE", "make", "procedure"]

ABOUT: Final = "Repeat which of N inputs is on, through H hidden units."
SIZE: Final = "N-H-N, N cases; 8-3 if left out"
SOURCE: Final = (
    "Rumelhart, Hinton & Williams, Parallel Distributed Processing, volume 1 (1986),"
    " chapter 8, pages 335 to 337"
)
LARGEST: Final = 1024

# Chapter 8 gives epsilon 0.25 or 0.5 for other tasks, with desired outputs of 0.1 and
# 0.9. For 0 and 1 smaller steps suit: all of 200 runs of 8-3 learn at 0.1, in at most
# 1,427 sweeps, and 199 at 0.25, in up to 14,368 (plain engine, seed 1).
PROCEDURE: Final = Procedure(
    epsilon=0.1,
    alpha=0.9,
    start=Start(Spread(0.5), Spread(0.5)),
    criterion=Criterion("within", 0.5),
    sweeps=20_000,
)


def procedure(n_units: int) -> Procedure:
    """Shorten the steps beyond 8 units.

    All of 40 runs of 16-4 learn so, and none of 20 with the epsilon of 8-3.
    """
    return replace(PROCEDURE, epsilon=0.1 * min(1.0, 8 / n_units) ** 1.5)


def make(n_units: int = 8, n_hidden: int = 3) -> Task:
    """Give the encoder of some units through fewer.

    Case k has input unit k on and all others off, and desires the same of the
    output units. The case "3" of `encoder:4-2` has the inputs 0 0 1 0 and the
    desired outputs 0 0 1 0.

    Parameters
    ----------
    n_units
        Input units, output units and cases, from 2 to 1,024.
    n_hidden
        Hidden units, from 1 to 1,024.

    Raises
    ------
    SettingError
        If there are too few or too many of either.

    Examples
    --------
    >>> encoder = make(4, 2)
    >>> case = encoder.case_names.index("3")
    >>> encoder.inputs[case], encoder.desired[case]
    (array([0., 0., 1., 0.]), array([0., 0., 1., 0.]))
    """
    for what, count, low in (("input", n_units, 2), ("hidden", n_hidden, 1)):
        if not low <= count <= LARGEST:
            raise SettingError(
                f"`encoder` must have from {low} to {LARGEST:,} {what} units,"
                f" got {count}.",
                hint="for instance 'encoder:8-3': 8 inputs through 3 hidden units.",
            )
    cases = np.eye(n_units)
    return Task(
        name=f"encoder:{n_units}-{n_hidden}",
        about=ABOUT,
        source=SOURCE,
        inputs=cases,
        desired=cases,
        network=Network.layered(n_units, n_hidden, n_units),
        procedure=procedure(n_units),
    )
