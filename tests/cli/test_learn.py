"""`backsweep learn`: what it prints, keeps and draws, and what its options do."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from backsweep.cli.partial import Partial
from backsweep.runs import learn, open_runs

IRIS = Path(__file__).parents[2] / "examples" / "iris.csv"

KEYS = {
    "task", "network", "parameters", "runs", "seed", "sweeps", "procedure", "engine",
    "outcomes", "learned_share", "learned_share_interval", "sweeps_to_learn",
    "final_errors", "seconds", "net_sweeps_per_second", "version",
}  # fmt: skip


def test_json_is_one_object_with_every_key(data):
    found = data("learn", "xor", "--runs", 5, "--seed", 3)
    assert found.keys() >= KEYS
    assert (found["task"], found["network"], found["runs"]) == ("xor", "2-2-1", 5)
    assert set(found["sweeps_to_learn"]) == {
        "min", "p10", "p25", "p50", "p75", "p90", "max"
    }  # fmt: skip
    assert found["outcomes"].keys() == {"learned", "stuck", "diverged"}
    assert found["final_errors"].keys() == {"learned", "others"}
    assert found["net_sweeps_per_second"] > 0


def test_json_says_what_learning_from_python_says(data):
    found = data("learn", "xor", "--runs", 5, "--seed", 3)
    there = learn(task="xor", runs=5, seed=3).summary()
    for name in ("outcomes", "sweeps_to_learn", "final_errors", "learned_share"):
        assert found[name] == there[name]


def test_json_writes_null_for_what_is_no_number(data):
    found = data(
        "learn", "xor", "--epsilon", 500, "--runs", 2, "--sweeps", 100, "--quiet",
        "--network", "input 2; hidden 2 <- input; output 1 linear <- hidden",
    )  # fmt: skip
    assert found["outcomes"]["diverged"] == 2
    assert found["sweeps_to_learn"]["p50"] is None
    assert 0 < found["diverged_at"]["first"] <= found["diverged_at"]["last"]


def test_options_replace_the_settings_of_the_task(data):
    found = data(
        "learn", "xor", "--epsilon", 0.25, "--alpha", 0.5, "--decay", 0.001,
        "--sweeps", 50, "--seed", 9, "--start", 0.3,
        "--bias-start", "zero", "--criterion", "0.2:95%",
        "--until", "end", "--update", "case", "--network", "2-3-1",
    )  # fmt: skip
    procedure = found["procedure"]
    assert (procedure["epsilon"], procedure["alpha"]) == (0.25, 0.5)
    assert (procedure["decay"], procedure["sweeps"]) == (0.001, 50)
    assert procedure["start"]["weights"]["width"] == 0.3
    assert procedure["start"]["biases"]["width"] == 0.0
    assert procedure["criterion"] == {"rule": "within", "value": 0.2, "share": 0.95}
    assert (procedure["until"], procedure["update"]) == ("end", "case")
    assert (found["network"], found["seed"]) == ("2-3-1", 9)


def test_start_alone_sets_weights_and_biases(data):
    start = data("learn", "xor", "--sweeps", 1, "--start", "0:1")["procedure"]["start"]
    assert start["weights"] == start["biases"]
    assert (start["weights"]["width"], start["weights"]["centre"]) == (0.5, 0.5)


def test_one_network_is_shown_with_its_weights(run):
    done = run("learn", "symmetry")
    assert done.exit_code == 0
    assert "learned after 1,417 sweeps" in done.stdout
    assert "published    1,425 sweeps" in done.stdout
    assert "  input 1  -4.93   5.07" in done.stdout
    assert "add --figure symmetry.svg" in done.stderr
    assert not any(line.endswith(" ") for line in done.stdout.splitlines())


def test_many_are_shown_as_a_distribution(run):
    done = run("learn", "xor", "--runs", 20)
    assert "20 runs" in done.stdout
    assert "95 % interval: " in done.stdout
    assert "least  10 %  25 %  median" in done.stdout


def test_quiet_prints_the_data_and_nothing_else(run):
    done = run("learn", "xor", "--quiet")
    assert done.stderr == ""
    assert "Weights into hidden" in done.stdout


def test_a_table_holds_out_a_fifth_and_says_how_many_are_right(run, data):
    found = data("learn", IRIS, "--desired", "species", "--sweeps", 100)
    assert found["held_out"]["cases"] == 30
    assert found["held_out"]["share"] == found["held_out"]["right"] / 30 > 0.7
    done = run("learn", IRIS, "--desired", "species", "--sweeps", 100, "--hold-out", 9)
    assert "held-out cases  9 of 9 right" in done.stdout


def test_a_small_table_is_learned_whole(run, data, tmp_path):
    (tmp_path / "or.csv").write_text("a,b,c\n0,0,no\n0,1,yes\n1,0,yes\n1,1,yes\n")
    found = data("learn", "or.csv", "--sweeps", 5)
    assert "held_out" not in found


def test_columns_are_named_with_commas_or_one_by_one(data):
    for words in (
        ["--inputs", "petal_width, sepal_width"],
        ["--inputs", "petal_width", "--inputs", "sepal_width"],
    ):
        found = data("learn", IRIS, *words, "--sweeps", 2)
        assert found["network"].startswith('input 2 ["petal_width", "sepal_width"]')


def test_a_record_is_kept_and_shows_the_same(run, data):
    found = data("learn", "xor", "--runs", 4, "--save", "x.zarr")
    shown = data("show", "x.zarr")
    for name in shown:
        assert shown[name] == found[name], name
    assert open_runs("x.zarr").n_runs == 4
    said = run("learn", "xor", "--save", "my x.zarr").stderr
    assert "drawn: backsweep show 'my x.zarr' --figure xor.svg" in said


def test_resume_goes_on_to_the_same_bits(run, data, tmp_path):
    data("learn", "xor", "--runs", 40, "--save", "whole.zarr")
    done = run("learn", "xor", "--runs", 40, "--save", "x.zarr", "--resume")
    assert "nothing of x.zarr was begun before" in done.stderr
    np.testing.assert_array_equal(
        open_runs("x.zarr").parameters, open_runs("whole.zarr").parameters
    )


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
@pytest.mark.parametrize("runs", [1, 30])
def test_a_figure_is_drawn(run, tmp_path, suffix, runs):
    path = tmp_path / f"xor{suffix}"
    done = run("learn", "xor", "--runs", runs, "--figure", path.name)
    assert done.exit_code == 0
    assert f"drawn: {path.name}" in done.stderr
    assert path.stat().st_size > 1000


@pytest.mark.slow
@pytest.mark.parametrize("runs", [1, 3])
def test_a_figure_of_runs_that_diverged_is_drawn(run, tmp_path, runs):
    done = run(
        "learn", "xor", "--epsilon", 500, "--runs", runs, "--figure", "x.svg",
        "--network", "input 2; hidden 2 <- input; output 1 linear <- hidden",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "x.svg").exists()


@pytest.mark.parametrize(
    ("words", "blamed"),
    [
        (["--save", "there"], "'there' is there already."),
        (
            ["--figure", "there.svg"],
            "the file 'there.svg' exists and is not overwritten.",
        ),
        (["--figure", "there.jpg"], "must end in one of '.pdf', '.png', '.svg'"),
        (["--figure", "nowhere/x.svg"], "the folder of 'nowhere/x.svg' must exist"),
        (["--save", "there.svg/x.zarr"], "cannot be written: Not a directory."),
    ],
)
def test_what_spoils_the_end_is_found_before_learning(
    run, tmp_path, monkeypatch, words, blamed
):
    def never(*_arguments, **_options):
        raise AssertionError("learning began")

    monkeypatch.setattr("backsweep.runs.ensemble.carry_out", never)
    (tmp_path / "there").mkdir()
    (tmp_path / "there.svg").write_text("mine")
    done = run("learn", "xor", *words)
    assert done.exit_code in {1, 2}
    assert blamed in done.stderr
    assert done.stdout == ""
    assert (tmp_path / "there.svg").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 2


def test_force_overwrites(run, data):
    data("learn", "xor", "--save", "x.zarr")
    assert run("learn", "xor", "--save", "x.zarr").exit_code == 1
    found = data("learn", "xor", "--runs", 3, "--save", "x.zarr", "--force")
    assert data("show", "x.zarr")["runs"] == found["runs"] == 3


def test_breaking_off_says_what_was_done_and_how_to_go_on(run, monkeypatch):
    def broken_off(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("backsweep.runs.learn", broken_off)
    done = run("learn", "xor", "--runs", 50, "--save", "my x.zarr", "--resume")
    assert done.exit_code == 1
    assert "broken off: 0 of 50 runs done, none of them kept" in done.stderr
    again = "begin anew: backsweep learn xor --runs 50 --save 'my x.zarr' --resume\n"
    assert done.stderr.endswith(again)
    done = run("learn", "xor", "--runs", 50)
    assert "with --save, a long ensemble can be resumed" in done.stderr


def test_json_holds_the_outputs_of_few_cases(run):
    done = run("learn", "xor", "--json", "--seed", 2)
    cases = json.loads(done.stdout)["cases"]
    assert [case["case"] for case in cases] == ["00", "01", "10", "11"]
    assert all(len(case["outputs"]) == 1 for case in cases)


def test_breaking_off_says_how_many_are_done_and_kept(run, monkeypatch):
    done_before = learn(task="xor", runs=12)
    finished = np.arange(12) < 10
    history = dataclasses.replace(done_before.history, finished=finished)
    halved = dataclasses.replace(done_before, history=history)
    kept = Partial(path=Path(), settings={}, done=6, runs=12, block=3)
    monkeypatch.setattr("backsweep.runs.learn", lambda *_a, **_o: halved)
    monkeypatch.setattr("backsweep.cli.partial.read_partial", lambda _folder: kept)
    done = run("learn", "xor", "--runs", 12, "--save", "x.zarr", "--epsilon", 0.5)
    assert done.exit_code == 1
    told = "broken off: 10 of 12 runs done, 6 of them kept (blocks of 3).\n"
    assert told in done.stderr
    assert "took no longer" not in done.stdout


def test_a_table_leads_with_what_was_held_out(run, data):
    words = ["learn", IRIS, "--desired", "species", "--sweeps", 100]
    one = run(*words).stdout
    assert one.index("held-out cases") < one.index("outcome")
    assert "guessing        33.3 %: always the commonest class of the" in one
    many = run(*words, "--runs", 3).stdout
    assert many.index("Held-out cases") < many.index("3 runs")
    assert "the same 30 rows in every run; another --seed draws others" in many
    found = data(*words)["held_out"]
    assert found["same_for_all_runs"]
    assert found["guessing"]["share"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("way", "rows", "said"),
    [
        ("drop", 23, "24 rows, 1 left out because a value is missing"),
        ("mean", 24, "24 rows, missing values filled in 1 of them"),
    ],
)
def test_rows_that_lack_a_value_are_counted(run, data, tmp_path, way, rows, said):
    lines = [f"{k if k else ''},{k % 3},{2 * k}" for k in range(24)]
    (tmp_path / "x.csv").write_text("\n".join(["a,b,c", *lines]))
    words = ["x.csv", "--missing", way]
    assert said in run("learn", *words, "--sweeps", 5).stdout
    assert said in run("show", *words).stdout
    assert len(data("show", *words)["cases"]) == rows


def test_a_run_that_is_stuck_says_how_far_it_came(run, data):
    words = ["learn", IRIS, "--desired", "species", "--sweeps", 1, "--seed", 1]
    done = run(*words)
    assert " of 120 right, the rule asks for 95 %" in " ".join(done.stdout.split())
    assert "add --sweeps to see whether it only takes longer" in done.stderr
    assert "add --sweeps" not in run(*words, "--quiet").stderr
    found = data(*words, "--runs", 2)
    assert 0 < found["stuck_right"] < 120
    assert "rule asks for 95 %" in " ".join(run(*words, "--runs", 2).stdout.split())


def test_each_stage_is_printed_with_its_sweeps_and_its_decay(run):
    said = run("learn", "families", "--until", "learned", "--quiet").stdout
    assert "steps    sweeps 1-20: epsilon 0.02, alpha 0.5, decay 0.0015\n" in said
    assert "sweeps 21-1,100: epsilon 0.04, alpha 0.9, decay 0.0015\n" in said
    assert "sweeps 2,601-3,000: epsilon 0.06, alpha 0.9, decay 0.0003\n" in said
    short = run("learn", "families", "--sweeps", 30, "--quiet").stdout
    assert "sweeps 21-30: epsilon" in short
    assert "sweeps 1,101" not in short
    assert "epsilon 0.1, alpha 0.9, decay 0\n" in run("show", "symmetry").stdout


def test_a_large_network_says_where_its_weights_are_seen(run):
    said = run("learn", "families", "--sweeps", 3, "--quiet").stdout
    assert "see 'backsweep show RECORD --run 0' once it is saved" in said
