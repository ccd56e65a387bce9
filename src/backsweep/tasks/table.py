"""Tables: a file of one's own, read as a task with a network and a recipe.

Reading files is the business of `readers`, scaling that of `columns`, and the network
and procedure come from `recipe`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from backsweep.errors import DataError, FitWarning, SettingError, closest
from backsweep.tasks.choice import (
    Missing,
    check_desired,
    choose_columns,
    draw_held_out,
    meet_missing,
    names_each,
    refuse_names,
    with_classes,
)
from backsweep.tasks.columns import Column, Numbers, Words, as_classes, fill
from backsweep.tasks.readers import READERS, read_sheet
from backsweep.tasks.recipe import build_network, choose_ending, choose_procedure
from backsweep.tasks.task import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from backsweep.tasks.sheet import Cells, Sheet

__all__ = ["Table", "is_table", "read_table"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A file read as a task, and what leads from its units back to its columns.

    Parameters
    ----------
    task
        The cases as the network sees them, its network and recipe.
    inputs, desired
        The columns, in the order of the input and of the output units.
    """

    task: Task
    inputs: tuple[Column, ...]
    desired: tuple[Column, ...]

    @classmethod
    def read(
        cls,
        path: str | Path,
        *,
        desired: Sequence[str] = (),
        inputs: Sequence[str] = (),
        hold_out: float = 0.0,
        seed: int = 0,
        missing: Missing = "refuse",
        hidden: int | None = None,
        classes: Sequence[str] = (),
    ) -> Table:
        """Read a file; the parameters are those of `read_table`."""
        path = Path(path)
        return cls.of(
            path,
            read_sheet(path),
            desired=desired,
            inputs=inputs,
            hold_out=hold_out,
            seed=seed,
            missing=missing,
            hidden=hidden,
            classes=classes,
        )

    @classmethod
    def of(
        cls,
        path: Path,
        sheet: Sheet,
        *,
        desired: Sequence[str] = (),
        inputs: Sequence[str] = (),
        hold_out: float = 0.0,
        seed: int = 0,
        missing: Missing = "refuse",
        hidden: int | None = None,
        classes: Sequence[str] = (),
    ) -> Table:
        """Make a table of a sheet that is read already; the file need not be there."""
        if missing not in get_args(Missing):
            raise SettingError(
                f"`missing` must be one of 'drop', 'mean', 'refuse', got {missing!r}.",
                hint=closest(str(missing), get_args(Missing)),
            )
        sheet = with_classes(path, sheet, classes)
        given, wanted = _cells(path, sheet, inputs, desired, missing)
        apart = draw_held_out(wanted[0], hold_out, seed)
        learned = np.ones(len(wanted[0].values), dtype=bool)
        learned[list(apart)] = False
        filled = [fill(cells, learned) for cells in given]
        ins = tuple(_input_column(cells, learned) for cells in filled)
        outs = tuple(_desired_column(cells, learned, len(wanted)) for cells in wanted)
        _check_variety(path, ins)
        ending = choose_ending(outs, wanted[0].where(learned))
        network = build_network(ins, outs, ending, hidden)
        task = Task(
            name=path.stem,
            about=_about(outs, len(ins), by_default=not desired),
            source=str(path),
            inputs=_outputs(ins, filled),
            desired=_outputs(outs, wanted),
            network=network,
            procedure=choose_procedure(ending, network.n_in),
            case_names=_case_names(sheet, {c.name for c in (*ins, *outs)}, wanted[0]),
            held_out_cases=apart,
        )
        return cls(task=task, inputs=ins, desired=outs)

    def to_columns(self, outputs: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        """Give outputs back as the table has them: numbers in their unit, words.

        Parameters
        ----------
        outputs : ndarray of shape (..., n_out)
            Outputs of the output units, or desired ones.

        Returns
        -------
        dict of str to ndarray of shape (...)
            One entry for each desired column.
        """
        stops = np.cumsum([len(column.units) for column in self.desired])
        parts = np.split(outputs, stops[:-1], axis=-1)
        return {
            column.name: column.to_values(part)
            for column, part in zip(self.desired, parts, strict=True)
        }


def is_table(name: str) -> bool:
    """Tell by its ending whether a task's name is the path of a table.

    Examples
    --------
    >>> is_table("examples/iris.csv"), is_table("parity:4")
    (True, False)
    """
    return Path(name).suffix.lower() in READERS


def read_table(
    path: str | Path,
    *,
    desired: Sequence[str] = (),
    inputs: Sequence[str] = (),
    hold_out: float = 0.0,
    seed: int = 0,
    missing: Missing = "refuse",
    hidden: int | None = None,
    classes: Sequence[str] = (),
) -> Task:
    r"""Read a table of one's own as a task.

    Parameters
    ----------
    path
        A file that ends in .csv, .tsv, .parquet or .npz. Text is UTF-8, with the
        names of the columns in the first row; an NPZ holds named arrays of one axis
        (n_cases,) or two (n_cases, n_columns), the columns of which are `name_1`,
        `name_2` and so on.
    desired
        The columns to be learned; the last one where none is named.
    inputs
        The columns to learn from; all others where none is named. Columns in
        neither are left out, and the first of them that holds a different word in
        each row names the cases.
    hold_out
        A share of the cases under 1, or a number of them, that are never learned
        from; each class gives its part.
    seed
        Decides which cases those are.
    missing
        "refuse" a table in which a value is missing, "drop" the rows concerned, or
        fill with the "mean" of the learning cases, of words with the commonest; a
        desired value is never made up.
    hidden
        Number of hidden units; half the sum of input and output units where
        None, but at least 8 and at most 32.
    classes
        Columns whose numbers are names of classes, such as digits from 0 to 9: they
        are read as words.

    Returns
    -------
    Task
        Named after the file. Hidden units are tanh. Desired words are a
        classification: softmax units, cross-entropy, learned when 95 % of the
        learning cases have the right winner (more where one class is in the great
        majority). Several columns of words have logistic units, right within 0.5.
        Desired numbers are a regression: linear units, squared error, learned when
        90 % of the learning cases are right within half a standard deviation.

    Raises
    ------
    DataError
        If the file cannot be read, or cannot be learned from as it is.
    UnknownNameError
        If it has no column of a given name.
    SettingError
        If `hold_out` or `missing` is out of range.

    See Also
    --------
    Table.read : The same, with the way back to the table's own units.

    Notes
    -----
    Numbers have mean 0 and standard deviation 1 over the learning cases, words a
    unit each (an input column of two words has one unit). Columns of true and false,
    or of nothing but 0 and 1, count as words. Runs go on to the last of 500 sweeps:
    the first sweep at which enough cases are right is early for the held-out ones.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "fruit.csv"
    ...     _ = path.write_text("weight,skin,fruit\n150,red,apple\n8,red,cherry\n")
    ...     task = read_table(path, inputs=["weight"])
    >>> task.inputs
    array([[ 1.],
           [-1.]])
    >>> task.network["output"].units
    ('fruit=apple', 'fruit=cherry')
    """
    return Table.read(
        path,
        desired=desired,
        inputs=inputs,
        hold_out=hold_out,
        seed=seed,
        missing=missing,
        hidden=hidden,
        classes=classes,
    ).task


def _cells(
    path: Path,
    sheet: Sheet,
    inputs: Sequence[str],
    desired: Sequence[str],
    missing: Missing,
) -> tuple[list[Cells], list[Cells]]:
    """Give the input and the desired columns' cells, met with every check."""
    names_in, names_out = choose_columns(path, sheet, inputs, desired)
    given, wanted = meet_missing(
        [as_classes(sheet.columns[name]()) for name in names_in],
        [as_classes(sheet.columns[name]()) for name in names_out],
        missing,
    )
    if not inputs:
        refuse_names(given)
    check_desired(wanted)
    return given, wanted


def _input_column(cells: Cells, learned: NDArray[np.bool_]) -> Column:
    if cells.has_words:
        return Words.fit(cells, learned, is_single=True)
    return Numbers.fit(cells, learned)


def _desired_column(cells: Cells, learned: NDArray[np.bool_], n_columns: int) -> Column:
    column: Column = (
        Words.fit(cells, learned, is_single=n_columns > 1)
        if cells.has_words
        else Numbers.fit(cells, learned)
    )
    if not column.varies:
        raise DataError(
            f"the desired column {cells.name!r} must hold at least two "
            f"{'classes' if cells.has_words else 'values'} among the learning cases, "
            f"got {cells.values[learned].tolist()[0]!r} in all of them.",
        )
    if isinstance(column, Words):
        return replace(column, learned=column.words)
    return column


def _check_variety(path: Path, columns: tuple[Column, ...]) -> None:
    same = [column.name for column in columns if not column.varies]
    if len(same) == len(columns):
        raise DataError(
            f"some input column of {path} must differ between the learning cases, "
            f"got {len(same)} that do not."
        )
    if same:
        warnings.warn(
            f"input columns that are the same in all learning cases stay at 0, "
            f"got {', '.join(map(repr, same))}; leave them out by naming the `inputs`.",
            FitWarning,
            stacklevel=5,  # the caller of `read_table`
        )


def _outputs(columns: tuple[Column, ...], cells: list[Cells]) -> NDArray[np.float64]:
    parts = [column.to_outputs(one) for column, one in zip(columns, cells, strict=True)]
    return np.concatenate(parts, axis=-1)  # (n_cases, n_units)


def _about(columns: tuple[Column, ...], n_inputs: int, *, by_default: bool) -> str:
    named = [
        f"{column.name!r} ({len(column.words)} classes)"
        if isinstance(column, Words)
        else repr(column.name)
        for column in columns
    ]
    verb = "Tell" if isinstance(columns[0], Words) else "Estimate"
    where = f", the last column{'s' * (len(named) > 1)}," if by_default else ""
    others = f"{n_inputs} other column{'s' * (n_inputs > 1)}"
    return f"{verb} {' and '.join(named)}{where} from {others}."


def _case_names(sheet: Sheet, used: set[str], kept: Cells) -> tuple[str, ...]:
    """Take the first column left out that has a word for each case, or the rows."""
    for name, read in sheet.columns.items():
        if name in used:
            continue
        try:
            cells = read()
        except DataError:
            continue  # a column that nobody asked for need not be in order
        cells = cells.where(np.isin(cells.rows, kept.rows))
        if names_each(cells):
            return tuple(cells.values)
    return tuple(f"row {row}" for row in kept.rows)
