"""The compiled engine: the same numbers as the plain one, at any width, and no harm."""

from __future__ import annotations

import gc
import re
import resource
import stat
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

import backsweep
from backsweep.engines import ENGINES, choose
from backsweep.engines.compiled import CompiledEngine, call, engine, link, recall
from backsweep.engines.compiled.emit import emit
from backsweep.engines.compiled.frame import Cases
from backsweep.engines.compiled.lower import lower
from backsweep.engines.compiled.verify import verify
from backsweep.errors import ShapeError
from backsweep.network import Layer, Link, Network
from backsweep.procedure import Criterion, Procedure, Spread, Stage, Start
from backsweep.tasks.task import Task
from tests.strategies import cases_of, networks
from tests.tolerances import tolerance

PLAIN = ENGINES["plain"]
DTYPES = {"f32": "float32", "f64": "float64"}


def a_task(network, seed=0, n_cases=5, **settings):
    inputs, desired = cases_of(network, seed, n_cases)
    return Task(
        name="a test",
        about="Cases of a test.",
        source="this file",
        inputs=inputs,
        desired=desired,
        network=network,
        procedure=Procedure(),
        **settings,
    )


def carried(engine, task, procedure, runs, chunks, seed=3):
    program = engine.prepare(task.network, task, procedure)
    state = program.start(seed, runs)
    progress = [program.advance(state, sweeps) for sweeps in chunks]
    return {
        "errors": np.concat([part.errors for part in progress], axis=1),
        "learned_at": progress[-1].learned_at,
        "diverged_at": progress[-1].diverged_at,
        "running": progress[-1].running,
        "parameters": program.parameters(state),
    }


def assert_same_bits(actual, expected):
    for name, values in expected.items():
        assert actual[name].tobytes() == values.tobytes(), name


# -- against the definition ------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["f64", "f32"])
@settings(max_examples=100)
@given(
    network=networks(),
    seed=st.integers(0, 2**16),
    n_cases=st.sampled_from([1, 3, 9, 37]),
    larger=st.booleans(),
    procedure=st.builds(
        Procedure,
        epsilon=st.sampled_from([0.01, 0.05]),
        alpha=st.sampled_from([0.0, 0.9]),
        decay=st.sampled_from([0.0, 0.001]),
        stages=st.sampled_from([(), (Stage(sweeps=3, epsilon=0.02, alpha=0.5),)]),
        error=st.sampled_from(["squared", "cross-entropy"]),
        half=st.booleans(),
        scale=st.sampled_from(["sum", "cases", "mean"]),
        momentum=st.sampled_from(["letter", "torch", "nesterov"]),
        update=st.sampled_from(["sweep", "case", 2]),
        ties=st.sampled_from(["average", "sum"]),
        until=st.just("end"),
    ),
)
def test_ten_sweeps_are_those_of_the_plain_engine(
    network, seed, n_cases, larger, procedure, precision
):
    if larger:  # so large that it is written with loops over its units
        sizes = {1: 5, 2: 13, 3: 21}
        network = Network(
            tuple(replace(one, size=sizes[one.size]) for one in network.layers),
            network.links,
        )
    assume(not procedure.misfits(network))
    task = a_task(network, seed, n_cases)
    engine = CompiledEngine("compiled", precision)
    assert engine.supports(network, procedure)
    program = engine.prepare(network, task, procedure)
    verify(program.program)
    # What a unit that sits on an edge does, or what one is near nought, rounding
    # decides: steps must be small, and relu units away from their edge.
    theirs = carried(PLAIN, task, procedure, range(3), [10])
    ours = carried(engine, task, procedure, range(3), [10])
    assume(np.abs(theirs["parameters"]).max() < 20)
    relu = any(layer.activation == "relu" for layer in network.layers)
    assume(not (relu and precision == "f32"))
    close = tolerance(DTYPES[precision], "sweeps")
    np.testing.assert_allclose(ours["errors"], theirs["errors"], **close)
    np.testing.assert_allclose(ours["parameters"], theirs["parameters"], **close)


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["f64", "f32"])
@pytest.mark.parametrize(
    ("name", "settings", "sweeps"),
    [
        ("xor", {"epsilon": 0.5, "start": Start(Spread(1.0), Spread(1.0))}, 600),
        ("symmetry", {}, 600),
        ("encoder:8-3", {}, 550),
    ],
)
def test_outcomes_are_those_of_the_plain_engine(name, settings, sweeps, precision):
    """Shares of runs that learn within three standard errors, medians within 10 %."""
    task = backsweep.task(name)
    procedure = replace(task.procedure, **settings, sweeps=sweeps, until="learned")
    runs = {
        engine.name: carried(engine, task, procedure, range(n), [sweeps])
        for engine, n in (
            (PLAIN, 2000 if name == "xor" else 500),
            (CompiledEngine("compiled", precision), 2000),
        )
    }
    shares, medians, spreads = [], [], []
    for run in runs.values():
        learned = run["learned_at"][run["learned_at"] > 0]
        share = len(learned) / len(run["learned_at"])
        shares.append(share)
        spreads.append(share * (1 - share) / len(run["learned_at"]))
        medians.append(np.median(learned) if len(learned) else 0)
    assert shares[0] > 0.05
    assert abs(shares[1] - shares[0]) <= 3 * np.sqrt(sum(spreads)) + 1e-9
    assert abs(medians[1] - medians[0]) <= 0.1 * medians[0]
    if precision == "f64":  # most trajectories are the same for so long
        n = len(runs["plain"]["learned_at"])
        same = runs["compiled"]["learned_at"][:n] == runs["plain"]["learned_at"]
        assert same.mean() > 0.95


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
            assert_same_bits(
                alone, {name: values[run : run + 1] for name, values in whole.items()}
            )


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


