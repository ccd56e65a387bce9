"""Summary: what an ensemble came to, as plain values for JSON."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.engines import passed_over
from backsweep.notation import written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backsweep.procedure import Procedure
    from backsweep.runs.record import Runs
    from backsweep.tasks import Task

__all__ = ["OUTCOMES", "guessing", "share_interval", "summary"]

OUTCOMES: Final = ("learned", "stuck", "diverged", "unfinished")
Z_95 = 1.959963984540054  # the normal distribution's quantile for 95 %


def share_interval(count: int, total: int) -> tuple[float, float]:
    """Give the 95 % confidence interval of a share: Wilson's.

    Examples
    --------
    >>> low, high = share_interval(95, 100)
    >>> f"{low:.3f} {high:.3f}"
    '0.888 0.978'
    """
    if total == 0:
        return 0.0, 1.0
    share, z2 = count / total, Z_95**2
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    spread = share * (1 - share) / total + z2 / (4 * total**2)
    half = Z_95 * math.sqrt(spread) / (1 + z2 / total)
    return max(0.0, centre - half), min(1.0, centre + half)


def summary(runs: Runs) -> dict[str, Any]:
    """Say what was done and what came of it, as `learn --json` prints it.

    Returns
    -------
    dict
        Plain values. `learned_share` comes with its 95 % interval, Wilson's; both
        are None where learning was broken off. Errors are in the procedure's units.
    """
    outcomes = {name: int(runs.ended(name).sum()) for name in OUTCOMES}
    # Broken off, those that had learned are no sample: they were the quick ones.
    is_whole = bool(runs.history.finished.all())
    learned = outcomes["learned"]
    counts = {name: outcomes[name] for name in ("learned", "stuck", "diverged")}
    if outcomes["unfinished"]:
        counts["unfinished"] = outcomes["unfinished"]
    shown = runs.procedure
    if runs.grid is not None and runs.common is not None:
        shown = runs.grid.ends_applied_to(runs.common)
    found: dict[str, Any] = {
        "task": runs.task.name,
        "network": written(runs.network),
        "parameters": runs.network.n_parameters,
        "runs": runs.n_runs,
        "seed": runs.seed,
        "sweeps": runs.procedure.sweeps,
        "procedure": shown.to_dict(),
        "engine": runs.engine,
        "passed_over": passed_over(runs.engine, runs.network, runs.procedure),
        "outcomes": counts,
        "learned_share": learned / runs.n_runs if is_whole else None,
        "learned_share_interval": list(share_interval(learned, runs.n_runs))
        if is_whole
        else None,
        "sweeps_to_learn": _quantiles(runs.learned_at[runs.ended("learned")]),
        "final_errors": _final_errors(runs) if runs.recording.ends else None,
        "version": runs.version,
    }
    if runs.grid is not None:
        found["grid"] = runs.grid.to_dict()
    if runs.task.n_held_out and runs.recording.ends:
        found["held_out"] = _held_out(runs)
    return found


def guessing(task: Task, procedure: Procedure) -> dict[str, Any] | None:
    """Give the share of learning cases that one answer, always the same, gets right.

    The answer is the commonest class, or of numbers the mean. None where not every
    run holds out the same cases.
    """
    if not task.held_out_cases:
        return None
    desired = np.delete(task.desired, task.held_out_cases, axis=0)
    if np.isin(desired, (0.0, 1.0)).all():
        _, counts = np.unique(desired, axis=0, return_counts=True)
        share = float(counts.max() / len(desired))
        return {"always": "the commonest class", "share": share}
    near = procedure.criterion.value
    if procedure.criterion.rule != "within" or not isinstance(near, float):
        return None
    away = np.abs(desired - desired.mean(axis=0))
    share = float((away < near).all(axis=1).mean())
    return {"always": "the mean", "share": share}


def _quantiles(sweeps: NDArray[np.int64]) -> dict[str, float | None]:
    names = {
        "min": 0,
        "p10": 10,
        "p25": 25,
        "p50": 50,
        "p75": 75,
        "p90": 90,
        "max": 100,
    }
    if not len(sweeps):
        return dict.fromkeys(names)
    values = np.percentile(sweeps, list(names.values()))
    return dict(zip(names, values.tolist(), strict=True))


def _final_errors(runs: Runs) -> dict[str, Any]:
    learned, stuck = (runs.final_errors[runs.ended(name)] for name in OUTCOMES[:2])
    largest = float(stuck.max(initial=0.0))
    decimals = 2
    if 0 < largest < 0.1:
        decimals = 1 - math.floor(math.log10(largest))
    groups = Counter(np.round(stuck, decimals).tolist())
    others = [{"error": error, "runs": count} for error, count in groups.most_common()]
    return {
        "learned": {"median": float(np.median(learned)) if len(learned) else None},
        "others": others,
    }


def _held_out(runs: Runs) -> dict[str, Any]:
    cases = runs.task.n_held_out
    right = runs.held_out_right
    return {
        "cases": cases,
        "right": float(right.mean()),
        "share": float(right.mean() / cases),
        "runs_all_right": float((right == cases).mean()),
    }
