"""Plates: the figures of the report, made ready to be drawn when one is asked for.

Figures are imported by the function that draws: most who measure want none, and
matplotlib takes most of a second.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backsweep.claims.claim import Finding, Plate
from backsweep.tasks.families import COUPLES, FIGURE_4_ORDER, NATIONALITIES, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backsweep.runs import Runs

__all__ = [
    "Group",
    "activity",
    "family_trees",
    "final_errors",
    "network_of",
    "receptive_fields",
    "shares",
    "sweeps_to_learn",
    "training_curves",
    "weight_ratios",
    "with_plates",
]

Floats: TypeAlias = NDArray[np.float64]
# Label, places, shares, intervals.
Group: TypeAlias = tuple[str, ArrayLike, ArrayLike, ArrayLike | None]

MOST_POINTS: Final = 160  # of a curve; more cannot be seen


def with_plates(finding: Finding, plates: Sequence[Plate]) -> Finding:
    """Add figures to a finding."""
    return dataclasses.replace(finding, plates=(*finding.plates, *plates))


def sweeps_to_learn(
    learned_at: NDArray[np.int64], n_runs: int, published: int
) -> Plate:
    """Histogram of the sweeps that runs took, with the published number."""

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.sweeps_to_learn import draw_sweeps_to_learn  # noqa: PLC0415  # see above

        draw_sweeps_to_learn(
            axes, learned_at, n_runs=n_runs, published=published, theme=theme
        )

    return Plate(
        name="symmetry-sweeps",
        caption=(
            "How many sweeps the runs took to learn. The published number is a single"
            " run; the scale is logarithmic."
        ),
        width_cm=12,
        height_cm=7.5,
        draw=draw,
    )


def training_curves(runs: Runs, published: int) -> Plate:
    """Fan of the error over the sweeps, of all runs."""
    at = runs.error_sweeps
    kept = np.unique(np.geomspace(1, len(at), MOST_POINTS).round().astype(int)) - 1
    kept = kept[at[kept] >= min(50, at[-1])]
    sweeps, errors = at[kept], runs.errors[:, kept]

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.training_curve import draw_training_curve  # noqa: PLC0415  # see above

        draw_training_curve(
            axes, sweeps, errors, sweep_scale="log", published=published, theme=theme
        )

    return Plate(
        name="symmetry-training",
        caption=(
            "The error E of equation (3), a sum over the 64 cases, in every run, until"
            " all outputs are within 0.1. Learning is a long plateau at E = 3.5, where"
            " the output is 1/8 for every case, and then a fall."
        ),
        width_cm=12,
        height_cm=7.5,
        draw=draw,
    )


def final_errors(errors: Floats, n_runs: int) -> Plate:
    """Where the runs that did not learn ended."""

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.final_errors import draw_final_errors  # noqa: PLC0415  # see above

        draw_final_errors(axes, errors, n_runs=n_runs, theme=theme)

    return Plate(
        name="symmetry-final-errors",
        caption=(
            "The error with which the others ended. E = 4 is an output of 0 for every"
            " case, so far out on the logistic curve that no gradient is left."
        ),
        width_cm=12,
        height_cm=5,
        draw=draw,
    )


def network_of(runs: Runs, run: int | None, name: str) -> tuple[Plate, ...]:
    """Fig. 1: a run's network with its weights and biases; none for no run."""
    if run is None:
        return ()
    network, parameters = runs.network, runs.parameters_of(run)
    at = int(runs.learned_at[runs.place(run)])

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.network import draw_network  # noqa: PLC0415  # see above

        draw_network(axes, network, parameters, theme=theme)

    return (
        Plate(
            name=name,
            caption=(
                f"The letter's Fig. 1, from run {run}, which was through in sweep"
                f" {at:,}: the middle one of its kind. Weights stand on the arcs,"
                " biases in the nodes; negative weights are dashed."
            ),
            width_cm=12,
            height_cm=9.5,
            draw=draw,
        ),
    )


def weight_ratios(magnitudes: Floats) -> Plate:
    """Scatter of the two ratios of each run, with the known codes."""

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.weight_ratios import draw_weight_ratios  # noqa: PLC0415  # see above

        draw_weight_ratios(axes, magnitudes, theme=theme)

    return Plate(
        name="symmetry-ratios",
        caption=(
            "A dot for each run that learned: its middle and its largest magnitude as"
            " multiples of its smallest."
        ),
        width_cm=12,
        height_cm=9.5,
        draw=draw,
    )


