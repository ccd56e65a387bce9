"""Subject: what a word on the command line means: task, table, record or network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backsweep import notation
from backsweep.cli.settings import as_columns, as_number
from backsweep.errors import SettingError, UnknownNameError, closest
from backsweep.tasks import TASKS, Task, task as task_by_name
from backsweep.tasks.readers import READERS
from backsweep.tasks.table import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backsweep.network import Network

__all__ = ["TableWishes", "find_network", "find_task", "is_path", "is_table", "unknown"]

SMALL: Final = 20  # rows: a smaller table is learned whole
FIFTH: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWishes:
    """Options that go with a table; empty or None where not given."""

    desired: Sequence[str] = ()
    inputs: Sequence[str] = ()
    missing: str | None = None


def is_path(text: str) -> bool:
    """Say whether a word is meant as a file or a folder."""
    return "/" in text or bool(Path(text).suffix) or Path(text).exists()


def is_table(text: str) -> bool:
    """Say whether a word is meant as a table."""
    return Path(text).suffix.lower() in READERS


def find_network(text: str) -> Network | None:
    """Read a network, if the word is meant as one."""
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
    for name in ("desired", "inputs", "missing"):
        if getattr(wishes, name):
            task_by_name(text)  # a name mistyped is the greater trouble
            raise SettingError(
                f"`--{name}` goes with a table, got the task {text!r}.",
                hint="a table is a file that ends in .csv, .tsv, .parquet or .npz.",
            )
    task = task_by_name(text)
    return task if amount is None else task.with_held_out(amount)


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
            missing=wishes.missing or "refuse",  # type: ignore[arg-type]  # checked there
            hold_out=held_out,
            seed=seed,
        )

    if amount is not None:
        return read(amount)
    task = read(0.0)
    return task if task.n_cases < SMALL else read(FIFTH)


def unknown(text: str) -> UnknownNameError:
    """Say that a word means nothing here."""
    return UnknownNameError(
        f"there is no task, record or network {text!r}.", hint=closest(text, TASKS)
    )
