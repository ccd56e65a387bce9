"""Claims about the symmetry network: the letter's first task, Fig. 1."""

from __future__ import annotations

from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backsweep.analysis import alignment, mirror_residual, ratio_code, side_magnitudes
from backsweep.claims import plates
from backsweep.claims.claim import Claim, Ensemble, Evidence, Finding
from backsweep.claims.rules import (
    is_nearly_always,
    is_ordinary,
    is_rule,
    percentile_rank,
    verdict_of,
)
from backsweep.procedure import Criterion
from backsweep.runs import Runs, share_interval

__all__ = ["CLAIMS", "SYMMETRY"]

Floats: TypeAlias = NDArray[np.float64]

PUBLISHED_SWEEPS: Final = 1425
MIRROR_TOLERANCE: Final = 0.05  # of the largest weight; a figure shows no less
OPPOSITE: Final = -0.99

SYMMETRY: Final = Ensemble(name="symmetry", task="symmetry", runs=400, cost_us=0.7)
FORMED: Final = Ensemble(
    name="symmetry to within 0.1",
    task="symmetry",
    changes={"criterion": Criterion("within", 0.1)},
    runs=400,
    every=20,
    cost_us=0.8,
)
UNSTATED: Final = (
    "The letter states epsilon, alpha, the range of the initial weights and that all"
    " 64 cases make a sweep. It does not say whether the biases start in the same"
    " range (here they do) nor when learning stops: here a run has learned in the"
    " first sweep that leaves every output on the right side of 0.5."
)
LATE: Final = (
    "Weights are read after the first sweep that leaves every output within 0.1 of the"
    " desired one: the codes form only after the last case has come right."
)
LETTERS: Final = "the letter's"


