"""Arrays and options as users of other libraries bring them: named, with a cure that works."""

import itertools
import re
from inspect import signature

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convlib as c
from convlib.algorithms import METHODS
from convlib.networks import Dense
from convlib.options import ELSEWHERE, NOT_OFFERED, shown

X1, W1, X2, W2 = np.ones(6), np.ones(3), np.ones((4, 6)), np.ones((2, 3))
few = settings(deadline=None, derandomize=True, max_examples=60)


def refusal(call, error=ValueError):
    with pytest.raises(error) as refused:
        call()
    return str(refused.value)


def cured(words, **arrays):
    """The arrays after what the message tells to write."""
    for code in re.findall(r"write ((?:np\.\w+\((\w)\b.*?\)\)?)|(?:(\w)\[.*?\]))(?=;|$)", words):
        name = code[1] or code[2]
        arrays[name] = eval(code[0], {"np": np}, arrays)
    return arrays.values()


# Axis orders


@st.composite
def layers(draw, nd):
    """Shapes of a layer whose channels and filters cannot be taken for anything else."""
    channels, filters = draw(st.permutations([5, 7]))
    groups, batch = 1, draw(st.sampled_from([(), (3,)]))
    space = draw(st.tuples(*[st.integers(8, 12)] * nd))
    taps = (draw(st.integers(1, 3)),) * nd
    return (*batch, channels, *space), (filters, channels, *taps), groups


@pytest.mark.parametrize("nd", [1, 2])
@few
@given(data=st.data())
def test_channels_last_are_cured(nd, data):
    x_shape, w_shape, _ = data.draw(layers(nd))
    x, w = np.random.default_rng(0).normal(size=x_shape), np.ones(w_shape)
    conv = (c.conv1d, c.conv2d)[nd - 1]
    wanted, last = conv(x, w), np.moveaxis(x, -nd - 1, -1)
    words = refusal(lambda: conv(last, w))
    assert f"x of shape {last.shape} has its channels last: write np.moveaxis(x, -1, " in words
    assert np.array_equal(conv(*cured(words, x=last, w=w)), wanted)


@few
@given(data=st.data(), x_too=st.booleans())
def test_kernels_of_keras_are_cured(data, x_too):
    x_shape, w_shape, _ = data.draw(layers(2))
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=x_shape), rng.normal(size=w_shape)
    wanted, keras = c.conv2d(x, w), np.transpose(w, (2, 3, 1, 0))
    given_x = np.moveaxis(x, -3, -1) if x_too else x
    words = refusal(lambda: c.conv2d(given_x, keras))
    assert "has its filters last" in words and ("channels last" in words) == x_too
    assert np.allclose(c.conv2d(*cured(words, x=given_x, w=keras)), wanted)


@pytest.mark.parametrize("x_shape, w_shape, words", [
    ((8, 32, 32, 3), (3, 3, 3, 8), "x of shape (8, 32, 32, 3) has its channels last: write "
     "np.moveaxis(x, -1, 1); w has its filters last: write np.transpose(w, (3, 2, 0, 1))"),
    ((8, 32, 32, 3), (8, 3, 3, 3), "write np.moveaxis(x, -1, 1)"),
    ((8, 32, 32, 3), (3, 3, 3, 3), "write np.moveaxis(x, -1, 1)"),
    ((28, 28, 1), (8, 1, 3, 3), "has its channels last: write np.moveaxis(x, -1, 0)"),
    ((60, 28, 28), (8, 1, 3, 3), "For 60 images of one channel write x[:, None]"),
    ((28, 28), (8, 1, 3, 3), "For one image of one channel write x[None]"),
    ((28, 27), (8, 3, 3), "For filters of one channel write w[:, None]; for one "
     "image write x[None]"),
    ((9, 28, 27), (8, 3, 3), "For filters of one channel write w[:, None]"),
    ((1, 28, 28), (3, 3), "For one filter of one channel write w[None, None]"),
    ((2, 1, 28, 28), (3, 3), "For one filter of one channel write w[None, None]"),
])
def test_the_order_is_named_before_any_size(x_shape, w_shape, words):
    x, w = np.ones(x_shape), np.ones(w_shape)
    said = refusal(lambda: c.conv2d(x, w))
    assert said.endswith(words)
    x, w = cured(said, x=x, w=w)
    if x_shape == (9, 28, 27):  # two cures, one after the other
        x, w = cured(refusal(lambda: c.conv2d(x, w)), x=x, w=w)
    assert c.conv2d(x, w).ndim > 2


