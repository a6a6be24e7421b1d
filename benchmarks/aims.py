"""What a benchmark aims at: printed when it is found, and kept for the page of `make bench`."""

import json
import os
from pathlib import Path

FILE = "BENCHMARK_FIGURES"  # names the file that they are kept in, one JSON object a line


def aim(text: str, value: float, bound: float, unit: str = "") -> None:
    """Say whether `value`, the less the better, reaches its aim of at most `bound`."""
    reached = "reached    " if value <= bound else "not reached"
    print(f"{reached}  {text}: {value:.3g} {unit}".rstrip() + f", aim {bound:g}", flush=True)
    if file := os.environ.get(FILE):
        with Path(file).open("a", encoding="utf-8") as kept:
            json.dump({"text": text, "value": value, "aim": bound, "unit": unit}, kept)
            kept.write("\n")
