"""Render procedure: every setting of learning, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backsweep.cli.words import several

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backsweep.procedure import Number, Procedure, Stage

__all__ = ["procedure_rows", "rule_asks"]


def procedure_rows(procedure: Procedure) -> list[tuple[str, str]]:
    """Say the settings of learning in words."""
    rows = list(_steps(procedure))
    rates = procedure.rate_of.items()
    if rates:
        named = (f"{layer} {_number(rate)}" for layer, rate in rates)
        rows.append(("rates", f"epsilon times {', '.join(named)}"))
    error = procedure.error + ("" if procedure.half else " without the half")
    scales = {"sum": "", "cases": ", mean over cases", "mean": ", mean"}
    zone = f", no error within {_number(procedure.zone)}" if procedure.zone else ""
    rows.append(("error", f"{error}{scales[procedure.scale]}{zone}"))
    if procedure.momentum != "letter":
        rows.append(("momentum", f"as in {procedure.momentum}"))
    update = procedure.update
    after = f"each {update}" if isinstance(update, str) else several(update, "case")
    rows.append(("changes", f"after {after}" + _order(procedure)))
    rows.append(("start", str(procedure.start)))
    last = several(procedure.sweeps, "sweep")
    ends = {"learned": f"at most {last}", "end": f"{last}, learned or not"}
    rows += [("learned", _criterion(procedure)), ("ends", ends[procedure.until])]
    return rows


def rule_asks(procedure: Procedure) -> str:
    """Say what share of the cases, or which error, counts as learned."""
    criterion = procedure.criterion
    if criterion.rule == "error":
        return f"an error under {_number(criterion.value)}"
    return "all" if criterion.share == 1 else f"{100 * criterion.share:g} %"


def _steps(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Say from which sweep to which each stage lasts, and with what."""
    if not procedure.stages:
        yield "steps", _step(procedure.changes[-1])
        return
    first, label = 1, "steps"
    for number, stage in enumerate(procedure.changes):
        is_own = number == len(procedure.stages)
        last = procedure.sweeps if is_own else first + stage.sweeps - 1
        last = min(last, procedure.sweeps)
        if first > last:
            return  # the runs end before it
        yield label, f"{_span(first, last)}: {_step(stage)}"
        first, label = last + 1, ""


def _span(first: int, last: int) -> str:
    return f"sweep {first:,}" if first == last else f"sweeps {first:,}-{last:,}"


def _step(stage: Stage) -> str:
    decay = 0.0 if stage.decay is None else stage.decay
    return (
        f"epsilon {_number(stage.epsilon)}, alpha {_number(stage.alpha)},"
        f" decay {_number(decay)}"
    )


def _number(value: Number) -> str:
    if isinstance(value, tuple):
        low, high = min(value), max(value)
        return f"{low:g} to {high:g} (one a run)" if low != high else f"{low:g}"
    return f"{value:g}"


def _order(procedure: Procedure) -> str:
    return ", in a new order each sweep" if procedure.order == "random" else ""


def _criterion(procedure: Procedure) -> str:
    criterion = procedure.criterion
    share = f"{100 * criterion.share:g} % of the cases"
    which = "all cases" if criterion.share == 1 else share
    value = _number(criterion.value)
    return {
        "within": f"outputs within {value} of the desired ones in {which}",
        "winner": f"the desired output unit is the most active in {which}",
        "error": f"E under {value}",
    }[criterion.rule]
