"""The task `symmetry:N`: say whether a row of bits mirrors itself.

The first task of the letter (Fig. 1). No input alone says anything, so that hidden
units are needed, and two are enough for any N: each weighs the inputs on one side
1 : 2 : 4 and so on, and those on the other side by the same weights with the sign
changed. Only a symmetric row then leaves both of them off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from backsweep.errors import SettingError
from backsweep.network import Network
from backsweep.procedure import Criterion, Procedure, Spread, Start
from backsweep.tasks.boolean import named, patterns
from backsweep.tasks.task import Task

__all__ = ["ABOUT", "SIZE", "SOURCE", "make", "procedure"]

ABOUT: Final = "Say whether a row of bits is symmetric about its centre."
SIZE: Final = "N-2-1, 2^N cases; N is 6 if left out"
SOURCE: Final = (
    "Rumelhart, Hinton & Williams, Learning representations by back-propagating"
    " errors, Nature 323 (1986), Fig. 1"
)
PUBLISHED: Final = {6: {"sweeps": 1425.0}}
LARGEST: Final = 16

# The letter's own settings. It does not say where the biases began, when learning
# stopped, or that there was a limit: those are ours.
PROCEDURE: Final = Procedure(
    epsilon=0.1,
    alpha=0.9,
    start=Start(Spread(0.3), Spread(0.3)),
    criterion=Criterion("within", 0.5),
    sweeps=20_000,
)


def procedure(n_inputs: int) -> Procedure:
    """Shorten the steps where the sum goes over more cases than the letter's 64.

    35 of 40 runs with 8 inputs learn so, and 0 of 20 with the letter's epsilon.
    """
    return replace(PROCEDURE, epsilon=0.1 * min(1.0, 64 / 2**n_inputs) ** 1.5)


def make(n_inputs: int = 6) -> Task:
    """Give the symmetry task of some inputs.

    An input unit is 1 where its bit is 1; the output unit shall be 1 where the row
    is symmetric. The case "011110" is, so that 1 is desired; "011100" is not. In a
    row of odd length the bit in the middle does not matter.

    Parameters
    ----------
    n_inputs
        How many bits, from 2 to 16.

    Raises
    ------
    SettingError
        If there are too few or too many.

    Examples
    --------
    >>> symmetry = make()
    >>> case = symmetry.case_names.index("011110")
    >>> symmetry.inputs[case], symmetry.desired[case]
    (array([0., 1., 1., 1., 1., 0.]), array([1.]))
    >>> int(symmetry.desired.sum())
    8
    """
    if not 2 <= n_inputs <= LARGEST:
        raise SettingError(
            f"`symmetry` must have from 2 to {LARGEST} inputs, got {n_inputs}.",
            hint=f"N inputs make 2^N cases: {2**LARGEST:,} for {LARGEST} inputs.",
        )
    inputs = patterns(n_inputs)
    symmetric = (inputs == inputs[:, ::-1]).all(axis=1, keepdims=True)
    return Task(
        name="symmetry" if n_inputs == 6 else f"symmetry:{n_inputs}",
        about=ABOUT,
        source=SOURCE,
        inputs=inputs,
        desired=symmetric.astype(float),
        network=Network.layered(n_inputs, 2, 1),
        procedure=procedure(n_inputs),
        case_names=named(inputs),
        published=dict(PUBLISHED.get(n_inputs, {})),
    )
