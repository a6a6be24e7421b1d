"""Tables with many columns of words: on a phone, narrow.css sets each row as a list.

For this every cell says which column it belongs to, and the table that it is one of them.
"""

import re
from html import escape, unescape

COLUMNS, LETTERS = 4, 100  # at least so many columns, and letters if every cell had as many as one
TABLE = re.compile(r'<table class="table">(?:(?!</table>).)*</table>', re.S)
HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.S)
CELL = re.compile(r"<(tr|td)\b(?=[ >])")


def label_cells(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(TABLE.sub(lambda found: labelled(found[0]), text), encoding="utf-8")


def labelled(table):
    """The table with labelled cells if it has many columns of words."""
    head, body = table.split("</thead>", 1) if "</thead>" in table else ("", table)
    names = [words(cell) for cell in HEAD.findall(head)]
    longest = max(map(len, map(words, re.findall(r"<td\b[^>]*>(.*?)</td>", body, re.S))), default=0)
    if len(names) < COLUMNS or len(names) * longest < LETTERS:
        return table
    left = iter(())

    def label(found):
        nonlocal left
        if found[1] == "tr":
            left = iter(names)
            return found[0]
        return f'<td data-column="{escape(next(left))}"'

    return (head.replace('class="table"', 'class="table many-columns"') + "</thead>"
            + CELL.sub(label, body))


def words(cell):
    return unescape(re.sub("<[^>]*>", "", cell)).strip()
