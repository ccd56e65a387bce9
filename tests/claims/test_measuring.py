"""Measuring: from claims to rows, end to end on a handful of runs."""

from __future__ import annotations

import json
import math

import pytest

from backsweep.claims import CLAIMS, VERDICTS, measure
from backsweep.errors import SettingError, UnknownNameError


@pytest.fixture(scope="module")
def few():
    return measure(["xor-needs-hidden", "symmetry-needs-hidden"], runs=3)


def test_names_are_unique_and_every_claim_says_its_rule():
    assert len(CLAIMS) == 18
    for name, claim in CLAIMS.items():
        assert claim.name == name
        assert claim.rule.startswith(("Reproduced if", "Holds for a run", "The letter"))
        assert claim.runs >= 40
        assert claim.words.endswith(".")


def test_rows_come_in_the_order_of_the_table(few):
    names = [row.claim.name for row in few]
    assert names == ["symmetry-needs-hidden", "xor-needs-hidden"]


def test_row_is_plain_values(few):
    for row in few:
        plain = row.to_dict()
        assert json.loads(json.dumps(plain)) == plain
        assert plain["verdict"] == "reproduced"
        assert plain["runs"] == 3


def test_proof_stands_beside_the_runs(few):
    assert few[0].details["proven"]
    assert few[0].numbers["most_possible"] == 57
    assert "1/2 of 01 + 1/2 of 10" in few[1].details["proof"]


def test_command_repeats_the_runs(few):
    source = few[1].sources[0]
    assert source["command"] == (
        "backsweep learn xor --network 2-1 --sweeps 2000 --runs 3 --seed 1"
    )


def test_same_seed_gives_the_same_rows(few):
    [again] = measure(["xor-needs-hidden"], runs=3)
    assert again.to_dict() == few[1].to_dict()


def test_progress_ends_with_everything_done():
    told = []
    measure(["xor-needs-hidden"], runs=2, listener=lambda *now: told.append(now))
    assert told[-1][0] == "xor-needs-hidden"
    assert told[-1][1] == told[-1][2]
    assert [now[1] for now in told] == sorted(now[1] for now in told)


def test_unknown_claim_is_refused():
    with pytest.raises(UnknownNameError, match="did you mean 'symmetry-ratio'"):
        measure(["symetry-ratio"])


@pytest.mark.parametrize("runs", [0, -1, True, 1.5])
def test_runs_must_be_whole(runs):
    with pytest.raises(SettingError, match="`runs` must be a whole number"):
        measure(["xor-needs-hidden"], runs=runs)


@pytest.mark.parametrize("scale", [0, -1, math.inf, math.nan])
def test_scale_must_be_above_nought(scale):
    with pytest.raises(SettingError, match="`scale` must be above 0"):
        measure(["xor-needs-hidden"], scale=scale)


@pytest.mark.slow
def test_every_claim_is_measured_and_shared_ensembles_once():
    told = []
    rows = measure(scale=0.02, listener=lambda *now: told.append(now))
    assert [row.claim.name for row in rows] == list(CLAIMS)
    assert {row.verdict for row in rows} <= {*VERDICTS}
    for row in rows:
        json.dumps(row.to_dict(), allow_nan=False)
        assert row.interval is None or 0 <= row.interval[0] <= row.interval[1] <= 1
    names = [source["name"] for row in rows for source in row.sources]
    assert len(names) > len(set(names))
    assert max(now[1] for now in told) == told[-1][2]
