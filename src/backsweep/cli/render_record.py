"""Render record: what came of an ensemble, of one network, and of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.text import Text

from backsweep.cli.render import (
    active,
    grid,
    headed,
    plain_table,
    short_network,
    table_rows,
)
from backsweep.cli.render_map import grid_rows, map_parts
from backsweep.cli.render_procedure import procedure_rows, rule_asks
from backsweep.cli.render_weights import strongest_weights, weight_tables
from backsweep.cli.words import brief, counted, decimal, percent, several, took
from backsweep.procedure import Procedure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from backsweep.cli.screen import Data

__all__ = ["learned", "one_run"]

Rows = list[tuple[str, Any]]

MOST_PARAMETERS: Final = 80  # of one network, for its weights to be printed
TOO_MANY: Final = (
    "too many for a table: see 'backsweep show RECORD --run 0' once it is saved,"
    " or --figure"
)
MOST_CASES: Final = 40
SCALED: Final = (
    "In standard deviations of the column over the learning cases, from its mean."
)
WEAK: Final = 0.2  # an output that is not worth a word
MOST_ERRORS: Final = 5  # final errors of runs that did not learn


def learned(data: Data) -> RenderableType:
    """Show what `learn` gives: one network with its weights, or many in numbers."""
    rows = _settings(data)
    if "map" in data:
        rows += grid_rows(data["map"])
    rows.append(("engine", f"{data['engine']}, seed {data['seed']}"))
    if data["passed_over"]:
        rows.append(("", data["passed_over"]))
    if "seconds" in data:
        rate = brief(data["net_sweeps_per_second"])
        rows.append(
            ("took", f"{took(data['seconds'])}, {rate} sweeps of a network a second")
        )
    parts: list[RenderableType] = [_title(data), grid(rows)]
    if data["runs"] == 1:
        parts.append(headed("Result", grid(_one_result(data))))
        if data["parameters"] <= MOST_PARAMETERS:
            parts += weight_tables(data["weights"])
        else:
            parts.append(headed("Weights", Text(TOO_MANY)))
        if "cases" in data:
            parts.append(headed("Cases", _cases(data["cases"], data)))
    else:
        if "map" in data:
            parts += map_parts(data["map"])
        parts += _many_results(data)
    return Group(*parts)


def _title(data: Data) -> Text:
    return Text.assemble((data["task"], "bold"), "  ", data["about"])


def _settings(data: Data) -> Rows:
    source = ("source", data["source"])
    procedure = Procedure.from_dict(data["procedure"])
    network = ("network", short_network(data))
    return [source, *table_rows(data), network, *procedure_rows(procedure)]


def _one_result(data: Data) -> Rows:
    outcome = next(name for name, count in data["outcomes"].items() if count)
    rows = _held_out(data)
    rows.append(("outcome", Text(_ending(data, outcome), style="bold")))
    published = data.get("published")
    if published is not None and outcome == "learned":
        rows.append(("published", several(round(published["sweeps"]), "sweep")))
    if outcome != "diverged":
        rows.append(("final error", decimal(data["final_error"])))
        rows.append(_learning_cases(data))
    return rows


def _learning_cases(data: Data) -> tuple[str, str]:
    right = f"{data['right']:,} of {data['learning_cases']:,}"
    if "held_out" in data:
        return "learning cases", f"{right} right"
    return "cases right", right


def _ending(data: Data, outcome: str) -> str:
    last = several(data["sweeps_carried_out"], "sweep")
    if outcome == "learned":
        at = round(data["sweeps_to_learn"]["p50"])
        return _learned_after(at, data["sweeps_carried_out"])
    if outcome == "diverged":
        return f"diverged in sweep {data['diverged_at']['first']:,}"
    if outcome == "stuck":
        return f"stuck: not learned in {last}; {_short_of(data, data['right'])}"
    return f"broken off after {last}"


def _short_of(data: Data, right: float) -> str:
    """Say how far from the rule a run that is stuck has ended."""
    asks = rule_asks(Procedure.from_dict(data["procedure"]))
    return f"{right:,.4g} of {data['learning_cases']:,} right, the rule asks for {asks}"


def _learned_after(sweep: int, carried_out: int) -> str:
    if sweep == carried_out:
        return f"learned after {several(sweep, 'sweep')}"
    return f"learned after {sweep:,} of {several(carried_out, 'sweep')}"


def _held_out(data: Data) -> Rows:
    found = data.get("held_out")
    if not found:
        return []
    share = percent(found["share"])
    if data["runs"] == 1 or "run" in data:
        right = f"{found['right']:.0f} of {found['cases']:,} right ({share})"
        return [("held-out cases", right), *_guessing(data)]
    rows: Rows = [
        ("right, on average", f"{found['right']:.2f} of {found['cases']:,} ({share})"),
        ("all right", f"in {percent(found['runs_all_right'])} of the runs"),
        *_guessing(data),
    ]
    same = f"the same {found['cases']:,} rows in every run"
    if found["same_for_all_runs"]:
        rows.append(("held out", f"{same}; another --seed draws others"))
    return rows


def _guessing(data: Data) -> Rows:
    found = data["held_out"]["guessing"]
    if found is None:
        return []
    always = f"always {found['always']} of the learning cases"
    return [("guessing", f"{percent(found['share'])}: {always}")]


def _many_results(data: Data) -> Iterator[RenderableType]:
    held_out = headed("Held-out cases", grid(_held_out(data)))
    comes_first = "held_out" in data and data["held_out"]["same_for_all_runs"]
    if comes_first:
        yield held_out
    yield headed(several(data["runs"], "run"), _outcomes(data))
    quantiles = data["sweeps_to_learn"]
    if quantiles["p50"] is not None:
        heads = ("least", "10 %", "25 %", "median", "75 %", "90 %", "most")
        table = plain_table(*heads, right=range(7))
        table.add_row(*(counted(value) for value in quantiles.values()))
        body: list[RenderableType] = [table]
        published = data.get("published")
        if published is not None and published["percentile"] is not None:
            below = (
                f"{published['percentile']:.0f} % of those that learned took no longer"
            )
            body.append(f"published: {counted(published['sweeps'])} ({below})")
        yield headed("Sweeps to learn", Group(*body))
    if data["final_errors"] is not None:
        yield headed("Final errors", grid(_errors(data["final_errors"])))
    if "held_out" in data and not comes_first:
        yield held_out


def _is_sample(data: Data) -> bool:
    """Whether all runs came to their end: those that did first are no sample."""
    whole = data["learned_share_interval"] is not None
    return whole and "unfinished" not in data["outcomes"]


def _outcomes(data: Data) -> RenderableType:
    table = plain_table("", "runs", "share", "", right=(1, 2))
    for name, count in data["outcomes"].items():
        remark = ""
        if name == "unfinished":
            remark = "so that runs that take long are missing above and below"
        elif name == "learned" and _is_sample(data):
            low, high = data["learned_share_interval"]
            remark = f"95 % interval: {percent(low)} to {percent(high)}"
        if name == "stuck" and count and "stuck_right" in data:
            remark = f"on average {_short_of(data, data['stuck_right'])}"
        if name == "diverged" and count:
            first, last = (
                counted(data["diverged_at"][key]) for key in ("first", "last")
            )
            remark = (
                f"in sweep {first}" if first == last else f"in sweeps {first} to {last}"
            )
        label = "broken off" if name == "unfinished" else name
        table.add_row(label, counted(count), percent(count / data["runs"]), remark)
    return table


def _errors(found: dict[str, Any]) -> Rows:
    rows: Rows = []
    median = found["learned"]["median"]
    if median is not None:
        rows.append(("learned", f"median {decimal(median)}"))
    shown = found["others"][:MOST_ERRORS]
    for number, group in enumerate(shown):
        label = "stuck" if number == 0 else ""
        rows.append(
            (label, f"{decimal(group['error'])} in {several(group['runs'], 'run')}")
        )
    rest = sum(group["runs"] for group in found["others"][MOST_ERRORS:])
    if rest:
        rows.append(("", f"other values in {several(rest, 'run')}"))
    return rows or [("", "none: no run came to an end with a finite error")]


def one_run(data: Data) -> RenderableType:
    """Show one run of a record with its weights and its outputs for each case."""
    rows = _settings(data)
    rows.append(("engine", f"{data['engine']}, seed {data['seed']}"))
    found: Rows = [
        *_held_out(data),
        ("outcome", Text(_run_ending(data), style="bold")),
        ("final error", decimal(data["final_error"])),
        _learning_cases(data),
    ]
    is_small = data["parameters"] <= MOST_PARAMETERS
    return Group(
        _title(data),
        grid(rows),
        headed(f"Run {data['run']:,} of {data['runs']:,}", grid(found)),
        *(weight_tables if is_small else strongest_weights)(data["weights"]),
        headed("Cases", _cases(data["cases"], data)),
    )


def _run_ending(data: Data) -> str:
    last = several(data["sweeps_carried_out"], "sweep")
    if data["outcome"] == "learned":
        return _learned_after(data["learned_at"], data["sweeps_carried_out"])
    if data["outcome"] == "diverged":
        return f"diverged in sweep {data['diverged_at']:,}"
    return f"{data['outcome']}: not learned in {last}; {_short_of(data, data['right'])}"


def _cases(cases: list[dict[str, Any]], data: Data) -> RenderableType:
    units = data["units"]
    is_scaled = data["in_standard_deviations"]
    heads = ["desired", "output"]
    if is_scaled and len(units) == 1:
        heads = [f"{units[0]} {head}" for head in heads]
    table = plain_table("case", *heads, "")
    for case in cases[:MOST_CASES]:
        remarks = [] if case["right"] else ["wrong"]
        remarks += ["held out"] if case["held_out"] else []
        if is_scaled:
            values = [_numbers(case[key], units) for key in ("desired", "outputs")]
        else:
            values = [active(case["desired"], units), _outputs(case["outputs"], units)]
        table.add_row(case["case"], *values, ", ".join(remarks))
    notes = []
    if len(cases) > MOST_CASES:
        notes.append(f"... {len(cases) - MOST_CASES:,} more: --json has all")
    if is_scaled:
        notes.append(SCALED)
    return Group(table, *map(Text, notes))


def _numbers(values: list[float], units: list[str]) -> str:
    """Write numbers of a table, with their columns where there are several."""
    if len(values) == 1:
        return f"{values[0]:.2f}"
    pairs = zip(units, values, strict=True)
    return ", ".join(f"{unit} {value:.2f}" for unit, value in pairs)


def _outputs(values: list[float], names: list[str]) -> str:
    """Write all outputs of few units, the three strongest of many."""
    if len(values) <= 4:
        return "  ".join(f"{value:.3f}" for value in values)
    order = sorted(range(len(values)), key=lambda unit: -values[unit])
    order = [unit for unit in order[:3] if values[unit] > WEAK] or order[:1]
    return ", ".join(f"{names[unit]} {values[unit]:.2f}" for unit in order)
