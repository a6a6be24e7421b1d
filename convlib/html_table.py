"""Tables for a notebook: what a result shows where HTML can be shown."""

from collections.abc import Iterable, Sequence


def html_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]], *,
               align: str = "right", size: str = "1em") -> str:
    """A table whose first column names its rows; it scrolls by itself where it is too wide.

    Parameters
    ----------
    caption : str
        What the table shows.
    head : sequence of str
        The names of the columns.
    rows : iterable of sequences
        The cells of each row. Like caption and head they are HTML, not text.
    align, size : str
        How words are aligned, numbers being left to the page; the size of all. Both as in CSS.

    Returns
    -------
    str
        The HTML.
    """
    aligned = f" style='text-align:{align}'"
    heads = "".join(f"<th scope='col'{aligned}>{name}</th>" for name in head)
    body = "".join(f"<tr><th scope='row' style='white-space:nowrap'>{name}</th>"
                   + "".join(f"<td{aligned if isinstance(cell, str) else ''}>{cell}</td>"
                             for cell in cells) + "</tr>" for name, *cells in rows)
    return (f"<div style='overflow-x:auto; font-size:{size}'><table><caption style='color:inherit'>"
            f"{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>")
