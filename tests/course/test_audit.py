"""Every claim of the sources, its verdict, and its machine check."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest

from course.audit import DOCUMENTS, PARTS, VERDICTS, audit, check_of, claims, totals
from course.audit.formulas import plain, runs
from course.audit.notation import COLUMNS, notation
from course.audit.verdicts import doubts, verdicts
from figures.widgets.table import audit_table, draw_totals

ROOT = Path(__file__).parents[2]
ALL = {claim.number: claim for claim in claims()}
DEFINITIONS = {"002-03", "002-27", "002-36", "002-50", "002-52", "003-01", "004-21", "004-24",
               "004-53"}
WRONG = [n for n, claim in ALL.items() if claim.verdict in ("slip", "conceptual")]
TOTALS = {"000": (6, 2, 5, 6, 0), "001": (2, 6, 3, 7, 0), "002": (18, 21, 8, 17, 5),
          "003": (12, 13, 1, 2, 2), "004": (40, 17, 5, 4, 3), "all": (78, 59, 22, 36, 10)}


def test_every_claim_once_in_order():
    numbers = [claim.number for claim in claims()]
    assert numbers == sorted(set(numbers)) and len(numbers) == 205
    assert numbers == [f"{d}-{n:02}" for d, t in list(TOTALS.items())[:-1]
                       for n in range(1, sum(t) + 1)]


def test_the_totals():
    assert {d: tuple(row[v] for v in VERDICTS) for d, row in totals().counts.items()} == TOTALS
    assert re.search(r"all +78 +59 +22 +36 +10 +205", repr(totals()))


@pytest.mark.parametrize("number", sorted(ALL.keys() - DEFINITIONS))
def test_the_correct_statement_is_confirmed_and_the_printed_one_refuted(number):
    result = audit(number)
    assert result.confirmed is True and result.refuted is not False and result.holds


def test_what_is_wrong_is_refuted_and_what_is_no_definition_is_checked():
    assert {n for n in ALL if check_of(n) is None} == DEFINITIONS
    assert all(check_of(n).printed is not None for n in WRONG) and len(WRONG) == 46
    assert {n for n, claim in ALL.items() if not claim.check} == DEFINITIONS
    checked = [(document, number) for document in DOCUMENTS for part in PARTS[document]
               for number in sys.modules[f"course.audit.{part}"].CHECKS]
    assert sorted(checked) == sorted((n[:3], n) for n in ALL.keys() - DEFINITIONS)


def test_words_and_chapters():
    for claim in claims():
        assert claim.verdict in VERDICTS and claim.document in DOCUMENTS
        assert claim.chapters and set(claim.chapters) <= set(range(1, 13))
        assert min(len(claim.says), len(claim.correct)) > 15
    texts = Counter(claim.says for claim in claims())
    # the same step is stated on several slides; nothing else is
    assert all(times <= 2 for times in texts.values())


def test_each_chapter_names_its_claims():
    for path in sorted((ROOT / "chapters").glob("0[1-9]_*.ipynb")):
        number = int(path.name[:2])
        cells = nbformat.read(path, as_version=4).cells
        named = {claim for cell in cells for claim in cell.metadata.get("claims", [])}
        due = {n for n, claim in ALL.items() if number in claim.chapters}
        assert due - named == set(), path.name


SPOILT = """
import numpy as np, convlib, convlib.conv
right = convlib.conv2d
def flipped(x, w, *args, **options):
    w = np.asarray(w)
    return right(x, w[..., ::-1, ::-1], *args, **options)
