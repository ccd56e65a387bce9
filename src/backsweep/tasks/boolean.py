"""The tasks `xor`, `and`, `or`, `nand` and `xnor`: truth functions of two bits.

Their cases are the rows of a truth table; `patterns` lists them, for the larger
truth functions `parity` and `symmetry` too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from backsweep.network import Network
from backsweep.procedure import Criterion, Procedure, Spread, Start
from backsweep.tasks.task import Cases, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FUNCTIONS", "SIZE", "Truth", "make", "named", "patterns"]

SIZE: Final = "2-2-1, 4 cases"

# Chapter 8 gives the network and epsilon, and says that alpha was about 0.9 in most
# of its simulations. The range of the start is that of the handbook's `bp`.
PROCEDURE: Final = Procedure(
    epsilon=0.5,
    alpha=0.9,
    start=Start(Spread(0.5), Spread(0.5)),
    criterion=Criterion("within", 0.5),
    sweeps=600,
)

CHAPTER: Final = (
    "Rumelhart, Hinton & Williams, Parallel Distributed Processing, volume 1 (1986),"
    " chapter 8"
)
PERCEPTRONS: Final = "Minsky & Papert, Perceptrons (1969)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A truth function of two bits.

    Parameters
    ----------
    values
        What it says of the inputs 00, 01, 10 and 11.
    about
        One sentence.
    source
        Where it was published as something to learn.
    published
        Published numbers, by name.
    """

    values: tuple[int, int, int, int]
    about: str
    source: str = PERCEPTRONS
    published: Mapping[str, float] = field(default_factory=dict)


FUNCTIONS: Final[Mapping[str, Truth]] = MappingProxyType(
    {
        "xor": Truth(
            values=(0, 1, 1, 0),
            about="Say whether exactly one of two inputs is on.",
            source=f"{CHAPTER}, pages 330 to 334",
            # Chauvin's presentations of each pattern, page 333.
            published={"sweeps_at_epsilon_0.25": 245.0},
        ),
        "and": Truth(values=(0, 0, 0, 1), about="Say whether two inputs are both on."),
        "or": Truth(values=(0, 1, 1, 1), about="Say whether any of two inputs is on."),
        "nand": Truth(
            values=(1, 1, 1, 0), about="Say whether any of two inputs is off."
        ),
        "xnor": Truth(
            values=(1, 0, 0, 1),
            about="Say whether two inputs are the same.",
            source=f"{CHAPTER}, pages 330 to 334, with the answers reversed",
        ),
    }
)


def patterns(n_inputs: int) -> Cases:
    """List all patterns of some bits, as one counts in binary.

    Returns
    -------
    ndarray of shape (2 ** n_inputs, n_inputs)
        Each 0 or 1; the last bit changes fastest.

    Examples
    --------
    >>> patterns(2)
    array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])
    """
    numbers = np.arange(2**n_inputs)[:, None]
    shifts = np.arange(n_inputs)[::-1]
    return (numbers >> shifts & 1).astype(np.float64)


def make(name: str) -> Task:
    """Give the task of a truth function of two bits.

    An input unit is 1 where its bit is 1; the output unit shall be 1 where the
    function is true. The case "10" of `xor` has the inputs 1 and 0 and the desired
    output 1.

    Parameters
    ----------
    name
        An entry of `FUNCTIONS`.

    Examples
    --------
    >>> xor = make("xor")
    >>> xor.case_names
    ('00', '01', '10', '11')
    >>> xor.inputs[2], xor.desired[2]
    (array([1., 0.]), array([1.]))
    """
    truth = FUNCTIONS[name]
    inputs = patterns(2)
    return Task(
        name=name,
        about=truth.about,
        source=truth.source,
        inputs=inputs,
        desired=np.array(truth.values, dtype=np.float64)[:, None],
        network=Network.layered(2, 2, 1),
        procedure=PROCEDURE,
        case_names=named(inputs),
        published=dict(truth.published),
    )


def named(inputs: Cases) -> tuple[str, ...]:
    """Name patterns of bits by their bits: "00", "01" and so on."""
    return tuple("".join(str(int(bit)) for bit in pattern) for pattern in inputs)
