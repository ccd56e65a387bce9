"""The task `parity:N`: say whether an odd number of inputs is on.

Any change of one bit changes the answer, so that the most alike inputs must be told
apart. N hidden units can solve it by counting: k of them are on for k bits or more.
"""

from __future__ import annotations

from typing import Final

from backsweep.errors import SettingError
from backsweep.network import Network
from backsweep.procedure import Criterion, Procedure, Spread, Start
from backsweep.tasks.boolean import named, patterns
from backsweep.tasks.task import Task

__all__ = ["ABOUT", "SIZE", "SOURCE", "make"]

ABOUT: Final = "Say whether the number of inputs that are on is odd."
SIZE: Final = "N-N-1, 2^N cases; N is 4 if left out"
SOURCE: Final = (
    "Rumelhart, Hinton & Williams, Parallel Distributed Processing, volume 1 (1986),"
    " chapter 8, pages 334 to 335"
)
PUBLISHED: Final = {4: {"sweeps": 2825.0}}  # presentations of each pattern, page 335
LARGEST: Final = 16

# As for two bits; N hidden units are just enough, and many runs stay stuck: 28 of 100
# with 4 inputs learn (plain engine, seed 1).
PROCEDURE: Final = Procedure(
    epsilon=0.5,
    alpha=0.9,
    start=Start(Spread(0.5), Spread(0.5)),
    criterion=Criterion("within", 0.5),
    sweeps=10_000,
)


def make(n_inputs: int = 4) -> Task:
    """Give the parity task of some inputs.

    An input unit is 1 where its bit is 1; the output unit shall be 1 where the
    number of ones is odd. The case "0111" has three ones, so that 1 is desired.

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
    >>> parity = make(4)
    >>> case = parity.case_names.index("0111")
    >>> parity.inputs[case], parity.desired[case]
    (array([0., 1., 1., 1.]), array([1.]))
    """
    if not 2 <= n_inputs <= LARGEST:
        raise SettingError(
            f"`parity` must have from 2 to {LARGEST} inputs, got {n_inputs}.",
            hint=f"N inputs make 2^N cases: {2**LARGEST:,} for {LARGEST} inputs.",
        )
    inputs = patterns(n_inputs)
    return Task(
        name=f"parity:{n_inputs}",
        about=ABOUT,
        source=SOURCE,
        inputs=inputs,
        desired=inputs.sum(axis=1, keepdims=True) % 2,
        network=Network.layered(n_inputs, n_inputs, 1),
        procedure=PROCEDURE,
        case_names=named(inputs),
        published=dict(PUBLISHED.get(n_inputs, {})),
    )
