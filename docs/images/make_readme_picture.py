"""Draw the README's picture from real runs, in a light and a dark version."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

import backsweep
from backsweep.figures import (
    THEMES,
    blank_figure,
    draw_network,
    draw_receptive_fields,
    draw_sweeps_to_learn,
    save_figure,
)
from backsweep.tasks.families import FIGURE_4_ORDER, PEOPLE

HERE = Path(__file__).parent


def symmetry():
    """Give 1,000 runs, and the one nearest to the letter's number, learned further."""
    runs = backsweep.learn(task="symmetry", runs=1000, seed=1)
    run = int(runs.run[np.argmin(np.abs(runs.learned_at - 1425))])
    procedure = dataclasses.replace(
        runs.procedure, criterion=backsweep.Criterion("within", 0.1)
    )
    further = backsweep.learn(
        task="symmetry", procedure=procedure, runs=range(run, run + 1), seed=1
    )
    return runs, further


def families():
    """Give a run of the family trees that answers all held-out questions."""
    runs = backsweep.learn(task="families", runs=24, seed=1)
    best = np.argmax(runs.held_out_right * 1000 + runs.right)
    return runs, int(best)


def main():
    """Learn, then draw each version."""
    many, one = symmetry()
    trees, best = families()
    network = trees.network
    (link,) = network.incoming("person code")
    weights = network.weights(trees.parameters[best], link)
    for name in ("light", "dark"):
        theme = THEMES[name]
        figure = blank_figure(26.0, 19.5, theme=theme)
        figure.set_layout_engine("none")
        draw_sweeps_to_learn(
            figure.add_axes((0.58, 0.57, 0.40, 0.385)),
            np.where(many.learned_at > 0, many.learned_at, np.nan),
            published=1425,
            title=f"... and how long it took {many.n_runs:,} of them",
            theme=theme,
        )
        draw_network(
            figure.add_axes((0.01, 0.5, 0.49, 0.485)),
            one.network,
            one.parameters[0],
            title="Two units that detect mirror symmetry ...",
            theme=theme,
        )
        draw_receptive_fields(
            figure.add_axes((0.01, 0.01, 0.98, 0.44)),
            weights,
            tuple(PEOPLE),
            tuple(FIGURE_4_ORDER.values()),
            title="What six units made of 24 names in two family trees",
            theme=theme,
        )
        save_figure(figure, HERE / f"readme-{name}.png", force=True)


if __name__ == "__main__":
    main()
