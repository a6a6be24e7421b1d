"""Finished pages are checked: what they show, what they load, what they lack."""

import json
import re
from html.parser import HTMLParser

ELSEWHERE = re.compile(r"\s*(https?:)?//")
STYLE_LOADS = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")]*)")
LOADED_FROM = {"src", "srcset", "data", "poster"}
VIEW = "application/vnd.jupyter.widget-view+json"


class Page(HTMLParser):
    """What a finished page shows and loads."""

    def __init__(self, text):
        super().__init__()
        self.heading, self.loads, self.scripts = "", [], []
        self._inside = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.loads += [v for k, v in attributes.items() if k in LOADED_FROM and v]
        if tag == "link":
            self.loads.append(attributes.get("href") or "")
        if tag == "h1" and not self.heading:
            self._inside = "h1"
        if tag == "script":
            self._inside = attributes.get("type")
            self.scripts.append((self._inside, ""))

    def handle_endtag(self, tag):
        if tag in ("h1", "script"):
            self._inside = None

    def handle_data(self, data):
        if self._inside == "h1":
            self.heading += data
        elif self._inside == VIEW:
            kind, text = self.scripts[-1]
            self.scripts[-1] = kind, text + data

    def views(self):
        return [json.loads(text)["model_id"] for kind, text in self.scripts if kind == VIEW]


def loads_elsewhere(text):
    """What a page or a style sheet would fetch from another host."""
    found = [address for address in Page(text).loads if ELSEWHERE.match(address)]
    return [f"loads {address}" for address in found + STYLE_LOADS.findall(text)]


def complaints(text, heading, policy, states):
    """Why a chapter's page is not fit to be read, in words; its widgets have these states."""
    page = Page(text)
    letters, wanted = (re.sub(r"\W", "", words) for words in (page.heading, heading))
    if letters != wanted:  # printing changes quotes and dashes, no letters
        yield f"has the heading {page.heading!r}, not {heading!r}"
    if policy not in text:
        yield "lacks the content security policy"
    for name in page.views():
        if name not in states:
            yield f"shows the widget {name} without its state"
    for name, model in states.items():
        if model["state"].get("frames") == []:
            yield f"has the live figure {name} without the frames that it shows"
