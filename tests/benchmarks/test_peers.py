"""The comparison with other libraries refuses a wrong peer, and runs to its end."""

import importlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
LIBRARIES = {
    "jax": "JAX",
    "numpy": "NumPy",
    "sklearn": "scikit-learn",
    "torch": "PyTorch by hand",
}


@pytest.fixture
def sides(monkeypatch):
    """Give the modules of the benchmark's sides, by name."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return lambda name: importlib.import_module(f"sides.{name}")


def asked(sides, task, runs, precision="f64", parts=1):
    worker = sides("worker").Worker("numpy")
    return worker.ready(
        task=task,
        precision=precision,
        runs=runs,
        form="by hand",
        parts=parts,
        threads=1,
        key=0,
    )


@pytest.mark.parametrize("precision", ["f32", "f64"])
@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize(
    "task", ["xor", "symmetry", "encoder:8-3", "families", "16-16-1"]
)
def test_what_is_written_by_hand_learns_as_the_plain_engine(
    sides, task, runs, precision
):
    answer = asked(sides, task, runs, precision)
    assert answer["off"] <= sides("question").ALLOWED[precision]


def test_runs_shared_over_threads_keep_their_starts(sides):
    assert asked(sides, "xor", 5, parts=2)["off"] <= 1e-12


def test_a_peer_that_learns_something_else_is_refused(sides, monkeypatch):
    by_hand = sides("by_hand")

    def without_momentum(question):
        side = by_hand.ByHand(question)
        carry = side.carry

        def carry_and_forget(sweeps):
            for _ in range(sweeps):
                carry(1)
                side.v[...] = 0

        side.carry = carry_and_forget
        return side

    monkeypatch.setattr(by_hand, "FORMS", {"by hand": without_momentum})
    answer = asked(sides, "xor", 3, "f32")
    assert "must be within 0.001 of the plain engine's" in answer["wrong"]


@pytest.mark.slow
def test_a_smoke_test_measures_every_library_that_is_installed(tmp_path):
    command = [
        *(sys.executable, str(BENCHMARKS / "peers.py"), "--quick"),
        *("--tasks", "xor", "--cores", "1"),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {(cell["kind"], cell["precision"]) for cell in result["cells"]} == {
        (kind, precision)
        for kind in ("ensembles", "single")
        for precision in ("f32", "f64")
    }
    installed = {
        name for library, name in LIBRARIES.items() if importlib.util.find_spec(library)
    }
    for cell in result["cells"]:
        wanted = installed if cell["kind"] == "single" else installed - {"scikit-learn"}
        assert {"Backsweep"} | wanted <= set(cell["sides"])
        for side in cell["sides"].values():
            assert side["weights_off"] <= {"f32": 1e-3, "f64": 1e-9}[cell["precision"]]
            assert side["times_as_fast_is_backsweep"]["median"] > 0
    stored = tmp_path / "results.json"
    stored.write_text(done.stdout, "utf-8")
    printed = subprocess.run(
        [*command[:2], "--tables", str(stored)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    ).stdout
    assert printed.strip() in done.stderr
    assert printed.count("| xor | 9 | 4 |") == 4
