"""Lane programs that hypothesis draws: every operation, loops in loops, all buffers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hypothesis import strategies as st

from backsweep.engines.compiled.ir import WHOLE, Buffer, Builder, Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from backsweep.engines.compiled.ir import Precision, Value

__all__ = ["COLUMNS", "LOG", "OUT", "ROWS", "SHARED", "programs"]

ROWS = 4
COLUMNS = Buffer("a", "lanes", ROWS)
SHARED = Buffer("s", "shared", ROWS)
OUT = Buffer("out", "lanes", ROWS, written=True)
LOG = Buffer("log", "log", 0, written=True)
COMMON = Buffer("both", "common", ROWS)
SCRATCH = Buffer("own", "scratch", ROWS)

CONSTANTS = (0.0, -0.0, 1.0, -1.5, 1e-3, 3e38, 1e-38, 1e-42, float("inf"), float("nan"))


class _Drawing:
    """One program in the making: what was drawn, and what may be used."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.b = draw, Builder()
        self.precision: Precision = draw(st.sampled_from(["f32", "f64"]))
        # Numbers of single lanes, and sums over lanes, are for so many lanes only.
        self.lanes: int | None = draw(st.sampled_from([None, 4, 8, 16]))
        self.steps = list(STEPS)
        self.steps += list(OF_LANES) if self.lanes else []
        self.steps += ["draw"] if self.precision == "f64" else []

    def one(self, values: list[Value]) -> Value:
        return values[self.draw(st.integers(0, len(values) - 1))]

    def row(self, indices: list[Value]) -> tuple[int, tuple[tuple[int, Value], ...]]:
        """Draw a row: a fixed one, or one that a loop counts."""
        if indices and self.draw(st.sampled_from([True, False])):
            return 0, ((1, self.one(indices)),)
        return self.draw(st.integers(0, ROWS - 1)), ()

    def mask(self, values: list[Value], depth: int = 0) -> Value:
        b = self.b
        kinds = ["less", "equal"]
        if depth < 2:
            kinds += ["both", "either", "negate", "select"]
        kind = self.draw(st.sampled_from(kinds))
        write: Callable[..., Value] = getattr(b, kind)
        if kind in ("less", "equal"):
            return write(self.one(values), self.one(values))
        count = {"negate": 1, "select": 3}.get(kind, 2)
        return write(*(self.mask(values, depth + 1) for _ in range(count)))

    def small(self, value: Value, most: float) -> Value:
        """Give a number of at most that size; what is none becomes 1.5."""
        inside = self.b.less(self.b.abs(value), self.b.const(most))
        return self.b.select(inside, value, self.b.const(1.5))

    def step(self, values: list[Value], indices: list[Value], depth: int) -> None:
        """Write one more operation down."""
        kinds = [*self.steps, *(["number"] if indices else [])]
        kinds += ["loop"] if depth < 2 else []
        kind = self.draw(st.sampled_from(kinds))
        if kind == "loop":
            values += self.loop(values, indices, depth)
        elif kind == "number":
            values.append(self.b.real(self.one(indices)))
        else:
            values += (STEPS | OF_LANES | OF_WORDS)[kind](self, values, indices)

    def loop(
        self, values: list[Value], indices: list[Value], depth: int
    ) -> list[Value]:
        def body(k: Value, own: list[Value]) -> tuple[list[Value], Value | None]:
            inside = [*values, *own]
            for _ in range(self.draw(st.integers(1, 5))):
                self.step(inside, [*indices, k], depth + 1)
            go_on = self.draw(st.booleans())
            on = self.b.any(self.mask(inside)) if go_on else None
            return [inside[-1], inside[-2]], on

        carried = [self.one(values), self.one(values)]
        return self.b.loop(self.draw(st.integers(0, ROWS)), carried, body)


Step: TypeAlias = "Callable[[_Drawing, list[Value], list[Value]], list[Value]]"


