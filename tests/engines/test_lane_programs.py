"""Machine code does what the interpreter says, bit for bit; and its table is law."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from backsweep import threefry
from backsweep.engines.compiled import call, draw, link
from backsweep.engines.compiled.elementary import (
    exp_of_negative,
    log,
    logistic,
    tanh,
)
from backsweep.engines.compiled.emit import emit
from backsweep.engines.compiled.frame import Cases
from backsweep.engines.compiled.interpret import DTYPES, fused, interpret
from backsweep.engines.compiled.ir import (
    REAL,
    WHOLE,
    Buffer,
    Builder,
    Instruction,
    Op,
    Place,
    Program,
    Value,
)
from backsweep.engines.compiled.lower import lower
from backsweep.engines.compiled.verify import RULES, verify
from backsweep.network import Network
from backsweep.procedure import Criterion, Procedure
from tests.test_threefry import KNOWN

ROWS = 4
COLUMNS = Buffer("a", "lanes", ROWS)
SHARED = Buffer("s", "shared", ROWS)
OUT = Buffer("out", "lanes", ROWS, written=True)
LOG = Buffer("log", "log", 0, written=True)

TWO = ("add", "sub", "mul", "div")
ONE = ("neg", "abs")
OTHER = ("fma", "power", "pick", "loop", "load", "number", "share", "parts")


@st.composite
def programs(draw):
    """Draw a program of all operations, with loops in loops."""
    b, precision = Builder(), draw(st.sampled_from(["f32", "f64"]))
    kinds = [*TWO, *ONE, *OTHER, *(["draw"] if precision == "f64" else [])]

    def steps(values, depth, terms):
        for _ in range(draw(st.integers(1, 6))):
            pick = st.sampled_from(values)
            kind = draw(st.sampled_from(kinds))
            if kind in TWO:
                values.append(getattr(b, kind)(draw(pick), draw(pick)))
            elif kind in ONE:
                values.append(getattr(b, kind)(draw(pick)))
            elif kind == "draw":
                scaled = b.mul(draw(pick), b.const(2.0**29))  # whole words, and beyond
                values.append(b.draw(draw(pick), scaled, draw(pick), scaled))
            elif kind == "fma":
                values.append(b.fma(draw(pick), draw(pick), draw(pick)))
            elif kind == "power":
                whole = b.const(draw(st.integers(-20, 20)) + WHOLE[precision])
                values.append(b.power(whole))
            elif kind == "parts":
                positive = b.add(b.abs(draw(pick)), b.const(0.125))
                small = b.less(positive, b.const(1e30))
                positive = b.select(small, positive, b.const(1.5))
                values += [b.exponent(positive), b.fraction(positive)]
            elif kind == "pick":
                masks = [
                    b.less(draw(pick), draw(pick)),
                    b.equal(draw(pick), draw(pick)),
                ]
                mask = draw(st.sampled_from([
                    masks[0], b.both(*masks), b.either(*masks), b.negate(masks[1])
                ]))  # fmt: skip
                values.append(b.select(mask, draw(pick), draw(pick)))
            elif kind == "load":
                values.append(b.load(COLUMNS, draw(st.integers(0, ROWS - 1))))
            elif kind == "share":
                values.append(b.load(SHARED, draw(st.integers(0, ROWS - 1))))
            elif kind == "number" and terms:
                values.append(b.real(draw(st.sampled_from(terms))))
            elif kind == "loop" and depth < 2:
                carried = [draw(pick), draw(pick)]
                bound = draw(pick)

                def body(k, own, bound=bound, outer=tuple(values)):
                    inside = [*outer, *own, b.load(COLUMNS, 0, ((1, k),))]
                    steps(inside, depth + 1, [*terms, k])
                    on = (
                        b.any(b.less(inside[-1], bound))
                        if draw(st.booleans())
                        else None
                    )
                    return [inside[-1], inside[-2]], on

                values += b.loop(draw(st.integers(0, ROWS)), carried, body)

    values = [b.load(COLUMNS, row) for row in range(ROWS)]
    steps(values, 0, [])

    def sweep(k, own):
        b.store(own[0], LOG, 0, ((1, k),))
        return [b.add(own[0], values[-1])], None

    values += b.loop("n_sweeps", [values[-1]], sweep)
    for row in range(ROWS):
        b.store(values[-1 - row % len(values)], OUT, row)
    return Program(
        precision=precision,
        buffers=(COLUMNS, SHARED, OUT, LOG),
        instructions=b.instructions,
    )


def compiled(program, lanes):
    return call.Kernel(program, lanes, link.link(emit(program, lanes), folder=None))


def memory(program, lanes, n_blocks, n_sweeps, seed=0):
    """Give numbers to what a program reads, and room to what it writes."""
    generator, dtype = np.random.default_rng(seed), DTYPES[program.precision]
    given = {}
    for buffer in program.buffers:
        shape = {
            "lanes": (n_blocks, buffer.rows, lanes),
            "shared": (buffer.rows,),
            "log": (n_sweeps, n_blocks * lanes),
        }.get(buffer.kind)
        if shape is None:
            continue
        given[buffer.name] = call.aligned(shape, dtype)
        if not buffer.written:
            given[buffer.name][...] = generator.normal(scale=3, size=shape)
    return given


def assert_same(actual, expected):
    for name, values in expected.items():
        np.testing.assert_array_equal(actual[name], values, err_msg=name)
        sound = ~np.isnan(values)
        np.testing.assert_array_equal(
            np.signbit(actual[name][sound]), np.signbit(values[sound]), err_msg=name
        )


@pytest.mark.slow
@settings(max_examples=60)
@given(
    program=programs(),
    lanes=st.sampled_from([1, 2, 4, 8, 16]),
    n_blocks=st.integers(0, 3),
    n_sweeps=st.integers(0, 3),
)
def test_machine_code_is_the_interpreter(program, lanes, n_blocks, n_sweeps):
    verify(program)
    ours, theirs = (memory(program, lanes, n_blocks, n_sweeps) for _ in range(2))
    compiled(program, lanes)(ours, n_blocks=n_blocks, n_sweeps=n_sweeps)
    interpret(program, theirs, lanes, n_sweeps=n_sweeps, n_blocks=n_blocks)
    assert_same(ours, theirs)


CASES = [
    (Network.layered(2, 2, 1), Procedure(epsilon=0.5), 4),
    (Network.layered(3, 2, 2, output="softmax"),
     Procedure(error="cross-entropy", update=2, until="end",
               criterion=Criterion("winner", share=0.5)), 5),
    (Network.layered(9, 11, 7, activation="tanh"), Procedure(zone=0.1), 30),
]  # fmt: skip


@pytest.mark.parametrize("precision", ["f32", "f64"])
@pytest.mark.parametrize(("network", "procedure", "n_cases"), CASES, ids=str)
def test_a_network_learns_as_the_interpreter_says(
    network, procedure, n_cases, precision
):
    """The whole of a learning program, from exponential to criterion, bit for bit."""
    generator = np.random.default_rng(1)
    inputs = generator.uniform(-1, 1, (n_cases, network.n_in))
    desired = generator.uniform(0, 1, (n_cases, network.n_out)).round()
    program = lower(network, procedure, Cases(n_cases, inputs, desired), precision)
    verify(program)
    results = []
    for _ in range(2):
        given = memory(program, 2, 1, 3)
        given["inputs"][:], given["desired"][:] = inputs.ravel(), desired.ravel()
        given["w"][...] = np.random.default_rng(2).normal(size=given["w"].shape)
        given["marks"][:, :2] = 1
        given["settings"][...] = np.array([0.5, 0.9, 1.0, 0.1, 0.5])[None, :, None]
        results.append(given)
    compiled(program, 2)(results[0], n_blocks=1, n_sweeps=3)
    interpret(program, results[1], 2, n_sweeps=3)
    assert np.isfinite(results[1]["errors"]).all()
    assert_same(results[0], results[1])


# -- random numbers ------------------------------------------------------------

WORDS = np.array([[*key, *counter] for key, counter, _ in KNOWN], dtype=float).T
ODD = np.array([-1.0, -0.0, 0.9, 2.0**32 - 1, 2.0**32, 1e300, np.inf, -np.inf, np.nan])


@pytest.mark.parametrize("carry", ["machine", "interpreter"])
def test_a_program_draws_the_published_words(carry):
    answers = np.array([answer[0] for _, _, answer in KNOWN], dtype=float)
    np.testing.assert_array_equal(drawn_from(WORDS, carry), answers)


@pytest.mark.parametrize("carry", ["machine", "interpreter"])
def test_what_is_no_word_is_taken_for_the_nearest(carry):
    near = np.array([0, 0, 0, *[2.0**32 - 1] * 4, 0, 0])
    odd, plain = (np.stack([row, row, row, row]) for row in (ODD, near))
    np.testing.assert_array_equal(drawn_from(odd, carry), drawn_from(plain, carry))


def drawn_from(words, carry):
    """Draw from columns of two words of key and two of counter."""
    b = Builder()
    here, there = Buffer("x", "lanes", 4), Buffer("y", "lanes", 1, written=True)
    b.store(b.draw(*(b.load(here, row) for row in range(4))), there, 0)
    program = Program(
        precision="f64", buffers=(here, there), instructions=b.instructions
    )
    verify(program)
    count = words.shape[1]
    given = memory(program, 16, 1, 0)
    given["x"][0, :, :count] = words
    if carry == "machine":
        compiled(program, 16)(given, n_blocks=1, n_sweeps=0)
    else:
        interpret(program, given, 16, n_sweeps=0)
    return given["y"][0, 0, :count]


def test_words_need_f64():
    b = Builder()
    b.draw(*[b.const(1.0)] * 4)
    program = Program(precision="f32", buffers=(), instructions=b.instructions)
    with pytest.raises(AssertionError, match="DRAW needs f64"):
        verify(program)


@pytest.mark.parametrize("lanes", [1, 2, 8, 16])
def test_machine_code_draws_the_numbers_of_threefry(lanes):
    verify(draw.program())
    for seed in (0, 7, 2**33 + 7, 2**64 - 1):
        for runs in (range(100), range(83_112, 83_113), range(2**32 - 5, 2**32)):
            ours = draw.uniform(seed, runs, 11, lanes=lanes, folder=None)
            run = np.arange(runs.start, runs.stop)[:, None]
            theirs = threefry.uniform(seed, run, np.arange(11))
            assert ours.shape == theirs.shape
            assert ours.tobytes() == theirs.tobytes()


# -- the elementary functions --------------------------------------------------


def evaluated(function, x, precision):
    """Carry one function out on all of x, in machine code."""
    b = Builder()
    here, there = Buffer("x", "lanes", 1), Buffer("y", "lanes", 1, written=True)
    b.store(function(b, b.load(here, 0), precision), there, 0)
    program = Program(
        precision=precision, buffers=(here, there), instructions=b.instructions
    )
    verify(program)
    kernel = compiled(program, 8)
    n_blocks = -(-len(x) // 8)
    given = memory(program, 8, n_blocks, 0)
    given["x"].reshape(-1)[: len(x)] = x
    kernel(given, n_blocks=n_blocks, n_sweeps=0)
    return given["y"].reshape(-1)[: len(x)]


def ulps(actual, exact):
    """Measure the distance from a more exact value in units of the last place."""
    rounded = exact.astype(actual.dtype)
    return np.abs(actual - exact) / np.spacing(np.abs(rounded)).astype(exact.dtype)


WIDE = np.longdouble
ELEMENTARY: dict[str, Any] = {
    "exp": (exp_of_negative, np.exp, -80.0, 0.0, (0.95, 1.1)),
    "logistic": (logistic, lambda x: 1 / (1 + np.exp(-x)), -80.0, 80.0, (1.5, 1.5)),
    "tanh": (tanh, np.tanh, -12.0, 12.0, (2.0, 2.2)),
    "log": (log, np.log, 1e-30, 2.0, (1.1, 1.1)),
}


@pytest.mark.parametrize("precision", ["f32", "f64"])
@pytest.mark.parametrize("name", ELEMENTARY)
def test_elementary_functions_are_close(name, precision):
    function, exact, low, high, most = ELEMENTARY[name]
    generator = np.random.default_rng(5)
    x = np.concatenate([
        generator.uniform(low, high, 200_000),
        generator.uniform(max(low, -1), min(high, 1), 200_000),
        np.sign(high + low or 1) * np.geomspace(1e-30, abs(high) or 80, 50_000),
    ]).astype(DTYPES[precision])  # fmt: skip
    x = x[(x >= low) & (x <= high)]
    y = evaluated(function, x, precision)
    assert ulps(y, exact(x.astype(WIDE))).max() <= most[precision == "f64"]


@pytest.mark.parametrize("precision", ["f32", "f64"])
@pytest.mark.parametrize(
    ("function", "low", "high"), [(logistic, 0.0, 1.0), (tanh, -1.0, 1.0)]
)
def test_no_finite_input_overflows(function, low, high, precision):
    largest = np.finfo(DTYPES[precision]).max
    x = np.array([-largest, -1e4, -0.0, 0.0, 1e4, largest, np.inf, -np.inf, np.nan])
    y = evaluated(function, x.astype(DTYPES[precision]), precision)
    middle = (low + high) / 2
    expected = [low, low, middle, middle, high, high, high, low, np.nan]
    np.testing.assert_allclose(y, expected, atol=1e-37)


@pytest.mark.parametrize("precision", ["f32", "f64"])
def test_fused_rounds_once(precision):
    """A product's lost bits show in a sum that cancels the rest."""
    dtype = DTYPES[precision]
    a = np.array([1 + np.finfo(dtype).eps, 3.0, 1e-30], dtype)
    c = -(a * a)
    lost = fused(a, a, c)
    exact = a.astype(WIDE) * a.astype(WIDE) + c.astype(WIDE)
    assert lost[0] == np.finfo(dtype).eps ** 2
    if precision == "f32":
        np.testing.assert_array_equal(lost, exact.astype(dtype))


