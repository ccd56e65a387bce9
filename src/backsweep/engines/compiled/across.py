"""One network on its own: each lane holds a share of its cases.

The same cases up and down as in `lower`, with weights that are the same in all lanes;
then sums over lanes, in the order of `shares`, and the change of as many weights at
once as there are lanes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backsweep.engines.compiled.frame import Frame, Lanes, Some
from backsweep.engines.compiled.lower import Lowering
from backsweep.engines.compiled.shares import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backsweep.engines.compiled.frame import Cases, Terms
    from backsweep.engines.compiled.ir import Precision, Program, Value
    from backsweep.engines.compiled.units import Sums
    from backsweep.network import Network
    from backsweep.procedure import Procedure

__all__ = ["is_tied", "lower_across", "shares_of"]


def is_tied(network: Network) -> bool:
    """Tell whether links share weights."""
    weighted = sum(network.block(link) is not None for link in network.links)
    return weighted > sum(block.source is not None for block in network.blocks)


def shares_of(
    network: Network, procedure: Procedure, n_cases: int, precision: Precision
) -> int:
    """Give the lanes that one network's cases fill; 0 where this is not for it."""
    batch = procedure.batch
    if is_tied(network) or (batch is not None and batch < n_cases):
        return 0
    if procedure.rate_of:  # a row of weights may be of two layers
        return 0
    shares = folded(n_cases, precision)
    return shares if shares > 1 else 0


def lower_across(
    network: Network,
    procedure: Procedure,
    cases: Cases,
    precision: Precision,
    shares: int,
) -> Program:
    """Write down what one network does in `n_sweeps` sweeps, cases side by side.

    Parameters
    ----------
    network, procedure, cases, precision
        As in `lower`.
    shares
        From `shares_of`.
    """
    return _Across(Frame(network, procedure, cases, precision, shares)).program()


class _Across(Lowering):
    @property
    def taken(self) -> int:
        """Rows of cases, a case of each share."""
        return -(-self.n_cases // self.frame.shares)

    @property
    def rows(self) -> int:
        """Rows that the weights fill."""
        return -(-self.n // self.frame.shares)

    def _make_room(self) -> None:
        zero = self.b.const(0.0)
        size = self.rows * self.frame.shares
        self.frame.scratch("gradient", size)

        def body(p: Value, _: list[Value]) -> tuple[Sequence[Value], Value | None]:
            self.frame.store(zero, "gradient", 0, ((1, p),))
            return [], None

        self.b.loop(size, [], body)

    def summed(self, lanes: Lanes, right: Value | None, some: Some) -> Sums:  # noqa: ARG002  # all cases
        """Sum within lanes; only errors and verdicts are summed over lanes here."""
        own = self.share(lanes, right, Some(0, self.taken))
        b, one, zero = self.b, self.b.const(1.0), self.b.const(0.0)
        if own.right is not None and self.procedure.criterion.share == 1:
            wrong = self._everywhere(b.select(own.right, zero, one))
            own.right = b.less(wrong, one)
        elif own.right is not None:
            own.right = self._everywhere(own.right)
        own.error = self._everywhere(own.error)
        return own

    def _everywhere(self, value: Value) -> Value:
        """Sum a value over all lanes, for all lanes."""
        return self.b.totals([value] * self.frame.shares)

    def change(self, lanes: Lanes, running: Value, total: Sums, size: int) -> None:  # noqa: ARG002  # the weights are in memory
        """Sum gradients over lanes, and change a row of weights at a time."""
        if not self.looped:
            for row in range(self.rows):
                self._change_row(running, total, size, row, ())
            return

        def body(r: Value, _: list[Value]) -> tuple[Sequence[Value], Value | None]:
            self._change_row(running, total, size, 0, ((1, r),))
            return [], None

        self.b.loop(self.rows, [], body)

    def _change_row(
        self, running: Value, total: Sums, size: int, row: int, terms: Terms
    ) -> None:
        b, frame, shares = self.b, self.frame, self.frame.shares
        zero = b.const(0.0)
        first = row * shares
        if self.in_values:
            some = total.gradient[first : first + shares]
            values = [zero if g is None else g for g in some]
            values += [zero] * (shares - len(values))
        else:
            apart = tuple((shares * stride, index) for stride, index in terms)
            values = []
            for k in range(shares):
                values.append(frame.load("gradient", first + k, apart))
                frame.store(zero, "gradient", first + k, apart)
        g = b.totals(values)
        g = self.times(g, self.procedure.error_factor(size, self.network.n_out))
        old, velocity = frame.load("w", row, terms), frame.load("v", row, terms)
        epsilon = frame.setting["epsilon"]  # of all layers: see `shares_of`
        new, velocity = self.moved(running, g, old, velocity, epsilon)
        frame.store(new, "w", row, terms)
        frame.store(velocity, "v", row, terms)
