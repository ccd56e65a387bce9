"""A library in a process of its own, seen from the one that asks."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

PATIENCE_S: Final = 300.0  # with an answer; torch.compile takes half a minute,
# and more than one on a busy machine


class FailedError(Exception):
    """A side could not be measured, for the reason given."""


class Library:
    """A process that answers for a library on so many cores; started when asked."""

    def __init__(self, name: str, cores: int, cache: str) -> None:
        threads = dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(cores)
        )
        paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        caches = dict.fromkeys(("XDG_CACHE_HOME", "TORCHINDUCTOR_CACHE_DIR"), cache)
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sides.worker", name, "--cores", str(cores)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=os.environ
            | threads
            | caches
            | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )

    def ask(self, what: str, **of: Any) -> dict[str, Any]:
        """Give the answer, or raise FailedError and end the process."""
        process = self.process
        assert process.stdin is not None  # noqa: S101  # both are pipes
        assert process.stdout is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps({"ask": what, **of}).encode() + b"\n")
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
        line = process.stdout.readline() if ready else b""
        if not line:
            self.end()
            raise FailedError("the process died" if ready else f"over {PATIENCE_S:g} s")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
