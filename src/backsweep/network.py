"""The network: layers, links, and where each weight stands in the flat vector.

Frozen values that say what is connected to what. No numbers are learned here and
none are computed; `notation` holds the written form.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backsweep.activations import ACTIVATIONS
from backsweep.door import as_whole
from backsweep.errors import DirectionError, ShapeError, SpecError, closest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "NAME", "Block", "Layer", "Link", "Network", "Step"]

Array = Any  # of any library, with any leading axes

MOST_UNITS: Final = 1_000_000  # a slip of the finger lies beyond
NAME: Final = re.compile(r"[^\W\d][\w']*(?: [^\W\d][\w']*)*")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a link does between its layers; `weighted` links have a weight per pair."""

    name: str
    weighted: bool
    needs_equal_sizes: bool


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("full", weighted=True, needs_equal_sizes=False),
        Kind("identity", weighted=False, needs_equal_sizes=True),
    )
}


@dataclass(frozen=True, slots=True)
class Layer:
    """A named group of units that are set in parallel.

    Parameters
    ----------
    name
        Words that begin with a letter: "hidden", "person code".
    size
        Number of units, at least 1.
    activation
        An entry of `backsweep.activations.ACTIVATIONS`. Of no account in an input
        layer, whose outputs are given.
    bias
        Whether each unit has a weight from an extra unit that is always 1.
    units
        Names of the units, `size` of them, or none.

    Examples
    --------
    >>> Layer("hidden", 2)
    Layer('hidden', 2)
    """

    name: str
    size: int
    activation: str = "logistic"
    bias: bool = True
    units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise SpecError(
                "a layer's name must be words that begin with a letter, got "
                f"{self.name!r}.",
                hint="for instance 'hidden' or 'person code'.",
            )
        size = as_whole(self.size)
        if size is not None and size > MOST_UNITS:
            raise SpecError(
                f"layer {self.name!r} must have at most {MOST_UNITS:,} units, got "
                f"{size:,}."
            )
        if size is None or size < 1:
            raise SpecError(
                f"layer {self.name!r} must have a whole number of units, at least 1, "
                f"got {self.size!r}."
            )
        object.__setattr__(self, "size", size)
        if self.activation not in ACTIVATIONS:
            raise SpecError(
                f"layer {self.name!r} must have a known activation, got "
                f"{self.activation!r}.",
                hint=closest(self.activation, ACTIVATIONS),
            )
        object.__setattr__(self, "units", tuple(self.units))
        if self.units and len(self.units) != self.size:
            raise SpecError(
                f"layer {self.name!r} must have as many unit names as units, "
                f"{self.size}, got {len(self.units)}."
            )
        repeated = [unit for unit, count in Counter(self.units).items() if count > 1]
        if repeated:
            raise SpecError(
                f"the units of layer {self.name!r} must have distinct names, got "
                f"{repeated[0]!r} more than once."
            )

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Names of the units: those given, else 1, 2, 3 and so on."""
        return self.units or tuple(str(number + 1) for number in range(self.size))

    def __repr__(self) -> str:
        settings = [repr(self.name), repr(self.size)]
        if self.activation != "logistic":
            settings.append(f"activation={self.activation!r}")
        if not self.bias:
            settings.append("bias=False")
        if self.units:
            settings.append(f"units={self.units!r}")
        return f"Layer({', '.join(settings)})"


@dataclass(frozen=True, slots=True)
class Link:
    """All connections from one layer to another.

    Parameters
    ----------
    source, target
        Names of the sending and the receiving layer.
    tie
        Links with the same tie, which must have the same shape, share their weights.
    delay
        Time steps that a signal takes; 0 but in an iterative network.
    kind
        "full": a weight per pair of units; "identity": one to one, no weights.

    Examples
    --------
    >>> Link("input", "hidden", tie="same")
    Link('input', 'hidden', tie='same')
    """

    source: str
    target: str
    tie: str | None = None
    delay: int = 0
    kind: str = "full"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SpecError(
                f"the link {self} must be of a known kind, got {self.kind!r}.",
                hint=closest(self.kind, KINDS),
            )
        if isinstance(self.delay, bool) or self.delay not in (0, 1):
            raise SpecError(
                f"the link {self} must have delay 0 or 1, got {self.delay!r}."
            )
        if self.tie is not None and not NAME.fullmatch(self.tie):
            raise SpecError(
                "a tie's name must be words that begin with a letter, got "
                f"{self.tie!r}."
            )
        if self.tie is not None and not KINDS[self.kind].weighted:
            raise SpecError(
                f"the link {self} has no weights to tie, but got tie={self.tie!r}.",
                hint="leave the tie out, or make the link full.",
            )

    def __str__(self) -> str:
        return f"{self.target} <- {self.source}"

    def __repr__(self) -> str:
        settings = [repr(self.source), repr(self.target)]
        if self.tie is not None:
            settings.append(f"tie={self.tie!r}")
        if self.delay:
            settings.append(f"delay={self.delay!r}")
        if self.kind != "full":
            settings.append(f"kind={self.kind!r}")
        return f"Link({', '.join(settings)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One matrix of weights or one vector of biases in the flat vector.

    Parameters
    ----------
    layer
        The receiving layer.
    source
        The sending layer, or None for biases.
    start, stop
        Where the block stands in the vector of parameters.
    shape
        (n_to, n_from) for weights, (n_to,) for biases.
    tie
        The name under which other links share it.
    """

    layer: str
    source: str | None
    start: int
    stop: int
    shape: tuple[int, ...]
    tie: str | None = None


