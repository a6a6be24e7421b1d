"""Put a mistake into the code, and see the tests fail: the well-known ones, or random small ones.

    python tests/run_mutations.py                                       all named mistakes
    python tests/run_mutations.py no_flip                               some of them
    python tests/run_mutations.py --random 40 --seed 1 convlib/axis.py  mutants of these files

A named mistake stands in place of the gradients. A random mutant changes one operator or constant
(see tests/mutants.py) in a copy of the tree, and the tests that fit the file run on it; the same
seed plants the same mutants. Prints what caught each, and exits with 1 if one survives.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from course.mistakes import MISTAKES  # noqa: E402
from tests.mutants import mutants  # noqa: E402

TESTS = [f"tests/convlib/test_{name}.py"
         for name in ("reference_numbers", "conv", "checks", "activations", "pooling")]
LIMIT = 600  # seconds: a mutant that goes round for ever is caught
LAYERS = ["orders", "exact", "geometry", "dispatch", "errors", "kernel_map", "conv",
          "conv_transpose", "matrix"]
# The first entry whose path begins the file's: the tests that fit, the quickest first.
FITTING = {
    "convlib/algorithms": [*LAYERS, "algorithms"], "convlib/networks": ["network", "training"],
    "convlib/symbolic": ["symbolic"], "convlib/data": ["data", "training"],
    "convlib/pooling": ["pooling", "backwards_table", "network"],
    "convlib/losses": ["activations", "backwards_table", "network"],
    "convlib/activations": ["activations", "backwards_table", "network"],
    "convlib/targets": ["activations", "backwards_table", "network"],
    "convlib/dense": ["activations", "backwards_table", "network"],
    "convlib/checks": ["checks", "errors"], "convlib/routes": ["checks", "reference_numbers"],
    "convlib": [*LAYERS, "pooling", "network", "algorithms"],
    "course/exercises/record": ["tests/course/test_record.py"],
    "course/exercises": ["tests/course/test_exercises.py", "tests/course/test_equivalence.py"],
    "course/mistakes": ["tests/course/test_check_matrix.py", "tests/course/test_mistakes.py"],
    "course": ["tests/course"],
    "figures/explorer": [f"tests/figures/test_explorer{part}.py"
                         for part in ("", "_presets", "_page")],
    "figures/widgets": ["tests/figures/test_live.py", "tests/figures/test_ask.py"],
    "figures": ["tests/figures"],
}


def caught_by(mistake):
    """The tests that fail with this mistake in place."""
    run = pytest(["--mistake", mistake, *TESTS], ROOT)
    if run.returncode not in (0, 1):
        sys.exit(run.stdout + run.stderr)
    return failed(run)


def pytest(arguments, root):
    """A run of pytest in this tree."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=LIMIT)


def failed(run):
    return re.findall(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.M)


def named(names):
    """How many of the named mistakes survive."""
    survived = []
    for name in names:
        tests = caught_by(name)
        print(f"{name:28}" + (f"caught by {len(tests):2} tests, first {tests[0]}" if tests
                              else "SURVIVED"), flush=True)
        survived += [] if tests else [name]
    return len(survived)


def fitting(file):
    """The tests for a file."""
    names = next(tests for start, tests in FITTING.items() if file.startswith(start))
    return [name if "/" in name else f"tests/convlib/test_{name}.py" for name in names]


def at_random(files, count, seed):
    """How many of `count` mutants of the files survive, planted one after the other in a copy."""
    all_of_them = [(file, mutant) for file in files
                   for mutant in mutants((ROOT / file).read_text(encoding="utf-8"))]
    some = random.Random(seed).sample(all_of_them, min(count, len(all_of_them)))
    survived = 0
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "tree"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "_build", "node_modules"))
        for file, mutant in some:
            right = (copy / file).read_text(encoding="utf-8")
            (copy / file).write_text(mutant.code, encoding="utf-8")
            try:
                run = pytest(["-x", *fitting(file)], copy)
                caught = "" if run.returncode == 0 else (failed(run) or ["cannot be imported"])[0]
            except subprocess.TimeoutExpired:
                caught = f"longer than {LIMIT} s"
            (copy / file).write_text(right, encoding="utf-8")
            survived += not caught
            print(f"{file}:{mutant.line}: {mutant.words}\n    "
                  + (f"caught by {caught}" if caught else "SURVIVED"), flush=True)
    print(f"{len(some) - survived} of {len(some)} caught")
    return survived


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="named mistakes; with --random, files")
    parser.add_argument("--random", type=int, metavar="N", help="how many random mutants")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    if given.random is None:
        return min(named(given.names or MISTAKES), 1)
    files = given.names or sorted(p.relative_to(ROOT).as_posix()
                                  for p in (ROOT / "convlib").rglob("*.py"))
    return min(at_random(files, given.random, given.seed), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
