"""A question that every side answers alike: network, cases, starts, procedure."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

import backsweep
from backsweep.engines import ENGINES, starts
from backsweep.network import Layer, Link, Network
from backsweep.procedure import Procedure, Spread, Start
from backsweep.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

DTYPES: Final = {"f32": np.float32, "f64": np.float64}
SEED: Final = 1
CHECKED_RUNS: Final = 64  # whose weights are compared with the plain engine's,
CHECKED_SWEEPS: Final = 10  # after so many sweeps

# How far weights may be from the plain engine's after ten sweeps, as a share of the
# longest way that one has gone. A wrong formula is off by a tenth or more.
ALLOWED: Final = {"f32": 1e-3, "f64": 1e-9}


class Side(Protocol):
    """What carries the sweeps of a question's networks out."""

    question: Question

    def carry(self, sweeps: int) -> None:
        """Carry all networks through so many more sweeps, and be done."""
        ...

    def weights(self) -> NDArray[np.floating[Any]]:
        """Give all parameters, shape (n_runs, n_parameters), in our order."""
        ...


@dataclass(frozen=True, kw_only=True)
class Question:
    """Some runs of a task, in a precision; none of the cases is held out."""

    task: Task
    precision: str
    runs: range

    @property
    def network(self) -> Network:
        return self.task.network

    @property
    def epsilon(self) -> float:
        epsilon = self.task.procedure.epsilon
        assert isinstance(epsilon, float)  # noqa: S101  # ours, by EPSILONS
        return epsilon

    @property
    def alpha(self) -> float:
        alpha = self.task.procedure.alpha
        assert isinstance(alpha, float)  # noqa: S101  # ours, by `asked`
        return alpha

    @property
    def work(self) -> int:
        """Connections (weights and biases) times cases: of a network in a sweep."""
        return self.network.n_parameters * self.task.n_cases

    def starts(self) -> NDArray[np.floating[Any]]:
        """Give the starts, shape (n_runs, n_parameters): the same to every side."""
        drawn = starts(self.network, self.task.procedure.start, SEED, self.runs)
        return drawn.astype(DTYPES[self.precision])

    def inputs(self) -> dict[str, NDArray[np.floating[Any]]]:
        """Give the outputs of each input layer, shape (n_cases, n_units)."""
        edges = np.cumsum([layer.size for layer in self.network.inputs])[:-1]
        parts = np.split(self.task.inputs.astype(DTYPES[self.precision]), edges, axis=1)
        names = [layer.name for layer in self.network.inputs]
        return dict(zip(names, map(np.ascontiguousarray, parts), strict=True))

    def desired(self) -> NDArray[np.floating[Any]]:
        """Give the desired outputs, shape (n_cases, n_out)."""
        return self.task.desired.astype(DTYPES[self.precision])

    def split(self, parts: int) -> list[Question]:
        """Share the runs out."""
        edges = [
            self.runs.start + len(self.runs) * k // parts for k in range(parts + 1)
        ]
        return [
            dataclasses.replace(self, runs=range(low, high))
            for low, high in itertools.pairwise(edges)
        ]


def _fractal() -> Task:
    """Sixteen units, sixteen units and one, without biases; as many cases as weights.

    The shape of Sohl-Dickstein, "The boundary of neural network trainability is
    fractal" (2024), here with logistic units, as all shapes of the comparison.
    """
    network = Network(
        (
            Layer("input", 16),
            Layer("hidden", 16, bias=False),
            Layer("output", 1, bias=False),
        ),
        (Link("input", "hidden"), Link("hidden", "output")),
    )
    random = np.random.default_rng(0)
    cases = network.n_parameters
    return Task(
        name="16-16-1",
        about="Random cases.",
        source="made up",
        inputs=random.normal(size=(cases, 16)),
        desired=random.uniform(size=(cases, 1)),
        network=network,
        procedure=Procedure(),
    )


TASKS: Final[Mapping[str, Callable[[], Task]]] = {
    "xor": lambda: backsweep.task("xor"),
    "symmetry": lambda: backsweep.task("symmetry"),
    "encoder:8-3": lambda: backsweep.task("encoder:8-3"),
    "families": lambda: backsweep.task("families"),
    "16-16-1": _fractal,
}

# Steps with which ten sweeps go far enough to be compared and millions stay finite.
EPSILONS: Final = {
    "xor": 0.5,
    "symmetry": 0.1,
    "encoder:8-3": 0.25,
    "families": 0.01,
    "16-16-1": 0.01,
}


def asked(name: str, precision: str, runs: int) -> Question:
    """Ask a task with the letter's procedure: full batch, momentum 0.9, to the end."""
    procedure = Procedure(
        epsilon=EPSILONS[name],
        alpha=0.9,
        start=Start(Spread(0.3), Spread(0.3)),
        sweeps=10**9,
        until="end",
    )
    task = dataclasses.replace(
        TASKS[name](), procedure=procedure, held_out=0, held_out_cases=()
    )
    return Question(task=task, precision=precision, runs=range(runs))


def off(side: Side) -> float:
    """Tell how far a side that has done its first sweeps is from the plain engine.

    Returns
    -------
    float
        The largest difference of a weight in the first runs, as a share of the
        longest way that a weight has gone.
    """
    question = side.question
    runs = question.runs[:CHECKED_RUNS]
    task = question.task
    program = ENGINES["plain"].prepare(task.network, task, task.procedure)
    state = program.start(SEED, runs)
    begun = program.parameters(state)
    program.advance(state, CHECKED_SWEEPS)
    right = program.parameters(state)
    found = np.asarray(side.weights(), dtype=np.float64)[: len(runs)]
    return float(np.abs(found - right).max() / np.abs(right - begun).max())
