"""learn: the same bits whatever the threads, blocks and interruptions."""

from __future__ import annotations

import dataclasses
import json
import threading
from typing import Any

import numpy as np
import pytest

import backsweep
from backsweep.engines.compiled.engine import CompiledProgram
from backsweep.errors import (
    EngineUnavailableError,
    FitWarning,
    RecordError,
    SettingError,
    ShapeError,
    UnknownNameError,
)
from backsweep.learning import drive, history

SYMMETRY = backsweep.task("symmetry")
SHORT = dataclasses.replace(SYMMETRY.procedure, sweeps=600)
LONG = dataclasses.replace(SYMMETRY.procedure, sweeps=3000, until="end")


@pytest.fixture(autouse=True)
def often(monkeypatch):
    """Look at the workers often: these ensembles are over in no time."""
    monkeypatch.setattr(drive, "LISTEN_S", 0.0005)


def learn(**settings):
    defaults: dict[str, Any] = {
        "task": SYMMETRY,
        "procedure": SHORT,
        "runs": 40,
        "seed": 5,
    }
    return backsweep.learn(**(defaults | settings))


@pytest.fixture(scope="module")
def ensemble():
    return learn()


def same(one, other):
    """Whether two records hold the same bits."""
    return all(
        np.array_equal(
            getattr(one.history, field.name),
            getattr(other.history, field.name),
            equal_nan=getattr(one.history, field.name).dtype.kind == "f",
        )
        for field in dataclasses.fields(one.history)
    )


def test_threads_change_nothing(ensemble):
    assert same(ensemble, learn(threads=1))
    assert same(ensemble, learn(threads=7))


@pytest.mark.parametrize("size", [1, 3, 17, 1000])
def test_blocks_change_nothing(ensemble, size, monkeypatch):
    monkeypatch.setattr(
        drive,
        "blocks",
        lambda runs, *_: [runs[k : k + size] for k in range(0, 40, size)],
    )
    assert same(ensemble, learn())


def test_a_replayed_run_is_the_run(ensemble):
    for run in (0, 17, 39):
        alone = ensemble.replay(run, snapshots=(0, 100))
        assert np.array_equal(alone.parameters[0], ensemble.parameters[run])
        assert np.array_equal(alone.errors[0], ensemble.errors[run], equal_nan=True)
        assert alone.learned_at[0] == ensemble.learned_at[run]
        assert alone.run.tolist() == [run]


def test_a_snapshot_is_where_a_shorter_run_ends(ensemble):
    upto = dataclasses.replace(SHORT, sweeps=100)
    early = learn(procedure=upto)
    watched = learn(snapshots=[100, 0])
    assert watched.recording.snapshots == (0, 100)
    for run in range(40):
        assert np.array_equal(watched.parameters_of(run, 100), early.parameters[run])
    assert same(dataclasses.replace(watched, history=ensemble.history), ensemble)


def test_thinned_errors_are_every_kth(ensemble):
    thinned = learn(every=7)
    assert np.array_equal(thinned.error_sweeps, np.arange(1, 601, 7))
    assert np.array_equal(thinned.errors, ensemble.errors[:, ::7], equal_nan=True)


def test_a_run_stops_with_the_sweep_in_which_it_has_learned(ensemble):
    learned = np.flatnonzero(ensemble.learned_at)
    assert len(learned) > 0
    assert np.array_equal(
        ensemble.history.sweeps[learned], ensemble.learned_at[learned]
    )
    for run in learned:
        sweeps = int(ensemble.learned_at[run])
        assert np.isfinite(ensemble.errors[run, :sweeps]).all()
        assert np.isnan(ensemble.errors[run, sweeps:]).all()


def test_to_the_end_learned_runs_go_on(ensemble):
    on = learn(procedure=dataclasses.replace(SHORT, until="end"))
    assert np.array_equal(on.learned_at, ensemble.learned_at)
    assert np.isfinite(on.errors).all()
    assert (on.history.sweeps == 600).all()


