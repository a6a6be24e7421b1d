"""What judge says: where it goes wrong, what was not tried, and what it does not understand."""

import re

import numpy as np
import pytest

from convlib import conv2d_backward
from course import judge
from course.judging.layers import Case, cases
from course.judging.resemblance import resemblance
from course.judging.returned import ReturnedError, plain, to_numpy
from course.mistakes import MISTAKES, diagnosis
from tests.course.judged import by_scatter


def wrong_at(condition, mistake="no_flip"):
    """Right, except where a condition on the options holds."""
    def backward(dy, x, w, stride=1, padding=0, dilation=1, groups=1):
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        return (MISTAKES[mistake] if condition(x, w, **options) else conv2d_backward)(
            dy, x, w, **options)

    return backward


@pytest.mark.parametrize(("condition", "words"), [
    (lambda x, w, **o: np.max(o["stride"]) > 1, "where the stride is above 1"),
    (lambda x, w, **o: np.max(o["padding"]) > 0, "where there is padding"),
    (lambda x, w, **o: o["groups"] > 1 and np.max(o["stride"]) > 1,
     "where the stride is above 1 and there are several groups"),
    (lambda x, w, **o: w.shape[2] != w.shape[3], "exactly where the kernel is not square"),
])
def test_where_it_is_wrong(condition, words):
    assert words in judge(wrong_at(condition)).faults["dx"]


def test_a_mistake_in_one_branch_is_named_as_such():
    found = judge(wrong_at(lambda x, w, **o: np.max(o["stride"]) > 1))
    assert found.mistakes == {"dx": ("no_flip",)}
    assert "look for what your code does in these cases only" in found.text
    assert "these cases only" not in judge(MISTAKES["no_flip"]).text


def test_the_first_wrong_cell_and_lines_to_paste():
    found = judge(MISTAKES["no_flip"])
    assert "x (1, 1, 1, 3), w (1, 1, 1, 2), dy (1, 1, 1, 2)" in found.faults["dx"]
    assert "The first, dx[0, 0, 0, 0], is 1, and should be 10." in found.faults["dx"]
    assert "10 is dy[0, 0, 0, 0]·w[0, 0, 0, 0] = 1·10." in found.faults["dx"]
    arrays, call = found.faults["dx"].splitlines()[-2:]
    here = {"np": np, "no_flip": MISTAKES["no_flip"]}
    exec(arrays.strip(), here)
    assert np.array_equal(eval(call.split("#")[0].strip(), here).dx, [[[[1, 12, 20]]]])
    assert call.endswith("# dx should be [[[[10., 21., 2.]]]]")
    assert np.array_equal(found.example["w"], here["w"]) and found.example["options"] == {}


def test_lines_are_as_wide_as_a_page():
    found = judge(MISTAKES["no_flip"])
    shown = repr(found).splitlines()
    assert max(len(line) for line in shown if not line.startswith(" ")) <= 88
    assert repr(found).split() == found.text.split() and len(shown) > len(found.text.splitlines())


def test_a_wrong_shape_is_told_with_both():
    assert "dx has the shape (1, 1, 1, 3), and should have (1, 1, 1, 4)" in judge(
        MISTAKES["remainder_lost"]).faults["dx"]


@pytest.mark.parametrize("name", ["no_flip", "one_axis_flip", "other_axis_flip",
                                  "transpose_for_rot180"])
def test_a_flip_is_told_for_both_ways_of_writing(name):
    """From the numbers nobody can tell a gather without the flip from stamps with one."""
    words = diagnosis(name)
    assert words.startswith("This is the right gradient of the kernel r")
    assert words.index("gather") < words.index("stamps") < words.index("col2im")


def test_a_gather_without_the_flip_and_stamps_with_one_are_told_the_same():
    def stamps(dy, x, w):
        return by_scatter(dy, x, w[..., ::-1, ::-1])[0]

    def gather(dy, x, w):
        dx, (R, S), (P, Q) = np.zeros_like(x), w.shape[2:], dy.shape[2:]
        padded = np.pad(dy, [(0, 0), (0, 0), (R - 1, R - 1), (S - 1, S - 1)])
        for r, s in np.ndindex(R, S):
            met = padded[..., r:r + P + R - 1, s:s + Q + S - 1]
            dx += np.einsum("nkij,kc->ncij", met, w[..., r, s])
        return dx

    told = [judge(f).text.split(".", 1)[1].replace(
        f"{f.__name__}(", "f(") for f in (stamps, gather)]
    assert told[0] == told[1] and diagnosis("no_flip") in told[0]


