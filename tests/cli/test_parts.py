"""The parts of the commands: words to settings, completion, progress."""

from __future__ import annotations

from io import StringIO
from types import SimpleNamespace
from typing import cast

import pytest
import typer
from rich.console import Console

from backsweep.cli import completion, render_claims, render_record
from backsweep.cli.data import record_data
from backsweep.cli.progress import following
from backsweep.cli.screen import Screen
from backsweep.cli.settings import Overrides, as_columns, as_spread, as_whole
from backsweep.learning import Report
from backsweep.procedure import Procedure, Stage, Start
from backsweep.runs import learn


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.3", "U(-0.3, 0.3)"),
        ("0:1", "U(0, 1)"),
        ("-0.5:0.1", "U(-0.5, 0.1)"),
        ("normal:0.5", "N(0, 0.5)"),
        ("zero", "0"),
    ],
)
def test_a_start_is_read(text, said):
    assert str(as_spread("--start", text)) == said


def test_whole_numbers_may_be_written_with_a_power():
    assert as_whole("--runs", "1e5") == as_whole("--runs", "100_000") == 100_000
    assert as_whole("--seed", str(2**64 - 1), 0) == 2**64 - 1


def test_quotes_keep_a_comma_in_a_name():
    assert as_columns(['"a, b",c', "d"]) == ("a, b", "c", "d")


def test_stages_follow_epsilon_and_alpha():
    first = Stage(sweeps=20, epsilon=0.005, alpha=0.5)
    procedure = Procedure(epsilon=0.01, alpha=0.9, stages=(first,))
    [stage] = Overrides(epsilon="0.1", alpha="0.3").applied_to(procedure).stages
    assert stage.epsilon == pytest.approx(0.05)
    assert stage.alpha == 0.3
    [same] = Overrides(alpha="0.95").applied_to(procedure).stages
    assert same == first


def test_no_option_changes_nothing():
    procedure = Procedure(
        stages=(Stage(sweeps=2, epsilon=1.0, alpha=0.5),), start=Start()
    )
    assert Overrides().applied_to(procedure) == procedure


def test_completion_offers_what_fits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sheep.csv").write_text("wool,age\n1,2\n")
    (tmp_path / "small.zarr").mkdir()
    (tmp_path / "folder").mkdir()
    assert completion.complete_task("s") == ["symmetry", "sheep.csv"]
    assert completion.complete_shown("s") == ["symmetry", "sheep.csv", "small.zarr"]
    assert "folder/" in completion.complete_task("f")
    typed = cast(typer.Context, SimpleNamespace(params={}, args=["sheep.csv"]))
    assert completion.complete_column(typed, "w") == ["wool"]
    nothing = cast(typer.Context, SimpleNamespace(params={"task": "xor"}, args=[]))
    assert completion.complete_column(nothing, "") == []
    assert completion.complete_engine("p") == ["plain"]
    assert "symmetry-sweeps" in completion.complete_claim("sym")
    assert completion.complete_until("l") == ["learned"]
    assert completion.complete_update("c") == ["case"]
    assert completion.complete_missing("m") == ["mean"]


def report(done, learned, finished):
    return Report(done=done, total=1000, learned=learned, diverged=0, finished=finished)


def a_screen(*, is_terminal):
    screen = Screen()
    screen.err = Console(file=StringIO(), width=100, force_terminal=is_terminal)
    return screen


def written(screen):
    return cast(StringIO, screen.err.file).getvalue()


def test_progress_waits_a_second_then_shows_rate_and_learned():
    screen = a_screen(is_terminal=True)
    times = iter([0.0, 0.5, 0.9, 2.0])
    with following(screen, lambda: next(times)) as listener:
        assert listener is not None
        listener(report(100, 0, 0))
        listener(report(180, 0, 0))
        assert written(screen) == ""
        listener(report(500, 3, 3))
    said = written(screen)
    assert "3 learned, 200 sweeps/s" in said


def test_progress_is_not_shown_where_nobody_looks():
    with following(a_screen(is_terminal=False)) as listener:
        assert listener is None
    quiet = a_screen(is_terminal=True)
    quiet.quiet = True
    with following(quiet) as listener:
        assert listener is None


def printed(renderable, width=100):
    console = Console(file=StringIO(), width=width, force_terminal=False, markup=False)
    console.print(renderable)
    return cast(StringIO, console.file).getvalue()


CLAIM = {
    "claim": "much", "words": "Much is learned.", "place": "Fig. 9", "published": "all",
    "verdict": "reproduced with other settings", "settings": "epsilon 3",
    "measured": "most.", "share": 0.9, "share_of": "runs", "interval": [0.8, 0.96],
    "runs": 40,
}  # fmt: skip


@pytest.mark.parametrize("width", [60, 100, 160])
def test_a_verdict_is_told_without_colour_at_any_width(width):
    said = " ".join(printed(render_claims.measured({"claims": [CLAIM]}), width).split())
    assert "~ reproduced" in said
    assert "epsilon 3" in said
    assert "1 claim: 1 reproduced with other settings." in said


def test_no_word_of_the_claims_is_broken():
    row = CLAIM | {
        "claim": "symmetry-needs-hidden",
        "details": {"grid": [{"epsilon": 0.5, "sweeps": 5000}]},
    }
    for width in (60, 78, 80, 140):
        said = printed(render_claims.measured({"claims": [row]}), width)
        assert "symmetry-needs-hidden" in said
        assert "\N{HORIZONTAL ELLIPSIS}" not in said
        words = {*said.replace(",", " ").split()}
        assert {"published", "measured", "reproduced", "settings", "epsilon"} <= words


def test_what_was_broken_off_gives_no_share_of_all(monkeypatch):
    data = record_data(learn(task="xor", runs=3))
    data["outcomes"] = {"learned": 2, "stuck": 0, "diverged": 0, "unfinished": 1}
    said = printed(render_record.learned(data | {"runs": 3}))
    assert "95 % interval" not in said
    assert "broken off     1" in said
