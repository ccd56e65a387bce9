"""NumPy written by hand: batched products, in place where NumPy allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sides.question import Question


class ByHand:
    """One flat vector of weights a network, and views of its matrices."""

    def __init__(self, question: Question) -> None:
        self.question = question
        network = question.network
        w = question.starts()
        # One network alone is spared the leading axis.
        self.w = w[0] if len(w) == 1 else w
        self.v, self.g = np.zeros_like(self.w), np.zeros_like(self.w)
        self.ws, self.gs = network.views(self.w), network.views(self.g)
        self.inputs, self.desired = question.inputs(), question.desired()
        self.upward, self.output = network.upward, network.outputs[0].name

    def outputs(self) -> dict[str, NDArray[np.floating[Any]]]:
        y = dict(self.inputs)
        for layer, sources, biases in self.upward:
            (first, start), *others = sources
            x = y[first] @ self.ws[start].mT
            for source, start in others:
                x += y[source] @ self.ws[start].mT
            if biases is not None:
                x += self.ws[biases]
            np.negative(x, out=x)
            np.exp(x, out=x)
            x += 1
            y[layer.name] = np.reciprocal(x, out=x)
        return y

    def carry(self, sweeps: int) -> None:
        epsilon, alpha = self.question.epsilon, self.question.alpha
        for _ in range(sweeps):
            y = self.outputs()
            dE_dy = {self.output: y[self.output] - self.desired}
            for layer, sources, biases in reversed(self.upward):
                own = y[layer.name]
                dE_dx = dE_dy[layer.name]
                dE_dx *= own * (1 - own)
                if biases is not None:
                    np.sum(dE_dx, axis=-2, keepdims=True, out=self.gs[biases])
                for source, start in sources:
                    np.matmul(dE_dx.mT, y[source], out=self.gs[start])
                    if source in self.inputs:
                        continue
                    blame = dE_dx @ self.ws[start]
                    dE_dy[source] = dE_dy.get(source, 0) + blame
            self.v *= alpha
            self.g *= epsilon
            self.v -= self.g
            self.w += self.v

    def weights(self) -> NDArray[np.floating[Any]]:
        return self.w.reshape(len(self.question.runs), -1)


FORMS: Final = {"by hand": ByHand}
