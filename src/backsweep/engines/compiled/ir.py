"""The lane program: a closed set of operations on typed values, loops and all.

A value is uniform (the same in every lane) or varying (one a lane), and a real, a
mask or an index. What each operation means stands in `interpret`, what is legal in
`verify`, how it becomes machine code in `emit`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = [
    "WHOLE",
    "Body",
    "Buffer",
    "Builder",
    "Instruction",
    "Kind",
    "Op",
    "Part",
    "Place",
    "Precision",
    "Program",
    "Type",
    "Value",
]

Precision: TypeAlias = Literal["f32", "f64"]
Kind: TypeAlias = Literal["shared", "lanes", "common", "scratch", "log"]


class Op(Enum):
    """All operations there are."""

    CONST = auto()  # a number, in every lane
    SPLAT = auto()  # a uniform real, to every lane
    LOAD = auto()  # from a place in a buffer
    STORE = auto()  # to a place in a buffer
    ADD = auto()
    SUB = auto()
    MUL = auto()
    DIV = auto()
    FMA = auto()  # a b + c, rounded once
    NEG = auto()
    ABS = auto()
    POWER = auto()  # 2 to the power of n, given n + WHOLE, n a whole number
    EXPONENT = auto()  # of a normal number above 0, the e of m 2^e
    FRACTION = auto()  # of a normal number above 0, the m of m 2^e: from 1 to below 2
    LESS = auto()
    EQUAL = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    SELECT = auto()  # by a mask: b where it holds, else c
    ANY = auto()  # whether a mask holds in any lane: uniform
    TOTALS = auto()  # of as many values as lanes: in lane k, the k-th summed over lanes
    REAL = auto()  # an index as a number in every lane
    DRAW = auto()  # Threefry's first word for two words of key and two of counter
    LOOP = auto()  # a body, so many times, with carried values


# So large that a number added to it is rounded to a whole one, halves to the even one,
# which the last bits then hold, added to the bias of exponents.
WHOLE: Final[Mapping[Precision, float]] = MappingProxyType(
    {"f32": 1.5 * 2**23 + 127, "f64": 1.5 * 2**52 + 1023}
)


class Type(NamedTuple):
    """What a value is: in which lanes, and of which kind."""

    lanes: Literal["uniform", "varying"]
    kind: Literal["real", "mask", "index"]


REAL = Type("varying", "real")
MASK = Type("varying", "mask")
ONE_REAL = Type("uniform", "real")
ONE_MASK = Type("uniform", "mask")
INDEX = Type("uniform", "index")


class Value(NamedTuple):
    """The result of an instruction, or a parameter of a body."""

    number: int
    type: Type


class Place(NamedTuple):
    """A row of a buffer: offset + the sum of stride times index.

    Where a uniform number is read from rows of one number a lane, the place is that
    of the number, rows behind one another.
    """

    buffer: str
    offset: int
    terms: tuple[tuple[int, Value], ...] = ()


class Buffer(NamedTuple):
    """Memory that a program is given.

    Parameters
    ----------
    name
        What places call it.
    kind
        "shared": rows of one number, the same for all lanes. "lanes": rows of one
        number a lane, its own for each block of lanes. "common": rows of one number
        a lane, the same for all blocks. "scratch": rows of one number a lane, of no
        meaning between blocks. "log": a row a sweep, one number for each lane of
        every block.
    rows
        How many; of a log, as many as the call has sweeps (0 here).
    written
        Whether the program stores to it.
    """

    name: str
    kind: Kind
    rows: int
    written: bool = False


class Part(NamedTuple):
    """Instructions that serve one end, for who reads a listing.

    Parameters
    ----------
    number
        Tells two parts of one title apart.
    title
        What they do, in words.
    """

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a loop repeats: parameters are the index and the carried values."""

    index: Value
    carried: tuple[Value, ...]
    instructions: tuple[Instruction, ...]
    yields: tuple[Value, ...]
    on: Value | None  # go on after this pass? Uniform; None to go on to the end


