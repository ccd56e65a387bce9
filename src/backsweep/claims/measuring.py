"""Measuring: learns the ensembles that claims rest on, each once, and judges them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from backsweep.claims import escape, families, hidden, symmetry
from backsweep.claims.claim import Claim, Ensemble, Row
from backsweep.errors import SettingError, UnknownNameError, closest
from backsweep.runs import Runs, learn

__all__ = ["CLAIMS", "FEWEST", "Listener", "measure"]

Listener: TypeAlias = Callable[[str, int, int], None]

# In the order of the letter.
CLAIMS: Final[Mapping[str, Claim]] = MappingProxyType(
    {
        claim.name: claim
        for claim in (
            *symmetry.CLAIMS,
            *hidden.CLAIMS,
            *families.CLAIMS,
            *escape.CLAIMS,
        )
    }
)
FEWEST: Final = 2  # runs of an ensemble, however small the scale


def measure(
    names: Iterable[str] | None = None,
    *,
    scale: float = 1.0,
    seed: int = 1,
    runs: int | None = None,
    engine: str = "auto",
    listener: Listener | None = None,
) -> list[Row]:
    """Measure claims of the letter.

    Parameters
    ----------
    names
        Entries of CLAIMS; all where None.
    scale
        Multiplies the number of runs of every ensemble, of which two remain at least.
    seed
        From which the runs start.
    runs
        The number of runs of every ensemble, in place of `scale`.
    engine
        What carries the sweeps out.
    listener
        Is told the claim that is being measured, how much is done, and the whole.

    Returns
    -------
    list of Row
        In the order of CLAIMS. An ensemble that several claims rest on is learned
        once.

    Raises
    ------
    UnknownNameError
        If there is no claim of a name.
    SettingError
        If `scale` or `runs` is not above 0.
    KeyboardInterrupt
        If learning was broken off: half an ensemble bears nothing out.

    Examples
    --------
    >>> [row] = measure(["xor-needs-hidden"], runs=2)
    >>> row.verdict
    'reproduced'
    """
    chosen = _chosen(names)
    sizes = _sizes(chosen, scale, runs)
    work = {
        one.name: one.cost_us * sizes[one.name] * one.make_procedure().sweeps
        for claim in chosen
        for one in claim.ensembles
    }
    progress = _Progress(listener, work)
    evidence: dict[str, Runs] = {}
    rows = []
    for claim in chosen:
        for one in claim.ensembles:
            if one.name not in evidence:
                evidence[one.name] = _learned(
                    one,
                    sizes[one.name],
                    seed,
                    engine,
                    progress.of(claim.name, one.name),
                )
        rows.append(_row(claim, evidence, sizes, seed))
    progress.finish(chosen[-1].name if chosen else "")
    return rows


def _chosen(names: Iterable[str] | None) -> list[Claim]:
    if names is None:
        return list(CLAIMS.values())
    wanted = list(names)
    for name in wanted:
        if name not in CLAIMS:
            raise UnknownNameError(
                f"there is no claim {name!r}.", hint=closest(name, CLAIMS)
            )
    return [claim for name, claim in CLAIMS.items() if name in wanted]


def _sizes(chosen: list[Claim], scale: float, runs: int | None) -> dict[str, int]:
    if runs is not None and (isinstance(runs, bool) or runs != int(runs) or runs < 1):
        raise SettingError(f"`runs` must be a whole number, at least 1, got {runs!r}.")
    if not 0 < scale < float("inf"):
        raise SettingError(f"`scale` must be above 0, and finite, got {scale!r}.")
    return {
        one.name: int(runs)
        if runs is not None
        else max(FEWEST, round(scale * one.runs))
        for claim in chosen
        for one in claim.ensembles
    }


def _learned(
    one: Ensemble, runs: int, seed: int, engine: str, tell: Callable[[float], None]
) -> Runs:
    procedure = one.make_procedure()
    found = learn(
        one.make_network(),
        one.make_task(),
        procedure,
        runs=runs,
        seed=seed,
        engine=engine,
        every=one.every or procedure.sweeps,
        listener=lambda report: tell(report.done / report.total),
    )
    if found.n_runs < runs or not found.history.finished.all():
        raise KeyboardInterrupt
    tell(1.0)
    return found


def _row(
    claim: Claim, evidence: Mapping[str, Runs], sizes: Mapping[str, int], seed: int
) -> Row:
    names = [one.name for one in claim.ensembles]
    return Row(
        claim=claim,
        finding=claim.measure({name: evidence[name] for name in names}),
        runs=sum(sizes[name] for name in names),
        seed=seed,
        sources=tuple(
            _source(one, evidence[one.name], sizes[one.name]) for one in claim.ensembles
        ),
    )


def _source(one: Ensemble, found: Runs, runs: int) -> Mapping[str, Any]:
    summary = found.summary()
    return {
        "name": one.name,
        "task": summary["task"],
        "network": summary["network"],
        "runs": runs,
        "engine": found.engine,
        "version": found.version,
        "procedure": summary["procedure"],
        "outcomes": summary["outcomes"],
        "command": one.command(runs, found.seed),
    }


class _Progress:
    """How much of all ensembles is done, weighted by what they cost."""

    def __init__(self, listener: Listener | None, work: Mapping[str, float]) -> None:
        self._listener = listener
        self._work = work
        self._done = dict.fromkeys(work, 0.0)
        self._total = max(1, round(sum(work.values())))

    def of(self, claim: str, ensemble: str) -> Callable[[float], None]:
        """Give what takes the share of an ensemble that is done."""

        def tell(share: float) -> None:
            self._done[ensemble] = share * self._work[ensemble]
            if self._listener is not None:
                done = min(round(sum(self._done.values())), self._total)
                self._listener(claim, done, self._total)

        return tell

    def finish(self, claim: str) -> None:
        """Tell that all is done."""
        if self._listener is not None:
            self._listener(claim, self._total, self._total)
