"""The other commands: what they show, as text and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from backsweep import __version__
from backsweep.claims import CLAIMS
from backsweep.tasks import TASKS
from backsweep.tasks.families import RECIPES, named as families

IRIS = Path(__file__).parents[2] / "examples" / "iris.csv"
COMMANDS = ["learn", "map", "reproduce", "runs", "show", "tasks"]


def test_the_name_alone_says_what_to_do_first(run):
    done = run()
    assert done.exit_code == 0
    assert "Watch one network learn      backsweep learn symmetry\n" in done.stdout


def test_version_is_printed(run):
    for option in ("--version", "-V"):
        assert run(option).stdout == f"backsweep {__version__}\n"


def test_help_is_a_word_too(run):
    assert run("help").stdout == run("--help").stdout
    assert run("help", "learn").stdout == run("learn", "--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run, command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert f"backsweep {command} [OPTIONS]" in done.stdout or command in done.stdout
    assert "--json" in done.stdout


def test_help_lists_the_commands(run):
    text = run("--help").stdout
    assert all(command in text for command in COMMANDS)


def test_tasks_are_listed_with_size_and_source(run, data):
    found = data("tasks")["tasks"]
    assert len(found) == len(TASKS)
    text = run("tasks").stdout
    for entry in found:
        assert entry["size"] in text
    assert "Fig. 1" in text
    for recipe in RECIPES:
        assert f"{families(recipe)}  " in text


def test_a_network_is_shown_with_its_parts(run, data):
    found = data("show", "6-2-1")
    assert [layer["units"] for layer in found["layers"]] == [6, 2, 1]
    assert [link["weights"] for link in found["links"]] == [12, 2]
    assert found["parameters"] == 17
    assert run("show", "6-2-1").stdout == (
        "6-2-1\n"
        "\n"
        "Layers, bottom to top\n"
        "  layer   units  activation  biases\n"
        "  input       6  input         none\n"
        "  hidden      2  logistic         2\n"
        "  output      1  logistic         1\n"
        "\n"
        "Links\n"
        "  from    to      weights\n"
        "  input   hidden       12\n"
        "  hidden  output        2\n"
        "\n"
        "In all\n"
        "  17 weights and biases\n"
    )


def test_a_network_of_lines_is_shown(data):
    found = data("show", "input 2; hidden 1 tanh <- input; output 1 <- input, hidden")
    assert [link["from"] for link in found["links"]] == ["input", "input", "hidden"]


@pytest.mark.parametrize("what", ["xor", "symmetry", "families", IRIS])
def test_a_task_is_shown_with_its_recipe_and_cases(run, data, what):
    found = data("show", what)
    done = run("show", what)
    assert found["about"] in " ".join(done.stdout.split())
    assert found["cases"][0]["case"] in done.stdout
    assert found["procedure"]["epsilon"] > 0


def test_what_a_file_holds_is_printed_as_it_stands(run, tmp_path):
    """Brackets are no styles."""
    text = "a[red],b\n1,[bold]x[/bold]\n2,[bold]x[/bold]\n3,y\n4,y\n"
    (tmp_path / "x.csv").write_text(text)
    assert "[bold]x[/bold]" in run("show", "x.csv").stdout


@pytest.mark.slow
def test_one_run_of_a_record_is_shown(run, data):
    run("learn", "xor", "--runs", 3, "--save", "x.zarr")
    found = data("show", "x.zarr", "--run", 2)
    assert (found["run"], found["runs"]) == (2, 3)
    assert [block["to"] for block in found["weights"]] == ["hidden"] * 2 + [
        "output"
    ] * 2
    assert all(
        (abs(case["outputs"][0] - case["desired"][0]) < 0.5) == case["right"]
        for case in found["cases"]
    )
    text = run("show", "x.zarr", "--run", 2).stdout
    assert "Run 2 of 3" in text
    assert "case  desired  output" in text


def test_records_of_a_folder_are_listed(run, data, tmp_path):
    run("learn", "xor", "--runs", 3, "--save", "x.zarr")
    (tmp_path / "bad.zarr").mkdir()
    (tmp_path / "bad.zarr" / "zarr.json").write_text("{}")
    found = {entry["record"]: entry for entry in data("runs")["records"]}
    assert found["x.zarr"]["runs"] == 3
    assert found["x.zarr"]["state"] == "complete"
    assert found["bad.zarr"]["state"] == "unreadable"
    text = run("runs").stdout
    assert "x.zarr" in text
    assert "unreadable: " in text


def test_long_names_of_records_are_folded_not_cut(run, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    name = "a-record-with-a-name-" + "long-" * 12 + ".zarr"
    run("learn", "xor", "--runs", 2, "--save", name)
    text = run("runs").stdout
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    names = [line.split()[0] for line in text.splitlines()[1:]]
    assert "".join(names) == name


def test_what_was_broken_off_is_listed_with_how_far_it_is(run, data, monkeypatch):
    def cut(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("backsweep.runs.store.save", cut)
    done = run("learn", "xor", "--runs", 40, "--save", "x.zarr")
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    [entry] = data("runs")["records"]
    assert (entry["state"], entry["done"], entry["runs"]) == ("broken off", 40, 40)
    text = run("runs").stdout
    assert "broken off: x.zarr.partial: 40 of 40 runs are done" in text
    done = run("show", "x.zarr.partial")
    assert "was broken off and is no record yet" in done.stderr
    monkeypatch.undo()


def test_an_empty_folder_says_how_to_make_a_record(run):
    assert "--save symmetry.zarr makes one" in run("runs").stdout


def test_claims_are_listed(run, data):
    found = data("reproduce", "--list")["claims"]
    assert [claim["claim"] for claim in found] == list(CLAIMS)
    assert all(claim["rule"] for claim in found)
    assert "reproduced if" in run("reproduce", "--list").stdout


@pytest.mark.slow
def test_a_claim_is_measured(run, data):
    [row] = data("reproduce", "xor-needs-hidden", "--runs", 2)["claims"]
    assert row["verdict"] == "reproduced"
    done = run("reproduce", "xor-needs-hidden", "--runs", 2)
    assert "+ reproduced" in done.stdout
    assert "1 claim: 1 reproduced." in done.stdout


def test_a_report_is_not_overwritten(run, tmp_path):
    (tmp_path / "letter").mkdir()
    (tmp_path / "letter" / "index.html").write_text("mine")
    done = run("reproduce", "xor-needs-hidden", "--report", "letter")
    assert done.exit_code == 1
    assert "holds a page already" in done.stderr
    assert (tmp_path / "letter" / "index.html").read_text() == "mine"
    (tmp_path / "file").write_text("")
    done = run("reproduce", "xor-needs-hidden", "--report", "file")
    assert "must go to a folder" in done.stderr
