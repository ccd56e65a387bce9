"""The written form of a network: what it means, and that it round-trips."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, strategies as st

from backsweep.errors import SpecError
from backsweep.network import Layer, Link, Network
from backsweep.notation import parse, written
from tests.strategies import AWKWARD, networks


@pytest.mark.slow
@given(networks(named=True, delays=True))
@example(Network.layered(2, 2, 2, 1, activation="tanh"))
def test_a_network_written_is_the_network_read(network):
    assert parse(written(network)) == network


@pytest.mark.parametrize("name", AWKWARD, ids=ascii)
def test_a_unit_may_have_any_name(name):
    network = Network(
        (Layer("a", 2, units=(name, "z")), Layer("b", 1)), (Link("a", "b"),)
    )
    assert parse(written(network)) == network


@given(st.lists(st.integers(1, 30), min_size=2, max_size=5))
def test_sizes_are_written_as_sizes(sizes):
    text = "-".join(map(str, sizes))
    assert parse(text) == Network.layered(*sizes)
    assert written(parse(text)) == text


def test_lines_say_everything():
    network = parse(
        """
        person 3 ["Colin", "James, the elder", "Ann"]
        person code 3 tanh no bias <- person (identity)

        context 3 <- person code (delay=1)
        output 1 softmax <- person code (tie=same), context (tie=same), person
        """
    )
    assert network == Network(
        (
            Layer("person", 3, units=("Colin", "James, the elder", "Ann")),
            Layer("person code", 3, "tanh", bias=False),
            Layer("context", 3),
            Layer("output", 1, "softmax"),
        ),
        (
            Link("person", "person code", kind="identity"),
            Link("person code", "context", delay=1),
            Link("person code", "output", tie="same"),
            Link("context", "output", tie="same"),
            Link("person", "output"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (" 2 - 2 - 1 ", "2-2-1"),
        ("input 2;hidden 2<-input;output 1<-hidden", "2-2-1"),
        ("a 2\nb 1 <- a", "a 2 ; b 1 logistic <- a;"),
        ("a 2; b 1 <- a ( tie = t , delay = 1 )", "a 2; b 1 <- a (delay=1, tie=t)"),
        ("a 1; b 1 <- a (delay=0)", "a 1; b 1 <- a"),
        ("a 2 [1, 2]; b 1 <- a", 'a 2 ["1", "2"]; b 1 <- a'),
        ("a 2 tanh no bias; b 1 <- a", "a 2; b 1 <- a"),
    ],
)
def test_there_are_several_ways_to_write_it(text, same):
    assert parse(text) == parse(same)


HINT = "\nhint: write '6-2-1', or lines such as 'hidden 2 logistic <- input'."
BEGIN = "must begin with a layer's name and its size, got"
OPTION = "line 2 must give a link options among 'delay=1', 'identity', 'tie=NAME', got"
SOURCES = "line 2 must name layers after '<-', commas between them, got"
NO_NETWORK = "a network must have layers and a link between them, got"
WHOLE = "must have a whole number of units, at least 1, got"
REFUSED = {
    "": f"{NO_NETWORK} ''.{HINT}",
    "a 2; b 2": f"{NO_NETWORK} 'a 2; b 2'.{HINT}",
    "6": f"line 1 {BEGIN} '6'.{HINT}",
    "a 2; hidden": f"line 2 {BEGIN} 'hidden'.{HINT}",
    "a 2\n\n<- a": f"line 3 {BEGIN} '<- a'.{HINT}",
    "a 2; b 1 <-": f"line 2 must name a layer after '<-', got 'b 1 <-'.{HINT}",
    "a 2; b 1 <- a,": f"{SOURCES} ''.\nhint: options stand in brackets behind a layer",
    "a 2; b 1 <- (a": f"{SOURCES} '(a'.",
    "a 2; b 1 <- a (dealy=1)": f"{OPTION} 'dealy=1'.",
    "a 2; b 1 <- a (tie=)": f"{OPTION} 'tie='.",
    "a 2; b 1 <- a (full=2)": f"{OPTION} 'full=2'.",
    "a 2; b 1 <- a (delay=-1)": f"{OPTION} 'delay=-1'.",
    "a 2; b 1 <- a (delay=7)": "the link b <- a must have delay 0 or 1, got 7.",
    "a 2 [x, ]; b 1 <- a": "line 1 must give each unit a name, got [x, ].",
    'a 2 ["", "x"]; b 1 <- a': 'line 1 must give each unit a name, got ["", "x"].',
    "a 2 [x]; b 1 <- a": "must have as many unit names as units, 2, got 1.",
    "a 2; b 1 tahn <- a": "layer 'b' must have a known activation, got 'tahn'.",
    "a 2; b 1 <- A": "the link b <- A names a layer 'A' that does not exist.",
    "2-0-1": f"layer 'hidden' {WHOLE} 0.",
    "a -2; b 1 <- a": f"layer 'a' {WHOLE} -2.",
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_what_is_no_network_is_refused(text, said):
    with pytest.raises(SpecError, match=re.escape(said)):
        parse(text)


@given(st.text(alphabet='ab12 -<,;[]()"\\=\n', max_size=30))
def test_any_text_is_a_network_or_a_spec_error(text):
    try:
        network = parse(text)
    except SpecError:
        return
    assert parse(written(network)) == network
