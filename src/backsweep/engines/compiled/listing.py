"""Listing: a lane program written down, for reading, with names where they are known.

A line is an instruction; what stands behind a semicolon is said in the words of the
network. Names are those of `names`: without them the listing is bare.
"""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from backsweep.engines.compiled.ir import Op

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from backsweep.engines.compiled.ir import (
        Body,
        Buffer,
        Instruction,
        Part,
        Place,
        Program,
        Value,
    )

    # From a place, and how often each loop index around it counts, to what is there.
    Namer: TypeAlias = Callable[[Place, Mapping[int, int | str]], str | None]

__all__ = ["a_sweep", "listing"]

COLUMN: Final = 45  # where remarks begin

HELD: Final = MappingProxyType(
    {
        "shared": "one number for all lanes",
        "lanes": "a number for each lane",
        "scratch": "a number for each lane, forgotten after the call",
        "log": "a number for each lane",
    }
)

# How a remark writes an operation whose operands have names.
FORMULAS: Final = MappingProxyType(
    {
        Op.ADD: "{} + {}",
        Op.SUB: "{} - {}",
        Op.MUL: "{} * {}",
        Op.DIV: "{} / {}",
        Op.FMA: "{} * {} + {}",
        Op.NEG: "-{}",
        Op.LESS: "{} < {}",
    }
)


def a_sweep(program: Program) -> Counter[Op]:
    """Count the operations that a sweep of all cases takes, loops multiplied out.

    What is done once a call, outside the loop over sweeps, is not counted.
    """
    counts: Counter[Op] = Counter()
    for one in program.instructions:
        if one.body is not None and isinstance(one.count, str):
            _count_into(counts, one.body.instructions, 1)
    return counts


def _count_into(
    counts: Counter[Op], instructions: Iterable[Instruction], times: int
) -> None:
    for one in instructions:
        if one.body is None:
            counts[one.op] += times
        elif isinstance(one.count, int):
            _count_into(counts, one.body.instructions, times * one.count)


def listing(program: Program, name: Namer = lambda _place, _counts: None) -> str:
    """Write a program down, one line an instruction: what `show --ir` prints.

    Parameters
    ----------
    program
        The program.
    name
        What stands at a place of a buffer, for remarks.
    """
    writer = _Writer(name)
    writer.lines += [_declared(buffer) for buffer in program.buffers]
    writer.write(program.instructions, "")
    return "\n".join(writer.lines)


def _declared(buffer: Buffer) -> str:
    rows = "a row a sweep" if buffer.kind == "log" else f"{buffer.rows} rows"
    return _remarked(f"buffer {buffer.name}: {rows}", HELD[buffer.kind])


def _remarked(line: str, remark: str | None) -> str:
    return f"{line:<{COLUMN}} ; {remark}" if remark else line


def _all(values: Sequence[Value]) -> str:
    """Name values, the first and the last of many in a row."""
    numbers = [value.number for value in values]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"v{numbers[0]} to v{numbers[-1]}"
    return ", ".join(f"v{number}" for number in numbers)


class _Writer:
    def __init__(self, name: Namer) -> None:
        self.name = name
        self.lines: list[str] = []
        self.names: dict[int, str] = {}  # of values
        self.constants: dict[int, float] = {}
        self.held: set[int] = set()  # named values that live through the sweeps
        self.becomes: dict[int, str] = {}  # of values that a loop carries on
        self.counts: dict[int, int | str] = {}  # of the indices of loops around

    def write(self, instructions: Sequence[Instruction], margin: str) -> None:
        """Write instructions; those of a part under its title."""
        part: Part | None = None
        for one in instructions:
            if one.part != part and one.part is not None:
                self.lines.append(f"{margin}; {one.part.title}")
            part = one.part
            inner = margin if part is None else margin + "  "
            if one.body is None:
                self._one(one, inner)
            else:
                self._loop(one, one.body, margin)

    def _one(self, one: Instruction, margin: str) -> None:
        given = "".join(f"v{value.number} = " for value in one.results)
        words = [f"v{value.number}" for value in one.operands]
        if one.op is Op.CONST:
            words.append(repr(one.number))
        if one.place is not None:
            words.append(_written(one.place))
        line = f"{margin}{given}{one.op.name.lower()} {', '.join(words)}"
        self.lines.append(_remarked(line, self._remark(one)))

    def _remark(self, one: Instruction) -> str | None:
        """Say in names what an instruction does, and name its result if it has one."""
        said = self._named_place(one)
        result = one.results[0].number if one.results else 0
        if one.op is Op.CONST:
            self.constants[result] = one.number
        elif one.op is Op.LOAD and said:
            self.names[result] = said
        elif one.op is Op.SPLAT:
            self._pass_on(one.operands[0], result)
        elif one.op is Op.LESS and self.constants.get(one.operands[0].number) == 0:
            self._pass_on(one.operands[1], result)  # a mark that is above nought
        known = [value.number in self.names for value in one.operands]
        if one.op in FORMULAS and any(known) and one.part is None:
            said = FORMULAS[one.op].format(*map(self._called, one.operands))
            # A product of names is short enough to be a name itself.
            if one.op in {Op.NEG, Op.MUL} and all(known):
                self.names[result] = said
        carried = self.becomes.get(result)
        if carried:
            return f"new {carried}" + (f" = {said}" if said else "")
        return said

    def _called(self, value: Value) -> str:
        if value.number in self.constants:
            return repr(self.constants[value.number])
        return self.names.get(value.number, f"v{value.number}")

    def _pass_on(self, value: Value, result: int) -> None:
        if value.number in self.names:
            self.names[result] = self.names[value.number]

    def _named_place(self, one: Instruction) -> str | None:
        return None if one.place is None else self.name(one.place, self.counts)

    def _loop(self, one: Instruction, body: Body, margin: str) -> None:
        inner, index = margin + "  ", body.index.number
        self.lines.append(f"{margin}loop {one.count} times, v{index} counts from 0")
        self.counts[index] = one.count
        for value, start, then in zip(
            body.carried, one.operands, body.yields, strict=True
        ):
            line = f"{inner}v{value.number} = v{start.number}, then v{then.number}"
            self.lines.append(_remarked(line, self._carried(one, start, value, then)))
        self.write(body.instructions, inner)
        if body.on is not None:
            self.lines.append(f"{inner}go on while v{body.on.number}")
        ending = f"{margin}end" + (
            f", giving {_all(one.results)}" if one.results else ""
        )
        self.lines.append(ending)
        for result, value in zip(one.results, body.carried, strict=True):
            self._pass_on(value, result.number)

    def _carried(
        self, loop: Instruction, start: Value, value: Value, then: Value
    ) -> str | None:
        """Name what a loop carries, if it is the same thing from turn to turn."""
        named = self.names.get(start.number)
        if named is None:
            return None
        if isinstance(loop.count, int) and start.number not in self.held:
            return f"a sum that begins with {named}"
        self.held.add(value.number)
        self.names[value.number] = named
        if then != value:
            self.becomes[then.number] = named
        return named


def _written(place: Place) -> str:
    terms = [
        f"v{value.number}" if stride == 1 else f"{stride} v{value.number}"
        for stride, value in place.terms
    ]
    offset = [str(place.offset)] if place.offset or not terms else []
    return f"{place.buffer}[{' + '.join([*offset, *terms])}]"
