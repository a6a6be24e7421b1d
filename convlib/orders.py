"""The order of the axes of x and w: told apart before any size is read, named, with the cure.

Channels come before the axes that slide: x (N, C, H, W) and w (K, C/groups, R, S). TensorFlow and
Keras, and most image files, put them last: x (N, H, W, C) and w (R, S, C, K).
"""

from typing import NoReturn

Shape = tuple[int, ...]


def expect_channels(x: Shape, w: Shape, nd: int, channels: int, if_last: int, why: str) -> None:
    """Refuse an x that does not have the channels that w reads.

    Parameters
    ----------
    x, w : tuple of int
        Shapes with channels.
    nd : int
        How many axes slide.
    channels, if_last : int
        How many w reads, and how many it would read if its channels and filters came last.
    why : str
        The option that it depends on, for the error message.

    Raises
    ------
    ValueError
        With the cure, where another order of the axes would do.
    """
    if x[-nd - 1] != channels:
        cure = _cure(x, w, nd, channels, if_last)
        raise ValueError(f"x has {x[-nd - 1]} channels, but w of shape {w} {why} reads {channels}"
                         + (f". {cure}" if cure else ""))


def _cure(x: Shape, w: Shape, nd: int, channels: int, if_last: int) -> str:
    """What to write where other libraries' orders fit, or nothing."""
    first, last, batch = x[-nd - 1], x[-1], len(x) - nd - 1
    kernel = f"write np.transpose(w, {(nd + 1, nd, *range(nd))})"
    square = nd == 2 and w[0] == w[1] and w[2] != w[3]  # where both orders fit, this one is likely
    keras = if_last == last and (channels != last or square)
    if keras or channels == last:
        return (f"x of shape {x} has its channels last: write np.moveaxis(x, -1, {batch})"
                + (f"; w has its filters last: {kernel}" if keras else ""))
    if if_last == first:
        return f"w of shape {w} has its filters last, as in Keras: {kernel}"
    if channels == 1 and batch == 0:
        return f"For {first} images of one channel write x[:, None]"
    return ""


def refuse_groups(w: Shape, nd: int, groups: int) -> NoReturn:
    """Say that the groups do not divide the filters, which another library may put last."""
    filters = w[0] if len(w) > nd else 1
    words = f"groups={groups} does not divide the {filters} filters of w {w}"
    if len(w) == 4 and w[2] == groups:  # depthwise: (R, S, C, filters a channel)
        shape = (w[2] * w[3], 1, *w[:2])
        words += (". w has its filters last, as in Keras: write "
                  f"np.transpose(w, (2, 3, 0, 1)).reshape{shape}")
    elif len(w) == 4 and w[0] == w[1] and w[3] % groups == 0:
        words += ". w has its filters last, as in Keras: write np.transpose(w, (3, 2, 0, 1))"
    raise ValueError(words)


def refuse_ranks(x: Shape, w: Shape, nd: int) -> NoReturn:
    """Say which ranks go together, and how to get there."""
    names = "(H,)", "(R,)", "(C, H) or (N, C, H)", "(K, C/groups, R)"
    if nd == 2:
        names = "(H, W)", "(R, S)", "(C, H, W) or (N, C, H, W)", "(K, C/groups, R, S)"
    words = (f"x of shape {x} and w of shape {w} do not go together: "
             "want x {} with w {}, or x {} with w {}".format(*names))
    if nd == 2 and max(len(x), len(w)) == 5:
        words += ". Three dimensions are not offered, only one and two"
    elif nd == 1 and 4 in (len(x), len(w)):
        words += ". For images take the function whose name ends in 2d"
    elif len(w) == nd + 2 and len(x) == nd and 1 in w[:2]:
        words += ". For one image of one channel write x[None]"
    elif len(w) == nd + 1 and len(x) >= nd:
        words += ". For filters of one channel write w[:, None]"
        words += "; for one image write x[None]" if len(x) == nd else ""
    elif len(w) == nd and x[-nd - 1 : -nd] == (1,):
        words += ". For one filter of one channel write w[None, None]"
    raise ValueError(words)
