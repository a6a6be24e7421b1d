"""What chapters 7 and 8 say of PyTorch beside their blocks: fold, biases, axes and means."""

import pytest
import torch
from torch.autograd.gradcheck import GradcheckError
from torch.nn import functional as F

from course.exercises.chapter_08 import EXERCISES
from course.mistakes import MISTAKES
from tests.oracle.test_practice import practice, run

pytestmark = pytest.mark.oracle
OPTIONS = [{}, {"stride": (2, 1)}, {"padding": (1, 2)}, {"dilation": (2, 1)},
           {"stride": 2, "padding": 1, "dilation": 2}]


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(7)


def numbers(*shape):
    return torch.randint(-9, 10, shape).double()


@pytest.mark.parametrize("options", OPTIONS)
def test_fold_is_the_adjoint_of_unfold(options):
    x = numbers(2, 3, 6, 7)
    columns = F.unfold(x, (2, 3), **options)
    other = numbers(*columns.shape)
    back = F.fold(other, (6, 7), (2, 3), **options)
    assert (other * columns).sum() == (back * x).sum()  # (7.5)
    assert not torch.equal(F.fold(columns, (6, 7), (2, 3), **options), x)  # and not its inverse


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("bias", [False, True])
def test_the_dot_product_test_is_for_a_layer_without_its_bias(bias, options):
    layer = torch.nn.Conv2d(2, 3, (2, 3), bias=bias, dtype=torch.double, **options)
    x = numbers(2, 2, 6, 7).requires_grad_()
    y = layer(x)
    dy = numbers(*y.shape)
    (dx,) = torch.autograd.grad(y, x, dy)
    excess = ((dy * y).sum() - (dx * x).sum()).item()
    of_bias = (dy.sum((0, 2, 3)) * layer.bias).sum().item() if bias else 0
    assert excess == pytest.approx(of_bias, abs=1e-9) and (abs(excess) > 1e-3) == bias
    assert torch.nn.Conv2d(2, 3, 2).bias is not None  # by default there is one


def test_channels_last_raises_an_error_unless_the_sizes_happen_to_fit():
    layer = torch.nn.Conv2d(3, 4, (2, 1))
    assert layer.weight.shape == (4, 3, 2, 1)  # K, C, R, S
    assert layer(torch.zeros(2, 3, 6, 7)).shape == (2, 4, 5, 7)  # N, C, H, W
    assert layer(torch.zeros(2, 3, 7, 3)).shape == (2, 4, 6, 3)  # N, H, W, C with H = C
    with pytest.raises(RuntimeError, match="channels"):
        layer(torch.zeros(2, 6, 7, 3))


@pytest.mark.parametrize("images", [1, 2, 5])
def test_a_mean_over_the_batch_is_already_in_dy(images):
    x, w = numbers(images, 3, 4, 5), numbers(2, 3, 4, 5).requires_grad_()
    labels, gradients = torch.arange(images) % 2, {}
    for reduction in ("sum", "mean"):
        y = F.conv2d(x, w)
        dy, dw = torch.autograd.grad(
            F.cross_entropy(y[:, :, 0, 0] / 99, labels, reduction=reduction), (y, w))
        gradients[reduction] = dy, dw
    for of_sum, of_mean in zip(*gradients.values(), strict=True):
        assert of_mean.any() and torch.allclose(of_sum / images, of_mean, atol=0)


def test_gradcheck_takes_a_backward_pass_of_exercise_8_6_and_notices_its_mistakes():
    code = practice("08_channels")
    yours = code.replace("my_backward = conv2d_backward", "my_backward = given")
    assert yours != code
    run(yours, given=EXERCISES["8.6"].answer())
    for name in ("no_flip", "channels_flipped_too", "one_filter_only", "channels_summed"):
        with pytest.raises((AssertionError, GradcheckError)):
            run(yours, given=MISTAKES[name])
