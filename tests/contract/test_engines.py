"""Every engine carries out the same sweeps, and each run as if it were alone."""

from __future__ import annotations

import re
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import assume, example, given, settings, strategies as st

from backsweep.door import as_numbers
from backsweep.engines import ENGINES, Verdict, choose, plain, starts
from backsweep.equations import backward, forward, output_error
from backsweep.equations.updates import UPDATES
from backsweep.errors import (
    DataError,
    EngineUnavailableError,
    SettingError,
    ShapeError,
    UnknownNameError,
)
from backsweep.network import Layer, Link, Network
from backsweep.procedure import Criterion, Procedure, Spread, Stage, Start
from backsweep.threefry import ORDER_STREAM, normal, permutation, uniform
from tests import carrying
from tests.carrying import a_task, assert_same_bits, rows
from tests.strategies import cases_of, networks
from tests.tolerances import tolerance

RUNS = 6
SWEEPS = 5
SEED = 2**33 + 7
# The engines that give the numbers of the definition but for rounding in float64.
each_engine = pytest.mark.parametrize(
    "engine", [ENGINES["plain"], ENGINES["compiled"]], ids=lambda one: one.name
)
XOR = Network.layered(2, 2, 1)


def xor(network=XOR, **settings):
    inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
    return a_task(network, inputs, [[0], [1], [1], [0]], **settings)


def carried(task, procedure, runs, chunks, *, engine=ENGINES["plain"], seed=SEED):
    """Carry runs along on an engine that can."""
    verdict = engine.supports(task.network, procedure)
    if not verdict:
        pytest.skip(verdict.reason)
    return carrying.carried(engine, task, procedure, runs, chunks, seed)


def per_run(numbers):
    return numbers | st.lists(numbers, min_size=RUNS, max_size=RUNS).map(tuple)


# Step sizes from none to such as make linear units diverge.
epsilons = st.sampled_from([0.0, 0.05, 0.3, 2.0, 1e3, 1e100])
alphas = st.sampled_from([0.0, 0.5, 0.9])
decays = st.sampled_from([0.0, 0.01])
widths = st.sampled_from([0.0, 0.3, 2.0])
procedures = st.builds(
    Procedure,
    epsilon=per_run(epsilons),
    alpha=per_run(alphas),
    decay=per_run(decays),
    zone=per_run(st.sampled_from([0.0, 0.2])),
    stages=st.just(())
    | st.builds(
        Stage, sweeps=st.just(2), epsilon=per_run(epsilons), alpha=per_run(alphas),
        decay=st.none() | per_run(decays),
    ).map(lambda stage: (stage,)),
    error=st.sampled_from(["squared", "cross-entropy"]),
    half=st.booleans(),
    scale=st.sampled_from(["sum", "cases", "mean"]),
    momentum=st.sampled_from(sorted(UPDATES)),
    update=st.sampled_from(["sweep", "case", 2, 3, 100]),
    order=st.sampled_from(["fixed", "random"]),
    ties=st.sampled_from(["average", "sum"]),
    start=st.builds(
        Start,
        st.builds(Spread, per_run(widths), st.sampled_from(["uniform", "normal"])),
        st.builds(Spread, per_run(widths), centre=st.sampled_from([0.0, 0.1])),
    ),
    criterion=st.builds(
        Criterion,
        st.sampled_from(["within", "winner", "error"]),
        per_run(st.sampled_from([0.3, 0.6, 1.5])),
        st.sampled_from([0.5, 1.0]),
    ),
    sweeps=st.just(SWEEPS),
    until=st.sampled_from(["learned", "end"]),
)  # fmt: skip


