"""Equations of docstrings, which are plain text, as LaTeX.

    latex("dw[r,s] = sum_{p,q} dy[p,q] x[p + r, q + s]      correlate the input with dy")

A small grammar with a small vocabulary. What it does not know raises Unknown, and the reader is
shown the text as it stands: a formula that might be wrong is worse than none.
"""

import re

TOKEN = re.compile(r"[ \t]*(\n|\.\.\.|\.T\b|\d+|[A-Za-z]+\d*[a-z]*(?:_[a-z]{2,})*|//|<=|>=|\+=|\S)")
RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "+=": r"\mathrel{+}=",
             **{word: rf"\;\text{{ {word} }}\;" for word in ("if", "else", "and")}}
BIG = {"sum": r"\sum", "max": r"\max", "log": r"\log"}  # they act on all that follows
WORDS = """stride dilation padding before after size span shift kernel_size output_padding columns
    spread eps scores target strength velocity momentum lr l2 image_matrix filter_matrix
    conv conv1d conv2d correlate convolve conj vec diag gcd layer sigmoid softmax col2im
    softmax_cross_entropy""".split()
NAMES = {"exp": r"\exp", "delta": r"\delta", "max": r"\max"} | {
    word: rf"\mathrm{{{word}}}".replace("_", r"\_") for word in WORDS}


class Unknown(ValueError):
    """The text is no equation, or none that this grammar knows."""


class Group(str):
    """What stands in round brackets; a fraction does without them."""


class Parser:
    """Recursive descent; every method reads on and returns LaTeX."""

    def __init__(self, text):
        self.tokens = [(m[1], m[0] != m[1]) for m in TOKEN.finditer(text)] + [("", True)]
        self.place = 0

    @property
    def next(self):
        return self.tokens[self.place][0]

    def take(self, *wanted):
        """The next token if it is one of these, or whatever it is."""
        if wanted and self.next not in wanted:
            return None
        self.place += 1
        return self.tokens[self.place - 1][0]

    def adjacent(self, bracket):
        return self.tokens[self.place] == (bracket, False)

    def expect(self, token):
        if self.take(token) is None:
            raise Unknown(f"{token!r} wanted, not {self.next!r}")

    def chain(self):
        """Sums between relations: y = ... = ..., 0 <= a < R. A row may begin with its relation."""
        found = "" if self.next in RELATIONS else self.sums()
        while relation := self.take(*RELATIONS):
            found += f" {RELATIONS[relation]} {self.sums()}"
        return found

    def sums(self):
        sign = self.take("-") or ""
        found = sign + self.product()
        while sign := self.take("+", "-"):
            found += f" {sign} {self.product()}"
        return found

    def product(self):
        factors = [self.factor()]
        while self.next not in ("", "\n", ",", ")", "]", "}", "+", "-", *RELATIONS):
            if self.take("*"):
                factors += [r"\cdot", self.factor()]
            elif division := self.take("/", "//"):
                over, under = factors.pop(), self.factor()
                if r"\\" in over + under:
                    raise Unknown("a fraction of two lines")
                over, under = (f[1:-1] if isinstance(f, Group) else f for f in (over, under))
                fraction = rf"\frac{{{over}}}{{{under}}}"
                factors.append(rf"\left\lfloor {fraction} \right\rfloor" if division == "//"
                               else fraction)
            else:
                self.take("@")
                factors += [r"\;", self.factor()]
        return " ".join(factors)

    def factor(self):
        found = self.atom()
        while True:
            if self.take("^"):
                power = self.take()
                if not re.fullmatch(r"\d|T", power):
                    raise Unknown(f"the power {power!r}")
                found += "^{%s}" % (r"\top" if power == "T" else power)
            elif self.take(".T"):
                found += r"^{\top}"
            else:
                return found

    def atom(self):
        token = self.take()
        if token == "...":
            return r"\ldots"
        if token == "(":
            return Group(f"({self.items(')')})")
        if token.isdigit():
            return token
        if token == "floor" and self.take("("):
            return rf"\left\lfloor {self.items(')')} \right\rfloor"
        if token in BIG and not (token != "sum" and self.adjacent("(")):
            return f"{BIG[token]}{self.subscript()} {self.product()}"
        if not (token in NAMES or re.fullmatch(r"[dD]?[A-Za-z]", token)):
            raise Unknown(f"the name {token!r}")
        found = NAMES.get(token, token) + self.subscript()
        for opening, closing in ("[]", "()"):
            if self.adjacent(opening):
                self.take()
                found += f"{opening}{self.items(closing)}{closing}"
        return found

    def subscript(self):
        if not self.take("_"):
            return ""
        opening = self.take()
        closing = {"{": "}", "(": ")"}.get(opening)
        if not closing and not re.fullmatch(r"[a-z]|\d+", opening):
            raise Unknown(f"the subscript {opening!r}")
        return "_{%s}" % (self.items(closing) if closing else opening)

    def items(self, closing):
        """What stands between commas, up to the closing bracket; a line may end at a comma."""
        found = [self.chain()]
        while self.take(","):
            found.append((r"\\ & \qquad " if self.take("\n") else "") + self.chain())
        self.expect(closing)
        return ", ".join(found)


def formula(text):
    """One equation or condition; a comma may end it. Raises Unknown."""
    parser = Parser(text)
    found = parser.chain() + (parser.take(",") or "")
    parser.expect("")
    return found


def display(block):
    """The lines of a block as rows of one display, remarks to the right. Raises Unknown."""
    lines, open_brackets = [], 0
    for line in block.split("\n"):
        if open_brackets > 0:
            lines[-1] += "\n" + line.strip()
        else:
            lines.append(re.sub(r"(?<=\S) {2,}(?=\+?= )", " ", line).strip())
        open_brackets += len(re.findall(r"[\[({]", line)) - len(re.findall(r"[\])}]", line))
    found = [row for line in lines for row in rows(re.split(r" {2,}", line))]
    return "\n".join([r"\begin{aligned}", " \\\\\n".join(found), r"\end{aligned}"])


def rows(segments):
    """Every equation begins a row; conditions and remarks stand to the right of theirs."""
    label = rf"\texttt{{{segments.pop(0)}}}\quad " if segments[0].endswith(":") else ""
    found = [label + aligned(formula(segments[0]))]
    for segment in segments[1:]:
        try:
            part = formula(segment)
        except Unknown:
            part = ""
        if " = " in part:
            found.append(aligned(part))
        elif re.search(r" (<|>|\\le|\\ge) ", part):
            found[-1] += rf" \qquad {part}"
        else:
            found[-1] += rf" \qquad {remark(segment)}"
    return found


def aligned(part):
    """Rows meet at their first relation."""
    return re.sub(r" (=|\\mathrel\{\+\}=) ", r" &\1 ", part, count=1)


def remark(words):
    """Words beside a formula; in them letters that are no words are letters of formulas."""
    if words.startswith("with "):
        try:
            return rf"\text{{with }} {formula(words[5:])}"
        except Unknown:
            pass
    if re.search(r"[*^\\$#%&_{}@\[\]]|^\S+ =", words):
        raise Unknown(f"{words!r} is neither an equation nor a remark")
    words = re.sub(r"(?<![\w'])(d[wxy]|[b-zB-Z])(?![\w'])", r"$\1$", words)
    return rf"\text{{{words}}}"
