"""The Python of every *In practice* runs as it is printed, and gives what the chapter prints.

A block that imports torch is executed in an empty namespace, warnings being errors. One that does
not is a fragment, which names what the reader has at hand; each is listed with what it needs.
"""

import re
from inspect import signature
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from torch.autograd.gradcheck import GradcheckError

from convlib import conv1d, conv1d_backward, conv2d, conv2d_backward, kernel_map, output_size
from course.mistakes import MISTAKES

pytestmark = pytest.mark.oracle
PATHS = sorted((Path(__file__).parents[2] / "chapters").glob("*.ipynb"))
IMPORTS_TORCH = re.compile(r"^(?:import|from) torch\b", re.M)
FRAGMENTS = {
    "02_convolution_or_correlation": "SciPy; test_pytorch_correlates runs the lines of PyTorch",
}


def blocks(path):
    """The blocks of Python under "## In practice", up to the next heading of that level."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    section = re.search(r"^## In practice\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    return re.findall(r"^```python\n(.*?)^```", section[1], re.M | re.S) if section else []


PRINTED = [(path.stem, code) for path in PATHS for code in blocks(path)]
WHOLE = [(stem, code) for stem, code in PRINTED if IMPORTS_TORCH.search(code)]


def run(code, **given):
    """What a block leaves behind, run with nothing at hand but `given`."""
    found = {"__name__": "practice", **given}
    exec(compile(code, "In practice", "exec"), found)
    return found


def practice(stem):
    """The first block of Python of a chapter's *In practice*."""
    return next(code for name, code in PRINTED if name == stem)


@pytest.mark.parametrize("stem, code", WHOLE, ids=[stem for stem, _ in WHOLE])
def test_a_block_that_imports_torch_runs(stem, code):
    run(code)


def test_no_other_block_is_left_out_unsaid():
    left_out = {stem for stem, code in PRINTED if not IMPORTS_TORCH.search(code)}
    assert left_out == set(FRAGMENTS), "a block imports torch, or FRAGMENTS says what it needs"
    titled = {path.stem for path in PATHS if "## In practice" in path.read_text(encoding="utf-8")}
    assert {stem for stem, _ in PRINTED} == titled  # no fence of another kind hides a block


@pytest.mark.parametrize("code, error", [
    ("import torch\nassert torch.ones(2).sum() == 3", AssertionError),
    ("import torch\ntorch.no_such_name", AttributeError),
    ("import torch\nx.sum()", NameError),
    ("import torch, warnings\nwarnings.warn('old')", UserWarning),
])
def test_a_block_that_is_wrong_is_noticed(code, error):
    with pytest.raises(error):
        run(code)


@pytest.mark.parametrize("name", [n for n, f in MISTAKES.items() if f.replaces == "conv"])
def test_the_recipe_of_the_mistake_lab_catches(name):
    code = practice("A_mistake_lab").replace("from convlib import conv2d_backward", "")
    with pytest.raises(AssertionError, match="a gradient is wrong"):
        run(code, conv2d_backward=MISTAKES[name])


def test_the_opening_chapter():
    code = practice("00_start_here")
    found = run(code)
    dx, dw, _ = conv1d_backward([2, 4, 7], [1, 2, 3, 5], [10, 1])
    for name, gradient in (("x", dx), ("w", dw)):
        assert np.array_equal(found[name].grad.numpy().ravel(), gradient)
        printed = ", ".join(f"{value}." for value in gradient)
        assert f"[[[{printed}]]]" in code


def test_the_two_gradients_in_one_dimension():
    code = practice("01_one_dimension")
    found = run(code)
    tx, tw = (torch.tensor([[values]]).double().requires_grad_()
              for values in ([1.0, 2, 3, 5], [10.0, 1]))
    dy = torch.tensor([[[2.0, 4, 7]]]).double()
    right = conv1d_backward([2, 4, 7], [1, 2, 3, 5], [10, 1])
    for name, gradient in zip(("dx", "dw"),
                              torch.autograd.grad(found["MyConv"].apply(tx, tw), (tx, tw), dy),
                              strict=True):
        assert np.array_equal(gradient.numpy().ravel(), getattr(right, name))
    for right, wrong in ((".flip(-1)", ""), ("F.conv1d(x, dy)", "F.conv1d(x, dy.flip(-1))"),
                         ("F.conv_transpose1d(dy, w)", "F.conv_transpose1d(dy, w.flip(-1))")):
        assert code.count(right) == 1
        with pytest.raises((GradcheckError, AssertionError)):
            run(code.replace(right, wrong))


