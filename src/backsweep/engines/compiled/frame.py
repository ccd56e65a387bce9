"""What all parts of lowering share: the description, the buffers, and the builder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from backsweep.engines.compiled.ir import Buffer, Builder
from backsweep.engines.compiled.units import (
    Known,
    Sums,
    blame_of,
    error_of,
    judge,
    value,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from backsweep.engines.compiled.ir import Kind, Precision, Value
    from backsweep.network import Layer, Network
    from backsweep.procedure import Procedure

__all__ = [
    "MARKS",
    "Cases",
    "Frame",
    "Lanes",
    "Some",
    "Terms",
    "is_used",
    "settings_rows",
]

# Rows of the buffer `marks`.
MARKS: Final = ("running", "unlearned", "learned", "diverged")


def settings_rows(procedure: Procedure) -> tuple[str, ...]:
    """Name the rows of the buffer `settings`; layers with a rate have a step size."""
    own = tuple(f"epsilon of {layer}" for layer in procedure.rate_of)
    return ("epsilon", "alpha", "keep", "zone", "tolerance", *own)


Terms: TypeAlias = "tuple[tuple[int, Value], ...]"


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases as the program meets them.

    Parameters
    ----------
    count
        Cases that a run learns from.
    inputs, desired : ndarray of shape (n_cases, n_units), or None
        The numbers themselves where all runs share them; they may become constants.
    """

    count: int
    inputs: NDArray[np.float64] | None = None
    desired: NDArray[np.float64] | None = None


@dataclass(slots=True)
class Lanes:
    """Weights and velocities as values; both empty where they stand in memory."""

    w: list[Value]
    v: list[Value]


@dataclass(frozen=True, slots=True)
class Some:
    """Some cases that are taken up and down together.

    Where a lane holds a share of the cases, a case is a row of them, one a lane.

    Parameters
    ----------
    first, size
        The first of them, and how many.
    terms
        What loops add to the number of the first.
    """

    first: int
    size: int
    terms: Terms = ()