def test_settings_may_differ_by_run():
    epsilons = np.linspace(0.02, 0.3, 12)
    many = learn(procedure=dataclasses.replace(SHORT, epsilon=tuple(epsilons)), runs=12)
    for run in (0, 5, 11):
        one = dataclasses.replace(SHORT, epsilon=epsilons[run])
        alone = learn(procedure=one, runs=range(run, run + 1))
        assert np.array_equal(alone.parameters[0], many.parameters[run])
    assert many.table()["epsilon"].tolist() == epsilons.tolist()


def test_one_run_diverges_and_the_others_go_on():
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(10, 3))
    network = backsweep.parse("input 3; output 1 linear <- input")
    task = backsweep.Task(
        name="line",
        about="a line",
        source="none",
        inputs=inputs,
        desired=inputs @ [[1.0], [2.0], [-1.0]],
        network=network,
        procedure=backsweep.Procedure(
            epsilon=(0.01, 5.0, 0.02), alpha=0.0, sweeps=2000
        ),
    )
    runs = backsweep.learn(task=task, runs=3, seed=1)
    assert runs.outcomes.tolist() == ["learned", "diverged", "learned"]
    at = runs.diverged_at[1]
    assert 0 < at < 2000
    assert runs.history.sweeps[1] == at
    assert np.isfinite(runs.errors[1, : at - 1]).all()
    summary = json.loads(json.dumps(runs.summary(), allow_nan=False))
    assert summary["outcomes"] == {"learned": 2, "stuck": 0, "diverged": 1}


def test_after_ctrl_c_no_worker_begins_more_than_it_was_about_to(monkeypatch):
    """At most one call into the engine for each worker once the wish is known."""
    begun, at_the_wish = [0], []
    advance, break_off = CompiledProgram.advance, drive.break_off

    def counted(*given):
        begun[0] += 1
        return advance(*given)

    def noted(futures, stop):
        stop.set()
        at_the_wish.append(begun[0])
        break_off(futures, stop)

    def press(report):
        if report.done > 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(CompiledProgram, "advance", counted)
    monkeypatch.setattr(drive, "break_off", noted)
    endless = dataclasses.replace(SHORT, epsilon=0.0, sweeps=10**8, until="end")
    runs = learn(
        procedure=endless,
        runs=50_000,
        threads=3,
        listener=press,
        every=10**8,
        engine="compiled",
    )
    assert 0 < runs.n_runs < 50_000
    assert not runs.history.finished.any()
    assert begun[0] - at_the_wish[0] <= 3


@pytest.mark.parametrize(
    "name", ["xor", "symmetry", "encoder", "families", "families 2"]
)
@pytest.mark.parametrize("measure", ["squared", "cross-entropy"])
def test_a_run_is_judged_alike_alone_and_among_many(name, measure):
    """Whatever the number of runs that are judged at once, and the place among them."""
    task = backsweep.task(name.split()[0])
    network = task.network
    if name.endswith("2"):  # a softmax, and sizes that no vector is as long as
        network = backsweep.Network.layered(
            network.n_in, 5, network.n_out, output="softmax"
        )
    procedure = dataclasses.replace(task.procedure, error=measure)
    generator = np.random.default_rng(3)
    weights = generator.normal(size=(300, network.n_parameters))

    def judged(some):
        return history.evaluated(
            network, task, procedure, 1, range(some.start, some.stop), weights[some]
        )

    whole = judged(slice(0, 300))
    for some in (slice(0, 1), slice(7, 8), slice(3, 20), slice(131, 300)):
        for ours, theirs in zip(judged(some), whole, strict=True):
            assert ours.tobytes() == theirs[some].tobytes()


def test_ctrl_c_keeps_what_was_done():
    def press(report):
        if report.done > 0:
            raise KeyboardInterrupt

    # Without steps no run learns, however fast the engine.
    endless = dataclasses.replace(SHORT, epsilon=0.0, sweeps=10**7, until="end")
    runs = learn(procedure=endless, runs=2, threads=1, listener=press, every=10**4)
    assert not runs.history.finished.any()
    assert (runs.history.sweeps > 0).any()
    assert runs.summary()["learned_share"] is None


