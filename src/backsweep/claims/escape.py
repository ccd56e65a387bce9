"""Claims about getting stuck: how rarely it happens, and whether more units help."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from backsweep.claims import plates
from backsweep.claims.claim import Claim, Ensemble, Evidence, Finding, Plate
from backsweep.claims.rules import RARE, fewer, first_to_hold, is_rare, verdict_of
from backsweep.claims.symmetry import SYMMETRY, percent
from backsweep.runs import share_interval
from backsweep.tasks import named as task

__all__ = ["CLAIMS", "Grid"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Ensembles of one task over hidden units and step sizes.

    Parameters
    ----------
    task
        Its name.
    hidden
        Numbers of hidden units, the fewest that can do it first.
    epsilons
        Step sizes, the published one first.
    reach
        Epsilon times sweeps: every run may go as far, in steps as small as they are.
    runs
        Runs of each ensemble.
    shared
        An ensemble of the fewest units and the published step size that other claims
        rest on as well.
    """

    task: str
    hidden: tuple[int, ...]
    epsilons: tuple[float, ...]
    reach: float
    runs: int
    cost_us: float
    shared: Ensemble | None = None

    def name(self, hidden: int, epsilon: float) -> str:
        """Name the ensemble of one point."""
        if self.shared is not None and (hidden, epsilon) == self.letter:
            return self.shared.name
        return f"{self.task}, {hidden} hidden units, epsilon {epsilon:g}"

    @property
    def letter(self) -> tuple[int, float]:
        """The published point."""
        return self.hidden[0], self.epsilons[0]

    def sweeps(self, epsilon: float) -> int:
        """Give the most sweeps of a run."""
        return round(self.reach / epsilon)

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """All points, the published one first."""
        n_in = task(self.task).network.n_in
        found = [] if self.shared is None else [self.shared]
        return (
            *found,
            *(
                Ensemble(
                    name=self.name(hidden, epsilon),
                    task=self.task,
                    network=f"{n_in}-{hidden}-1",
                    changes={"epsilon": epsilon, "sweeps": self.sweeps(epsilon)},
                    runs=self.runs,
                    # Most runs learn long before the last sweep.
                    cost_us=0.35 * self.cost_us * hidden / self.hidden[0],
                )
                for epsilon in self.epsilons
                for hidden in self.hidden
                if self.shared is None or (hidden, epsilon) != self.letter
            ),
        )

    def stuck(self, evidence: Evidence, hidden: int, epsilon: float) -> tuple[int, int]:
        """Count the runs that did not learn, and all."""
        runs = evidence[self.name(hidden, epsilon)]
        return int((runs.outcomes != "learned").sum()), runs.n_runs

    def plate(self, evidence: Evidence, name: str) -> Plate:
        """Draw the share of stuck runs over hidden units and epsilon."""
        groups = []
        for epsilon in self.epsilons:
            counts = [self.stuck(evidence, hidden, epsilon) for hidden in self.hidden]
            groups.append(
                (
                    f"epsilon {epsilon:g}",
                    self.hidden,
                    [count / total for count, total in counts],
                    [share_interval(count, total) for count, total in counts],
                )
            )
        return plates.shares(
            name,
            f"Runs of {self.task} that did not learn, by the number of hidden units and"
            " the step size, with 95 % intervals. Each may go on until epsilon times"
            f" sweeps is {self.reach:g}.",
            groups,
            x="hidden units",
            y="runs that did not learn",
            threshold=RARE,
            threshold_label="one in twenty",
            height_cm=8.5,
        )

    def details(self, evidence: Evidence) -> list[dict[str, float]]:
        """Give each point's numbers."""
        rows = []
        for epsilon in self.epsilons:
            for hidden in self.hidden:
                count, total = self.stuck(evidence, hidden, epsilon)
                low, high = share_interval(count, total)
                rows.append(
                    {
                        "hidden": hidden,
                        "epsilon": epsilon,
                        "sweeps": self.sweeps(epsilon),
                        "runs": total,
                        "stuck": count,
                        "share": count / total,
                        "low": low,
                        "high": high,
                    }
                )
        return rows


XOR: Final = Grid(
    task="xor",
    hidden=(2, 3, 4, 6),
    epsilons=(0.5, 0.25),
    reach=2500.0,
    runs=300,
    cost_us=0.5,
)
SYMMETRY_GRID: Final = Grid(
    task="symmetry",
    hidden=(2, 3, 4, 6),
    epsilons=(0.1, 0.05),
    reach=2000.0,
    runs=100,
    cost_us=2.0,
    shared=SYMMETRY,
)


def _setting(hidden: int, epsilon: float, letter: tuple[int, float]) -> str:
    """Tell in words what is not the letter's."""
    if (hidden, epsilon) == letter:
        return "as published"
    other = [f"epsilon {epsilon:g}"] if epsilon != letter[1] else []
    other += [f"{hidden} hidden units"] if hidden != letter[0] else []
    return ", ".join(other)


