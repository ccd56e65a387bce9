"""Claims that hidden units are needed: runs without them, and the proof beside."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from backsweep.analysis import Separation, most_right, separation
from backsweep.claims.claim import Claim, Ensemble, Evidence, Finding
from backsweep.claims.rules import verdict_of
from backsweep.runs import share_interval

if TYPE_CHECKING:
    from backsweep.tasks import Task

__all__ = ["CLAIMS"]

BARE_SYMMETRY: Final = Ensemble(
    name="symmetry without hidden units",
    task="symmetry",
    network="6-1",
    changes={"sweeps": 2_000},
    runs=100,
    cost_us=1.0,
)
BARE_XOR: Final = Ensemble(
    name="xor without hidden units",
    task="xor",
    network="2-1",
    changes={"sweeps": 2_000},
    runs=100,
    cost_us=0.3,
)


def measure_bare(evidence: Evidence, *, ensemble: str) -> Finding:
    """Let networks without hidden units try, and prove that they cannot."""
    runs = evidence[ensemble]
    task = runs.task
    proof = separation(task.inputs, task.desired)
    learned = int((runs.outcomes == "learned").sum())
    best = int(runs.history.right.max())
    possible = (
        task.n_cases if proof.separable else most_right(task.inputs, task.desired)
    )
    return Finding(
        verdict=verdict_of(holds=learned == 0 and not proof.separable),
        settings="the task's own, without the hidden units",
        measured=(
            f"{learned} of {runs.n_runs} runs learned; the best had {best} of"
            f" {task.n_cases} cases right."
            + (
                ""
                if proof.separable
                else f" Proven: no weights have all right, the best {possible}."
            )
        ),
        numbers={
            "learned": float(learned),
            "best_cases_right": float(best),
            "most_possible": float(possible),
        },
        share=learned / runs.n_runs,
        interval=share_interval(learned, runs.n_runs),
        share_of="runs that learned",
        details={"proof": proof_in_words(task, proof), "proven": not proof.separable},
    )


def _mixture(task: Task, parts: tuple[tuple[int, Fraction], ...]) -> str:
    return " + ".join(f"{share} of {task.case_names[case]}" for case, share in parts)


def proof_in_words(task: Task, proof: Separation) -> str:
    """Write the proof so that it can be checked by hand."""
    if proof.separable:
        return "A single unit can be right on every case."
    rows = np.array([[float(share) for _, share in proof.on]])
    point = rows @ task.inputs[[case for case, _ in proof.on]]
    where = ", ".join(
        str(Fraction(float(number)).limit_denominator(1000)) for number in point[0]
    )
    return (
        "A unit without hidden units below it is on where a weighted sum of its inputs"
        " is above a threshold, that is on one side of a plane. Mixed in these shares,"
        f" cases that should be on ({_mixture(task, proof.on)}) and cases that should"
        f" be off ({_mixture(task, proof.off)}) give the same inputs ({where}). The"
        " sum for a mixture is the mixture of the sums, so that it would have to be"
        " above the threshold and below it: no weights exist."
    )


CHAPTER: Final = "Hidden units are needed"
RULE: Final = (
    "Reproduced if no run learns and a linear programme, checked in whole-number"
    " fractions, proves that no weights exist."
)

CLAIMS: Final = (
    Claim(
        chapter=CHAPTER,
        name="symmetry-needs-hidden",
        words="No network without hidden units can tell symmetric rows from others.",
        place="Fig. 1, text",
        published="no solution",
        rule=RULE,
        ensembles=(BARE_SYMMETRY,),
        measure=partial(measure_bare, ensemble=BARE_SYMMETRY.name),
        remark="One input alone says nothing of the answer: sums of them do not help.",
    ),
    Claim(
        chapter=CHAPTER,
        name="xor-needs-hidden",
        words="Exclusive or cannot be done without hidden units either.",
        place="PDP, chapter 8; the letter names symmetry only",
        published="no solution",
        rule=RULE,
        ensembles=(BARE_XOR,),
        measure=partial(measure_bare, ensemble=BARE_XOR.name),
        remark="Every output settles at 0.5, which is right for no case.",
    ),
)