def trained(w, v, flips=True, steps=50):
    """The losses of chapter 1's two layers, in NumPy; without the flip, dx keeps the kernel."""
    x, target, losses = [0, 0, 5, -2, 0], [0, 1, 0], []
    for _ in range(steps):
        hidden = conv1d(x, w)
        off = conv1d(hidden, v) - target
        losses.append(np.mean(off**2))
        second = conv1d_backward(2 * off / 3, hidden, v)
        dx = second.dx if flips else conv1d(2 * off / 3, v, padding=1)
        w, v = w - 0.01 * conv1d_backward(dx, x, w).dw, v - 0.01 * second.dw
    return losses


def test_without_the_flip_two_layers_learn_worse_and_raise_no_error():
    code = practice("01_one_dimension")
    before_gradcheck, _ = code.split("x, w = x.double()")
    (told,) = (cell.source for path in PATHS if path.stem == "01_one_dimension"
               for cell in nbformat.read(path, as_version=4).cells if cell.id == "practice")
    flipped, plain = (run(before_gradcheck.replace(".flip(-1)", end)) for end in (".flip(-1)", ""))
    good, bad = flipped["loss"].item(), plain["loss"].item()
    assert f"# {good:.4f}\n" in code and f", but only to {bad:.4f}." in told
    start = np.array([0.0, 1]), np.array([1.0, 0])
    for loss, flips in ((good, True), (bad, False)):
        losses = trained(*start, flips)
        assert np.isclose(loss, losses[-1], rtol=1e-3, atol=0)
        assert f"falls from {losses[0]:.2f}," in told and losses[-1] < losses[0] / 50
    other = np.array([1.0, 0]), np.array([1.0, 0])
    assert trained(*other, flips=False)[-1] < trained(*other)[-1]  # it may fall further


def test_pytorch_correlates_and_flipped_weights_make_a_true_convolution():
    correlate, flip = (line.split("#")[0].strip()
                       for line in practice("02_convolution_or_correlation").splitlines()
                       if "torch" in line.split("#")[0])
    rng = np.random.default_rng(2)
    x, w = rng.integers(1, 10, (2, 3, 5, 7)), rng.integers(1, 10, (4, 3, 2, 3))
    names = {"torch": torch, "x": torch.tensor(x), "w": torch.tensor(w)}
    assert np.array_equal(eval(correlate, names), conv2d(x, w))
    exec(flip, names)
    true = kernel_map(x.shape, w.shape, mirrored=True).forward(x, w)
    assert np.array_equal(eval(correlate, names), true)
    assert not np.array_equal(true, conv2d(x, w))


def test_every_shape_in_a_comment_of_the_layer_is_the_one_that_comes_out():
    code = practice("03_forward")
    found = run(code)
    printed = dict(re.findall(r"^([\w.]+)(?: = .*?)?\s+# (\(.*?\)):", code, re.M))
    assert set(printed) == {"layer.weight.shape", "layer.bias.shape", "a"}
    for name, shape in printed.items():
        assert tuple(eval(name.removesuffix(".shape"), found).shape) == eval(shape)
    rows, columns = (output_size(n, k, stride=2, padding=pad)
                     for n, k, pad in ((72, 5, 2), (96, 3, 1)))
    assert found["a"].shape[2:] == (rows, columns)


def test_the_layer_gives_the_numbers_of_the_library():
    found = run(practice("03_forward"))
    layer = found["layer"]
    x, w, b = (t.detach().double().numpy() for t in (found["x"], layer.weight, layer.bias))
    y = conv2d(x, w, b, stride=2, padding=(2, 1))
    assert np.allclose(np.maximum(y, 0), found["a"].detach().numpy(), atol=1e-5)


def test_same_with_a_stride_is_refused_there_too():
    with pytest.raises(ValueError, match="same"):
        torch.nn.Conv2d(3, 4, 3, stride=2, padding="same")
    with pytest.raises(ValueError, match="same"):
        conv2d(np.zeros((5, 6)), np.zeros((3, 3)), stride=2, padding="same")


