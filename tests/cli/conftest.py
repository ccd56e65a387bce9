"""How tests of the command line run a command: here, in a folder of its own."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from backsweep.cli import app


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `backsweep` with words; give its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


@pytest.fixture
def data(run):
    """Run a command with --json and give the object it prints."""

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    def data(*words):
        done = run(*words, "--json")
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout, parse_constant=refuse)

    return data
