"""Cases up and down with every connection written down: for small networks.

All that a case needs stands in values; inputs that are known become constants, and
what is multiplied by nought is not written at all.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

from backsweep.engines.compiled.units import (
    ACTIVATED,
    Known,
    Sums,
    exponential,
    larger,
    plus,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backsweep.engines.compiled.frame import Frame, Lanes, Some
    from backsweep.engines.compiled.ir import Value
    from backsweep.network import Layer

__all__ = ["Straight"]

Rows: TypeAlias = list[list[Known]]  # unit, case


class Straight:
    """Takes some cases up and down together, so that a weight is read once.

    Parameters
    ----------
    frame
        The program in the making.
    known
        Whether the cases' numbers may be written into the program.
    """

    def __init__(self, frame: Frame, *, known: bool) -> None:
        self.frame, self.b = frame, frame.b
        self.known = known and frame.cases.inputs is not None

    def take(self, lanes: Lanes, total: Sums, some: Some) -> None:
        """Add what some cases give to the sums."""
        network = self.frame.network
        y: dict[str, Rows] = {}
        unit = 0
        for layer in network.inputs:
            y[layer.name] = [
                [self._given("inputs", some, c, unit + k) for c in range(some.size)]
                for k in range(layer.size)
            ]
            unit += layer.size
        for layer, sources, biases in network.upward:
            y[layer.name] = self._up(lanes, layer, sources, biases, y, some.size)
        dE_dx = self._at_outputs(y, total, some)
        for layer, sources, biases in reversed(network.upward):
            if layer.name not in dE_dx:
                blame = self._down(lanes, layer, dE_dx, some.size)
                dE_dx[layer.name] = self._through(layer, blame, y[layer.name])
            self._gather(sources, biases, y, dE_dx[layer.name], total)

    def _weight(self, lanes: Lanes, p: int) -> Value:
        return lanes.w[p] if lanes.w else self.frame.weight(p)

    def _given(self, name: str, some: Some, c: int, unit: int) -> Known:
        cases = self.frame.cases
        numbers = cases.inputs if name == "inputs" else cases.desired
        if self.known and numbers is not None and not some.terms:
            return float(numbers[some.first + c, unit])
        return self.frame.of_case(name, some, c, unit)

    def _up(
        self,
        lanes: Lanes,
        layer: Layer,
        sources: Sequence[tuple[str, int | None]],
        biases: int | None,
        y: Mapping[str, Rows],
        size: int,
    ) -> Rows:
        """Equations 1 and 2 for a layer."""
        b = self.b
        inputs: list[list[Value]] = []
        for j in range(layer.size):
            start = None if biases is None else self._weight(lanes, biases + j)
            x: list[Value | None] = [start] * size
            for source, weights in sources:
                sent = y[source]
                if weights is None:
                    one: Known = 1.0
                    x = [plus(b, x[c], one, sent[j][c]) for c in range(size)]
                    continue
                for i, values in enumerate(sent):
                    w = self._weight(lanes, weights + j * len(sent) + i)
                    x = [plus(b, x[c], w, values[c]) for c in range(size)]
            inputs.append([value(b, one) for one in x])
        return self._activated(layer, inputs)

    def _activated(self, layer: Layer, inputs: list[list[Value]]) -> Rows:
        b, precision = self.b, self.frame.precision
        if layer.activation != "softmax":
            function = ACTIVATED[layer.activation].function
            return [[function(b, x, precision) for x in row] for row in inputs]
        columns: Rows = []
        for x in zip(*inputs, strict=True):
            most = reduce(lambda a, one: larger(b, a, one), x)
            powers = [exponential(b, one, most, precision) for one in x]
            whole = reduce(b.add, powers)
            columns.append([b.div(power, whole) for power in powers])
        return [list(row) for row in zip(*columns, strict=True)]

    def _at_outputs(
        self, y: Mapping[str, Rows], total: Sums, some: Some
    ) -> dict[str, list[list[Value]]]:
        """Equations 3 and 4 and the criterion; dE/dx of the output layers."""
        frame = self.frame
        layers = frame.network.outputs
        blame: dict[str, list[list[Value]]] = {
            layer.name: [[] for _ in range(layer.size)] for layer in layers
        }
        in_one_step = dict.fromkeys(blame, False)
        for c in range(some.size):
            there, error = frame.there(some, c), self.b.const(0.0)
            right: tuple[Value, ...] = ()
            column = 0
            for layer in layers:
                d = [
                    self._given("desired", some, c, column + j)
                    for j in range(layer.size)
                ]
                column += layer.size
                whole = self._sum(d) if layer.activation == "softmax" else 1.0
                for j, wanted in enumerate(d):
                    output = y[layer.name][j][c]
                    error, off, in_one_step[layer.name] = frame.at_output(
                        layer, output, wanted, whole, error
                    )
                    blame[layer.name][j].append(frame.blamed(off, there))
                    if total.right is not None:
                        right = frame.judged(right, output, wanted)
            frame.count(total, error, right[0] if right else None, there)
        return {
            layer.name: blame[layer.name]
            if in_one_step[layer.name]
            else self._through(layer, blame[layer.name], y[layer.name])
            for layer in layers
        }

    def _sum(self, numbers: Sequence[Known]) -> Known:
        known = [number for number in numbers if isinstance(number, float)]
        if len(known) == len(numbers) and set(known) <= {0.0, 1.0}:
            return sum(known)
        return reduce(self.b.add, [value(self.b, number) for number in numbers])

    def _through(
        self, layer: Layer, blame: list[list[Value]], y: Rows
    ) -> list[list[Value]]:
        """Equation 5: from dE/dy to dE/dx."""
        b = self.b
        outputs = [[value(b, one) for one in row] for row in y]
        if layer.activation == "softmax":
            pairs = [b.const(0.0)] * len(blame[0])
            for row, own in zip(blame, outputs, strict=True):
                triples = zip(row, own, pairs, strict=True)
                pairs = [b.fma(one, o, shared) for one, o, shared in triples]
            return [
                [
                    b.mul(o, b.sub(one, shared))
                    for one, o, shared in zip(row, own, pairs, strict=True)
                ]
                for row, own in zip(blame, outputs, strict=True)
            ]
        slope = ACTIVATED[layer.activation].slope
        if slope is None:
            return blame
        return [
            [b.mul(one, slope(b, o)) for one, o in zip(row, own, strict=True)]
            for row, own in zip(blame, outputs, strict=True)
        ]

    def _down(
        self,
        lanes: Lanes,
        layer: Layer,
        dE_dx: Mapping[str, list[list[Value]]],
        size: int,
    ) -> list[list[Value]]:
        """Equation 7: what those that hear from a layer hand back to it."""
        b = self.b
        blame: list[list[Value]] = []
        for i in range(layer.size):
            sums: list[Value | None] = [None] * size
            for target, weights in self.frame.network.downward[layer.name]:
                above = dE_dx[target]
                if weights is None:
                    sums = [plus(b, sums[c], 1.0, above[i][c]) for c in range(size)]
                    continue
                for j, values in enumerate(above):
                    w = self._weight(lanes, weights + j * layer.size + i)
                    sums = [plus(b, sums[c], w, values[c]) for c in range(size)]
            blame.append([value(b, one) for one in sums])
        return blame

    def _gather(
        self,
        sources: Sequence[tuple[str, int | None]],
        biases: int | None,
        y: Mapping[str, Rows],
        dE_dx: list[list[Value]],
        total: Sums,
    ) -> None:
        """Equation 6: add these cases to the gradient of a layer's weights."""
        for j, blame in enumerate(dE_dx):
            for source, weights in sources:
                if weights is None:
                    continue
                sent = y[source]
                for i, values in enumerate(sent):
                    self._add(total, weights + j * len(sent) + i, blame, values)
            if biases is not None:
                ones: list[Known] = [1.0] * len(blame)
                self._add(total, biases + j, blame, ones)

    def _add(
        self, total: Sums, p: int, blame: Sequence[Value], sent: Sequence[Known]
    ) -> None:
        in_memory = not total.gradient
        g = self.frame.load("gradient", p) if in_memory else total.gradient[p]
        for dE_dx, y in zip(blame, sent, strict=True):
            g = plus(self.b, g, dE_dx, y)
        if not in_memory:
            total.gradient[p] = g
        elif g is not None:
            self.frame.store(g, "gradient", p)
