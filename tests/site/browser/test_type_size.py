"""The words in pictures can be read at the width at which a page shows them."""

import re

import pytest
from crawl import SITE, small_type
from type_sizes import smallest

pytestmark = pytest.mark.browser
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 200 50"><g id="text_1"><g transform="translate(3 4) scale(0.1 -0.1)">
<use xlink:href="#DejaVuSans-30"/><use xlink:href="#DejaVuSans-31" transform="scale(0.7)"/></g></g>
<use xlink:href="#m1"/></svg>"""


def test_type_is_measured():
    assert smallest(PICTURE) == pytest.approx((10 / 200, 7 / 200))
    assert not smallest(PICTURE.replace("text_", "line_"))


def test_the_crawler_meets_what_is_to_be_measured():
    drawn = re.compile(r'<img\b[^>]*class="(?:drawing|photograph)\b')
    assert sum(len(drawn.findall(path.read_text("utf-8")))
               for path in (SITE / "chapters").glob("*.html")) > 80


@pytest.mark.parametrize("width, told", [(240, False), (200, True)])
def test_words_too_small_to_be_read_are_told(page, tmp_path, width, told):
    (tmp_path / "drawn.svg").write_text(PICTURE)
    page.set_content(f"""<article><div class="cell_output">
        <img class="drawing" src="drawn.svg" style="width: {width}px"></div></article>""")
    assert bool([*small_type(page, tmp_path)]) == told