@st.composite
def tasks(draw, network=None):
    """Draw a network and cases, some of which may be held out."""
    network = network or draw(networks())
    n_cases = draw(st.integers(2, 7))
    inputs, desired = cases_of(network, draw(st.integers(0, 99)), n_cases)
    apart = [
        {},
        {"held_out": 1},
        {"held_out": n_cases - 1},
        {"held_out_cases": (1,)},
    ]
    kept = draw(st.sampled_from(apart))
    return a_task(network, inputs, np.round(desired, 1), **kept)


def by_the_equations(task, procedure, run):
    """Carry one run through its sweeps, written down as simply as can be."""

    def own(setting):
        return setting[run] if isinstance(setting, tuple) else setting

    network = task.network
    w = starts(network, procedure.start, SEED, range(run, run + 1))[0]
    cases = task.split(SEED, range(run, run + 1))[0][0]
    velocity = np.zeros_like(w)
    size = min(procedure.batch or len(cases), len(cases))
    rates = np.ones_like(w)
    for block in network.blocks:
        rate = own(procedure.rate_of.get(block.layer, 1.0))
        rates[block.start : block.stop] = rate
    errors, learned_at = [], 0
    for sweep in range(1, procedure.sweeps + 1):
        stage = procedure
        last = 0
        for one in reversed(procedure.changes[:-1]):
            last = one.sweeps
            stage = one if sweep <= last else procedure
        order = cases
        if procedure.order == "random" and size < len(cases):
            drawn = permutation(SEED, np.array([run]), ORDER_STREAM, sweep, len(cases))
            order = cases[drawn[0]]
        total, right = 0.0, []
        for first in range(0, len(order), size):
            some = order[first : first + size]
            desired = task.desired[some]
            passed = forward(network, w, task.inputs[some])
            y = np.concat([passed.y[layer.name] for layer in network.outputs], axis=-1)
            total += output_error(network, passed, desired, procedure.error)
            if procedure.criterion.rule == "winner":
                right += list(y.argmax(axis=-1) == desired.argmax(axis=-1))
            else:
                bound = own(procedure.criterion.value)
                right += list((np.abs(y - desired) < bound).all(axis=-1))
            gradient = backward(
                network, w, passed, desired,
                error=procedure.error, zone=own(procedure.zone), ties=procedure.ties,
            ).dE_dw * procedure.error_factor(len(some), network.n_out)  # fmt: skip
            change, velocity = UPDATES[procedure.momentum](
                gradient, velocity, own(stage.epsilon) * rates, own(stage.alpha)
            )
            decay = procedure.decay if stage.decay is None else stage.decay
            w = (w + change) * (1 - own(decay))
        errors.append(total * procedure.error_factor(len(cases), network.n_out))
        if procedure.criterion.rule == "error":
            learned = errors[-1] < own(procedure.criterion.value)
        else:
            learned = np.mean(right) >= procedure.criterion.share
        learned_at = learned_at or sweep * bool(learned)
        if learned and procedure.until == "learned":
            break
    return np.array(errors), learned_at, w


@pytest.mark.slow
@each_engine
@settings(max_examples=60)
@given(task=tasks(), procedure=procedures, run=st.integers(0, RUNS - 1))
def test_a_sweep_is_the_equations(engine, task, procedure, run):
    assume(engine.supports(task.network, procedure))
    assume(procedure.error == "squared" or fits(task.network, procedure))
    with np.errstate(all="ignore"):
        errors, learned_at, w = by_the_equations(task, procedure, run)
    assume(np.isfinite(errors).all())
    assume(np.isfinite(w).all())
    # Where numbers grow large or steps throw weights about, rounding decides.
    assume(np.abs(w).max() < 50)
    # The logarithm of how far an output is from 1 is all rounding where that is near.
    assume(procedure.error == "squared" or np.max(errors) < 30)
    result = carried(task, procedure, range(run, run + 1), [SWEEPS], engine=engine)
    assert result["diverged_at"][0] == 0
    assert result["learned_at"][0] == learned_at
    stopped = bool(learned_at) and procedure.until == "learned"
    assert result["running"][0] == (not stopped)
    close = tolerance("float64", "sweeps")
    np.testing.assert_allclose(result["errors"][0, : len(errors)], errors, **close)
    assert np.isnan(result["errors"][0, len(errors) :]).all()
    np.testing.assert_allclose(result["parameters"][0], w, **close)