def _of(name: str, count: int) -> Step:
    def write(of: _Drawing, values: list[Value], _: list[Value]) -> list[Value]:
        return [getattr(of.b, name)(*(of.one(values) for _ in range(count)))]

    return write


def _power(of: _Drawing, values: list[Value], _: list[Value]) -> list[Value]:
    whole = of.b.const(WHOLE[of.precision])
    return [of.b.power(of.b.add(of.small(of.one(values), 120.0), whole))]


def _parts(of: _Drawing, values: list[Value], _: list[Value]) -> list[Value]:
    b = of.b
    positive = b.add(b.abs(of.small(of.one(values), 1e30)), b.const(1e-30))
    return [b.exponent(positive), b.fraction(positive)]


def _pick(of: _Drawing, values: list[Value], _: list[Value]) -> list[Value]:
    return [of.b.select(of.mask(values), of.one(values), of.one(values))]


def _const(of: _Drawing, *_: list[Value]) -> list[Value]:
    return [of.b.const(of.draw(st.sampled_from(CONSTANTS)))]


def _load(of: _Drawing, _: list[Value], indices: list[Value]) -> list[Value]:
    buffer = of.draw(st.sampled_from([COLUMNS, SHARED, COMMON, OUT, SCRATCH]))
    return [of.b.load(buffer, *of.row(indices))]


def _each(of: _Drawing, _: list[Value], indices: list[Value]) -> list[Value]:
    buffer = of.draw(st.sampled_from([COLUMNS, COMMON, OUT, SCRATCH]))
    offset, terms = of.row(indices)
    lane = of.draw(st.integers(0, 3))
    every = tuple((of.lanes or 1, index) for _, index in terms)
    return [of.b.each(buffer, offset * (of.lanes or 1) + lane, every)]


def _totals(of: _Drawing, values: list[Value], _: list[Value]) -> list[Value]:
    return [of.b.totals([of.one(values) for _ in range(of.lanes or 0)])]


def _draw(of: _Drawing, values: list[Value], _: list[Value]) -> list[Value]:
    b = of.b
    large = b.mul(of.one(values), b.const(2.0**29))  # whole words, and beyond
    return [b.draw(of.one(values), large, of.one(values), large)]


def _store(of: _Drawing, values: list[Value], indices: list[Value]) -> list[Value]:
    buffer = of.draw(st.sampled_from([OUT, SCRATCH]))
    of.b.store(of.one(values), buffer, *of.row(indices))
    return []


STEPS: dict[str, Step] = {
    **{name: _of(name, 2) for name in ("add", "sub", "mul", "div")},
    **{name: _of(name, 1) for name in ("neg", "abs")},
    "fma": _of("fma", 3),
    "power": _power,
    "parts": _parts,
    "pick": _pick,
    "const": _const,
    "load": _load,
    "store": _store,
}
OF_LANES: dict[str, Step] = {"each": _each, "totals": _totals}
OF_WORDS: dict[str, Step] = {"draw": _draw}


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Draw a program of all operations that works on each of the buffers.

    Scratch is written before it is read: it has no meaning at the beginning.
    """
    of = _Drawing(draw)
    b = of.b
    values = [b.load(COLUMNS, row) for row in range(ROWS)]
    for row in range(ROWS):
        b.store(values[row], SCRATCH, row)
    for _ in range(draw(st.integers(4, 12))):
        of.step(values, [], 0)

    def sweep(k: Value, own: list[Value]) -> tuple[list[Value], None]:
        b.store(own[0], LOG, 0, ((1, k),))
        return [b.add(own[0], values[-1])], None

    values += b.loop("n_sweeps", [values[-1]], sweep)
    for row in range(ROWS):
        b.store(values[-1 - row % len(values)], OUT, row)
    return Program(
        precision=of.precision,
        buffers=(COLUMNS, SHARED, COMMON, OUT, LOG, SCRATCH),
        instructions=b.instructions,
        lanes=of.lanes,
    )
