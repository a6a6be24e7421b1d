"""The PyTorch lines of chapter 3, "In practice": the shapes they print, and the sums they make."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from convlib import conv2d, output_size

pytestmark = pytest.mark.oracle
CHAPTER = Path(__file__).parents[2] / "chapters/03_forward.ipynb"
CODE = next(re.search(r"```python\n(.*?)```", cell.source, re.S)[1]
            for cell in nbformat.read(CHAPTER, as_version=4).cells if cell.id == "practice")


def test_every_shape_in_a_comment_is_the_one_that_comes_out():
    found = {}
    exec(CODE, found)
    printed = dict(re.findall(r"^([\w.]+)(?: = .*?)?\s+# (\(.*?\)):", CODE, re.M))
    assert set(printed) == {"layer.weight.shape", "layer.bias.shape", "a"}
    for name, shape in printed.items():
        assert tuple(eval(name.removesuffix(".shape"), found).shape) == eval(shape)
    rows, columns = (output_size(n, k, stride=2, padding=pad)
                     for n, k, pad in ((72, 5, 2), (96, 3, 1)))
    assert found["a"].shape[2:] == (rows, columns)


def test_the_layer_gives_the_numbers_of_the_library():
    found = {}
    exec(CODE, found)
    layer = found["layer"]
    x, w, b = (t.detach().double().numpy() for t in (found["x"], layer.weight, layer.bias))
    y = conv2d(x, w, b, stride=2, padding=(2, 1))
    assert np.allclose(np.maximum(y, 0), found["a"].detach().numpy(), atol=1e-5)


def test_same_with_a_stride_is_refused_there_too():
    with pytest.raises(ValueError, match="same"):
        torch.nn.Conv2d(3, 4, 3, stride=2, padding="same")
    with pytest.raises(ValueError, match="same"):
        conv2d(np.zeros((5, 6)), np.zeros((3, 3)), stride=2, padding="same")
