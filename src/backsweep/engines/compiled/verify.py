"""What a lane program may hold: a table from operation to its operands and result."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from backsweep.engines.compiled.ir import INDEX, MASK, ONE_MASK, ONE_REAL, REAL, Op

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backsweep.engines.compiled.ir import Buffer, Instruction, Program, Type, Value

__all__ = ["RULES", "verify"]

# Operation: every signature it may have, operands and results.
Signature = tuple[tuple["Type", ...], tuple["Type", ...]]


def _reals(count: int) -> tuple[Signature, ...]:
    return (((REAL,) * count, (REAL,)),)


RULES: Final[Mapping[Op, tuple[Signature, ...]]] = MappingProxyType(
    {
        Op.CONST: (((), (REAL,)),),
        Op.SPLAT: (((ONE_REAL,), (REAL,)),),
        Op.LOAD: (((), (REAL,)), ((), (ONE_REAL,))),
        Op.STORE: (((REAL,), ()),),
        Op.ADD: _reals(2),
        Op.SUB: _reals(2),
        Op.MUL: _reals(2),
        Op.DIV: _reals(2),
        Op.FMA: _reals(3),
        Op.NEG: _reals(1),
        Op.ABS: _reals(1),
        Op.POWER: _reals(1),
        Op.EXPONENT: _reals(1),
        Op.FRACTION: _reals(1),
        Op.LESS: (((REAL, REAL), (MASK,)),),
        Op.EQUAL: (((REAL, REAL), (MASK,)),),
        Op.AND: (((MASK, MASK), (MASK,)),),
        Op.OR: (((MASK, MASK), (MASK,)),),
        Op.NOT: (((MASK,), (MASK,)),),
        Op.SELECT: (((MASK, REAL, REAL), (REAL,)), ((MASK, MASK, MASK), (MASK,))),
        Op.ANY: (((MASK,), (ONE_MASK,)),),
        Op.REAL: (((INDEX,), (REAL,)),),
        Op.DRAW: _reals(4),
    }
)

ARGUMENTS: Final = frozenset({"n_sweeps"})  # counts of passes that a call decides


def verify(program: Program) -> None:
    """Raise AssertionError at the first instruction that may not stand there.

    Every value is made before it is used, once, and in sight; types are those of
    the table; no place lies outside its buffer, whatever the loops count.
    """
    buffers = {buffer.name: buffer for buffer in program.buffers}
    if len(buffers) < len(program.buffers):
        raise AssertionError("two buffers have the same name")
    if program.precision != "f64" and any(one.op is Op.DRAW for one in program):
        raise AssertionError("DRAW needs f64, for a word of 32 bits")
    _walk(program.instructions, _Scene(buffers, program.lanes), set(), {})


class _Scene(NamedTuple):
    buffers: Mapping[str, Buffer]
    lanes: int | None


def _walk(
    instructions: Sequence[Instruction],
    scene: _Scene,
    outside: set[Value],
    counts: Mapping[Value, int | str],
) -> set[Value]:
    seen = set(outside)

    def meet(value: Value, one: Instruction) -> None:
        if value not in seen:
            raise AssertionError(f"{one.op.name} uses v{value.number} before it is")

    for one in instructions:
        for value in one.operands:
            meet(value, one)
        types = (
            tuple(value.type for value in one.operands),
            tuple(value.type for value in one.results),
        )
        if one.op is Op.LOOP:
            _check_loop(one, scene, seen, counts)
        elif one.op is Op.TOTALS:
            if types != ((REAL,) * (scene.lanes or 0), (REAL,)) or not scene.lanes:
                raise AssertionError("as many values as there are lanes have totals")
        elif types not in RULES[one.op]:
            raise AssertionError(f"{one.op.name} may not be {types}")
        if one.place is not None:
            for _, index in one.place.terms:
                meet(index, one)
            _check_place(one, scene, counts)
        elif one.op in (Op.LOAD, Op.STORE):
            raise AssertionError(f"{one.op.name} must have a place")
        for value in one.results:
            if value in seen:
                raise AssertionError(f"v{value.number} is made twice")
            seen.add(value)
    return seen


def _check_loop(
    one: Instruction,
    scene: _Scene,
    seen: set[Value],
    counts: Mapping[Value, int | str],
) -> None:
    body = one.body
    if body is None:
        raise AssertionError("a loop must have a body")
    if isinstance(one.count, str) and one.count not in ARGUMENTS:
        raise AssertionError(f"no argument {one.count!r} can be counted to")
    kinds = [
        [value.type for value in values]
        for values in (one.operands, body.carried, body.yields, one.results)
    ]
    if kinds.count(kinds[0]) != len(kinds):
        raise AssertionError("a loop must carry the same types all the way")
    inside = _walk(
        body.instructions,
        scene,
        seen | {body.index, *body.carried},
        {**counts, body.index: one.count},
    )
    ends = body.yields if body.on is None else (*body.yields, body.on)
    if not inside.issuperset(ends):
        raise AssertionError("a loop yields what it has not made")
    if body.on is not None and body.on.type != ONE_MASK:
        raise AssertionError("a loop goes on by a uniform mask")


def _check_place(
    one: Instruction, scene: _Scene, counts: Mapping[Value, int | str]
) -> None:
    place = one.place
    if place is None:
        return
    buffer = scene.buffers.get(place.buffer)
    if buffer is None:
        raise AssertionError(f"there is no buffer {place.buffer!r}")
    if one.op is Op.STORE and not (buffer.written or buffer.kind == "scratch"):
        raise AssertionError(f"{buffer.name} is not to be written")
    uniform = one.op is Op.LOAD and one.results[0].type == ONE_REAL
    if one.op is Op.LOAD and buffer.kind == "shared" and not uniform:
        raise AssertionError(f"{buffer.name} is {buffer.kind}")
    if buffer.kind == "log":
        if place.offset or [
            (stride, counts[index]) for stride, index in place.terms
        ] != [(1, "n_sweeps")]:
            raise AssertionError("a log has a row for each sweep of the call")
        return
    highest = place.offset
    for stride, index in place.terms:
        count = counts[index]
        if not isinstance(count, int) or stride < 0:
            raise AssertionError("places must be known before the call")
        highest += stride * max(count - 1, 0)
    each = uniform and buffer.kind != "shared"
    if each and scene.lanes is None:
        raise AssertionError("single numbers of rows need a number of lanes")
    room = buffer.rows * (scene.lanes or 1) if each else buffer.rows
    if place.offset < 0 or highest >= room:
        what = "number" if each else "row"
        raise AssertionError(
            f"{buffer.name} has {room} {what}s, and {what} {highest} is touched"
        )
