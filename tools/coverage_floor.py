"""Fail where a module of convlib or course has fewer than 95 % of its lines run by the tests."""

import sys

from coverage import Coverage

FLOOR = 95  # of the whole `fail_under` in pyproject.toml decides


def shares(measured: Coverage) -> dict[str, float]:
    """{file: the lines that were run, in per cent}."""
    report = {}
    for file in measured.get_data().measured_files():
        _, lines, _, missing, _ = measured.analysis2(file)
        report[file] = 100 * (1 - len(missing) / max(len(lines), 1))
    return report


if __name__ == "__main__":
    measured = Coverage()
    measured.load()
    below = {file: share for file, share in shares(measured).items() if share < FLOOR}
    for file, share in sorted(below.items()):
        print(f"{file}: {share:.0f} %, the floor is {FLOOR} %")
    sys.exit(bool(below))
