"""The plugin that moves the sliders of every chapter finds what breaks at one position."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import nbformat.v4 as v4
import pytest

from tests.chapters import sliders

ROOT = Path(__file__).parents[2]
BREAKS_AT_THREE = """
from figures import live
def draw(fig, n):
    return f"one part in {6 // (3 - n)}"
live(draw, alt="", n=range(5))"""
FITS = BREAKS_AT_THREE.replace("range(5)", "range(3)")


def swept(source):
    """What the plugin does around the cells of a chapter, here without a kernel."""
    sliders.listen()
    exec(source, {"__name__": "__main__"})
    return sliders.sweep(source.count("\nlive("))


def test_make_test_moves_the_sliders_of_every_chapter():
    assert "--nbval -p tests.chapters.sliders" in (ROOT / "Makefile").read_text()


def test_a_chapter_with_a_slider_that_breaks_fails_after_its_last_cell(tmp_path):
    source = "from ipywidgets import interact\ninteract(lambda n: 1 / (3 - n), n=(0, 8));"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "wrong.ipynb")
    command = sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "-p"
    done = subprocess.run([*command, "tests.chapters.sliders", str(tmp_path)], cwd=ROOT,
                          capture_output=True, text=True)
    assert "1 failed, 2 passed" in done.stdout and "ZeroDivisionError" in done.stdout
    assert re.search(r"^FAILED .*wrong\.ipynb::sliders", done.stdout, re.M), done.stdout


@pytest.mark.parametrize("control", ["(0, 4)", "(0, 4, 0.5)", "[1, 3]", "True"])
def test_an_interact_that_breaks_at_one_value_is_found(control):
    source = ("from ipywidgets import interact\n"
              f"@interact(n={control})\ndef draw(n):\n    print(1 / (BAD - n))")
    bad = {"(0, 4)": 3, "(0, 4, 0.5)": 3.5, "[1, 3]": 3, "True": 0}[control]
    with pytest.raises(ZeroDivisionError):
        swept(source.replace("BAD", str(bad)))
    assert swept(source.replace("BAD", "9")) == []


@pytest.mark.parametrize("frames", ["0", "1"])
def test_a_slider_that_breaks_at_one_value_is_found(frames, monkeypatch):
    """Swept after its chapter, and drawn for a page by the build."""
    monkeypatch.setenv("FLIPPED_KERNEL_FRAMES", frames)
    with pytest.raises(ZeroDivisionError):
        swept(BREAKS_AT_THREE)
    assert swept(FITS) == [[f"one part in {n}" for n in (2, 3, 6)]]


@pytest.mark.parametrize("line, words", [
    ("fig.text(0, 0, '$^$')", "Expected"), ("fig.click = fig, None, None", "transData")])
def test_what_raises_when_a_picture_is_laid_out_is_found(line, words):
    source = FITS.replace("    return", f"    if n: {line}\n    return")
    with pytest.raises((ValueError, AttributeError), match=words):
        swept(source)


def test_a_figure_that_was_not_made_and_a_warning_are_found():
    with pytest.raises(AssertionError, match="0 live figures were made, not 1"):
        swept('text = """\nlive("""')
    with pytest.raises(AssertionError, match="UserWarning: odd"):
        swept("import warnings\nwarnings.warn('odd')")
