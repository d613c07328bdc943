"""Words, subwords, case classes and windows: the text side of the name model.

The same algorithm stands in domain/redact/tagger/; check-node.mjs compares the two, and both
with the reference tokenizer. Offsets here are code points (Python's own); the
JavaScript side works in UTF-16 units.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]
CASE_CLASSES = ["lower", "title", "caps", "single-capital", "mixed", "digit", "punctuation", "title-at-start"]
MAX_SUBWORDS = 126
MAX_WORD_CHARS = 100
CLS, SEP, UNK, PAD, MASK = 101, 102, 100, 0, 103

_CJK = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]
_char_kinds: dict[str, int] = {}
DROP, SPACE, ALONE, WORD = 0, 1, 2, 3


def char_kind(c: str) -> int:
    """DROP, SPACE, ALONE (punctuation and CJK stand alone) or WORD, as BERT's normalizer and pre-tokenizer decide."""
    kind = _char_kinds.get(c)
    if kind is None:
        kind = _char_kinds[c] = _classify_char(c)
    return kind


def _classify_char(c: str) -> int:
    o = ord(c)
    category = unicodedata.category(c)
    if c in "\t\n\r" or category in ("Zs", "Zl", "Zp"):
        return SPACE
    if o in (0, 0xFFFD) or category in ("Cc", "Cf", "Co", "Cs"):
        return DROP
    if 33 <= o <= 47 or 58 <= o <= 64 or 91 <= o <= 96 or 123 <= o <= 126 or category.startswith("P"):
        return ALONE
    return ALONE if any(a <= o <= b for a, b in _CJK) else WORD


@dataclass
class Word:
    start: int
    end: int
    text: str
    case: int
    ids: list[int] = field(default_factory=list)
    line: int = 0


def is_upper(c: str) -> bool:
    return c.lower() != c


def case_class(text: str, at_start: bool) -> int:
    """Index into CASE_CLASSES for one word as written."""
    if len(text) == 1 and char_kind(text) == ALONE and not unicodedata.category(text).startswith("L"):
        return 6
    if any(unicodedata.category(c) == "Nd" for c in text):
        return 5
    cased = [c for c in text if c.lower() != c.upper()]
    upper = sum(1 for c in cased if is_upper(c))
    if upper == 0:
        return 0
    if len(cased) == 1:
        return 3
    if upper == len(cased):
        return 2
    if upper == 1 and is_upper(cased[0]):
        return 7 if at_start else 1
    return 4


class WordPiece:
    """Greedy longest-match subwords over an uncased BERT vocabulary, cached by word."""

    def __init__(self, vocab_path: str):
        with open(vocab_path, encoding="utf-8") as f:
            self.vocab = {line.rstrip("\n"): i for i, line in enumerate(f)}
        self.cache: dict[str, list[int]] = {}

    def ids(self, word: str) -> list[int]:
        found = self.cache.get(word)
        if found is None:
            found = self.cache[word] = self._split(word)
        return found

    def _split(self, word: str) -> list[int]:
        decomposed = unicodedata.normalize("NFD", word)
        text = "".join(c for c in decomposed if unicodedata.category(c) != "Mn" and char_kind(c) != DROP).lower()
        if not text or len(text) > MAX_WORD_CHARS:
            return [UNK] if text else []
        out, at = [], 0
        while at < len(text):
            end = len(text)
            while end > at:
                piece = self.vocab.get(("##" if at else "") + text[at:end])
                if piece is not None:
                    break
                end -= 1
            if end == at:
                return [UNK]
            out.append(piece)
            at = end
        return out

    def words(self, text: str) -> list[Word]:
        """Words of a text in order with offsets, case class, subword ids and line number. Words without subwords are left out."""
        words: list[Word] = []
        start, line, at_start = -1, 0, True

        def close(end: int) -> None:
            nonlocal start, at_start
            if start < 0:
                return
            piece = text[start:end]
            ids = self.ids(piece)
            if ids:
                words.append(Word(start, end, piece, case_class(piece, at_start), ids, line))
                at_start = False
            start = -1

        for i, c in enumerate(text):
            kind = char_kind(c)
            if kind == WORD:
                if start < 0:
                    start = i
                continue
            if kind == DROP:
                continue
            close(i)
            if kind == ALONE:
                before = at_start
                start = i
                close(i + 1)
                at_start = True if c in ".!?:;•" else (before if c in "\"'“”‘’()[]-*#>_" else False)
            elif c == "\n":
                line += 1
                at_start = True
        close(len(text))
        return words


def windows(words: list[Word], limit: int = MAX_SUBWORDS) -> list[tuple[int, int]]:
    """Cuts words into windows [from, to) of at most `limit` subwords: whole lines packed greedily, a longer line cut after its last sentence end."""
    out: list[tuple[int, int]] = []
    start, size, good = 0, 0, 0
    for i, word in enumerate(words):
        n = min(len(word.ids), limit)
        if size + n > limit:
            cut = good if good > start else i
            out.append((start, cut))
            start = cut
            size = sum(min(len(w.ids), limit) for w in words[start:i])
            good = 0
        size += n
        last = i + 1 == len(words)
        if last or words[i + 1].line != word.line or word.text in (".", "!", "?"):
            good = i + 1
    if start < len(words):
        out.append((start, len(words)))
    return out


def bio(words: list[Word], spans: list[dict]) -> list[int]:
    """One label id a word: B- where a span begins, I- where it goes on; any overlap counts."""
    out = [0] * len(words)
    for span in sorted(spans, key=lambda s: s["start"]):
        first = True
        kind = {"PER": 1, "LOC": 3, "ORG": 5}[span["label"]]
        for i, word in enumerate(words):
            if word.start >= span["end"]:
                break
            if word.end > span["start"]:
                if out[i] == 0:
                    out[i] = kind if first else kind + 1
                first = False
    return out


NEVER = -1e9


def best_labels(words: list[Word], logits) -> list[int]:
    """The best label id a word among well-formed sequences (I-X only after B-X or I-X of its line); logits: (words, labels)."""
    out: list[int] = []
    for start, end in line_ranges(words):
        score = [x if i % 2 or i == 0 else NEVER for i, x in enumerate(logits[start])]
        back = []
        for row in logits[start + 1 : end]:
            best = max(range(len(row)), key=score.__getitem__)
            links = [best if i % 2 or i == 0 else max(i - 1, i, key=score.__getitem__) for i in range(len(row))]
            back.append(links)
            score = [score[link] + x for link, x in zip(links, row)]
        path = [max(range(len(score)), key=score.__getitem__)]
        for links in reversed(back):
            path.append(links[path[-1]])
        out += reversed(path)
    return out


def line_ranges(words: list[Word]) -> list[tuple[int, int]]:
    """[from, to) of each line's words."""
    starts = [i for i, w in enumerate(words) if i == 0 or w.line != words[i - 1].line]
    return list(zip(starts, starts[1:] + [len(words)]))


def spans_of(words: list[Word], labels: list[int]) -> list[tuple[int, int, str]]:
    """(start, end, type) from well-formed label ids."""
    out: list[list] = []
    for word, label in zip(words, labels):
        if label % 2:
            out.append([word.start, word.end, LABELS[label][2:]])
        elif label:
            out[-1][1] = word.end
    return [tuple(s) for s in out]
