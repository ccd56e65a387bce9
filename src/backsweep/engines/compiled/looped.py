"""Cases up and down by loops over units: for networks of any size.

A few units and a few cases at a time stand in values, so that each weight and each
output that is read serves several products; the rest is in memory. Every sum runs
over the same numbers in the same order whatever the number of lanes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backsweep.engines.compiled.units import (
    ACTIVATED,
    Sums,
    exponential,
    larger,
    plus,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backsweep.engines.compiled.frame import Frame, Lanes, Some, Terms
    from backsweep.engines.compiled.ir import Value
    from backsweep.network import Layer

__all__ = ["CASES", "Looped", "parts"]

CASES = 6  # at most, that are taken together
UNITS = 4  # about, whose sums stand in registers at a time


def parts(size: int, most: int) -> int:
    """Give the largest divisor up to `most`, or `most` where that is under half.

    Examples
    --------
    >>> [parts(size, 4) for size in (1, 6, 12, 7, 24)]
    [1, 3, 4, 4, 4]
    """
    best = max(k for k in range(1, min(size, most) + 1) if size % k == 0)
    return best if 2 * best >= min(size, most) else min(size, most)


class Looped:
    """Takes some cases up and down together, layer by layer.

    Parameters
    ----------
    frame
        The program in the making.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame, self.b = frame, frame.b
        self.first: dict[str, int] = {}  # row of a layer's first unit
        self.column: dict[str, int] = {}  # of a layer's first unit in the cases
        row = 0
        for layer in frame.network.layers:
            self.first[layer.name] = row
            row += layer.size * CASES
        for layers in (frame.network.inputs, frame.network.outputs):
            column = 0
            for layer in layers:
                self.column[layer.name] = column
                column += layer.size
        self.inputs = {layer.name for layer in frame.network.inputs}
        frame.scratch("y", row)
        frame.scratch("dE_dx", row)

    def take(self, lanes: Lanes, total: Sums, some: Some) -> None:  # noqa: ARG002  # as Straight's
        """Add what some cases give to the sums; the gradient stands in memory."""
        network = self.frame.network
        for layer, sources, biases in network.upward:
            self._up(layer, sources, biases, some)
            if layer.activation == "softmax":
                self._share_out(layer, some)
        self._at_outputs(total, some)
        outputs = {layer.name for layer in network.outputs}
        for layer, sources, biases in reversed(network.upward):
            if layer.name not in outputs:
                self._down(layer, some)
            self._gather(layer, sources, biases, some)

    # -- loops over units, a few at a time -------------------------------------

    def _units(
        self,
        size: int,
        carried: Sequence[Value],
        body: Callable[[int, int, Terms, list[Value]], Sequence[Value]],
        most: int = UNITS,
    ) -> list[Value]:
        """Call body(first unit, how many, what loops add to it, carried)."""
        width = parts(size, most)
        count, rest = divmod(size, width)
        values = list(carried)
        if count == 1:
            values = list(body(0, width, (), values))
        else:
            values = self.b.loop(
                count,
                values,
                lambda k, own: (body(0, width, ((width, k),), own), None),
            )
        if rest:
            values = list(body(count * width, rest, (), values))
        return values

    def _y(self, layer: str, some: Some, c: int, unit: int, terms: Terms) -> Value:
        """Read the output of a unit in a case."""
        if layer in self.inputs:
            column = self.column[layer] + unit
            return self.frame.of_case("inputs", some, c, column, terms)
        return self._row("y", layer, c, unit, terms)

    def _row(self, name: str, layer: str, c: int, unit: int, terms: Terms) -> Value:
        return self.frame.load(name, *self._place(layer, c, unit, terms))

    def _keep(
        self, one: Value, name: str, layer: str, c: int, unit: int, terms: Terms
    ) -> None:
        self.frame.store(one, name, *self._place(layer, c, unit, terms))

    def _place(self, layer: str, c: int, unit: int, terms: Terms) -> tuple[int, Terms]:
        rows = _times(terms, CASES)
        return self.first[layer] + CASES * unit + c, rows

    # -- up ----------------------------------------------------------------

    def _up(
        self,
        layer: Layer,
        sources: Sequence[tuple[str, int | None]],
        biases: int | None,
        some: Some,
    ) -> None:
        """Equations 1 and 2 for a layer; of softmax units the total input only."""
        frame, b, size = self.frame, self.b, some.size
        sizes = {one.name: one.size for one in frame.network.layers}

        def body(first: int, width: int, terms: Terms, _: list[Value]) -> list[Value]:
            x: list[Value] = []
            for j in range(width):
                start = (
                    b.const(0.0)
                    if biases is None
                    else frame.weight(biases + first + j, terms)
                )
                x += [start] * size
            for source, weights in sources:
                if weights is None:
                    x = [
                        b.add(
                            x[j * size + c], self._y(source, some, c, first + j, terms)
                        )
                        for j in range(width)
                        for c in range(size)
                    ]
                    continue
                n_from = sizes[source]
                start_row = weights + first * n_from
                rows = _times(terms, n_from)

                def add(
                    i: Value,
                    own: list[Value],
                    source: str = source,
                    n_from: int = n_from,
                    start_row: int = start_row,
                    rows: Terms = rows,
                ) -> tuple[list[Value], None]:
                    y = [self._y(source, some, c, 0, ((1, i),)) for c in range(size)]
                    sums = []
                    for j in range(width):
                        w = frame.weight(start_row + j * n_from, (*rows, (1, i)))
                        sums += [b.fma(w, y[c], own[j * size + c]) for c in range(size)]
                    return sums, None

                x = b.loop(n_from, x, add)
            for j in range(width):
                for c in range(size):
                    y = x[j * size + c]
                    if layer.activation != "softmax":
                        function = ACTIVATED[layer.activation].function
                        y = function(b, y, frame.precision)
                    self._keep(y, "y", layer.name, c, first + j, terms)
            return []

        self._units(layer.size, [], body)

    def _share_out(self, layer: Layer, some: Some) -> None:
        """From total inputs to the outputs of a softmax layer."""
        b, name, precision = self.b, layer.name, self.frame.precision
        for c in range(some.size):

            def read(k: Value, c: int = c) -> Value:
                return self._row("y", name, c, 0, ((1, k),))

            most = b.loop(
                layer.size,
                [self._row("y", name, c, 0, ())],
                lambda k, own, read=read: ([larger(b, own[0], read(k))], None),  # type: ignore[misc]  # bound at once
            )[0]

            def power(
                k: Value,
                own: list[Value],
                c: int = c,
                most: Value = most,
                read: Callable[[Value], Value] = read,
            ) -> tuple[list[Value], None]:
                y = exponential(b, read(k), most, precision)
                self._keep(y, "y", name, c, 0, ((1, k),))
                return [b.add(own[0], y)], None

            whole = b.loop(layer.size, [b.const(0.0)], power)[0]

            def share(
                k: Value,
                _: list[Value],
                c: int = c,
                whole: Value = whole,
                read: Callable[[Value], Value] = read,
            ) -> tuple[list[Value], None]:
                self._keep(b.div(read(k), whole), "y", name, c, 0, ((1, k),))
                return [], None

            b.loop(layer.size, [], share)

    # -- at the outputs ------------------------------------------------------

    def _at_outputs(self, total: Sums, some: Some) -> None:
        """Equations 3 to 5 and the criterion; dE/dx of the output layers."""
        frame, size = self.frame, some.size
        rights: list[tuple[Value, ...]] = [()] * size
        errors = [self.b.const(0.0)] * size
        there = [frame.there(some, c) for c in range(size)]
        for layer in frame.network.outputs:
            column = self.column[layer.name]
            whole = [
                self._whole(layer, some, c) if layer.activation == "softmax" else None
                for c in range(size)
            ]
            if total.right is not None and not rights[0]:
                # The first output begins the verdict on its case, outside the loop.
                rights = [
                    frame.judged(
                        (),
                        self._row("y", layer.name, c, 0, ()),
                        frame.of_case("desired", some, c, column),
                    )
                    for c in range(size)
                ]
            n_right = len(rights[0])
            shortcut = False

            def body(
                first: int,
                width: int,
                terms: Terms,
                own: list[Value],
                layer: Layer = layer,
                column: int = column,
                whole: Sequence[Value | None] = whole,
                n_right: int = n_right,
            ) -> list[Value]:
                nonlocal shortcut
                errors, verdicts = own[:size], own[size:]
                for j in range(width):
                    for c in range(size):
                        y = self._row("y", layer.name, c, first + j, terms)
                        d = frame.of_case("desired", some, c, column + first + j, terms)
                        errors[c], blame, shortcut = frame.at_output(
                            layer, y, d, whole[c] or 1.0, errors[c]
                        )
                        blame = frame.blamed(blame, there[c])
                        slice_ = slice(c * n_right, (c + 1) * n_right)
                        if n_right:
                            verdicts[slice_] = frame.judged(
                                tuple(verdicts[slice_]), y, d
                            )
                        if not shortcut:
                            blame = self._through(layer, blame, y)
                        self._keep(blame, "dE_dx", layer.name, c, first + j, terms)
                return [*errors, *verdicts]

            flat = [one for right in rights for one in right]
            ends = self._units(layer.size, [*errors, *flat], body)
            errors = ends[:size]
            rights = [
                tuple(ends[size + c * n_right : size + (c + 1) * n_right])
                for c in range(size)
            ]
            if layer.activation == "softmax" and not shortcut:
                self._through_shared(layer, some)
        for c, right in enumerate(rights):
            frame.count(total, errors[c], right[0] if right else None, there[c])

    def _whole(self, layer: Layer, some: Some, c: int) -> Value:
        """Sum a layer's desired outputs."""
        b, column = self.b, self.column[layer.name]
        return b.loop(
            layer.size,
            [b.const(0.0)],
            lambda k, own: (
                [
                    b.add(
                        own[0],
                        self.frame.of_case("desired", some, c, column, ((1, k),)),
                    )
                ],
                None,
            ),
        )[0]

    def _through(self, layer: Layer, blame: Value, y: Value) -> Value:
        """Equation 5; a softmax layer comes later, as a whole."""
        if layer.activation == "softmax":
            return blame
        slope = ACTIVATED[layer.activation].slope
        return blame if slope is None else self.b.mul(blame, slope(self.b, y))

    def _through_shared(self, layer: Layer, some: Some) -> None:
        """Equation 5 for a softmax layer, whose dE/dy stand where dE/dx shall."""
        b, name = self.b, layer.name
        for c in range(some.size):

            def read(what: str, k: Value, c: int = c) -> Value:
                return self._row(what, name, c, 0, ((1, k),))

            def add(
                k: Value,
                own: list[Value],
                read: Callable[[str, Value], Value] = read,
            ) -> tuple[list[Value], None]:
                return [b.fma(read("dE_dx", k), read("y", k), own[0])], None

            shared = b.loop(layer.size, [b.const(0.0)], add)[0]

            def change(
                k: Value,
                _: list[Value],
                c: int = c,
                shared: Value = shared,
                read: Callable[[str, Value], Value] = read,
            ) -> tuple[list[Value], None]:
                dE_dx = b.mul(read("y", k), b.sub(read("dE_dx", k), shared))
                self._keep(dE_dx, "dE_dx", name, c, 0, ((1, k),))
                return [], None

            b.loop(layer.size, [], change)

    # -- down ------------------------------------------------------------------

    def _down(self, layer: Layer, some: Some) -> None:
        """Equations 7 and 5 for a layer that others hear from."""
        frame, b, size = self.frame, self.b, some.size
        sizes = {one.name: one.size for one in frame.network.layers}

        def body(first: int, width: int, terms: Terms, _: list[Value]) -> list[Value]:
            sums = [b.const(0.0)] * (width * size)
            for target, weights in frame.network.downward[layer.name]:
                if weights is None:
                    sums = [
                        b.add(
                            sums[i * size + c],
                            self._row("dE_dx", target, c, first + i, terms),
                        )
                        for i in range(width)
                        for c in range(size)
                    ]
                    continue
                start_row = weights + first

                def add(
                    j: Value,
                    own: list[Value],
                    target: str = target,
                    start_row: int = start_row,
                ) -> tuple[list[Value], None]:
                    above = [
                        self._row("dE_dx", target, c, 0, ((1, j),)) for c in range(size)
                    ]
                    more = []
                    for i in range(width):
                        w = frame.weight(start_row + i, (*terms, (layer.size, j)))
                        more += [
                            b.fma(w, above[c], own[i * size + c]) for c in range(size)
                        ]
                    return more, None

                sums = b.loop(sizes[target], sums, add)
            for i in range(width):
                for c in range(size):
                    y = self._row("y", layer.name, c, first + i, terms)
                    dE_dx = self._through(layer, sums[i * size + c], y)
                    self._keep(dE_dx, "dE_dx", layer.name, c, first + i, terms)
            return []

        self._units(layer.size, [], body)
        if layer.activation == "softmax":
            self._through_shared(layer, some)

    def _gather(
        self,
        layer: Layer,
        sources: Sequence[tuple[str, int | None]],
        biases: int | None,
        some: Some,
    ) -> None:
        """Equation 6: add these cases to the gradient, which stands in memory."""
        frame, b, size = self.frame, self.b, some.size
        sizes = {one.name: one.size for one in frame.network.layers}

        def body(first: int, width: int, terms: Terms, _: list[Value]) -> list[Value]:
            blame = [
                [
                    self._row("dE_dx", layer.name, c, first + j, terms)
                    for c in range(size)
                ]
                for j in range(width)
            ]
            for source, weights in sources:
                if weights is None:
                    continue
                n_from = sizes[source]
                start_row = weights + first * n_from
                rows = _times(terms, n_from)

                def add(
                    i: Value,
                    _: list[Value],
                    source: str = source,
                    n_from: int = n_from,
                    start_row: int = start_row,
                    rows: Terms = rows,
                ) -> tuple[list[Value], None]:
                    y = [self._y(source, some, c, 0, ((1, i),)) for c in range(size)]
                    for j in range(width):
                        place = start_row + j * n_from, (*rows, (1, i))
                        g = frame.load("gradient", *place)
                        for c in range(size):
                            g = b.fma(blame[j][c], y[c], g)
                        frame.store(g, "gradient", *place)
                    return [], None

                b.loop(n_from, [], add)
            if biases is not None:
                for j in range(width):
                    g = frame.load("gradient", biases + first + j, terms)
                    for c in range(size):
                        g = plus(b, g, 1.0, blame[j][c]) or g
                    frame.store(g, "gradient", biases + first + j, terms)
            return []

        self._units(layer.size, [], body)


def _times(terms: Terms, factor: int) -> Terms:
    return tuple((factor * stride, index) for stride, index in terms)
