"""Networks: what is connected to what, and where each weight stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from backsweep.errors import ShapeError, SpecError
from backsweep.network import KINDS, Layer, Link, Network
from tests.strategies import networks, parameters_of

HALF: Any = 1.5
ABC = (Layer("a", 2), Layer("b", 2), Layer("c", 1))


def test_layered_is_full_links_from_layer_to_layer():
    network = Network.layered(6, 2, 1)
    assert [layer.name for layer in network.layers] == ["input", "hidden", "output"]
    assert network.links == (Link("input", "hidden"), Link("hidden", "output"))
    assert (network.n_in, network.n_out, network.n_parameters) == (6, 1, 17)
    assert [layer.name for layer in network.hidden] == ["hidden"]


def test_layered_numbers_its_hidden_layers():
    names = [layer.name for layer in Network.layered(2, 3, 3, 1).layers]
    assert names == ["input", "hidden1", "hidden2", "output"]


def test_layered_takes_activations():
    network = Network.layered(2, 2, 2, activation="tanh", output="softmax")
    kinds = [layer.activation for layer in network.layers]
    assert kinds == ["linear", "tanh", "softmax"]
    assert Network.layered(2, 2, activation="tanh")["output"].activation == "tanh"


def test_an_input_layer_neither_activates_nor_has_biases():
    plain = Network((Layer("a", 2), Layer("b", 1)), (Link("a", "b"),))
    other = Network(
        (Layer("a", 2, activation="tanh", bias=False), Layer("b", 1)), (Link("a", "b"),)
    )
    assert plain == other
    assert plain.n_parameters == 3


def test_the_order_of_the_parameters():
    """For each layer its links' matrices row by row in order, then its biases."""
    network = Network(
        ABC, (Link("a", "b"), Link("b", "c"), Link("a", "c"))
    )  # fmt: skip
    order = [
        (block.layer, block.source, block.start, block.stop) for block in network.blocks
    ]
    assert order == [
        ("b", "a", 0, 4),
        ("b", None, 4, 6),
        ("c", "b", 6, 8),
        ("c", "a", 8, 10),
        ("c", None, 10, 11),
    ]
    parameters = np.arange(11.0)
    assert network.weights(parameters, Link("a", "b")).tolist() == [[0, 1], [2, 3]]
    assert network.biases(parameters, "b").tolist() == [4, 5]
    assert network.weights(parameters, Link("a", "c")).tolist() == [[8, 9]]


def test_tied_links_share_the_place_of_the_first():
    network = Network(
        (*ABC[:2], Layer("c", 2)), (Link("a", "b", tie="t"), Link("b", "c", tie="t"))
    )
    assert network.n_parameters == 4 + 2 + 2
    first, second = (network.block(link) for link in network.links)
    assert first == second
    assert first is not None
    assert (first.start, first.stop, first.tie) == (0, 4, "t")


def test_a_link_without_weights_has_no_place():
    network = Network(ABC[:2], (Link("a", "b", kind="identity"),))
    assert network.block(network.links[0]) is None
    assert network.block("a") is None
    assert network.n_parameters == 2


def test_ends_are_where_no_link_enters_or_leaves():
    network = Network(
        (Layer("i", 1), Layer("j", 2), Layer("h", 3), Layer("o", 4), Layer("p", 5)),
        (Link("i", "h"), Link("j", "o"), Link("h", "p")),
    )
    assert [layer.name for layer in network.inputs] == ["i", "j"]
    assert [layer.name for layer in network.outputs] == ["o", "p"]
    assert [layer.name for layer in network.hidden] == ["h"]
    assert (network.n_in, network.n_out) == (3, 9)


def test_a_delayed_link_leaves_a_layer_an_output():
    network = Network(
        (Layer("i", 1), Layer("o", 2)), (Link("i", "o"), Link("o", "o", delay=1))
    )
    assert [layer.name for layer in network.outputs] == ["o"]
    assert network.n_parameters == 2 + 4 + 2


