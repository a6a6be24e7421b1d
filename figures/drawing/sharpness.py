"""Pictures of a notebook in twice the pixels, at the same size: crisp on dense displays."""

import sys


def sharpen() -> None:
    """Let the kernel, where there is one, store a PNG at double density; other formats stay."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or not hasattr(shell, "kernel"):
        return
    from matplotlib_inline.config import InlineBackend

    backend = InlineBackend.instance(parent=shell)
    backend.figure_formats = {"retina" if f == "png" else f for f in backend.figure_formats}