def test_those_that_have_learned_are_not_paid_for(monkeypatch):
    """Count the sweeps of blocks that machine code really carries out."""
    carry_out, carried_out = call.Kernel.__call__, [0.0]

    def counted(kernel, given, *, n_blocks, n_sweeps):
        carry_out(kernel, given, n_blocks=n_blocks, n_sweeps=n_sweeps)
        if "marks" in given:  # and not starts that are drawn
            running, _, learned, diverged = given["marks"].max(axis=-1).T
            ended = np.maximum(learned, diverged)
            carried_out[0] += np.where(running > 0, n_sweeps, ended).sum()

    monkeypatch.setattr(call.Kernel, "__call__", counted)
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
        now, carry_out = [0.0], call.Kernel.__call__

        def slow(kernel, given, *, n_blocks, n_sweeps):
            carry_out(kernel, given, n_blocks=n_blocks, n_sweeps=n_sweeps)
            now[0] += n_blocks * n_sweeps * a_sweep_s

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(call.Kernel, "__call__", slow)
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
    now, carry_out = [0.0], call.Kernel.__call__

    def slow(kernel, given, *, n_blocks, n_sweeps):
        carry_out(kernel, given, n_blocks=n_blocks, n_sweeps=n_sweeps)
        running, _, learned, _ = given["marks"].max(axis=-1).T
        now[0] += 1e-3 * np.where(running > 0, n_sweeps, learned).sum()

    monkeypatch.setattr(call.Kernel, "__call__", slow)
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


# -- the call into machine code -----------------------------------------------------


def a_kernel(lanes=4):
    network = Network.layered(2, 2, 1)
    task = backsweep.task("xor")
    cases = Cases(4, task.inputs, task.desired)
    program = lower(network, Procedure(), cases, "f64")
    kernel = call.Kernel(program, lanes, link.link(emit(program, lanes), folder=None))
    shapes = {
        "lanes": lambda rows: (2, rows, lanes),
        "shared": lambda rows: (rows,),
        "log": lambda _: (3, 2 * lanes),
    }
    given = {
        buffer.name: call.aligned(shapes[buffer.kind](buffer.rows), np.float64)
        for buffer in program.buffers
        if buffer.kind in shapes
    }
    return kernel, given


def frozen(array):
    array.flags.writeable = False
    return array


def moved(array):
    room = call.aligned((array.size + 1,), np.float64)
    return room[1:].reshape(array.shape)


def poisoned(array):
    array[:] = np.inf
    return array


WRONG = {
    "missing": ("w", lambda _: None, "`w` must be an array, got None."),
    "a list": ("w", lambda a: a.tolist(), "`w` must be an array, got [[["),
    "of f32": (
        "w",
        lambda a: call.aligned(a.shape, np.float32),
        "`w` must be float64 of shape (2, 9, 4), got float32 of shape (2, 9, 4).",
    ),
    "too small": ("w", lambda a: a[:1], "got float64 of shape (1, 9, 4)."),
    "too short a log": ("errors", lambda a: a[:2], "of shape (3, 8), got"),
    "in pieces": (
        "w",
        lambda a: call.aligned((2, 9, 8), np.float64)[:, :, ::2],
        "`w` must lie in one piece",
    ),
    "not aligned": ("v", moved, "from 8 bytes behind one."),
    "not writable": ("marks", frozen, "`marks` must be writable, got"),
    "not finite": ("inputs", poisoned, "`inputs` must be finite, got"),
}


@pytest.mark.parametrize(("name", "spoil", "said"), WRONG.values(), ids=WRONG)
def test_wrong_arrays_never_reach_machine_code(name, spoil, said):
    kernel, given = a_kernel()
    kernel(given, n_blocks=2, n_sweeps=3)
    given[name] = spoil(given[name])
    with pytest.raises(ShapeError, match=re.escape(said)):
        kernel(given, n_blocks=2, n_sweeps=3)


def test_arrays_that_overlap_never_reach_machine_code():
    kernel, given = a_kernel()
    given["v"] = given["w"]
    with pytest.raises(ShapeError, match=r"`[vw]` and `[vw]` must not overlap"):
        kernel(given, n_blocks=2, n_sweeps=3)


@pytest.mark.parametrize("sizes", [(-1, 3), (2, -3)])
def test_negative_sizes_never_reach_machine_code(sizes):
    kernel, given = a_kernel()
    with pytest.raises(ShapeError, match="must not be negative, got"):
        kernel(given, n_blocks=sizes[0], n_sweeps=sizes[1])


