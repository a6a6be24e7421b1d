"""The PyTorch lines of chapter 2, "In practice", run as they are printed there."""

import re
from pathlib import Path

import nbformat
import numpy as np
import torch

from convlib import conv2d, kernel_map

CHAPTER = Path(__file__).parents[2] / "chapters/02_convolution_or_correlation.ipynb"
CODE = next(re.search(r"```python\n(.*?)```", cell.source, re.S)[1]
            for cell in nbformat.read(CHAPTER, as_version=4).cells if cell.id == "practice")
LINES = [line.split("#")[0].strip() for line in CODE.splitlines() if "torch" in line]


def test_pytorch_correlates_and_flipped_weights_make_a_true_convolution():
    correlate, flip = LINES
    rng = np.random.default_rng(2)
    x, w = rng.integers(1, 10, (2, 3, 5, 7)), rng.integers(1, 10, (4, 3, 2, 3))
    names = {"torch": torch, "x": torch.tensor(x), "w": torch.tensor(w)}
    assert np.array_equal(eval(correlate, names), conv2d(x, w))
    exec(flip, names)
    true = kernel_map(x.shape, w.shape, mirrored=True).forward(x, w)
    assert np.array_equal(eval(correlate, names), true)
    assert not np.array_equal(true, conv2d(x, w))
