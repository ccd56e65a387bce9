"""Budget: what one request may cost, and the sentence for what costs more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backsweep.errors import DataError, SettingError, SpecError
from backsweep.lab.messages import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backsweep.network import Network

__all__ = ["LIMITS", "check_kept", "check_network", "check_units", "check_work"]

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
MOST_UNITS: Final = 2_000  # that a table's columns come to
MOST_CELLS: Final = 12_500_000  # units x rows: 100 MB
# So many are compiled within ten seconds; it hears no wish to stop.
MOST_LAYERS: Final = 20
MOST_LINKS: Final = 40
MOST_KEPT: Final = 40_000_000  # weights and biases of all runs: 320 MB


def check_units(units: Mapping[str, int], rows: int) -> None:
    """Refuse a table that would take much memory, before anything is made of it.

    Parameters
    ----------
    units
        How many units each column comes to: a number one, words one each.
    rows
        How many rows the table has.

    Raises
    ------
    DataError
        With the limit, and the column that has most.
    """
    total = sum(units.values())
    most = min(MOST_UNITS, MOST_CELLS // max(rows, 1))
    if total > most:
        widest = max(units, key=lambda name: units[name])
        raise DataError(
            f"the columns of {rows:,} rows must come to at most {most:,} units here, "
            f"one for a number and one for each class, got {total:,}, of which "
            f"{units[widest]:,} are for {widest!r}.",
            hint=f"leave {widest!r} out or predict another column, or read it as "
            "numbers if it holds numbers.",
        )


def check_network(network: Network) -> None:
    """Refuse a network that would take long to compile, or that is too large.

    Raises
    ------
    SpecError
        With the limit.
    """
    counts = (
        ("layers", len(network.layers), MOST_LAYERS),
        ("links between layers", len(network.links), MOST_LINKS),
        ("weights and biases", network.n_parameters, LIMITS.parameters),
    )
    for what, count, most in counts:
        if count > most:
            raise SpecError(
                f"a network must have at most {most:,} {what} here, got {count:,}.",
                hint="the command line has no such limit: backsweep learn TABLE "
                "--network NETWORK.",
            )


def check_work(*, cases: int, sweeps: int, parameters: int, runs: int) -> None:
    """Refuse work beyond the budget.

    Raises
    ------
    SettingError
        With the product, the limit, and how many runs would do.
    """
    each = cases * sweeps * parameters
    most = LIMITS.work // max(each, 1)
    if each * runs > LIMITS.work:
        raise SettingError(
            f"cases x sweeps x parameters x runs must be at most {LIMITS.work:,}, got "
            f"{cases:,} x {sweeps:,} x {parameters:,} x {runs:,} = {each * runs:,}.",
            hint=f"ask for at most {most:,} runs in all, or for fewer sweeps."
            if most
            else "ask for fewer sweeps, or for a smaller network.",
        )


def check_kept(*, parameters: int, moments: int, runs: int) -> None:
    """Refuse what would take much memory to keep.

    Parameters
    ----------
    moments
        At how many sweeps each run is kept, besides its end.

    Raises
    ------
    SettingError
        With the product, the limit, and how many runs would do.
    """
    each = parameters * (moments + 1)
    if each * runs > MOST_KEPT:
        raise SettingError(
            f"parameters x moments x runs must be at most {MOST_KEPT:,} to be kept, "
            f"got {parameters:,} x {moments + 1:,} x {runs:,} = {each * runs:,}.",
            hint=f"ask for at most {MOST_KEPT // each:,} runs.",
        )
