"""Case: what every unit of one run does for one case, as data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.text import Text

from backsweep.cli.data import cases_data
from backsweep.cli.render import grid, headed

if TYPE_CHECKING:
    from rich.console import RenderableType

    from backsweep.cli.screen import Data
    from backsweep.runs import Runs

__all__ = ["case_data", "one_case"]

MOST_NAMED: Final = 6  # active units that are named
MOST_NUMBERS: Final = 16  # units without names that are all written down
WEAK: Final = 0.2  # of the strongest: an output that is not worth a word


def case_data(runs: Runs, run: int, case: str) -> Data:
    """Give the outputs of every layer of a run's network for a case."""
    outputs = runs.activities(run, case).y
    place = runs.task.case_names.index(case)
    found = cases_data(runs, run)[place]
    return {
        "task": runs.task.name,
        "about": runs.task.about,
        "run": run,
        "runs": runs.n_runs,
        **found,
        "units": [unit for layer in runs.network.outputs for unit in layer.unit_names],
        "layers": [
            {
                "layer": layer.name,
                "units": list(layer.unit_names),
                "is_named": bool(layer.units),
                "outputs": outputs[layer.name][0].tolist(),
            }
            for layer in runs.network.layers
        ],
    }


def one_case(data: Data) -> RenderableType:
    """Show a case layer by layer, what was desired, and whether it came out right."""
    verdict = "right" if data["right"] else "wrong"
    if data["held_out"]:
        verdict += ", and never learned from"
    desired = {"units": data["units"], "outputs": data["desired"]}
    rows: list[tuple[str, RenderableType]] = [
        (layer["layer"], _active(layer)) for layer in data["layers"]
    ]
    rows.append(("desired", _active(desired | {"is_named": _is_named(data)})))
    rows.append(("result", Text(verdict, style="bold")))
    title = Text.assemble((data["task"], "bold"), "  ", data["about"])
    head = f"{data['case']}, run {data['run']:,} of {data['runs']:,}"
    return Group(title, headed(head, grid(rows)))


def _is_named(data: Data) -> bool:
    return any(not unit.isdecimal() for unit in data["units"])


def _active(layer: dict[str, Any]) -> str:
    """Name the most active units; of a few without names, write every output."""
    values, units = layer["outputs"], layer["units"]
    if not layer["is_named"] and len(values) <= MOST_NUMBERS:
        if all(value in (0, 1) for value in values):
            return "".join(f"{value:.0f}" for value in values)
        return "  ".join(f"{value:.2f}" for value in values)
    order = sorted(range(len(values)), key=lambda unit: -abs(values[unit]))
    least = max(abs(values[order[0]]) * WEAK, 0.05)
    strong = [unit for unit in order[:MOST_NAMED] if abs(values[unit]) >= least]
    if all(value in (0, 1) for value in values):
        return ", ".join(units[unit] for unit in strong) or "none"
    label = "" if layer["is_named"] else "unit "
    return (
        ", ".join(f"{label}{units[unit]} {values[unit]:.2f}" for unit in strong)
        or "none above 0.05"
    )
