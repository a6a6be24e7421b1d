"""What a reader waits for: the bytes of each page, and of the site that a lecturer carries home."""

import pytest
from visits import SITE, served, visit

pytestmark = pytest.mark.browser
FIRST = "chapters/00_start_here.html"
MB = 1_000_000


@pytest.fixture(scope="module")
def sent(chromium):
    """The bytes that each page makes the server send, to a reader who comes for the first time."""
    with served() as address:
        yield {name: visit(chromium, f"{address}/{name}")["bytes"]
               for name in (page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html"))
               if name != "index.html" and not name.startswith("_static")}


def test_the_first_page_is_light(sent):
    assert sent[FIRST] < 1 * MB


def test_no_page_is_heavy(sent):
    assert len(sent) > 10
    assert {name: size for name, size in sent.items() if not 0.1 * MB < size < 2 * MB} == {}


def test_the_site_fits_where_it_is_carried():
    assert sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file()) < 40 * MB
