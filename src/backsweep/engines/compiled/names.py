"""Names: what the rows of a program's buffers hold, in the words of the network."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled.frame import MARKS, settings_rows
from backsweep.engines.compiled.looped import CASES
from backsweep.procedure import Procedure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backsweep.engines.compiled.ir import Place, Value
    from backsweep.network import Block, Layer, Network

__all__ = ["RowNames"]

PARAMETERS: Final = MappingProxyType(
    {
        "w": "w",
        "v": "change",
        "gradient": "dE/dw",
        "four": "dE/dw of four shares",
        "total": "dE/dw of all shares",
    }
)
MARKED: Final = MappingProxyType(
    {
        "running": "running",
        "unlearned": "not learned",
        "learned": "sweep of learning",
        "diverged": "sweep of divergence",
    }
)
SET: Final = MappingProxyType({"keep": "(1 - decay)", "zone": "zone of no error"})
USUAL: Final = Procedure()


class RowNames:
    """Names the places of the program that was made for a network.

    Parameters
    ----------
    network
        The network.
    cases
        Names of the cases, where all runs share them; else they are numbered.
    procedure
        With which it was made.
    """

    def __init__(
        self,
        network: Network,
        cases: Sequence[str] = (),
        procedure: Procedure = USUAL,
    ) -> None:
        self.network, self.cases = network, cases
        self.rows = {
            "marks": [MARKED[mark] for mark in MARKS],
            "settings": [SET.get(name, name) for name in settings_rows(procedure)],
        }

    def __call__(self, place: Place, counts: Mapping[int, int | str]) -> str | None:
        """Name what stands at a place; None where that is not known.

        Parameters
        ----------
        place
            Where.
        counts
            How often each loop around it repeats, by the number of its index.
        """
        if place.buffer == "errors":
            return "E of this sweep"
        if any(isinstance(counts[value.number], str) for _, value in place.terms):
            return None  # nobody knows how far it goes
        if place.buffer in PARAMETERS:
            return f"{PARAMETERS[place.buffer]}[{self._parameter(place, counts)}]"
        if place.buffer in self.rows and not place.terms:
            return self.rows[place.buffer][place.offset]
        if place.buffer == "inputs":
            return f"y[{self._given(place, self.network.inputs, self.network.n_in)}]"
        if place.buffer == "desired":
            return f"d[{self._given(place, self.network.outputs, self.network.n_out)}]"
        if place.buffer in {"y", "dE_dx"}:
            return self._of_unit(place)
        return None

    def _parameter(self, place: Place, counts: Mapping[int, int | str]) -> str:
        """Name a weight as `hidden 2 <- input 3`, a bias as `hidden 2 <- bias`."""
        block = next(
            block
            for block in self.network.blocks
            if block.start <= place.offset < block.stop
        )
        reach = place.offset + sum(
            stride * (int(counts[value.number]) - 1) for stride, value in place.terms
        )
        width = block.shape[-1] if len(block.shape) == 2 else 1
        over = [(s, v) for s, v in place.terms if s % width]
        column = (place.offset - block.start) % width
        last = column + sum(s * (int(counts[v.number]) - 1) for s, v in over)
        if reach >= block.stop or last >= width:
            return self._all_of(block, place, reach)
        down = [(s // width, v) for s, v in place.terms if not s % width]
        row = (place.offset - block.start) // width
        to = _unit(self.network[block.layer], row, down)
        if block.source is None:
            return f"{to} <- bias"
        return f"{to} <- {_unit(self.network[block.source], column, over)}"

    def _all_of(self, block: Block, place: Place, reach: int) -> str:
        """Name a place that wanders over a block, or over all of them."""
        if reach >= block.stop:
            return f"number {_sum(place.offset + 1, place.terms)}"
        number = f"number {_sum(place.offset - block.start + 1, place.terms)}"
        source = "bias" if block.source is None else block.source
        return f"{block.layer} <- {source}, {number}"

    def _given(self, place: Place, layers: Sequence[Layer], width: int) -> str:
        case, unit = divmod(place.offset, width)
        cases = [(s // width, v) for s, v in place.terms if not s % width]
        units = [(s, v) for s, v in place.terms if s % width]
        shown = self.cases[case] if self.cases and not cases else _sum(case + 1, cases)
        return f"{self._in(layers, unit, units)}, case {shown}"

    def _in(
        self, layers: Sequence[Layer], unit: int, terms: Sequence[tuple[int, Value]]
    ) -> str:
        for layer in layers:
            if unit < layer.size:
                return _unit(layer, unit, terms)
            unit -= layer.size
        raise AssertionError("a row must belong to a unit")

    def _of_unit(self, place: Place) -> str:
        """Name a unit's output or blame in one of the cases that are taken together."""
        unit, case = divmod(place.offset, CASES)
        terms = [(stride // CASES, value) for stride, value in place.terms]
        what = {"y": "y", "dE_dx": "dE/dx"}[place.buffer]
        return f"{what}[{self._in(self.network.layers, unit, terms)}, case {case + 1}]"


def _unit(layer: Layer, number: int, terms: Sequence[tuple[int, Value]]) -> str:
    if terms:
        return f"{layer.name} {_sum(number + 1, terms)}"
    return f"{layer.name} {layer.unit_names[number]}"


def _sum(first: int, terms: Sequence[tuple[int, Value]]) -> str:
    return " + ".join(
        [
            str(first),
            *(f"v{v.number}" if s == 1 else f"{s} v{v.number}" for s, v in terms),
        ]
    )
