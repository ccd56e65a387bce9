"""The training curve's numbers where weights are set by hand: forks of `learn`."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

import backsweep
from backsweep.equations import backward, forward
from backsweep.errors import SettingError
from backsweep.lab import packing
from backsweep.lab.curve import (
    as_python,
    course,
    errors,
    history,
    network_of,
    procedure_of,
    single_file,
)
from backsweep.lab.messages import (
    SWEEPS,
    CurveAsked,
    CurveFile,
    CurvesAsked,
    WeightSet,
)


def arrays_of(body):
    raw, rest = packing.unpacked(body)
    message = json.loads(raw)
    return message, {
        place["name"]: np.frombuffer(
            rest, place["dtype"], int(np.prod(place["shape"])), place["offset"]
        ).reshape(place["shape"])
        for place in message["arrays"]
    }


def asked(*by_hand, **settings):
    """Ask for a run in which (sweep, parameter, value) are set by hand."""
    return CurveAsked(
        by_hand=tuple(
            WeightSet(sweep=sweep, parameter=parameter, value=value)
            for sweep, parameter, value in by_hand
        ),
        **settings,
    )


def learned(settings, **changes):
    procedure = dataclasses.replace(procedure_of(settings), **changes)
    return backsweep.learn(
        task=settings.task,
        network=network_of(settings),
        procedure=procedure,
        seed=settings.seed,
        runs=range(settings.run, settings.run + 1),
        engine="compiled",
        snapshots=tuple(range(procedure.sweeps + 1)),
    )


SETTINGS = [
    {},
    {"task": "and", "hidden": 0, "alpha": 0.0},
    {"task": "xnor", "hidden": 3, "update": "case", "run": 5},
    {"task": "parity:3", "hidden": 4, "epsilon": 0.3, "seed": 9},
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_run_goes_on_as_learn_does_from_the_weights_that_were_set(settings):
    sweep = 120
    edited = asked((sweep, 1, 2.5), (sweep, 0, -1.25), **settings)
    before = learned(edited).history.snapshots[0]
    weights = before[sweep].copy()
    weights[[1, 0]] = 2.5, -1.25
    start = backsweep.Start(given=weights)
    rest = learned(edited, start=start, sweeps=SWEEPS - sweep)
    after = rest.history.snapshots[0]
    found = course(edited)
    whole = np.concatenate([before[:sweep], after])
    np.testing.assert_array_equal(found.parameters, whole)
    np.testing.assert_array_equal(found.change[1:sweep], np.diff(before[:sweep].T).T)
    np.testing.assert_array_equal(found.change[sweep + 1 :], np.diff(after.T).T)
    assert not found.change[sweep].any(), "the change before counts as none"
    assert found.outcome == str(rest.outcomes[0])
    at = int(rest.learned_at[0])
    assert found.learned_at == (sweep + at if at else 0)


def test_the_first_step_from_there_is_the_gradient_alone():
    """Equation (8): with no change before there is no momentum."""
    settings = asked((200, 6, 3.0))
    message, arrays = arrays_of(history(settings))
    assert message["settings"]["by_hand"] == [
        {"sweep": 200, "parameter": 6, "value": 3.0}
    ]
    np.testing.assert_allclose(
        arrays["change"][201], -0.5 * arrays["dE_dw"][200], rtol=1e-4, atol=1e-8
    )


def test_its_signals_are_those_of_the_equations():
    settings = asked((0, 3, -4.0), (300, 8, 6.5), hidden=2)
    task, network = backsweep.task("xor"), network_of(settings)
    _, arrays = arrays_of(history(settings))
    parameters = course(settings).parameters
    for sweep in (0, 1, 299, 300, 301, SWEEPS):
        passed = forward(network, parameters[sweep], task.inputs)
        signals = backward(network, parameters[sweep], passed, task.desired)
        y = np.concatenate([passed.y["hidden"], passed.y["output"]], axis=-1)
        dE_dx = np.concatenate(
            [signals.dE_dx["hidden"], signals.dE_dx["output"]], axis=-1
        )
        np.testing.assert_allclose(arrays["y"][sweep], y, rtol=1e-6)
        np.testing.assert_allclose(arrays["dE_dx"][sweep], dE_dx, rtol=1e-5)
        np.testing.assert_allclose(arrays["dE_dw"][sweep], signals.dE_dw, rtol=1e-5)
        error = 0.5 * ((passed.y["output"] - task.desired) ** 2).sum()
        assert arrays["error"][sweep] == pytest.approx(error, rel=1e-6)


def test_the_run_without_it_is_there_to_compare_with():
    _, plain = arrays_of(history(CurveAsked()))
    _, edited = arrays_of(history(asked((150, 2, 5.0))))
    np.testing.assert_allclose(edited["untouched"], plain["error"], rtol=1e-6)
    np.testing.assert_array_equal(edited["error"][:150], plain["error"][:150])
    assert edited["error"][150] != plain["error"][150]
    assert "untouched" not in plain


def test_at_the_start_it_is_a_start_chosen_by_hand():
    """Every weight of it: nothing is left of what was drawn."""
    weights = [4.0, 4.0, -6.0, -6.0, -2.0, 9.0, 8.0, 8.0, -12.0]
    by_hand = [(0, parameter, value) for parameter, value in enumerate(weights)]
    found = course(asked(*by_hand, run=7))
    other = course(asked(*by_hand, run=8))
    np.testing.assert_array_equal(found.parameters[0], weights)
    np.testing.assert_array_equal(found.parameters, other.parameters)
    assert found.learned_at == 1, "two lines drawn by hand do XOR"


def test_at_the_last_sweep_nothing_is_left_to_learn_in():
    plain, edited = course(CurveAsked()), course(asked((SWEEPS, 8, 50.0)))
    np.testing.assert_array_equal(edited.parameters[:-1], plain.parameters[:-1])
    assert edited.parameters[-1, 8] == 50.0
    assert not edited.change[-1].any()


def test_the_order_of_sweeps_counts_not_that_of_setting():
    one = course(asked((400, 0, 1.0), (100, 3, -2.0)))
    other = course(asked((100, 3, -2.0), (400, 0, 1.0)))
    np.testing.assert_array_equal(one.parameters, other.parameters)
    assert one.parameters[400, 0] == 1.0


@pytest.mark.parametrize(
    "by_hand",
    [
        [],
        [(0, 4, 0.125)],
        [(120, 5, 2.5), (120, 0, -1.0)],
        [(300, 1, 7.5), (0, 8, 1e-7), (SWEEPS, 2, 0.0)],
    ],
)
def test_the_python_that_is_shown_gives_the_same_run(by_hand):
    settings = asked(*by_hand, task="nand", run=3, epsilon=0.12345678, start=1.0)
    shown: dict[str, Any] = {}
    exec(as_python(settings), shown)  # what a reader would copy
    last = course(settings).parameters[-1]
    if (SWEEPS, 2, 0.0) in by_hand:
        np.testing.assert_array_equal(shown["weights"], last)
    else:
        np.testing.assert_array_equal(shown["runs"].parameters[0], last)


@pytest.mark.parametrize(
    ("by_hand", "settings"),
    [
        ([], {"alpha": 0.0}),
        ([], {"epsilon": 0.05}),
        ([], {"task": "parity:3", "hidden": 4, "epsilon": 0.01}),
        ([(200, 3, 0.5), (400, 0, 1.0)], {"alpha": 0.0}),
        ([(SWEEPS, 0, 1.0)], {"alpha": 0.0}),
    ],
)
def test_a_slow_run_says_when_it_would_learn(by_hand, settings):
    edited = asked(*by_hand, **settings)
    message, _ = arrays_of(history(edited))
    assert message["outcome"] == "stuck"
    begun = max((sweep for sweep, *_ in by_hand), default=0)
    procedure = procedure_of(edited)
    start = procedure.start
    if by_hand:
        start = backsweep.Start(given=course(edited).parameters[begun])
    runs = backsweep.learn(
        task=edited.task,
        network=network_of(edited),
        procedure=dataclasses.replace(
            procedure, sweeps=20_000 - begun, until="learned", start=start
        ),
        seed=edited.seed,
        runs=range(edited.run, edited.run + 1),
        engine="plain",
    )
    assert message["later_at"] == begun + runs.learned_at[0] > SWEEPS


@pytest.mark.parametrize("settings", [{}, {"hidden": 1}, {"epsilon": 0.0}])
def test_what_learned_or_never_will_does_not_say_so(settings):
    message, _ = arrays_of(history(asked(**settings)))
    assert message["later_at"] == 0


def test_a_weight_that_is_not_there_is_refused():
    with pytest.raises(SettingError, match=r"one of the 9 weights .* 0 to 8, got 9"):
        history(asked((0, 9, 1.0)))


def test_one_file_holds_the_run_as_it_was_set():
    settings = asked((50, 1, 2.0))
    text = single_file(CurveFile(settings=settings, state="by_hand=50:1:2")).decode()
    assert '"by_hand": [{"sweep": 50, "parameter": 1, "value": 2.0}]' in text


def test_the_errors_of_others_are_those_of_their_own_runs():
    runs = (
        CurveAsked(task="and", hidden=0),
        asked((100, 2, -3.0), task="parity:3", hidden=3, run=4),
    )
    message, arrays = arrays_of(errors(CurvesAsked(runs=runs)))
    assert message["runs"][1]["run"] == 4
    for row, settings in zip(arrays["mean_squared"], runs, strict=True):
        _, own = arrays_of(history(settings))
        cases = backsweep.task(settings.task).n_cases
        np.testing.assert_allclose(row, 2 * own["error"] / cases, rtol=1e-5)
