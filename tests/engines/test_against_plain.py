"""The compiled engine gives the plain one's numbers: graph by graph, and in all."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

import backsweep
from backsweep.engines import ENGINES
from backsweep.engines.compiled import CompiledEngine
from backsweep.equations.updates import UPDATES
from backsweep.errors import SettingError
from backsweep.network import Network
from backsweep.procedure import Criterion, Procedure, Spread, Stage, Start
from backsweep.runs.summary import share_interval
from tests.carrying import carried, made_up
from tests.strategies import networks
from tests.tolerances import tolerance

PLAIN = ENGINES["plain"]
DTYPES = {"f32": "float32", "f64": "float64"}
RUNS = 3
each_precision = pytest.mark.parametrize("precision", ["f64", "f32"])

# -- random graphs -----------------------------------------------------------------


class Drawn(NamedTuple):
    """A network, how it learns, from what, and how it is compiled."""

    network: Network
    procedure: Procedure
    n_cases: int
    held_out: int
    seed: int
    lanes: int | None


def per_run(*values: float) -> st.SearchStrategy[float | tuple[float, ...]]:
    number = st.sampled_from(values)
    return number | st.tuples(*[number] * RUNS)


steps = {
    "epsilon": per_run(0.0, 0.01, 0.05, 0.2),
    "alpha": per_run(0.0, 0.5, 0.9),
    "decay": per_run(0.0, 0.001, 0.05),
}
spreads = st.builds(
    Spread, per_run(0.3, 0.5, 1.0), st.sampled_from(["uniform", "normal"])
)
procedures = st.builds(
    Procedure,
    **steps,
    zone=per_run(0.0, 0.1, 0.3),
    stages=st.lists(
        st.builds(Stage, sweeps=st.sampled_from([1, 3]), **steps), max_size=2
    ).map(tuple),
    error=st.sampled_from(["squared", "cross-entropy"]),
    half=st.booleans(),
    scale=st.sampled_from(["sum", "cases", "mean"]),
    momentum=st.sampled_from(sorted(UPDATES)),
    update=st.sampled_from(["sweep", "sweep", "case", 2, 3]),
    ties=st.sampled_from(["average", "sum"]),
    start=st.builds(Start, spreads, spreads),
    criterion=st.builds(
        Criterion,
        st.sampled_from(["within", "winner", "error"]),
        per_run(0.3, 0.45, 0.6),
        st.sampled_from([0.5, 1.0]),
    ),
    until=st.sampled_from(["learned", "end"]),
)


@st.composite
def graphs(draw, *, sizes=(False, True), cases=(1, 2, 5, 9, 37)):
    """Draw a graph with all that decides ten sweeps of it."""
    network = draw(networks())
    if draw(
        st.sampled_from(sizes)
    ):  # so large that it is written with loops over its units
        wider = {1: 4, 2: 7, 3: 11}
        network = Network(
            tuple(replace(one, size=wider[one.size]) for one in network.layers),
            network.links,
        )
    procedure = draw(procedures)
    if procedure.misfits(network):
        procedure = replace(procedure, error="squared")
    learning = {link.target: draw(per_run(0.5, 2.0)) for link in network.links}
    rated = replace(procedure, rates=draw(st.sampled_from([(), learning])))
    with contextlib.suppress(SettingError):  # tied links share their rate
        rated.check_rates(network)
        procedure = rated
    # From 32 cases on, and where no lanes are asked for, runs are carried out alone.
    n_cases = draw(st.sampled_from(cases))
    return Drawn(
        network,
        procedure,
        n_cases=n_cases,
        held_out=draw(st.sampled_from([0, 0, 1])) if n_cases > 1 else 0,
        seed=draw(st.integers(0, 2**16)),
        lanes=draw(st.sampled_from([None, 1, 2, 4, 8])),
    )


def nearby(procedure: Procedure, by: float) -> list[Procedure]:
    """Give procedures whose runs start a rounding away."""

    def moved(spread: Spread, factor: float, shift: float) -> Spread:
        width = np.multiply(spread.width, factor)
        return replace(spread, width=width.tolist(), centre=spread.centre + shift)

    start = procedure.start
    return [
        replace(
            procedure,
            start=replace(
                start,
                weights=moved(start.weights, 1 + factor, shift),
                biases=moved(start.biases, 1 - factor, shift),
            ),
        )
        for factor in (by, -by)
        for shift in (by, -by)
    ]


def plain_outcome(task, procedure, sweeps, by, close):
    """Carry runs along on the plain engine, where the numbers stand on firm ground.

    `close` is how near another engine must come, by the name of a result.

    Where a unit sits on an edge (of a relu, of the zone of no error, of the
    criterion) or steps are wild, rounding decides what comes next, and two engines
    may differ: such examples are dropped. They are those in which the plain engine
    itself comes elsewhere from a start a rounding away.
    """
    result = carried(PLAIN, task, procedure, range(RUNS), [sweeps])
    assume(np.isfinite(result["parameters"]).all())
    for one in nearby(procedure, by):
        other = carried(PLAIN, task, one, range(RUNS), [sweeps])
        assume((other["learned_at"] == result["learned_at"]).all())
        for name, most in close.items():
            strict = {key: number / 3 for key, number in most.items()}
            assume(np.allclose(other[name], result[name], **strict, equal_nan=True))
    return result


ROUNDING = {"f64": 2e-15, "f32": 3e-7}


def assert_close(ours, theirs, close):
    np.testing.assert_allclose(ours, theirs, **close)


def assert_agrees(drawn, precision, cache):
    """Hold forward pass, gradient and ten sweeps to those of the plain engine."""
    network, procedure = drawn.network, drawn.procedure
    task = made_up(network, drawn.seed, drawn.n_cases, held_out=drawn.held_out)
    engine = CompiledEngine("compiled", precision, lanes=drawn.lanes, cache=cache)
    assert engine.supports(network, procedure)

    def both(procedure, sweeps, **kinds):
        close = {
            name: tolerance(DTYPES[precision], kind) for name, kind in kinds.items()
        }
        theirs = plain_outcome(task, procedure, sweeps, ROUNDING[precision], close)
        return carried(engine, task, procedure, range(RUNS), [sweeps]), theirs, close

    # With steps of 1 and nothing else, the step is the gradient.
    bare = replace(
        procedure, epsilon=1.0, alpha=0.0, decay=0.0, stages=(), rates=(),
        update="sweep", until="end",
    )  # fmt: skip
    ours, theirs, close = both(bare, 1, errors="forward", parameters="gradient")
    assert_close(ours["errors"], theirs["errors"], close["errors"])
    ours, theirs = (
        carried(one, task, bare, range(RUNS), [0])["parameters"] - after["parameters"]
        for one, after in ((engine, ours), (PLAIN, theirs))
    )
    assert_close(ours, theirs, close["parameters"])

    ours, theirs, close = both(procedure, 10, errors="sweeps", parameters="sweeps")
    for name, most in close.items():
        assert_close(ours[name], theirs[name], most)
    for name in ("learned_at", "diverged_at", "running"):
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)


@each_precision
@settings(max_examples=12)
@given(drawn=graphs(sizes=(False,), cases=(1, 2, 5)))
def test_some_graphs_learn_as_on_the_plain_engine(drawn, precision, cache):
    assert_agrees(drawn, precision, cache)


@pytest.mark.slow
@each_precision
@settings(max_examples=120)
@given(drawn=graphs())
def test_many_graphs_learn_as_on_the_plain_engine(drawn, precision, cache):
    assert_agrees(drawn, precision, cache)


# -- outcomes ----------------------------------------------------------------------

MANY = 10_000
# Sweeps enough for a good share to learn; the plain engine takes 30 s for them all.
OUTCOMES: dict[str, Any] = {
    "xor": ({"epsilon": 0.5}, 600),
    "symmetry": ({"epsilon": 0.1}, 800),
    "encoder:8-3": ({"epsilon": 0.1}, 500),
}


def learned_at(engine, name):
    """Tell when each of many runs learned."""
    changes, sweeps = OUTCOMES[name]
    task = backsweep.task(name)
    procedure = replace(task.procedure, **changes, sweeps=sweeps, until="learned")
    program = engine.prepare(task.network, task, procedure)
    return program.advance(program.start(1986, range(MANY)), sweeps).learned_at


learned_at_on_plain = functools.cache(functools.partial(learned_at, PLAIN))


def median_interval(sweeps):
    """Give the 95 % interval of a median: the quantiles of the interval of a half."""
    return np.quantile(sweeps, share_interval(len(sweeps) // 2, len(sweeps)))


@pytest.mark.slow
@pytest.mark.parametrize("name", OUTCOMES)
@each_precision
def test_outcomes_are_those_of_the_plain_engine(name, precision, cache):
    """Share and median lie in the intervals of ten thousand runs on the plain engine.

    Both engines begin with the same weights, so that far closer would be no wonder.
    """
    theirs = learned_at_on_plain(name)
    ours = learned_at(CompiledEngine("compiled", precision, cache=cache), name)
    low, high = share_interval(int((theirs > 0).sum()), MANY)
    assert low > 0.1
    assert low <= (ours > 0).mean() <= high
    low, high = median_interval(theirs[theirs > 0])
    assert low <= np.median(ours[ours > 0]) <= high
    # Rounding parts few trajectories before their criterion.
    assert (ours == theirs).mean() > {"f64": 0.999, "f32": 0.99}[precision]