def test_the_cases_add_up():
    text = " ".join(judge(lambda dy, x, w, stride=1: conv2d_backward(
        dy, x, w, stride=stride)).text.split())
    answered, left = (int(re.search(pattern, text)[1]) for pattern in (
        r"in all (\d+) cases", r"groups \((\d+) of 52 cases\)"))
    assert answered + left == 52 == len(cases("conv", "NCHW"))


def test_what_has_one_cause_is_told_once():
    def mean(dy, x, w):
        dx, dw, db = conv2d_backward(dy, x, w)
        return dx, dw / len(x), db / len(x)

    told = judge(mean).faults
    assert told["dw"].count("\n") > 4 and "\n" not in told["db"]
    assert told["db"].endswith("for the same reason as dw: it is the right one divided by the "
                               "number of images.")
    told = judge(MISTAKES["stride_dropped"]).faults
    assert diagnosis("stride_dropped") in told["dx"] and "\n" not in told["dw"]
    assert told["dw"].endswith("for the same reason as dx: the mistake is stride_dropped.")
    told = judge(lambda dy, x, w: (2 * conv2d_backward(dy, x, w).dx,
                                   3 * conv2d_backward(dy, x, w).dw)).faults
    assert "times 2" in told["dx"] and "times 3" in told["dw"]


def test_what_was_not_tried_or_not_returned():
    found = judge(lambda dy, x, w: by_scatter(dy, x, w)[0])
    assert found.right and "Not tried: stride, padding, dilation and groups" in found.text
    assert "Not judged: dw and db; the function returns only dx." in found.text

    def one_stride(dy, x, w, stride=1):
        if not isinstance(stride, int):
            raise TypeError("one number")
        return by_scatter(dy, x, w, stride)

    assert judge(one_stride).right
    assert "options that differ between height and width (1 of 52 cases), because it raised " in (
        judge(one_stride).text)
    found = judge(lambda dy, x, w, **options: one_stride(dy, x, w, **options))
    assert found.right and "Not tried: dilation, because it raised TypeError" in found.text


def test_two_mistakes_at_once():
    def backward(dy, x, w):
        return MISTAKES["no_flip"](dy, x, w).dx, MISTAKES["channels_summed"](dy, x, w).dw

    assert judge(backward).mistakes == {"dx": ("no_flip",), "dw": ("channels_summed",)}


def test_numbers_that_no_mistake_gives_are_described():
    assert "times 2" in judge(lambda dy, x, w: 2 * conv2d_backward(dy, x, w).dx).text
    assert "nan" in judge(lambda dy, x, w: np.nan * conv2d_backward(dy, x, w).dx).text
    backwards = judge(lambda dy, x, w: conv2d_backward(dy, x, w).dx[..., ::-1, ::-1])
    assert "right numbers in the wrong places" in backwards.text


@pytest.mark.parametrize(("answer", "words"), [
    (lambda right: np.zeros_like(right), "it is zero everywhere"),
    (lambda right: right[..., :-1], ""),
    (lambda right: right * 3, "it is the right one multiplied by the number of channels"),
    (lambda right: right * 1.25, "it is the right one times 1.25"),
    (lambda right: right + (np.arange(4) > 2), "only cells in the right half are wrong"),
    (lambda right: right + (np.arange(4) < 1), "only cells in the left half are wrong"),
    (lambda right: right + (np.arange(3) > 1)[:, None], "only cells in the lower half are wrong"),
    (lambda right: right + np.pad([[0, 0]], 1, constant_values=1),
     "only cells at the border are wrong"),
    (lambda right: right + np.arange(12).reshape(3, 4) ** 2 + 1, ""),
])
def test_what_wrong_numbers_look_like(answer, words):
    right = np.arange(1.0, 37).reshape(1, 3, 3, 4)
    case = Case({"x": right, "dy": np.ones((1, 1, 3, 4)), "w": np.ones((1, 3, 1, 1))}, {}, {})
    assert resemblance("dx", [answer(right)], [right], [case]) == words


def test_advice_for_what_it_raises():
    assert "array=torch.tensor, or what makes" in judge(lambda dy, x, w: dy.numpy()).text

    def after_fork(dy, x, w):
        raise RuntimeError("Unable to handle autograd's threading in combination with fork")

    assert "restart Python, or say isolated=False" in judge(after_fork).text
    assert "The arrays could not be made: ZeroDivisionError" in judge(
        after_fork, array=lambda array: 1 / 0, isolated=False).text