@dataclass(slots=True)
class Frame:
    """One program in the making.

    Parameters
    ----------
    network, procedure, cases, precision
        What it is made for.
    shares
        Shares of the cases that one network's lanes hold; 0 where each lane holds a
        network.
    """

    network: Network
    procedure: Procedure
    cases: Cases
    precision: Precision
    shares: int = 0
    b: Builder = field(default_factory=Builder)
    setting: dict[str, Value] = field(default_factory=dict)
    buffers: dict[str, Buffer] = field(init=False)

    def __post_init__(self) -> None:
        n, count = self.network.n_parameters, self.cases.count
        own = self.cases.inputs is None
        given: Kind = "lanes" if own else "shared"
        if self.shares:
            n, count = -(-n // self.shares), -(-count // self.shares)
            given = "lanes" if own else "common"
        inputs, desired = count * self.network.n_in, count * self.network.n_out
        self.buffers = {
            buffer.name: buffer
            for buffer in (
                Buffer("w", "lanes", n, written=True),
                Buffer("v", "lanes", n, written=True),
                Buffer("marks", "lanes", len(MARKS), written=True),
                Buffer("settings", "lanes", len(settings_rows(self.procedure))),
                Buffer("errors", "log", 0, written=True),
                Buffer("inputs", given, inputs),
                Buffer("desired", given, desired),
            )
        }
        if self.uneven:
            self.buffers["there"] = Buffer("there", "common", count)

    @property
    def uneven(self) -> bool:
        """Whether some lanes hold a case less than others."""
        return self.shares > 0 and self.cases.count % self.shares > 0

    def weight(self, p: int, terms: Terms = ()) -> Value:
        """Read a weight; where a lane holds a share, the same for all lanes."""
        if self.shares:
            return self.b.each(self.buffers["w"], p, terms)
        return self.load("w", p, terms)

    def there(self, some: Some, c: int) -> Value | None:
        """Tell in which lanes there is a case; None for all of them."""
        if not self.uneven:
            return None
        mark = self.load("there", some.first + c, some.terms)
        return self.b.less(self.b.const(0.0), mark)

    def scratch(self, name: str, rows: int) -> Buffer:
        """Ask for memory of no meaning between blocks."""
        buffer = Buffer(name, "scratch", max(rows, 1))
        self.buffers[name] = buffer
        return buffer

    def load(self, name: str, offset: int, terms: Terms = ()) -> Value:
        """Read a row of a buffer."""
        return self.b.load(self.buffers[name], offset, terms)

    def store(self, value: Value, name: str, offset: int, terms: Terms = ()) -> None:
        """Write a row of a buffer."""
        self.b.store(value, self.buffers[name], offset, terms)

    def epsilon_of(self, p: int) -> Value:
        """Give the step size of a parameter: its layer's own, where there is one."""
        if not self.procedure.rate_of:
            return self.setting["epsilon"]
        layer = next(
            block.layer
            for block in self.network.blocks
            if block.start <= p < block.stop
        )
        return self.setting.get(f"epsilon of {layer}", self.setting["epsilon"])

    def of_case(self, name: str, some: Some, c: int, unit: int, *terms: Terms) -> Value:
        """Read an input or a desired output of a case."""
        width = self.network.n_in if name == "inputs" else self.network.n_out
        rows = tuple((width * stride, index) for stride, index in some.terms)
        inner = tuple(term for group in terms for term in group)
        return self.load(name, width * (some.first + c) + unit, (*rows, *inner))

    def at_output(
        self, layer: Layer, y: Known, d: Known, whole: Known, total: Value
    ) -> tuple[Value, Value, bool]:
        """Add to a case's error; give dE/dy, or (True) dE/dx, of an output."""
        b, measure = self.b, self.procedure.error
        y = value(b, y)
        with b.part(f"error and blame of output v{y.number}, equations (3), (4)"):
            total = error_of(
                b,
                total,
                y,
                d,
                measure=measure,
                shared=layer.activation == "softmax",
                precision=self.precision,
            )
            blame, in_one_step = blame_of(
                b,
                y,
                d,
                whole,
                measure=measure,
                activation=layer.activation,
                precision=self.precision,
            )
            if is_used(self.procedure, "zone"):
                off = b.abs(b.sub(y, value(b, d)))
                near = b.less(off, self.setting["zone"])
                blame = b.select(near, b.const(0.0), blame)
            return total, blame, in_one_step

    def judged(
        self, so_far: tuple[Value, ...], y: Known, d: Known
    ) -> tuple[Value, ...]:
        """Look at one more output of a case by the criterion."""
        y, d = value(self.b, y), value(self.b, d)
        with self.b.part(f"is output v{y.number} right?"):
            return judge(
                self.b,
                self.procedure.criterion.rule,
                self.setting["tolerance"],
                so_far,
                y,
                d,
            )

    def blamed(self, blame: Value, there: Value | None) -> Value:
        """Blame nobody for what is no case."""
        b = self.b
        return blame if there is None else b.select(there, blame, b.const(0.0))

    def count(
        self, total: Sums, error: Value, right: Value | None, there: Value | None
    ) -> None:
        """Take in the error of one more case, and whether it is right."""
        b = self.b
        total.error = b.add(total.error, self.blamed(error, there))
        if total.right is None or right is None:
            return
        all_right = self.procedure.criterion.share == 1
        if there is not None and all_right:
            right = b.either(right, b.negate(there))
        elif there is not None:
            right = b.both(right, there)
        if all_right:
            total.right = b.both(total.right, right)
        else:
            more = b.add(total.right, b.const(1.0))
            total.right = b.select(right, more, total.right)


def is_used(procedure: Procedure, name: str) -> bool:
    """Tell whether a setting is anything but nought at any time in any run."""
    values = [getattr(procedure, name)]
    if name == "decay":
        values += [stage.decay or 0.0 for stage in procedure.stages]
    return any(value != 0.0 for value in values)
