"""The look of every picture: one colour per role, one ground, one type size.

Roles are told by colour and by the name that stands over each grid, never by colour alone.
The hues are those of Okabe and Ito, which readers with any colour vision can tell apart.
"""

from matplotlib import colors, rcParams
from matplotlib.typing import ColorType

from figures.drawing.sharpness import sharpen

paper = "#fdfcf9"  # the opaque light ground of stored pictures, a card in dark themes
ink = "#20242c"
muted = "#666c78"
faint = "#c9ccd3"

blue, orange, green, purple = "#0072b2", "#b85c00", "#00795a", "#9a3f7d"
ROLES = {"x": blue, "w": orange, "b": orange, "y": green, "a": green, "t": green, "L": ink}

SMALLEST = 8.0  # points: 11 CSS pixels on a page, which shows an inch as 100 of them

rcParams.update({
    "figure.facecolor": paper, "axes.facecolor": paper, "savefig.facecolor": paper,
    "text.color": ink, "axes.edgecolor": muted, "axes.labelcolor": ink,
    "xtick.color": ink, "ytick.color": ink, "axes.spines.top": False, "axes.spines.right": False,
    "font.size": 11, "mathtext.fontset": "dejavusans", "figure.dpi": 100, "savefig.dpi": 100,
})

sharpen()


def colour(name: str) -> str:
    """The colour of a quantity: x blue, w orange, y green, every gradient (dx, dw, ...) purple."""
    return purple if name.startswith("d") else ROLES.get(name[:1], ink)


def tint(hue: ColorType, amount: float = 0.2) -> tuple[float, float, float]:
    """A hue thinned with paper: amount 0 is paper, 1 the full hue."""
    a, b = colors.to_rgb(paper), colors.to_rgb(hue)
    red, green, blue = (p + amount * (h - p) for p, h in zip(a, b, strict=True))
    return red, green, blue


def minus(value: object) -> str:
    """A number in words, with a true minus sign where a hyphen would stand."""
    return str(value).replace("-", "−")
