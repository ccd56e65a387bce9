"""Budget: what one request may cost, and the sentence for what costs more."""

from __future__ import annotations

from typing import Final

from backsweep.errors import SettingError
from backsweep.lab.messages import Limits

__all__ = ["LIMITS", "check_work"]

# At the compiled engine's four thousand million a second, about a quarter of an hour
# of one core. Pages that ask for seconds stay far below.
LIMITS: Final = Limits(
    work=4_000_000_000_000,
    body_bytes=65_536,
    table_bytes=4_000_000,
    table_rows=20_000,
    table_columns=300,
    parameters=20_000,
    jobs=4,
)
ALL_JOBS: Final = 40  # over all pages


def check_work(*, cases: int, sweeps: int, parameters: int, runs: int) -> None:
    """Refuse work beyond the budget.

    Raises
    ------
    SettingError
        With the product, the limit, and how many runs would do.
    """
    each = cases * sweeps * parameters
    if each * runs > LIMITS.work:
        raise SettingError(
            f"cases x sweeps x parameters x runs must be at most {LIMITS.work:,}, got "
            f"{cases:,} x {sweeps:,} x {parameters:,} x {runs:,} = {each * runs:,}.",
            hint=f"ask for at most {max(LIMITS.work // max(each, 1), 0):,} runs.",
        )