def test_a_function_without_a_signature_gets_its_arrays_by_place():
    def built_in(*arrays):
        return conv2d_backward(*arrays)

    built_in.__signature__ = "none"
    assert judge(built_in) and "Not tried: stride" in judge(built_in).text


def averaged(dy, x, w):
    """The gradients of a mean over the images where those of a sum are asked for."""
    return conv2d_backward(dy, x, w).dw / len(x)


def half_done(dy, x, w):
    """dx without the products of the last columns of dy: a loop that ends at the height."""
    within = np.where(np.arange(dy.shape[3]) < dy.shape[2], dy, 0)
    return conv2d_backward(within, x, w).dx, *conv2d_backward(dy, x, w)[1:]


def last_twice(dy, x, w):
    """dx with the last column of dy twice where dy is wider than high."""
    more = dy + dy * (np.arange(dy.shape[3]) == dy.shape[3] - 1) * (dy.shape[2] < dy.shape[3])
    return conv2d_backward(more, x, w).dx, *conv2d_backward(dy, x, w)[1:]


def both_to_the_height(dy, x, w):
    """The whole loop, as people write it: it raises where dy is higher than wide."""
    dx, (N, _, P, _), (R, S) = np.zeros_like(x), dy.shape, w.shape[2:]
    for n, p, q in np.ndindex(N, P, P):
        dx[n, :, p:p + R, q:q + S] += np.tensordot(dy[n, :, p, q], w, 1)
    return dx


def overwriting(dy, x, w):
    """All filters of a window at once, and = for +=."""
    dx, (N, _, P, Q), (R, S) = np.zeros_like(x), dy.shape, w.shape[2:]
    for n, p, q in np.ndindex(N, P, Q):
        dx[n, :, p:p + R, q:q + S] = np.tensordot(dy[n, :, p, q], w, 1)
    return dx


def test_what_people_write_that_has_no_name():
    told = judge(averaged).faults["dw"]
    assert "exactly where there are several images" in told
    assert "the right one divided by the number of images" in told
    halved = judge(lambda dy, x, w: conv2d_backward(dy, x, w).dw / min(2, len(x)))
    assert "the number of images" not in halved.text.split("No mistake")[1]  # N = 3 is tried
    told = judge(last_twice)
    assert "exactly where the output is wider than it is high" in told.text
    assert "No mistake of the catalogue" in told.text and told.mistakes == {}


def test_loops_as_people_write_them():
    for written, name in ((half_done, "height_in_both_loops"),
                          (both_to_the_height, "height_in_both_loops"),
                          (overwriting, "windows_overwrite")):
        assert judge(written).mistakes == {"dx": (name,)}
    assert "raised IndexError" in judge(both_to_the_height).text


def test_a_second_mistake_on_top_is_told_apart():
    def backward(dy, x, w, padding):
        dx = MISTAKES["crop_by_minus_zero"](dy, x, w, padding=padding).dx
        return dx * 3 if padding == 2 else dx

    told = judge(backward).faults["dx"]
    assert "crop_by_minus_zero is part of it" in told
    assert "exactly where there is no padding" in told
    assert "In the other case there is something else" in told and "padding=2" in told


def test_a_function_with_a_cache_is_wrapped():
    def naive(dout, cache):
        return conv2d_backward(dout, *cache)

    with pytest.raises(ValueError, match="'cache', and judge does not know what that is"):
        judge(naive)
    assert judge(lambda dy, x, w: naive(dy, (x, w)))


def test_names_of_arguments_and_their_order():
    right = conv2d_backward
    assert judge(lambda a1, a2, a3: right(a1, a2, a3))
    assert judge(lambda a1, a2, a3: right(a3, a1, a2), arguments="x, w, dy")
    assert judge(lambda g, w_shape, x: right(g, x, np.zeros(w_shape)).dw)
    assert judge(lambda dy, x, w, border: right(dy, x, w, padding=border),
                 options={"padding": "border"})
    assert judge(lambda dy, x, w, b, *, s, p=0: right(dy, x, w, stride=s, padding=p)[::-1])
    assert judge(lambda *arrays: right(*arrays))


