"""What chapters 10 and 11 say about PyTorch in words."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from convlib import avg_pool2d_backward, max_pool2d_backward

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("window", [2, (2, 3)])
def test_max_pooling_chooses_the_first_of_equal_cells_and_drops_the_cells_left_over(
        dtype, layout, window):
    values = np.random.default_rng(0).integers(0, 3, (2, 8, 7, 8))  # nearly every window has a tie
    x = torch.tensor(values).to(dtype).contiguous(memory_format=layout).requires_grad_()
    y = nn.MaxPool2d(window)(x)
    dy = torch.arange(1, y.numel() + 1).to(dtype).reshape(y.shape)
    y.backward(dy)
    assert np.array_equal(x.grad.numpy(), max_pool2d_backward(dy.numpy(), values, window))
    assert not x.grad[:, :, 6].any()  # seven rows: the last one is in no window


def test_the_global_average_and_its_gradient():
    x = torch.randn(2, 3, 4, 6, dtype=torch.float64, requires_grad=True)
    y = nn.AdaptiveAvgPool2d(1)(x)
    assert torch.allclose(y[..., 0, 0], x.mean((2, 3)))
    dy = torch.randn_like(y)
    y.backward(dy)
    assert torch.allclose(x.grad, (dy / 24).expand_as(x))
    assert np.allclose(x.grad, avg_pool2d_backward(dy.numpy(), x.detach().numpy(), (4, 6)))


def saved_numbers(run):
    """What `run` returns, and how many numbers it keeps for the backward pass."""
    kept = {}

    def keep(tensor):
        kept[tensor.data_ptr()] = tensor.numel()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        return run(), kept


def test_a_layer_keeps_its_input_and_a_checkpoint_computes_it_again():
    runs = []

    class Counted(nn.Conv2d):
        def forward(self, x):
            runs.append(1)
            return super().forward(x)

    x = torch.randn(1, 4, 16, 16, requires_grad=True)
    layers = nn.Sequential(*[Counted(4, 4, 3, padding=1) for _ in range(5)])
    y, all_kept = saved_numbers(lambda: layers(x))
    assert all_kept[x.data_ptr()] == x.numel()
    assert sum(n == x.numel() for n in all_kept.values()) == 5  # the input of each layer
    y.sum().backward()
    wanted, x.grad = x.grad, None
    assert len(runs) == 5
    y, few_kept = saved_numbers(lambda: checkpoint(layers, x, use_reentrant=False))
    assert sum(few_kept.values()) < sum(all_kept.values()) / 4
    y.sum().backward()
    assert torch.equal(x.grad, wanted) and len(runs) == 15  # each layer ran twice


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_the_weight_of_a_transposed_layer_has_the_shape_in_the_layer_that_it_transposes(groups):
    forward = nn.Conv2d(8, 4, (3, 5), groups=groups)
    transposed = nn.ConvTranspose2d(4, 8, (3, 5), groups=groups)
    assert forward.weight.shape == transposed.weight.shape == (4, 8 // groups, 3, 5)


def constant_inside(layer, bias):
    """Whether a constant image gives a constant interior, with all weights 1 and these biases."""
    for one in layer.modules():
        if hasattr(one, "weight"):
            nn.init.ones_(one.weight)
            with torch.no_grad():
                one.bias.copy_(torch.as_tensor(bias(len(one.bias))))
    y = layer(torch.ones(1, 2, 8, 8))[..., 3:-3, 3:-3]
    return bool((y == y[..., :1, :1]).all())


def test_three_ways_with_equal_counts_and_what_a_bias_per_map_adds():
    def shuffled():
        return nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.PixelShuffle(2))

    even = (nn.ConvTranspose2d(2, 1, 4, stride=2, padding=1), shuffled(),
            nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(2, 1, 3, padding=1)))
    assert all(constant_inside(layer, torch.zeros) for layer in even)
    assert not constant_inside(nn.ConvTranspose2d(2, 1, 3, stride=2, padding=1), torch.zeros)
    own_biases = [constant_inside(layer, lambda n: torch.arange(1.0, n + 1)) for layer in even]
    assert own_biases == [True, False, True]  # only the shuffle has a bias for each class


def test_a_bias_breaks_the_dot_product_test():
    x, w = torch.randn(1, 2, 6, 7).double(), torch.randn(3, 2, 2, 3).double()
    for bias, holds in ((None, True), (torch.ones(3).double(), False)):
        y = F.conv2d(x, w, bias, stride=2)
        dy = torch.rand_like(y) + 1
        dx = F.conv_transpose2d(dy, w, stride=2, output_padding=(0, 0))
        left, right = (dy * y).sum(), (dx * x[..., :dx.shape[2], :dx.shape[3]]).sum()
        assert bool(torch.isclose(left, right)) is holds
