"""From lane program to LLVM: a table from operation to instruction, as text.

The number of lanes is a parameter here and nowhere before. Floating point is strict:
no flag lets LLVM change a result, so that every width gives the same bits.
"""

from __future__ import annotations

import struct
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled.ir import ONE_REAL, Op
from backsweep.engines.compiled.shares import FOUR
from backsweep.threefry import PARITY, ROTATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backsweep.engines.compiled.ir import (
        Buffer,
        Instruction,
        Place,
        Precision,
        Program,
        Type,
        Value,
    )

__all__ = ["ALIGNMENT", "SIZES", "alignment", "emit"]

ALIGNMENT: Final = 64  # bytes at most: a line of the cache
SIZES: Final = MappingProxyType({"f32": 4, "f64": 8})

# Real, whole number of its size, bits of the fraction, bias of the exponent.
_FORMATS: Final = MappingProxyType(
    {"f32": ("float", "i32", 23, 127), "f64": ("double", "i64", 52, 1023)}
)


def alignment(precision: Precision, lanes: int) -> int:
    """Tell at multiples of how many bytes the rows of a buffer must begin."""
    return min(ALIGNMENT, lanes * SIZES[precision])


def _literal(number: float, precision: str) -> str:
    """Write a number bit by bit; LLVM writes floats as doubles of their value."""
    if precision == "f32":
        number = struct.unpack("<f", struct.pack("<f", number))[0]
    return f"0x{struct.unpack('<Q', struct.pack('<d', number))[0]:016X}"


class _Text:
    """What the table of operations writes with."""

    def __init__(self, program: Program, lanes: int) -> None:
        self.program, self.lanes = program, lanes
        self.scalar, self.whole, self.fraction, self.bias = _FORMATS[program.precision]
        self.real = f"<{lanes} x {self.scalar}>"
        self.wholes = f"<{lanes} x {self.whole}>"
        self.mask = f"<{lanes} x i1>"
        self.suffix = f"v{lanes}{program.precision}"
        self.kinds = {buffer.name: buffer.kind for buffer in program.buffers}
        self.lines: list[str] = []
        self.label = "entry"
        self._count = 0
        self.size = SIZES[program.precision]
        self.align = alignment(program.precision, lanes)

    def fresh(self) -> str:
        self._count += 1
        return f"%t{self._count}"

    def put(self, line: str) -> None:
        self.lines.append("  " + line)

    def begin(self, label: str) -> None:
        self.lines.append(f"{label}:")
        self.label = label

    def type(self, kind: Type) -> str:
        if kind.lanes == "varying":
            return self.real if kind.kind == "real" else self.mask
        return {"real": self.scalar, "mask": "i1", "index": "i64"}[kind.kind]

    def every(self, number: float) -> str:
        return f"splat ({self.scalar} {_literal(number, self.program.precision)})"

    def spread(self, name: str, scalar: str) -> None:
        """Put a scalar into every lane of `name`."""
        first = self.fresh()
        self.put(
            f"{first} = insertelement {self.real} poison, {self.scalar} {scalar}, i64 0"
        )
        self.put(
            f"{name} = shufflevector {self.real} {first}, {self.real} poison, "
            f"<{self.lanes} x i32> zeroinitializer"
        )

    def address(self, place: Place, *, single: bool = False) -> str:
        """Point at a row, or at a single number: by getelementptr only."""
        kind = self.kinds[place.buffer]
        base = f"%p.{place.buffer}"
        if kind == "log":
            ((_, index),) = place.terms
            row, pointer = self.fresh(), self.fresh()
            self.put(f"{row} = mul i64 %v{index.number}, %stride")
            self.put(f"{pointer} = getelementptr {self.scalar}, ptr {base}, i64 {row}")
            return pointer
        unit = self.scalar if single else self.real
        for stride, index in place.terms:
            row, pointer = self.fresh(), self.fresh()
            self.put(f"{row} = mul i64 %v{index.number}, {stride}")
            self.put(f"{pointer} = getelementptr {unit}, ptr {base}, i64 {row}")
            base = pointer
        if place.offset:
            pointer = self.fresh()
            self.put(
                f"{pointer} = getelementptr {unit}, ptr {base}, i64 {place.offset}"
            )
            base = pointer
        return base


def _name(value: Value) -> str:
    return f"%v{value.number}"


def _arithmetic(word: str) -> Callable[[_Text, Instruction], None]:
    def write(text: _Text, one: Instruction) -> None:
        a, b = one.operands
        kind = text.type(a.type)
        text.put(f"{_name(one.results[0])} = {word} {kind} {_name(a)}, {_name(b)}")

    return write


