"""Partial: an ensemble that was broken off, as it lies beside its record."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

import numpy as np

from backsweep.learning.shelf import BLOCKS, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Partial", "kept_sweeps", "read_partial"]

BLOCK: Final = re.compile(r"runs-(\d+)-(\d+)\.npz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """How far an ensemble had come.

    Parameters
    ----------
    path
        Its folder.
    settings
        What it was begun with.
    done, runs
        Runs that are finished, and in all.
    block
        Runs that are kept together: those of the longest block there is, or 0.
    """

    path: Path
    settings: dict[str, Any]
    done: int
    runs: int
    block: int


def read_partial(folder: Path) -> Partial | None:
    """Read what an ensemble has left; None where it is something else."""
    try:
        settings = json.loads((folder / SETTINGS).read_text("utf-8"))
        first, last = settings["runs"]
        settings["task"], settings["network"], settings["seed"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    found = [BLOCK.fullmatch(path.name) for path in folder.iterdir()]
    sizes = [int(block[2]) - int(block[1]) + 1 for block in found if block]
    return Partial(
        path=folder,
        settings=settings,
        done=sum(sizes),
        runs=last - first,
        block=max(sizes, default=0),
    )


def kept_sweeps(folder: Path) -> int:
    """Count the sweeps of single networks that need not be carried out again."""
    total = 0
    for path in folder.glob(BLOCKS):
        try:
            with np.load(path, allow_pickle=False) as block:
                total += int(block["sweeps"].sum())
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
            continue  # damaged: it is carried out again
    return total
