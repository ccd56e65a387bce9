"""The compiled engine: no bit depends on company, and no run is paid for too long."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import backsweep
from backsweep.engines import ENGINES, choose
from backsweep.engines.compiled import CompiledEngine, call, engine
from backsweep.network import Layer, Link, Network
from backsweep.procedure import Criterion, Procedure, Stage
from tests.carrying import assert_same_bits, carried, rows

PLAIN = ENGINES["plain"]
# -- a run alone -------------------------------------------------------------------

VARIED = [
    ("xor", {"epsilon": 2.0, "criterion": Criterion("error", 0.3)}),
    ("symmetry", {"stages": (Stage(sweeps=7, epsilon=0.2, alpha=0.5),)}),
    ("encoder:8-3", {"epsilon": 0.8, "decay": 0.001, "update": "case"}),
    ("families", {"epsilon": 0.05}),
]


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["f64", "f32"])
@pytest.mark.parametrize(("name", "settings"), VARIED)
def test_no_bit_depends_on_width_block_or_chunk(name, settings, precision):
    task = backsweep.task(name)
    procedure = replace(task.procedure, **settings)
    sweeps = 6 if name == "families" else 40
    first = CompiledEngine("compiled", precision, lanes=4)
    whole = carried(first, task, procedure, range(21), [sweeps])
    for lanes in (1, 8, 16) if name != "families" else (1, 16):
        engine = CompiledEngine("compiled", precision, lanes=lanes)
        again = carried(engine, task, procedure, range(21), [1, sweeps - 4, 3])
        assert_same_bits(again, whole)
        for run in (0, 13):
            alone = carried(
                engine, task, procedure, range(run, run + 1), [2, sweeps - 2]
            )
            assert_same_bits(alone, rows(whole, slice(run, run + 1)))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["compiled", "compiled-f32"])
def test_no_bit_depends_on_threads(engine):
    settings = {"task": "xor", "runs": 9000, "engine": engine, "every": 50}
    procedure = replace(
        backsweep.task("xor").procedure, sweeps=200, criterion=Criterion("error", 0.4)
    )
    one, two = (
        backsweep.learn(procedure=procedure, threads=threads, **settings)
        for threads in (1, 3)
    )
    for name in ("parameters", "errors", "learned_at", "final_errors"):
        ours, theirs = getattr(one.history, name), getattr(two.history, name)
        assert ours.tobytes() == theirs.tobytes()


def test_stopped_runs_leave_the_arena_with_what_they_learned():
    """Blocks are closed up where a quarter has stopped, and no run is lost."""
    task = backsweep.task("xor")
    procedure = replace(
        task.procedure, epsilon=4.0, criterion=Criterion("error", 0.3), sweeps=400
    )
    engine = CompiledEngine("compiled")
    together = carried(engine, task, procedure, range(300), [50] * 8)
    apart = carried(engine, task, procedure, range(300), [400])
    assert 30 < (together["learned_at"] > 0).sum() < 300
    assert_same_bits(together, apart)


def marks_of(held):
    """Give the marks of what a kernel may touch, where there are any."""
    pairs = zip(held.buffers, held.arrays, strict=True)
    return next((array for buffer, array in pairs if buffer.name == "marks"), None)


def test_those_that_have_learned_are_not_paid_for(monkeypatch):
    """Count the sweeps of blocks that machine code really carries out."""
    carry_out, carried_out = call.Held.__call__, [0.0]

    def counted(held, first, stop):
        carry_out(held, first, stop)
        marks = marks_of(held)
        if marks is not None:  # and not starts that are drawn
            running, _, learned, diverged = marks.max(axis=-1).T
            ended = np.maximum(learned, diverged)
            carried_out[0] += np.where(running > 0, stop - first, ended).sum()

    monkeypatch.setattr(call.Held, "__call__", counted)
    task = backsweep.task("xor")
    # Most learn in some 250 sweeps; those that never do go on for 5,000.
    procedure = replace(task.procedure, sweeps=5000)
    program = CompiledEngine("compiled", lanes=8).prepare(task.network, task, procedure)
    state = program.start(3, range(2000))
    progress = [program.advance(state, 50) for _ in range(100)][-1]
    sweeps = np.where(progress.running, 5000, progress.learned_at)
    assert (sweeps < 1000).mean() > 0.85
    needed = sweeps.sum() / 8
    assert needed <= carried_out[0] < 1.25 * needed
    assert carried_out[0] < 0.2 * 5000 * 2000 / 8


def test_the_pace_is_learned_from_the_calls_before(monkeypatch):
    """A call of a slow program is no longer than one of a quick one."""
    task = backsweep.task("xor")
    procedure = replace(task.procedure, until="end")

    def paces(a_sweep_s, runs):
        """Carry some chunks out by a clock that moves with the sweeps."""
        now, carry_out = [0.0], call.Held.__call__

        def slow(held, first, stop):
            carry_out(held, first, stop)
            now[0] += held.n_blocks * (stop - first) * a_sweep_s

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(call.Held, "__call__", slow)
            patch.setattr(engine, "thread_time", lambda: now[0])
            program = CompiledEngine("compiled", lanes=8).prepare(
                task.network, task, procedure
            )
            state, found = program.start(1, range(runs)), []
            for _ in range(12):
                found.append(program.pace(runs))
                program.advance(state, found[-1])
        return found

    assert paces(2e-3, 8)[1:] == [5] * 11
    assert paces(1.0, 16)[1:] == [1] * 11
    quick = paces(1e-6, 80)
    assert quick[-1] == pytest.approx(1000, abs=1)
    # No more errors than some memory holds, however quick, and at first few sweeps.
    quickest = paces(1e-12, 1000)
    assert quickest[0] < 100 < quickest[3]
    assert quickest[-1] == 1000


def test_a_call_in_which_runs_stop_is_not_taken_for_a_quick_one(monkeypatch):
    now, carry_out = [0.0], call.Held.__call__

    def slow(held, first, stop):
        carry_out(held, first, stop)
        running, _, learned, _ = marks_of(held).max(axis=-1).T
        now[0] += 1e-3 * np.where(running > 0, stop - first, learned).sum()

    monkeypatch.setattr(call.Held, "__call__", slow)
    monkeypatch.setattr(engine, "thread_time", lambda: now[0])
    task = backsweep.task("xor")
    easy = replace(task.procedure, criterion=Criterion("error", 10.0), sweeps=400)
    program = CompiledEngine("compiled", lanes=8).prepare(task.network, task, easy)
    state = program.start(1, range(8))
    program.advance(state, 400)  # all learn in the first sweep
    assert state.learned_at.tolist() == [1] * 8
    assert program.pace(8) == 10


def test_stages_may_begin_within_a_call():
    procedure = Procedure(
        stages=(
            Stage(sweeps=2, epsilon=0.5, alpha=0.0),
            Stage(sweeps=3, epsilon=0.0, alpha=0.0),
        ),
        epsilon=0.1,
        until="end",
    )
    engine = CompiledEngine("compiled", lanes=1)
    task = backsweep.task("xor")
    whole = carried(engine, task, procedure, range(3), [9])
    theirs = carried(PLAIN, task, procedure, range(3), [9])
    np.testing.assert_allclose(whole["errors"], theirs["errors"], rtol=1e-12)
    # The third sweep to the fifth stand still.
    assert (whole["errors"][:, 2] == whole["errors"][:, 4]).all()


# -- what it does not do ------------------------------------------------------------


def test_it_says_what_it_cannot_do():
    layers = (Layer("i", 2), Layer("o", 1))
    network = Network(layers, (Link("i", "o"), Link("o", "o", delay=1)))
    verdict = CompiledEngine("compiled").supports(network, Procedure())
    assert verdict.reason == (
        "the compiled engine does not unfold networks in time yet, and the link "
        "o <- o has a delay."
    )
    shuffled = Procedure(order="random", update=1)
    xor = Network.layered(2, 2, 1)
    verdict = CompiledEngine("compiled").supports(xor, shuffled)
    assert verdict.reason == "the compiled engine takes the cases in fixed order only."
    assert choose("auto", xor, shuffled).name == "plain"
    assert choose("compiled", xor, Procedure()).name == "compiled"


def test_the_machine_code_can_be_read():
    engine = CompiledEngine("compiled", "f32")
    task = backsweep.task("xor")
    program = engine.prepare(task.network, task, task.procedure)
    assert "define void @kernel(" in program.ir
    assert "inttoptr" not in program.ir
    assert "kernel:" in program.assembly
