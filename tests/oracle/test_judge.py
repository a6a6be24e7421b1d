"""The judge on functions of PyTorch: what is right passes, autograd used before or not."""

import pytest
import torch
from torch.nn import functional as F

from course import judge

pytestmark = pytest.mark.oracle


def by_autograd(dy, x, w, stride, padding, dilation, groups):
    y = F.conv2d(x.requires_grad_(), w.requires_grad_(), None, stride, padding, dilation, groups)
    return torch.autograd.grad(y, (x, w), dy)


class Transposed(torch.autograd.Function):
    """dx by a transposed convolution without output_padding: too short where cells are left."""

    @staticmethod
    def forward(ctx, x, weight, stride=1):
        ctx.save_for_backward(x, weight)
        ctx.stride = stride
        return F.conv2d(x, weight, stride=stride)

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        return (F.conv_transpose2d(grad_output, weight, stride=ctx.stride),
                torch.nn.grad.conv2d_weight(x, weight.shape, grad_output, ctx.stride), None)


def test_autograd_passes_twice():
    assert judge(by_autograd, array=torch.tensor).right
    by_autograd(*map(torch.ones, ((1, 1, 2, 2), (1, 1, 3, 3), (1, 1, 2, 2))), 1, 0, 1, 1)
    assert judge(by_autograd, array=torch.tensor).right
    assert judge(by_autograd, array=torch.tensor, isolated=False).right


@pytest.mark.parametrize("gradient", [torch.nn.grad.conv2d_input, torch.nn.grad.conv2d_weight])
def test_what_pytorch_offers_passes(gradient):
    assert judge(gradient, array=torch.tensor).right


def test_a_function_of_autograd_is_named():
    assert judge(Transposed, array=torch.tensor).mistakes == {"dx": ("remainder_lost",)}


def test_arrays_of_numpy_are_refused_with_advice():
    assert "array=torch.tensor" in judge(by_autograd).text


def test_single_precision_passes():
    assert judge(by_autograd, array=lambda a: torch.tensor(a, dtype=torch.float32)).right
