"""Finished pages are checked: what they show, what they load, what they lack."""

import json
import re
from html.parser import HTMLParser

from policy import POLICY

from figures.widgets.shown import VIEW

ELSEWHERE = re.compile(r"\s*(https?:)?//")
STYLE_LOADS = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")]*)")
LOADED_FROM = {"src", "srcset", "data", "poster"}


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


class Guard(HTMLParser):
    """What a page holds against its policy, in the order of the page."""

    EXECUTED = re.compile(r"(?:(?:text|application)/(?:x-)?(?:java|ecma)script|module|importmap)?")
    LOADING = frozenset(("script", "link", "style", "img", "base", "iframe", "object", "body"))

    def __init__(self, text):
        super().__init__()
        self.found, self._policies, self._own = [], [], False
        self.feed(text)
        if self._policies != [POLICY]:
            self.found.insert(0, f"has the content security policies {self._policies}")

    def handle_starttag(self, tag, pairs):
        attributes = {name: value or "" for name, value in pairs}
        if tag == "meta" and attributes.get("http-equiv", "").lower() == "content-security-policy":
            self._policies.append(attributes.get("content"))
        if tag in self.LOADING and not self._policies:
            self.found.append(f"has <{tag}> before its policy")
        if tag == "base":
            self.found.append("has a base")
        kind = attributes.get("type", "").strip().lower()
        self._own = tag == "script" and "src" not in attributes and bool(
            self.EXECUTED.fullmatch(kind))
        for name, value in attributes.items():
            if name.startswith("on") or re.match(r"[\s\0-\x1f]*javascript:", value, re.I):
                self.found.append(f"runs {name}={value[:60]!r}")

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        if self._own:
            self.found.append(f"has a script of its own: {data.strip()[:60]}")

    def handle_endtag(self, tag):
        self._own = False


def unsealed(text):
    """Where a page lacks the content security policy, or would break it, in words."""
    return Guard(text).found


def complaints(text, heading, states):
    """Why a chapter's page is not fit to be read, in words; its widgets have these states."""
    page = Page(text)
    letters, wanted = (re.sub(r"\W", "", words) for words in (page.heading, heading))
    if letters != wanted:  # printing changes quotes and dashes, no letters
        yield f"has the heading {page.heading!r}, not {heading!r}"
    for name in page.views():
        if name not in states:
            yield f"shows the widget {name} without its state"
    for name, model in states.items():
        if model["state"].get("frames") == []:
            yield f"has the live figure {name} without the frames that it shows"
