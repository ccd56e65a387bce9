"""Choice: which of a sheet's columns are learned from what, and from which cases."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from backsweep.errors import DataError, SettingError, UnknownNameError, closest
from backsweep.tasks.columns import as_words, check_numbers
from backsweep.tasks.sheet import Sheet
from backsweep.threefry import SPLIT_STREAM, permutation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from backsweep.tasks.sheet import Cells

__all__ = [
    "Missing",
    "check_desired",
    "choose_columns",
    "draw_held_out",
    "meet_missing",
    "names_each",
    "refuse_names",
    "with_classes",
]

Missing = Literal["drop", "mean", "refuse"]


def choose_columns(
    path: Path, sheet: Sheet, inputs: Sequence[str], desired: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Name the columns to learn from and those to be learned."""
    last = [list(sheet.groups)[-1]]
    outs = _columns_named(path, sheet, desired or last, "desired")
    others = [name for name in sheet.columns if name not in outs]
    ins = _columns_named(path, sheet, inputs or others, "inputs")
    both = [name for name in ins if name in outs]
    if both:
        raise DataError(
            f"a column must be an input or desired, got {both[0]!r} as both.",
            hint="the last column is desired where none is named."
            if not desired
            else "take it out of one of them.",
        )
    if not ins:
        raise DataError(
            f"{path} must have a column to learn from besides the desired ones, "
            "got none."
        )
    return ins, outs


def with_classes(path: Path, sheet: Sheet, classes: Sequence[str]) -> Sheet:
    """Give the sheet with the numbers of some columns read as names of classes."""
    columns = dict(sheet.columns)
    for name in _columns_named(path, sheet, classes, "classes"):
        columns[name] = partial(_as_words, sheet.columns[name])
    return Sheet(columns=columns, groups=sheet.groups)


def _as_words(read: Callable[[], Cells]) -> Cells:
    return as_words(read())


def _columns_named(
    path: Path, sheet: Sheet, names: Sequence[str], role: str
) -> list[str]:
    columns: list[str] = []
    # A lone name is a sequence too, of letters.
    for name in [names] if isinstance(names, str) else names:
        if name not in sheet.groups and name not in sheet.columns:
            raise UnknownNameError(
                f"{path} has no column {name!r}.",
                hint=closest(name, {*sheet.groups, *sheet.columns}),
            )
        columns += sheet.groups.get(name, (name,))
    repeated = [name for name, count in Counter(columns).items() if count > 1]
    if repeated:
        raise DataError(
            f"`{role}` must name each column once, got {repeated[0]!r} twice."
        )
    return columns


def meet_missing(
    given: list[Cells], wanted: list[Cells], missing: Missing
) -> tuple[list[Cells], list[Cells]]:
    """Meet infinite and missing values as asked for; inputs may keep some, to fill."""
    for cells in (*given, *wanted):
        check_numbers(cells)
    if missing == "drop":
        kept = ~np.any([cells.missing for cells in (*given, *wanted)], axis=0)
        if not kept.any():
            raise DataError(
                "a row must have a value in every column to be learned from, got none.",
                hint="leave out columns by naming the `inputs`, or fill with 'mean'.",
            )
        return [one.where(kept) for one in given], [one.where(kept) for one in wanted]
    for cells in (*wanted, *(given if missing == "refuse" else ())):
        if cells.missing.any():
            raise DataError(
                f"column {cells.name!r} must have a value in each row, "
                f"got none in row {cells.rows[cells.missing][0]}.",
                hint="add it, or ask for missing='drop' (leave such rows out) or "
                "missing='mean' (fill inputs with the column's mean).",
            )
    return given, wanted


def refuse_names(given: list[Cells]) -> None:
    """Refuse words that only name the cases, unless the column was asked for."""
    for cells in given:
        if names_each(cells):
            raise DataError(
                f"column {cells.name!r} must not have a different word in each row, "
                f"got {cells.values[0]!r}, {cells.values[1]!r} and so on.",
                hint="it names the cases: leave it out by naming the `inputs`.",
            )


def names_each(cells: Cells) -> bool:
    """Say whether a column holds a different word in each of three or more rows."""
    if not cells.has_words or cells.missing.any():
        return False
    return len(set(cells.values)) == len(cells.values) > 2


def check_desired(wanted: list[Cells]) -> None:
    """Refuse words beside numbers, and words of which each row has its own."""
    if len({cells.has_words for cells in wanted}) > 1:
        words = next(cells.name for cells in wanted if cells.has_words)
        numbers = next(cells.name for cells in wanted if not cells.has_words)
        raise DataError(
            "desired columns must be all words or all numbers, "
            f"got words in {words!r} and numbers in {numbers!r}.",
            hint="learn them one after the other.",
        )
    for cells in wanted:
        if names_each(cells):
            raise DataError(
                f"the desired column {cells.name!r} must hold some word twice, "
                f"got a class of its own for each of {len(cells.values)} rows."
            )


def draw_held_out(wanted: Cells, amount: float, seed: int) -> tuple[int, ...]:
    """Draw cases to keep apart, each class in its proportion and none of them whole."""
    n_cases = len(wanted.values)
    if not amount >= 0 or (amount >= 1 and not float(amount).is_integer()):
        raise SettingError(
            f"`hold_out` must be a share under 1 or a whole number of cases, "
            f"got {amount!r}."
        )
    count = round(amount * n_cases) if amount < 1 else int(amount)
    if not count and amount:
        raise DataError(
            f"{amount!r} of {n_cases} cases must be at least one case, got none.",
            hint="hold out a larger share, or a number of cases.",
        )
    candidates = _candidates(wanted, seed)
    if count > len(candidates):
        raise DataError(
            f"{count} of {n_cases} cases must not be held out: at least one of each "
            f"class must remain, got room for {len(candidates)}.",
            hint="hold out fewer.",
        )
    return tuple(sorted(candidates[:count].tolist()))


def _candidates(wanted: Cells, seed: int) -> NDArray[np.intp]:
    """Give cases in the order of being held out: the classes take turns by size.

    The last of each class is not among them; numbers are one class.
    """
    n_cases = len(wanted.values)
    classes = wanted.values if wanted.has_words else np.zeros(n_cases)
    _, own, sizes = np.unique(classes, return_inverse=True, return_counts=True)
    drawn = permutation(seed, np.array([0]), SPLIT_STREAM, 0, n_cases)[0]
    by_class = drawn[np.argsort(own[drawn], kind="stable")]
    size = sizes[own[by_class]]
    rank = np.arange(n_cases) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    turns = np.argsort((rank + 0.5) / size, kind="stable")
    candidates: NDArray[np.intp] = by_class[turns[rank[turns] < size[turns] - 1]]
    return candidates
