"""The written form of a network: "6-2-1", or a line a layer; parses and prints.

A line reads ``name size [unit names] activation no bias <- source, source (options)``:

    input 2
    hidden 1 tanh <- input
    output 1 <- input, hidden

Activation and `no bias` may be left out; a layer without ``<-`` is an input layer. A
semicolon ends a line as well as a line break does. Options of a link, in brackets
behind its source: ``tie=NAME``, ``delay=1``, ``identity``.
"""

from __future__ import annotations

import json
import re
from typing import Final

from backsweep.errors import SpecError
from backsweep.network import KINDS, NAME, Layer, Link, Network

__all__ = ["parse", "written"]

SIZES: Final = re.compile(r"\d+(?:\s*-\s*\d+)+")
UNITS: Final = re.compile(r'\[(?:[^\[\]"]|"(?:[^"\\]|\\.)*")*\]')
HEAD: Final = re.compile(
    rf"(?P<name>{NAME.pattern})\s+(?P<size>-?\d+)(?P<rest>\s.*)?", re.DOTALL
)
SOURCE: Final = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<options>[^()]*)\))?")
EXAMPLE: Final = "write '6-2-1', or lines such as 'hidden 2 logistic <- input'."


def parse(text: str) -> Network:
    """Read a network from its written form.

    Parameters
    ----------
    text
        Sizes joined by hyphens, or a line for each layer, bottom to top.

    Raises
    ------
    SpecError
        If the text is not a network; names the line.

    Examples
    --------
    >>> parse("2-2-1") == Network.layered(2, 2, 1)
    True
    >>> parse("input 2; hidden 1 <- input; output 1 <- hidden, input").n_parameters
    7
    """
    stripped = text.strip()
    if SIZES.fullmatch(stripped):
        return Network.layered(*(int(size) for size in stripped.split("-")))
    units: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        units.append(found.group())
        return f"[{len(units) - 1}]"

    # Unit names may hold any character, line ends and brackets too: they are put
    # aside before the text is cut into lines.
    lines = re.split(r"[\n;]", UNITS.sub(put_aside, stripped))
    layers: list[Layer] = []
    links: list[Link] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            layer, incoming = _line(number, line.strip(), units)
            layers.append(layer)
            links.extend(incoming)
    if not links:
        raise SpecError(
            f"a network must have layers and a link between them, got {text!r}.",
            hint=EXAMPLE,
        )
    return Network(tuple(layers), tuple(links))


def _line(number: int, line: str, units: list[str]) -> tuple[Layer, list[Link]]:
    head, arrow, tail = (part.strip() for part in line.partition("<-"))
    found = HEAD.fullmatch(head)
    if found is None:
        raise SpecError(
            f"line {number} must begin with a layer's name and its size, got {line!r}.",
            hint=EXAMPLE,
        )
    layer = _layer(number, found, units)
    if arrow and not tail:
        raise SpecError(
            f"line {number} must name a layer after '<-', got {line!r}.", hint=EXAMPLE
        )
    sources = re.split(r",(?![^(]*\))", tail) if tail else []
    return layer, [_link(number, source.strip(), layer.name) for source in sources]


def _layer(number: int, found: re.Match[str], units: list[str]) -> Layer:
    rest = (found["rest"] or "").strip()
    names: list[str] = []
    aside = re.match(r"\[(\d+)\]\s*", rest)
    if aside:
        names = _unit_names(number, units[int(aside[1])])
        rest = rest[aside.end() :]
    bias = not rest.endswith("no bias")
    activation = rest.removesuffix("no bias").strip() or "logistic"
    return Layer(
        found["name"].strip(),
        int(found["size"]),
        activation,
        bias=bias,
        units=tuple(names),
    )


def _unit_names(number: int, text: str) -> list[str]:
    try:
        names = [str(name) for name in json.loads(text)]
    except json.JSONDecodeError:
        if '"' in text:
            raise SpecError(
                f"line {number} must quote all unit names or none, got {text}."
            ) from None
        names = [name.strip() for name in text[1:-1].split(",")]
    if not all(names):
        raise SpecError(f"line {number} must give each unit a name, got {text}.")
    return names


def _link(number: int, text: str, target: str) -> Link:
    found = SOURCE.fullmatch(text)
    if found is None:
        raise SpecError(
            f"line {number} must name layers after '<-', commas between them, got "
            f"{text!r}.",
            hint="options stand in brackets behind a layer, as in 'hidden (delay=1)'.",
        )
    tie: str | None = None
    delay = 0
    kind = "full"
    for option in filter(None, re.split(r"\s*,\s*", (found["options"] or "").strip())):
        key, _, value = (part.strip() for part in option.partition("="))
        if key == "tie" and value:
            tie = value
        elif key == "delay" and value.isdecimal():
            delay = int(value)
        elif key in KINDS and not value:
            kind = key
        else:
            raise SpecError(
                f"line {number} must give a link options among 'delay=1', 'identity', "
                f"'tie=NAME', got {option!r}."
            )
    return Link(found["name"].strip(), target, tie=tie, delay=delay, kind=kind)


def written(network: Network) -> str:
    """Write a network so that `parse` gives it back.

    Examples
    --------
    >>> written(Network.layered(6, 2, 1))
    '6-2-1'
    >>> print(written(parse("input 2; output 1 tanh <- input")))
    input 2
    output 1 tanh <- input
    """
    sizes = tuple(layer.size for layer in network.layers)
    if len(sizes) > 1 and network == Network.layered(*sizes):
        return "-".join(map(str, sizes))
    return "\n".join(_written_layer(network, layer) for layer in network.layers)


def _written_layer(network: Network, layer: Layer) -> str:
    incoming = network.incoming(layer.name)
    words = [layer.name, str(layer.size)]
    if layer.units:
        words.append(json.dumps(layer.units, ensure_ascii=False))
    if incoming and layer.activation != "logistic":
        words.append(layer.activation)
    if incoming and not layer.bias:
        words.append("no bias")
    if incoming:
        words += ["<-", ", ".join(map(_written_link, incoming))]
    return " ".join(words)


def _written_link(link: Link) -> str:
    options = [f"tie={link.tie}"] if link.tie else []
    options += [f"delay={link.delay}"] if link.delay else []
    options += [link.kind] if link.kind != "full" else []
    return f"{link.source} ({', '.join(options)})" if options else link.source