@dataclass(frozen=True, slots=True)
class Instruction:
    """One operation, its operands and what it gives."""

    op: Op
    operands: tuple[Value, ...] = ()
    results: tuple[Value, ...] = ()
    number: float = 0.0  # of a CONST
    place: Place | None = None  # of a LOAD or STORE
    count: int | str = 0  # passes of a LOOP: a number, or the name of an argument
    body: Body | None = None
    part: Part | None = field(default=None, compare=False)  # changes no number


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What one block of lanes does in a call.

    Parameters
    ----------
    precision
        Of every number.
    buffers
        What it is given.
    instructions
        What it does.
    lanes
        How many there must be, where lanes are summed; None where any number will do.
    """

    precision: Precision
    buffers: tuple[Buffer, ...]
    instructions: tuple[Instruction, ...]
    lanes: int | None = None

    def __iter__(self) -> Iterator[Instruction]:
        """Give every instruction, those of bodies behind their loop."""
        yield from _within(self.instructions)


def _within(instructions: Sequence[Instruction]) -> Iterator[Instruction]:
    for instruction in instructions:
        yield instruction
        if instruction.body is not None:
            yield from _within(instruction.body.instructions)


@dataclass(slots=True)
class Builder:
    """Writes instructions down one after another, and hands out their values."""

    _blocks: list[list[Instruction]] = field(default_factory=lambda: [[]])
    _count: int = 0
    _constants: list[dict[str, Value]] = field(default_factory=lambda: [{}])
    _part: Part | None = None
    _parts: int = 0

    @contextmanager
    def part(self, title: str) -> Iterator[None]:
        """Say what the instructions are for that are written in this block.

        Of parts in parts, the outermost counts.
        """
        if self._part is not None:
            yield
            return
        self._parts += 1
        self._part = Part(self._parts, title)
        try:
            yield
        finally:
            self._part = None

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """What has been written outside of loops."""
        return tuple(self._blocks[0])

    def _value(self, kind: Type) -> Value:
        self._count += 1
        return Value(self._count, kind)

    def _write(self, op: Op, kind: Type, *operands: Value) -> Value:
        result = self._value(kind)
        self._blocks[-1].append(Instruction(op, operands, (result,), part=self._part))
        return result

    def const(self, number: float) -> Value:
        """Give a number in every lane."""
        key = repr(number)  # -0.0 is another constant than 0.0
        known = self._constants[-1].get(key)
        if known is not None:
            return known
        result = self._value(REAL)
        self._blocks[-1].append(
            Instruction(Op.CONST, (), (result,), number=number, part=self._part)
        )
        self._constants[-1][key] = result
        return result

    def load(
        self,
        buffer: Buffer,
        offset: int,
        terms: tuple[tuple[int, Value], ...] = (),
    ) -> Value:
        """Read a row; of a shared buffer, the number for every lane."""
        shared = buffer.kind == "shared"
        result = self._value(ONE_REAL if shared else REAL)
        place = Place(buffer.name, offset, terms)
        self._blocks[-1].append(
            Instruction(Op.LOAD, (), (result,), place=place, part=self._part)
        )
        return self._write(Op.SPLAT, REAL, result) if shared else result

    def each(
        self,
        buffer: Buffer,
        offset: int,
        terms: tuple[tuple[int, Value], ...] = (),
    ) -> Value:
        """Read one number of rows, for every lane."""
        result = self._value(ONE_REAL)
        place = Place(buffer.name, offset, terms)
        self._blocks[-1].append(Instruction(Op.LOAD, (), (result,), place=place))
        return self._write(Op.SPLAT, REAL, result)

    def store(
        self,
        value: Value,
        buffer: Buffer,
        offset: int,
        terms: tuple[tuple[int, Value], ...] = (),
    ) -> None:
        """Write a row."""
        place = Place(buffer.name, offset, terms)
        self._blocks[-1].append(
            Instruction(Op.STORE, (value,), (), place=place, part=self._part)
        )

    def add(self, a: Value, b: Value) -> Value:
        """Give a + b."""
        return self._write(Op.ADD, a.type, a, b)

    def sub(self, a: Value, b: Value) -> Value:
        """Give a - b."""
        return self._write(Op.SUB, a.type, a, b)

    def mul(self, a: Value, b: Value) -> Value:
        """Give a b."""
        return self._write(Op.MUL, a.type, a, b)

    def div(self, a: Value, b: Value) -> Value:
        """Give a / b."""
        return self._write(Op.DIV, a.type, a, b)

    def fma(self, a: Value, b: Value, c: Value) -> Value:
        """Give a b + c, rounded once."""
        return self._write(Op.FMA, a.type, a, b, c)

    def neg(self, a: Value) -> Value:
        """Give -a."""
        return self._write(Op.NEG, a.type, a)

    def abs(self, a: Value) -> Value:
        """Give a without its sign."""
        return self._write(Op.ABS, a.type, a)

    def power(self, a: Value) -> Value:
        """Give 2 to the power of n, a being n + `WHOLE`."""
        return self._write(Op.POWER, a.type, a)

    def exponent(self, a: Value) -> Value:
        """Give e where a = m 2^e, m from 1 to below 2."""
        return self._write(Op.EXPONENT, a.type, a)

    def fraction(self, a: Value) -> Value:
        """Give m where a = m 2^e, m from 1 to below 2."""
        return self._write(Op.FRACTION, a.type, a)

    def less(self, a: Value, b: Value) -> Value:
        """Tell where a is under b."""
        return self._write(Op.LESS, Type(a.type.lanes, "mask"), a, b)

    def equal(self, a: Value, b: Value) -> Value:
        """Tell where a is b."""
        return self._write(Op.EQUAL, Type(a.type.lanes, "mask"), a, b)

    def both(self, a: Value, b: Value) -> Value:
        """Tell where both hold."""
        return self._write(Op.AND, a.type, a, b)

    def either(self, a: Value, b: Value) -> Value:
        """Tell where one holds."""
        return self._write(Op.OR, a.type, a, b)

    def negate(self, a: Value) -> Value:
        """Tell where a mask does not hold."""
        return self._write(Op.NOT, a.type, a)

    def select(self, mask: Value, a: Value, b: Value) -> Value:
        """Give a where the mask holds, else b."""
        return self._write(Op.SELECT, a.type, mask, a, b)

    def any(self, mask: Value) -> Value:
        """Tell whether a mask holds in any lane."""
        return self._write(Op.ANY, ONE_MASK, mask)

    def totals(self, values: Sequence[Value]) -> Value:
        """Sum each value over its lanes: the k-th sum in lane k.

        Lanes are summed four by four in order, then these sums in order.
        """
        return self._write(Op.TOTALS, REAL, *values)

    def real(self, index: Value) -> Value:
        """Give an index as a number in every lane."""
        return self._write(Op.REAL, REAL, index)

    def draw(self, *words: Value) -> Value:
        """Give a random word for two words of key and two of counter, as numbers."""
        return self._write(Op.DRAW, REAL, *words)

    def loop(
        self,
        count: int | str,
        carried: Sequence[Value],
        body: Callable[[Value, list[Value]], tuple[Sequence[Value], Value | None]],
    ) -> list[Value]:
        """Repeat a body that takes (index, carried) and gives (carried, go on?)."""
        index = self._value(INDEX)
        inside = [self._value(value.type) for value in carried]
        self._blocks.append([])
        # A constant made outside is at hand inside, not the other way round.
        self._constants.append(dict(self._constants[-1]))
        yields, on = body(index, list(inside))
        written = self._blocks.pop()
        self._constants.pop()
        whole = Body(index, tuple(inside), tuple(written), tuple(yields), on)
        results = tuple(self._value(value.type) for value in carried)
        self._blocks[-1].append(
            Instruction(Op.LOOP, tuple(carried), results, count=count, body=whole)
        )
        return list(results)
