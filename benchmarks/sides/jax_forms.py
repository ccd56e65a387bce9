"""JAX: the whole loop in one `jit`, gradients by `jax.grad`, ensembles by `vmap`.

The forms differ in how a layer's total input is written, for what is best differs
with the size: a product of matrices; a sum of products; that sum written out, with
the networks on the last axis, where the compiler can make vectors of them; every
weight a value of its own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import jax
import jax.numpy as jnp
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sides.question import Question

MOST_UNROLLED: Final = 300  # parameters; the compiler takes long over more
MOST_SCALARS: Final = 100  # parameters times cases


def _dot(y: jax.Array, w: jax.Array) -> jax.Array:
    return y @ w.T


def _sums(y: jax.Array, w: jax.Array) -> jax.Array:
    return (y[:, None, :] * w[None]).sum(-1)


def _unrolled(y: jax.Array, w: jax.Array) -> jax.Array:
    return sum(y[:, k, None] * w[None, :, k] for k in range(w.shape[1]))


TIMES: Final = {"dot": _dot, "sums": _sums, "unrolled": _unrolled}


def _error(question: Question, times: Callable[..., jax.Array], ws: Any) -> jax.Array:
    y: dict[str, Any] = dict(question.inputs())
    for layer, sources, biases in question.network.upward:
        x = sum(times(y[source], ws[start]) for source, start in sources)
        if biases is not None:
            x = x + ws[biases]
        y[layer.name] = jax.nn.sigmoid(x)
    output = question.network.outputs[0].name
    return 0.5 * jnp.sum((y[output] - question.desired()) ** 2)


def _error_of_scalars(question: Question, ws: Any) -> jax.Array:
    """The same where ws[start][j][i] is a value for itself, one a network."""
    inputs, desired = question.inputs(), question.desired()
    total: Any = 0.0
    for case in range(question.task.n_cases):
        y: dict[str, list[Any]] = {k: own[case].tolist() for k, own in inputs.items()}
        for layer, sources, biases in question.network.upward:
            x = [0.0] * layer.size if biases is None else ws[biases][0]
            for source, start in sources:
                x = [
                    sum(map(_product, row, y[source]), own)
                    for own, row in zip(x, ws[start], strict=True)
                ]
            y[layer.name] = [jax.nn.sigmoid(own) for own in x]
        found = y[question.network.outputs[0].name]
        for own, wanted in zip(found, desired[case].tolist(), strict=True):
            total = total + 0.5 * (own - wanted) ** 2
    return total


def _product(w: Any, y: Any) -> Any:
    """Spare the compiler what is known before."""
    if isinstance(y, float):
        return {0.0: 0.0, 1.0: w}.get(y, w * y)
    return w * y


class OnJax:
    """A `fori_loop` over sweeps in one `jit` whose state is donated."""

    def __init__(self, question: Question, form: str) -> None:
        self.question, self.form = question, form
        self.leading = form == "dot"  # else the networks lie on the last axis
        self.state = self._begun(question.starts())
        self.loop = jax.jit(self._loop, donate_argnums=0)

    def _begun(self, w: NDArray[np.floating[Any]]) -> Any:
        single = len(w) == 1
        ws = self.question.network.views(w)
        if single:
            ws = {start: own[0] for start, own in ws.items()}
        elif not self.leading:
            ws = {start: np.moveaxis(own, 0, -1) for start, own in ws.items()}
        if self.form == "scalars":
            ws = {start: [list(row) for row in own] for start, own in ws.items()}
        ws = jax.tree.map(jnp.array, ws)
        return ws, jax.tree.map(jnp.zeros_like, ws)

    def _gradient(self) -> Callable[[Any], Any]:
        question = self.question
        if self.form == "scalars":
            return jax.grad(lambda ws: _error_of_scalars(question, ws).sum())
        gradient = jax.grad(partial(_error, question, TIMES[self.form]))
        if len(question.runs) == 1:
            return gradient
        axis = 0 if self.leading else -1
        return jax.vmap(gradient, in_axes=axis, out_axes=axis)

    def _loop(self, state: Any, sweeps: jax.Array) -> Any:
        gradient = self._gradient()
        epsilon, alpha = self.question.epsilon, self.question.alpha

        def sweep(_: jax.Array, state: Any) -> Any:
            ws, vs = state
            vs = jax.tree.map(lambda v, g: alpha * v - epsilon * g, vs, gradient(ws))
            return jax.tree.map(jnp.add, ws, vs), vs

        return jax.lax.fori_loop(0, sweeps, sweep, state)

    def carry(self, sweeps: int) -> None:
        self.state = jax.block_until_ready(self.loop(self.state, sweeps))

    def weights(self) -> NDArray[np.floating[Any]]:
        network, runs = self.question.network, len(self.question.runs)
        flat = np.empty((runs, network.n_parameters), self.question.starts().dtype)
        for block in network.blocks:
            own = np.array(self.state[0][block.start])
            if runs > 1 and not self.leading:
                own = np.moveaxis(own, -1, 0)
            flat[:, block.start : block.stop] = own.reshape(runs, -1)
        return flat


def _fits(form: str, question: Question) -> bool:
    if form == "scalars":
        return len(question.runs) > 1 and question.work <= MOST_SCALARS
    return form != "unrolled" or question.network.n_parameters <= MOST_UNROLLED


def _made(form: str, question: Question) -> OnJax | None:
    """Make ready, or give None where the form does not suit the size."""
    jax.config.update("jax_enable_x64", question.precision == "f64")
    return OnJax(question, form) if _fits(form, question) else None


FORMS: Final = {form: partial(_made, form) for form in (*TIMES, "scalars")}
