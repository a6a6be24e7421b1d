"""Images, channels and filters as rows and columns of blocks: which of them a sum runs over."""

from collections.abc import Collection
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from convlib import conv2d, conv2d_backward
from figures.drawing import style
from figures.drawing.board import Board, board
from figures.drawing.grids import Point
from figures.widgets.scene import Scene, scene

CARRIES = {"y": "nkpq", "dw": "kcrs", "dx": "ncij", "db": "k"}
BLOCKS = {"x": "nc", "w": "kc", "b": "k", "dy": "nk"}  # the indices that choose a block
SUMS = {  # the index summed outside the blocks, one term in words, and its value
    "y": ("c", "x[{n},{c}]⋆w[{k},{c}]", lambda x, w, dy: conv2d(x, w)),
    "dw": ("n", "x[{n},{c}]⋆dy[{n},{k}]", lambda x, w, dy: conv2d(x, dy)),
    "dx": ("k", "dy[{n},{k}]*w[{k},{c}]",
           lambda x, w, dy: conv2d(dy, w[::-1, ::-1], padding="full")),
    "db": ("n", "sum of dy[{n},{k}]", lambda x, w, dy: dy.sum()),
}
PARTS = ("its taps", "its upstream gradient")
PAGE = 6.88  # inches: the width of a page, on which a picture is not made smaller


class Blocks:
    """An array (A, B, h, w) as A rows of B grids, with the indices of A and B at the edges.

    An array (A,) is a column of single cells. If `turned`, A runs to the right and B down.
    """

    def __init__(self, sheet: Board, array: NDArray[Any], name: str, at: Point, letters: str,
                 step: Point, *, turned: bool = False, aside: bool = False) -> None:
        self.grids, self.ndim = {}, array.ndim
        planes = self.planes(array)
        (A, B), (tall, wide) = planes.shape[:2], planes.shape[2:]
        for a, b in np.ndindex(A, B):
            across, down = (a, b) if turned else (b, a)
            corner = at[0] + across * step[0], at[1] + down * step[1]
            self.grids[a, b] = sheet.grid(planes[a, b], name, corner, indices=False, label="")
        for n, (letter, count) in enumerate(zip(letters, (A, B), strict=False)):
            for m in range(count):
                beside = (n == 0) != turned  # rows have their index on the left
                x, y = ((at[0] - 0.15, at[1] + m * step[1] + tall / 2) if beside else
                        (at[0] + m * step[0] + wide / 2, at[1] - 0.35))
                sheet.text(x, y, f"{letter}={m}", ha="right" if beside else "center", size=0.85,
                           color=style.muted)
        across = A if turned else B
        middle = at[0] + ((across - 1) * step[0] + wide) / 2
        x, y = (at[0] - 0.6, at[1] + tall / 2) if aside else (middle, at[1] - 1.05)
        self.title = sheet.text(x, y, name, fontweight="bold", size=1.2)

    def planes(self, array: NDArray[Any]) -> NDArray[Any]:
        """The array with four axes."""
        return array.reshape(*array.shape, *(1,) * (4 - self.ndim))  # (K,) -> (K, 1, 1, 1)

    def show(self, name: str, array: NDArray[Any], *, cells: NDArray[Any] | None = None,
             strong: Collection[Any] = (), weak: Collection[Any] = ()) -> None:
        """Put other numbers in, under another name, and mark cells (a mask) or whole blocks."""
        self.title.set(text=name, color=style.colour(name))
        values = self.planes(array)
        marked = np.zeros(values.shape, bool) if cells is None else self.planes(cells)
        for at, grid in self.grids.items():
            grid.hue, every = style.colour(name), list(np.ndindex(grid.shape))
            grid.set(values[at])
            grid.mark(every if at in strong else np.argwhere(marked[at]).tolist(),
                      also=every if at in weak else ())


