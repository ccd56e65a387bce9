"""The symmetry page's numbers: those of `learn`, the equations and the analysis."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

import backsweep
from backsweep.analysis import CODES, mirror_residual, ratio_code, side_magnitudes
from backsweep.equations import backward, forward
from backsweep.errors import SettingError
from backsweep.lab import budget, packing, symmetry
from backsweep.lab.messages import (
    SymmetryLot,
    SymmetrySettings,
    SymmetryStarts,
    SymmetryTally,
)
from backsweep.lab.wording import in_a_sentence

pytestmark = pytest.mark.slow

SETTINGS = SymmetrySettings(run=3)


def read(body):
    raw, rest = packing.unpacked(body)
    message = json.loads(raw)
    return message, {
        place["name"]: np.frombuffer(
            rest, place["dtype"], int(np.prod(place["shape"])), place["offset"]
        ).reshape(place["shape"])
        for place in message["arrays"]
    }


@pytest.fixture(scope="module")
def shown():
    return read(symmetry.history(SETTINGS))


@pytest.fixture(scope="module")
def runs(shown):
    """Give the same run from `learn`, with the plain engine."""
    sweeps = shown[0]["sweeps"]
    spread = backsweep.Spread(SETTINGS.start)
    procedure = backsweep.Procedure(
        epsilon=SETTINGS.epsilon,
        alpha=SETTINGS.alpha,
        start=backsweep.Start(spread, spread),
        sweeps=sweeps[-1],
        until="end",
    )
    return backsweep.learn(
        task="symmetry",
        procedure=procedure,
        seed=SETTINGS.seed,
        runs=range(3, 4),
        engine="plain",
        snapshots=sweeps,
    )


def test_a_run_is_that_of_learn(shown, runs):
    message, arrays = shown
    weights = runs.history.snapshots[0]
    assert np.allclose(arrays["weights"], weights, rtol=1e-4, atol=1e-4)
    assert message["outcome"] == "learned"
    alone = backsweep.learn(task="symmetry", seed=1, runs=range(3, 4))
    assert message["learned_at"] == alone.learned_at[0]
    assert message["published"] == 1425


def test_its_moments_are_few_and_closer_near_learning(shown):
    message, _ = shown
    sweeps, at = message["sweeps"], message["learned_at"]
    assert sweeps[0] == 0
    assert len(sweeps) <= 600
    assert at in sweeps
    assert at < message["settled_at"] <= sweeps[-1]
    long = symmetry.moments(9000, 14_000)
    steps = np.diff(long)
    near = np.abs(np.array(long[1:]) - 9000) < 1000
    assert np.median(steps[near]) < np.median(steps[~near]) / 1.5
    assert len(symmetry.moments(0, 20_000)) == 600


def test_its_signals_are_those_of_the_equations(shown):
    message, arrays = shown
    row = message["sweeps"].index(message["learned_at"])
    task, network = symmetry.TASK, symmetry.TASK.network
    w = arrays["weights"][row].astype(np.float64)
    case = slice(11, 12)
    passed = forward(network, w, task.inputs[case])
    blame = backward(network, w, passed, task.desired[case])
    for name, values in (
        ("x", passed.x),
        ("y", passed.y),
        ("dE_dy", blame.dE_dy),
        ("dE_dx", blame.dE_dx),
    ):
        expected = np.concatenate([values["hidden"][0], values["output"][0]])
        assert arrays[name][row, 11] == pytest.approx(expected, rel=1e-3, abs=1e-6)
    assert arrays["dE_dw_by_case"][row, 11] == pytest.approx(
        blame.dE_dw, rel=1e-3, abs=1e-6
    )
    summed = arrays["dE_dw_by_case"][row].sum(axis=0)
    assert arrays["dE_dw"][row] == pytest.approx(summed, rel=1e-3, abs=1e-5)


def test_its_steps_are_those_of_equation_9(shown, runs):
    message, arrays = shown
    sweeps = message["sweeps"]
    assert not any(arrays[name][0].any() for name in ("change", "slope", "before"))
    expected = -SETTINGS.epsilon * arrays["slope"] + SETTINGS.alpha * arrays["before"]
    assert arrays["change"] == pytest.approx(expected, rel=1e-3, abs=1e-5)
    moved = np.diff(arrays["weights"].astype(np.float64), axis=0)
    single = np.diff(sweeps) == 1
    assert single.any()
    assert arrays["change"][1:][single] == pytest.approx(moved[single], abs=1e-5)
    assert np.abs(arrays["slope"][200]).max() > 0


def test_its_sides_are_those_of_the_analysis(shown):
    message, arrays = shown
    network = symmetry.TASK.network
    weights = network.weights(
        arrays["weights"].astype(np.float64), network.incoming("hidden")[0]
    )
    sides = side_magnitudes(weights)
    assert np.allclose(arrays["magnitudes"], sides, atol=1e-5)
    assert np.allclose(arrays["residual"], mirror_residual(weights), atol=1e-5)
    assert np.allclose(arrays["ratios"][-1], sides[-1] / sides[-1, :, :1], rtol=1e-5)
    names = [*CODES, "other"]  # -1 is the last of them
    assert [names[k] for k in arrays["code"][-1]] == ratio_code(sides[-1]).tolist()
    assert message["codes"] == list(CODES)
    assert arrays["residual"][0].min() > 0.5, "it begins without a mirror"
    assert arrays["residual"][-1].max() < 0.05, "and becomes one"


def test_a_run_that_does_not_learn_is_shown_to_the_limit():
    message, arrays = read(symmetry.history(SymmetrySettings(epsilon=0.0)))
    assert message["outcome"] == "stuck"
    assert message["learned_at"] == message["settled_at"] == 0
    assert message["sweeps"][-1] == message["limit"] == 20_000
    assert np.array_equal(arrays["weights"][0], arrays["weights"][-1])


def test_a_run_that_learns_later_says_when():
    message, _ = read(symmetry.history(SymmetrySettings(run=72)))
    assert (message["outcome"], message["learned_at"]) == ("stuck", 0)
    procedure = symmetry.procedure_of(SymmetrySettings(), sweeps=message["patience"])
    later = backsweep.learn(
        task="symmetry", procedure=procedure, seed=1, runs=range(72, 73), every=20_000
    )
    assert message["later_at"] == later.learned_at[0] > message["limit"]
    message, _ = read(symmetry.history(SETTINGS))
    assert message["later_at"] == 0


def test_without_any_weights_there_is_no_ratio():
    _, arrays = read(symmetry.history(SymmetrySettings(start=0.0, epsilon=0.0)))
    assert not arrays["ratios"].any()
    assert (arrays["code"] == -1).all()


def test_other_starts_are_timed_as_they_learn():
    work = SymmetryStarts(
        work="symmetry starts", settings=SymmetrySettings(seed=2), first=30, runs=60
    )
    reports = list(symmetry.time_starts(work, "a"))
    assert [report.done for report in reports] == [50, 60]
    runs = backsweep.learn(task="symmetry", seed=2, runs=range(30, 90), every=20_000)
    last = reports[-1].so_far
    assert isinstance(last, SymmetryTally)
    assert list(last.learned_at) == runs.learned_at.tolist()
    right = runs.learned_at[runs.learned_at > 0]
    assert (last.learned, last.stuck) == (len(right), 60 - len(right))
    assert last.median == np.median(right)
    assert last.sooner == (right < 1425).sum()
    assert last.low < last.learned / 60 < last.high


@pytest.mark.parametrize(
    "changed", [{}, {"epsilon": 0.1234567, "alpha": 0.8765432, "start": 0.2999999}]
)
def test_what_it_writes_in_python_gives_the_same_run(changed):
    settings = SETTINGS.model_copy(update=changed)
    message, arrays = read(symmetry.history(settings))
    names: dict[str, Any] = {}
    exec(message["python"], names)
    runs = names["runs"]
    assert runs.learned_at[0] == message["learned_at"]
    for name in ("epsilon", "alpha"):
        assert getattr(runs.procedure, name) == getattr(settings, name)
    assert runs.procedure.start.weights == backsweep.Spread(settings.start)
    assert np.array_equal(
        arrays["weights"][-1], runs.parameters_of(3).astype(np.float32)
    )


def test_beyond_the_budget_it_says_how_many_would_do(monkeypatch):
    monkeypatch.setattr(
        budget, "LIMITS", budget.LIMITS.model_copy(update={"work": 10**9})
    )
    work = SymmetryStarts(
        work="symmetry starts", settings=SymmetrySettings(), first=0, runs=200
    )
    with pytest.raises(SettingError, match="at most 1,000,000,000"):
        next(symmetry.time_starts(work, "a"))


def test_no_more_starts_diverged_than_did_not_learn():
    lot = SymmetryLot(first=0, learned_at=(0, 300, 0), diverged=2)
    assert lot.diverged == 2
    with pytest.raises(ValidationError) as refused:
        SymmetryLot(first=0, learned_at=(0, 300, 0), diverged=3)
    said = in_a_sentence(refused.value.errors())
    assert said == "`diverged` must be at most 2, as many as did not learn, got 3."