# -- the cache of object code ---------------------------------------------------------

TEXT = "define void @kernel() { ret void }"


def test_an_object_is_found_again(tmp_path):
    assert not link.link(TEXT, folder=tmp_path).from_cache
    assert link.link(TEXT, folder=tmp_path).from_cache
    assert not link.link(TEXT + "\n; another", folder=tmp_path).from_cache
    assert not link.link(TEXT, folder=None).from_cache


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 4000])
def test_a_damaged_object_is_compiled_anew(tmp_path, damage):
    link.link(TEXT, folder=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    assert not link.link(TEXT, folder=tmp_path).from_cache
    assert link.link(TEXT, folder=tmp_path).from_cache


def test_half_an_object_is_compiled_anew(tmp_path):
    link.link(TEXT, folder=tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert not link.link(TEXT, folder=tmp_path).from_cache


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    link.link(TEXT, folder=folder)
    # Root may write there all the same; below a file nobody can.
    (tmp_path / "file").write_text("no folder")
    assert not link.link(TEXT, folder=tmp_path / "file" / "below").from_cache


def test_old_objects_go(tmp_path, monkeypatch):
    monkeypatch.setattr(link, "KEPT", 3)
    for k in range(6):
        link.link(f"{TEXT}\n; {k}", folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_what_was_compiled_is_found_without_being_lowered(tmp_path, monkeypatch):
    task = backsweep.task("symmetry")

    def learned(procedure, task=task, runs=range(40)):
        given = CompiledEngine("compiled", cache=tmp_path)
        return carried(given, task, procedure, runs, [30])

    first = learned(task.procedure)
    assert len(list(tmp_path.iterdir())) == 2  # an object, and a note

    def never(*_, **__):
        raise AssertionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "lower", never)
        patch.setattr(engine, "lower_across", never)
        patch.setattr(engine, "emit", never)
        assert_same_bits(learned(task.procedure), first)
        # Numbers that come with each call ask for no other program.
        others = learned(replace(task.procedure, epsilon=0.3, sweeps=9))
        assert (others["parameters"] != first["parameters"]).any()
        for other in (
            replace(task.procedure, decay=0.1),
            replace(task.procedure, zone=0.1),
            replace(task.procedure, until="end"),
            replace(task.procedure, scale="mean"),
        ):
            with pytest.raises(AssertionError):
                learned(other)
        changed = replace(task, inputs=1 - task.inputs)
        with pytest.raises(AssertionError):
            learned(task.procedure, changed)
        with pytest.raises(AssertionError):
            learned(task.procedure, runs=range(1))  # laid out otherwise
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
        assert_same_bits(learned(task.procedure), first)
    monkeypatch.setattr(recall, "_compiler", lambda: "another compiler")
    monkeypatch.setattr(engine, "lower", never)
    with pytest.raises(AssertionError):
        learned(task.procedure)


@pytest.mark.parametrize("settings", [
    {"epsilon": 0.7, "alpha": 0.2, "sweeps": 12, "start": Start(Spread(2.0))},
    {"decay": 0.01, "zone": 0.2, "criterion": Criterion("winner", share=0.5)},
    {"stages": (Stage(sweeps=3, epsilon=0.1, alpha=0.5, decay=0.1),)},
    {"epsilon": (0.1, 0.2), "decay": (0.0, 0.5), "zone": (0.1, 0.0)},
])  # fmt: skip
def test_a_program_is_made_from_the_plain_procedure(settings):
    """What a call brings along is in no program."""
    network, procedure = Network.layered(3, 2, 2), Procedure(**settings)
    programs = [
        emit(lower(network, one, Cases(4), "f64"), 2)
        for one in (procedure, recall.plain(procedure))
    ]
    assert programs[0] == programs[1]


@pytest.mark.slow
def test_two_processes_may_write_at_once(tmp_path):
    code = f"""
import sys
from pathlib import Path
from backsweep.engines.compiled import link
for k in range(20):
    link.link({TEXT!r} + "\\n; %d" % k, folder=Path(sys.argv[1]))
"""
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)
    ]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    assert len(list(tmp_path.iterdir())) == 20
    for k in range(20):
        assert link.link(f"{TEXT}\n; {k}", folder=tmp_path).from_cache


@pytest.mark.slow
def test_compiling_again_and_again_does_not_grow():
    task = backsweep.task("xor")
    cases = Cases(4, task.inputs, task.desired)
    text = emit(lower(task.network, task.procedure, cases, "f64"), 2)

    def some(count):
        for k in range(count):
            link.link(f"{text}\n; {k}", folder=None)
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kB

    before = some(50)
    assert some(200) - before < 20_000


def test_the_machine_code_can_be_read():
    engine = CompiledEngine("compiled", "f32")
    task = backsweep.task("xor")
    program = engine.prepare(task.network, task, task.procedure)
    assert "define void @kernel(" in program.ir
    assert "inttoptr" not in program.ir
    assert "kernel:" in program.assembly
