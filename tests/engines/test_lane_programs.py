"""Machine code does what the interpreter says, bit for bit; and its table is law."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from backsweep import threefry
from backsweep.engines.compiled import draw
from backsweep.engines.compiled.frame import Cases
from backsweep.engines.compiled.interpret import interpret
from backsweep.engines.compiled.ir import (
    REAL,
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
from tests.carrying import assert_same_bits
from tests.engines.machine import compiled, memory
from tests.engines.programs import COLUMNS, LOG, OUT, ROWS, SHARED, programs
from tests.test_threefry import KNOWN


@st.composite
def calls(draw):
    """Draw a program and how it is called: lanes, blocks, sweeps, and a seed."""
    program, few = draw(programs()), st.integers(0, 3)
    lanes = program.lanes or draw(st.sampled_from([1, 2, 4, 8, 16]))
    return program, lanes, draw(few), draw(few), draw(st.integers(0, 99))


def assert_is_the_interpreter(program, lanes, n_blocks, n_sweeps, seed):
    verify(program)
    ours, theirs = (
        memory(program, lanes, n_blocks, n_sweeps, seed=seed, special=True)
        for _ in range(2)
    )
    compiled(program, lanes)(ours, n_blocks=n_blocks, n_sweeps=n_sweeps)
    interpret(program, theirs, lanes, n_sweeps=n_sweeps, n_blocks=n_blocks)
    assert_same_bits(ours, theirs)


@settings(max_examples=20)
@given(called=calls())
def test_machine_code_is_the_interpreter(called):
    assert_is_the_interpreter(*called)


@pytest.mark.slow
@settings(max_examples=400)
@given(called=calls())
def test_much_machine_code_is_the_interpreter(called):
    assert_is_the_interpreter(*called)


def test_every_operation_is_drawn():
    """What is never drawn is never tried."""
    met: set[Op] = set()

    @settings(max_examples=60, derandomize=True, database=None)
    @given(program=programs())
    def meet(program):
        met.update(one.op for one in program)

    meet()
    assert met == set(Op)


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
    assert_same_bits(results[0], results[1])


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
