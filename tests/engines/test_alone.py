"""A network on its own, its cases side by side: the bits it has among others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

import backsweep
from backsweep.engines.compiled import CompiledEngine, engine as engine_room, link
from backsweep.engines.compiled.across import shares_of
from backsweep.engines.compiled.call import Kernel, aligned
from backsweep.engines.compiled.interpret import interpret
from backsweep.engines.compiled.layout import Alone
from backsweep.engines.compiled.shares import alike, laid_out, quads, tiles
from backsweep.engines.compiled.verify import verify
from backsweep.errors import SettingError, ShapeError
from backsweep.network import Layer, Link, Network
from backsweep.procedure import Criterion, Procedure, Stage, Start
from tests.carrying import assert_same_bits, carried, made_up
from tests.strategies import networks

RUNS = range(3, 6)


def is_alone(layout):
    return isinstance(layout, Alone)


def both_ways(task, procedure, precision, chunks=(7, 5)):
    """Carry the same runs out alone, and among others."""
    alone = CompiledEngine("compiled", precision)
    among = CompiledEngine("compiled", precision, lanes=4)
    program = alone.prepare(task.network, task, procedure)
    assert is_alone(program.layout(len(RUNS)))
    verify(program.lowered("alone"))
    more = range(RUNS.start, RUNS.stop + 10)
    theirs = carried(among, task, procedure, more, chunks)
    return (
        carried(alone, task, procedure, RUNS, chunks),
        {name: values[: len(RUNS)] for name, values in theirs.items()},
    )


@pytest.mark.parametrize("precision", ["f32", "f64"])
@pytest.mark.parametrize("name", ["symmetry", "parity:5", "encoder:32-5", "families"])
def test_a_run_alone_is_the_run_among_others(name, precision):
    task = backsweep.task(name)
    procedure = replace(task.procedure, until="end")
    assert_same_bits(*both_ways(task, procedure, precision))


@pytest.mark.slow
@settings(max_examples=25)
@given(
    network=networks(),
    seed=st.integers(0, 2**16),
    n_cases=st.integers(32, 70),
    precision=st.sampled_from(["f32", "f64"]),
    larger=st.booleans(),
    procedure=st.builds(
        Procedure,
        epsilon=st.sampled_from([0.01, 0.5]),
        decay=st.sampled_from([0.0, 0.001]),
        zone=st.sampled_from([0.0, 0.2]),
        stages=st.sampled_from([(), (Stage(sweeps=3, epsilon=0.02, alpha=0.5),)]),
        error=st.sampled_from(["squared", "cross-entropy"]),
        half=st.booleans(),
        scale=st.sampled_from(["sum", "cases", "mean"]),
        momentum=st.sampled_from(["letter", "torch", "nesterov"]),
        criterion=st.builds(
            Criterion,
            rule=st.sampled_from(["within", "winner", "error"]),
            value=st.sampled_from([0.3, 0.9]),
            share=st.sampled_from([1.0, 0.5]),
        ),
        until=st.sampled_from(["learned", "end"]),
    ),
)
def test_any_network_alone_is_itself_among_others(
    network, seed, n_cases, precision, larger, procedure
):
    if larger:
        sizes = {1: 5, 2: 13, 3: 21}
        network = Network(
            tuple(replace(one, size=sizes[one.size]) for one in network.layers),
            network.links,
        )
    assume(not procedure.misfits(network))
    assume(shares_of(network, procedure, n_cases, precision))
    task = made_up(network, seed, n_cases)
    alone, among = both_ways(task, procedure, precision)
    assume(np.isfinite(among["parameters"]).all())
    assert_same_bits(alone, among)


@pytest.mark.parametrize("precision", ["f32", "f64"])
def test_machine_code_of_a_network_alone_is_the_interpreter(precision):
    task = backsweep.task("parity:5")
    engine = CompiledEngine("compiled", precision)
    program = engine.prepare(task.network, task, task.procedure)
    state = program.start(0, range(2))
    assert is_alone(state.layout)
    log = np.full((3, 2 * state.layout.lanes), np.nan, program.dtype)
    mine = {name: rows.copy() for name, rows in state.arena.items()}
    settings_ = (0.5, 0.9, 1.0, 0.0, 0.2)
    for arena in (mine, state.arena):
        arena["settings"][:] = np.array(settings_)[:, None]
        arena["marks"][:, :2] = 1
    of = program.lowered("alone")
    interpret(of, {**mine, "errors": log}, state.layout.lanes, n_sweeps=3, n_blocks=2)
    theirs = aligned(log.shape, program.dtype)
    state.kernel({**state.arena, "errors": theirs}, n_blocks=2, n_sweeps=3)
    assert log.tobytes() == theirs.tobytes()
    assert mine["w"].tobytes() == state.arena["w"].tobytes()


def test_an_ensemble_of_which_few_are_left_goes_on_alone():
    task = backsweep.task("symmetry")
    procedure = replace(task.procedure, sweeps=6000)
    runs = backsweep.learn(
        task=task, procedure=procedure, runs=12, seed=1, engine="compiled"
    )
    program = CompiledEngine().prepare(task.network, task, procedure)
    state = program.start(1, range(12))
    assert not is_alone(state.layout)
    for _ in range(6):
        program.advance(state, 1000)
    assert is_alone(state.layout)
    learned = runs.dataset["learned_at"].values
    assert state.learned_at.tolist() == np.nan_to_num(learned).astype(int).tolist()


@pytest.mark.parametrize("precision", ["f32", "f64"])
def test_cases_written_out_and_in_a_loop_are_the_same(precision, monkeypatch):
    task = backsweep.task("symmetry")
    procedure = replace(task.procedure, until="end")
    forms: tuple[tuple[float, engine_room.Form], ...]
    forms = (0.0, "written out"), (1e9, "in a loop")
    ends, lengths = [], []
    for worth_it_s, form in forms:
        monkeypatch.setattr(engine_room, "WORTH_IT_S", worth_it_s)
        engine = CompiledEngine("compiled", precision)
        program = engine.prepare(task.network, task, procedure)
        ends.append(carried(engine, task, procedure, range(40), [12]))
        lengths.append(len(list(program.lowered(form))))
    assert lengths[0] > 5 * lengths[1]
    assert_same_bits(*ends)


def test_a_program_that_sums_lanes_takes_no_other_number_of_them():
    task = backsweep.task("symmetry")
    program = CompiledEngine().prepare(task.network, task, task.procedure)
    with pytest.raises(ShapeError, match="`lanes` must be 8, as the program sums them"):
        Kernel(program.lowered("alone"), 4, link.link(program.ir, folder=None))


def test_tied_links_and_small_batches_are_not_for_it():
    network = Network.layered(6, 2, 1)
    by_eight = Procedure(update=8)
    assert shares_of(network, Procedure(), 64, "f32") == 16
    assert shares_of(network, Procedure(), 64, "f64") == 8
    assert shares_of(network, by_eight, 64, "f32") == 0
    assert shares_of(network, Procedure(), 31, "f32") == 0
    tied = backsweep.task("families").network
    assert shares_of(tied, Procedure(), 104, "f32") == 16


@given(n_cases=st.integers(1, 300), shares=st.sampled_from([8, 16]))
def test_every_case_has_one_place(n_cases, shares):
    rows = laid_out(n_cases, shares)
    by_share = [case for lane in zip(*rows, strict=True) for case in lane]
    assert [case for case in by_share if case is not None] == list(range(n_cases))
    sizes = [size for four in quads(n_cases, shares) for size in four]
    held = [sum(case is not None for case in lane) for lane in zip(*rows, strict=True)]
    assert sizes == held


@given(size=st.integers(1, 100), most=st.integers(1, 9))
def test_tiles_are_about_equal(size, most):
    parts = tiles(size, most)
    assert sum(parts) == size
    assert max(parts) <= most
    assert max(parts) - min(parts) <= 1
    assert [part for count, part in alike(parts) for _ in range(count)] == parts


def test_what_is_no_case_makes_no_run_diverge():
    """17 cases in 8 shares: a unit that overflows for noughts alone is no matter."""
    layers = (
        Layer("input", 1),
        Layer("hidden", 1, "relu"),
        Layer("deep", 1, "relu", bias=False),
        Layer("output", 1, "linear"),
    )
    links = (
        Link("input", "hidden"),
        Link("hidden", "deep"),
        Link("deep", "output"),
    )
    network = Network(layers, links)
    # relu(1e300 - 1e300 x) is nought for x = 1, and for x = 0 the next overflows.
    begin = {
        ("input", "hidden"): -1e300,
        (None, "hidden"): 1e300,
        ("hidden", "deep"): 1e300,
    }
    w = np.zeros(network.n_parameters)
    for block in network.blocks:
        w[block.start] = begin.get((block.source, block.layer), 0.0)
    task = replace(
        made_up(network, 0, 17), inputs=np.ones((17, 1)), desired=np.ones((17, 1))
    )
    procedure = Procedure(epsilon=1e-3, start=Start(given=tuple(w)), until="end")
    alone, among = both_ways(task, procedure, "f64")
    assert alone["diverged_at"].tolist() == [0, 0, 0]
    assert_same_bits(alone, among)


@pytest.mark.parametrize("precision", ["f32", "f64"])
def test_tied_weights_have_the_same_bits_however_many_runs(precision, monkeypatch):
    layers = (
        Layer("input", 3),
        Layer("a", 3, "tanh", bias=False),
        Layer("b", 3, "tanh", bias=False),
        Layer("output", 1),
    )
    links = (
        Link("input", "a", tie="t"),
        Link("a", "b", tie="t"),
        Link("b", "output"),
    )
    network = Network(layers, links)
    task, procedure = made_up(network, 1, 12), Procedure(until="end", epsilon=0.1)
    ends = []
    for worth_it_s in (0.0, 1e9):
        monkeypatch.setattr(engine_room, "WORTH_IT_S", worth_it_s)
        engine = CompiledEngine("compiled", precision)
        ends.append(carried(engine, task, procedure, range(20), [50]))
    assert_same_bits(*ends)


@pytest.mark.parametrize("lanes", [-1, 0, 3, 12])
def test_lanes_are_a_power_of_two(lanes):
    with pytest.raises(SettingError, match=f"power of two, got {lanes}"):
        CompiledEngine(lanes=lanes)


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"epsilon": 1e39}, "epsilon must be at most 3.4e"), ({}, "the inputs must be")],
)
def test_what_single_precision_cannot_hold_is_told(settings, said):
    task = backsweep.task("xor")
    if not settings:
        task = replace(task, inputs=task.inputs * 1e39)
    engine = CompiledEngine("compiled-f32", "f32")
    with pytest.raises(SettingError, match=said):
        engine.prepare(task.network, task, replace(task.procedure, **settings))


def test_few_runs_that_are_left_are_moved_at_once():
    """Ten runs of which eight go on are not kept where no pace was measured."""
    task = backsweep.task("symmetry")
    program = CompiledEngine().prepare(task.network, task, task.procedure)
    state = program.start(0, range(10))
    state.running[:2] = False
    program.advance(state, 1)
    assert is_alone(state.layout)
