"""The mutants that tests/run_mutations.py plants, and the tests that it runs on them."""

import ast
from pathlib import Path

import pytest

from tests.mutants import mutants
from tests.run_mutations import FITTING, fitting

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("code, changed", [
    ("a = b + c", ["a = b - c"]), ("a -= b", ["a += b"]), ("x[0]", ["x[1]", "x[-1]"]),
    ("a and b", ["a or b"]), ("not a", ["not not a"]), ("-a", ["+a"]), ("True", ["False"]),
    ("a < b == c", ["a <= b == c", "a < b != c"]), ("f(a, k=b)", ["f(a)"]),
    ("zip(a, strict=True)", []), ("a: int | None", []), ("f(**k)", []),
    ("'1 + 1'", []), ("a @ b // c", ["a @ b * c", "a * b // c"]),
])
def test_each_operator_and_constant_is_changed_once(code, changed):
    assert sorted(m.code for m in mutants(code)) == sorted(changed)


def test_a_mutant_says_where_it_is():
    (mutant,) = mutants("# first\n\na = (\n    b * c)\n")
    assert mutant.line == 4 and mutant.words == "b * c  ->  b + c"


def test_mutants_of_the_library_are_code_and_all_different():
    found = mutants((ROOT / "convlib/axis.py").read_text(encoding="utf-8"))
    assert len({m.code for m in found}) == len(found) > 50
    for mutant in found:
        ast.parse(mutant.code)


def test_every_file_has_tests_that_exist():
    files = [p.relative_to(ROOT).as_posix() for folder in ("convlib", "course", "figures")
             for p in (ROOT / folder).rglob("*.py")]
    for file in files:
        assert fitting(file) and all((ROOT / test).exists() for test in fitting(file)), file
    for start in FITTING:  # and no entry is hidden behind an earlier one
        first = next(s for s in FITTING if start.startswith(s))
        assert first == start
