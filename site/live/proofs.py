"""The derivations in SymPy as notebooks for the browser: cells of the chapters, and a check each.

They need no NumPy. A chapter's own checks do, so here the gradients are compared with plain loops.
"""

from pathlib import Path

import nbformat

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
IMPORT = "from convlib import symbolic as sym"  # which chapter 5 does at its beginning
# Chapter: its cells, as ranges from one id to another, and what is checked at the end.
PROOFS = {
    "01_one_dimension": ([("any-size", "general-condition")], """
dy, w = [2, 4, 7], [10, 1]
dx = [0] * 4
for p, r in product(range(3), range(2)):
    dx[p + r] += dy[p] * w[r]
found = [general.at(dy=dy, w=w, R=2, P=3, i=i) for i in range(4)]"""),
    "04_kernel_gradient": ([("general", "general-condition")], """
x, dy = [[1, 2, 0, -1], [3, 1, -2, 2], [0, 4, 1, 5]], [[1, 2], [-1, 3]]
dw = [[0] * 3 for _ in range(2)]
for p, q, r, s in product(range(2), range(2), range(2), range(3)):
    dw[r][s] += dy[p][q] * x[p + r][q + s]
found = [[chosen.at(dy=dy, x=x, P=2, Q=2, R=2, S=3, m=m, u=u) for u in range(3)] for m in range(2)]
"""),
    "05_input_gradient": ([("indicator", "plane-change")], """
dy, w = [[1, 2], [-1, 3]], [[1, -1, 2], [0, 3, -2]]
dx = [[0] * 4 for _ in range(3)]
for p, q, r, s in product(range(2), range(2), range(2), range(3)):
    dx[p + r][q + s] += dy[p][q] * w[r][s]
found = [[window.at(dy=dy, w=w, R=2, S=3, i=i, j=j) for j in range(4)] for i in range(3)]"""),
    "11_strides": ([("proof-options-text", "trap-refused"), ("residues-text", "residues-integers")],
                   """
dy, w, size = [1, 2, 3], [1000, 100, 10, 1], 8  # x has eight entries, the stride is 2
dx = [0] * size
for p, r in product(range(3), range(4)):
    dx[2 * p + r] += dy[p] * w[r]
found = [chosen.at(dy=dy, w=w, R=4, P=3, stride=2, padding=0, m=i // 2, t=i % 2)
         for i in range(size)]"""),
}


def cells(chapter, ranges):
    """Texts and code of a chapter, without tags, folds and outputs."""
    found = nbformat.read(CHAPTERS / f"{chapter}.ipynb", as_version=4).cells
    places = {cell.id: n for n, cell in enumerate(found)}
    for first, last in ranges:
        for cell in found[places[first]:places[last] + 1]:
            new = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
            yield new(cell.source, id=cell.id)


def notebook(chapter):
    """The proof of one chapter, ready to run."""
    ranges, check = PROOFS[chapter]
    number, new, body = int(chapter[:2]), nbformat.v4, [*cells(chapter, ranges)]
    if not any("import symbolic" in cell.source for cell in body):
        body.insert(0, new.new_code_cell(IMPORT, id="imports"))
    gradient = "dw" if "dw" in check else "dx"
    return new.new_notebook(
        metadata={"kernelspec": {"name": "python", "display_name": "Python (Pyodide)"}},
        cells=[
            new.new_markdown_cell(
                f"# The proof of chapter {number}, in SymPy\n\nYour browser runs these cells, "
                "without a server. Press *Shift + Enter* in each, or choose *Run > Run All Cells*. "
                "The first one takes longest.", id="title"),
            *body,
            new.new_markdown_cell(
                f"Is it right? We read the formula at numbers and compare it with ${gradient}$ "
                "from the definition, product by product:", id="numbers-text"),
            new.new_code_cell(
                f"from itertools import product\n\n{check.strip()}\n"
                f"assert found == {gradient}\nprint(\"checked:\", found)", id="numbers")])


def write_proofs(folder):
    """One notebook for each chapter that has a proof."""
    for chapter in PROOFS:
        nbformat.write(notebook(chapter), folder / f"{chapter}_proof.ipynb")