def _intrinsic(word: str) -> Callable[[_Text, Instruction], None]:
    def write(text: _Text, one: Instruction) -> None:
        given = ", ".join(f"{text.real} {_name(value)}" for value in one.operands)
        text.put(
            f"{_name(one.results[0])} = call {text.real} "
            f"@llvm.{word}.{text.suffix}({given})"
        )

    return write


def _const(text: _Text, one: Instruction) -> None:
    # LLVM has no plain copy; a select by a constant folds away at once.
    text.put(
        f"{_name(one.results[0])} = select i1 true, {text.real} "
        f"{text.every(one.number)}, {text.real} zeroinitializer"
    )


def _splat(text: _Text, one: Instruction) -> None:
    text.spread(_name(one.results[0]), _name(one.operands[0]))


def _real(text: _Text, one: Instruction) -> None:
    number = text.fresh()
    text.put(f"{number} = sitofp i64 {_name(one.operands[0])} to {text.scalar}")
    text.spread(_name(one.results[0]), number)


def _load(text: _Text, one: Instruction) -> None:
    if one.place is None:
        raise AssertionError("a load must have a place")
    single = one.results[0].type == ONE_REAL
    pointer = text.address(one.place, single=single)
    kind, align = (text.scalar, text.size) if single else (text.real, text.align)
    # SAFETY: call.py checks sizes, and that rows begin where `alignment` says.
    text.put(f"{_name(one.results[0])} = load {kind}, ptr {pointer}, align {align}")


def _store(text: _Text, one: Instruction) -> None:
    if one.place is None:
        raise AssertionError("a store must have a place")
    pointer = text.address(one.place)
    # SAFETY: as for loads; that the buffer may be written is checked in call.py.
    text.put(
        f"store {text.real} {_name(one.operands[0])}, ptr {pointer}, align {text.align}"
    )


def _neg(text: _Text, one: Instruction) -> None:
    text.put(f"{_name(one.results[0])} = fneg {text.real} {_name(one.operands[0])}")


def _power(text: _Text, one: Instruction) -> None:
    # The last bits are moved to where the exponent stands: no conversion, hence no
    # poison where the operand is not a number.
    bits, shifted = text.fresh(), text.fresh()
    text.put(f"{bits} = bitcast {text.real} {_name(one.operands[0])} to {text.wholes}")
    text.put(
        f"{shifted} = shl {text.wholes} {bits}, splat ({text.whole} {text.fraction})"
    )
    text.put(
        f"{_name(one.results[0])} = bitcast {text.wholes} {shifted} to {text.real}"
    )


def _exponent(text: _Text, one: Instruction) -> None:
    bits, shifted, number = (text.fresh() for _ in range(3))
    text.put(f"{bits} = bitcast {text.real} {_name(one.operands[0])} to {text.wholes}")
    text.put(
        f"{shifted} = lshr {text.wholes} {bits}, splat ({text.whole} {text.fraction})"
    )
    text.put(
        f"{number} = sub {text.wholes} {shifted}, splat ({text.whole} {text.bias})"
    )
    text.put(f"{_name(one.results[0])} = sitofp {text.wholes} {number} to {text.real}")


def _fraction(text: _Text, one: Instruction) -> None:
    bits, cut, based = (text.fresh() for _ in range(3))
    below, base = (1 << text.fraction) - 1, text.bias << text.fraction
    text.put(f"{bits} = bitcast {text.real} {_name(one.operands[0])} to {text.wholes}")
    text.put(f"{cut} = and {text.wholes} {bits}, splat ({text.whole} {below})")
    text.put(f"{based} = or {text.wholes} {cut}, splat ({text.whole} {base})")
    text.put(f"{_name(one.results[0])} = bitcast {text.wholes} {based} to {text.real}")


def _draw(text: _Text, one: Instruction) -> None:
    # As in `backsweep.threefry`, in vectors of 32-bit words.
    kind = f"<{text.lanes} x i32>"

    def put(word: str, *operands: str) -> str:
        name = text.fresh()
        text.put(f"{name} = {word} {kind} {', '.join(operands)}")
        return name

    def sum_of(a: str, b: str) -> str:
        return put("add", a, b)

    def turned(a: str, by: int) -> str:
        name = text.fresh()
        text.put(
            f"{name} = call {kind} @llvm.fshl.v{text.lanes}i32("
            f"{kind} {a}, {kind} {a}, {kind} splat (i32 {by}))"
        )
        return name

    words = []
    for operand in one.operands:
        words.append(text.fresh())
        text.put(
            f"{words[-1]} = call {kind} @llvm.fptoui.sat.v{text.lanes}i32."
            f"{text.suffix}({text.real} {_name(operand)})"
        )
    k0, k1, x0, x1 = words
    parity = put("xor", put("xor", k0, k1), f"splat (i32 {int(PARITY)})")
    keys = (k0, k1, parity)
    x0, x1 = sum_of(x0, k0), sum_of(x1, k1)
    for group in range(5):
        for rotation in ROTATIONS[group % 2]:
            x0 = sum_of(x0, x1)
            x1 = put("xor", turned(x1, rotation), x0)
        x0 = sum_of(x0, keys[(group + 1) % 3])
        x1 = sum_of(x1, keys[(group + 2) % 3])
        x1 = sum_of(x1, f"splat (i32 {group + 1})")
    text.put(f"{_name(one.results[0])} = uitofp {kind} {x0} to {text.real}")


