"""The family trees' numbers: those of `learn`, the equations and the analysis."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import backsweep
from backsweep.analysis import correlations, silenced
from backsweep.equations import backward, cases_right, forward
from backsweep.errors import SettingError
from backsweep.lab import families, packing
from backsweep.lab.budget import LIMITS
from backsweep.lab.messages import (
    FamilyQuestion,
    FamilySettings,
    FamilyStarts,
    FamilyTally,
    LesionSettings,
)

pytestmark = pytest.mark.slow

RUN, ROW = 4, 120
EARLY = 30  # a row at which the answers still send blame
RECIPES = ["learns", "printed"]


def read(body):
    raw, rest = packing.unpacked(body)
    message = json.loads(raw)
    return message, {
        place["name"]: np.frombuffer(
            rest, place["dtype"], int(np.prod(place["shape"])), place["offset"]
        ).reshape(place["shape"])
        for place in message["arrays"]
    }


def learned(settings):
    return backsweep.learn(
        task=families.task_of(settings),
        seed=settings.seed,
        runs=range(settings.run, settings.run + 1),
        snapshots=families.recorded(settings),
    )


def over_units(by_layer):
    names = ("person code", "relation code", "hidden", "output code", "output")
    return np.concatenate([by_layer[name] for name in names], axis=-1)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_run_is_that_of_learn(recipe):
    settings = FamilySettings(recipe=recipe, run=RUN)
    runs = learned(settings)
    message, arrays = read(families.history(settings))
    assert message["held_out"] == runs.history.held_out[0].tolist()
    assert message["sweeps"] == list(runs.recording.snapshots)
    assert np.array_equal(
        arrays["weights"], runs.history.snapshots[0].astype(np.float32)
    )
    assert message["stages"][0]["first"] == 1
    assert message["stages"][-1]["last"] == runs.procedure.sweeps
    assert [one["person"] for one in message["questions"]][:3] == ["Christopher"] * 3
    weights = runs.weights(RUN, "person code").to_numpy()[:, :24]
    sides = np.array([one["nationality"] == "Italian" for one in message["people"]])
    assert np.allclose(arrays["correlations"][-1, 0], correlations(weights, sides))
    told = np.delete(np.arange(104), message["held_out"])
    y = runs.activities(RUN).y["output"]
    error = ((y - runs.task.desired)[told] ** 2).sum() / len(told)
    assert arrays["error"][-1] == pytest.approx(error, rel=1e-5)


@pytest.mark.parametrize("recipe", RECIPES)
def test_its_answers_are_those_of_the_run(recipe):
    settings = LesionSettings(recipe=recipe, run=RUN)
    runs = learned(settings)
    _, arrays = read(families.answers(settings))
    y = over_units(runs.activities(RUN).y)
    assert np.abs(arrays["y"][-1] / 65535 - y).max() <= 0.51 / 65535
    apart = runs.history.held_out[0]
    right = arrays["right"][-1]
    assert right[apart].sum() == runs.held_out_right[0]
    assert np.delete(right, apart).sum() == runs.right[0]


def test_a_lesion_is_that_of_the_analysis():
    settings = LesionSettings(run=RUN, silent="03")
    runs = learned(settings)
    _, arrays = read(families.answers(settings))
    w = silenced(runs.network, runs.history.snapshots[0, ROW], "person code", [0, 3])
    y = forward(runs.network, w, runs.task.inputs).y["output"]
    assert np.array_equal(arrays["right"][ROW], cases_right(y, runs.task.desired))
    _, intact = read(families.answers(LesionSettings(run=RUN)))
    assert arrays["right"][-1].sum() < intact["right"][-1].sum()


def test_its_signals_are_those_of_the_equations():
    asked = FamilyQuestion(run=RUN, question=41, silent="2")
    runs = learned(asked)
    _, arrays = read(families.signals(asked))
    w = silenced(runs.network, runs.history.snapshots[0, EARLY], "person code", [2])
    case = slice(41, 42)
    passed = forward(runs.network, w, runs.task.inputs[case])
    blame = backward(runs.network, w, passed, runs.task.desired[case], zone=0.3)
    for name, values in (
        ("x", over_units(passed.x)[0]),
        ("y", over_units(passed.y)[0]),
        ("dE_dy", over_units(blame.dE_dy)[0]),
        ("dE_dx", over_units(blame.dE_dx)[0]),
        ("dE_dw", blame.dE_dw),
    ):
        assert np.array_equal(arrays[name][EARLY], values.astype(np.float32)), name
    assert np.abs(arrays["dE_dw"][EARLY]).max() > 0


def test_its_steps_are_those_of_equation_9():
    settings = FamilySettings(run=RUN)
    message, arrays = read(families.history(settings))
    _, step = read(families.steps(settings))
    assert not any(values[0].any() for values in step.values())
    for row in (1, 30, 120, 160, 300):
        sweep = message["sweeps"][row]
        stage = next(one for one in message["stages"] if sweep <= one["last"])
        slope, before = step["slope"][row], step["before"][row]
        expected = -stage["epsilon"] * slope + stage["alpha"] * before
        assert np.abs(expected).max() > 1e-6
        assert step["change"][row] == pytest.approx(expected, rel=1e-3, abs=1e-6)
        then = backsweep.learn(
            task="families", seed=1, runs=range(RUN, RUN + 1), snapshots=(sweep - 1,)
        ).history.snapshots[0, 0]
        moved = (then + expected) * (1 - stage["decay"])
        assert arrays["weights"][row] == pytest.approx(moved, rel=1e-4, abs=1e-5)


def test_other_starts_are_told_as_they_learn():
    work = FamilyStarts(
        work="family starts", settings=FamilySettings(seed=2), first=30, runs=12
    )
    reports = list(families.learn_starts(work, "a"))
    assert [report.done for report in reports] == [10, 12]
    runs = backsweep.learn(task="families", seed=2, runs=range(30, 42))
    last = reports[-1].so_far
    assert isinstance(last, FamilyTally)
    assert list(last.held_out_right) == runs.held_out_right.tolist()
    assert list(last.right) == runs.right.tolist()
    assert last.low < last.mean == runs.held_out_right.mean() < last.high


def test_what_it_writes_in_python_gives_the_same_run():
    settings = FamilySettings(recipe="printed", run=2)
    names: dict[str, Any] = {}
    exec(families.as_python(settings), names)
    message, _ = read(families.history(settings))
    assert names["runs"].history.held_out[0].tolist() == message["held_out"]


def test_beyond_the_budget_it_says_how_many_would_do(monkeypatch):
    monkeypatch.setattr(
        "backsweep.lab.budget.LIMITS",
        LIMITS.model_copy(update={"work": 10**9}),
    )
    work = FamilyStarts(
        work="family starts", settings=FamilySettings(), first=0, runs=200
    )
    with pytest.raises(SettingError, match="at most 1,000,000,000"):
        next(families.learn_starts(work, "a"))
