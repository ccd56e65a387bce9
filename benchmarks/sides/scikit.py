"""scikit-learn's MLP, as near as it comes, for it cannot be told the letter's network.

It differs in this: its output units are linear, every unit has a bias, and the layers
are stacked, so that the family trees are 36-12-12-6-24. Its momentum is the letter's,
without Nesterov's, there is no decay, and the batch is whole and in order; linear
units diverge with the step of the others, so they take a smaller one. It is compared
with the plain engine on the network that it does learn.
"""

from __future__ import annotations

import dataclasses
import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor

from backsweep.network import Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sides.question import Question

# The sizes of the stacked layers where the network is no stack.
STACKED: Final = {"families": (36, 12, 12, 6, 24)}
SMALLER: Final = 0.01


def nearest(question: Question) -> Question:
    """Ask the nearest that scikit-learn can do."""
    task = question.task
    sizes = STACKED.get(task.name, tuple(layer.size for layer in task.network.layers))
    network = Network.layered(*sizes, output="linear")
    procedure = dataclasses.replace(task.procedure, epsilon=SMALLER * question.epsilon)
    task = dataclasses.replace(task, network=network, procedure=procedure)
    return dataclasses.replace(question, task=task)


class OnScikit:
    """A warm start after another: each `fit` carries so many sweeps out."""

    def __init__(self, question: Question) -> None:
        self.question = nearest(question)
        network, cases = self.question.network, question.task.n_cases
        self.inputs = np.concat(list(question.inputs().values()), axis=1)
        desired = question.desired()
        self.desired = desired[:, 0] if desired.shape[1] == 1 else desired
        self.regressor = MLPRegressor(
            hidden_layer_sizes=tuple(layer.size for layer in network.hidden),
            activation="logistic",
            solver="sgd",
            alpha=0.0,
            batch_size=cases,
            learning_rate_init=self.question.epsilon * cases,  # it takes the mean
            max_iter=1,
            shuffle=False,
            tol=0.0,
            n_iter_no_change=10**9,
            warm_start=True,
            momentum=question.alpha,
            nesterovs_momentum=False,
            random_state=0,
        )
        self._fit()
        w = network.views(self.question.starts()[0])
        for number, step in enumerate(network.upward):
            ((_, start),) = step.sources
            self.regressor.coefs_[number][...] = w[start].T
            self.regressor.intercepts_[number][...] = w[step.biases][0]

    def _fit(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.regressor.fit(self.inputs, self.desired)

    def carry(self, sweeps: int) -> None:
        """Start from the weights as they are, and from no velocity."""
        self.regressor.set_params(max_iter=sweeps)
        self._fit()

    def weights(self) -> NDArray[np.floating[Any]]:
        fitted = self.regressor
        parts = [
            part
            for w, b in zip(fitted.coefs_, fitted.intercepts_, strict=True)
            for part in (w.T.ravel(), b)
        ]
        return np.concatenate(parts)[None]


def _made(question: Question) -> OnScikit | None:
    """Make ready, or give None for many networks, which it has no way to learn."""
    return OnScikit(question) if len(question.runs) == 1 else None


FORMS: Final = {"MLPRegressor": _made}
