"""What an alternative text must not be: a file's name, the code, a word or two."""

import re

SHORTEST = 20  # characters
FILE = re.compile(r"\.(png|svg|jpe?g|webp|gif)\b|_images|^https?:", re.I)
CODE = re.compile(r"<Figure|\bplt\.|^\s*(import|from|def)\s|\w\(.*=.*\)\s*$")


def complaint(alt, code=""):
    """Why `alt` was not written for its picture, in words, or None; `code` drew the picture."""
    lines = [line.strip() for line in code.splitlines()]
    if not alt.strip():
        return "there is no alt text"
    if len(alt) < SHORTEST:
        return f"{alt!r} is too short to say what the picture shows"
    if FILE.search(alt):
        return f"{alt!r} is the name of a file"
    if CODE.search(alt) or alt.strip() in lines:
        return f"{alt!r} is code"
    return None
