"""PyTorch on the processor: autograd, the gradient by hand, and that compiled."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import torch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sides.question import Question

Tensors: TypeAlias = dict[int, torch.Tensor]

IN_A_GRAPH: Final = 5  # sweeps that are compiled together, of one network


def set_threads(count: int) -> None:
    """Say over how many threads one operation is shared."""
    torch.set_num_threads(count)


class Walk:
    """The equations on `addmm`, or `baddbmm` for many networks."""

    def __init__(self, question: Question) -> None:
        self.question = question
        network = question.network
        views = network.views(torch.from_numpy(question.starts()))
        single = len(question.runs) == 1
        # Each matrix lies for itself: twice the rate of views of one flat vector.
        self.ws = {k: (w[0] if single else w).clone() for k, w in views.items()}
        self.vs = {k: torch.zeros_like(w) for k, w in self.ws.items()}
        lead = () if single else (len(question.runs),)
        self.inputs = {
            name: torch.from_numpy(y).expand(*lead, *y.shape)
            for name, y in question.inputs().items()
        }
        self.desired = torch.from_numpy(question.desired())
        self.affine = torch.addmm if single else torch.baddbmm
        self.upward, self.output = network.upward, network.outputs[0].name

    def outputs(self, ws: Tensors) -> dict[str, torch.Tensor]:
        y = dict(self.inputs)
        for layer, sources, biases in self.upward:
            x = None if biases is None else ws[biases]
            for source, start in sources:
                w = ws[start].mT
                x = y[source] @ w if x is None else self.affine(x, y[source], w)
            y[layer.name] = torch.sigmoid(x)
        return y

    def gradient(self, ws: Tensors) -> Tensors:
        y = self.outputs(ws)
        dE_dy = {self.output: y[self.output] - self.desired}
        gs = {}
        for layer, sources, biases in reversed(self.upward):
            dE_dx = torch.ops.aten.sigmoid_backward(dE_dy[layer.name], y[layer.name])
            if biases is not None:
                gs[biases] = dE_dx.sum(-2, keepdim=True)
            for source, start in sources:
                gs[start] = dE_dx.mT @ y[source]
                if source not in self.inputs:
                    blame = dE_dx @ ws[start]
                    before = dE_dy.get(source)
                    dE_dy[source] = blame if before is None else before + blame
        return gs

    def weights(self) -> NDArray[np.floating[Any]]:
        runs = len(self.question.runs)
        blocks = self.question.network.blocks
        parts = [self.ws[block.start].detach().reshape(runs, -1) for block in blocks]
        return torch.cat(parts, 1).numpy()


class Autograd:
    """The loop of every tutorial; its SGD is the letter's rule while epsilon stays."""

    def __init__(self, question: Question) -> None:
        self.question, self.walk = question, Walk(question)
        weights = [w.requires_grad_() for w in self.walk.ws.values()]
        self.optimizer = torch.optim.SGD(
            weights, lr=question.epsilon, momentum=question.alpha
        )

    def carry(self, sweeps: int) -> None:
        walk = self.walk
        for _ in range(sweeps):
            self.optimizer.zero_grad()
            found = walk.outputs(walk.ws)[walk.output]
            (0.5 * ((found - walk.desired) ** 2).sum()).backward()
            self.optimizer.step()

    def weights(self) -> NDArray[np.floating[Any]]:
        return self.walk.weights()


class ByHand:
    """The gradient written out; the weights changed in place, all with one call."""

    def __init__(self, question: Question) -> None:
        self.question, self.walk = question, Walk(question)

    @torch.inference_mode()
    def carry(self, sweeps: int) -> None:
        epsilon, alpha = self.question.epsilon, self.question.alpha
        walk = self.walk
        ws, vs = list(walk.ws.values()), list(walk.vs.values())
        for _ in range(sweeps):
            gradient = walk.gradient(walk.ws)
            gs = [gradient[start] for start in walk.ws]
            torch._foreach_mul_(vs, alpha)  # as torch.optim does
            torch._foreach_add_(vs, gs, alpha=-epsilon)
            torch._foreach_add_(ws, vs)

    def weights(self) -> NDArray[np.floating[Any]]:
        return self.walk.weights()


class Compiled:
    """The same through `torch.compile`, several sweeps of one network in a graph."""

    def __init__(self, question: Question) -> None:
        self.question, self.walk = question, Walk(question)
        single = len(question.runs) == 1
        self.in_a_graph = IN_A_GRAPH if single else 1
        torch.compiler.reset()  # it gives up after eight networks in one process
        self.graphs = {
            sweeps: torch.compile(
                partial(self._sweeps, sweeps), fullgraph=True, dynamic=False
            )
            for sweeps in {1, self.in_a_graph}
        }

    def _sweeps(self, sweeps: int, ws: Tensors, vs: Tensors) -> tuple[Tensors, Tensors]:
        epsilon, alpha = self.question.epsilon, self.question.alpha
        for _ in range(sweeps):
            gs = self.walk.gradient(ws)
            vs = {k: alpha * v - epsilon * gs[k] for k, v in vs.items()}
            ws = {k: w + vs[k] for k, w in ws.items()}
        return ws, vs

    @torch.inference_mode()
    def carry(self, sweeps: int) -> None:
        walk = self.walk
        while sweeps:
            step = self.in_a_graph if sweeps >= self.in_a_graph else 1
            walk.ws, walk.vs = self.graphs[step](walk.ws, walk.vs)
            sweeps -= step

    def weights(self) -> NDArray[np.floating[Any]]:
        return self.walk.weights()


FORMS: Final = {"autograd": Autograd, "by hand": ByHand, "compiled": Compiled}