class Step(NamedTuple):
    """A layer on the way up: what it hears, by weights that start where; its biases."""

    layer: Layer
    sources: tuple[tuple[str, int | None], ...]
    biases: int | None


@dataclass(frozen=True)
class Network:
    """What is connected to what: layers from bottom to top, and their links.

    Parameters
    ----------
    layers
        From bottom to top. A layer that no link enters is an input layer; one that
        no link leaves is an output layer.
    links
        Upward, and free to skip layers; within a layer or downward only with
        `delay=1`.

    Notes
    -----
    All parameters are one flat vector: for each layer in order, for each incoming
    link in order its matrix row by row, then the layer's biases. Tied links share
    the place of the first of them.

    Examples
    --------
    >>> network = Network.layered(6, 2, 1)
    >>> network.n_parameters
    17
    >>> [block.shape for block in network.blocks]
    [(2, 6), (2,), (1, 2), (1,)]
    """

    layers: tuple[Layer, ...]
    links: tuple[Link, ...]
    # The blocks are derived, and equal whenever layers and links are.
    blocks: tuple[Block, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        _check_layers(self.layers)
        _check_links(self.layers, tuple(self.links))
        order = {layer.name: place for place, layer in enumerate(self.layers)}
        links = sorted(self.links, key=lambda link: order[link.target])
        object.__setattr__(self, "links", tuple(links))
        entered = {link.target for link in self.links}
        layers = tuple(
            layer
            if layer.name in entered
            else replace(layer, activation="linear", bias=False)
            for layer in self.layers
        )
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "blocks", tuple(_blocks(layers, self.links)))
        if not self.blocks:
            raise SpecError(
                "a network must have at least one weight or bias, got none.",
                hint="make a link full, or give a layer biases.",
            )

    @classmethod
    def layered(
        cls, *sizes: int, activation: str = "logistic", output: str | None = None
    ) -> Network:
        """Stack layers, each fully connected to the next: what "6-2-1" means.

        Parameters
        ----------
        *sizes
            Units of each layer, bottom to top; at least two layers.
        activation
            Of the hidden layers, and of the output layer unless `output` says else.
        output
            Activation of the output layer.
        """
        if len(sizes) < 2:
            raise SpecError(
                "a layered network must have an input and an output layer, got "
                f"{len(sizes)}.",
                hint="for instance '6-2-1'.",
            )
        hidden = len(sizes) - 2
        names = (
            "input",
            *(
                ("hidden",)
                if hidden == 1
                else (f"hidden{k + 1}" for k in range(hidden))
            ),
            "output",
        )
        kinds = [activation] * (len(sizes) - 1) + [output or activation]
        layers = map(Layer, names, sizes, kinds)
        links = map(Link, names[:-1], names[1:])
        return cls(tuple(layers), tuple(links))

    @cached_property
    def _by_name(self) -> dict[str, Layer]:
        return {layer.name: layer for layer in self.layers}

    def __getitem__(self, name: str) -> Layer:
        """Give the layer of that name."""
        try:
            return self._by_name[name]
        except KeyError:
            raise SpecError(
                f"the network has no layer {name!r}.", hint=closest(name, self._by_name)
            ) from None

    @cached_property
    def inputs(self) -> tuple[Layer, ...]:
        """The layers that no link enters: their outputs are given with each case."""
        entered = {link.target for link in self.links}
        return tuple(layer for layer in self.layers if layer.name not in entered)

    @cached_property
    def outputs(self) -> tuple[Layer, ...]:
        """The layers that no link leaves: their outputs have desired values."""
        left = {link.source for link in self.links if not link.delay}
        inputs = {layer.name for layer in self.inputs}
        return tuple(layer for layer in self.layers if layer.name not in left | inputs)

    @cached_property
    def hidden(self) -> tuple[Layer, ...]:
        """The layers between: what nobody designed."""
        edge = {layer.name for layer in self.inputs + self.outputs}
        return tuple(layer for layer in self.layers if layer.name not in edge)

    @cached_property
    def n_in(self) -> int:
        """Number of input units, over all input layers."""
        return sum(layer.size for layer in self.inputs)

    @cached_property
    def n_out(self) -> int:
        """Number of output units, over all output layers."""
        return sum(layer.size for layer in self.outputs)

    @cached_property
    def n_parameters(self) -> int:
        """Number of weights and biases, tied ones counted once."""
        return max((block.stop for block in self.blocks), default=0)

    def incoming(self, layer: str) -> tuple[Link, ...]:
        """Links that enter a layer, in the order of the description."""
        return tuple(link for link in self.links if link.target == layer)

    def outgoing(self, layer: str) -> tuple[Link, ...]:
        """Links that leave a layer, in the order of the description."""
        return tuple(link for link in self.links if link.source == layer)

    @cached_property
    def is_iterative(self) -> bool:
        """Whether links have delays, so that the network runs in time."""
        return any(link.delay for link in self.links)

    @cached_property
    def upward(self) -> tuple[Step, ...]:
        """The way of the signal: the layers above the inputs, bottom to top."""
        return tuple(
            Step(
                layer,
                tuple(
                    (link.source, self._start(link))
                    for link in self.incoming(layer.name)
                    if not link.delay
                ),
                self._start(layer.name),
            )
            for layer in self.layers
            if layer not in self.inputs
        )

    @cached_property
    def downward(self) -> Mapping[str, tuple[tuple[str, int | None], ...]]:
        """The way of the blame: for each layer who hears from it, by which weights."""
        return {
            layer.name: tuple(
                (link.target, self._start(link))
                for link in self.outgoing(layer.name)
                if not link.delay
            )
            for layer in self.layers
        }

    def _start(self, what: Link | str) -> int | None:
        block = self.block(what)
        return None if block is None else block.start

    @cached_property
    def _places(self) -> dict[Link | str, Block]:
        weights = {(block.layer, block.source): block for block in self.blocks}
        ties = {block.tie: block for block in self.blocks if block.tie is not None}
        places: dict[Link | str, Block] = {
            link: ties[link.tie] if link.tie else weights[link.target, link.source]
            for link in self.links
            if KINDS[link.kind].weighted
        }
        places |= {
            layer.name: weights[layer.name, None] for layer in self.layers if layer.bias
        }
        return places

    def block(self, what: Link | str) -> Block | None:
        """Where a link's weights or, by its name, a layer's biases stand.

        None for a link without weights and for a layer without biases.
        """
        return self._places.get(what)

    def weights(self, parameters: Array, link: Link) -> Array:
        """View a link's weights in the flat vector.

        Parameters
        ----------
        parameters : ndarray of shape (..., n_parameters)
            The flat vector, or many of them.
        link
            A link of this network that has weights.

        Returns
        -------
        ndarray of shape (..., n_to, n_from)
            `w[j, i]` is the weight into unit j from unit i.
        """
        return self._view(parameters, self._places[link])

    def biases(self, parameters: Array, layer: str) -> Array:
        """View a layer's biases in the flat vector: shape (..., n_to)."""
        return self._view(parameters, self._places[layer])

    def _view(self, parameters: Array, block: Block) -> Array:
        part = parameters[..., block.start : block.stop]
        return part.reshape((*parameters.shape[:-1], *block.shape))

    def views(self, parameters: Array) -> dict[int, Array]:
        """View every block of weights and biases, by where it starts.

        Parameters
        ----------
        parameters : ndarray of shape (..., n_parameters)
            The flat vector, or many of them.

        Returns
        -------
        dict of ndarrays
            Of shape (..., n_to, n_from) for weights, (..., 1, n_to) for biases, so
            that they add to every case.
        """
        self.check_parameters(parameters)
        return {
            block.start: self._view(parameters, block)
            if block.source is not None
            else self._view(parameters, block)[..., None, :]
            for block in self.blocks
        }

    def check_parameters(self, parameters: Array) -> None:
        """Raise ShapeError unless the last axis holds this network's parameters."""
        if parameters.shape[-1:] != (self.n_parameters,):
            raise ShapeError(
                f"`parameters` must have {self.n_parameters} numbers on the last axis, "
                f"as the network has, got shape {tuple(parameters.shape)}."
            )