# -- what is legal ----------------------------------------------------------------


def test_every_operation_has_a_rule():
    assert set(RULES) | {Op.LOOP, Op.TOTALS} == set(Op)
    assert len(Op) <= 25


V = functools.partial(Value, type=REAL)
ILLEGAL = [
    (Instruction(Op.ADD, (V(1), V(2)), (V(3),)), "uses v1 before it is"),
    (Instruction(Op.NEG, (V(0),), (V(0),)), "v0 is made twice"),
    (Instruction(Op.ADD, (V(0),), (V(1),)), "ADD may not be"),
    (Instruction(Op.LOAD, (), (V(1),), place=Place("a", ROWS)), "row 4 is touched"),
    (Instruction(Op.LOAD, (), (V(1),), place=Place("a", -1)), "row -1 is touched"),
    (Instruction(Op.LOAD, (), (V(1),), place=Place("b", 0)), "no buffer 'b'"),
    (Instruction(Op.LOAD, (), (V(1),)), "must have a place"),
    (Instruction(Op.STORE, (V(0),), (), place=Place("a", 0)), "a is not to be written"),
    (Instruction(Op.LOAD, (), (V(1),), place=Place("s", 0)), "s is shared"),
    (Instruction(Op.LOAD, (), (V(1),), place=Place("log", 0)), "a row for each sweep"),
    (Instruction(Op.LOOP, (V(0),), (), count=1), "a loop must have a body"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("instruction", "said"), ILLEGAL, ids=[said for _, said in ILLEGAL]
)
def test_an_illegal_program_is_told(instruction, said):
    first = Instruction(Op.CONST, (), (V(0),), number=1.0)
    program = Program(
        precision="f64",
        buffers=(COLUMNS, SHARED, OUT, LOG),
        instructions=(first, instruction),
    )
    with pytest.raises(AssertionError, match=said):
        verify(program)


def test_a_loop_that_leaves_its_buffer_is_told():
    b = Builder()
    b.loop(ROWS + 1, [], lambda k, _: ([b.load(COLUMNS, 0, ((1, k),))][:0], None))
    program = Program(precision="f64", buffers=(COLUMNS,), instructions=b.instructions)
    with pytest.raises(AssertionError, match="a has 4 rows, and row 4 is touched"):
        verify(program)
