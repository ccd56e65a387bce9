"""The rules, on both sides of each threshold; and the claims that use them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from backsweep.claims import CLAIMS, VERDICTS
from backsweep.claims.rules import (
    fewer,
    first_to_hold,
    is_nearly_always,
    is_ordinary,
    is_rare,
    is_rule,
    percentile_rank,
    verdict_of,
)
from tests.claims.made_up import learned, made_up


@pytest.mark.parametrize(
    ("rule", "counts", "holds"),
    [
        (is_rule, (60, 100), True),
        (is_rule, (59, 100), False),
        (is_rule, (0, 0), False),
        (is_nearly_always, (90, 100), True),
        (is_nearly_always, (89, 100), False),
        (is_nearly_always, (0, 0), False),
        (is_rare, (1, 111), True),
        (is_rare, (1, 107), False),
        (is_rare, (0, 0), False),
    ],
)
def test_rule_at_its_threshold(rule, counts, holds):
    assert rule(*counts) is holds


@pytest.mark.parametrize(
    ("value", "holds"), [(9, False), (10, True), (89, True), (90, False)]
)
def test_published_number_is_ordinary_between_the_tenths(value, holds):
    assert is_ordinary(value, np.arange(100)) is holds


def test_ties_count_half():
    assert percentile_rank(4, [4, 4, 4, 4]) == 50


def test_nothing_is_ordinary_among_nothing():
    assert not is_ordinary(1.0, [])


@pytest.mark.parametrize(("count", "holds"), [(0, True), (4, False)])
def test_fewer_needs_a_sure_difference(count, holds):
    assert fewer((count, 100), (10, 100)) is holds


def test_more_tries_ask_for_more():
    assert fewer((3, 100), (11, 100))
    assert not fewer((3, 100), (11, 100), tries=4)


def test_first_setting_that_holds_is_named():
    assert (
        first_to_hold([("letter", False), ("other", True), ("more", True)]) == "other"
    )
    assert first_to_hold([("letter", False)]) is None


def test_verdicts_are_those_promised():
    found = {
        verdict_of(holds=holds, letter_settings=own)
        for holds in (True, False)
        for own in (True, False)
    }
    assert found == {*VERDICTS}


def verdict(name, evidence):
    return CLAIMS[name].measure(evidence).verdict


@pytest.mark.parametrize(
    ("sweeps", "expected"),
    [
        (np.linspace(500, 9000, 40), "reproduced"),
        (np.linspace(2000, 9000, 40), "not reproduced"),
        (np.where(np.arange(40) < 20, 1425, 0), "not reproduced"),  # half do not learn
    ],
)
def test_sweeps_of_symmetry(sweeps, expected):
    runs = made_up("symmetry", 40, learned_at=sweeps.astype(int))
    evidence = {"symmetry": runs, "symmetry to within 0.1": runs}
    assert verdict("symmetry-sweeps", evidence) == expected


WEIGHTS = np.array([1.0, -2, 4, -4, 2, -1])
NETWORK_124 = np.concatenate([WEIGHTS, -WEIGHTS, [-1, -1], [-9, -9], [6]])
OTHER = np.array([2.0, -3, 4, -4, 3, -2])
NETWORK_234 = np.concatenate([OTHER, -OTHER, [-1, -1], [-9, -9], [6]])
ONE_SIGN = np.concatenate([WEIGHTS, WEIGHTS, [-1, -1], [-9, -9], [6]])
WRONG_BIAS = np.concatenate([WEIGHTS, -WEIGHTS, [-1, 1], [-9, -9], [6]])
UNEVEN = np.concatenate([[1.0, -2, 4, -3, 2, -1], -WEIGHTS, [-1, -1], [-9, -9], [6]])


@pytest.mark.parametrize(
    ("name", "network", "other", "count", "expected"),
    [
        ("symmetry-ratio", NETWORK_124, NETWORK_234, 27, "reproduced"),
        ("symmetry-ratio", NETWORK_124, NETWORK_234, 26, "not reproduced"),
        ("symmetry-mirror", NETWORK_124, UNEVEN, 36, "reproduced"),
        ("symmetry-mirror", NETWORK_124, UNEVEN, 35, "not reproduced"),
        ("symmetry-opposite", NETWORK_124, ONE_SIGN, 36, "reproduced"),
        ("symmetry-opposite", NETWORK_124, ONE_SIGN, 35, "not reproduced"),
        ("symmetry-biases", NETWORK_124, WRONG_BIAS, 36, "reproduced"),
        ("symmetry-biases", NETWORK_124, WRONG_BIAS, 35, "not reproduced"),
    ],
)
def test_structure_of_symmetry(name, network, other, count, expected):
    parameters = np.where(np.arange(40)[:, None] < count, network, other)
    runs = made_up("symmetry", 40, parameters=parameters, learned_at=learned(40, 40))
    finding = CLAIMS[name].measure({"symmetry to within 0.1": runs})
    # 27 of 40 is the least whose interval lies above one half.
    assert (finding.verdict, finding.share) == (expected, count / 40)


@pytest.mark.parametrize(
    "name",
    [
        f"symmetry-{what}"
        for what in ("sweeps", "mirror", "ratio", "opposite", "biases")
    ],
)
def test_no_run_that_learned_is_no_reproduction(name):
    runs = made_up("symmetry", 4, learned_at=learned(0, 4))
    evidence = {"symmetry": runs, "symmetry to within 0.1": runs}
    assert verdict(name, evidence) == "not reproduced"


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "reproduced"), (1, "not reproduced")]
)
def test_hidden_units_are_needed_unless_a_run_learns(count, expected):
    runs = made_up("xor", 4, "2-1", learned_at=learned(count, 4))
    assert verdict("xor-needs-hidden", {"xor without hidden units": runs}) == expected


@pytest.mark.parametrize(
    ("name", "right", "expected"),
    [
        ("printed", 95, "reproduced"),
        ("printed", 94, "not reproduced"),
        ("learned", 95, "reproduced with other settings"),
        ("learned", 94, "not reproduced"),
    ],
)
def test_training_cases_of_the_families(name, right, expected):
    claim = CLAIMS[f"families-{name}"]
    [ensemble] = claim.ensembles
    runs = made_up(ensemble.task, 3, right=[right, right, 0])
    assert claim.measure({ensemble.name: runs}).verdict == expected


@pytest.mark.parametrize(
    ("all_right", "expected"),
    [(2, "reproduced with other settings"), (1, "not reproduced")],
)
def test_held_out_cases_need_one_run_in_five(all_right, expected):
    right = np.where(np.arange(10) < all_right, 4, 2)
    runs = made_up("families", 10, held_out_right=right)
    assert verdict("families-held-out", {"families": runs}) == expected


@pytest.mark.parametrize("attribute", ["nationality", "generation", "branch"])
def test_untrained_codes_carry_nothing(attribute):
    runs = made_up("families", 10)
    assert verdict(f"families-{attribute}", {"families": runs}) == "not reproduced"


def test_untrained_twins_are_not_alike():
    runs = made_up("families", 20)
    assert verdict("families-twins", {"families": runs}) == "not reproduced"


def grid_evidence(name, stuck, runs=150):
    """Give evidence for a grid, with the stuck runs that `stuck` says for a point."""
    claim = CLAIMS[name]
    evidence = {}
    for one in claim.ensembles:
        network = one.make_network()
        point = (network["hidden"].size, one.make_procedure().epsilon)
        evidence[one.name] = made_up(
            one.task, runs, network, learned_at=learned(runs - stuck(*point), runs)
        )
    return claim.measure(evidence)


@pytest.mark.parametrize("task", ["xor", "symmetry"])
@pytest.mark.parametrize(
    ("published", "smaller_step", "expected"),
    [
        (0, 0, "reproduced"),
        (20, 0, "reproduced with other settings"),
        (20, 20, "not reproduced"),
    ],
)
def test_getting_stuck_rarely(task, published, smaller_step, expected):
    letter = {"xor": 0.5, "symmetry": 0.1}[task]
    finding = grid_evidence(
        f"stuck-{task}",
        lambda hidden, epsilon: published if epsilon == letter else smaller_step,
    )
    assert finding.verdict == expected


@pytest.mark.parametrize("task", ["xor", "symmetry"])
@pytest.mark.parametrize(
    ("stuck", "expected"),
    [
        ({2: 20}, "reproduced"),
        ({2: 20, 3: 20, 4: 20, 6: 20}, "not reproduced"),
        ({2: 20, 6: 60}, "not reproduced"),  # some help, some harm
    ],
)
def test_more_connections(task, stuck, expected):
    finding = grid_evidence(
        f"connections-{task}", lambda hidden, _: stuck.get(hidden, 0)
    )
    assert finding.verdict == expected


def test_more_connections_may_help_at_another_step_size():
    stuck = partial(lambda hidden, epsilon: 20 if epsilon == 0.1 or hidden == 2 else 0)
    finding = grid_evidence("connections-symmetry", stuck)
    assert finding.verdict == "reproduced with other settings"
    assert finding.settings == "epsilon 0.05"
