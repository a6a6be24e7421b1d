"""Every gradient of the table against PyTorch's autograd, on random sizes."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from tests.convlib.backwards import TABLE, Sizes

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_equal_to_autograd(entry, seed):
    rng = np.random.default_rng(seed)
    sizes = Sizes(rng.integers(1, 5), rng.integers(1, 4), 2 * rng.integers(1, 4),
                  *rng.integers(4, 9, size=2))
    arrays = [a / 4 for a in entry.inputs(sizes, seed)]
    dy = entry.prices(arrays, sizes)
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    fixed = [torch.as_tensor(f) for f in entry.fixed(sizes)]
    y = entry.torch(F, *tensors, *fixed)
    mine = entry.forward(*arrays, *entry.fixed(sizes), **entry.options)
    assert np.allclose(mine, y.detach().numpy(), rtol=1e-12, atol=1e-12)
    y.backward(*map(torch.tensor, dy))
    for found, tensor in zip(entry.gradients(dy, arrays, sizes), tensors, strict=True):
        right = tensor.grad.numpy()
        assert np.abs(found - right).max() <= 1e-13 * max(np.abs(right).max(), 1)