def _not(text: _Text, one: Instruction) -> None:
    a = _name(one.operands[0])
    text.put(f"{_name(one.results[0])} = xor {text.mask} {a}, splat (i1 true)")


def _select(text: _Text, one: Instruction) -> None:
    mask, a, b = one.operands
    kind = text.type(a.type)
    text.put(
        f"{_name(one.results[0])} = select {text.mask} {_name(mask)}, "
        f"{kind} {_name(a)}, {kind} {_name(b)}"
    )


def _any(text: _Text, one: Instruction) -> None:
    text.put(
        f"{_name(one.results[0])} = call i1 @llvm.vector.reduce.or.v{text.lanes}i1("
        f"{text.mask} {_name(one.operands[0])})"
    )


def _shuffled(
    text: _Text, two: Sequence[str], blocks: Sequence[int], width: int
) -> str:
    """Pick blocks of so many lanes from two vectors, those of the second counted on."""
    a, b = two
    name = text.fresh()
    picks = [block * width + k for block in blocks for k in range(width)]
    lanes = ", ".join(f"i32 {pick}" for pick in picks)
    text.put(
        f"{name} = shufflevector {text.real} {a}, {text.real} {b}, "
        f"<{text.lanes} x i32> <{lanes}>"
    )
    return name


def _sum(text: _Text, values: Sequence[str]) -> str:
    total, *rest = values
    for value in rest:
        before, total = total, text.fresh()
        text.put(f"{total} = fadd {text.real} {before}, {value}")
    return total


def _turned(text: _Text, vectors: Sequence[str], width: int) -> list[str]:
    """Turn rows of blocks into columns, within as many blocks as there are vectors."""
    count, n_blocks = len(vectors), text.lanes // width
    if count == 1:
        return list(vectors)
    groups = range(0, n_blocks, count)

    def pick(two: Sequence[str], ways: Sequence[int]) -> str:
        # A way is a block of a group of the first vector, or behind them of the second.
        blocks = [
            group + way if way < count else n_blocks + group + way - count
            for group in groups
            for way in ways
        ]
        return _shuffled(text, two, blocks, width)

    if count == 2:
        return [pick(vectors, (k, 2 + k)) for k in range(2)]
    turned = []
    for k in (0, 2):
        pairs = [pick(vectors[i : i + 2], (k, k + 1, 4 + k, 5 + k)) for i in (0, 2)]
        turned += [pick(pairs, (m, 2 + m, 4 + m, 6 + m)) for m in (0, 1)]
    return turned


def _totals(text: _Text, one: Instruction) -> None:
    # Within fours of lanes first, then whole fours of lanes: a shuffle and a half and
    # an addition for each value.
    values = [_name(value) for value in one.operands]
    sums = [
        _sum(text, _turned(text, values[k : k + FOUR], 1))
        for k in range(0, text.lanes, FOUR)
    ]
    *most, last = _turned(text, sums, FOUR)
    before = _sum(text, most) if most else text.every(-0.0)
    text.put(f"{_name(one.results[0])} = fadd {text.real} {before}, {last}")


def _loop(text: _Text, one: Instruction) -> None:
    if one.body is None:
        raise AssertionError("a loop must have a body")
    body, key = one.body, one.body.index.number
    count = f"%{one.count}" if isinstance(one.count, str) else str(one.count)
    head, inside, done = f"head{key}", f"body{key}", f"done{key}"
    before = text.label
    text.put(f"br label %{head}")
    text.begin(head)
    # A phi needs the label that the body ends in, which is known once it is written.
    at = len(text.lines)
    test, on = text.fresh(), text.fresh()
    text.put(f"{test} = icmp slt i64 {_name(body.index)}, {count}")
    text.put(f"{on} = and i1 {test}, %go{key}")
    text.put(f"br i1 {on}, label %{inside}, label %{done}")
    text.begin(inside)
    _write(text, body.instructions)
    after = text.label
    text.put(f"%next{key} = add nuw nsw i64 {_name(body.index)}, 1")
    text.put(f"br label %{head}")
    text.begin(done)
    go = "true" if body.on is None else _name(body.on)
    phis = [
        f"{_name(body.index)} = phi i64 [ 0, %{before} ], [ %next{key}, %{after} ]",
        f"%go{key} = phi i1 [ true, %{before} ], [ {go}, %{after} ]",
    ]
    for inner, start, end in zip(body.carried, one.operands, body.yields, strict=True):
        phis.append(
            f"{_name(inner)} = phi {text.type(inner.type)} "
            f"[ {_name(start)}, %{before} ], [ {_name(end)}, %{after} ]"
        )
    text.lines[at:at] = ["  " + phi for phi in phis]
    for result, inner in zip(one.results, body.carried, strict=True):
        kind = text.type(inner.type)
        text.put(f"{_name(result)} = phi {kind} [ {_name(inner)}, %{head} ]")