convlib.conv2d = flipped
from course.audit import audit
print(len(audit("000", "001").failed))
"""


def test_the_checks_can_fail():
    """With a flipped kernel in the forward pass many claims of two documents must break."""
    run = subprocess.run([sys.executable, "-c", SPOILT], cwd=ROOT, capture_output=True, text=True)
    assert int(run.stdout) >= 10, run.stderr


def test_importing_convlib_or_the_claims_needs_no_sympy():
    code = ("import sys, convlib; assert 'course.audit' not in sys.modules\n"
            "from course.audit import claims; claims(); print('sympy' in sys.modules)")
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout == "False\n", run.stderr


def test_what_is_shown():
    words = " ".join(repr(audit("004-44")).split())
    assert "wrong: conceptual" in words
    assert "came out true. The original came out false" in words
    assert "came out true. A tempting misreading came out false" in " ".join(
        repr(audit("000-03")).split())
    assert "definition" in repr(audit("002-36"))
    assert "46 of 46 wrong claims refuted" in repr(audit("slip", "conceptual"))
    assert "19 claims" in repr(audit("000"))
    with pytest.raises(ValueError, match="'000-99' names no claim; name a number such as"):
        audit("000-99")


def test_the_table_of_symbols_holds_what_the_claims_write():
    def bare(tex):
        return re.sub(r"\\[,;]|\\mathrm|[{}\s]", "", tex)

    says = {column: bare(" ".join(
        c.says for c in claims() if max(first for first in COLUMNS if first <= c.number) == column))
        for column in COLUMNS}
    named = [(column, symbol) for row in notation().rows for column in COLUMNS
             for formula in re.findall(r"\$(.*?)\$", row.get(column, ""))
             for symbol in bare(formula).strip(",").split(",")]
    assert [(column, symbol) for column, symbol in named if symbol not in says[column]] == []
    assert {column for column, _ in named} == {*COLUMNS} and len(named) > 90
    assert {column[:3] for column in COLUMNS} == {*DOCUMENTS}
    assert all(row.keys() <= {"book", *COLUMNS} for row in notation().rows)


def test_a_claim_is_shown_with_the_symbols_of_its_part():
    first, second = (" ".join(notation().of(number).split()) for number in ("002-35", "002-36"))
    assert first.startswith("R, S = k_1, k_2;") and second.startswith("x = I; w = w, then K;")
    words = " ".join(repr(audit("004-44")).split())
    assert "Symbols (book = document): x = X, later X^(1);" in words
    html, rows = notation()._repr_html_(), len(notation().rows)
    assert html.count("<td>") == rows * (1 + len(COLUMNS)) and html.count("<tr>") == rows + 1
    assert r'<span class="math">\(F_i\)</span>' in html and "$" not in html


def test_verdicts_and_doubts():
    assert tuple(verdicts().values()) == TOTALS["all"] and verdicts().keys() == VERDICTS.keys()
    assert "wrong: a slip (36 claims): false, but the" in repr(verdicts())
    assert "<strong>wrong: a slip</strong> (36 claims): false, but" in verdicts()._repr_html_()
    assert [c.number for c in doubts()] == [n for n, claim in ALL.items() if claim.doubt]
    assert repr(doubts()).count("(wrong: a slip)") == 2 and "002-60 and 002-61 (" in repr(doubts())
    assert doubts()._repr_html_().count("<li>") == 4
    assert f"A matter of judgement: {ALL['002-60'].doubt[:20]}" in repr(audit("002-60"))


def test_a_failure_is_shown(monkeypatch):
    from course.audit import document_000
    from course.audit.check import Check

    monkeypatch.setitem(document_000.CHECKS, "000-02", Check(lambda: False, lambda: True))
    assert audit("000").failed == ["000-02"] and "FAILED: 000-02" in repr(audit("000"))
    assert "CAME OUT FALSE" in repr(audit("000-02")) and "CAME OUT TRUE" in repr(audit("000-02"))


# ------------------------------------------------------------------ formulas and the table
@pytest.mark.parametrize("latex,text", [
    (r"$\sum_{p,q}dy[p,q]\,x[p+r,q+s]$", "Σ_(p,q) dy[p,q] x[p + r,q + s]"),
    (r"$\frac{\partial L}{\partial w_{11}}=\frac12$", "∂L/∂w_11 = 1/2"),
    (r"$\frac{a-b}{c}\cdot\hat t$ and $x^{k-1}$", "(a − b)/c ·t\u0302 and x^(k−1)"),
    (r"$y=-x_i-1$ and $[w-1]-c$", "y = −x_i − 1 and [w − 1] − c"),
    (r"$\frac{1}{y^\top p}$", "1/(y^⊤p)"), ("no formula", "no formula")])
def test_formulas_as_text(latex, text):
    assert plain(latex).strip() == text


@pytest.mark.parametrize("latex", [r"$\unknown$", "$a}$", "${a$"])
def test_latex_that_is_not_known_is_refused(latex):
    with pytest.raises(ValueError):
        runs(latex)


def test_the_table_holds_every_claim_as_readable_text():
    widget = audit_table()
    assert [row["number"] for row in widget.rows] == list(ALL)
    for row in widget.rows:
        for style, text in row["says"] + row["correct"]:
            assert style in ("", "sub", "sup") and not set(text) & set("\\$^"), row["number"]
    assert "205" in repr(widget)


def test_the_bars_carry_the_numbers():
    draw_totals()
    shown = [int(t.get_text()) for t in plt.gca().texts if t.get_text().isdigit()]
    assert shown == [n for d, row in list(TOTALS.items())[:-1] for n in row if n]
    plt.close("all")