def broken_off(path, after, *, resume=False):
    """Begin a long ensemble and press Ctrl-C when some runs are finished."""

    def press(report):
        if report.finished > after:
            raise KeyboardInterrupt

    return learn(
        save=path,
        resume=resume,
        procedure=LONG,
        every=50,
        threads=1,
        listener=press,
    )


def test_ctrl_c_twice_while_saving_then_resumed_gives_the_same_bits(tmp_path):
    path = tmp_path / "kept.zarr"
    for after in (0, 15):
        begun = broken_off(path, after, resume=after > 0)
        assert not path.exists()
        assert begun.n_runs < 40 or "unfinished" in begun.outcomes
    done = learn(save=path, resume=True, procedure=LONG, every=50)
    assert same(done, learn(procedure=LONG, every=50))
    assert same(backsweep.open(path), done)
    assert not path.with_name("kept.zarr.partial").exists()


def test_resume_refuses_other_settings(tmp_path):
    path = tmp_path / "kept.zarr"

    def press(report):
        raise KeyboardInterrupt

    learn(save=path, threads=1, listener=press)
    with pytest.raises(RecordError, match="another seed"):
        learn(save=path, resume=True, seed=6)
    with pytest.raises(RecordError, match=r"another procedure.*\n.*0\.2") as caught:
        learn(save=path, resume=True, procedure=dataclasses.replace(SHORT, epsilon=0.2))
    assert "sweeps" not in str(caught.value)  # only what differs is shown
    with pytest.raises(RecordError, match="was broken off"):
        learn(save=path)
    assert same(learn(save=path, force=True), learn())


def test_a_damaged_block_is_learned_again(tmp_path):
    path = tmp_path / "kept.zarr"
    broken_off(path, 0)
    block = sorted(path.with_name("kept.zarr.partial").glob("*.npz"))[0]
    block.write_bytes(block.read_bytes()[:-40])
    done = learn(save=path, resume=True, procedure=LONG, every=50)
    assert same(done, learn(procedure=LONG, every=50))


def test_an_existing_record_is_refused_before_learning(tmp_path):
    path = tmp_path / "there.zarr"
    path.mkdir()

    def never(report):
        raise AssertionError

    with pytest.raises(RecordError, match="is there already"):
        learn(save=path, listener=never)


def test_a_failure_in_a_worker_stops_all_and_is_raised(monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(drive, "evaluated", fail)
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        learn()
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"runs": 0}, SettingError, "`runs` must be a whole number, at least 1, got 0"),
        ({"runs": -3}, SettingError, "at least 1, got -3"),
        ({"runs": 2.5}, SettingError, r"at least 1, got 2\.5"),
        ({"seed": -1}, SettingError, "`seed` must be a whole number from 0"),
        ({"task": None}, SettingError, "`task` must be given"),
        ({"task": "symetry"}, UnknownNameError, "did you mean 'symmetry'"),
        ({"network": "5-2-1"}, ShapeError, "must have 6 input units"),
        ({"network": "6-2-2"}, ShapeError, "must have 1 output unit,"),
        ({"engine": "quick"}, UnknownNameError, "no engine 'quick'"),
        ({"snapshots": [601]}, SettingError, "from 0 to 600"),
        ({"every": 0}, SettingError, "`every` must be"),
        (
            {"procedure": dataclasses.replace(SHORT, epsilon=(0.1, 0.2))},
            SettingError,
            "epsilon must hold one number for each of 40 runs, got 2",
        ),
        (
            {
                "procedure": dataclasses.replace(
                    SHORT, start=backsweep.Start(given=(0.0,))
                )
            },
            ShapeError,
            "must be 17 numbers",
        ),
        (
            {"network": "input 6; top 1 <- input, top (delay=1)"},
            EngineUnavailableError,
            "does not unfold networks in time yet",
        ),
    ],
)
def test_wrong_input_is_met_at_the_door(settings, error, text):
    with pytest.raises(error, match=text):
        learn(**settings)


