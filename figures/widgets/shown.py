"""How a widget shows itself, and what stands in its place where no kernel runs it.

In a notebook that runs, a cell shows the widget. Below it comes a note that nobody sees as long as
the widget is there: JupyterLab writes one line of its own where a saved widget has lost its kernel,
and a style then puts the note in its place.

Where the chapters are stored (FLIPPED_KERNEL_STORED=1), a cell shows what a code host can: a
picture or a table, what it is in words, and how to make it move. No view is stored: a view without
its model is what JupyterLab cannot display.
"""

import base64
import io
import os
from collections.abc import Callable
from html import escape
from typing import Any

import anywidget
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from figures.widgets.encoding import small_png

DPI = 100  # as stills have
VIEW = "application/vnd.jupyter.widget-view+json"
ENDED = "The kernel of this cell has ended, or is still busy."
HOW = "run the cells above {where} (Run > Run All Above Selected Cell), and then this one."
AGAIN = HOW.format(where="again")
OUTPUT = ".jp-OutputArea-child"
# JupyterLab's own words are the only content of a view that has found no model
LOST = f"{OUTPUT}:has(> .lm-Panel):not(:has(> .lm-Panel > *))"
NOTED = f":has(+ {OUTPUT} > * > .kernel-ended)"
STYLE = f"""<style>
{OUTPUT}:has(> * > .kernel-ended), {LOST}{NOTED} {{ display: none; }}
{LOST} + {OUTPUT}:has(> * > .kernel-ended) {{ display: flex; animation: kernel-ended 1s step-end; }}
{OUTPUT} .kernel-ended {{ display: block; }}
/* the controls of interact bring no note */
{LOST}:not({NOTED}) > .lm-Panel {{ font-size: 0; }}
{LOST}:not({NOTED}) > .lm-Panel::after {{
  font-size: var(--jp-content-font-size1); content: "{ENDED} R{AGAIN[1:]}"; }}
@keyframes kernel-ended {{ from {{ visibility: hidden; }} }}
</style>"""

Stored = tuple[dict[str, str], str]  # {MIME type: data}, and the same in words


class Shown(anywidget.AnyWidget):
    """A widget that says what it is where it cannot be shown."""

    to_use = "To use this widget"  # how the sentence begins that says what to run

    def stored(self) -> Stored:
        """What a stored notebook shows of the widget as it is now, and the same in words."""
        raise NotImplementedError

    def printed(self) -> tuple[Figure, str] | None:
        """A picture of pyplot and its caption, for paper and for a page without scripts."""
        return None

    def _ipython_display_(self, **_: Any) -> None:
        if os.environ.get("FLIPPED_KERNEL_STORED") == "1":
            data, words = self.stored()
            display(data | {"text/plain": words}, raw=True,
                    metadata={"image/png": {"alt": words}} if "image/png" in data else {})
            how = f"{self.to_use}, {HOW.format(where='in JupyterLab')}"
            display({"text/markdown": f"*{how}*{_page()}", "text/plain": how}, raw=True)
            return
        on_page = os.environ.get("FLIPPED_KERNEL_FRAMES") == "1"  # of the site: it has no kernel
        if on_page and (printed := self.printed()):
            figure, words = printed
            display(figure, metadata={"image/png": {"alt": words}})
            plt.close(figure)
            display({"text/html": f'<p class="live-caption">{escape(words)}</p>',
                     "text/plain": words}, raw=True)
        data, metadata = self._repr_mimebundle_()
        display(data, raw=True, metadata=metadata)
        if not on_page:
            note = f'<p class="kernel-ended" hidden>{ENDED} {self.to_use}, {AGAIN}</p>'
            display({"text/html": STYLE + note, "text/plain": ""}, raw=True)


def png(pixels: Image.Image) -> dict[str, str]:
    """A picture as a notebook stores it."""
    stream = io.BytesIO()
    small_png(pixels).save(stream, format="png", optimize=True)
    return {"image/png": base64.b64encode(stream.getvalue()).decode()}


def drawn(draw: Callable[[], str]) -> Stored:
    """What a function draws into a new figure of pyplot, which is closed, and what it says."""
    words = draw()
    figure = plt.gcf()
    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    plt.close(figure)
    return png(pixels), words


def _page() -> str:
    """A link to the page of the site on which the same widget moves, if the site has an address."""
    page = os.environ.get("FLIPPED_KERNEL_PAGE")
    return f" On [this chapter's page]({page}) it needs no kernel." if page else ""