@given(networks())
def test_the_blocks_fill_the_vector_without_gap_or_overlap(network):
    ends = [0]
    for block in network.blocks:
        assert block.start == ends[-1]
        assert block.stop - block.start == np.prod(block.shape)
        ends.append(block.stop)
    assert ends[-1] == network.n_parameters


@given(networks(), st.lists(st.integers(1, 3), max_size=2))
def test_views_are_the_vector_itself(network, leading):
    parameters = parameters_of(network, 1, *leading)
    views = network.views(parameters)
    for block in network.blocks:
        part = parameters[..., block.start : block.stop]
        shape = (*leading, *(block.shape if block.source else (1, *block.shape)))
        assert views[block.start].shape == shape
        np.testing.assert_array_equal(views[block.start], part.reshape(shape))
        assert np.shares_memory(views[block.start], parameters)


@given(networks())
def test_every_layer_knows_its_links(network):
    for layer in network.layers:
        assert all(link.target == layer.name for link in network.incoming(layer.name))
        assert all(link.source == layer.name for link in network.outgoing(layer.name))
        assert network[layer.name] is layer
    entering = [
        link for layer in network.layers for link in network.incoming(layer.name)
    ]
    assert sorted(entering, key=str) == sorted(network.links, key=str)


@pytest.mark.slow
@settings(max_examples=50)
@given(networks(named=True, delays=True))
def test_the_repr_builds_it_again(network):
    words = {"Network": Network, "Layer": Layer, "Link": Link}
    assert eval(repr(network), words) == network
    assert hash(eval(repr(network), words)) == hash(network)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_each_kind_of_link_has_a_block_if_it_has_weights(kind):
    network = Network(ABC[:2], (Link("a", "b", kind=kind.name),))
    assert (network.block(network.links[0]) is not None) == kind.weighted


def test_unit_names_are_numbers_unless_given():
    assert Layer("a", 3).unit_names == ("1", "2", "3")
    assert Layer("a", 2, units=("x", "y")).unit_names == ("x", "y")


def of_layers(*layers):
    def make():
        return Network(layers, (Link("a", "b"),))

    return make


def of_links(*links, layers=ABC):
    def make():
        return Network(layers, links)

    return make