def test_settings_that_do_not_fit_are_warned_of():
    other = dataclasses.replace(SHORT, error="cross-entropy")
    with pytest.warns(FitWarning, match="does not fit the tanh units of layer 'outp"):
        learn(network="input 6; output 1 tanh <- input", runs=1, procedure=other)
    far = dataclasses.replace(SYMMETRY, desired=SYMMETRY.desired * 3 - 1)
    with pytest.warns(FitWarning, match="cannot reach desired outputs from -1 to 2"):
        learn(task=far, runs=1)


def test_blocks_without_their_settings_are_refused(tmp_path):
    path = tmp_path / "kept.zarr"
    broken_off(path, 0)
    (tmp_path / "kept.zarr.partial" / "settings.json").unlink()
    with pytest.raises(RecordError, match="blocks of runs without their settings"):
        learn(save=path, resume=True, procedure=LONG, every=50)


def test_a_run_that_overflows_in_its_last_change_has_diverged_then():
    procedure = backsweep.Procedure(epsilon=1e300, alpha=0.0, sweeps=1)
    network = backsweep.parse("input 2; output 1 linear <- input")
    runs = backsweep.learn(network, "or", procedure, runs=3, snapshots=[0, 1])
    assert set(runs.outcomes) == {"diverged"}
    assert runs.diverged_at.tolist() == [1, 1, 1]
    assert np.isnan(runs.parameters).all()
    assert np.isfinite(runs.history.snapshots[:, 0]).all()
    assert np.isnan(runs.history.snapshots[:, 1]).all()


@pytest.mark.parametrize("held_out", [0, 1])
def test_a_map_tells_the_same_runs_diverged_as_an_ensemble(held_out):
    """Some in the last change of the weights, some before, some never."""
    procedure = backsweep.Procedure(alpha=0.0, sweeps=30, until="end")
    network = backsweep.parse("input 2; output 1 linear <- input")
    task = backsweep.task("or").with_held_out(held_out) if held_out else "or"
    grid = backsweep.grid(epsilon=np.geomspace(1e-2, 1e7, 200))
    whole, lean = (
        backsweep.learn(network, task, procedure, grid=grid, ends=ends)
        for ends in (True, False)
    )
    assert (whole.diverged_at == 30).any()
    last = (whole.diverged_at == 30) & np.isfinite(whole.errors[:, -1])
    assert last.any()
    assert set(whole.outcomes) == {"learned", "diverged", "stuck"}
    assert lean.diverged_at.tolist() == whole.diverged_at.tolist()
    assert lean.outcomes.tolist() == whole.outcomes.tolist()
    assert np.isnan(lean.final_errors).all()
    assert lean.parameters.size == 0


def test_numbers_of_numpy_are_welcome(tmp_path):
    runs = learn(runs=np.int64(3), seed=np.int64(5), every=np.int64(10))
    again = backsweep.open(runs.save(tmp_path / "numpy.zarr"))
    assert same(again, runs)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"runs": range(2**32, 2**32 + 1)}, r"under 2\*\*32"),
        ({"runs": range(0, 10, 2)}, "must go up by 1"),
        ({"runs": 2**31}, "must fit the machine's memory"),
        ({"threads": 0}, "`threads` must be a whole number from 1"),
        ({"snapshots": [2.7]}, r"`snapshots` must be .* got 2\.7"),
        ({"network": 3}, "`network` must be a Network"),
        ({"procedure": {}}, "`procedure` must be a Procedure"),
        ({"task": 5}, "`task` must be a Task"),
    ],
)
def test_odd_arguments_are_met_at_the_door(settings, text):
    with pytest.raises(SettingError, match=text):
        learn(**settings)
