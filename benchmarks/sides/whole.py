"""What a user waits for: whole commands, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENGINES: Final = {"f32": "compiled-f32", "f64": "compiled"}


def command(*words: str) -> dict[str, Any]:
    """Run a command of Backsweep, and tell its time and the most memory it held.

    `learning_s` is what the command says of itself, where it does. Where it fails,
    `skipped` is its last words.
    """
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with (
            tempfile.TemporaryFile("w+") as out,
            tempfile.TemporaryFile("w+") as err,
        ):
            process = subprocess.Popen(
                [sys.executable, "-m", "backsweep", *words],
                cwd=folder,
                stdout=out,
                stderr=err,
                env=os.environ,
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.perf_counter() - begun
            out.seek(0)
            err.seek(0)
            said, complaint = out.read(), err.read().strip()
    told = {"command": " ".join(("backsweep", *words))}
    if process.returncode:
        return told | {"skipped": complaint.splitlines()[0] if complaint else "failed"}
    of_itself = json.loads(said) if "--json" in words else {}
    unit = 1 if sys.platform == "darwin" else 1024
    return told | {
        "learning_s": of_itself.get("seconds"),
        "whole_s": seconds,
        "peak_mb": used.ru_maxrss * unit / 1e6,
    }


def million() -> list[dict[str, Any]]:
    """A million XORs, a thousand sweeps each, on all cores."""
    words = ("learn", "xor", "--runs", "1000000", "--sweeps", "1000", "--until", "end")
    return [
        command(*words, "--engine", engine, "--json", "--quiet")
        for engine in ENGINES.values()
    ]


def trainability() -> list[dict[str, Any]]:
    """The boundary of trainability, 512 by 512 networks, on all cores."""
    words = ("map", "trainability", "--size", "512")
    return [
        command(*words, "--engine", engine, "--json", "--quiet")
        for engine in ENGINES.values()
    ]


WHOLES: Final[Mapping[str, Callable[[], list[dict[str, Any]]]]] = {
    "million": million,
    "trainability": trainability,
}
