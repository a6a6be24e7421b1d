"""Bytes and paint times of the built site's pages, against their aims.

    python benchmarks/site.py              every page
    python benchmarks/site.py 00 search    those whose names begin so

Each page is opened in Chromium with an empty cache, from a local server that compresses, on a
processor slowed down four times: first contentful paint, largest contentful paint, the end of the
last task above 50 ms, the longest task, layout shift. Of three visits the middle time counts.
"""

import statistics
import sys
from pathlib import Path

from aims import aim
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/site/browser"))
from crawl import pages
from lab import launch
from visits import SITE, served, visit

SLOWDOWN, ROUNDS = 4, 3
# bytes: of the first page, of any other; milliseconds; half of what counts as a good layout shift
AIMS = {"bytes": 2_000_000, "fcp": 1000, "lcp": 2000, "busy": 2500, "longest": 200, "cls": 0.05}
WORST = (("fcp", "first paint", "ms"), ("busy", "last long task over", "ms"),
         ("longest", "longest task", "ms"), ("cls", "layout shift", ""))
FIRST = AIMS | {"bytes": 1_000_000}


def missed(found, aims):
    return [f"{name} {found[name]:.7g} is not below {aim}" for name, aim in aims.items()
            if found[name] >= aim]


def main(begins):
    worst = {}
    wanted = [page for page in map(Path, pages()) if page.name.startswith(begins)]
    print(f"{'page':32} {'MB':>6} {'FCP ms':>7} {'LCP ms':>7} {'busy ms':>7} {'longest':>7} "
          f"{'shift':>6}  processor / {SLOWDOWN}")
    with served() as address, sync_playwright() as playwright:
        chromium = launch(playwright)
        visit(chromium, f"{address}/search.html")  # the browser itself has started, too
        for page in wanted:
            visits = [visit(chromium, f"{address}/{page.as_posix()}", SLOWDOWN)
                      for _ in range(ROUNDS)]
            found = {name: statistics.median(v[name] for v in visits) for name in visits[0]}
            aims = FIRST if page.name.startswith("00") else AIMS
            print(f"{page.stem:32} {found['bytes'] / 1e6:6.2f} {found['fcp']:7.0f} "
                  f"{found['lcp']:7.0f} {found['busy']:7.0f} {found['longest']:7.0f} "
                  f"{found['cls']:6.3f}  "
                  f"{'; '.join(missed(found, aims)) or 'reaches its aims'}", flush=True)
            worst = {name: max(worst.get(name, 0), found[name]) for name in found}
        chromium.close()
    size = sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file()) / 1e6
    for name, words, unit in WORST:
        aim(f"the slowest page, {words}, processor / {SLOWDOWN}", worst[name], AIMS[name], unit)
    aim("the largest page", worst["bytes"] / 1e6, AIMS["bytes"] / 1e6, "MB")
    aim("the site", size, 40, "MB")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or "")
