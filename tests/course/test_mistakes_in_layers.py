"""Each deliberate mistake, put into the layers of a network: check_gradients must notice it."""

import numpy as np
import pytest

from convlib import conv
from convlib.networks import AvgPool, Conv, Dense, MaxPool, Relu, check_gradients, layers
from course.mistakes import MISTAKES
from course.mistakes.catalogue import without_dx
from tests.convlib.test_network import TARGET, X, every_layer


def every_option():
    """What `every_layer` leaves out: all options in one layer, strides of 3, pools that overlap."""
    return [Conv(2, 4, 1, rng=0),
            Conv(4, 4, (2, 3), groups=2, stride=(3, 3), padding=((2, 1), (1, 0)), dilation=(3, 2),
                 rng=1), Relu(), MaxPool((2, 1), stride=1),
            AvgPool((3, 1), stride=1, padding=(1, 0), count_include_pad=False),
            Dense(16, 4, rng=2)]


@pytest.mark.parametrize("name", [*MISTAKES])
def test_the_check_notices_a_mistake_put_into_the_layers(name, monkeypatch):
    def plant(module, attribute):
        monkeypatch.setattr(module, attribute, MISTAKES[name])

    kind = MISTAKES[name].replaces
    if kind == "conv":
        plant(conv, "conv2d_backward")
        monkeypatch.setattr(conv, "weight_gradients", without_dx(name))
    else:
        plant(layers, f"{kind}_backward" if kind == "relu" else f"{kind}2d_backward")
    image = np.random.default_rng(3).normal(size=(len(X), 2, 8, 9))
    worst = 0
    for network, x in ((every_layer(), X), (every_option(), image)):
        try:
            worst = max(worst, *check_gradients(network, x, TARGET, samples=40).values())
        except ValueError:  # the wrong gradient has another shape: it does not go through
            return
    assert worst > 1e-4


def test_the_check_accepts_what_is_right():
    image = np.random.default_rng(3).normal(size=(len(X), 2, 8, 9))
    assert max(check_gradients(every_option(), image, TARGET, samples=40).values()) < 1e-6