TABLE: Final[Mapping[Op, Callable[[_Text, Instruction], None]]] = MappingProxyType(
    {
        Op.CONST: _const,
        Op.SPLAT: _splat,
        Op.LOAD: _load,
        Op.STORE: _store,
        Op.ADD: _arithmetic("fadd"),
        Op.SUB: _arithmetic("fsub"),
        Op.MUL: _arithmetic("fmul"),
        Op.DIV: _arithmetic("fdiv"),
        Op.FMA: _intrinsic("fma"),
        Op.NEG: _neg,
        Op.ABS: _intrinsic("fabs"),
        Op.POWER: _power,
        Op.EXPONENT: _exponent,
        Op.FRACTION: _fraction,
        Op.LESS: _arithmetic("fcmp olt"),
        Op.EQUAL: _arithmetic("fcmp oeq"),
        Op.AND: _arithmetic("and"),
        Op.OR: _arithmetic("or"),
        Op.NOT: _not,
        Op.SELECT: _select,
        Op.ANY: _any,
        Op.TOTALS: _totals,
        Op.REAL: _real,
        Op.DRAW: _draw,
        Op.LOOP: _loop,
    }
)


def _write(text: _Text, instructions: Sequence[Instruction]) -> None:
    for one in instructions:
        TABLE[one.op](text, one)


def emit(program: Program, lanes: int) -> str:
    """Write a program as an LLVM module of one function, `kernel`.

    Its arguments are the buffers in order, the number of blocks of lanes and the
    number of sweeps.
    """
    if lanes < 1 or lanes & (lanes - 1):
        raise AssertionError("LLVM's vectors have other sizes than NumPy's rows")
    text = _Text(program, lanes)
    text.begin("entry")
    text.put(f"%stride = mul i64 %n_blocks, {lanes}")
    text.put("br label %blocks")
    text.begin("blocks")
    text.put("%block = phi i64 [ 0, %entry ], [ %block.next, %block.end ]")
    text.put("%more = icmp slt i64 %block, %n_blocks")
    text.put("br i1 %more, label %block.begin, label %end")
    text.begin("block.begin")
    for buffer in program.buffers:
        _point(text, buffer)
    _write(text, program.instructions)
    text.put("br label %block.end")
    text.begin("block.end")
    text.put("%block.next = add nuw nsw i64 %block, 1")
    text.put("br label %blocks")
    text.begin("end")
    text.put("ret void")
    # SAFETY: call.py passes buffers that do not overlap. PERF: unless the stack is
    # told to begin at a multiple of a vector, every vector that is put aside there
    # lies across two lines of the cache, and symmetry takes 1.2 times as long.
    given = ", ".join(f"ptr noalias %b.{buffer.name}" for buffer in program.buffers)
    real, suffix = text.real, text.suffix
    sizes = "i64 %n_blocks, i64 %n_sweeps"
    return "\n".join(
        [
            f"declare {real} @llvm.fma.{suffix}({real}, {real}, {real})",
            f"declare {real} @llvm.fabs.{suffix}({real})",
            f"declare i1 @llvm.vector.reduce.or.v{lanes}i1({text.mask})",
            *_needed_to_draw(program, text),
            f'define void @kernel({given}, {sizes}) nounwind "stackrealign" {{',
            *text.lines,
            "}",
            "",
        ]
    )


def _needed_to_draw(program: Program, text: _Text) -> list[str]:
    if not any(one.op is Op.DRAW for one in program):
        return []
    kind, width = f"<{text.lanes} x i32>", f"v{text.lanes}i32"
    return [
        f"declare {kind} @llvm.fshl.{width}({kind}, {kind}, {kind})",
        f"declare {kind} @llvm.fptoui.sat.{width}.{text.suffix}({text.real})",
    ]


def _point(text: _Text, buffer: Buffer) -> None:
    """Point at the part of a buffer that belongs to this block."""
    apart = {"log": 1, "lanes": buffer.rows}.get(buffer.kind, 0)
    first = text.fresh()
    text.put(f"{first} = mul i64 %block, {apart}")
    text.put(
        f"%p.{buffer.name} = getelementptr {text.real}, ptr %b.{buffer.name}, "
        f"i64 {first}"
    )