def test_pytorch_pads_both_ends_alike():
    x, w = torch.zeros(1, 1, 5, 6), torch.zeros(1, 1, 3, 3)
    assert torch.nn.functional.conv2d(x, w, padding=(0, 1)).shape[2:] == (3, 6)
    with pytest.raises(TypeError):
        torch.nn.functional.conv2d(x, w, padding=((0, 1), (0, 1)))


def test_the_kernels_gradient():
    code = practice("04_kernel_gradient")
    found = run(code)
    dy, x, w = (found[name].detach().numpy()[0, 0] for name in ("tdy", "tx", "tw"))
    assert np.array_equal(found["tw"].grad.numpy()[0, 0], conv2d_backward(dy, x, w).dw)
    options = signature(torch.autograd.gradcheck).parameters
    assert [options[name].default for name in ("eps", "atol", "rtol")] == [1e-6, 1e-5, 1e-3]
    assert found["tb"].grad.item() == conv2d_backward(dy, x, w).db
    off = "{0}.detach() + 1.001 * {0} - (1.001 * {0}).detach()".format  # 0.1% too large
    large = [code.replace("F.conv2d(tx, w, b)", f"F.conv2d(tx, {off('w')}, b)"),  # dw
             code.replace("F.conv2d(tx, w, b)", f"F.conv2d(tx, w, {off('b')})"),  # db
             code.replace('"weight": w', f'"weight": {off("w")}')]  # dw of the reader's layer
    for spoiled in (*large, code.replace("(tx, tdy)", "(tx, tdy.flip(2, 3))"),  # nothing is flipped
                    code.replace("tdy.sum()", "tdy.mean()")):
        assert spoiled != code
        with pytest.raises((AssertionError, GradcheckError)):
            run(spoiled)
    for spoiled in large:  # by default, it passes, as the chapter says
        run(spoiled.replace("eps=1, atol=1e-10, rtol=1e-10", ""))


def test_the_optimizer_takes_the_steps_of_the_chapter():
    code = practice("04_kernel_gradient")
    found = run(code)
    image, target = (found[name].numpy()[0, 0] for name in ("images", "targets"))
    guess = np.zeros((2, 3))
    for _ in range(11):
        guess -= 0.5 * conv2d(image, (conv2d(image, guess) - target) / target.size)  # (4.2)
    trained = found["layer"].weight.detach().numpy()[0, 0]
    assert np.allclose(trained, guess, rtol=0, atol=1e-12)
    assert str((trained.round() + 0).astype(int).tolist()) in code
    (path,) = (path for path in PATHS if path.stem == "04_kernel_gradient")
    (descent,) = (c for c in nbformat.read(path, as_version=4).cells if c.id == "hidden-descent")
    assert descent.outputs[0].text.endswith(f"{trained.round(2) + 0}\n")


def test_the_inputs_gradient():
    code = practice("05_input_gradient")
    found = run(code)
    dy, x, w = (found[name].detach().numpy()[0, 0] for name in ("tdy", "tx", "tw"))
    assert np.array_equal(found["tx"].grad.numpy()[0, 0], conv2d_backward(dy, x, w).dx)
    unflipped = code.replace("(tx, tw)", "(tx, tw.flip(2, 3))")
    assert unflipped != code
    with pytest.raises(AssertionError):
        run(unflipped)


def test_the_shortcuts_of_chapter_12():
    code = practice("12_fast")
    before = torch.backends.cudnn.conv.fp32_precision, torch.backends.cudnn.deterministic
    try:
        run(code)
        assert torch.backends.cudnn.conv.fp32_precision == "ieee"
        assert torch.backends.cudnn.deterministic
    finally:
        torch.backends.cudnn.conv.fp32_precision, torch.backends.cudnn.deterministic = before
    rng = np.random.default_rng(3)
    x, u, v = rng.normal(size=(20, 22)), rng.normal(size=9), rng.normal(size=9)
    once = conv2d(x, np.outer(u, v))  # 81 products per output, and then 9 + 9
    assert np.allclose(conv2d(conv2d(x, u[:, None]), v[None]), once)
    images = torch.randn(8, 64, 28, 28)
    last = images.to(memory_format=torch.channels_last)
    assert last.stride(1) == 1 != images.stride(1) and torch.equal(last, images)
