"""Photographs and digits: their shapes and values, and that nothing is fetched."""

import socket

import numpy as np
import pytest

from convlib import data


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("name", ["flower", "china"])
def test_photographs(name):
    grey, colour = data.photograph(name, size=(30, 44)), data.photograph(name, size=(30, 44),
                                                                         grey=False)
    assert grey.shape == (30, 44) and colour.shape == (3, 30, 44)
    assert 0 <= colour.min() < 0.3 < 0.6 < colour.max() <= 1
    assert np.allclose(grey, np.einsum("chw,c->hw", colour, data.GREY))
    assert grey.std() > 0.05 and np.array_equal(grey, data.photograph(name, size=(30, 44)))


def test_what_there_is_no_photograph_of():
    with pytest.raises(ValueError, match="name must be 'flower' or 'china', not 'cat'"):
        data.photograph("cat")
    with pytest.raises(ValueError, match=r"size must be at most \(427, 640\), not \(500, 10\)"):
        data.photograph(size=(500, 10))


def test_digits_are_split_by_class_and_by_seed():
    x_train, t_train, x_test, t_test = split = data.digits()
    assert [a.shape for a in split] == [(1347, 1, 8, 8), (1347,), (450, 1, 8, 8), (450,)]
    assert x_train.min() == 0 and x_train.max() == 1 and set(t_train) == set(range(10))
    assert np.abs(np.bincount(t_test) / 450 - np.bincount(t_train) / 1347).max() < 0.003
    again, other = data.digits(0), data.digits(1)
    assert np.array_equal(again.x_test, x_test) and not np.array_equal(other.t_test, t_test)
