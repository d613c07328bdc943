"""Changes training texts: swaps entities for drawn ones, changes case, adds noise of scanning and typing. Spans stay exact."""

from __future__ import annotations

import random

import data as D
from pools import Pools

SCAN_ERRORS = {"l": "1", "O": "0", "o": "0", "I": "l", "e": "c", "rn": "m", "m": "rn", "S": "5", "B": "8", "h": "b", "i": "l"}


def rebuild(doc: D.Document, replace: dict[int, str]) -> D.Document:
    """The document with the span at each given index replaced."""
    order = sorted(range(len(doc.spans)), key=lambda i: doc.spans[i]["start"])
    parts, spans, at, size = [], [], 0, 0
    for i in order:
        span = doc.spans[i]
        if span["start"] < at:
            continue
        before = doc.text[at : span["start"]]
        value = replace.get(i, doc.text[span["start"] : span["end"]])
        parts += [before, value]
        size += len(before)
        spans.append({"start": size, "end": size + len(value), "label": span["label"]})
        size += len(value)
        at = span["end"]
    return D.Document(doc.id, "".join(parts) + doc.text[at:], spans, doc.corpus)


def same_length(text: str, change) -> str:
    out = "".join(change(c) if len(change(c)) == 1 else c for c in text)
    return out


class Augmenter:
    def __init__(self, documents: list[D.Document], swap: float):
        self.pools, self.swap = Pools(), swap
        self.seen: dict[str, list[str]] = {"LOC": [], "ORG": []}
        for d in documents:
            for s in d.spans:
                if s["label"] in self.seen:
                    self.seen[s["label"]].append(d.text[s["start"] : s["end"]])

    def person(self, like: str, rng: random.Random) -> str:
        words = like.split()
        given, family = self.pools.full(rng)
        if len(words) == 1:
            value = family if rng.random() < 0.35 else given
        elif len(words) == 2:
            value = f"{given} {family}"
        else:
            middle = rng.choice([self.pools.given(rng), rng.choice("ABCDEFGHJKLMNPRSTW") + "."])
            value = f"{given} {middle} {family}"
        return value

    def value(self, span: dict, like: str, rng: random.Random) -> str:
        if span["label"] == "PER":
            value = self.person(like, rng)
        elif rng.random() < 0.4:
            value = rng.choice(self.seen[span["label"]])
        else:
            value = self.pools.place(rng) if span["label"] == "LOC" else self.pools.organization(rng)
        if like.isupper() and len(like) > 4:
            return value.upper()
        return value.lower() if like.islower() else value

    def swapped(self, doc: D.Document, rng: random.Random) -> D.Document:
        chosen: dict[tuple[str, str], str | None] = {}
        replace = {}
        for i, span in enumerate(doc.spans):
            like = doc.text[span["start"] : span["end"]]
            key = (span["label"], like)
            if key not in chosen:
                chosen[key] = self.value(span, like, rng) if rng.random() < self.swap else None
            if chosen[key] is not None:
                replace[i] = chosen[key]
        return rebuild(doc, replace) if replace else doc

    def case_only(self, doc: D.Document, rng: random.Random) -> D.Document:
        r = rng.random()
        if r < 0.08:
            text = same_length(doc.text, str.lower)
        elif r < 0.12:
            text = same_length(doc.text, str.upper)
        elif r < 0.14:
            text = doc.text.title()
        elif r < 0.17:
            text = self.names_lowered(doc)
        elif r < 0.20:
            text = "".join(SCAN_ERRORS.get(c, c) if len(SCAN_ERRORS.get(c, c)) == 1 and rng.random() < 0.04 else c for c in doc.text)
        else:
            return doc
        return D.Document(doc.id, text, doc.spans, doc.corpus) if len(text) == len(doc.text) else doc

    def names_lowered(self, doc: D.Document) -> str:
        """Only the entities lose their capitals, as in hasty mail."""
        chars = list(doc.text)
        for s in doc.spans:
            for i in range(s["start"], s["end"]):
                chars[i] = chars[i].lower() if len(chars[i].lower()) == 1 else chars[i]
        return "".join(chars)

    def __call__(self, doc: D.Document, rng: random.Random) -> D.Document:
        return self.case_only(self.swapped(doc, rng), rng)
