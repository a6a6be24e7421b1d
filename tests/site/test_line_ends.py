"""What stays together at the end of a line, and which tables are lists on a phone."""

import re

import line_ends
import narrow_tables
import pytest

BOX = ('<span class="math notranslate nohighlight"><mjx-container class="MathJax"><mjx-math>x'
       "</mjx-math></mjx-container></span>")
CODE = '<code class="docutils literal notranslate">%s</code>'


@pytest.mark.parametrize("before,after", [
    ("", ","), ("", ")."), ("(", ""), ("(", "):"), ("", "’s"), ("[", "]"), ("“", "?”")])
def test_a_formula_keeps_the_signs_at_its_sides(before, after):
    text = f"<p>Here {before}{BOX}{after} and <em>then</em></p>"
    whole = f'<p>Here <span class="unbroken">{before}{BOX}{after}</span> and <em>then</em></p>'
    assert line_ends.kept(text) == whole


def test_a_formula_between_spaces_and_tags_is_left_alone():
    text = f"<p>Here {BOX} and <em>{BOX}</em> {BOX}\n{BOX}</p>"
    assert line_ends.kept(text) == text


def test_short_code_is_one_piece_and_long_code_has_pieces():
    def pieces(*words):
        return CODE % " ".join(f'<span class="pre">{word}</span>' for word in words)

    assert line_ends.kept(pieces("[10,", "1]")).startswith('<code class="unbroken docutils')
    long = line_ends.kept(pieces("jupyter", "lab", "--no-sandbox", "a/name/that/may/be/broken"))
    assert long.startswith('<code class="docutils')
    assert re.findall('class="([^"]*)">([^<]*)</span>', long)[2:] == [
        ("pre unbroken", "--no-sandbox"), ("pre", "a/name/that/may/be/broken")]


def mo(sign, space):
    return f'<mjx-mo class="mjx-n" space="{space}"><mjx-c class="mjx-c{sign}"></mjx-c></mjx-mo>'


EQUALS, PLUS, X = mo("3D", 4), mo("2B", 3), "<mjx-mi><mjx-c></mjx-c></mjx-mi>"
QUAD = '<mjx-mstyle><mjx-mspace style="width: 2em;"></mjx-mspace></mjx-mstyle>'
NESTED = f"<mjx-mrow>{X}{PLUS}{X}{EQUALS}{X}{EQUALS}{X}</mjx-mrow>"


@pytest.mark.parametrize("formula", [
    f"{X}{EQUALS}{X}{PLUS}{NESTED}|{EQUALS}{X}", f"{X}|{EQUALS}{X}|{PLUS}{X}",
    f"{X}|{EQUALS}{X}{mo('5B', 0)}{X}{PLUS}{X}{mo('5D', 0)}",
    f'{X}|{EQUALS}<mjx-TeXAtom texclass="ORD">{mo("28", 0)}</mjx-TeXAtom>{X}{PLUS}{X}',
    f"{X}{EQUALS}{X}{PLUS}{X}|{QUAD}{X}{EQUALS}{NESTED}|{EQUALS}{X}", NESTED])
def test_a_displayed_formula_turns_at_quads_and_equals_signs_or_else_at_any_sign(formula):
    for frame in ("<mjx-mlabeledtr><mjx-mtd>%s</mjx-mtd></mjx-mlabeledtr>",
                  '<mjx-math class="MJX-TEX" display="true">%s</mjx-math>'):
        text = frame % formula.replace("|", "")
        assert line_ends.kept(text) == frame % formula.replace("|", line_ends.TURN)


PRINTED = """\
checked: for each seed, trained filters gain 8 to 30 points over random ones;
         a flipped step would go uphill
network          parameters   multiplications per image
one layer            10,410                   19,456
im2col wrong by more than 0.00001: False
fft    wrong by more than 0.00001: True
[[1 2]
 [3 4]]
4.1 is right. A single entry of dy selects a single window, which starts at the output's
index.
To see it:
    my_backward(dy, x, w, stride=1, pad=0)
x = [[3, 0, 2, 1], [2, 3, 0, 1], [0, 3, 1, 3]]
 2 mean of gradient: Compare only the mean of each gradient.
- no_flip: This is the right gradient of the kernel rotated by 180 degrees. Code
  that gathers the products lacks the flip.
10.5 is right. With one channel and one filter, a layer of 3 x 3 kernels with 1 x
1 kernels in the first layer has nine taps more than before.
highest: y[18,61] = 251 where the window of x holds 12, 40 and [15, 32, 77, 1, 2]
lowest: y[33,71] = -261 where it holds 77, 32 and 15
Correct: There is no sum over the filters, because filter k affects only map k:
    vec(dw[k]) = vec(dy[k]) M_x.
[14, 15, 16] have 0, 1 and 2 leftover positions at the end
array([[1, 2], [3, 4]], dtype=int64)"""
KINDS = "SG CCCC CC SG S C C S SG SG SS SG S C".replace(" ", "")


def test_sentences_are_told_from_columns():
    told = line_ends.kinds(PRINTED.split("\n"))
    assert "".join(kind[0].upper() for kind in told) == KINDS


def test_a_sentence_is_whole_and_columns_are_as_they_were():
    frame = ('<div class="output stream highlight-myst-ansi notranslate"><div class="highlight">'
             "<pre><span></span>%s</pre></div>")
    made = line_ends.kept(frame % "a  b\nc  d\nchecked: x &lt; y\n   and more\n")
    whole = '<span class="sentence">checked: x &lt; y and more\n</span>'
    assert made == frame % f"a  b\nc  d\n{whole}"


def table(*rows):
    head, *others = [["<p>" + cell + "</p>" for cell in row] for row in rows]
    return ('<table class="table"><thead><tr class="row-odd">'
            + "".join(f'<th class="head">{cell}</th>' for cell in head) + "</tr></thead><tbody>"
            + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in others)
            + "</tbody></table>")


def test_a_table_with_many_columns_of_words_has_labelled_cells():
    long = "what this symbol means, in words"
    text = table(["<em>a</em> &amp; b", *"cdef"], [*"1234", long], list("12345"))
    made = narrow_tables.labelled(text)
    assert re.findall(r'data-column="([^"]*)"', made) == ["a &amp; b", "c", "d", "e", "f"] * 2
    assert made.startswith('<table class="table many-columns">')
    six = table([*"abcdef"], [*"12345", "0, once 1, later 0"])
    assert "many-columns" in narrow_tables.labelled(six)
    for other in (table(list("abcde"), list("12345")), table([*"abc"], [*"12", long])):
        assert narrow_tables.labelled(other) == other
