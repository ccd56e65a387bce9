"""Delimited text: CSV and TSV files, whose cells show what their columns hold."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from backsweep.errors import DataError
from backsweep.tasks.sheet import Cells, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["MISSING", "number_in", "parsed", "read_csv", "read_tsv"]

# What people write where they have no value. "Na" is not among them: it is sodium.
MISSING: Final = frozenset(
    {"", "?", "#N/A", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null"}
)
SEPARATORS: Final = (",", ";", "\t", "|")
FIRST_RECORD: Final = 100_000  # characters looked at; csv refuses a longer cell


def read_csv(path: Path) -> Sheet:
    """Read a CSV file, whose cells are separated as its first row suggests.

    Notes
    -----
    Commas, semicolons, tabs and bars are tried. Where cells are separated by
    semicolons, a comma in a number is its decimal mark. Blank rows are passed over.
    """
    return parsed(path, path.read_bytes())


def read_tsv(path: Path) -> Sheet:
    """Read a TSV file: as CSV, but separated by tabs."""
    return parsed(path, path.read_bytes())


def parsed(path: Path, content: bytes) -> Sheet:
    """Read text that is at hand already, as that of a file of this name."""
    text = _text(path, content)
    if path.suffix.lower() == ".tsv":
        return _from_text(path, text, "\t")
    separator = max(SEPARATORS, key=lambda guess: len(_first_record(text, guess)))
    return _from_text(path, text, separator)


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path} must be text in UTF-8, got byte {content[error.start]:#04x} "
            f"in line {line}.",
            hint="in a spreadsheet program, save it as 'CSV UTF-8'.",
        ) from error


def _first_record(text: str, separator: str) -> list[str]:
    reader = csv.reader(
        io.StringIO(text.lstrip("\r\n")[:FIRST_RECORD], newline=""),
        delimiter=separator,
        skipinitialspace=True,
    )
    return next(reader, [])


def _records(path: Path, text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Give each row that is not blank with its number."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        skipinitialspace=True,
        strict=True,
    )
    try:
        records = [
            (number, [cell.strip() for cell in record])
            for number, record in enumerate(reader, start=1)
        ]
    except csv.Error as error:
        raise DataError(
            f"{path} must be well-formed, got: {error} (line {reader.line_num}).",
            hint='a quoted cell ends with a quote; a quote within it is written "".',
        ) from error
    return [(number, record) for number, record in records if any(record)]


def _from_text(path: Path, text: str, separator: str) -> Sheet:
    records = _records(path, text, separator)
    if not records:
        raise DataError(
            f"{path} must hold a table, got an empty file.",
            hint="the first row names the columns, each further row is a case.",
        )
    (first, header), cases = records[0], records[1:]
    # Where a semicolon separates cells, the comma is the decimal mark.
    mark = "," if separator == ";" else "."
    _check_header(path, header, first, mark)
    for number, record in cases:
        if len(record) != len(header):
            raise DataError(
                f"row {number} of {path} must have {len(header)} cells, "
                f"as the row of names has, got {len(record)}.",
                hint=f"cells are separated by {separator!r}; "
                "quote a cell that holds one.",
            )
    rows = np.array([number for number, _ in cases], dtype=np.intp)
    columns = [
        (
            name,
            partial(
                _from_cells, name, [record[place] for _, record in cases], rows, mark
            ),
        )
        for place, name in enumerate(header)
    ]
    return Sheet.gather(path, columns, len(cases))


def _check_header(path: Path, header: list[str], row: int, mark: str) -> None:
    """Refuse a case in the place of the names; whole numbers may be names of years."""
    digits = [cell for cell in header if any(sign.isdigit() for sign in cell)]
    numbers = [cell for cell in digits if number_in(cell, mark) is not None]
    fractions = [cell for cell in numbers if not cell.isdecimal()]
    if len(numbers) == len(header) or fractions:
        raise DataError(
            f"row {row} of {path} must hold the names of the columns, "
            f"got {(fractions or numbers)[0]!r}.",
            hint="put a row of names above the cases.",
        )
    if "" in header:
        raise DataError(
            f"column {header.index('') + 1} of {path} must have a name, got none.",
            hint="name it in the first row, or take it out if it only counts the rows.",
        )


def number_in(cell: str, mark: str = ".") -> float | None:
    """Read a cell's number, or give None; Python's own 1_000 is not one in a table."""
    try:
        return None if "_" in cell else float(cell.replace(mark, "."))
    except ValueError:
        return None


def _from_cells(
    name: str, column: Sequence[str], rows: NDArray[np.intp], mark: str
) -> Cells:
    words = [None if cell in MISSING else cell for cell in column]
    numbers = [np.nan if word is None else number_in(word, mark) for word in words]
    texts = [place for place, number in enumerate(numbers) if number is None]
    present = len(words) - words.count(None)
    if not texts:
        return Cells(name=name, values=np.array(numbers, dtype=np.float64), rows=rows)
    if 2 * len(texts) < present:
        raise DataError(
            f"column {name!r} must hold numbers, as most of its rows do, "
            f"got {words[texts[0]]!r} in row {rows[texts[0]]}.",
            hint="correct the cell, or empty it where the value is missing.",
        )
    if {word.lower() for word in words if word is not None} <= {"false", "true"}:
        words = [word if word is None else word.lower() for word in words]
    return Cells(name=name, values=np.array(words, dtype=object), rows=rows)
