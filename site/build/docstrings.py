"""Sphinx extension: convlib's docstrings, which are plain text, as reStructuredText for autodoc.

Indented equations are set as formulas, or shown as they stand where plain_math does not
know them. Columns become definitions, "Raises ..." and "Source: ..." fields, names links.
"""

import ast
import inspect
import re
import textwrap

from plain_math import Unknown, display, formula

import convlib
import figures

# Names that are no words of a sentence: conv2d, kernel_map, KernelMap.
LINKED = {name: f"{package.__name__}.{name}" for package in (convlib, figures)
          for name in package.__all__ if re.search("[a-z][A-Z0-9_]", name)}
COLUMNS = re.compile(r"(\S.*?) {2,}(\S.*)")
FIELD = re.compile(r"(?:^|(?<=\.\s))(?:(Raises) (.*?\.)(?:\s+(?=[A-Z])|\s*$)|(Source): (.*))", re.S)
SPECIAL = re.compile(
    r"`(?P<code>[^`]+)`"
    r'|(?P<call>\w*\([^()]*"[^()]*(\([^()]*\)[^()]*)*\)|\{[^{}]*"[^{}]*\})'
    r'|(?P<word>"[a-z\d][^"\n]{0,24}")'
    r"|(?<=\S) {2}(?P<formula>\S[^\n]*?)(?= {2}|\.?$|\. )"
    r"|(?P<name>(?<![\w.])\w+(?![\w(]))"
    r"|(?P<arrow>->)"
    r"|(?P<mark>[*|_\\])", re.M)


def markup(text, own=""):
    """Running text: code, formulas and links are marked, all other signs mean themselves."""
    def mark(found):
        kind, part = found.lastgroup, found[found.lastgroup]
        if kind in ("code", "call", "word"):
            return f"``{part}``"
        if kind == "formula":
            try:
                return rf" :math:`{formula(part)}`"
            except Unknown:
                return f" ``{part}``"
        if kind == "name":
            linked = part in LINKED and part != own
            return f":py:obj:`~{LINKED[part]}`" if linked else part.replace("_", r"\_")
        return "→" if kind == "arrow" else f"\\{part}"

    return SPECIAL.sub(mark, text)


def restructured(text, own=""):
    """A docstring as lines of reStructuredText; `own` is the name it belongs to."""
    parts, fields = [], []
    for part in re.split(r"\n\s*\n", text.rstrip()):
        lines = part.split("\n")
        if all(line.startswith("    ") for line in lines):
            parts.append(set_equations(inspect.cleandoc("\n" + part)))
        elif len(lines) > 1 and COLUMNS.fullmatch(lines[0]):
            parts.append(definitions(lines, own))
        else:
            for kind, said in (filter(None, found) for found in FIELD.findall(part)):
                fields.append(f":{kind}: {markup(' '.join(said.split()), own)}")
            parts.append(markup(re.sub(r"\n\s+", "\n", FIELD.sub("", part)).strip(), own))
    return "\n\n".join([p for p in parts if p] + ["\n".join(fields)]).split("\n") + [""]


def set_equations(block):
    try:
        directive, block = ".. math::", display(block)
    except Unknown:
        directive = ".. code-block:: text"
    return "\n".join([directive, "", *("    " + line for line in block.split("\n"))])


def definitions(lines, own):
    """Columns of names and what they are; a line that is set in goes on with the last."""
    entries = []
    for line in lines:
        if line[0] == " ":
            entries[-1][1] += " " + line.strip()
        else:
            found = COLUMNS.fullmatch(line) or re.match(r"(\S+) (.*)", line)
            entries.append(list(found.groups()))
    return "\n".join(f"``{name}``\n    {markup(said, own)}" for name, said in entries)


def written(thing):
    """A docstring as it stands in its file, without the margin of its definition.

    Python's own tools take off what all lines share: where an equation ends the docstring, that
    is the sign that it is one.
    """
    if not inspect.isclass(thing):
        thing = getattr(thing, "fget", getattr(thing, "func", thing))  # what a property calls
    tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    text = ast.get_docstring(tree if inspect.ismodule(thing) else tree.body[0], clean=False) or ""
    return text if inspect.ismodule(thing) else re.sub(r"^ {4}", "", text, flags=re.M)


def process(app, what, name, thing, options, lines):
    if what != "data":
        lines[:] = restructured(written(thing), name.rsplit(".", 1)[-1])


def skip(app, what, name, thing, skipped, options):
    """A tuple's fields say nothing, and what convlib itself offers has its entry there."""
    field = (inspect.getdoc(thing) or "").startswith("Alias for field number")
    offered = what == "module" and name in convlib.__all__ and thing is getattr(convlib, name)
    return True if field or offered else None


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", process)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True}