@pytest.mark.parametrize("w_shape, groups, words", [
    ((3, 2, 8, 1), 8, "write np.transpose(w, (2, 3, 0, 1)).reshape(8, 1, 3, 2)"),  # depthwise
    ((3, 3, 8, 2), 8, "write np.transpose(w, (2, 3, 0, 1)).reshape(16, 1, 3, 3)"),
    ((3, 3, 2, 8), 4, "write np.transpose(w, (3, 2, 0, 1))")])
def test_kernels_of_keras_in_groups(w_shape, groups, words):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(8, 6, 7)), rng.normal(size=w_shape)
    said = refusal(lambda: c.conv2d(x, w, groups=groups))
    assert said.startswith(f"groups={groups} does not divide the 3 filters of w {w_shape}. ")
    assert said.endswith(words)
    y = c.conv2d(x, eval(words.removeprefix("write "), {"np": np, "w": w}), groups=groups)
    if w_shape[2] == groups:  # the definition of DepthwiseConv2D: filter m of channel k
        assert np.allclose(y[5], c.conv2d(x[5 // w_shape[3]], w[:, :, 5 // w_shape[3],
                                                             5 % w_shape[3]]))
    assert "write" not in refusal(lambda: c.conv2d(x, np.ones((3, 2, 2, 2)), groups=4))


@pytest.mark.parametrize("x_shape, w_shape", [
    ((1, 4, 9, 9), (6, 3, 2, 2)), ((4, 9, 9), (6, 3, 2, 2)), ((28, 28), (8, 3, 3, 3)),
    ((3, 28, 28), (3, 3)), ((6,), (3, 3))])
def test_no_cure_is_invented(x_shape, w_shape):
    words = refusal(lambda: c.conv2d(np.ones(x_shape), np.ones(w_shape)))
    assert "write" not in words and ("reads 3" in words or "do not go together" in words)


def test_transposed_layers_have_orders_of_their_own():
    x, w = np.random.default_rng(0).normal(size=(2, 5, 6, 7)), np.ones((5, 4, 3, 3))
    wanted = c.conv_transpose2d(x, w)
    last, keras = np.moveaxis(x, 1, -1), np.transpose(w, (2, 3, 1, 0))  # (R, S, K, C)
    for given_x, given_w in ((last, w), (x, keras), (last, keras)):
        words = refusal(lambda x=given_x, w=given_w: c.conv_transpose2d(x, w))
        assert ("moveaxis" in words) == (given_x is last)
        assert ("transpose(w" in words) == (given_w is keras)
        assert np.allclose(c.conv_transpose2d(*cured(words, x=given_x, w=given_w)), wanted)


@pytest.mark.parametrize("call", [
    lambda: c.conv2d(np.ones((1, 2, 4, 5, 6)), np.ones((3, 2, 2, 2))),
    lambda: c.conv2d(np.ones((2, 4, 5, 6)), np.ones((3, 2, 2, 2, 2))),
    lambda: c.conv_transpose2d(np.ones((1, 2, 4, 5, 6)), np.ones((2, 3, 2, 2, 2))),
    lambda: c.conv2d_backward(np.ones(1), np.ones((1, 2, 4, 5, 6)), np.ones((2, 3, 2, 2, 2))),
    lambda: c.kernel_map((1, 2, 4, 5, 6), (3, 2, 2, 2, 2))])
def test_three_dimensions_are_not_offered(call):
    assert refusal(call).endswith("Three dimensions are not offered, only one and two")


def test_images_are_not_for_one_dimension():
    assert "take the function whose name ends in 2d" in refusal(
        lambda: c.conv1d(np.ones((1, 2, 4, 5)), np.ones((3, 2, 2, 2))))
    assert "2d" not in refusal(lambda: c.conv1d(X2, W2))


# Options of other libraries

CALLS = {
    "conv1d": (X1, W1), "conv2d": (X2, W2), "conv1d_backward": (np.ones(4), X1, W1),
    "conv2d_backward": (np.ones((3, 4)), X2, W2), "conv_transpose1d": (X1, W1),
    "conv_transpose2d": (X2, W2), "conv_transpose1d_backward": (np.ones(8), X1, W1),
    "conv_transpose2d_backward": (np.ones((5, 8)), X2, W2), "kernel_map": ((6,), (3,)),
    "im2col": (X2, 2), "col2im": (np.ones((4, 15)), (4, 6), 2),
    "max_pool2d": (X2, 2), "max_pool2d_backward": (np.ones((2, 3)), X2, 2),
    "avg_pool2d": (X2, 2), "avg_pool2d_backward": (np.ones((2, 3)), X2, 2),
    "linear": (X1, np.ones((2, 6))), "linear_backward": (np.ones(2), X1, np.ones((2, 6))),
    "squared_error": (X1, X1), "squared_error_backward": (X1, X1),
    "softmax_cross_entropy": (X1, 2), "softmax_cross_entropy_backward": (X1, 2),
    "l2_penalty": (X1, 2), "l2_penalty_backward": (X1, 2), "relu": (X1,),
    "relu_backward": (X1, X1), "sigmoid": (X1,), "sigmoid_backward": (X1, X1),
    "softmax": (X1,), "softmax_backward": (X1, X1)}


