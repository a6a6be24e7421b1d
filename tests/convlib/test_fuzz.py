"""Anything that a caller may bring: an answer, or ValueError or TypeError with words that help."""

import pytest

import convlib
from tests.convlib.fuzz import FUNCTIONS, REFUSALS, Odd, call, complaint

CALLS = 600


@pytest.mark.parametrize("chunk", range(6))
def test_no_call_crashes_or_hangs(chunk):
    seeds = range(chunk * CALLS // 6, (chunk + 1) * CALLS // 6)
    wrong = {seed: said for seed in seeds for said, _ in [complaint(*call(seed))] if said}
    assert not wrong, wrong


@pytest.mark.filterwarnings("ignore")
def test_many_calls_are_answered_and_many_refused():
    answered = dict.fromkeys(FUNCTIONS, 0)
    for seed in range(CALLS):
        name, args, options = call(seed)
        try:
            getattr(convlib, name)(*args, **options)
            answered[name] += 1
        except REFUSALS:
            pass
    assert 0.3 * CALLS < sum(answered.values()) < 0.7 * CALLS
    assert min(answered.values()) >= 10


def test_a_bad_answer_is_noticed(monkeypatch):
    def crashes(x):
        return x[0]

    for error, words in ((ValueError("bad"), "ValueError: bad"), (KeyError("b2"), "KeyError: 'b2'"),
                         (TypeError("'int' object is not iterable"), "object is not iterable")):
        def refuses(x, error=error):
            raise error

        monkeypatch.setattr(convlib, "conv1d", refuses)
        assert words in complaint("conv1d", [1], {})[0]
    monkeypatch.setattr(convlib, "conv1d", crashes)
    assert complaint("conv1d", [[1]], {})[0] is None
    assert "TypeError" in complaint("conv1d", [Odd()], {})[0]
    monkeypatch.setattr("tests.convlib.fuzz.LIMIT", -1)
    assert "took 0.0 s" in complaint("conv1d", [[1]], {})[0]
