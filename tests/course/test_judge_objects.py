"""judge on an object that holds its kernel: what fits it is tried, and it stays as it was."""

import numpy as np
import pytest

from convlib import conv2d_backward
from course import judge
from course.mistakes import MISTAKES
from tests.course.judged import Foreign


class Layer:
    """Channels first, the kernel and the options in the object."""

    wrong = staticmethod(conv2d_backward)

    def __init__(self, w, stride=1, padding=0):
        self.w, self.stride, self.padding = w, stride, padding

    def forward(self, x):
        self.x = x

    def backward(self, dy):
        return self.wrong(dy, self.x, self.w, stride=self.stride, padding=self.padding)


class Last(Layer):
    """The same, channels last."""

    def backward(self, dy):
        first = [np.moveaxis(a, -1, 1) for a in (dy, self.x)]
        dx, dw, db = self.wrong(*first, self.w.transpose(3, 2, 0, 1), stride=self.stride,
                                padding=self.padding)
        return np.moveaxis(dx, 1, -1), dw.transpose(2, 3, 1, 0), db


def with_mistake(kind, name):
    return type("Layer", (kind,), {"wrong": MISTAKES[name]})


@pytest.mark.parametrize("kind", [Layer, Last])
@pytest.mark.parametrize("isolated", [True, False])
@pytest.mark.parametrize(("shape", "options"), [
    ((1, 1, 2, 2), {}), ((2, 2, 1, 1), {}), ((4, 3, 2, 5), {"stride": 2}),
    ((2, 3, 3, 4), {"stride": (2, 1), "padding": 1})])
def test_a_right_object_is_right_and_stays_as_it_was(kind, isolated, shape, options):
    w = np.random.default_rng(0).integers(1, 9, shape).astype(float)
    layer, before = kind(w, **options), w.copy()
    held = dict(vars(layer))
    found = judge(layer, isolated=isolated)
    assert found.right and found.tried >= 12, found.text
    assert vars(layer).keys() == held.keys() and all(
        value is held[name] for name, value in vars(layer).items())
    assert np.array_equal(w, before)
    told = " ".join(found.text.split())
    assert f"only kernels of the object's own shape, {shape}" in told
    assert f"Not tried: all others, for which judge takes the class {kind.__name__}" in told


@pytest.mark.parametrize("kind", [Layer, Last])
@pytest.mark.parametrize(("name", "options"), [
    ("no_flip", {}), ("remainder_lost", {"stride": 2}), ("padding_not_cropped", {"padding": 1})])
def test_a_wrong_object_is_told_its_mistake(kind, name, options):
    found = judge(with_mistake(kind, name)(np.ones((2, 3, 2, 3)), **options))
    assert name in found.mistakes["dx"] and {*found.faults} == {"dx"}, found.text
    assert "raised" not in found.text


@pytest.mark.parametrize("layer", [
    Layer(np.ones((2, 12))), Layer(np.ones((2, 12, 1))),
    type("Grouped", (Layer,), {"groups": 0})(np.ones((3, 1, 2, 2)), stride=0)])
def test_one_that_fits_no_case_is_not_called_wrong(layer):
    with pytest.raises(ValueError, match="no case fits the kernel and the options that this"):
        judge(layer, layout="NCHW")


def test_the_kernel_of_another_library_is_exchanged():
    class Tensor(Foreign):
        size = "a method of its own"
        transpose = None

    layer = Layer(Tensor(np.ones((2, 1, 2, 2))))
    assert judge(layer, array=Tensor).right
    assert "no_flip" in judge(with_mistake(Layer, "no_flip")(layer.w), array=Tensor).mistakes["dx"]


def test_one_that_cannot_be_copied_is_restored():
    layer = Layer(np.ones((1, 1, 2, 2)))
    layer.handle, w = (n for n in ()), layer.w  # a generator has no copy
    assert judge(layer, isolated=False).right and layer.w is w and not hasattr(layer, "x")


@pytest.mark.parametrize("make", [
    lambda: with_mistake(Layer, "no_flip"), lambda: with_mistake(Layer, "no_flip")(
        np.ones((1, 1, 1, 2)))], ids=["class", "object"])
def test_the_lines_to_see_it_run(make):
    judged = make()
    told = judge(judged).faults["dx"]
    lines = told[told.index("To see it:"):].splitlines()[1:]
    here = {"np": np, "Layer": judged, "layer": judged}
    exec("\n".join(line.strip() for line in lines[:-1]), here)
    *first, last = lines[-1].split("#")[0].strip().split("; ")
    exec("; ".join(first), here)
    right = eval(lines[-1].split("should be ")[1])
    assert np.shape(eval(last, here).dx) == np.shape(right)
    assert not np.array_equal(eval(last, here).dx, right)


def test_the_lines_fill_a_layer_that_asks_for_sizes_and_a_bias():
    class Sized:
        def __init__(self, in_channels, out_channels, kernel_size, bias=None):
            self.W = np.zeros((out_channels, in_channels, *kernel_size))

        def forward(self, x):
            self.x = x

        def backward(self, dout):
            return MISTAKES["no_flip"](dout, self.x, self.W).dx

    lines = judge(Sized).faults["dx"].split("To see it:\n")[1].splitlines()
    here = {"np": np, "Sized": Sized}
    exec("\n".join(line.strip() for line in lines), here)
    assert "layer.W = w" in lines[-1] and here["layer"].W is here["w"]
    assert lines[0].strip().startswith("dy, x, w, b = ")