REFUSED = {
    "layer without a name": (
        lambda: Layer("", 1),
        (
            r"a layer's name must be words that begin with a letter, got ''\.\n"
            r"hint: for instance 'hidden' or 'person code'\."
        ),
    ),
    "layer with a number for a name": (lambda: Layer("2b", 1), r"a letter, got '2b'\."),
    "layer with a line end": (lambda: Layer("a\n", 1), r"a letter, got 'a\\n'\."),
    "layer with two spaces": (lambda: Layer("a  b", 1), r"a letter, got 'a  b'\."),
    "no units": (
        lambda: Layer("a", 0),
        r"layer 'a' must have a whole number of units, at least 1, got 0\.",
    ),
    "half a unit": (lambda: Layer("a", HALF), r"at least 1, got 1\.5\."),
    "a true unit": (lambda: Layer("a", True), r"at least 1, got True\."),
    "activation": (
        lambda: Layer("a", 1, "tahn"),
        (
            r"layer 'a' must have a known activation, got 'tahn'\.\n"
            r"hint: did you mean 'tanh'\? There are 'linear', 'logistic', 'relu'"
        ),
    ),
    "too few unit names": (
        lambda: Layer("a", 2, units=("x",)),
        r"layer 'a' must have as many unit names as units, 2, got 1\.",
    ),
    "two units of one name": (
        lambda: Layer("a", 2, units=("x", "x")),
        r"the units of layer 'a' must have distinct names, got 'x' more than once\.",
    ),
    "kind": (
        lambda: Link("a", "b", kind="ful"),
        (
            r"the link b <- a must be of a known kind, got 'ful'\.\n"
            r"hint: did you mean 'full'\? There are 'full', 'identity'\."
        ),
    ),
    "delay of two": (
        lambda: Link("a", "b", delay=2),
        r"the link b <- a must have delay 0 or 1, got 2\.",
    ),
    "delay of True": (lambda: Link("a", "b", delay=True), r"0 or 1, got True\."),
    "tie's name": (
        lambda: Link("a", "b", tie="1"),
        r"a tie's name must be words that begin with a letter, got '1'\.",
    ),
    "nothing to tie": (
        lambda: Link("a", "b", tie="t", kind="identity"),
        (
            r"the link b <- a has no weights to tie, but got tie='t'\.\n"
            r"hint: leave the tie out, or make the link full\."
        ),
    ),
    "one layer": (
        lambda: Network.layered(3),
        (
            r"must have an input and an output layer, got 1\.\n"
            r"hint: for instance '6-2-1'\."
        ),
    ),
    "two layers of one name": (
        of_layers(Layer("a", 1), Layer("a", 1)),
        r"layers must have distinct names, got 'a' more than once\.",
    ),
    "link from nowhere": (
        of_links(Link("x", "b")),
        (
            r"the link b <- x names a layer 'x' that does not exist\.\n"
            r"hint: there are 'a', 'b', 'c'\."
        ),
    ),
    "link to nowhere": (of_links(Link("a", "x")), r"the link x <- a names a layer 'x'"),
    "identity of unequal sizes": (
        of_links(Link("b", "c", kind="identity")),
        r"the identity link c <- b must join layers of the same size, got 2 and 1",
    ),
    "downward": (
        of_links(Link("b", "a")),
        (
            r"a link must go upward, got a <- b, "
            r"which goes downward, from 'b' to 'a'\.\n"
            r"hint: layers stand bottom to top; give it delay=1"
        ),
    ),
    "within a layer": (
        of_links(Link("b", "b")),
        r"a link must go upward, got b <- b, which goes within a layer\.\nhint: ",
    ),
    "twice": (
        of_links(Link("a", "b"), Link("a", "b", tie="t")),
        r"one link must join two layers, got b <- a twice\.",
    ),
    "tie of unequal shapes": (
        of_links(Link("a", "b", tie="t"), Link("b", "c", tie="t")),
        (
            r"links tied as 't' must have the same shape, "
            r"got \(2, 2\) for b <- a and \(1, 2\) for c <- b\."
        ),
    ),
    "layer apart": (
        of_links(Link("a", "b")),
        (
            r"layer 'c' is reached by no link and reaches no other layer\.\n"
            r"hint: write what it hears from, as in 'c 1 <- a', or leave it out\."
        ),
    ),
    "reached from itself only": (
        of_links(Link("a", "b"), Link("c", "c", delay=1)),
        (
            r"layer 'c' is reached from no input layer\.\n"
            r"hint: follow its links downward: they must end in a layer that no link"
        ),
    ),
    "nothing to learn with": (
        lambda: Network(
            (Layer("a", 1), Layer("b", 1, bias=False)),
            (Link("a", "b", kind="identity"),),
        ),
        (
            r"must have at least one weight or bias, got none\.\n"
            r"hint: make a link full, or give a layer biases\."
        ),
    ),
    "unknown layer": (
        lambda: Network.layered(2, 1)["ouput"],
        (
            r"the network has no layer 'ouput'\.\n"
            r"hint: did you mean 'output'\? There are 'input', 'output'\."
        ),
    ),
}


@pytest.mark.parametrize(("make", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_stand_is_refused(make, said):
    with pytest.raises(SpecError, match=said):
        make()


def test_parameters_of_the_wrong_number_are_refused():
    said = (
        r"`parameters` must have 9 numbers on the last axis, as the network has, "
        r"got shape \(5, 8\)\."
    )
    with pytest.raises(ShapeError, match=said):
        Network.layered(2, 2, 1).views(np.zeros((5, 8)))
