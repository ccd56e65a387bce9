"""What hypothesis draws: networks of any shape, their weights, and cases for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from hypothesis import strategies as st

from backsweep.activations import ACTIVATIONS
from backsweep.network import Layer, Link, Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ANY = tuple(sorted(ACTIVATIONS))

# What unit names may do to a written form: quotes, brackets, ends of lines.
AWKWARD = (
    '"',
    "'",
    "[",
    "]",
    "[0]",
    "][",
    '["',
    "(",
    "a (tie=b)",
    ";",
    "<-",
    ",",
    "\n",
    "\r\n",
    "\\",
    '\\"',
    "\\n",
    " ",
    "no bias",
    "6-2-1",
    "Colin's uncle",
    "Zoë",
    "名前",
    "\u2028",
    "\x00",
    "1",
    "null",
)


class Drawn(NamedTuple):
    """A network with everything that one forward and one backward pass need."""

    network: Network
    parameters: NDArray[np.float64]
    inputs: NDArray[np.float64]
    desired: NDArray[np.float64]


def unit_names(size: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw distinct names for the units of a layer, or none."""
    name = st.sampled_from(AWKWARD) | st.text(min_size=1, max_size=6)
    names = st.lists(name, min_size=size, max_size=size, unique=True).map(tuple)
    return st.just(()) | names


def layer_names(count: int) -> st.SearchStrategy[list[str]]:
    """Draw distinct names of layers: words that begin with a letter."""
    word = st.from_regex(r"[a-zA-ZéßΩ_][a-zA-Z0-9é_']{0,5}", fullmatch=True)
    name = st.lists(word, min_size=1, max_size=3).map(" ".join) | st.sampled_from(
        ["hidden1", "no bias", "tanh", "tie", "person code"]
    )
    return st.lists(name, min_size=count, max_size=count, unique=True)


@st.composite
def networks(
    draw: st.DrawFn,
    *,
    hidden: Sequence[str] = ANY,
    outputs: Sequence[str] = ANY,
    named: bool = False,
    delays: bool = False,
) -> Network:
    """Draw a network: any graph of two to five layers with skip links and ties.

    Parameters
    ----------
    hidden, outputs
        Activations that hidden layers and output layers may have.
    named
        Whether layers and units have names of all kinds.
    delays
        Whether links with a delay may go anywhere.
    """
    # Hypothesis leans to the least; what is to be tried needs layers upon layers.
    count = draw(st.sampled_from([2, 3, 4, 4, 5, 5]))
    sizes = [draw(st.sampled_from([1, 2, 2, 2, 3])) for _ in range(count)]
    names = draw(layer_names(count)) if named else [f"layer{k}" for k in range(count)]
    # The first layer is an input layer; so may be others, but for the last.
    seldom = st.sampled_from([False, False, False, True])
    is_input = [k == 0 or (k < count - 1 and draw(seldom)) for k in range(count)]
    pairs = set()
    for target in range(count):
        if not is_input[target]:
            chosen = {source for source in range(target) if draw(st.booleans())}
            pairs |= {(source, target) for source in chosen or {target - 1}}
    for k in range(count - 1):
        if is_input[k] and not any(source == k for source, _ in pairs):
            pairs.add((k, count - 1))
    links = draw(
        st.permutations([draw(_links(names, sizes, *p)) for p in sorted(pairs)])
    )
    sending = {source for source, _ in pairs}
    # Something must be there to learn with: the last layer's biases, if nothing else.
    weighted = any(link.kind == "full" for link in links)
    biased = [draw(st.booleans()) for _ in range(count - 1)]
    biased.append(not weighted or draw(st.booleans()))
    layers = tuple(
        Layer(
            names[k],
            sizes[k],
            draw(st.sampled_from(hidden if k in sending else outputs)),
            bias=biased[k],
            units=draw(unit_names(sizes[k])) if named else (),
        )
        for k in range(count)
    )
    if delays:
        free = [
            Link(names[source], names[target], delay=1)
            for source in range(count)
            for target in range(count)
            if (source, target) not in pairs and not is_input[target]
        ]
        links += draw(st.lists(st.sampled_from(free), unique=True)) if free else []
    return Network(layers, tuple(links))


@st.composite
def _links(
    draw: st.DrawFn, names: list[str], sizes: list[int], source: int, target: int
) -> Link:
    if sizes[source] == sizes[target] and draw(st.sampled_from([False] * 3 + [True])):
        return Link(names[source], names[target], kind="identity")
    # Links of the same shape share a name of a tie, where they have one.
    tie = f"tie {'abc'[sizes[source] - 1]}{'abc'[sizes[target] - 1]}"
    return Link(names[source], names[target], tie=tie if draw(st.booleans()) else None)


def parameters_of(network: Network, seed: int, *leading: int) -> NDArray[np.float64]:
    """Give weights and biases of ordinary sizes."""
    shape = (*leading, network.n_parameters)
    return np.random.default_rng(seed).uniform(-1, 1, shape)


def cases_of(
    network: Network, seed: int, n_cases: int, *leading: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give inputs in (-1, 1) and desired outputs in (0, 1)."""
    generator = np.random.default_rng(seed + 1)
    inputs = generator.uniform(-1, 1, (*leading, n_cases, network.n_in))
    return inputs, generator.uniform(0, 1, (*leading, n_cases, network.n_out))


@st.composite
def drawn(
    draw: st.DrawFn, *, hidden: Sequence[str] = ANY, outputs: Sequence[str] = ANY
) -> Drawn:
    """Draw a network, its weights and its cases."""
    network = draw(networks(hidden=hidden, outputs=outputs))
    seed = draw(st.integers(0, 2**32 - 1))
    inputs, desired = cases_of(network, seed, draw(st.integers(1, 4)))
    return Drawn(network, parameters_of(network, seed), inputs, desired)
