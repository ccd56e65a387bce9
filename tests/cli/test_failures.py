"""What wrong words get: one sentence, a hint, an exit code, and no traceback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backsweep.cli.failures import in_our_words

SOURCE = Path(__file__).parents[2] / "src"
IRIS = Path(__file__).parents[2] / "examples" / "iris.csv"
COMMAND = [sys.executable, "-m", "backsweep"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(SOURCE)}

MISUSES = [
    ("lear", "error: no such command 'lear'.", "hint: did you mean 'learn'?"),
    (
        "learn",
        "error: missing argument 'TASK'.",
        "'backsweep learn --help' tells more.",
    ),
    ("learn symetry", "there is no task 'symetry'.", "did you mean 'symmetry'?"),
    ("learn xor --epslon 1", "no such option: --epslon.", "did you mean --epsilon"),
    ("learn xor --epsilon fast", "`--epsilon` must be a number, got 'fast'.", ""),
    ("learn xor --epsilon nan", "`--epsilon` must be 0 or more, and finite", ""),
    ("learn xor --alpha 1", "`--alpha` must be at least 0 and under 1, got 1.0.", ""),
    ("learn xor --decay -1", "`--decay` must be at least 0 and under 1", ""),
    ("learn xor --sweeps 0", "`--sweeps` must be a whole number, at least 1", ""),
    ("learn xor --runs -3", "`--runs` must be a whole number, at least 1", ""),
    ("learn xor --runs 1.5", "`--runs` must be a whole number, at least 1", ""),
    ("learn xor --runs inf", "`--runs` must be a whole number, at least 1", ""),
    ("learn xor --seed x", "`--seed` must be a whole number, at least 0", ""),
    ("learn xor --start wide", "`--start` must be a range, a normal", "U(-0.3, 0.3)"),
    ("learn xor --start -1", "`--start` must be a range, a normal", "'zero'"),
    ("learn xor --bias-start 2:1", "`--bias-start` must be a range", ""),
    ("learn xor --criterion near", "`--criterion` must be written as", "'E<0.02'"),
    ("learn xor --until never", "`--until` must be one of 'end', 'learned'", ""),
    ("learn xor --update often", "`--update` must be 'sweep', 'case' or a number", ""),
    ("learn xor --engine fast", "there is no engine 'fast'.", "'plain'"),
    ("learn xor --threads 0", "`--threads` must be a whole number, at least 1", ""),
    ("learn xor --network 3-2-1", "the network must have 2 input units", "'2-2-1'"),
    ("learn xor --desired y", "`--desired` goes with a table, got the task 'xor'", ""),
    ("learn xor --resume", "`--resume` needs `--save` with the record", ""),
    ("learn xor --hold-out 5", "must leave at least one of the 4 cases", ""),
    ("learn none.csv", "there is no file 'none.csv'.", "paths begin in this folder."),
    ("learn none.xlsx", "a table's file must end in one of '.csv'", ""),
    (
        f"learn {IRIS} --desired specis",
        "no column 'specis'.",
        "did you mean 'species'?",
    ),
    (f"learn {IRIS} --missing guess", "`--missing` must be one of 'drop'", ""),
    ("learn xor --epsilon 0,1", "`--epsilon` must be a number, got '0,1'.", "'0.1'"),
    ("learn xor --network 2x2x1", "must have hyphens between them", "'2-2-1'?"),
    ("learn xor --network 2 2 1", "unexpected extra argument", "--network '2-2-1'?"),
    ("learn parity4", "there is no task 'parity4'.", "did you mean 'parity:4'?"),
    ("learn parity-4", "there is no task 'parity-4'.", "did you mean 'parity:4'?"),
    ("show encoder8-3", "there is no task 'encoder8-3'.", "'encoder:8-3'?"),
    ("learn symmetry 8", "unexpected extra argument", "did you mean 'symmetry:8'?"),
    (
        "learn xor \N{EN DASH}epsilon 1",
        "an option must begin with hyphens, got '\N{EN DASH}epsilon' with the en dash",
        "write '--epsilon'.",
    ),
    ("learn xor --network 2-2-4", "the network must have 1 output unit, as", ""),
    ("help lean", "no such command 'lean'.", "did you mean 'learn'?"),
    ("reproduce xor", "there is no claim 'xor'.", "'xor-needs-hidden' or 'stuck-xor'"),
    ("show symmetry --figure x.svg", "`--figure` goes with a record", "learn"),
    ("show symmetry --missing drop", "`--missing` goes with a table", ".csv"),
    ("show nothing", "there is no task", ""),
    ("show xor --run 3", "`--run` goes with a record, got 'xor'.", ""),
    ("show 3-0-1", "must have a whole number of units", ""),
    ("runs nowhere", "`FOLDER` must be a folder, got 'nowhere'.", ""),
    ("reproduce nonsense", "there is no claim 'nonsense'.", "there are"),
    ("reproduce xor-needs-hidden --scale 0", "`--scale` must be above 0", ""),
]


@pytest.mark.parametrize(("words", "message", "hint"), MISUSES)
def test_misuse_is_told_in_a_sentence(run, words, message, hint):
    done = run(*words.split())
    assert done.exit_code == 2
    assert done.stderr.startswith("error: ")
    assert message in done.stderr.partition("\nhint: ")[0]
    assert hint in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_links_are_refused_by_name(run):
    done = run("learn", "xor", "--network", "a 2; b 1 <- c; d 1 <- b")
    assert done.exit_code == 2
    assert "names a layer 'c' that does not exist" in done.stderr


def test_a_damaged_record_is_a_failure(run, tmp_path):
    (tmp_path / "x.zarr").mkdir()
    (tmp_path / "x.zarr" / "zarr.json").write_text("{}")
    done = run("show", "x.zarr")
    assert done.exit_code == 1
    assert done.stderr.startswith("error: ")


def test_a_run_that_is_not_there_is_named(run):
    run("learn", "xor", "--runs", 2, "--save", "x.zarr")
    done = run("show", "x.zarr", "--run", 2)
    assert done.exit_code == 2
    assert "the record has no run 2." in done.stderr


def test_settings_that_do_not_fit_are_warned_of(run):
    done = run(
        "learn", "xor", "--sweeps", 5, "--network", "input 2; output 1 relu <- input",
        "--quiet",
    )  # fmt: skip
    assert done.exit_code == 0
    softmax = run("learn", "xor", "--network", "input 2; output 1 softmax <- input")
    assert softmax.stderr.startswith("warning: the error 'squared' does not fit")
    assert softmax.stderr.count("warning: ") == 1


def test_debug_shows_where_an_error_came_from(run):
    assert "Traceback" in run("learn", "xor", "--runs", 0, "--debug").stderr


def test_a_fault_of_ours_is_told_as_such(run, monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("backsweep.runs.learn", broken)
    done = run("learn", "xor")
    assert done.exit_code == 1
    assert "error: a fault of Backsweep: ZeroDivisionError: oh." in done.stderr
    assert "--debug" in done.stderr


def test_too_little_memory_is_told_as_such(run, monkeypatch):
    def broken(*_arguments, **_options):
        raise MemoryError

    monkeypatch.setattr("backsweep.runs.learn", broken)
    done = run("learn", "xor")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "not enough memory" in done.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("overwrite with force.", "overwrite with --force."),
        ("ask for it with force=True (--force).", "ask for it with --force."),
        ("ask for missing='drop'", "ask for --missing drop"),
        ("`hold_out` must be a share", "`--hold-out` must be a share"),
        ("`width` must be 0 or more", "`width` must be 0 or more"),
    ],
)
def test_parameters_are_called_options(text, words):
    assert in_our_words(text) == words


@pytest.mark.slow
def test_a_closed_pipe_is_no_fault():
    shell = f"{sys.executable} -m backsweep tasks | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        text=True,
    )
    assert done.stdout.startswith("xor")
    assert done.stderr == ""


@pytest.mark.slow
def test_ctrl_c_ends_cleanly(tmp_path):
    words = ["learn", "symmetry", "--runs", "4000", "--json", "--save", "x.zarr"]
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=ENVIRONMENT,
        text=True,
    )
    partial = tmp_path / "x.zarr.partial"
    while not partial.exists() and process.poll() is None:
        time.sleep(0.05)  # another process: there is nothing to wait on
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in said
    assert re.match(r"error: broken off: [0-9,]+ of 4,000 runs done, ", said)
    assert said.rstrip().endswith("--save x.zarr --resume")


@pytest.mark.slow
def test_help_loads_neither_numpy_nor_a_room_with_numbers():
    code = (
        "import sys; from backsweep.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: print(sorted({'numpy', 'matplotlib', 'xarray'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env=ENVIRONMENT,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_layers_between_blanks_are_told_apart(run):
    done = run("learn", "xor", "--network", "2 2 1")
    assert "hint: did you mean '2-2-1'?" in done.stderr


def test_a_record_without_its_ending_is_suggested(run):
    run("learn", "xor", "--runs", 2, "--save", "mine")
    done = run("show", "mine.zarr")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "hint: did you mean 'mine'?" in done.stderr


def test_the_nearest_case_is_suggested(run):
    run("learn", "families", "--sweeps", 2, "--save", "x.zarr")
    done = run("show", "x.zarr", "--run", 0, "--case", "Colin has-ant")
    assert done.exit_code == 2
    assert "hint: did you mean 'Colin has-aunt'?" in done.stderr


@pytest.mark.parametrize(
    ("theirs", "ours"), [("--learning-rate", "--epsilon"), ("--momentum", "--alpha")]
)
def test_the_words_of_other_programs_are_known(run, theirs, ours):
    done = run("learn", "xor", theirs, "0.3")
    assert done.exit_code == 2
    assert f"no such option: {theirs}" in done.stderr
    assert f"did you mean {ours}?" in done.stderr
