"""Data: records, runs, networks and tasks as plain values, as `--json` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from backsweep.engines.plain import judged_by, network_output
from backsweep.equations import cases_right
from backsweep.notation import written
from backsweep.runs.summary import guessing
from backsweep.tasks.table import is_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backsweep.cli.screen import Data
    from backsweep.network import Network
    from backsweep.runs import Runs
    from backsweep.tasks import Task

__all__ = [
    "cases_data",
    "guessing",
    "network_data",
    "published_sweeps",
    "record_data",
    "run_data",
    "task_data",
    "weights_data",
]

FEW_CASES: Final = 16  # of which the outputs are shown with one network


def record_data(runs: Runs, *, is_whole: bool = True) -> Data:
    """Give what an ensemble came to; of one network its weights and outputs too.

    Parameters
    ----------
    runs
        The record.
    is_whole
        Whether it holds all the runs that were asked for.
    """
    found = runs.summary()
    found |= {"about": runs.task.about, "source": runs.task.source}
    found["learning_cases"] = runs.task.n_cases - runs.task.n_held_out
    if "held_out" in found:
        found["held_out"] |= {
            "same_for_all_runs": bool(runs.task.held_out_cases),
            "guessing": guessing(runs.task, runs.procedure),
        }
    stuck = runs.ended("stuck")
    if stuck.any() and runs.recording.ends:
        found["stuck_right"] = float(runs.history.right[stuck].mean())
    diverged = runs.diverged_at[runs.diverged_at > 0]
    if len(diverged):
        first, last = int(diverged.min()), int(diverged.max())
        found["diverged_at"] = {"first": first, "last": last}
    published = published_sweeps(runs)
    if published is not None:
        learned = runs.learned_at[runs.learned_at > 0]
        # Broken off, those that learned are the quick ones.
        is_fair = is_whole and "unfinished" not in found["outcomes"] and len(learned)
        below = float(100 * np.mean(learned <= published)) if is_fair else None
        found["published"] = {"sweeps": published, "percentile": below}
    if runs.n_runs == 1:
        run = int(runs.run[0])
        found["final_error"] = float(runs.final_errors[0])
        found["sweeps_carried_out"] = int(runs.history.sweeps[0])
        found["right"] = int(runs.history.right[0])
        found["procedure"] = runs.procedure.of_run(run).to_dict()
        found["weights"] = weights_data(runs.network, runs.parameters_of(run))
        if runs.task.n_cases <= FEW_CASES:
            found["cases"] = cases_data(runs, run)
            found |= _outputs(runs)
    return found


def _outputs(runs: Runs) -> Data:
    """Name the output units, and say whether they stand for scaled numbers."""
    layers = runs.network.outputs
    return {
        "units": [unit for layer in layers for unit in layer.unit_names],
        "in_standard_deviations": is_table(runs.task.source)
        and any(layer.activation == "linear" for layer in layers),
    }


def published_sweeps(runs: Runs) -> float | None:
    """Give the published number of sweeps, if it was found with such settings."""
    task, epsilon = runs.task, runs.procedure.epsilon
    if runs.network != task.network or not isinstance(epsilon, float):
        return None
    same = ("epsilon", "alpha", "error", "scale", "half", "update", "momentum")
    is_own = all(
        getattr(runs.procedure, name) == getattr(task.procedure, name) for name in same
    )
    if is_own and "sweeps" in task.published:
        return task.published["sweeps"]
    return task.published.get(f"sweeps_at_epsilon_{epsilon:g}")


def weights_data(network: Network, parameters: NDArray[np.float64]) -> list[Data]:
    """Give every matrix of weights and vector of biases by layer and unit names."""
    found = []
    for block in network.blocks:
        values = parameters[block.start : block.stop].reshape(block.shape)
        units = list(network[block.layer].unit_names)
        entry: Data = {"to": block.layer, "units": units, "values": values.tolist()}
        if block.source is None:
            entry["from"], entry["sources"] = None, None
        else:
            entry["from"] = block.source
            entry["sources"] = list(network[block.source].unit_names)
        found.append(entry)
    return found


def cases_data(runs: Runs, run: int) -> list[Data]:
    """Give the outputs of a run's network for each case, held-out ones too."""
    place = runs.place(run)
    with np.errstate(over="ignore", invalid="ignore"):  # of a run that diverged
        y = network_output(runs.network, runs.activities(run))
    criterion = runs.procedure.of_run(run).criterion
    rule, tolerance = judged_by(criterion, cast(float, criterion.value))
    right = cases_right(y, runs.task.desired, rule, tolerance)
    apart = set(runs.history.held_out[place].tolist())
    return [
        {
            "case": name,
            "desired": runs.task.desired[number].tolist(),
            "outputs": y[number].tolist(),
            "right": bool(right[number]),
            "held_out": number in apart,
        }
        for number, name in enumerate(runs.task.case_names)
    ]


