"""Photographs and digits: they are scikit-learn's, cell by cell, and nothing is fetched."""

import socket
import sys

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits, load_sample_image
from sklearn.model_selection import train_test_split

from convlib import data
from tools.make_data import write


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


def test_the_last_quarter_of_the_file_is_kept_in_its_order():
    images, classes = load_digits(return_X_y=True)
    x_train, t_train, x_test, t_test = data.digits(seed=None)
    assert len(t_train) == 1347 and np.array_equal(np.hstack([t_train, t_test]), classes)
    assert np.array_equal(np.vstack([x_train, x_test]), images.reshape(-1, 1, 8, 8) / 16)


# What the book had from scikit-learn itself is what it has from its files.


@pytest.mark.parametrize("seed", range(21))
def test_a_seed_splits_the_digits_as_scikit_learn_does(seed):
    images, classes = load_digits(return_X_y=True)
    parts = train_test_split(images.reshape(-1, 1, 8, 8) / 16, classes, test_size=0.25,
                             stratify=classes, random_state=seed)
    split = data.digits(seed)
    for ours, theirs in zip((split.x_train, split.x_test, split.t_train, split.t_test), parts,
                            strict=True):
        assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs)


@pytest.mark.parametrize("name", ["flower", "china"])
def test_the_photographs_are_scikit_learns(name):
    theirs = load_sample_image(f"{name}.jpg") / 255
    assert np.array_equal(data.photograph(name, size=(427, 640), grey=False),
                          np.moveaxis(theirs, -1, 0))


def test_the_script_writes_the_files(tmp_path):
    write(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {
        p.name for p in data.FOLDER.iterdir() if p.suffix in (".npz", ".png")}
    for path in tmp_path.glob("*.png"):
        with Image.open(path) as new, Image.open(data.FOLDER / path.name) as kept:
            assert np.array_equal(new, kept)
    with np.load(tmp_path / "digits.npz") as new, np.load(data.FOLDER / "digits.npz") as kept:
        assert list(new) == list(kept)
        assert all(np.array_equal(new[part], kept[part]) for part in new)


def test_scikit_learn_and_scipy_are_not_needed(monkeypatch):
    for name in [n for n in sys.modules if n.split(".")[0] in ("sklearn", "scipy")]:
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails
    data._original.cache_clear()
    assert data.photograph("china", size=(4, 6)).shape == (4, 6)
    assert len(data.digits(3).t_test) == 450


def test_every_file_has_its_source():
    said = (data.FOLDER / "SOURCES.txt").read_text(encoding="utf-8")
    for path in data.FOLDER.iterdir():
        assert path.suffix not in (".npz", ".png") or f"\n{path.name}: " in said
