"""A pytest plugin: the sliders of the chapters that nbval runs are moved over their whole range.

    python -m pytest --nbval -p tests.chapters.sliders chapters/05_input_gradient.ipynb

In the kernel of each notebook, `listen` runs before its first cell and `sweep` after its last one,
where a reader moves the sliders. A warning that any of the cells gives is an error, as in tests.
"""

import ast
import warnings
from collections import defaultdict
from itertools import product
from pathlib import Path

import ipywidgets

ROOT = Path(__file__).parents[2]
made, warned = [], []  # widgets, and warnings


def pytest_collection_modifyitems(items):
    from nbval.plugin import IPyNbCell

    chapters = {}
    for item in items:
        if isinstance(item, IPyNbCell):
            chapters.setdefault(item.parent, []).append(item)
    for chapter, cells in chapters.items():
        live = sum("live" in calls(item.cell) for item in cells)
        items.insert(items.index(cells[0]), _item(chapter, "before", "listen()"))
        items.insert(items.index(cells[-1]) + 1, _item(chapter, "sliders", f"sweep({live})"))


def _item(chapter, name, call):
    """A cell that nbval runs in the kernel of a chapter; whatever it shows is right."""
    from nbformat.v4 import new_code_cell
    from nbval.plugin import IPyNbCell

    here = (f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
            "from tests.chapters import sliders\ndel sys.path[0]\n")
    return IPyNbCell.from_parent(chapter, name=name, cell_num=-1, options=defaultdict(bool),
                                 cell=new_code_cell(f"{here}sliders.{call}"))


def calls(cell):
    """Names of the functions a cell calls, `figures.widgets.live(...)` and `live(...)` alike."""
    called = (node.func for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call))
    return {getattr(f, "id", getattr(f, "attr", None)) for f in called}


def listen():
    """Note every widget that is made from here on, and every warning that is given."""
    import pyparsing

    made.clear()
    warned.clear()
    ipywidgets.Widget.on_widget_constructed(made.append)
    warnings.simplefilter("always")
    warnings.filterwarnings(  # of Matplotlib 3.10
        "ignore", ".* deprecated.* use ", pyparsing.PyparsingDeprecationWarning)
    warnings.showwarning = _note


def _note(message, category, filename, line, *_):
    if "matplotlib_inline" not in filename:  # which belongs to the kernel
        warned.append(warnings.formatwarning(message, category, filename, line))


def sweep(live):
    """Draw every picture of every slider; what that raises comes out.

    At least so many live figures are to be found, each with a caption for each of its pictures.
    """
    ipywidgets.Widget.on_widget_constructed(None)
    for widget in made:
        if isinstance(widget, ipywidgets.interactive):
            call_all(widget)
    captions = [widget.sweep() for widget in made if hasattr(widget, "sweep")]
    assert len(captions) >= live, f"{len(captions)} live figures were made, not {live}"
    assert all(captions), "a slider drew nothing"
    assert not warned, "\n".join(warned)
    return captions


def call_all(interactive):
    """Call the function of an `interact` with all it can be given; no picture is shown."""
    import matplotlib.pyplot as plt

    plt.show = lambda: plt.close("all")
    names = [control._kwarg for control in interactive.kwargs_widgets]
    for values in product(*map(choices, interactive.kwargs_widgets)):
        interactive.f(**dict(zip(names, values, strict=True)))


def choices(control):
    """Every value that a control of `interact` can take."""
    if hasattr(control, "options"):
        return [value for _, value in control._options_full]
    if isinstance(control, ipywidgets.Checkbox):
        return [False, True]
    count = round((control.max - control.min) / control.step)
    return [control.min + n * control.step for n in range(count + 1)]