def run_data(runs: Runs, run: int) -> Data:
    """Give one run of a record with its weights and its outputs for each case."""
    place = runs.place(run)
    history = runs.history
    found: Data = {
        "task": runs.task.name,
        "about": runs.task.about,
        "source": runs.task.source,
        "network": written(runs.network),
        "parameters": runs.network.n_parameters,
        "runs": runs.n_runs,
        "run": run,
        "seed": runs.seed,
        "procedure": runs.procedure.of_run(run).to_dict(),
        "engine": runs.engine,
        "outcome": str(runs.outcomes[place]),
        "learned_at": int(history.learned_at[place]) or None,
        "diverged_at": int(history.diverged_at[place]) or None,
        "sweeps_carried_out": int(history.sweeps[place]),
        "final_error": float(history.final_errors[place]),
        "right": int(history.right[place]),
        "learning_cases": runs.task.n_cases - runs.task.n_held_out,
        "version": runs.version,
        **_outputs(runs),
        "weights": weights_data(runs.network, runs.parameters_of(run)),
        "cases": cases_data(runs, run),
    }
    if runs.task.n_held_out:
        right = int(history.held_out_right[place])
        found["held_out"] = {
            "cases": runs.task.n_held_out,
            "right": right,
            "share": right / runs.task.n_held_out,
            "same_for_all_runs": bool(runs.task.held_out_cases),
            "guessing": guessing(runs.task, runs.procedure),
        }
    return found


def network_data(network: Network) -> Data:
    """Give a network's layers and links, and how many parameters each has."""
    entered = {link.target for link in network.links}
    layers: list[dict[str, Any]] = [
        {
            "name": layer.name,
            "units": layer.size,
            "activation": layer.activation if layer.name in entered else None,
            "biases": layer.size if layer.name in entered and layer.bias else 0,
            "unit_names": list(layer.units),
        }
        for layer in network.layers
    ]
    links = []
    for link in network.links:
        block = network.block(link)
        weights = 0 if block is None else block.stop - block.start
        entry: dict[str, Any] = {"from": link.source, "to": link.target}
        entry |= {"kind": link.kind, "weights": weights}
        links.append(entry | {"tie": link.tie, "delay": link.delay})
    return {
        "network": written(network),
        "layers": layers,
        "links": links,
        "parameters": network.n_parameters,
    }


def task_data(task: Task) -> Data:
    """Give what a task is, how it is learned, and its cases."""
    return {
        "task": task.name,
        "about": task.about,
        "source": task.source,
        "network": written(task.network),
        "parameters": task.network.n_parameters,
        "procedure": task.procedure.to_dict(),
        "published": dict(task.published),
        "held_out": task.n_held_out,
        "inputs": [unit for layer in task.network.inputs for unit in layer.unit_names],
        "outputs": [
            unit for layer in task.network.outputs for unit in layer.unit_names
        ],
        "cases": [
            {"case": name, "inputs": given.tolist(), "desired": wanted.tolist()}
            for name, given, wanted in zip(
                task.case_names, task.inputs, task.desired, strict=True
            )
        ],
    }
