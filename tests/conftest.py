"""`pytest --mistake NAME` plants a well-known wrong gradient: the tests have to notice it."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--mistake", metavar="NAME", help="plant this mistake of course.mistakes")


def pytest_configure(config):
    # Before any test module is imported, so that `from convlib import conv1d` gets the wrong one;
    # every xdist worker is given the same option and comes through here too.
    name = config.getoption("mistake")
    if name is None:
        return
    from course import mistakes

    if name not in mistakes.MISTAKES:
        raise pytest.UsageError(f"no mistake {name!r}; there are {', '.join(mistakes.MISTAKES)}")
    mistakes.plant(name)
