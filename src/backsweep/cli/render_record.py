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
    procedure_rows,
    short_network,
)
from backsweep.cli.words import brief, counted, decimal, percent, several, took
from backsweep.procedure import Procedure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from backsweep.cli.screen import Data

__all__ = ["learned", "one_run"]

Rows = list[tuple[str, Any]]

MOST_PARAMETERS: Final = 80  # of one network, for its weights to be printed
WIDTH: Final = 76  # of a table of weights
MOST_CASES: Final = 128
WEAK: Final = 0.2  # an output that is not worth a word
MOST_ERRORS: Final = 5  # final errors of runs that did not learn


def learned(data: Data) -> RenderableType:
    """Show what `learn` gives: one network with its weights, or many in numbers."""
    rows = _settings(data)
    rows.append(("engine", f"{data['engine']}, seed {data['seed']}"))
    if "seconds" in data:
        rate = brief(data["net_sweeps_per_second"])
        rows.append(
            ("took", f"{took(data['seconds'])}, {rate} sweeps of a network a second")
        )
    parts: list[RenderableType] = [_title(data), grid(rows)]
    if data["runs"] == 1:
        parts.append(headed("Result", grid(_one_result(data))))
        if data["parameters"] <= MOST_PARAMETERS:
            parts += _weights(data["weights"])
        else:
            parts.append(headed("Weights", Text("too many for a table: see --figure")))
        if "cases" in data:
            parts.append(headed("Cases", _cases(data["cases"], [])))
    else:
        parts += _many_results(data)
    return Group(*parts)


def _title(data: Data) -> Text:
    return Text.assemble((data["task"], "bold"), "  ", data["about"])


def _settings(data: Data) -> Rows:
    source = ("source", data["source"])
    procedure = Procedure.from_dict(data["procedure"])
    return [source, ("network", short_network(data)), *procedure_rows(procedure)]


def _one_result(data: Data) -> Rows:
    outcome = next(name for name, count in data["outcomes"].items() if count)
    rows: Rows = [("outcome", Text(_ending(data, outcome), style="bold"))]
    published = data.get("published")
    if published is not None and outcome == "learned":
        rows.append(("published", several(round(published["sweeps"]), "sweep")))
    if outcome != "diverged":
        rows.append(("final error", decimal(data["final_error"])))
        rows.append(("cases right", f"{data['right']:,} of {data['learning_cases']:,}"))
    return rows + _held_out(data)


def _ending(data: Data, outcome: str) -> str:
    last = several(data["sweeps_carried_out"], "sweep")
    if outcome == "learned":
        at = round(data["sweeps_to_learn"]["p50"])
        return _learned_after(at, data["sweeps_carried_out"])
    if outcome == "diverged":
        return f"diverged in sweep {data['diverged_at']['first']:,}"
    return (
        f"stuck: not learned in {last}"
        if outcome == "stuck"
        else f"broken off after {last}"
    )


def _learned_after(sweep: int, carried_out: int) -> str:
    if sweep == carried_out:
        return f"learned after {several(sweep, 'sweep')}"
    return f"learned after {sweep:,} of {several(carried_out, 'sweep')}"


def _held_out(data: Data) -> Rows:
    found = data.get("held_out")
    if not found:
        return []
    if data["runs"] == 1:
        share = percent(found["share"])
        right = f"{found['right']:.0f} of {found['cases']:,} right ({share})"
        return [("held-out cases", right)]
    return [
        (
            "right, on average",
            f"{found['right']:.2f} of {found['cases']:,} ({percent(found['share'])})",
        ),
        ("all right", f"in {percent(found['runs_all_right'])} of the runs"),
    ]


def _many_results(data: Data) -> Iterator[RenderableType]:
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
    yield headed("Final errors", grid(_errors(data["final_errors"])))
    if _held_out(data):
        yield headed("Held-out cases", grid(_held_out(data)))