def fits(network, procedure):
    return not procedure.misfits(network)


def chunkings():
    return st.sampled_from([(5,), (1, 4), (2, 3), (4, 1), (1, 1, 1, 1, 1)])


@pytest.mark.slow
@each_engine
@settings(max_examples=60)
@given(
    task=tasks(),
    procedure=procedures,
    chunks=chunkings(),
    share=st.sampled_from([1, 300, 900]),
)
@example(  # a relu unit that overflows, and is silent thereafter
    task=a_task(
        Network((Layer("i", 1), Layer("o", 1, "relu", bias=False)), (Link("i", "o"),)),
        [[1.0]],
        [[0.0]],
    ),
    procedure=Procedure(epsilon=2.0, alpha=0.0, start=Start(given=(1e160,))),
    chunks=(1, 4),
    share=1,
)
def test_a_run_among_many_is_the_run_alone(engine, task, procedure, chunks, share):
    """Bit for bit: in any block, in slices of any size, in any chunks of sweeps."""
    assume(engine.supports(task.network, procedure))
    together = carried(task, procedure, range(RUNS), [SWEEPS], engine=engine)
    for run in range(RUNS):
        alone = carried(task, procedure, range(run, run + 1), chunks, engine=engine)
        assert_same_bits(rows(together, slice(run, run + 1)), alone)
    with mock.patch.object(plain, "SLICE_BYTES", share):
        sliced = carried(task, procedure, range(1, RUNS), chunks, engine=engine)
    assert_same_bits(sliced, rows(together, slice(1, None)))


@pytest.mark.slow
@each_engine
@settings(max_examples=60)
@given(
    task=tasks(),
    procedure=procedures,
    chunks=chunkings(),
    moments=st.sets(st.integers(1, SWEEPS)).map(sorted),
)
def test_weights_on_the_way_are_those_of_a_call_that_ends_there(
    engine, task, procedure, chunks, moments
):
    """Bit for bit, and nothing else is changed by asking for them."""
    assume(engine.supports(task.network, procedure))
    program = engine.prepare(task.network, task, procedure)
    state = program.start(SEED, range(RUNS))
    taken, errors, done = [], [], 0
    for sweeps in chunks:
        here = [one - done for one in moments if done < one <= done + sweeps]
        progress = program.advance(state, sweeps, slice(None), here)
        taken.append(progress.snapshots)
        errors.append(progress.errors)
        done += sweeps
    assert done == SWEEPS
    for k, moment in enumerate(moments):
        ended = carried(task, procedure, range(RUNS), [moment], engine=engine)
        weights = {"parameters": np.concat(taken, axis=1)[:, k]}
        assert_same_bits(weights, {"parameters": ended["parameters"]})
    whole = carried(task, procedure, range(RUNS), [SWEEPS], engine=engine)
    found = {
        "errors": np.concat(errors, axis=1),
        "learned_at": state.learned_at,
        "diverged_at": state.diverged_at,
        "running": state.running,
        "parameters": program.parameters(state),
    }
    assert_same_bits(found, whole)


@each_engine
@pytest.mark.parametrize("runs", [range(2, 3), range(4), range(40)], ids=len)
def test_weights_on_the_way_of_runs_that_stop(engine, runs):
    """Once it has stopped, a run keeps its weights; others go on beside it."""
    procedure = Procedure(epsilon=0.5, alpha=0.9, sweeps=600)
    program = engine.prepare(XOR, xor(), procedure)
    state = program.start(SEED, runs)
    moments = [1, 2, 100, 250, 300, 301, 600]
    progress = program.advance(state, 600, slice(None), moments)
    assert (progress.learned_at > 0).any()
    for k, moment in enumerate(moments):
        ended = carried(xor(), procedure, runs, [moment], engine=engine)
        np.testing.assert_array_equal(progress.snapshots[:, k], ended["parameters"])
    after = program.advance(state, 10, slice(None), [3])
    stopped = ~progress.running
    np.testing.assert_array_equal(
        after.snapshots[stopped, 0], progress.snapshots[stopped, -1]
    )


