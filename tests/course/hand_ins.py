"""A class of hand-ins, made: small notebooks, each of a kind that a teacher may receive."""

import json
from pathlib import Path

PATIENCE = 1, 4, 16  # seconds a cell: a first import takes a while where much else runs
BEGIN = "from course import check"
FUNCTION = """def my_dw(dy, x):
    return [sum(dy[p] * x[p + r] for p in range(len(dy))) for r in range(len(x) - len(dy) + 1)]
check("1.4", my_dw)"""
RIGHT = [BEGIN, "x = [1, 2, 3, 5]", 'check("1.1", [123, 235])', FUNCTION]
WRONG = [BEGIN, 'check("1.1", [321, 532])', FUNCTION.replace("dy[p]", "dy[-1 - p]")]
EMPTY = [BEGIN, 'check("1.1", ...)', "def my_dw(dy, x):\n    ...\n\ncheck('1.4', my_dw)"]
CRASHING = [BEGIN, "this is no Python", 'check("1.1", undefined)', FUNCTION, "import os",
            "os.abort()", 'check("1.1", [123, 235])']
ENDLESS = [BEGIN, """
while True:
    try:
        pass
    except Exception:
        pass""", FUNCTION]

HOSTILE = [BEGIN, """
import os, shutil, socket, subprocess, sys
from pathlib import Path
done = []
def attempt(f, *args):
    try:
        f(*args)
    except (OSError, MemoryError):
        return
    done.append(f.__name__)
""", """
attempt(os.fork)
attempt(subprocess.run, ["true"])
attempt(os.posix_spawn, "/bin/true", ["true"], {})
attempt(socket.create_connection, ("127.0.0.1", PORT), 2)
attempt(socket.create_connection, ("192.0.2.1", 80), 2)
attempt(bytearray, 2**33)
""", """
for place in PLACES:
    shutil.rmtree(place, ignore_errors=True)
    attempt(os.remove, place)
    attempt(Path(place).write_text, "mine now")
    attempt(Path(place).read_bytes)
for place in "/hand_in", "/book", "/usr", "/etc", "/", "/dev", sys.prefix, sys.base_prefix:
    attempt(Path(place, "mine").write_text, "mine now")
    for found in [*Path(place).glob("*.*")][:3]:
        attempt(os.remove, found)
def fill():
    for n in range(99):
        Path("/tmp", str(n)).write_bytes(bytes(8 * 2**20))
attempt(fill)
""", """
for n in range(1000):
    print("x" * 10**6)
os.write(1, b"x" * 10**6)
sys.__stdout__.write("x" * 10**6)
""", 'check("1.1", [123, 235])', "assert not done, done"]

LOUD = ["import os", "for n in range(3, 30):\n    try:\n        os.write(n, b'x' * 2**24)\n"
        "    except OSError:\n        pass"]
KINDS = {"right": RIGHT, "wrong": WRONG, "empty": EMPTY, "crashing": CRASHING,
         "endless": ENDLESS, "hostile": HOSTILE}


def notebook(cells: list[str]) -> str:
    """The text of a notebook with these code cells."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": cell, "outputs": [],
         "execution_count": None} for n, cell in enumerate(cells)]})


def hostile(port: int, places: list[Path]) -> list[str]:
    """The hostile hand-in, which knows of a server to call and of files to delete."""
    return [cell.replace("PORT", str(port)).replace("PLACES", repr([*map(str, places)]))
            for cell in HOSTILE]