@pytest.mark.parametrize(("function", "told", "words"), [
    (lambda x, w: x, {}, "takes no dy"),
    (lambda dy, x, w, cache: x, {}, "asks for 'cache'"),
    (lambda dy, x, w: x, {"layer": "dense"}, "layer must be one of conv, relu"),
    (lambda dy, x, w: x, {"layout": "HCB"}, "layout must have the letters"),
    (lambda dy, x, w: x, {"kernel": "HW"}, "kernel must have the letters of OIHW"),
    (lambda dy, x, w: x, {"returns": "dz"}, "returns may name dx, dw, db"),
    (lambda dy, x, w: x, {"arguments": "x, z"}, "arguments may name dy, x, w"),
    (lambda dy, x, w: x, {"options": ["strides"]}, "options may name stride"),
    (lambda dy, x, w: x, {"seconds": 0}, "seconds and megabytes must be above 0"),
    (lambda dy, x: x, {"layer": "max_pool", "layout": "W"}, "needs a layout with H and W"),
])
def test_what_makes_no_sense_is_refused(function, told, words):
    with pytest.raises(ValueError, match=words):
        judge(function, **told)


def test_no_function_is_refused():
    with pytest.raises(TypeError, match="a function, or a class with forward and backward"):
        judge(3)


def test_what_is_no_gradient():
    for value, words in ((None, "None"), ("dx", "str"), ({"a": 1}, "keys"), (1j, "real numbers"),
                         ([np.ones(2), [None]], "among 2 parts"), (object(), "no array")):
        with pytest.raises(ReturnedError, match=words):
            plain(value)
    with pytest.raises(ReturnedError, match=r"shape \(100000, 100000\)"):
        to_numpy(np.broadcast_to(1.0, (100000, 100000)))


def test_a_class_that_cannot_be_filled():
    class Empty:
        def forward(self, x):
            pass

        def backward(self, dy):
            pass

    assert "has no attribute w, weight or kernel" in judge(Empty, isolated=False).text

    class Odd(Empty):
        def __init__(self, activation):
            pass

    with pytest.raises(ValueError, match="asks for 'activation'"):
        judge(Odd)


class Function:
    """As people write a torch.autograd.Function."""

    apply = staticmethod(lambda *arrays: None)

    @staticmethod
    def forward(ctx, x, weight, bias=None, stride=1):
        ctx.save_for_backward(x, weight)
        ctx.stride = stride
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx, grad_output):
        x, weight = ctx.saved_tensors
        dx, dw, db = MISTAKES["remainder_lost"](grad_output, x, weight, stride=ctx.stride)
        return dx, dw, db, None


def test_a_function_of_autograd():
    found = judge(Function, isolated=False)
    assert found.mistakes == {"dx": ("remainder_lost",)}
    assert "Function.apply(x, w, b, 2).backward(dy)    # dx should be" in found.text

    class Later(Function):
        @staticmethod
        def forward(x, weight, stride=1):
            return None

        @staticmethod
        def setup_context(ctx, inputs, output):
            *saved, ctx.stride = inputs
            ctx.save_for_backward(*saved)

    assert judge(Later, isolated=False).mistakes == {"dx": ("remainder_lost",)}

    class Forgetful(Function):
        @staticmethod
        def forward(ctx, x, weight, stride=1):
            return None

        @staticmethod
        def backward(ctx, dy):
            return ctx.stride

    assert "forward did not keep 'stride' in ctx" in judge(Forgetful, isolated=False).text


def test_a_layer_of_channels_last_that_leaves_a_dict():
    class Layer:
        def __init__(self, filters, kernel_size, input_channels, strides=1):
            self.kernel, self.bias = np.zeros((*kernel_size, input_channels, filters)), None
            self.strides = strides

        def forward(self, inputs):
            self.inputs = inputs.transpose(0, 3, 1, 2)

        def backward(self, grad):
            dx, dw, _ = conv2d_backward(grad.transpose(0, 3, 1, 2), self.inputs,
                                        self.kernel.transpose(3, 2, 0, 1), stride=self.strides)
            self.grads = {"kernel": -dw.transpose(2, 3, 1, 0)}
            return dx.transpose(0, 2, 3, 1)

    found = judge(Layer, isolated=False)
    assert "judged with layout='NHWC', kernel='HWIO'" in found.text and "dx" not in found.faults
    assert "times -1" in found.faults["dw"]
    assert "Layer(filters=1, kernel_size=(1, 1), input_channels=1, strides=1)" in found.text


def test_an_object_whose_forward_takes_the_weights():
    class Layer:
        def forward(self, x, w, padding=0):
            self.given = x, w, padding

        def backward(self, dy):
            x, w, padding = self.given
            return conv2d_backward(dy, x, w, padding=padding)

    assert judge(Layer(), isolated=False) and judge(Layer, isolated=False)
