"""The formulas of claims.toml as text: small LaTeX between dollars, read into runs of characters.

A run is (style, text) with the style "", "sub" or "sup", so that a page can set it without a
typesetter and a terminal can print it.
"""

import re
from itertools import chain, groupby, pairwise
from operator import itemgetter

Runs = list[tuple[str, str]]
SIGNS = {
    "partial": "∂", "times": "×", "sum": "Σ", "dots": "…", "star": "⋆", "cdot": "·", "top": "⊤",
    "sigma": "σ", "le": " ≤ ", "lambda": "λ", "gamma": "γ", "phi": "φ", "alpha": "α", "eta": "η",
    "omega": "ω", "otimes": "⊗", "odot": "⊙", "in": " ∈ ", "lfloor": "⌊", "rfloor": "⌋",
    "leftarrow": " ← ", "lVert": "‖", "rVert": "‖", "left": "", "right": "", "log": "log ",
    "max": "max", "tanh": "tanh ", ",": " ", ";": " ", "{": "{", "}": "}",
}
SPACED = {"=": " = ", "+": " + ", "-": "−", "'": "′", "<": " < ", ">": " > "}
SUM = re.compile(r"(?!\w+$|\([^()]*\)$).{3,}")  # a sub- or superscript to set in parentheses
MINUEND = re.compile(r"[\w)\]′⊤⌋\u0302] ?$")  # after anything else a minus is a sign
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}^_]|\S")


def runs(text: str) -> Runs:
    """[(style, text), ...] of a sentence with $formulas$ in it. ValueError for unknown LaTeX."""
    parts = enumerate(text.split("$"))
    return _joined(list(chain(*(_formula(part) if n % 2 else [("", part)] for n, part in parts))))


def plain(text: str) -> str:
    """The sentence as one string: x_pq for a subscript, x^k for a superscript."""
    marks = {"": "{}", "sub": "_{}", "sup": "^{}"}
    return "".join(marks[style].format(f"({part})" if style and SUM.fullmatch(part) else part)
                   for style, part in runs(text))


def _formula(tex: str) -> Runs:
    pieces, rest = _read(TOKEN.findall(tex))
    if rest:
        raise ValueError(f"a brace too many in {tex!r}")
    return pieces


def _read(tokens: list[str], closing: bool = False) -> tuple[Runs, list[str]]:
    """The runs of a list of tokens, up to the brace that closes it; and the tokens left."""
    pieces: Runs = []
    while tokens:
        if tokens[0] == "}":
            return pieces, tokens[1:] if closing else tokens
        piece, tokens = _one(tokens)
        if piece == [("", "−")] and MINUEND.search("".join(text for _, text in pieces)):
            piece = [("", " − ")]
        texts = [text for style, text in pieces if not style]
        if texts and texts[-1].endswith("Σ") and pieces[-1][0] and not piece[0][0]:
            piece = [("", " "), *piece]  # what is summed stands apart from its limits
        pieces += piece
    if closing:
        raise ValueError("a brace is not closed")
    return pieces, tokens


def _one(tokens: list[str]) -> tuple[Runs, list[str]]:
    """The runs of the first token with its arguments, and the tokens left."""
    token, rest = tokens[0], tokens[1:]
    if token == "{":
        return _read(rest, closing=True)
    if token in "^_":
        piece, rest = _one(rest)
        words = "".join(text for _, text in piece).replace(" ", "")
        return [("sup" if token == "^" else "sub", words)], rest
    if token == "\\frac":
        (top, rest) = _one(rest)
        (bottom, rest) = _one(rest)
        return [*_grouped(top), ("", "/"), *_grouped(bottom, product=True), ("", " ")], rest
    if token in ("\\mathrm", "\\text", "\\mathbf"):
        return _one(rest)
    if token == "\\hat":
        piece, rest = _one(rest)
        return [(piece[0][0], piece[0][1] + "\u0302"), *piece[1:]], rest
    if token.startswith("\\"):
        if token[1:] not in SIGNS:
            raise ValueError(f"unknown LaTeX {token!r}")
        return [("", SIGNS[token[1:]])], rest
    return [("", SPACED.get(token, token))], rest


def _grouped(piece: Runs, product: bool = False) -> Runs:
    """A numerator or denominator, in parentheses where it is a sum, or a product below the line."""
    words = "".join(text for style, text in piece if not style).strip()
    several = product and any(a[0] and not b[0] for a, b in pairwise(piece))
    return [("", "("), *piece, ("", ")")] if several or re.search(r".[ +−]", words) else piece


def _joined(pieces: Runs) -> Runs:
    """Neighbouring runs of one style as one."""
    styles = groupby((piece for piece in pieces if piece[1]), itemgetter(0))
    texts = [(style, "".join(text for _, text in run)) for style, run in styles]
    return [(style, re.sub(r" +([ ,.;:)\]⌋])", r"\1", text)) for style, text in texts]