def _check_layers(layers: tuple[Layer, ...]) -> None:
    repeated = [
        name for name, n in Counter(layer.name for layer in layers).items() if n > 1
    ]
    if repeated:
        raise SpecError(
            f"layers must have distinct names, got {repeated[0]!r} more than once."
        )


def _check_links(layers: tuple[Layer, ...], links: tuple[Link, ...]) -> None:
    order = {layer.name: place for place, layer in enumerate(layers)}
    sizes = {layer.name: layer.size for layer in layers}
    for link in links:
        for name in (link.source, link.target):
            if name not in order:
                raise SpecError(
                    f"the link {link} names a layer {name!r} that does not exist.",
                    hint=closest(name, order),
                )
        if (
            KINDS[link.kind].needs_equal_sizes
            and sizes[link.source] != sizes[link.target]
        ):
            raise SpecError(
                f"the {link.kind} link {link} must join layers of the same size, "
                f"got {sizes[link.source]} and {sizes[link.target]} units."
            )
        if link.delay == 0 and order[link.source] >= order[link.target]:
            where = (
                "within a layer"
                if link.source == link.target
                else f"downward, from {link.source!r} to {link.target!r}"
            )
            raise DirectionError(
                f"a link must go upward, got {link}, which goes {where}.",
                hint="layers stand bottom to top; give it delay=1 to make the network "
                "iterative.",
            )
    repeated = [
        pair
        for pair, n in Counter((k.source, k.target) for k in links).items()
        if n > 1
    ]
    if repeated:
        source, target = repeated[0]
        raise SpecError(
            f"one link must join two layers, got {target} <- {source} twice."
        )
    _check_ties(sizes, links)
    _check_reach(layers, links)


