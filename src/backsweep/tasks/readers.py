"""Readers: one table, from a file's suffix to the function that reads its columns.

Delimited text has a module of its own; here are the formats whose columns say
themselves what they hold. pyarrow is loaded when a Parquet file is read.
"""

from __future__ import annotations

import difflib
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.errors import DataError
from backsweep.tasks.delimited import MISSING, read_csv, read_tsv
from backsweep.tasks.sheet import Cells, Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["READERS", "read_npz", "read_parquet", "read_sheet"]

Column = tuple[str, Callable[[], Cells]]

# What NumPy raises for a file that is not, or is no longer, an archive of arrays.
DAMAGE: Final = (
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_npz(path: Path) -> Sheet:
    """Read an NPZ file: arrays of one axis are columns, of two axes several.

    The columns of a two-axis array `name` are `name_1`, `name_2` and so on.
    """
    arrays = _arrays(path)
    columns: list[Column] = []
    groups: dict[str, tuple[str, ...]] = {}
    for name, values in arrays.items():
        _check_axes(path, name, values, next(iter(arrays.items())))
        rows = np.arange(1, len(values) + 1)
        parts = [values] if values.ndim == 1 else list(values.T)
        names = [name] if values.ndim == 1 else _numbered(name, len(parts))
        groups[name] = tuple(names)
        columns += [
            (one, partial(_from_array, one, part, rows))
            for one, part in zip(names, parts, strict=True)
        ]
    n_cases = max(map(len, arrays.values()), default=0)
    return Sheet.gather(path, columns, n_cases, groups)


def _numbered(name: str, count: int) -> list[str]:
    return [f"{name}_{number + 1}" for number in range(count)]


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    refusal = f"{path} must be an NPZ archive of arrays"
    with path.open("rb") as file:
        try:
            archive = np.load(file, allow_pickle=False)
        except DAMAGE as error:
            raise DataError(
                f"{refusal}, got something else or a part of one."
            ) from error
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise DataError(f"{refusal}, got a single array.", hint="use np.savez.")
        with archive:
            return {name: _array(refusal, archive, name) for name in archive.files}


def _array(refusal: str, archive: Mapping[str, Any], name: str) -> NDArray[Any]:
    try:
        values = archive[name]
    except DAMAGE as error:
        if "Object arrays" not in str(error):
            raise DataError(f"{refusal}, got {name!r} damaged.") from error
        raise DataError(
            f"{refusal}, got Python objects in {name!r}, which are not read.",
            hint=f"save it as an array of one kind, e.g. {name}.astype(str).",
        ) from error
    if not isinstance(values, np.ndarray):
        raise DataError(f"{refusal}, got the file {name!r}.")
    return values


def _check_axes(
    path: Path, name: str, values: NDArray[Any], first: tuple[str, NDArray[Any]]
) -> None:
    if values.ndim not in {1, 2}:
        raise DataError(
            f"array {name!r} of {path} must have one axis (n_cases,) or two "
            f"(n_cases, n_columns), got shape {values.shape}."
        )
    if len(values) != len(first[1]):
        raise DataError(
            f"the arrays of {path} must hold the same cases, "
            f"got {len(first[1])} in {first[0]!r} and {len(values)} in {name!r}."
        )


def _from_array(name: str, values: NDArray[Any], rows: NDArray[np.intp]) -> Cells:
    if values.dtype.kind == "b":
        words: list[str | None] = ["true" if value else "false" for value in values]
    elif values.dtype.kind == "U":
        words = [_word(value) for value in values.tolist()]
    elif values.dtype.kind in "iuf":
        return Cells(name=name, values=values.astype(np.float64), rows=rows)
    else:
        raise DataError(
            f"column {name!r} must hold numbers, words or truth values, "
            f"got {values.dtype}.",
            hint="convert it before saving, for instance with .astype(str).",
        )
    return Cells(name=name, values=np.array(words, dtype=object), rows=rows)


def _word(value: str | None) -> str | None:
    word = (value or "").strip()
    return None if word in MISSING else word


def read_parquet(path: Path) -> Sheet:
    """Read a Parquet file, a data frame's nameless index left out."""
    import pyarrow as pa  # noqa: PLC0415  # slow to load, and not for every user
    from pyarrow import parquet  # noqa: PLC0415

    try:
        content = parquet.ParquetFile(path).read()
        content.validate(full=True)  # words that are not UTF-8, else found too late
        names = content.column_names
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise DataError(f"{path} could not be read as Parquet: {reason}.") from error
    rows = np.arange(1, content.num_rows + 1)
    columns: list[Column] = [
        (name, partial(_from_arrow, name, column, rows))
        for name, column in zip(names, content.columns, strict=True)
        if not name.startswith("__index_level_")
    ]
    return Sheet.gather(path, columns, content.num_rows)


def _from_arrow(name: str, column: Any, rows: NDArray[np.intp]) -> Cells:
    from pyarrow import float64, types  # noqa: PLC0415  # as above

    kind = column.type
    if types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    numeric = (types.is_integer, types.is_floating, types.is_decimal, types.is_null)
    textual = (types.is_string, types.is_large_string, types.is_string_view)
    if any(holds(kind) for holds in numeric):
        numbers = column.cast(float64(), safe=False).to_numpy()
        return Cells(name=name, values=numbers, rows=rows)
    words = {True: "true", False: "false", None: None}
    if types.is_boolean(kind):
        values = [words[value] for value in column.to_pylist()]
    elif any(holds(kind) for holds in textual):
        values = [_word(value) for value in column.to_pylist()]
    else:
        raise DataError(
            f"column {name!r} must hold numbers, words or truth values, got {kind}.",
            hint="write the column flat, or leave it out by naming the `inputs`.",
        )
    return Cells(name=name, values=np.array(values, dtype=object), rows=rows)


READERS: Final[Mapping[str, Callable[[Path], Sheet]]] = MappingProxyType(
    {
        ".csv": read_csv,
        ".npz": read_npz,
        ".parquet": read_parquet,
        ".tsv": read_tsv,
    }
)


def read_sheet(path: Path) -> Sheet:
    """Read a file by its suffix.

    Raises
    ------
    DataError
        If there is no such file, or it is not what its suffix says, or has no
        columns, no cases, or two columns of one name.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        suffixes = ", ".join(map(repr, sorted(READERS)))
        raise DataError(
            f"a table's file must end in one of {suffixes}, got {str(path)!r}.",
            hint="save it as CSV, with the names of the columns in the first row.",
        )
    if not path.exists():
        raise DataError(f"there is no file {str(path)!r}.", hint=_nearest(path))
    try:
        return reader(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"{path} could not be read: {reason}.") from error


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {str(path.parent)!r} either."
    tables = [file.name for file in path.parent.iterdir() if file.suffix in READERS]
    near = difflib.get_close_matches(path.name, tables, n=1)
    return f"did you mean {near[0]!r}?" if near else "paths begin in this folder."
