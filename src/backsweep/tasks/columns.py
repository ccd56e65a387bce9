"""Columns: how a table's column becomes units of a network, and comes back.

Numbers are centred and scaled, words have a unit each; what that takes is found in
the learning cases alone, so that held-out cases stay unseen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from backsweep.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backsweep.tasks.sheet import Cells

__all__ = [
    "Column",
    "Numbers",
    "Words",
    "as_classes",
    "as_words",
    "check_numbers",
    "fill",
]

LARGEST: Final = 1e150  # the square of a larger number is infinite


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A column of numbers: one unit, (value - centre) / spread.

    Parameters
    ----------
    name
        Of the column, and of its unit.
    centre, spread
        Mean and standard deviation over the learning cases, in the column's unit;
        a spread of 0 where all are equal, and then the unit stays at 0.

    Examples
    --------
    >>> height = Numbers(name="height", centre=170.0, spread=10.0)
    >>> height.to_values(np.array([[1.5]]))
    array([185.])
    """

    name: str
    centre: float
    spread: float

    @classmethod
    def fit(cls, cells: Cells, learned: NDArray[np.bool_]) -> Numbers:
        """Take centre and spread from the cells for which `learned` is true."""
        values = cells.values[learned]
        spread = float(values.std()) if np.ptp(values) else 0.0  # std rounds
        return cls(name=cells.name, centre=float(values.mean()), spread=spread)

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the units."""
        return (self.name,)

    @property
    def varies(self) -> bool:
        """Whether the learning cases differ in this column."""
        return self.spread > 0

    def to_outputs(self, cells: Cells) -> NDArray[np.float64]:
        """Give the unit's output for each case: shape (n_cases, 1)."""
        if not self.varies:
            return np.zeros((len(cells.values), 1))
        scaled: NDArray[np.float64] = (cells.values - self.centre) / self.spread
        return scaled[:, None]

    def to_values(self, outputs: NDArray[np.float64]) -> NDArray[Any]:
        """Give outputs of shape (..., 1) back in the column's own unit: (...)."""
        return self.centre + self.spread * outputs[..., 0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A column of words: a unit each, 1 for the word that a case has, else 0.

    Parameters
    ----------
    name
        Of the column; units are called "name=word".
    words
        Every word of the column, sorted.
    learned
        Those that learning cases have. The unit of another word stays at 0, since
        nothing teaches its weights; so does that of a word that all of them have.
    is_single
        Whether a column of two words has one unit, for the second of them.

    Examples
    --------
    >>> sex = Words(name="sex", words=("f", "m"), learned=("f", "m"), is_single=True)
    >>> sex.units
    ('sex=m',)
    >>> sex.to_values(np.array([[0.9], [0.2]])).tolist()
    ['m', 'f']
    """

    name: str
    words: tuple[str, ...]
    learned: tuple[str, ...]
    is_single: bool = False

    @classmethod
    def fit(
        cls, cells: Cells, learned: NDArray[np.bool_], *, is_single: bool = False
    ) -> Words:
        """Collect the words, and mark those of the cases that are `learned`.

        Parameters
        ----------
        is_single
            Whether one unit is enough where there are two words.
        """
        words = tuple(sorted(set(cells.values)))
        return cls(
            name=cells.name,
            words=words,
            learned=tuple(sorted(set(cells.values[learned]))),
            is_single=is_single and len(words) == 2,
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the units."""
        return tuple(f"{self.name}={word}" for word in self._shown)

    @property
    def varies(self) -> bool:
        """Whether the learning cases differ in this column."""
        return len(self.learned) > 1

    @property
    def _shown(self) -> tuple[str, ...]:
        return self.words[1:] if self.is_single else self.words

    def to_outputs(self, cells: Cells) -> NDArray[np.float64]:
        """Give each unit's output for each case: shape (n_cases, n_units)."""
        columns = [cells.values == word for word in self._shown]
        taught = [self.varies and word in self.learned for word in self._shown]
        return np.stack(columns, axis=-1).astype(np.float64) * taught

    def to_values(self, outputs: NDArray[np.float64]) -> NDArray[Any]:
        """Give the word of the most active unit: from (..., n_units) to (...).

        Of a single unit, the second word where it is more than half active.
        """
        single = self.is_single
        places = outputs[..., 0] > 0.5 if single else outputs.argmax(axis=-1)
        words: NDArray[np.str_] = np.array(self.words)[places.astype(np.intp)]
        return words


Column: TypeAlias = Numbers | Words


def check_numbers(cells: Cells) -> None:
    """Raise DataError where a number is infinite, or too large to be squared."""
    if cells.has_words:
        return
    bad = np.flatnonzero(np.abs(cells.values) > LARGEST)
    if len(bad):
        raise DataError(
            f"column {cells.name!r} must hold numbers between {-LARGEST:g} and "
            f"{LARGEST:g}, got {float(cells.values[bad[0]])!r} in row "
            f"{cells.rows[bad[0]]}.",
            hint="correct the cell, or empty it where the value is missing.",
        )


def as_classes(cells: Cells) -> Cells:
    """Give a column of nothing but 0 and 1 as the words "0" and "1"."""
    if cells.has_words:
        return cells
    present = cells.values[~cells.missing]
    if not np.isin(present, (0.0, 1.0)).all() or present.all() or not present.any():
        return cells
    return as_words(cells)


def as_words(cells: Cells) -> Cells:
    """Give numbers as words: 3 as "3", 2.5 as "2.5"."""
    if cells.has_words:
        return cells
    words = [
        None if np.isnan(value) else repr(value).removesuffix(".0")
        for value in cells.values.tolist()
    ]
    return replace(cells, values=np.array(words, dtype=object))


def fill(cells: Cells, learned: NDArray[np.bool_]) -> Cells:
    """Put the mean, or the commonest word, of the learning cases where one is missing.

    Of words equally common, the first in sorted order.
    """
    missing = cells.missing
    if not missing.any():
        return cells
    known = cells.values[learned & ~missing]
    if not len(known):
        raise DataError(
            f"column {cells.name!r} must have a value in some learning case, got none.",
            hint="leave it out by naming the `inputs`.",
        )
    values = cells.values.copy()
    counts = Counter(sorted(known)) if cells.has_words else None
    values[missing] = counts.most_common(1)[0][0] if counts else np.mean(known)
    return replace(cells, values=values)
