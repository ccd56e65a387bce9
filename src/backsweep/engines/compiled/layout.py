"""How the runs of a block lie in memory: networks side by side, or each on its own.

Both turn arrays with one row a run into what a kernel is given, and back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from backsweep.engines.compiled.call import aligned
from backsweep.engines.compiled.shares import laid_out

if TYPE_CHECKING:
    DType = type[np.floating[Any]]

__all__ = ["Abreast", "Alone", "Layout"]

Numbers = NDArray[Any]  # of the program's precision


class Layout(Protocol):
    """What the engine asks of a layout; `n_blocks` and `lanes` are the kernel's."""

    @property
    def lanes(self) -> int:
        """Numbers to a row."""
        ...

    def blocks(self, n_runs: int) -> int:
        """Give the blocks that so many runs fill."""
        ...

    def filled(self, values: Numbers, n: int, dtype: DType) -> Numbers:
        """Turn (n_runs, n) into (n_blocks, rows, lanes), noughts behind.

        Values without columns are noughts.
        """
        ...

    def emptied(self, values: Numbers, n_runs: int, n: int) -> Numbers:
        """Turn (n_blocks, rows, lanes) back into (n_runs, n)."""
        ...

    def spread(self, values: Numbers, dtype: DType) -> Numbers:
        """Turn one number a run, (n_runs,), into (n_blocks, lanes)."""
        ...

    def gathered(self, values: Numbers, n_runs: int) -> Numbers:
        """Turn numbers on the last axis, (..., n_blocks lanes), into (..., n_runs)."""
        ...

    def shared(self, cases: dict[str, Numbers], dtype: DType) -> dict[str, Numbers]:
        """Lay out cases that all runs learn, (n_cases, n_units) each."""
        ...

    def own(self, cases: dict[str, Numbers], dtype: DType) -> dict[str, Numbers]:
        """Lay out cases of each run, (n_runs, n_cases, n_units) each."""
        ...


@dataclass(frozen=True, slots=True)
class Abreast:
    """A network in each lane.

    Parameters
    ----------
    lanes
        Networks to a block.
    """

    lanes: int

    def blocks(self, n_runs: int) -> int:
        """See `Layout.blocks`."""
        return -(-n_runs // self.lanes)

    def filled(self, values: Numbers, n: int, dtype: DType) -> Numbers:
        """See `Layout.filled`."""
        lanes = self.lanes
        whole, rest = divmod(len(values), lanes)
        result = aligned((whole + (rest > 0), n, lanes), dtype)
        if values.shape[1]:
            full = values[: whole * lanes].reshape(whole, lanes, n)
            result[:whole] = full.swapaxes(1, 2)
            if rest:
                result[whole, :, :rest] = values[whole * lanes :].T
        return result

    def emptied(self, values: Numbers, n_runs: int, n: int) -> Numbers:
        """See `Layout.emptied`."""
        return values.swapaxes(1, 2).reshape(-1, n)[:n_runs]

    def spread(self, values: Numbers, dtype: DType) -> Numbers:
        """See `Layout.spread`."""
        row = np.zeros(self.blocks(len(values)) * self.lanes, dtype)
        row[: len(values)] = values
        return row.reshape(-1, self.lanes)

    def gathered(self, values: Numbers, n_runs: int) -> Numbers:
        """See `Layout.gathered`."""
        return values[..., :n_runs]

    def shared(self, cases: dict[str, Numbers], dtype: DType) -> dict[str, Numbers]:
        """See `Layout.shared`."""
        return {name: _aligned(given.ravel(), dtype) for name, given in cases.items()}

    def own(self, cases: dict[str, Numbers], dtype: DType) -> dict[str, Numbers]:
        """See `Layout.own`."""
        rows = {
            name: given.reshape(len(given), math.prod(given.shape[1:]))
            for name, given in cases.items()
        }
        return {
            name: self.filled(given, given.shape[1], dtype)
            for name, given in rows.items()
        }


@dataclass(frozen=True, slots=True)
class Alone:
    """A network to a block, a share of its cases in each lane.

    Parameters
    ----------
    lanes
        Shares of the cases.
    n_cases
        How many cases there are.
    """

    lanes: int
    n_cases: int

    def blocks(self, n_runs: int) -> int:
        """See `Layout.blocks`."""
        return n_runs

    def filled(self, values: Numbers, n: int, dtype: DType) -> Numbers:
        """See `Layout.filled`."""
        rows = -(-n // self.lanes)
        result = aligned((len(values), rows, self.lanes), dtype)
        flat = result.reshape(len(values), rows * self.lanes)
        flat[:, : values.shape[1]] = values
        return result

    def emptied(self, values: Numbers, n_runs: int, n: int) -> Numbers:
        """See `Layout.emptied`."""
        return values.reshape(n_runs, values[0].size if n_runs else n)[:, :n]

    def spread(self, values: Numbers, dtype: DType) -> Numbers:
        """See `Layout.spread`."""
        return np.repeat(values[:, None], self.lanes, axis=1).astype(dtype)

    def gathered(self, values: Numbers, n_runs: int) -> Numbers:
        """See `Layout.gathered`."""
        return values[..., :: self.lanes][..., :n_runs]

    def shared(self, cases: dict[str, Numbers], dtype: DType) -> dict[str, Numbers]:
        """See `Layout.shared`."""
        return {
            **{
                name: _aligned(self._turned(given[None])[0], dtype)
                for name, given in cases.items()
            },
            **self._there(dtype),
        }

    def own(self, cases: dict[str, Numbers], dtype: DType) -> dict[str, Numbers]:
        """See `Layout.own`."""
        return {
            **{
                name: _aligned(self._turned(given), dtype)
                for name, given in cases.items()
            },
            **self._there(dtype),
        }

    def _there(self, dtype: DType) -> dict[str, Numbers]:
        if self.n_cases % self.lanes == 0:
            return {}
        return {"there": _aligned(self._is_there().astype(dtype), dtype)}

    def _is_there(self) -> NDArray[np.bool_]:
        rows = laid_out(self.n_cases, self.lanes)
        return np.array([[case is not None for case in row] for row in rows])

    def _turned(self, cases: Numbers) -> Numbers:
        """Turn (..., n_cases, n_units) into (..., rows n_units, lanes)."""
        rows = laid_out(self.n_cases, self.lanes)
        picked = np.array([[case or 0 for case in row] for row in rows])
        # Where there is no case, the first stands in for it: nobody is blamed there.
        given = cases[:, picked]
        n_rows = len(rows) * cases.shape[2]
        return given.swapaxes(2, 3).reshape(len(cases), n_rows, self.lanes)


def _aligned(values: Numbers, dtype: DType) -> Numbers:
    result = aligned(values.shape, dtype)
    result[...] = values
    return result
