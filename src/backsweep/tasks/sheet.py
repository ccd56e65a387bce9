"""Sheets: the named columns of a file as they stand there, missing values marked.

`readers` makes them from files; which columns are learned, and how a network sees
them, is decided in `table` and `columns`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from backsweep.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Cells", "Sheet"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """One column, missing values marked.

    Parameters
    ----------
    name
        As the file has it.
    values : ndarray of shape (n_cases,)
        Numbers as float64 with NaN where one is missing; or words as objects, with
        None where one is missing. Truth values are the words "false" and "true".
    rows : ndarray of shape (n_cases,)
        The row of each value as the file shows it, from 1. In CSV and TSV row 1 is
        that of the names; in Parquet and NPZ, which have none, it is a case.
    """

    name: str
    values: NDArray[Any]
    rows: NDArray[np.intp]

    @property
    def has_words(self) -> bool:
        """Whether the values are words rather than numbers."""
        return self.values.dtype == object

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Tell where a value is missing: shape (n_cases,)."""
        if self.has_words:
            return np.array([word is None for word in self.values], dtype=bool)
        missing: NDArray[np.bool_] = np.isnan(self.values)
        return missing

    def where(self, kept: NDArray[np.bool_]) -> Cells:
        """Give the cells for which `kept`, of shape (n_cases,), is true."""
        return replace(self, values=self.values[kept], rows=self.rows[kept])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """A file's columns; what they hold is looked into only when asked for.

    Parameters
    ----------
    columns
        What gives each column's cells, in the file's order.
    groups
        The columns that each name of the file stands for: itself, or, where it
        names an array of two axes, the columns of that array.
    """

    columns: Mapping[str, Callable[[], Cells]]
    groups: Mapping[str, tuple[str, ...]]

    @classmethod
    def gather(
        cls,
        path: Path,
        columns: Sequence[tuple[str, Callable[[], Cells]]],
        n_cases: int,
        groups: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Sheet:
        """Check that a file's columns make a table.

        Raises
        ------
        DataError
            If there are no columns or no cases, or two columns share a name.
        """
        names = [name for name, _ in columns]
        if not names:
            raise DataError(f"{path} must have named columns, got none.")
        repeated = [name for name, count in Counter(names).items() if count > 1]
        if repeated:
            raise DataError(
                f"the columns of {path} must have distinct names, "
                f"got {repeated[0]!r} more than once."
            )
        if not n_cases:
            raise DataError(
                f"{path} must hold at least one case, got names of columns only."
            )
        return cls(
            columns=dict(columns), groups=groups or {name: (name,) for name in names}
        )