def _check_ties(sizes: dict[str, int], links: tuple[Link, ...]) -> None:
    first: dict[str, Link] = {}
    for link in links:
        if link.tie is None:
            continue
        other = first.setdefault(link.tie, link)
        shapes = [(sizes[one.target], sizes[one.source]) for one in (other, link)]
        if shapes[0] != shapes[1]:
            raise SpecError(
                f"links tied as {link.tie!r} must have the same shape, "
                f"got {shapes[0]} for {other} and {shapes[1]} for {link}."
            )


def _check_reach(layers: tuple[Layer, ...], links: tuple[Link, ...]) -> None:
    """Every layer must hear from an input layer, through links of any delay."""
    touched = {name for link in links for name in (link.source, link.target)}
    entered = {link.target for link in links}
    for layer in layers:
        if layer.name not in touched:
            raise SpecError(
                f"layer {layer.name!r} is reached by no link and reaches no other "
                "layer.",
                hint=f"write what it hears from, as in '{layer.name} {layer.size} <- "
                f"{layers[0].name}', or leave it out.",
            )
    reached = {layer.name for layer in layers if layer.name not in entered}
    grew = True
    while grew:
        new = {link.target for link in links if link.source in reached} - reached
        reached |= new
        grew = bool(new)
    for layer in layers:
        if layer.name not in reached:
            raise SpecError(
                f"layer {layer.name!r} is reached from no input layer.",
                hint="follow its links downward: they must end in a layer that no "
                "link enters.",
            )


def _blocks(layers: tuple[Layer, ...], links: tuple[Link, ...]) -> list[Block]:
    sizes = {layer.name: layer.size for layer in layers}
    blocks: list[Block] = []
    ties: set[str] = set()
    start = 0

    def add(
        layer: Layer, source: str | None, shape: tuple[int, ...], tie: str | None
    ) -> None:
        nonlocal start
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        blocks.append(
            Block(
                layer=layer.name,
                source=source,
                start=start,
                stop=start + count,
                shape=shape,
                tie=tie,
            )
        )
        start += count

    for layer in layers:
        for link in links:
            if link.target != layer.name or not KINDS[link.kind].weighted:
                continue
            if link.tie is None or link.tie not in ties:
                add(layer, link.source, (layer.size, sizes[link.source]), link.tie)
            if link.tie is not None:
                ties.add(link.tie)
        if layer.bias:
            add(layer, None, (layer.size,), None)
    return blocks