class _Learned:
    """The runs that learned, with the weights into their hidden units at the end."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.is_learned = self.runs.outcomes == "learned"
        self.total = int(self.is_learned.sum())
        parameters = self.runs.parameters[self.is_learned]
        network = self.runs.network
        into = network.incoming("hidden")[0]
        self.weights: Floats = network.weights(parameters, into)
        self.hidden_biases: Floats = network.biases(parameters, "hidden")
        self.output_biases: Floats = network.biases(parameters, "output")
        self.at = self.runs.learned_at[self.is_learned]
        self.numbers = self.runs.run[self.is_learned]

    @property
    def magnitudes(self) -> Floats:
        """Sorted magnitudes of one side for each unit: (n_runs, 2, 3)."""
        return side_magnitudes(self.weights)

    @property
    def codes(self) -> NDArray[np.str_]:
        """The code of each run: that of both its units, or "other" if they differ."""
        one, two = ratio_code(self.magnitudes).T
        return np.where(one == two, one, "other")

    def median_run(self, among: NDArray[np.bool_] | None = None) -> int | None:
        """Find the run in the middle by its sweeps to learn."""
        chosen = np.ones(self.total, dtype=bool) if among is None else among
        if not chosen.any():
            return None
        order = np.flatnonzero(chosen)[np.argsort(self.at[chosen], kind="stable")]
        return int(self.numbers[order[(len(order) - 1) // 2]])


def percent(count: int, total: int) -> str:
    """Write a share with its interval: "95 % (92 to 97)"."""
    if not total:
        return "none of none"
    low, high = share_interval(count, total)
    return f"{100 * count / total:.0f} % ({100 * low:.0f} to {100 * high:.0f})"


def _nothing(share_of: str) -> Finding:
    return Finding(
        verdict="not reproduced",
        settings=LETTERS,
        measured="No run learned.",
        numbers={"learned": 0.0},
        share_of=share_of,
    )


def measure_sweeps(evidence: Evidence) -> Finding:
    """Say where 1,425 sweeps fall among those that the runs took."""
    found = _Learned(evidence[SYMMETRY.name])
    if not found.total:
        return _nothing("runs that learned")
    runs = found.runs
    rank = percentile_rank(PUBLISHED_SWEEPS, found.at)
    quantiles = np.percentile(found.at, [0, 10, 25, 50, 75, 90, 100])
    names = ("min", "p10", "p25", "p50", "p75", "p90", "max")
    holds = is_ordinary(PUBLISHED_SWEEPS, found.at) and is_rule(
        found.total, runs.n_runs
    )
    others = runs.final_errors[~found.is_learned]
    return Finding(
        verdict=verdict_of(holds=holds),
        settings=LETTERS,
        measured=(
            f"1,425 is at percentile {rank:.0f}; the median is"
            f" {quantiles[3]:,.0f}, eight runs in ten take {quantiles[1]:,.0f} to"
            f" {quantiles[5]:,.0f}. {percent(found.total, runs.n_runs)} learned within"
            f" {runs.procedure.sweeps:,} sweeps."
        ),
        numbers={
            "median_sweeps": float(quantiles[3]),
            "percentile_of_published": rank,
            "learned": float(found.total),
        },
        share=found.total / runs.n_runs,
        interval=share_interval(found.total, runs.n_runs),
        share_of="runs that learned",
        details={
            "sweeps_to_learn": dict(zip(names, quantiles.tolist(), strict=True)),
            "sweeps_of_each_run_that_learned": found.at.tolist(),
            "final_errors_of_the_others": others.tolist(),
        },
        plates=(
            plates.sweeps_to_learn(found.at, runs.n_runs, PUBLISHED_SWEEPS),
            plates.training_curves(evidence[FORMED.name], PUBLISHED_SWEEPS),
            *([plates.final_errors(others, runs.n_runs)] if len(others) else []),
        ),
    )


def _structure(
    found: _Learned,
    holds_for: NDArray[np.bool_],  # (n_learned,)
    *,
    measured: str,
    share_of: str,
    numbers: dict[str, float],
    details: dict[str, Any] | None = None,
) -> Finding:
    """Judge what is said of the weights without reservation."""
    count = int(holds_for.sum())
    return Finding(
        verdict=verdict_of(holds=is_nearly_always(count, found.total)),
        settings=LETTERS,
        measured=f"{percent(count, found.total)} of the runs that learned: {measured}",
        numbers=numbers,
        share=count / found.total,
        interval=share_interval(count, found.total),
        share_of=share_of,
        details=details or {},
    )


def measure_mirror(evidence: Evidence) -> Finding:
    """Say how nearly weights at mirror places are equal and opposite."""
    found = _Learned(evidence[FORMED.name])
    if not found.total:
        return _nothing("runs that learned")
    residual = mirror_residual(found.weights).max(axis=-1)
    finding = _structure(
        found,
        residual < MIRROR_TOLERANCE,
        measured=(
            f"mirror weights cancel to within {100 * MIRROR_TOLERANCE:.0f} % of the"
            f" largest; in the median run to within {np.median(residual):.2g} of it."
        ),
        share_of="runs that learned",
        numbers={"median_residual": float(np.median(residual))},
        details={"largest_residual": float(residual.max())},
    )
    middle = found.median_run()
    return plates.with_plates(
        finding, plates.network_of(found.runs, middle, "symmetry-network")
    )


def measure_ratio(evidence: Evidence) -> Finding:
    """Count the codes: 1:2:4, 2:3:4, and the rest."""
    found = _Learned(evidence[FORMED.name])
    if not found.total:
        return _nothing("runs that learned")
    codes = found.codes
    counts = {code: int((codes == code).sum()) for code in ("1:2:4", "2:3:4", "other")}
    sizes = found.magnitudes.mean(axis=1)  # (n_runs, 3)
    ratios = sizes / sizes[:, :1]
    drawn = [plates.weight_ratios(sizes[sizes[:, 0] > 0])]
    other = found.median_run(codes == "2:3:4")
    if other is not None:
        drawn += plates.network_of(found.runs, other, "symmetry-network-2-3-4")
    return Finding(
        verdict=verdict_of(holds=is_rule(counts["1:2:4"], found.total)),
        settings=LETTERS,
        measured=(
            f"1:2:4 in {percent(counts['1:2:4'], found.total)} of the runs that"
            " learned. 2:3:4, which serves as well, in"
            f" {percent(counts['2:3:4'], found.total)};"
            f" neither in {counts['other']}."
        ),
        numbers={
            "share_1_2_4": counts["1:2:4"] / found.total,
            "share_2_3_4": counts["2:3:4"] / found.total,
            "share_other": counts["other"] / found.total,
        },
        share=counts["1:2:4"] / found.total,
        interval=share_interval(counts["1:2:4"], found.total),
        share_of="runs that learned",
        details={
            "codes": counts,
            "ratios_of_the_others": ratios[codes == "other"].round(3).tolist(),
        },
        plates=tuple(drawn),
    )


def measure_opposite(evidence: Evidence) -> Finding:
    """Say whether the two hidden units have the same weights with opposite signs."""
    found = _Learned(evidence[FORMED.name])
    if not found.total:
        return _nothing("runs that learned")
    cosine = np.atleast_1d(alignment(found.weights))
    parallel = int((cosine > -OPPOSITE).sum())
    return _structure(
        found,
        np.atleast_1d(cosine < OPPOSITE),
        measured=(
            f"the cosine between the two units' weights is under {OPPOSITE:g}"
            f" (median {np.median(cosine):.4f}); {parallel} with the same sign."
        ).replace("-", "\N{MINUS SIGN}"),
        share_of="runs that learned",
        numbers={
            "median_cosine": float(np.median(cosine)),
            "parallel": float(parallel),
        },
    )


def measure_biases(evidence: Evidence) -> Finding:
    """Say whether a symmetric row leaves both hidden units off and the output on."""
    found = _Learned(evidence[FORMED.name])
    if not found.total:
        return _nothing("runs that learned")
    is_off = (found.hidden_biases < 0).all(axis=-1)
    is_on = (found.output_biases > 0).all(axis=-1)
    hidden, output = np.median(found.hidden_biases), np.median(found.output_biases)
    return _structure(
        found,
        np.asarray(is_off & is_on),
        measured=(
            "both hidden biases negative and the output's positive; medians"
            f" {hidden:.2f} and {output:+.2f}.".replace("-", "\N{MINUS SIGN}")
        ),
        share_of="runs that learned",
        numbers={
            "median_hidden_bias": float(hidden),
            "median_output_bias": float(output),
        },
    )


_claim = partial(Claim, chapter="Symmetry", ensembles=(FORMED,))
NINE_IN_TEN: Final = "Reproduced if it holds for nine in ten of the runs that learned."

CLAIMS: Final = (
    Claim(
        chapter="Symmetry",
        ensembles=(SYMMETRY, FORMED),
        name="symmetry-sweeps",
        words="Two hidden units learn to tell symmetric rows of six bits from others.",
        place="Fig. 1 and its legend",
        published="1,425 sweeps",
        rule=(
            "Reproduced if more than half of the runs learn (95 % interval above one"
            " half) and 1,425 lies between the 10th and the 90th percentile of the"
            " sweeps they take."
        ),
        measure=measure_sweeps,
        remark=UNSTATED,
    ),
    _claim(
        name="symmetry-mirror",
        words="Weights at mirror places are equal in size and opposite in sign.",
        place="Fig. 1, legend",
        published="equal and opposite",
        rule=(
            "Holds for a run if no two mirror weights of either hidden unit sum to"
            f" {100 * MIRROR_TOLERANCE:.0f} % of its largest weight or more."
            f" {NINE_IN_TEN}"
        ),
        measure=measure_mirror,
        remark=LATE,
    ),
    _claim(
        name="symmetry-ratio",
        words="Weights on one side of the middle are as 1 to 2 to 4, in any order.",
        place="Fig. 1, legend",
        published="1:2:4",
        rule=(
            "Holds for a run if the magnitudes of both hidden units, sorted, are within"
            " 15 % of 1:2:4. Reproduced if more than half of the runs that learned do"
            " so (95 % interval above one half)."
        ),
        measure=measure_ratio,
        remark=(
            f"{LATE} What the code must do is make every unsymmetric row sum to"
            " something: 2:3:4 does that as well."
        ),
    ),
    _claim(
        name="symmetry-opposite",
        words="The two hidden units have the same weights with the signs exchanged.",
        place="Fig. 1, legend",
        published="opposite signs",
        rule=(
            "Holds for a run if the cosine between the weights into the two units is"
            f" under \N{MINUS SIGN}{-OPPOSITE:g}. {NINE_IN_TEN}"
        ),
        measure=measure_opposite,
        remark=LATE,
    ),
    _claim(
        name="symmetry-biases",
        words="A symmetric row leaves both hidden units off, and the output on.",
        place="Fig. 1, legend",
        published="hidden biases negative, output bias positive",
        rule=f"Holds for a run by the signs of its three biases. {NINE_IN_TEN}",
        measure=measure_biases,
        remark=LATE,
    ),
)
