"""Says which cell defines a name, if a cell is run out of order or after a restart.

NameError keeps its traceback, which then ends with where the name comes from. The notebook is read
from its file, so what is not saved yet is not seen.
"""

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

AGAIN = "Run the cells above again, from the top."
SCOPES = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda


def explain_missing_names() -> None:
    """In a notebook, add to each NameError which cell defines the name; elsewhere do nothing."""
    shell = _shell()
    if shell is not None and not getattr(shell, "custom_exceptions", True):
        shell.set_custom_exc((NameError,), _show)


def where_defined(name: str, cells: list[dict[str, Any]], current: int | None) -> str:
    """Which cell defines a name, in words; "" where none does.

    Parameters
    ----------
    name : str
        What is missing.
    cells : list of dict
        Those of the notebook.
    current : int, optional
        The number of the cell that misses it.
    """
    makers = [n for n, cell in enumerate(cells) if cell.get("cell_type") == "code" and n != current
              and name in defined("".join(cell.get("source", [])))]
    if not makers:
        return ""
    above = [n for n in makers if current is None or n < current]
    maker = above[-1] if above else makers[0]
    heading = next((match[1] for cell in cells[maker::-1] if cell.get("cell_type") == "markdown"
                    for match in [re.search(r"^#+ (.+)$", "".join(cell["source"]), re.M)] if match),
                   None)
    under = f" under “{heading}”" if heading else ""
    lines = [line for line in "".join(cells[maker]["source"]).splitlines() if line.strip()]
    line = next((line for line in lines if re.search(rf"\b{re.escape(name)}\b", line)), lines[0])
    place = "a cell" + ("" if current is None else " above" if above else " further down")
    return (f"{name} is defined in {place}{under}:\n    {line.strip()[:80]}\n"
            + (AGAIN if above else "Run that cell first."))


def defined(source: str) -> set[str]:
    """The names that a cell defines for the cells after it; none where it is no Python."""
    python = "\n".join("" if line.lstrip().startswith(("%", "!")) else line
                       for line in source.splitlines())
    try:
        return set(_names(ast.parse(python)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()


def _names(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif isinstance(child, ast.alias):
            yield (child.asname or child.name).split(".")[0]
        elif isinstance(child, SCOPES):
            yield getattr(child, "name", "")
        elif not isinstance(child, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            yield from _names(child)


def _show(shell: Any, etype: Any, value: Any, tb: Any, tb_offset: int | None = None) -> None:
    """The traceback as always, with the words as a note, which must never be in its way."""
    try:
        words = _explanation(shell, value, tb)
    except Exception:  # a notebook may hold anything
        words = AGAIN
    if words:
        value.add_note(words)
    shell.showtraceback((etype, value, tb), tb_offset=tb_offset)


def _explanation(shell: Any, value: NameError, tb: Any) -> str:
    while tb.tb_next:
        tb = tb.tb_next
    name = getattr(value, "name", None)
    # not a local name used too early, and no fault inside a library
    own = tb.tb_frame.f_globals is shell.user_ns
    if not name or not own or isinstance(value, UnboundLocalError):
        return ""
    cells = _cells(shell)
    if not cells:
        return f"If a cell above defines {name}: {AGAIN[0].lower()}{AGAIN[1:]}"
    return where_defined(name, cells, _current(shell, cells))


def _cells(shell: Any) -> list[dict[str, Any]]:
    """The cells of the notebook that this kernel runs; none where its file is not known."""
    path = shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME") or ""
    file = Path(path)
    if file.suffix != ".ipynb" or not file.is_file():
        return []
    cells = json.loads(file.read_text(encoding="utf-8")).get("cells", [])
    return cells if isinstance(cells, list) else []


def _current(shell: Any, cells: list[dict[str, Any]]) -> int | None:
    """The number of the cell that runs: by its id, which JupyterLab sends, else by its text."""
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    name = (parent.get("metadata") or {}).get("cellId")
    text = (parent.get("content") or {}).get("code", "").strip()
    same = [n for n, cell in enumerate(cells) if name and cell.get("id") == name]
    same += [n for n, cell in enumerate(cells) if text and "".join(cell["source"]).strip() == text]
    return same[0] if same else None


def _shell() -> Any:
    try:
        from IPython import get_ipython
    except ImportError:  # the exercises work without a notebook
        return None
    return get_ipython()
