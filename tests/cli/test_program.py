"""`backsweep show TASK --ir` and `--assembly`: what the compiled engine makes."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from rich.text import Text

from backsweep.cli import program as shown
from backsweep.cli.screen import Screen, page
from backsweep.engines import ENGINES
from backsweep.engines.compiled import CompiledEngine
from backsweep.engines.compiled.ir import Op
from backsweep.tasks import named as task

IRIS = Path(__file__).parents[2] / "examples" / "iris.csv"


def test_the_lane_program_is_shown_with_names(run):
    done = run("show", "xor", "--ir")
    assert (done.exit_code, done.stderr) == (0, "")
    head, _, body = done.stdout.partition("\n\n")
    assert head.startswith("xor  Say whether exactly one of two inputs is on.  lane")
    assert "network    2-2-1  (9 weights and biases)\n" in head
    assert "cases      4 cases\n" in head
    assert "precision  f64\n" in head
    assert "% fma" in head
    assert "; w[hidden 1 <- input 2]\n" in body
    assert max(map(len, body.splitlines())) > 100  # no line is broken in a pipe
    assert "\x1b" not in done.stdout


def test_the_counts_are_those_of_the_program(data):
    found = data("show", "xor", "--ir")
    ops = [words[2] for words in re.findall(r"(v\d+)( =) (\w+)", found["ir"])]
    once = found["ir"].partition("\nloop ")[0]
    assert found["a_sweep"]["fma"] == ops.count("fma")
    assert "fma" not in once
    assert set(found["a_sweep"]) <= {op.name.lower() for op in Op}
    assert found["lines"] == len(found["ir"].splitlines())
    assert (found["precision"], found["learning_cases"]) == ("f64", 4)


@pytest.mark.parametrize("name", ["compiled", "compiled-f32"])
def test_the_machine_code_is_that_of_the_engine(data, name):
    found = data("show", "and", "--assembly", "--engine", name)
    engine, own = ENGINES[name], task("and")
    assert isinstance(engine, CompiledEngine)
    made = engine.prepare(own.network, own, own.procedure).assembly
    assert re.sub(r"  # .*", "", found["assembly"]) == re.sub(r"  # .*", "", made)
    assert found["engine"] == name
    assert found["instructions"]["multiply-add"] > 0
    assert found["processor"]


def test_numbers_in_machine_code_are_told(run):
    said = run("show", "and", "--assembly").stdout
    assert re.search(r"0x3ff71547652b82fe  # 1\.4426950408889634$", said, re.MULTILINE)
    said = run("show", "and", "--assembly", "--engine", "compiled-f32").stdout
    told = re.findall(r"0x([0-9a-f]{8})  # (\S+)$", said, re.MULTILINE)
    assert told
    for bits, number in told:
        stored = np.array(int(bits, 16), np.uint32).view(np.float32)
        np.testing.assert_equal(np.float32(number), stored)


def test_every_kind_of_instruction_of_this_processor_is_known(data):
    """Nearly half of the instructions of an unrolled program are arithmetic."""
    counts = data("show", "xor", "--assembly", "--lanes", 2)["instructions"]
    whole = sum(counts.values())
    assert set(counts) <= {*shown.KINDS, "addresses and jumps"}
    assert counts["multiply-add"] + counts["other arithmetic"] > 0.3 * whole


def test_lanes_network_and_update_make_other_programs(data):
    own = data("show", "xor", "--assembly", "--lanes", 4)
    other = data("show", "xor", "--assembly", "--lanes", 1)
    assert (own["lanes"], other["lanes"]) == (4, 1)
    assert own["assembly"] != other["assembly"]
    by_case = data("show", "xor", "--ir", "--update", "case", "--network", "2-3-1")
    assert by_case["parameters"] == 13
    assert by_case["ir"].count("-epsilon *") == 4 * 13


def test_a_table_is_compiled_too(data):
    found = data("show", IRIS, "--desired", "species", "--ir")
    assert "y[input sepal_length, case " in found["ir"] or "input 1 +" in found["ir"]
    assert found["learning_cases"] < 150


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        (["6-2-1", "--ir"], "goes with a task or a table", "--network '6-2-1'"),
        (["x.zarr", "--assembly"], "goes with a task or a table", None),
        (["xor", "--ir", "--assembly"], "one by one", None),
        (["xor", "--ir", "--run", 0], "`--run` goes with a record", None),
        (["xor", "--ir", "--engine", "plain"], "makes no program", "--engine compiled"),
        (["xor", "--ir", "--engine", "compild"], "no engine 'compild'", "'compiled'"),
        (["xor", "--assembly", "--lanes", 3], "one of 1, 2, 4", None),
        (["xor", "--ir", "--lanes", 4], "`--lanes` goes with", "any number of lanes"),
        (["xor", "--lanes", 4], "`--lanes` goes with `--ir` or `--assembly`", None),
        (["xor", "--ir", "--network", "3-1"], "input", None),
    ],
)
def test_what_makes_no_program_is_said(run, words, said, hint):
    done = run("show", *words)
    assert done.exit_code in {1, 2}
    assert done.stdout == ""
    assert said in " ".join(done.stderr.split())
    if hint is not None:
        assert hint in " ".join(done.stderr.partition("hint: ")[2].split())


def test_what_cannot_be_compiled_is_an_error_with_a_hint(run):
    network = "input 2; hidden 2 <- input, hidden (delay=1); output 1 <- hidden"
    done = run("show", "xor", "--ir", "--network", network)
    assert done.exit_code == 1
    assert done.stderr.startswith("error: the compiled engine does not unfold networks")
    assert "hint: " in done.stderr


@pytest.mark.parametrize("kind", ["ir", "assembly"])
def test_colours_change_no_letter(kind):
    make = shown.ir_data if kind == "ir" else shown.assembly_data
    data = make(task("xor"), shown.ProgramWish())
    told = {}
    for colours in (True, False):
        console = Console(file=io.StringIO(), force_terminal=colours, width=100)
        console.print(shown.program(data), crop=False)
        told[colours] = console.file.getvalue()  # type: ignore[attr-defined]  # of StringIO
    assert "\x1b[" in told[True]
    bare = re.sub(r"\x1b\[[\d;]*m", "", told[True])
    assert [line.rstrip() for line in bare.splitlines()] == [
        line.rstrip() for line in told[False].splitlines()
    ]


def test_long_text_goes_through_the_pager_on_a_terminal(monkeypatch, tmp_path):
    seen = tmp_path / "seen"
    code = f"import sys; open({str(seen)!r}, 'w').write(sys.stdin.read())"
    monkeypatch.setenv("PAGER", f'{sys.executable} -c "{code}"')
    screen = Screen()
    screen.__dict__["out"] = Console(
        file=io.StringIO(), force_terminal=True, width=80, height=10
    )
    screen.show_long({}, lambda _: Text("\n".join(map(str, range(30)))))
    assert seen.read_text().split() == [str(k) for k in range(30)]


def test_without_a_pager_text_is_printed(monkeypatch, capsys):
    monkeypatch.setenv("PAGER", "no-such-pager-at-all")
    page("a\nb\n")
    assert capsys.readouterr().out == "a\nb\n"
