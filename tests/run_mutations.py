"""Put each deliberate mistake in place of the gradients, and see the tests fail.

    python tests/run_mutations.py              all of them
    python tests/run_mutations.py no_flip      some of them

Prints for each mistake how many tests caught it, and the first one. Exits with 1 if one survives.
"""

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from course.mistakes import MISTAKES

ROOT = Path(__file__).resolve().parents[1]
TESTS = [f"tests/convlib/test_{name}.py"
         for name in ("reference_numbers", "conv", "checks", "activations")]


def caught_by(mistake):
    """The tests that fail with this mistake in place."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--mistake", mistake]
    run = subprocess.run([*command, *TESTS], cwd=ROOT, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(run.stdout + run.stderr)
    return re.findall(r"^FAILED (\S+)", run.stdout, re.M)


def main(names):
    survived = []
    for name in names:
        tests = caught_by(name)
        print(f"{name:22}" + (f"caught by {len(tests):2} tests, first {tests[0]}" if tests
                              else "SURVIVED"), flush=True)
        survived += [] if tests else [name]
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or MISTAKES))