def rule_scene(x: ArrayLike, w: ArrayLike, b: ArrayLike, dy: ArrayLike, n: int = 0, k: int = 2,
               c: int = 1) -> Scene:
    """draw(fig, step) for `live`: y, dw, dx and db, each as a sum over what it does not carry.

    The first step of a quantity, in draw.stops, fades the summed indices; each further one adds a
    pair of blocks to the block of image n, filter k or channel c.
    """
    x, w, b, dy = (np.asarray(a) for a in (x, w, b, dy))
    (N, C, H, W), (K, _, R, S), (P, Q) = x.shape, w.shape, dy.shape[2:]
    sizes = {"n": N, "k": K, "c": C, "p": P, "q": Q, "r": R, "s": S, "i": H, "j": W}
    whole = {"y": conv2d(x, w, b)} | conv2d_backward(dy, x, w)._asdict()
    steps = [(name, done) for name in SUMS for done in range(sizes[SUMS[name][0]] + 1)]
    pitch, right = max(S, Q) + 0.4, 1.5 + C * (W + 0.3) + 1.2  # the columns of w, b and y
    under = 1.9 + C * (R + 0.5)
    below, row = under + 2.7, max(H, P) + 0.7
    wide, tall = right + K * pitch, below + N * row + 1.3

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        blocks = {  # as in a matrix product: x on the left, w above, y where row and column meet
            "x": Blocks(sheet, x, "x", (1.5, below), "nc", (W + 0.3, row)),
            "w": Blocks(sheet, w, "w", (right, 1.9), "kc", (pitch, R + 0.5), turned=True),
            "b": Blocks(sheet, b, "b", (right, under), "", (pitch, 1), turned=True, aside=True),
            "dy": Blocks(sheet, dy, "dy", (right, below), "nk", (pitch, row))}
        tiles = [[sheet.text(1.5 + m * 1.5, down, "", size=size, **look)
                  for down, size, look in ((1.7, 1.7, {"fontweight": "bold"}), (2.8, 0.9, {}))]
                 for m in range(7)]
        words = [sheet.text(0.9, 4.4 + m, "", ha="left") for m in range(2)]
        return blocks, tiles, words, sheet.text(0.9, tall - 0.6, "", ha="left", fontweight="bold")

    @scene(size=(PAGE, PAGE * tall / wide), build=build,
           steps=range(len(steps)),
           stops={name: steps.index((name, 0)) for name in SUMS})
    def draw(fig: Figure, parts: Any, step: int) -> str:
        blocks, tiles, words, total = parts
        name, done = steps[step]
        outer, term, value = SUMS[name]
        letters = "nkcijrs" if name == "dx" else "nkcpqrs"
        for (tile, word), letter in zip(tiles, letters, strict=True):
            stays = letter in CARRIES[name]
            tile.set(text=letter, color=style.colour(name) if stays else style.muted)
            word.set(text="stack" if stays else "sum", color=style.ink if stays else style.muted)
        rule = [f"stack along {', '.join(CARRIES[name])}: "
                + " × ".join(str(sizes[letter]) for letter in CARRIES[name]),
                f"sum over {', '.join(v for v in letters if v not in CARRIES[name])}"]
        for line, text in zip(words, rule, strict=True):
            line.set_text(text)
        where = [{"n": n, "k": k, "c": c} | {outer: m} for m in range(done)]
        own = {"y": (n, k), "dw": (k, c), "dx": (n, c), "db": (k, 0)}[name]
        terms = [f"b[{k}]"] * (name == "y") + [term.format(**at) for at in where]
        partial = (b[k] if name == "y" else 0) + sum(
            value(x[at["n"], at["c"]], w[at["k"], at["c"]], dy[at["n"], at["k"]]) for at in where)
        for place, array in {"x": x, "w": w, "b": b, "dy": dy}.items():
            if place[-1] == name[-1]:  # here the result stands
                result = whole[name].astype(object)
                result[own[:result.ndim]] = partial if terms else None
                blocks[place].show(name, result, strong=[own])
            else:
                lit = [tuple(at[v] for v in BLOCKS[place]) for at in where if place + "[" in term]
                lit = [(k, 0)] if (place, name) == ("b", "y") else lit
                blocks[place].show(place, array, strong=lit[-1:], weak=lit[:-1])
        sentence = f"{name}[{','.join(map(str, own[:whole[name].ndim]))}] = "
        sentence += " + ".join(terms + ["…"] * (done < sizes[outer]))
        total.set_text(sentence)
        sign = " = " if done == sizes[outer] else ", so far "
        worth = sign + str(np.asarray(partial).tolist()) if terms else ""
        return f"{name}: {rule[0]}; {rule[1]}. {sentence}{worth}."

    return draw


