"""Subject: what a word on the command line means: task, table, record or network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from backsweep import notation
from backsweep.cli.settings import as_columns, as_number
from backsweep.errors import SettingError, SpecError, UnknownNameError, closest
from backsweep.tasks import TASKS, Task, named as task_by_name
from backsweep.tasks.choice import choose_columns
from backsweep.tasks.readers import read_sheet
from backsweep.tasks.table import is_table, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backsweep.cli.screen import Data
    from backsweep.network import Network

__all__ = [
    "TableWishes",
    "find_network",
    "find_task",
    "is_path",
    "read_network",
    "rows_told",
    "unknown",
]

SEPARATORS: Final = r"[\s_,x/-]+"
# A task with its size, and no colon between: parity4, parity-4, encoder 8 3.
SIZED: Final = re.compile(
    rf"({'|'.join(TASKS)})(?:{SEPARATORS})?(\d+(?:{SEPARATORS}\d+)*)"
)
# Sizes of layers with something other than a hyphen between them.
LAYERS: Final = re.compile(r"\s*\d+(?:\s*[x\u00d7,:/\u2010-\u2015\u2212 ]\s*\d+)+\s*")
SMALL: Final = 20  # rows: a smaller table is learned whole
FIFTH: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWishes:
    """Options that go with a table; empty or None where not given."""

    desired: Sequence[str] = ()
    inputs: Sequence[str] = ()
    classes: Sequence[str] = ()
    missing: str | None = None

    @property
    def given(self) -> list[str]:
        """Names of the options that were given."""
        names = ("desired", "inputs", "classes", "missing")
        return [name for name in names if getattr(self, name)]


def is_path(text: str) -> bool:
    """Say whether a word is meant as a file or a folder."""
    return "/" in text or bool(Path(text).suffix) or Path(text).exists()


def read_network(text: str) -> Network:
    """Read a network that was asked for by its written form."""
    if LAYERS.fullmatch(text):
        meant = "-".join(re.findall(r"\d+", text))
        raise SpecError(
            f"a network's layers must have hyphens between them, got {text!r}.",
            hint=f"did you mean {meant!r}?",
        )
    return notation.parse(text)


def find_network(text: str) -> Network | None:
    """Read a network, if the word is meant as one."""
    if LAYERS.fullmatch(text):
        return read_network(text)
    if "<-" in text or ";" in text or re.fullmatch(r"[\s\d-]*-[\s\d-]*", text):
        return notation.parse(text)
    return None


def find_task(
    text: str,
    wishes: TableWishes = TableWishes(),
    *,
    hold_out: str | None = None,
    seed: int = 0,
) -> Task:
    """Give the task or table of that name, with the cases held out that are to be."""
    amount = None if hold_out is None else as_number("--hold-out", hold_out)
    if is_path(text) and text not in TASKS:
        return _table(text, wishes, amount, seed)
    task = _built_in(text)  # a name mistyped is the greater trouble
    for name in wishes.given:
        raise SettingError(
            f"`--{name}` goes with a table, got the task {text!r}.",
            hint="a table is a file that ends in .csv, .tsv, .parquet or .npz.",
        )
    return task if amount is None else task.with_held_out(amount)


def rows_told(text: str, wishes: TableWishes) -> Data:
    """Say of a table how many rows were left out or filled; of a task, nothing."""
    if not is_table(text) or text in TASKS:
        return {}
    path = Path(text)
    sheet = read_sheet(path)
    desired, inputs = as_columns(wishes.desired), as_columns(wishes.inputs)
    names_in, names_out = choose_columns(path, sheet, inputs, desired)
    cells = [sheet.columns[name]() for name in (*names_in, *names_out)]
    lacking = int(np.any([one.missing for one in cells], axis=0).sum())
    way = {"drop": "left_out", "mean": "filled"}.get(wishes.missing or "")
    told = {"in_file": len(cells[0].values), "left_out": 0, "filled": 0}
    return {"rows": told | ({way: lacking} if way else {})}


def _built_in(text: str) -> Task:
    """Give a task by its name; say how it is written where the colon is missing."""
    found = SIZED.fullmatch(text.strip().lower())
    if found and ":" in TASKS[found[1]].pattern and "[" not in TASKS[found[1]].pattern:
        raise UnknownNameError(
            f"there is no task {text!r}.",
            hint=f"did you mean '{found[1]}:{re.sub(SEPARATORS, '-', found[2])}'?",
        )
    return task_by_name(text)


def _table(text: str, wishes: TableWishes, amount: float | None, seed: int) -> Task:
    if Path(text).is_dir() and not is_table(text):
        raise UnknownNameError(
            f"a task must be a name or a table, got the folder {text!r}.",
            hint=f"a record is looked at with 'backsweep show {text}'.",
        )

    def read(held_out: float) -> Task:
        return read_table(
            text,
            desired=as_columns(wishes.desired),
            inputs=as_columns(wishes.inputs),
            classes=as_columns(wishes.classes),
            missing=wishes.missing or "refuse",  # type: ignore[arg-type]  # checked there
            hold_out=held_out,
            seed=seed,
        )

    if amount is not None:
        return read(amount)
    task = read(0.0)
    if task.n_cases < SMALL:
        return task
    try:
        return read(FIFTH)
    except SettingError:  # too few of a class to spare a fifth that nobody asked for
        return task


def unknown(text: str) -> UnknownNameError:
    """Say that a word means nothing here."""
    return UnknownNameError(
        f"there is no task, record or network {text!r}.", hint=closest(text, TASKS)
    )