@pytest.mark.parametrize("name", CALLS)
def test_what_is_not_offered_is_answered_by_name(name):
    function, args = getattr(c, name), CALLS[name]
    parameters = signature(function).parameters
    function(*args)
    for option in NOT_OFFERED.keys() - parameters:
        words = refusal(lambda option=option: function(*args, **{option: 1}), TypeError)
        assert words == f"{name} takes no {option}: {NOT_OFFERED[option]}"
    if "stride" in parameters:
        assert "did you mean stride?" in refusal(lambda: function(*args, strid=2), TypeError)
    assert "it takes " in refusal(lambda: function(*args, qqq=2), TypeError)
    words = refusal(lambda: function(*args, *[1] * 9), TypeError)
    assert words.startswith(f"{name} takes {next(iter(parameters))}")
    assert words.endswith("write stride=..." if "stride" in parameters else "and nothing else")


@pytest.mark.parametrize("theirs, ours", ELSEWHERE.items())
def test_other_names_are_translated(theirs, ours):
    function, name = next((f, f.__name__) for f in (c.conv2d, c.max_pool2d, Dense)
                          if ours in signature(f).parameters)
    words = refusal(lambda: function(X2, W2, **{theirs: 1}), TypeError)
    wanted = f"{name} takes no {theirs}: it is called {ours} here"
    assert words == wanted + (", and may be left out" if ours == "b" else "")


@pytest.mark.parametrize("word", ["reflect", "circular", "edge"])
def test_kinds_of_padding_are_not_sizes_of_padding(word):
    assert refusal(lambda: c.conv2d(X2, W2, padding=word)) == (
        f"padding={word!r}: {NOT_OFFERED['padding_mode']}")


def test_other_errors_of_type_stay_what_they_are():
    assert refusal(lambda: c.conv2d(X2, W2, stride=1.5), TypeError) == (
        "stride must be an integer, not 1.5")
    assert "missing 1 required positional argument: 'w'" in refusal(lambda: c.conv2d(X2), TypeError)


@pytest.mark.parametrize("dtype", [int, float])
@pytest.mark.parametrize("method", [[], {}, None, 3, np.array(["direct"]), "", "FFT", b"fft"])
def test_a_method_that_is_no_name(method, dtype):
    words = refusal(lambda: c.conv2d(X2.astype(dtype), W2.astype(dtype), method=method))
    assert words.startswith("method must be one of auto, direct, ") and shown(method) in words


# Shapes, sizes and what would fill the memory


@pytest.mark.parametrize("call, error, words", [
    (lambda: c.kernel_map(5, 3), TypeError,
     "x_shape must be a sequence of ints, such as (5,), not 5"),
    (lambda: c.kernel_map((5,), 3), TypeError, "w_shape must be a sequence of ints, such as (3,)"),
    (lambda: c.kernel_map((5.0,), (3,)), TypeError, "x_shape must be an integer, not 5.0"),
    (lambda: c.kernel_map((5,), "3"), TypeError, "w_shape must be an integer, not '3'"),
    (lambda: c.kernel_map(None, (3,)), TypeError, "not None"),
    (lambda: c.kernel_map(itertools.repeat(2), (3,)), ValueError,
     "x_shape must have at most 32 entries, one per axis"),
    (lambda: c.image_matrix(X1, 3), TypeError, "w_shape must be a sequence of ints"),
    (lambda: c.filter_matrix(W1, 6), TypeError, "x_shape must be a sequence of ints"),
    (lambda: c.col2im(X2, 24, 2), TypeError, "x_shape must be a sequence of ints"),
    (lambda: c.kernel_map((6,), (3,)).rows(by=[]), ValueError, "by must be 'out', 'tap' or 'inp'"),
    (lambda: c.conv2d(X2, W2, stride=itertools.repeat(1)), ValueError,
     "stride must be an int or 2 ints"),
    (lambda: c.conv2d(X2, W2, padding=itertools.repeat(1)), ValueError, "padding must be an int"),
    (lambda: c.conv2d(X2, W2, padding=10**20), ValueError,
     "padding must be below 2**63, not 100000000000000000000"),
    (lambda: c.conv2d(X2, W2, dilation=2**63), ValueError, "dilation must be below 2**63"),
    (lambda: c.output_size(10**5000, 3), ValueError, "size must be below 2**63"),
    (lambda: c.conv1d(X1, W1, stride=-(10**5000)), ValueError, "stride must be at least 1"),
    (lambda: c.conv1d(X1, W1, padding=10**9), ValueError,
     "padded x would have 2,000,000,006 cells, and x of shape (6,) has 6: more than 67,108,864"),
    (lambda: c.conv2d(X2, W2, padding=10**4), ValueError, "padded x would have"),
    (lambda: c.conv1d(X1, W1, padding="full", dilation=10**8), ValueError, "padded x would have"),
    (lambda: c.conv_transpose1d(X1, W1, stride=10**8), ValueError, "y would have 500,000,003"),
    (lambda: c.conv_transpose2d(X2, W2, dilation=10**4), ValueError, "y would have"),
    (lambda: c.im2col(np.ones((400, 400)), 200), ValueError, "im2col would have 1,616,040,000"),
    (lambda: c.filter_matrix(W2[:1, :1], (200, 300)), ValueError,
     "this matrix would have 3,600,000,000 entries, more than 134,217,728"),
])
def test_words_instead_of_a_crash(call, error, words):
    assert words in refusal(call, error)


