"""How fast the search is in a browser: ``python -m tests.bench.search [updates]`` (without: 10,000).

Chromium's processor is slowed down four times, as a telephone's. Nothing is asserted; nothing is published for it.
"""

import gzip
import sys
from collections import defaultdict
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import CDPSession, Page, sync_playwright

from feedsvc import urls
from feedsvc.documents.searching import PIECE
from feedsvc.formats.search_index import render_search_index
from feedsvc.kinds import SEARCH
from feedsvc.pages.assets import assets
from feedsvc.pages.search import search_page
from tests.bench.generate import Sample, make_samples
from tests.harness.judges import find_program
from tests.make import make_entry, make_site

SLOWER = 4
TYPED = ("mask notice", "overtime schedule", "zzz")  # the last is in none
FIRST = (
    "() => document.querySelector('#results li') || document.querySelector('#state').textContent.includes('has all')"
)
WHOLE = "() => /found: |has all/.test(document.querySelector('#state').textContent)"


def make_index(count: int) -> dict[str, bytes]:
    """Every piece by its path, newest first, and the page."""
    site = make_site()
    by_year: dict[int, list[Sample]] = defaultdict(list)
    for sample in make_samples(count):
        by_year[sample.published.year].append(sample)
    pieces: dict[str, bytes] = {}
    for year, samples in sorted(by_year.items(), reverse=True):
        entries = [
            make_entry(
                n,
                slug=sample.slug,
                title=sample.title,
                summary=sample.summary,
                published=sample.published,
                categories=sample.categories,
                content_html=f"<p>{sample.body}</p>",
            )
            for n, sample in enumerate(samples, 1)
        ]
        starts = list(enumerate(range(0, len(entries), PIECE), 1))[::-1]
        made = {
            f"{urls.search_folder(year)}{number}.json": render_search_index(site, entries[start : start + PIECE][::-1])
            for number, start in starts
        }
        octets = sum(len(gzip.compress(body)) for body in made.values())
        print(f"{year}: {len(entries)} updates, {len(made)} pieces, {octets / 1000:.0f} kB with gzip")
        pieces |= made
    page = search_page(site, sorted(by_year, reverse=True), list(pieces))
    return pieces | {"/search/": page} | {urls.asset_path(each.name_with_digest): each.body for each in assets()}


class Handler(BaseHTTPRequestHandler):
    """Hands out the index."""

    def __init__(self, documents: dict[str, bytes], *given: object) -> None:
        self.documents = documents
        super().__init__(*given)  # type: ignore[arg-type]  # as the server gives them

    def do_GET(self) -> None:
        body = self.documents.get(self.path, b"")
        self.send_response(200 if body else 404)
        types = {"css": "text/css", "js": "text/javascript", "json": "application/json"}
        self.send_header("Content-Type", types.get(self.path.rpartition(".")[2], "text/html"))
        self.send_header("Content-Security-Policy", SEARCH.policy)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the output to the figures."""


def measure(page: Page, origin: str, words: str) -> tuple[float, float]:
    """Milliseconds from the last letter to the first results, and to all of them, on a page that was just opened."""
    page.goto("about:blank")
    page.goto(f"{origin}/search/")
    page.wait_for_load_state("networkidle")
    page.get_by_role("searchbox").fill(words)
    began = page.evaluate("performance.now()")
    times = []
    for there in (FIRST, WHOLE):
        page.wait_for_function(there, polling="raf")
        times.append(page.evaluate("performance.now()") - began)
    return times[0], times[1]


def main() -> None:
    """Print the sizes, and how long it takes."""
    documents = make_index(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, documents)) as server, sync_playwright() as playwright:
        thread = Thread(target=server.serve_forever)
        thread.start()
        browser = playwright.chromium.launch(
            executable_path=find_program("chromium", package="chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844})
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for words in TYPED:
            first, whole = measure(page, f"http://127.0.0.1:{server.server_port}", words)
            print(f"{words!r}: first results after {first:.0f} ms, all after {whole:.0f} ms")
        browser.close()
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    main()