def switching_off(x: ArrayLike, w: ArrayLike, b: ArrayLike, dy: ArrayLike) -> Scene:
    """draw(fig, filter, without) for `live`: a filter loses its taps or its dy; changes are marked.

    filter is "none" or its number as a word, from draw.filters; without is one of PARTS.
    """
    x, w, b, dy = (np.asarray(a) for a in (x, w, b, dy))
    (N, C, H, W), (K, _, R, S), (P, Q) = x.shape, w.shape, dy.shape[2:]
    before = _layer(x, w, b, dy)
    deep = 2.2 + max(K * (R + 0.5), 2 * N * (P + 0.6) + 2.2)  # where dw, db and dx begin
    right = 1.3 + C * (S + 0.3) + 3.5
    wide = right + max(K * (Q + 0.3), C * (W + 0.3)) + 0.2
    tall = deep + 2.2 + max(K * (R + 0.5), N * (H + 0.6)) + 1.2

    def build(fig: Figure) -> tuple[Any, ...]:
        sheet = board(wide, tall, fig)
        step = {"w": (S + 0.3, R + 0.5), "b": (1, R + 0.5), "y": (Q + 0.3, P + 0.6),
                "x": (W + 0.3, H + 0.6)}
        places = {"w": (1.3, 2.0), "b": (right - 2.6, 2.0), "y": (right, 2.0),
                  "dy": (right, 4.2 + N * (P + 0.6)), "dw": (1.3, deep + 2.0),
                  "db": (right - 2.6, deep + 2.0), "dx": (right, deep + 2.0)}
        blocks = {name: Blocks(sheet, before[name], name, at, (CARRIES | BLOCKS)[name][:2],
                               step[name[-1]])
                  for name, at in places.items()}
        return blocks, sheet.text(0.8, tall - 0.6, "", ha="left", fontweight="bold")

    @scene(size=(PAGE, PAGE * tall / wide), build=build, filters=["none", *map(str, range(K))])
    def draw(fig: Figure, parts: Any, filter: str, without: str) -> str:
        blocks, words = parts
        after = before
        if filter != "none":
            on = np.arange(K) != int(filter)
            after = (_layer(x, w * on[:, None, None, None], b * on, dy) if without == PARTS[0]
                     else _layer(x, w, b, dy * on[:, None, None]))
        counts = {}
        for name, block in blocks.items():
            changed = after[name] != before[name]
            block.show(name, after[name], cells=changed)
            counts[name] = f"{name}: {changed.sum()} of {changed.size}"
        text = "; ".join(counts[name] for name in ("y", "dx", "dw", "db"))
        words.set_text(f"entries that changed:  {text}")
        who = ("No filter is switched off" if filter == "none" else
               f"Filter {filter} without {without}")
        return f"{who}. Entries that changed: {text}."

    return draw


def _layer(x: NDArray[Any], w: NDArray[Any], b: NDArray[Any],
           dy: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return ({"x": x, "w": w, "b": b, "dy": dy, "y": conv2d(x, w, b)}
            | conv2d_backward(dy, x, w)._asdict())