def families():
    """A network and cases of the size of the letter's family trees."""
    network = Network(
        (
            Layer("person", 24),
            Layer("relation", 12),
            Layer("person code", 6),
            Layer("relation code", 6),
            Layer("middle", 12),
            Layer("code", 6),
            Layer("output", 24),
        ),
        (
            Link("person", "person code"),
            Link("relation", "relation code"),
            Link("person code", "middle"),
            Link("relation code", "middle"),
            Link("middle", "code"),
            Link("code", "output"),
        ),
    )
    generator = np.random.default_rng(1)
    person, relation, answer = (generator.integers(0, n, 104) for n in (24, 12, 24))
    inputs = np.hstack([np.eye(24)[person], np.eye(12)[relation]])
    return a_task(network, inputs, np.eye(24)[answer], held_out=4)


def one_each(low, high, count=40):
    return tuple(np.linspace(low, high, count))


LARGER = {
    "families": (
        families(),
        {"zone": 0.2, "stages": (Stage(sweeps=2, epsilon=0.005, alpha=0.5),)},
    ),
    "families by 9 cases": (families(), {"update": 9, "order": "random"}),
    "families by case": (families(), {"update": "case", "epsilon": 0.1}),
    "families, all apart": (
        families(),
        {
            "epsilon": one_each(0.001, 0.1),
            "alpha": one_each(0.0, 0.95),
            "decay": one_each(0.0, 0.01),
            "zone": one_each(0.0, 0.3),
            "start": Start(Spread(one_each(0.1, 2.0)), Spread(one_each(0.0, 1.0))),
            "criterion": Criterion("error", one_each(1.0, 2000.0)),
        },
    ),
    "symmetry": (
        a_task(
            Network.layered(6, 2, 1),
            np.array([[c >> k & 1 for k in range(6)] for c in range(64)]),
            np.array([[f"{c:06b}" == f"{c:06b}"[::-1]] for c in range(64)]),
        ),
        {"epsilon": one_each(0.05, 0.2)},
    ),
    "softmax and cross-entropy": (
        a_task(
            Network.layered(5, 7, 3, activation="tanh", output="softmax"),
            np.random.default_rng(2).normal(size=(33, 5)),
            np.eye(3)[np.arange(33) % 3],
        ),
        {
            "error": "cross-entropy",
            "scale": "cases",
            "momentum": "nesterov",
            "update": 8,
        },
    ),
}


@pytest.mark.slow
@each_engine
@pytest.mark.parametrize(("task", "settings"), LARGER.values(), ids=LARGER)
def test_a_run_among_forty_is_the_run_alone(engine, task, settings):
    procedure = Procedure(**{"epsilon": 0.02, "sweeps": 4, "until": "end"} | settings)
    together = carried(task, procedure, range(40), [4], engine=engine)
    for run in (0, 7, 39):
        alone = carried(task, procedure, range(run, run + 1), [1, 3], engine=engine)
        assert_same_bits(rows(together, slice(run, run + 1)), alone)
    for share, last in ((1, 5), (50_000, 40), (10**9, 40)):
        with mock.patch.object(plain, "SLICE_BYTES", share):
            sliced = carried(task, procedure, range(3, last), [3, 1], engine=engine)
        assert_same_bits(sliced, rows(together, slice(3, last)))


