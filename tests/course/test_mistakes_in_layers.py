"""Each deliberate mistake, put into the layers of a network: check_gradients must notice it."""

import pytest

from convlib import conv
from convlib.networks import check_gradients, layers
from course.mistakes import MISTAKES
from course.mistakes.catalogue import without_dx
from tests.convlib.test_network import TARGET, X, every_layer


@pytest.mark.parametrize("name", [*MISTAKES])
def test_the_check_notices_a_mistake_put_into_the_layers(name, monkeypatch):
    def plant(module, attribute):
        monkeypatch.setattr(module, attribute, MISTAKES[name])

    if MISTAKES[name].replaces == "relu":
        plant(layers, "relu_backward")
    else:
        plant(conv, "conv2d_backward")
        monkeypatch.setattr(conv, "weight_gradients", without_dx(name))
    try:
        gaps = check_gradients(every_layer(), X, TARGET, samples=40)
    except ValueError:  # the wrong gradient has another shape: it does not go through the network
        return
    assert max(gaps.values()) > 1e-4