def test_a_large_result_of_a_large_input_is_no_mistake():
    x = np.broadcast_to(1.0, (2**20, 2))  # takes no memory
    g = c.geometry.Geometry.of(x.shape, (1, 1), padding=((0, 0), (0, 60)))
    assert g.y_shape == (2**20, 62)
    with pytest.raises(ValueError, match=r"padded x would have 1[0-9]{2},"):
        c.geometry.Geometry.of(x.shape, (1, 1), padding=((0, 0), (0, 127)))
    assert c.axis.MAX_CELLS == 2**26
    c.geometry.Geometry.of((3,), (1,), padding=(0, 2**26 - 3))
    with pytest.raises(ValueError, match="67,108,865 cells"):
        c.geometry.Geometry.of((3,), (1,), padding=(0, 2**26 - 2))


def test_a_value_is_shown_in_full_if_that_is_short():
    class Odd:
        def __repr__(self):
            raise RuntimeError("no")

    assert shown((1, 2)) == "(1, 2)" and shown("a" * 78) == repr("a" * 78)
    assert shown("a" * 79) == "'" + "a" * 76 + "..." and shown(Odd()) == "a value of type Odd"


# Methods that round, and methods on objects


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("method", ["fft", "winograd"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_named_method_that_would_smear_a_bad_value_refuses(method, bad, dtype):
    rng = np.random.default_rng(0)
    arrays = {"x": rng.normal(size=(1, 2, 6, 7)), "w": rng.normal(size=(3, 2, 3, 3)),
              "dy": rng.normal(size=(1, 3, 4, 5))}
    turned = {"x": arrays["dy"], "w": arrays["w"], "dy": arrays["x"]}
    for given_, calls in ((arrays, (c.conv2d, c.conv2d_backward)),
                          (turned, (c.conv_transpose2d, c.conv_transpose2d_backward))):
        for name in given_:
            bent = {n: a.astype(dtype) for n, a in given_.items()}
            bent[name].flat[5] = bad
            words = f"{name} holds {bad}, which method={method!r} would spread over many cells"
            if name != "dy":
                assert words in refusal(lambda f=calls[0], a=bent: f(a["x"], a["w"], method=method))
            x, w, dy = bent["x"], bent["w"], bent["dy"]
            assert words in refusal(
                lambda f=calls[1], a=(dy, x, w): f(*a, method=method))
            calls[1](dy, x, w)


@pytest.mark.parametrize("method", ["auto", *(n for n, m in METHODS.items() if m.exact)])
def test_named_methods_take_python_integers(method):
    n = lambda *shape: np.arange(np.prod(shape)).reshape(shape).astype(object)  # noqa: E731
    for backward, dy, x, w in (
            (c.conv1d_backward, n(4), n(6), n(3)), (c.conv_transpose1d_backward, n(8), n(6), n(3)),
            (c.conv2d_backward, n(3, 4), n(4, 6), n(2, 3)),
            (c.conv_transpose2d_backward, n(5, 8), n(4, 6), n(2, 3))):
        right = backward(*(a.astype(int) for a in (dy, x, w)), method="direct")
        for found, wanted in zip(backward(dy, x, w, method=method), right, strict=True):
            assert found.dtype == object and found.tolist() == wanted.tolist()