RATED = {
    "in registers": (xor(), {"rates": {"hidden": 3.0}}),
    "written out": (
        xor(Network.layered(2, 9, 1)),
        {"rates": {"output": one_each(0.0, 2.0), "hidden": 0.5}, "update": "case"},
    ),
    "in loops": (
        families(),
        {"rates": {"code": one_each(0.1, 4.0), "middle": 2.0}, "momentum": "torch"},
    ),
}


@each_engine
@pytest.mark.parametrize(("task", "settings"), RATED.values(), ids=RATED)
def test_a_layer_learns_at_its_own_rate(engine, task, settings):
    stage = Stage(sweeps=2, epsilon=one_each(0.01, 0.03), alpha=0.5)
    procedure = Procedure(
        epsilon=0.02, sweeps=SWEEPS, stages=(stage,), until="end", **settings
    )
    together = carried(task, procedure, range(40), [SWEEPS], engine=engine)
    close = tolerance("float64", "sweeps")
    for run in (0, 7, 39):
        errors, _, w = by_the_equations(task, procedure, run)
        np.testing.assert_allclose(together["errors"][run], errors, **close)
        np.testing.assert_allclose(together["parameters"][run], w, **close)
        plain_steps = by_the_equations(task, replace(procedure, rates={}), run)[2]
        assert np.abs(w - plain_steps).max() > 1e-4
        alone = carried(task, procedure, range(run, run + 1), [2, 3], engine=engine)
        assert_same_bits(rows(together, slice(run, run + 1)), alone)


def linear_unit():
    network = Network((Layer("i", 1), Layer("o", 1, "linear")), (Link("i", "o"),))
    return a_task(network, [[0.0], [1.0], [2.0]], [[0.5], [1.0], [2.5]])


@each_engine
def test_a_run_that_diverges_says_when_and_harms_no_other(engine):
    """E overflows in the sweep in which the loop's own E does."""
    task = linear_unit()
    procedure = Procedure(
        epsilon=(0.1, 50.0, 0.1, 1e6, 0.1), alpha=0.5, sweeps=200, until="end"
    )  # fmt: skip
    with np.errstate(all="ignore"):
        expected = {run: by_the_equations(task, procedure, run)[0] for run in (1, 3)}
    result = carried(task, procedure, range(5), [200], engine=engine)
    for run, errors in expected.items():
        sweep = int(np.argmin(np.isfinite(errors))) + 1
        assert result["diverged_at"][run] == sweep
        assert 1 < sweep < 200
        assert np.isfinite(result["errors"][run, : sweep - 1]).all()
        assert np.isnan(result["errors"][run, sweep:]).all()
        assert np.isnan(result["parameters"][run]).all()
    np.testing.assert_array_equal(
        result["diverged_at"] > 0, [False, True, False, True, False]
    )
    np.testing.assert_array_equal(result["running"], [True, False, True, False, True])
    others = [0, 2, 4]
    assert np.isfinite(result["errors"][others]).all()
    calm = carried(
        task, replace(procedure, epsilon=0.1), range(5), [200], engine=engine
    )
    assert_same_bits(rows(result, others), rows(calm, others))


@each_engine
@pytest.mark.parametrize("chunks", [[200], [1] * 200, [7, 93, 100], [150, 50]], ids=len)
def test_divergence_does_not_depend_on_chunks(engine, chunks):
    procedure = Procedure(epsilon=(0.1, 50.0, 1e6), alpha=0.5, sweeps=200, until="end")
    whole = carried(linear_unit(), procedure, range(3), [200], engine=engine)
    assert_same_bits(
        carried(linear_unit(), procedure, range(3), chunks, engine=engine), whole
    )