def family_trees() -> Plate:
    """Fig. 2."""
    order = tuple(name for name in PEOPLE if PEOPLE[name].nationality == "English")
    place = {name: number for number, name in enumerate(order)}
    couples = [(place[one], place[two]) for one, two in COUPLES["English"]]
    children = {
        couple: [
            place[name]
            for name in order
            if {order[couple[0]], order[couple[1]]} == {*PEOPLE[name].parents}
        ]
        for couple in couples
    }
    # A line of descent goes straight down where children stand as their couples do.
    stand = [name for couple in COUPLES["English"] for name in couple]
    known = {
        couple: sorted(
            found, key=lambda p: stand.index(order[p]) if order[p] in stand else p
        )
        for couple, found in children.items()
        if found
    }
    trees = [order, tuple(PEOPLE[name].twin for name in order)]

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.family_trees import draw_family_trees  # noqa: PLC0415  # see above

        draw_family_trees(
            axes, trees, couples, known, captions=list(NATIONALITIES), theme=theme
        )

    return Plate(
        name="family-trees",
        caption="The letter's Fig. 2: two families of the same shape.",
        width_cm=13,
        height_cm=9,
        draw=draw,
    )


def activity(runs: Runs, run: int, case: str) -> Plate:
    """Fig. 3: the activity of every unit for one case."""
    number = runs.task.case_names.index(case)
    passed = runs.activities(run)
    outputs = {name: y[number] for name, y in passed.y.items()}
    desired = runs.task.desired[number]
    network = runs.network
    apart = number in runs.history.held_out[runs.place(run)]

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.activity import draw_activity  # noqa: PLC0415  # see above

        draw_activity(axes, network, outputs, desired=desired, theme=theme)

    return Plate(
        name="family-activity",
        caption=(
            f"The letter's Fig. 3, from run {run}: the activity of every unit for"
            f" \N{LEFT DOUBLE QUOTATION MARK}{case}\N{RIGHT DOUBLE QUOTATION MARK}, a"
            f" case that it {'never saw' if apart else 'learned from'}. Dots mark the"
            " desired answers."
        ),
        width_cm=13,
        height_cm=13.5,
        draw=draw,
    )


def receptive_fields(
    weights: Floats, names: Sequence[str], run: int, carried: Mapping[int, str]
) -> Plate:
    """Fig. 4: the weights from the people into the units of their code."""
    rows = [FIGURE_4_ORDER[nationality] for nationality in NATIONALITIES]
    units = [
        f"{unit + 1}: {carried[unit]}" if unit in carried else f"{unit + 1}"
        for unit in range(len(weights))
    ]

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.receptive_fields import draw_receptive_fields  # noqa: PLC0415  # see above

        draw_receptive_fields(axes, weights, names, rows, units=units, theme=theme)

    return Plate(
        name="family-receptive-fields",
        caption=(
            f"The letter's Fig. 4, from run {run}: the weights into the six units of"
            " the person code, English over their Italian twins. A unit is named for"
            " what it carries best of the three attributes."
        ),
        width_cm=13,
        height_cm=13,
        draw=draw,
    )


def shares(
    name: str,
    caption: str,
    groups: Sequence[Group],
    *,
    x: str,
    y: str,
    log: bool = False,
    marks: bool = True,
    joined: bool = True,
    threshold: float | None = None,
    threshold_label: str = "",
    mark: tuple[float, str] | None = None,
    height_cm: float = 7.5,
) -> Plate:
    """Shares of runs over something that was varied."""

    def draw(axes: Any, theme: Any) -> None:
        from backsweep.figures.shares import ShareLine, draw_shares  # noqa: PLC0415  # see above

        draw_shares(
            axes,
            [
                ShareLine(label=label, at=at, shares=parts, intervals=ends)
                for label, at, parts, ends in groups
            ],
            x=x,
            y=y,
            scale="log" if log else "linear",
            joined=joined,
            marks=marks,
            threshold=threshold,
            threshold_label=threshold_label,
            mark=mark,
            theme=theme,
        )

    return Plate(
        name=name, caption=caption, width_cm=12, height_cm=height_cm, draw=draw
    )
