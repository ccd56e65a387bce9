"""What can be used is documented: names, commands, options and tasks."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest
import typer

import backsweep
from backsweep.cli import app
from backsweep.tasks import TASKS

ROOT = Path(__file__).parents[1]
TEXT = "\n".join(
    path.read_text("utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
)

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group
OPTIONS = sorted(
    {
        name
        for command in COMMANDS.values()
        for parameter in command.params
        for name in [*parameter.opts, *parameter.secondary_opts]
        if name.startswith("--")
    }
)


def is_named(word):
    """Say whether the pages hold a word as such, not as a part of another."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", TEXT) is not None


def as_the_linter_sorts(name):
    """Constants, then classes, then the rest: the order of ruff's RUF022."""
    rank = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return rank, name


def test_public_names_are_sorted():
    assert list(backsweep.__all__) == sorted(backsweep.__all__, key=as_the_linter_sorts)


def test_public_names_are_those_visible():
    """`dir()` shows what `__all__` promises; submodules come and go with imports."""
    visible = {
        name
        for name in dir(backsweep)
        if not name.startswith("_")
        and name not in {"TYPE_CHECKING", "annotations"}
        and not isinstance(getattr(backsweep, name), ModuleType)
    }
    promised = {
        name
        for name in backsweep.__all__
        if not name.startswith("_")
        and not isinstance(getattr(backsweep, name), ModuleType)
    }
    assert visible == promised


@pytest.mark.parametrize("name", backsweep.__all__)
def test_public_name_says_what_it_is(name):
    value = getattr(backsweep, name)
    if isinstance(value, str):  # __version__
        return
    own = value if isinstance(value, ModuleType) or callable(value) else type(value)
    assert (inspect.getdoc(own) or "").strip()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_command_is_in_the_pages(command):
    assert is_named(f"backsweep {command}")


@pytest.mark.parametrize("option", OPTIONS)
def test_option_is_in_the_pages(option):
    assert is_named(option)


@pytest.mark.parametrize("command", ["learn", "show"])
def test_options_stand_in_the_table_of_their_command(command):
    text = (ROOT / "docs" / "guides" / "command-line.md").read_text("utf-8")
    _, _, table = text.partition(f"## All options of `{command}`")
    table = table.partition("\n## ")[0]
    options = {name for one in COMMANDS[command].params for name in one.opts}
    assert options == set(re.findall(r"--[a-z][a-z-]+", table)) | {
        name for name in options if not name.startswith("--")
    }


@pytest.mark.parametrize("task", sorted(TASKS))
def test_task_is_in_the_pages(task):
    assert is_named(task)
