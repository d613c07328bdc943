"""Writes synthetic enterprise records with exact spans, from a seed.

    python generate.py --seed 20261124 --count 6000 --out synthetic.jsonl

JSONL as in the corpora: {id, text, spans: [{start, end, label}]}, offsets in code points.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import unicodedata
from pathlib import Path

import templates as X
from pools import STREET_WORDS, WORD_NAMES, Pools

SLOT = re.compile(r"\{\{|\}\}|\{([a-z]+[0-9]*)(?:\.([a-z]+))?\}")
GENRES = {"ticket": 14, "email": 14, "chat": 10, "clinical": 12, "contract": 8, "hr": 8, "banking": 8, "technical": 12, "form": 8, "prose": 14, "negative": 14}
STREET_STEMS = "Main Oak Elm Maple Park Church High Station King Mill Cedar Lincoln Washington Hill Lake Pine River Spring".split()


def ascii_of(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name) if c.isascii() and c.isalnum())


class Record:
    """One record being written: its people, places and organizations stay the same from slot to slot."""

    def __init__(self, pools: Pools, rng: random.Random):
        self.pools, self.rng = pools, rng
        self.known: dict[str, object] = {}

    def entity(self, slot: str):
        if slot not in self.known:
            draw = {"p": self.pools.full, "l": self.pools.place, "o": self.pools.organization}[slot[0]]
            self.known[slot] = draw(self.rng)
        return self.known[slot]

    def person(self, slot: str, form: str | None) -> list[tuple[str, str | None]]:
        """Pieces (text, label or None) of one mention of a person."""
        given, family = self.entity(slot)
        g, f = ascii_of(given) or "x", ascii_of(family) or "y"
        r = self.rng
        if form is None:
            middle = r.random()
            name = f"{given} {family}" if middle < 0.86 else f"{given} {r.choice('ABCDEFGHJKLMNPRSTW')}. {family}" if middle < 0.94 else f"{given} {self.pools.given(r)} {family}"
            return [(name, "PER")]
        simple = {
            "f": given,
            "l": family,
            "i": f"{given[0]}. {family}",
            "r": f"{family}, {given}",
            "s": f"{given} {family}".upper(),
            "file": r.choice([f"{g}_{f}", f"{f}_{g}", f"{g.lower()}_{f.lower()}", f"{g}-{f}"]),
        }
        if form in simple:
            return [(simple[form], "PER")]
        if form == "w":
            word = self.known.setdefault(f"{slot}.w", r.choice(WORD_NAMES))
            return [(word, "PER")]
        user = self.known.setdefault(f"{slot}.user", r.choice([f"{g}.{f}", f"{g[0]}{f}", f"{g}{r.randint(1, 99)}", f"{g}_{f}"]).lower())
        if form == "mail":
            return [(f"{user}@{r.choice(['example.com', 'mail.example', 'corp.example', 'example.org'])}", None)]
        if form == "slug":
            return [(f"{g}-{f}".lower(), "PER")]
        if form == "ini":
            return [(f"{g[0]}{f[0]}".lower(), None)]
        return [(user, "PER")]

    def plain(self, slot: str) -> str:
        r = self.rng
        makers = {
            "date": lambda: r.choice([f"{r.randint(1, 28)} {r.choice(X.MONTHS)} {r.randint(1950, 2026)}", f"{r.choice(X.MONTHS)} {r.randint(1, 28)}, {r.randint(1950, 2026)}", f"{r.randint(1, 12):02d}/{r.randint(1, 28):02d}/{r.randint(1950, 2026)}", f"{r.randint(1950, 2026)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}"]),
            "n": lambda: str(r.randint(1, 9999)),
            "n2": lambda: str(r.randint(2, 90)),
            "n8": lambda: str(r.randint(10**7, 10**8 - 1)),
            "code": lambda: r.choice([f"INC-{r.randint(1000, 99999)}", f"#{r.randint(100, 99999)}", f"{r.choice('ABCDEFG')}{r.randint(10**4, 10**6)}", f"PO {r.randint(1000, 99999)}"]),
            "phone": lambda: r.choice([f"+1 {r.randint(200, 989)} 555 {r.randint(1000, 9999)}", f"({r.randint(200, 989)}) 555-01{r.randint(10, 99)}", f"0{r.randint(20, 99)} {r.randint(1000, 9999)} {r.randint(100, 999)}"]),
            "money": lambda: r.choice([f"${r.randint(5, 90000):,}", f"EUR {r.randint(5, 9000)}.{r.randint(0, 99):02d}", f"£{r.randint(5, 900)}", f"{r.randint(5, 900)} USD"]),
            "product": lambda: r.choice(X.PRODUCTS),
            "version": lambda: f"{r.randint(1, 12)}.{r.randint(0, 20)}",
            "thing": lambda: r.choice(X.THINGS),
            "thing0": lambda: r.choice(X.THINGS).split()[-1],
            "month": lambda: r.choice(X.MONTHS),
            "weekday": lambda: r.choice(X.WEEKDAYS),
            "dept": lambda: r.choice(X.DEPARTMENTS),
            "role": lambda: r.choice(X.ROLES),
            "title": lambda: r.choice(X.TITLES),
            "ward": lambda: r.choice(X.WARDS),
            "illness": lambda: r.choice(X.ILLNESSES),
            "drug": lambda: r.choice(X.DRUGS),
            "drug2": lambda: r.choice(X.DRUGS),
            "dose": lambda: f"{r.choice([5, 10, 20, 40, 50, 100, 250, 500])} mg",
            "age": lambda: str(r.randint(1, 99)),
            "year": lambda: str(r.randint(1960, 2026)),
            "time": lambda: f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}",
            "host": lambda: f"srv-{r.randint(1, 99)}",
            "iban": lambda: f"DE{r.randint(10, 99)} {r.randint(1000, 9999)} {r.randint(1000, 9999)} {r.randint(1000, 9999)} {r.randint(1000, 9999)} {r.randint(10, 99)}",
        }
        return makers[slot]()

    def pieces(self, slot: str, form: str | None) -> list[tuple[str, str | None]]:
        if slot == "street":
            stem = self.pools.family(self.rng) if self.rng.random() < 0.4 else self.rng.choice(STREET_STEMS)
            return [(f"{stem} {self.rng.choice(STREET_WORDS)}", "LOC")]
        if re.fullmatch(r"p[0-9]", slot):
            return self.person(slot, form)
        if re.fullmatch(r"[lo][0-9]", slot):
            value = str(self.entity(slot))
            return [(value.upper() if form == "s" else value, "LOC" if slot[0] == "l" else "ORG")]
        return [(self.plain(slot), None)]

    def render(self, form: str) -> tuple[str, list[dict]]:
        parts, spans, at, size = [], [], 0, 0
        for m in SLOT.finditer(form):
            before = form[at : m.start()]
            parts.append(before)
            size += len(before)
            at = m.end()
            for value, label in [(m.group(0)[0], None)] if m.group(1) is None else self.pieces(m.group(1), m.group(2)):
                parts.append(value)
                if label and spans and label == "PER" and spans[-1]["end"] == size - 1 and before == " " and spans[-1]["label"] == "PER":
                    spans[-1]["end"] = size + len(value)
                elif label:
                    spans.append({"start": size, "end": size + len(value), "label": label})
                size += len(value)
        return "".join(parts) + form[at:], spans


def write_record(index: int, pools: Pools, rng: random.Random) -> dict:
    """A record of one to six forms, mostly of one genre, with negative forms between."""
    genre = rng.choices(list(GENRES), GENRES.values())[0]
    record = Record(pools, rng)
    text, spans = "", []
    for n in range(rng.choice([1, 1, 2, 3, 4, 6])):
        source = genre if rng.random() < 0.75 else rng.choices(list(GENRES), GENRES.values())[0]
        if rng.random() < 0.5:
            record = Record(pools, rng)
        piece, found = record.render(rng.choice(X.SENTENCES[source]))
        text += rng.choice(["\n", "\n", " ", "\n\n"]) if n else ""
        spans += [{**s, "start": s["start"] + len(text), "end": s["end"] + len(text)} for s in found]
        text += piece
    return {"id": f"synthetic-{index}", "text": text, "spans": spans, "split": "train", "source": f"generator/{genre}"}


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=20261124)
    ap.add_argument("--count", type=int, default=6000)
    ap.add_argument("--out", type=Path, required=True)
    args = ap.parse_args()
    pools = Pools()
    lines = [json.dumps(write_record(i, pools, random.Random(f"{args.seed}/{i}")), ensure_ascii=False) + "\n" for i in range(args.count)]
    body = "".join(lines).encode()
    args.out.write_bytes(body)
    print(f"{args.count} records, sha256:{hashlib.sha256(body).hexdigest()}")


if __name__ == "__main__":
    main()