def _outcomes(data: Data) -> RenderableType:
    table = plain_table("", "runs", "share", "", right=(1, 2))
    for name, count in data["outcomes"].items():
        remark = ""
        if name == "unfinished":
            remark = "so that runs that take long are missing above and below"
        elif name == "learned" and "unfinished" not in data["outcomes"]:
            low, high = data["learned_share_interval"]
            remark = f"95 % interval: {percent(low)} to {percent(high)}"
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
        ("outcome", Text(_run_ending(data), style="bold")),
        ("final error", decimal(data["final_error"])),
        ("cases right", f"{data['right']:,} of {data['learning_cases']:,}"),
    ]
    if "held_out" in data:
        held_out = data["held_out"]
        found.append(
            ("held-out cases", f"{held_out['right']} of {held_out['cases']} right")
        )
    cases = data["cases"]
    more = f"and {len(cases) - MOST_CASES:,} more: --json has all"
    return Group(
        _title(data),
        grid(rows),
        headed(f"Run {data['run']:,} of {data['runs']:,}", grid(found)),
        *_weights(data["weights"]),
        headed("Cases", _cases(cases[:MOST_CASES], data["units"])),
        *([Text(f"  {more}")] if len(cases) > MOST_CASES else []),
    )


def _run_ending(data: Data) -> str:
    last = several(data["sweeps_carried_out"], "sweep")
    if data["outcome"] == "learned":
        return _learned_after(data["learned_at"], data["sweeps_carried_out"])
    if data["outcome"] == "diverged":
        return f"diverged in sweep {data['diverged_at']:,}"
    return f"{data['outcome']}: not learned in {last}"


def _weights(blocks: list[dict[str, Any]]) -> Iterator[RenderableType]:
    """Show each layer's weights: what its units hear from, one table or several."""
    for layer in dict.fromkeys(block["to"] for block in blocks):
        own = [block for block in blocks if block["to"] == layer]
        units = own[0]["units"]
        rows: list[tuple[str, list[float]]] = []
        for block in own:
            if block["from"] is None:
                rows.append(("bias", block["values"]))
                continue
            turned = map(list, zip(*block["values"], strict=True))
            names = (_label(block["from"], source) for source in block["sources"])
            rows += zip(names, turned, strict=True)
        heads = [layer] if len(units) == 1 else units
        yield headed(f"Weights into {layer}", _matrix(heads, rows))


def _weight(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 1e5 else f"{value:.3g}"


def _label(layer: str, unit: str) -> str:
    """Name a unit by its own name, if it has one that is more than a number."""
    return f"{layer} {unit}" if unit.isdecimal() else unit


def _matrix(heads: list[str], rows: list[tuple[str, list[float]]]) -> RenderableType:
    """Set units as columns and what they hear from as rows, in parts if many."""
    room = WIDTH - max(len(name) for name, _ in rows)
    across = max(1, room // (2 + max(6, *map(len, heads))))
    tables = []
    for first in range(0, len(heads), across):
        part = range(first, min(first + across, len(heads)))
        table = plain_table(
            "", *(heads[k] for k in part), right=range(1, len(part) + 1)
        )
        for name, values in rows:
            table.add_row(name, *(_weight(values[k]) for k in part))
        tables.append(table)
    return Group(*_apart(tables))


def _apart(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    for number, part in enumerate(parts):
        if number:
            yield ""
        yield part


def _cases(cases: list[dict[str, Any]], names: list[str]) -> RenderableType:
    table = plain_table("case", "desired", "output", "")
    for case in cases:
        remarks = [] if case["right"] else ["wrong"]
        remarks += ["held out"] if case["held_out"] else []
        table.add_row(
            case["case"],
            active(case["desired"], names or ["1"] * len(case["desired"])),
            _outputs(case["outputs"], names),
            ", ".join(remarks),
        )
    return table


def _outputs(values: list[float], names: list[str]) -> str:
    """Write all outputs of few units, the three strongest of many."""
    if len(values) <= 4:
        return "  ".join(f"{value:.3f}" for value in values)
    order = sorted(range(len(values)), key=lambda unit: -values[unit])
    order = [unit for unit in order[:3] if values[unit] > WEAK] or order[:1]
    labels = names or [str(unit + 1) for unit in range(len(values))]
    return ", ".join(f"{labels[unit]} {values[unit]:.2f}" for unit in order)
