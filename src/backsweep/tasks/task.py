"""Task: cases, a network that suits them, a procedure, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backsweep.errors import DataError, SettingError, ShapeError
from backsweep.threefry import SPLIT_STREAM, permutation

if TYPE_CHECKING:
    from backsweep.grids import Grid
    from backsweep.network import Network
    from backsweep.procedure import Procedure

__all__ = ["Cases", "Maker", "Task"]

Cases: TypeAlias = NDArray[np.float64]
Maker: TypeAlias = Callable[[str], "Task"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """What is to be learned, and the settings that are known to suit it.

    Parameters
    ----------
    name
        As the command line takes it: "symmetry", "parity:4".
    about
        One sentence.
    source
        Where the task and its settings were published.
    inputs : ndarray of shape (n_cases, n_in)
        Outputs of the input units for each case, over the input layers in order.
    desired : ndarray of shape (n_cases, n_out)
        Desired outputs, over the output layers in order.
    network, procedure
        What the task is learned with where nothing else is asked for.
    case_names
        A name for each case.
    held_out
        How many cases each run keeps apart and never learns from: a fresh draw
        for each run, from (seed, run) alone.
    held_out_cases
        Cases that every run keeps apart; in place of a draw.
    published
        Published numbers about the task, by name, for figures and claims.
    grid
        What a map of the task spans where nothing else is asked for.
    """

    name: str
    about: str
    source: str
    inputs: Cases
    desired: Cases
    network: Network
    procedure: Procedure
    case_names: tuple[str, ...] = ()
    held_out: int = 0
    held_out_cases: tuple[int, ...] = ()
    published: dict[str, float] = field(default_factory=dict)
    grid: Grid | None = None

    def __post_init__(self) -> None:
        for name in ("inputs", "desired"):
            cases = np.array(getattr(self, name), dtype=np.float64)
            if cases.ndim != 2:
                raise ShapeError(
                    f"`{name}` must have shape (n_cases, n_units), got {cases.shape}."
                )
            cases.setflags(write=False)
            object.__setattr__(self, name, cases)
        _check_cases(self.inputs, self.desired)
        self._check_held_out()
        names = self.case_names or tuple(
            str(number + 1) for number in range(self.n_cases)
        )
        object.__setattr__(self, "case_names", tuple(names))
        if len(self.case_names) != self.n_cases:
            raise ShapeError(
                f"`case_names` must name each of the {self.n_cases} cases, "
                f"got {len(self.case_names)} names."
            )

    def _check_held_out(self) -> None:
        apart = self.held_out_cases
        if len(set(apart)) < len(apart) or not all(
            0 <= k < self.n_cases for k in apart
        ):
            raise SettingError(
                "`held_out_cases` must be distinct numbers from 0 to "
                f"{self.n_cases - 1}, "
                f"got {apart!r}."
            )
        if not 0 <= self.n_held_out < self.n_cases:
            raise SettingError(
                f"the held-out cases must leave at least one of the {self.n_cases} "
                "cases "
                f"to learn from, got {self.n_held_out}."
            )

    @property
    def n_cases(self) -> int:
        """Number of cases, held-out ones counted in."""
        return len(self.inputs)

    @property
    def n_held_out(self) -> int:
        """Number of cases that a run does not learn from."""
        return len(self.held_out_cases) or self.held_out

    def split(
        self, seed: int, runs: range
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Tell the cases that each run learns from and those it keeps apart.

        Returns
        -------
        tuple of two ndarrays
            Case numbers, ascending, of shape (n_runs, n_learning) and (n_runs,
            n_held_out). One row only, for all runs, where every run learns from the
            same cases.
        """
        numbers = np.arange(self.n_cases)
        if self.held_out_cases or not self.held_out:
            apart = np.zeros(self.n_cases, dtype=bool)
            apart[list(self.held_out_cases)] = True
            return numbers[~apart][None], numbers[apart][None]
        order = permutation(
            seed, np.arange(runs.start, runs.stop), SPLIT_STREAM, 0, self.n_cases
        )
        apart, learned = order[:, : self.held_out], order[:, self.held_out :]
        return np.sort(learned, axis=-1), np.sort(apart, axis=-1)

    def check_network(self, network: Network) -> None:
        """Raise ShapeError unless the network's ends have the cases' sizes."""
        for what, kind, cases, size in (
            ("inputs", "input", self.inputs, network.n_in),
            ("desired outputs", "output", self.desired, network.n_out),
        ):
            wanted = cases.shape[1]
            if wanted != size:
                raise ShapeError(
                    f"the network must have {wanted} {kind} unit{'s' * (wanted > 1)}, "
                    f"as the {what} of task {self.name!r} have, got {size}.",
                    hint=f"for instance '{_fitting(network, self)}'.",
                )

    def with_held_out(self, amount: float) -> Task:
        """Keep other cases apart: a share under 1, or a whole number of cases."""
        if not (0 <= amount < 1 or (1 <= amount < math.inf and amount == int(amount))):
            raise SettingError(
                "`hold_out` must be a share under 1 or a whole number of cases, "
                f"got {amount!r}."
            )
        count = round(amount * self.n_cases) if amount < 1 else int(amount)
        if amount > 0 and count == 0:
            raise SettingError(
                f"`hold_out` must keep at least one of {self.n_cases} cases apart, "
                f"got {amount!r}.",
                hint="give a larger share, or a number of cases.",
            )
        return replace(self, held_out=count, held_out_cases=())


def _fitting(network: Network, task: Task) -> str:
    hidden = [str(layer.size) for layer in network.hidden]
    return "-".join([str(task.inputs.shape[1]), *hidden, str(task.desired.shape[1])])


def _check_cases(inputs: Cases, desired: Cases) -> None:
    if inputs.size == 0 or desired.size == 0:
        raise DataError("a task must have at least one case, got none.")
    if len(inputs) != len(desired):
        raise ShapeError(
            f"`inputs` and `desired` must hold the same cases, got {len(inputs)} and "
            f"{len(desired)}."
        )
    for name, cases in (("inputs", inputs), ("desired", desired)):
        bad = np.argwhere(~np.isfinite(cases))
        if len(bad):
            case, unit = bad[0]
            raise DataError(
                f"`{name}` must be finite, got {cases[case, unit]} in case "
                f"{case + 1}, unit {unit + 1}."
            )
