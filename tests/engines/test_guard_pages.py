"""Machine code touches no byte outside the memory that it was given."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.guarded import RIGHT, TASKS, WRONG

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith(("linux", "darwin")), reason="needs mprotect"
)


def carry_out(*words, cache):
    path = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
    return subprocess.run(
        [sys.executable, "-m", "tests.engines.guarded", *words],
        env=os.environ | {"PYTHONPATH": path, "XDG_CACHE_HOME": str(cache)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", TASKS)
def test_learning_keeps_to_its_memory(name, cache):
    """In f32 and f64, at all widths and alone, with stops, batches and stages."""
    ended = carry_out(name, "0", "1", "4", "8", "16", cache=cache)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "alive\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", RIGHT)
def test_whoever_stays_lives(name, cache):
    assert carry_out(name, cache=cache).stdout == "alive\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_whoever_leaves_it_dies(name, cache):
    """The pages kill: what the first test shows, it can also fail to show."""
    ended = carry_out(name, cache=cache)
    assert ended.returncode in (-signal.SIGSEGV, -signal.SIGBUS), ended.stderr
    assert ended.stdout == ""
