"""A masked cell is not a number: nothing reads through the mask. And decimals beside floats."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convlib
from convlib.data import digits
from convlib.networks import (
    Conv,
    Dense,
    Relu,
    accuracy,
    check_gradients,
    forward,
    gradients,
    predict,
    set_weights,
    train,
    weights,
)
from tests.convlib.fuzz import FUNCTIONS, fitting

DATA = digits()
X, T = DATA.x_train[:12], DATA.t_train[:12]
HIDDEN = np.ma.masked_array(X, X > 0.9)
FEW = np.ma.masked_array(T, T > 5)
NETWORK = [Conv(1, 2, 3, padding=1), Relu(), Dense(2 * 64, 10)]


@pytest.mark.parametrize("name, call", [
    ("x", lambda: train(NETWORK, HIDDEN, T, epochs=1)),
    ("target", lambda: train(NETWORK, X, FEW, epochs=1)),
    ("test's x", lambda: train(NETWORK, X, T, epochs=1, test=(HIDDEN, T))),
    ("test's target", lambda: train(NETWORK, X, T, epochs=1, test=(X, FEW))),
    ("x", lambda: forward(NETWORK, HIDDEN)), ("x", lambda: predict(NETWORK, HIDDEN)),
    ("x", lambda: accuracy(NETWORK, HIDDEN, T)), ("target", lambda: accuracy(NETWORK, X, FEW)),
    ("x", lambda: gradients(NETWORK, HIDDEN, T)),
    ("x", lambda: check_gradients(NETWORK, HIDDEN, T)),
    ("w1", lambda: set_weights(NETWORK, weights(NETWORK) | {
        "w1": np.ma.masked_less(weights(NETWORK)["w1"], 0)})),
    ("x", lambda: convlib.numerical_gradient(np.sum, HIDDEN[0])),
    ("x", lambda: convlib.adjoint_gap(lambda x: x, lambda dy: dy, HIDDEN, X)),
    ("dy", lambda: convlib.adjoint_gap(lambda x: x, lambda dy: dy, X, HIDDEN)),
])
def test_masked_cells_are_refused_by_name(name, call):
    before = {key: w.copy() for key, w in weights(NETWORK).items()}
    with pytest.raises(ValueError, match=rf"{name} has masked cells.*{name}\.filled\(0\)"):
        call()
    assert all(np.array_equal(before[key], w) for key, w in weights(NETWORK).items())


def test_a_mask_that_hides_nothing_is_no_trouble():
    same = np.ma.masked_array(X)
    assert np.array_equal(predict(NETWORK, same), predict(NETWORK, X))
    assert accuracy(NETWORK, same, np.ma.masked_array(T)) == accuracy(NETWORK, X, T)


LAYERS = [name for name, (first, _) in FUNCTIONS.items() if {"x", "w"} <= set(first)]


@given(st.sampled_from(LAYERS), st.randoms(use_true_random=False), st.data())
def test_decimals_are_multiplied_or_refused_in_words(name, rng, data):
    first, _ = FUNCTIONS[name]
    args = fitting(rng, name, first)
    made = {"decimal": Decimal("1.5"), "float": 1.5, "fraction": Fraction(3, 2), "whole": 2}
    kinds = [data.draw(st.sampled_from([*made])) for _ in first]
    args = [np.full(np.shape(arg), made[kind], None if kind in ("float", "whole") else object)
            for arg, kind in zip(args, kinds, strict=True)]
    if "decimal" in kinds and {"float", "fraction"} & set(kinds):
        with pytest.raises(TypeError, match=r"holds decimals and .* floats or fractions"):
            getattr(convlib, name)(*args)
    else:
        assert getattr(convlib, name)(*args) is not None


def test_a_step_that_no_difference_survives_is_refused():
    with pytest.raises(ValueError, match="eps must be positive and at most 1, not 1e\\+300"):
        check_gradients(NETWORK, X, T, eps=1e300)
