"""Every test of figures closes what it drew."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def fig():
    return plt.figure(figsize=(9, 4))