def measure_rarely(evidence: Evidence, *, grid: Grid) -> Finding:
    """Say how often runs get stuck, and with which settings they do so rarely."""
    # Other step sizes come before other networks: the claim is of the same network.
    points = [(hidden, epsilon) for hidden in grid.hidden for epsilon in grid.epsilons]
    counts = {point: grid.stuck(evidence, *point) for point in points}
    chosen = first_to_hold([(point, is_rare(*counts[point])) for point in points])
    stuck, total = counts[grid.letter]
    told = f"{percent(stuck, total)} of the runs are stuck with the published settings"
    if chosen is not None and chosen != grid.letter:
        told += (
            f"; with {_setting(*chosen, grid.letter)} it is {percent(*counts[chosen])}"
        )
    elif chosen is None:
        told += "; no other tried is surely under one in twenty"
    return Finding(
        verdict=verdict_of(
            holds=chosen is not None, letter_settings=chosen == grid.letter
        ),
        settings="as published" if chosen is None else _setting(*chosen, grid.letter),
        measured=f"{told}.",
        numbers={
            "stuck": float(stuck),
            "share_stuck": stuck / total,
            **({} if chosen is None else {"rare_at_epsilon": chosen[1]}),
        },
        share=stuck / total,
        interval=share_interval(stuck, total),
        share_of="runs stuck with the published settings",
        details={"grid": grid.details(evidence)},
        plates=(grid.plate(evidence, f"{grid.task}-stuck"),),
    )


def measure_connections(evidence: Evidence, *, grid: Grid) -> Finding:
    """Say whether networks with more hidden units get stuck less often."""
    fewest, *larger = grid.hidden
    helps: dict[float, bool] = {}
    told = []
    for epsilon in grid.epsilons:
        base = grid.stuck(evidence, fewest, epsilon)
        counts = {hidden: grid.stuck(evidence, hidden, epsilon) for hidden in larger}
        better = [n for n in larger if fewer(counts[n], base, tries=len(larger))]
        worse = [n for n in larger if fewer(base, counts[n], tries=len(larger))]
        helps[epsilon] = bool(better) and not worse
        row = ", ".join(
            f"{100 * count / total:.0f}" for count, total in (base, *counts.values())
        )
        effect = (
            "mixed" if better and worse else "helps" if better else "harms" if worse
            else "no sure difference"
        )  # fmt: skip
        told.append(f"{row} % at epsilon {epsilon:g} ({effect})")
    chosen = first_to_hold(list(helps.items()))
    sizes = ", ".join(map(str, grid.hidden))
    stuck, total = grid.stuck(evidence, fewest, grid.epsilons[0])
    return Finding(
        verdict=verdict_of(
            holds=chosen is not None, letter_settings=chosen == grid.epsilons[0]
        ),
        settings="as published"
        if chosen is None or chosen == grid.epsilons[0]
        else f"epsilon {chosen:g}",
        measured=f"Stuck with {sizes} hidden units: {'; '.join(told)}.",
        numbers={"share_stuck_with_fewest": stuck / total},
        share=stuck / total,
        interval=share_interval(stuck, total),
        share_of="runs stuck with the fewest hidden units",
        details={"grid": grid.details(evidence)},
    )


CHAPTER: Final = "Getting stuck"
RARE_RULE: Final = (
    "Reproduced if the share of runs that did not learn with the published settings is"
    " surely under one in twenty (95 % interval below 5 %); with other settings, if"
    " that is so for another step size or number of hidden units that was tried."
)
MORE_RULE: Final = (
    "Reproduced if, at the published step size, some larger network is stuck less often"
    " than the smallest and none more often (Fisher's exact test, 5 % shared over the"
    " sizes); with other settings, if that is so at another step size."
)
PLACE: Final = "closing discussion of local minima"

CLAIMS: Final = (
    Claim(
        chapter=CHAPTER,
        name="stuck-xor",
        words="Learning very rarely gets stuck in a poor local minimum: exclusive or.",
        place=f"{PLACE}; chapter 8 of PDP for this task",
        published="very rarely (PDP: twice in hundreds of runs)",
        rule=RARE_RULE,
        ensembles=XOR.ensembles,
        measure=partial(measure_rarely, grid=XOR),
    ),
    Claim(
        chapter=CHAPTER,
        name="stuck-symmetry",
        words="Learning very rarely gets stuck in a poor local minimum: symmetry.",
        place=PLACE,
        published="very rarely",
        rule=RARE_RULE,
        ensembles=SYMMETRY_GRID.ensembles,
        measure=partial(measure_rarely, grid=SYMMETRY_GRID),
        remark=(
            "A run counts as stuck here when it has not learned by the last sweep. Most"
            " of those of symmetry are not in a minimum of the error at all: a step too"
            " long has thrown the output unit to where its gradient vanishes."
        ),
    ),
    Claim(
        chapter=CHAPTER,
        name="connections-xor",
        words="A few spare connections give ways around barriers: exclusive or.",
        place=PLACE,
        published="stuck only with just enough connections",
        rule=MORE_RULE,
        ensembles=XOR.ensembles,
        measure=partial(measure_connections, grid=XOR),
    ),
    Claim(
        chapter=CHAPTER,
        name="connections-symmetry",
        words="A few spare connections give ways around barriers: symmetry.",
        place=PLACE,
        published="stuck only with just enough connections",
        rule=MORE_RULE,
        ensembles=SYMMETRY_GRID.ensembles,
        measure=partial(measure_connections, grid=SYMMETRY_GRID),
    ),
)
