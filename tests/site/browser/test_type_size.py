"""The words in pictures can be read at the width at which a page shows them."""

import pytest
from type_sizes import WIDTHS, smallest, type_sizes

pytestmark = pytest.mark.browser
SMALLEST, SMALLEST_INDEX = 11, 7.5  # CSS pixels; indices and exponents are 0.7 of their text
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 200 50"><g id="text_1"><g transform="translate(3 4) scale(0.1 -0.1)">
<use xlink:href="#DejaVuSans-30"/><use xlink:href="#DejaVuSans-31" transform="scale(0.7)"/></g></g>
<use xlink:href="#m1"/></svg>"""


def test_type_is_measured():
    assert smallest(PICTURE) == pytest.approx((10 / 200, 7 / 200))
    assert not smallest(PICTURE.replace("text_", "line_"))


def test_no_picture_has_words_too_small_to_be_read(chromium):
    sizes = type_sizes(chromium)
    assert len(sizes) > 80 and all(set(at) == set(WIDTHS) for at in sizes.values())
    assert sum(figure.startswith("moves") for _, figure in sizes) > 25
    small = [f"{name} {figure}: {text} pixels, indices {index}, in a window of {window}"
             for (name, figure), at in sizes.items() for window, (text, index) in at.items()
             if text < SMALLEST or index < SMALLEST_INDEX]
    assert not small, "\n".join(small)