@each_engine
def test_a_run_that_overflowed_has_not_learned(engine):
    """Its output is right one sweep later, by accident: it has diverged."""
    network = Network(
        (Layer("i", 1), Layer("o", 1, "relu", bias=False)), (Link("i", "o"),)
    )
    procedure = Procedure(epsilon=2.0, alpha=0.0, start=Start(given=(1e160,)))
    result = carried(
        a_task(network, [[1.0]], [[0.0]]), procedure, range(2), [3], engine=engine
    )
    assert result["diverged_at"].tolist() == [1, 1]
    assert result["learned_at"].tolist() == [0, 0]
    np.testing.assert_array_equal(result["errors"][0], [np.inf, np.nan, np.nan])


@each_engine
def test_an_output_layer_may_have_no_parameters(engine):
    """One layer hands its input on, another learns: both are judged in every run."""
    network = Network(
        (Layer("i", 1), Layer("same", 1, "linear", bias=False), Layer("o", 1)),
        (Link("i", "same", kind="identity"), Link("i", "o")),
    )
    task = a_task(network, [[0.0], [1.0]], [[0.0, 1.0], [1.0, 1.0]])
    together = carried(task, Procedure(until="end"), range(3), [4], engine=engine)
    for run in range(3):
        runs = range(run, run + 1)
        alone = carried(task, Procedure(until="end"), runs, [4], engine=engine)
        assert_same_bits(rows(together, slice(run, run + 1)), alone)


@each_engine
def test_without_momentum_it_is_plain_descent(engine):
    procedure = Procedure(epsilon=0.5, alpha=0.0, until="end")
    w = starts(XOR, procedure.start, SEED, range(1))[0]
    task = xor()
    for _ in range(8):
        passed = forward(XOR, w, task.inputs)
        w = w - 0.5 * backward(XOR, w, passed, task.desired).dE_dw
    result = carried(task, procedure, range(1), [8], engine=engine)
    close = tolerance("float64", "sweeps")
    np.testing.assert_allclose(result["parameters"][0], w, **close)


@each_engine
@pytest.mark.parametrize("momentum", sorted(UPDATES))
@pytest.mark.parametrize("update", ["sweep", "case"])
def test_a_zero_step_changes_nothing(engine, momentum, update):
    procedure = Procedure(epsilon=0.0, momentum=momentum, update=update, until="end")
    result = carried(xor(), procedure, range(3), [4], engine=engine)
    begun = starts(XOR, procedure.start, SEED, range(3))
    assert result["parameters"].tobytes() == begun.tobytes()
    assert (result["errors"] == result["errors"][:, :1]).all(axis=-1).tolist() == [
        True
    ] * 3


@each_engine
def test_a_run_stops_with_the_weights_it_learned_with(engine):
    """The weights after the change of the sweep in which it had learned."""
    procedure = Procedure(epsilon=4.0, alpha=0.9, criterion=Criterion("error", 0.48))
    stopping = carried(xor(), procedure, range(RUNS), [80], engine=engine)
    going = replace(procedure, until="end")
    assert (stopping["learned_at"] > 0).any()
    for run, learned_at in enumerate(stopping["learned_at"].tolist()):
        sweep = learned_at or 80
        on = carried(xor(), going, range(run, run + 1), [sweep], engine=engine)
        np.testing.assert_array_equal(stopping["parameters"][run], on["parameters"][0])
        np.testing.assert_array_equal(stopping["errors"][run, :sweep], on["errors"][0])
        assert np.isnan(stopping["errors"][run, sweep:]).all()
        assert (stopping["learned_at"][run] == 0) == stopping["running"][run]


@each_engine
@pytest.mark.parametrize("apart", [{}, {"held_out": 2}])
def test_what_is_held_out_is_not_learned_from(engine, apart):
    """What the desired outputs of cases kept apart are changes no weight."""
    network = Network.layered(3, 2, 1)
    inputs, desired = cases_of(network, 1, 6)
    task = a_task(network, inputs, desired, **apart)
    _, kept = task.split(SEED, range(RUNS))
    for run in range(RUNS if apart else 1):
        other = desired.copy()
        other[kept[run]] = 1 - other[kept[run]]
        changed = a_task(network, inputs, other, **apart)
        runs = range(run, run + 1)
        results = [
            carried(one, Procedure(), runs, [3], engine=engine)
            for one in (task, changed)
        ]
        assert_same_bits(*results)


