"""What the end of a line may part, in the finished pages, and what it may not.

A formula keeps the signs at its sides, and a displayed one turns where a writer would turn; short
code is one piece; of what a cell printed, sentences are broken by the page and columns stay.
"""

import html
import re

# MathJax's box is no letter: after it a browser would break even before a comma
FORMULA = re.compile(r'[(\[“]*<span class="math[^"]*"><mjx-container(?:(?!</mjx-container>).)*'
                     r"</mjx-container></span>[^\s<]{0,8}", re.S)
# what a displayed formula consists of: in the cell beside its number, or all there is
DISPLAYED = re.compile(r'<mjx-mlabeledtr><mjx-mtd>|<mjx-math (?!width)[^>]*display="true"[^>]*>')
TAG = re.compile(r"<(/?)mjx-[^>]*>")
QUAD = re.compile(r'<mjx-mstyle><mjx-mspace style="width: [12]em')
EQUALS = re.compile(r'<mjx-mo [^>]*space="4"><mjx-c class="mjx-c3D"')
PLUS = re.compile(r'<mjx-mo [^>]*space="3"><mjx-c class="mjx-c(?:2B|2212)"')
BRACKET = re.compile(r'(?:<mjx-TeXAtom [^>]*>)?<mjx-mo [^>]*><mjx-c class="mjx-c(5B|5D|28|29)\b')
TURN = '<span class="turn"> </span>'
CODE = re.compile(r'<code class="docutils literal notranslate">((?:(?!</code>).)*)</code>', re.S)
WORD = re.compile(r'<span class="pre">([^<]*)</span>')
LONGEST = 20  # letters of code that stay together
OUTPUT = re.compile(r'(<div class="output (?:stream|text_plain)[^>]*><div class="highlight"><pre>'
                    r"<span></span>)([^<]*)(</pre>)")
FILLED = 78  # a printed line that ends later was broken for the width only
SAID = re.compile(r"checked|- |[A-C]?\d*\.\d+ is ")
ITEM = re.compile(r" {0,2}\d+ \w[^:]*: ")
LABEL = re.compile(r"\w+: ")
GAP = re.compile(r"\S {2,}\S")
ARRAY = re.compile(r"\s*(?:array\(|[\[{])")
WORDS = re.compile(r"\b[^\W\d_]{2,}\b")


def keep_lines(site):
    """Apply it to every page."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(kept(text), encoding="utf-8")


def kept(text):
    text = FORMULA.sub(lambda found: bound(found[0]), text)
    for start in reversed([found.end() for found in DISPLAYED.finditer(text)]):
        for at in reversed(turns(text, start)):
            text = text[:at] + TURN + text[at:]
    text = CODE.sub(lambda found: short_code(found[0], found[1]), text)
    return OUTPUT.sub(lambda found: found[1] + sentences(found[2]) + found[3], text)


def bound(formula):
    """A formula and the signs that touch it, as one piece; one that stands alone is no longer."""
    alone = formula.startswith("<") and formula.endswith(">")
    return formula if alone else f'<span class="unbroken">{formula}</span>'


def turns(text, start):
    """Where the formula that begins at `start` may go on in a new line, at best: its quads and the
    equals signs that go on with an equation; else its first one, its plus and its minus signs."""
    best, others, depth, inside, equation = [], [], 0, 0, False
    for tag in TAG.finditer(text, start):
        if depth == 0 and tag[1]:
            return best or others  # the end of the formula
        if depth == 0 and (bracket := BRACKET.match(text, tag.start())):
            inside += 1 if bracket[1] in ("5B", "28") else -1
        elif depth == 0 and QUAD.match(text, tag.start()):
            best.append(tag.start())
            equation = False
        elif depth == inside == 0 and EQUALS.match(text, tag.start()):
            (best if equation else others).append(tag.start())
            equation = True
        elif depth == inside == 0 and PLUS.match(text, tag.start()):
            others.append(tag.start())
        depth += -1 if tag[1] else 1
    raise ValueError("a formula does not end")


def short_code(element, inside):
    """Code of up to LONGEST letters is one piece; in longer code each such word is."""
    def size(marked):
        return len(html.unescape(re.sub("<[^>]*>", "", marked)))

    if size(inside) <= LONGEST:
        return element.replace('"docutils', '"unbroken docutils', 1)
    return WORD.sub(lambda word: word[0].replace('"pre"', '"pre unbroken"')
                    if size(word[1]) <= LONGEST else word[0], element)


def sentences(printed):
    """What was printed, with each sentence in an element that the page may break."""
    lines = html.unescape(printed).rstrip("\n").split("\n")
    made, before = "", None  # the sentence before, still open
    for line, kind in zip(lines, kinds(lines), strict=True):
        if kind == "goes on":
            before += " " + line.strip()
            continue
        made += element(before)
        before = line if kind == "sentence" else None
        made += "" if kind == "sentence" else html.escape(f"{line}\n", quote=False)
    return made + element(before)


def element(sentence):
    return "" if sentence is None else (
        f'<span class="sentence">{html.escape(sentence, quote=False)}\n</span>')


def kinds(lines):
    """For each line: "sentence", "goes on" (with the sentence above), or "columns"."""
    told = []
    for n, line in enumerate(lines):
        beside = [lines[near] for near in (n - 1, n + 1) if 0 <= near < len(lines)]
        above = lines[n - 1] if told and told[-1] != "columns" else ""
        aligned = any(level(line, other) or level(other, line) for other in beside)
        if SAID.match(line) or (ITEM.match(line) and not aligned):
            kind = "sentence"
        elif above and continues(above, line):
            kind = "goes on"
        elif aligned or line[:1] in ("", " ") or len(WORDS.findall(line)) < (
                6 if ARRAY.match(line) else 3):
            kind = "columns"
        else:
            kind = "sentence"
        told.append(kind)
    return told


def level(line, other):
    """Whether a gap within the line ends where a word of the other begins, or the other has one."""
    ends = [found.end() - 1 for found in GAP.finditer(line)]
    return any(other[at - 1:at] == " " != other[at:at + 1] for at in ends) or (
        ends and GAP.search(other) is not None)


def continues(above, line):
    """Whether the line goes on with the sentence above: it is set in, or that line was full."""
    first = line.lstrip().split(" ")[0]
    full = len(above) + 1 + len(first) > FILLED
    set_in = line.startswith("  ")
    if GAP.search(line) or LABEL.match(line) or (above.endswith(":") and not (full and set_in)):
        return False
    return set_in or (full and first != "" and not above.endswith((".", "?")))
