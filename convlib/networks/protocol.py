"""What a network asks of a layer, and the words for one that does not give it.

A layer is an object with two methods::

    layer(x)                y, whose first axis is that of x: the images
    layer.backward(dy, x)   (dx, gradients): dx like x, one gradient for each weight, by its name

and, where it has them, three more attributes::

    weights = {}                  its weights by name, arrays of floats; training puts in new ones
    weight_gradients(dy, x)       the gradients alone; else the second half of backward
    expect(x_shape)               a ValueError for axes in another order; else all is taken

Names that begin with w are penalised by l2. `convlib.networks.layers.Layer` brings the defaults.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from convlib.operands import Array, expect_shape


class LayerLike(Protocol):
    """What a layer needs: these two methods; all else has a default."""

    def __call__(self, x: Array, /) -> Array:
        """The output y."""

    def backward(self, dy: Array, x: Array, /) -> tuple[Any, dict[str, Array]]:
        """dx, and the gradients of the weights by their names."""


NEEDS = ("__call__(x), which gives y", "backward(dy, x), which gives (dx, {name: gradient})")


def own_weights(layer: Any) -> dict[str, Array]:
    """The weights of a layer by name; {} where it has none."""
    weights: dict[str, Array] = getattr(layer, "weights", {})
    return weights


@dataclass(frozen=True)
class Checked:
    """A layer at its place in a network: refuses by name what does not keep the protocol.

    Attributes
    ----------
    name : str
        network[number] and the layer, as an error message shows them.
    layer : object
        The layer.
    is_first : bool
        Whether nobody asks for its dx: then `backward` gives None for it.
    """

    name: str
    layer: Any
    is_first: bool = False

    def __call__(self, x: Array) -> Array:
        y = np.asarray(self._named(self.layer, x))
        if y.dtype == object and y.ndim == 0:
            raise TypeError(f"{self.name}: gives {y.item()!r} for x, not an array")
        return y

    def backward(self, dy: Array, x: Array) -> tuple[Any, dict[str, Array]]:
        """dx and the gradients of the weights; each has the shape of what it belongs to."""
        if self.is_first and hasattr(self.layer, "weight_gradients"):
            dx, own = None, self._named(self.layer.weight_gradients, dy, x)
        else:
            pair = self._named(self.layer.backward, dy, x)
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise TypeError(f"{self.name}: backward must return a pair (dx, gradients), "
                                f"not {_kind(pair)}; without weights return dx, {{}}")
            dx, own = None if self.is_first else np.asarray(pair[0]), pair[1]
        if dx is not None:
            expect_shape(f"{self.name}: dx", dx, x.shape, "its x")
        return dx, self._gradients(own)

    def _gradients(self, own: Any) -> dict[str, Array]:
        if not isinstance(own, dict):
            raise TypeError(f"{self.name}: the gradients of the weights must be a dictionary "
                            f"{{name: gradient}}, {{}} without weights, not {_kind(own)}")
        weights = own_weights(self.layer)
        if own.keys() != weights.keys():
            raise ValueError(f"{self.name}: backward gives gradients of {_list(own)}, "
                             f"but the layer has weights {_list(weights)}")
        found = {name: np.asarray(own[name]) for name in weights}
        for name, gradient in found.items():
            expect_shape(f"{self.name}: the gradient of {name}", gradient,
                         np.shape(weights[name]), name)
        return found

    def _named(self, method: Callable[..., Any], *arrays: Array) -> Any:
        try:
            return method(*arrays)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{self.name}: {error}") from None


def checked(network: Any, *, first: bool = False) -> list[Checked]:
    """The layers of a network, each under its number.

    Parameters
    ----------
    network : sequence of layers
        As a caller wrote it.
    first : bool
        Whether the first layer is spared its dx.

    Raises
    ------
    TypeError
        If network is not a list of layers, or a layer lacks something, which the error names.
    """
    if not isinstance(network, (list, tuple)):
        raise TypeError(f"network must be a list of layers, not {_kind(network)}"
                        + (": write [layer]" if _lacks(network) == [] else ""))
    layers = []
    for number, layer in enumerate(network):
        if isinstance(layer, Checked):
            layers.append(layer)
            continue
        name = f"network[{number}]"
        if isinstance(layer, type):
            raise TypeError(f"{name} is the class {layer.__name__}, not a layer: "
                            f"write {layer.__name__}() with brackets")
        if lacks := _lacks(layer):
            raise TypeError(f"{name}, {_shown(layer)}, is not a layer: it lacks "
                            f"{' and '.join(lacks)}")
        if not isinstance(own_weights(layer), dict):
            raise TypeError(f"{name}, {_shown(layer)}: weights must be a dictionary of arrays by "
                            f"name, not {_kind(own_weights(layer))}")
        layers.append(Checked(f"{name}, {_shown(layer)}", layer, first and number == 0))
    return layers


def expect_channels(x_shape: tuple[int, ...], channels: int | None) -> None:
    """Refuse images whose axes are not (N, C, H, W), with the way to bring them there.

    Parameters
    ----------
    x_shape : tuple of int
        The shape of the images.
    channels : int or None
        C, where the layer reads a fixed number of channels.

    Raises
    ------
    ValueError
        Naming the shape, what it looks like, and the cure.
    """
    if len(x_shape) == 4 and (channels is None or x_shape[1] == channels
                              or x_shape[-1] != channels):
        return
    cure = "three dimensions of space are not offered"
    if len(x_shape) == 4:
        cure = "the channels are on the last axis: write np.moveaxis(x, -1, 1)"
    elif len(x_shape) == 3:
        cure = "for grey images (N, H, W) write x[:, None], for one image (C, H, W) x[None]"
        if channels and channels > 1:
            cure = {x_shape[0]: "for one image (C, H, W) write x[None]",
                    x_shape[2]: "the channels of one image are on the last axis: write "
                                "np.moveaxis(x, -1, 0)[None]"}.get(
                channels, "an axis is missing, that of the images or that of the channels")
    elif len(x_shape) == 2:
        cure = "for one grey image (H, W) write x[None, None]"
    elif len(x_shape) < 2:
        cure = "rows of pixels become images by x.reshape(N, C, H, W)"
    wanted = "(N, C, H, W)" + (f" with C = {channels}" if channels else "")
    raise ValueError(f"x has shape {x_shape}, but the layer reads {wanted}: {cure}")


def as_dict(values: Any) -> dict[str, ArrayLike]:
    """Weights by name, as a caller gave them.

    Raises
    ------
    TypeError
        If values is not a dictionary.
    """
    if not hasattr(values, "keys"):
        raise TypeError("values must be a dictionary of arrays by name, such as "
                        f"weights(network), not {_kind(values)}")
    return dict(values)


def _lacks(layer: Any) -> list[str]:
    has = callable(layer), callable(getattr(layer, "backward", None))
    return [need for need, there in zip(NEEDS, has, strict=True) if not there]


def _shown(layer: Any) -> str:
    """A layer as its author shows it; its class where that would be an address in memory."""
    kind: Any = type(layer)
    if kind.__repr__ is object.__repr__:
        return f"{kind.__name__}()"
    return repr(layer) if not hasattr(layer, "__name__") else str(layer.__name__)


def _kind(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"an object of type {type(value).__name__}"


def _list(names: Iterable[str]) -> str:
    return "{" + ", ".join(names) + "}"
