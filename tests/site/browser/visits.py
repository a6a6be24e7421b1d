"""The built site as a reader's browser meets it: compressed by the server, nothing in the cache."""

import functools
import gzip
import http.server
import threading
import time
from contextlib import contextmanager
from pathlib import Path

SITE = Path(__file__).parents[3] / "_build/html"
PAINTS = """
window.paints = {fcp: 0, lcp: 0, cls: 0, busy: 0, longest: 0};
const watch = (type, note) => new PerformanceObserver(
    list => list.getEntries().forEach(note)).observe({type, buffered: true});
watch('paint', e => e.name === 'first-contentful-paint' && (paints.fcp = e.startTime));
watch('largest-contentful-paint', e => paints.lcp = e.startTime);
watch('layout-shift', e => paints.cls += e.hadRecentInput ? 0 : e.value);
watch('longtask', e => {
    paints.busy = Math.max(paints.busy, e.startTime + e.duration);
    paints.longest = Math.max(paints.longest, e.duration); });
"""
QUIET = 2000  # ms in which a page that is whole may still begin something long
SHOWN = "window.complete?.then(() => document.fonts.ready).then(() => true)"

# what the browser keeps of a reader: the entry of each answer, as sorted lists and guesses
KEPT = """() => {
    const kept = {solved: [], shown: [], missed: [], guesses: {}};
    for (const key of Object.keys(localStorage).sort()) {
        const number = /^flipped-kernel:(.*)$/.exec(key)?.[1];
        if (!number) continue;
        const mark = JSON.parse(localStorage.getItem(key));
        for (const list of ['solved', 'shown', 'missed']) if (mark[list]) kept[list].push(number);
        if (mark.guess) kept.guesses[number] = mark.guess;
    }
    return kept;
}"""

TEXTS = (".html", ".css", ".js", ".svg", ".json", ".ttf")


@functools.cache
def sent(path):
    """A file's bytes: texts are sent compressed, as nearly every web server sends them."""
    return gzip.compress(path.read_bytes()) if path.suffix in TEXTS else path.read_bytes()


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Sends texts compressed."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in TEXTS:
            return super().do_GET()
        if not path.exists():
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", len(sent(path)))
        self.end_headers()
        self.wfile.write(sent(path))

    def log_message(self, *_):
        pass


@contextmanager
def served(site=SITE):
    """The address of a site's folder."""
    assert site.exists(), "the site is not built: run make book"
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Compressing, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def until(page, expression, arg=None, patience=30_000):
    """Wait for what page.wait_for_function would wait for: that needs eval, which pages forbid."""
    end = time.monotonic() + patience / 1000
    while not page.evaluate(expression, arg):
        if time.monotonic() > end:
            raise TimeoutError(f"still not: {expression} {arg or ''}")
        page.wait_for_timeout(100)


def visit(chromium, address, slowdown=1):
    """Open a page for the first time, and look until it has been whole for a while.

    {"bytes" that came, "fcp" and "lcp", its first and its largest paint, "cls", its layout shift,
    "busy", the end of the last task above 50 ms, and "longest"}; times in milliseconds.
    """
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(PAINTS)
    devtools, sizes = context.new_cdp_session(page), []
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    devtools.on("Network.loadingFinished", lambda sent: sizes.append(sent["encodedDataLength"]))
    page.goto(address, wait_until="networkidle", timeout=60_000)
    until(page, SHOWN)
    page.wait_for_timeout(QUIET)
    paints = page.evaluate("paints")
    context.close()
    return {"bytes": sum(sizes), **paints}