@each_engine
def test_it_carries_more_than_one_slice_and_a_fair_pace(engine):
    program = engine.prepare(XOR, xor(), Procedure())
    assert program.block >= 1
    assert program.pace(1) >= program.pace(10_000) >= 1


@each_engine
def test_numbers_of_other_runs_are_not_looked_at_for_each_block(engine):
    """One number a run costs each block its own runs' only: counted, not timed."""
    runs, calls = 300, []
    procedure = Procedure(epsilon=tuple(np.linspace(0.1, 0.5, runs).tolist()))
    program = engine.prepare(XOR, xor(), procedure)

    def counted(value):
        calls.append(value)
        return as_numbers(value)

    with mock.patch("backsweep.procedure.as_numbers", counted):
        for first in range(0, runs, 10):
            program.advance(program.start(SEED, range(first, first + 10)), 2)
    assert calls == []


@each_engine
def test_progress_is_not_changed_afterwards(engine):
    program = engine.prepare(XOR, xor(), Procedure(epsilon=2.0, until="end"))
    state = program.start(SEED, range(3))
    first = program.advance(state, 2)
    before = {name: getattr(first, name).copy() for name in first.__dataclass_fields__}
    parameters = program.parameters(state)
    copied = parameters.copy()
    program.advance(state, 50)
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(first, name), values)
    np.testing.assert_array_equal(parameters, copied)


def test_starts_are_drawn_by_seed_run_and_parameter():
    start = Start(Spread(2.0, centre=1.0), Spread((0.5, 0.0, 3.0), "normal"))
    drawn = starts(XOR, start, 5, range(1, 3))
    run = np.array([[1], [2]])
    for block in XOR.blocks:
        numbers = np.arange(block.start, block.stop)
        expected = (
            np.array([[0.0], [3.0]]) * normal(5, run, numbers)
            if block.source is None
            else 1.0 + 2.0 * uniform(5, run, numbers)
        )
        np.testing.assert_array_equal(drawn[:, block.start : block.stop], expected)


def test_given_weights_start_every_run():
    given = tuple(np.linspace(-1, 1, 9))
    np.testing.assert_array_equal(
        starts(XOR, Start(given=given), 1, range(2)), [given, given]
    )


def test_given_weights_of_the_wrong_number_are_refused():
    said = "weights must be 9 numbers, as the network has parameters, got 2."
    with pytest.raises(ShapeError, match=re.escape(said)):
        starts(XOR, Start(given=(0.0, 1.0)), 1, range(1))


def iterative():
    layers = (Layer("i", 2), Layer("o", 1))
    return Network(layers, (Link("i", "o"), Link("o", "o", delay=1)))


WHY_NOT = (
    r"the plain engine does not unfold networks in time yet, "
    r"and the link o <- o has a delay\."
)


def test_the_plain_engine_says_what_it_cannot_do():
    verdict = ENGINES["plain"].supports(iterative(), Procedure())
    assert not verdict
    assert verdict.reason == WHY_NOT.replace("\\", "")
    assert ENGINES["plain"].supports(XOR, Procedure()) == Verdict(supported=True)


@pytest.mark.parametrize("name", ["auto", *ENGINES])
def test_an_engine_is_chosen_by_name(name):
    assert choose(name, XOR, Procedure()) in ENGINES.values()


@pytest.mark.parametrize("name", ["auto", "plain"])
def test_no_engine_can_do_it(name):
    with pytest.raises(EngineUnavailableError, match=WHY_NOT):
        choose(name, iterative(), Procedure())


def test_an_unknown_engine_is_refused():
    said = (
        r"there is no engine 'plane'\.\nhint: did you mean 'plain'\? There are 'auto', "
    )
    with pytest.raises(UnknownNameError, match=said):
        choose("plane", XOR, Procedure())


