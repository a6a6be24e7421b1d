"""The reference: every public name has its entry, its examples run, its equations are right."""

import doctest
import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import convlib
import figures
from tools.docstrings import restructured, written
from tools.plain_math import Unknown, display, formula

PAGES = sorted((Path(__file__).parents[1] / "book/pages").glob("reference*.md"))
INNER = re.compile(r"convlib\.(audit|exercises)\.\w+")  # what they offer comes from their packages
MODULES = [import_module(m.name) for m in pkgutil.walk_packages(convlib.__path__, "convlib.")
           if not INNER.fullmatch(m.name)]
# Equations that hold more words, or other signs, than tools/plain_math.py knows; and code.
VERBATIM = {
    "convlib.algorithms.choose", "convlib.algorithms.strip_gemm", "convlib.algorithms.winograd",
    "convlib.checks.adjoint_gap", "convlib.counts", "convlib.network", "convlib.network.backward",
    "convlib.network.check_gradients", "convlib.pooling.max_pool2d_backward", "convlib.tally",
}


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


@pytest.mark.parametrize("text, latex", [
    ("db    = sum_p dy[p]", r"db = \sum_{p} dy[p]"),
    ("dw[r,s] = sum_{p,q} dy[p,q] x[p + r, q + s]",
     r"dw[r, s] = \sum_{p, q} dy[p, q] \; x[p + r, q + s]"),
    ("i = p*stride + (R-1-r)*dilation - padding",
     r"i = p \cdot \mathrm{stride} + (R - 1 - r) \cdot \mathrm{dilation} - \mathrm{padding}"),
    ("P = floor((size - span) / stride) + 1",
     r"P = \left\lfloor \frac{\mathrm{size} - \mathrm{span}}{\mathrm{stride}} \right\rfloor + 1"),
    ("0 <= u <= (R-1-t) // a,", r"0 \le u \le \left\lfloor \frac{R - 1 - t}{a} \right\rfloor,"),
    ("a[...] = 1 / (1 + exp(-x[...]))", r"a[\ldots] = \frac{1}{1 + \exp(-x[\ldots])}"),
    ("p[...,k] = exp(x[...,k]) / sum_m exp(x[...,m])",
     r"p[\ldots, k] = \frac{\exp(x[\ldots, k])}{\sum_{m} \exp(x[\ldots, m])}"),
    ("L = - 1/N sum_n t[n] log p[n]", r"L = -\frac{1}{N} \; \sum_{n} t[n] \; \log p[n]"),
    ("L = sum (y[...] - target[...])^2",
     r"L = \sum (y[\ldots] - \mathrm{target}[\ldots])^{2}"),
    ("y[p] = max_{r,s} x[p + r, s]", r"y[p] = \max_{r, s} x[p + r, s]"),
    ("a[...] = max(x[...], 0)", r"a[\ldots] = \max(x[\ldots], 0)"),
    ("dx = dy (diag p - p p^T)", r"dx = dy \; (\mathrm{diag} \; p - p \; p^{\top})"),
    ("dw = dy @ columns.T", r"dw = dy \; \mathrm{columns}^{\top}"),
    ("df/dx[i] = f(x + eps e_i) / (2 eps)",
     r"\frac{df}{dx[i]} = \frac{f(x + \mathrm{eps} \; e_{i})}{2 \; \mathrm{eps}}"),
    ("x_l = layer_l(x_(l-1))", r"x_{l} = \mathrm{layer}_{l}(x_{l - 1})"),
    ("x[i] += dy[p] if x[i] > 0 else 0",
     r"x[i] \mathrel{+}= dy[p] \;\text{ if }\; x[i] > 0 \;\text{ else }\; 0"),
])
def test_a_formula(text, latex):
    assert formula(text) == latex


@pytest.mark.parametrize("text", [
    "x[i] = sum of dy[p]", "y = w[:, 0]", "y = (a + b", "y = a)", "| a | = b", "y = x^3.5",
    "y = magic(x)", "y = x0", "y = a +", "x_{10 = 1", "y = a -> b", ""])
def test_what_is_not_known_is_refused(text):
    with pytest.raises(Unknown):
        formula(text)


def test_rows_and_remarks():
    assert display("y[p] = b   over all c with\n           i = p,  j = q") == (
        "\\begin{aligned}\ny[p] &= b \\qquad \\text{over all $c$ with} \\\\\n"
        "i &= p, \\\\\nj &= q\n\\end{aligned}")
    assert display("y = x[p,\n      q]") == (
        "\\begin{aligned}\ny &= x[p, \\\\ & \\qquad q]\n\\end{aligned}")
    for block in "y = a * b    * is cell by cell", "y = a    z = what(b)":
        with pytest.raises(Unknown):
            display(block)


def everything():
    for module in MODULES:
        yield module.__name__, module
        yield from own(module).items()


def equations(thing):
    """The blocks of a docstring that are set in."""
    paragraphs = re.split(r"\n\s*\n", written(thing).rstrip())
    return [inspect.cleandoc("\n" + text) for text in paragraphs
            if all(line.startswith("    ") for line in text.split("\n"))]


def signs(latex):
    """Letters, digits and signs of a display in their order, without what only sets them."""
    for command, plain in {
            r"\\(begin|end)\{aligned\}|\\\\|[&$]": "", r"\\le(?!\w)": "<=", r"\\top": "T",
            r"\\(sum|max|log|exp|delta)(?![A-Za-z])": r"\1", r"\\[A-Za-z]+": ""}.items():
        latex = re.sub(command, plain, latex)
    return re.findall(r"[\w+\-=<>,]|\[|\]", latex.replace("_", ""))


def test_every_equation_is_translated_with_every_sign_or_listed_as_it_stands():
    listed, translated = set(), 0
    for name, thing in everything():
        for block in equations(thing):
            try:
                latex = display(block)
            except Unknown:
                listed.add(name)
                continue
            translated += 1
            assert signs(latex) == signs(block.replace("floor(", "(")), name
    assert listed == VERBATIM
    assert translated > 40


def test_a_docstring():
    assert "\n".join(restructured("""A cell of x_shape -> y; see conv2d, vec("x", (1, 2)) and `a*b`.

    y[p] = x[p] * w[0]

x, w    arrays of
        one shape
y       the *product*

padding: an int or "same". Raises ValueError if 2 * p > 3, TypeError for letters. The end.
Source: E. Author, A Title (2016).
""", own="vec")).strip() == r"""
A cell of x\_shape → y; see :py:obj:`~convlib.conv2d`, ``vec("x", (1, 2))`` and ``a*b``.

.. math::

    \begin{aligned}
    y[p] &= x[p] \cdot w[0]
    \end{aligned}

``x, w``
    arrays of one shape
``y``
    the \*product\*

padding: an int or ``"same"``. The end.

:Raises: ValueError if 2 \* p > 3, TypeError for letters.
:Source: E. Author, A Title (2016).""".strip()
