"""The reference: every public name has its entry, its examples run, each parameter is described."""

import doctest
import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from numpydoc.docscrape import FunctionDoc

import convlib
import course
import figures

PAGES = sorted((Path(__file__).parents[2] / "site/pages").glob("reference*.md"))
# what these offer comes from their packages, or from the modules within
INNER = re.compile(
    r"course\.(audit|class_grades|exercises|judging)\.\w+|course\.mistakes|course\.costs")
MODULES = [import_module(m.name) for package in (convlib, course)
           for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
           if not INNER.fullmatch(m.name)]


def own(module):
    """The public functions and classes that a module defines, by name."""
    return {f"{module.__name__}.{name}": thing for name, thing in vars(module).items()
            if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__
            and (inspect.isclass(thing) or inspect.isroutine(thing))}


def entries():
    """Names that the pages list one by one, in their order, and modules that they list whole."""
    names, whole = [], set()
    for page in PAGES:
        place = kind = target = ""
        for line in page.read_text(encoding="utf-8").splitlines():
            if line.strip() == ":members:" and kind == "automodule":
                whole.add(target)
            if not line.startswith(".. "):
                continue
            kind, _, target = line[3:].partition(":: ")
            if kind in ("py:module", "currentmodule"):
                place = target
            elif kind in ("autofunction", "autoclass"):
                names.append(target if "." in target else f"{place}.{target}")
    return names, whole


def test_every_public_name_has_one_entry():
    names, whole = entries()
    assert len(names) == len(set(names))
    for package in convlib, figures:
        assert {f"{package.__name__}.{name}" for name in package.__all__} <= set(names)
    for module in MODULES:
        for name, thing in own(module).items():
            assert thing.__doc__, f"{name} has no docstring: the reference would leave it out"
            offered = name.rsplit(".", 1)[1] in convlib.__all__
            assert offered or name in names or module.__name__ in whole, f"{name} has no entry"


def test_a_gradient_stands_directly_below_its_function():
    names, _ = entries()
    backwards = [name for name in names if name.endswith("_backward")]
    assert len(backwards) == sum(name.endswith("_backward") for name in convlib.__all__) > 0
    for name in backwards:
        assert names[names.index(name) - 1] == name.removesuffix("_backward")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run(page):
    blocks = re.findall(r"```pycon\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    assert blocks, "a page of the reference opens with an example"
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, None, None)
    said = []
    assert doctest.DocTestRunner().run(examples, out=said.append).failed == 0, "".join(said)
    plt.close("all")


OFFERED = [thing for package in (convlib, figures) for name in package.__all__
           if inspect.isfunction(thing := getattr(package, name))]


@pytest.mark.parametrize("offered", OFFERED, ids=lambda offered: offered.__name__)
def test_a_docstring_says_what_goes_in_and_what_comes_out(offered):
    said, signature = FunctionDoc(offered), inspect.signature(offered)
    named = [name for entry in said["Parameters"] for name in re.findall(r"\w+", entry.name)]
    assert named == list(signature.parameters)
    assert said["Summary"] and (said["Returns"] or signature.return_annotation is None)


def test_a_parameter_that_is_not_described_is_found():
    def halved(x, y):
        """Half of x.

        Parameters
        ----------
        x : int
            Anything.
        """

    said = [entry.name for entry in FunctionDoc(halved)["Parameters"]]
    assert said != list(inspect.signature(halved).parameters)