ENDS = [
    (
        (3, 2, 1),
        (
            "the network must have 2 input units, as the inputs of task 'a test' have, "
            "got 3.\nhint: for instance '2-2-1'."
        ),
    ),
    (
        (2, 4, 3),
        (
            "the network must have 1 output unit, as the desired outputs of task "
            "'a test' have, got 3.\nhint: for instance '2-4-1'."
        ),
    ),
]


@each_engine
@pytest.mark.parametrize(("sizes", "said"), ENDS)
def test_a_network_of_other_ends_is_refused(engine, sizes, said):
    with pytest.raises(ShapeError, match=re.escape(said)):
        engine.prepare(Network.layered(*sizes), xor(), Procedure())


LEAVE = "the held-out cases must leave at least one of the 4 cases to learn from, got"
DISTINCT = "`held_out_cases` must be distinct numbers from 0 to 3, got"
TASKS_REFUSED = [
    (
        {"inputs": np.zeros((0, 2)), "desired": np.zeros((0, 1))},
        DataError,
        "a task must have at least one case, got none.",
    ),
    (
        {"inputs": np.zeros((4, 2, 1))},
        ShapeError,
        "`inputs` must have shape (n_cases, n_units), got (4, 2, 1).",
    ),
    (
        {"desired": np.zeros(4)},
        ShapeError,
        "`desired` must have shape (n_cases, n_units), got (4,).",
    ),
    (
        {"desired": np.zeros((3, 1))},
        ShapeError,
        "`inputs` and `desired` must hold the same cases, got 4 and 3.",
    ),
    (
        {"inputs": [[0, 1], [0, np.nan], [0, 1], [0, 1]]},
        DataError,
        "`inputs` must be finite, got nan in case 2, unit 2.",
    ),
    (
        {"desired": [[-np.inf], [1], [0], [0]]},
        DataError,
        "`desired` must be finite, got -inf in case 1, unit 1.",
    ),
    (
        {"case_names": ("a", "b")},
        ShapeError,
        "`case_names` must name each of the 4 cases, got 2 names.",
    ),
    ({"held_out": 4}, SettingError, f"{LEAVE} 4."),
    ({"held_out": -1}, SettingError, f"{LEAVE} -1."),
    ({"held_out_cases": (1, 1)}, SettingError, f"{DISTINCT} (1, 1)."),
    ({"held_out_cases": (4,)}, SettingError, f"{DISTINCT} (4,)."),
]


@pytest.mark.parametrize(("settings", "kind", "said"), TASKS_REFUSED)
def test_cases_that_no_engine_can_learn_are_refused(settings, kind, said):
    with pytest.raises(kind, match=re.escape(said)):
        replace(xor(), **settings)


@pytest.mark.parametrize("amount", [1.5, -0.5, -1, np.inf, -np.inf, np.nan])
def test_an_impossible_share_is_refused(amount):
    said = (
        "`hold_out` must be a share under 1 or a whole number of cases, "
        f"got {amount!r}."
    )
    with pytest.raises(SettingError, match=re.escape(said)):
        xor().with_held_out(amount)


@pytest.mark.parametrize(
    ("amount", "count"), [(0, 0), (0.25, 1), (0.5, 2), (3, 3), (1.0, 1)]
)
def test_a_share_or_a_number_may_be_held_out(amount, count):
    task = xor(held_out_cases=(0, 1)).with_held_out(amount)
    assert task.n_held_out == count
    learned, kept = task.split(SEED, range(50))
    for run in range(len(learned)):
        together = sorted([*learned[run].tolist(), *kept[run].tolist()])
        assert together == [0, 1, 2, 3]
        assert sorted(learned[run].tolist()) == learned[run].tolist()
    assert learned.shape == (50 if count else 1, 4 - count)
