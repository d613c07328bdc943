"""Near duplicates by published libraries, and what every method found held against exact Jaccard.

Usage: near-duplicates-peer.py TEXTS OURS THRESHOLD PERMUTATIONS SHINGLE_WORDS
TEXTS: one JSON string a line, in the order in which records are decided. OURS: one JSON number or
null a line: the line of the record that stands for this one. Prints figures as JSON.
"""

import json
import re
import sys
import time
from collections import defaultdict

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

WORD = re.compile(r"\w+")
# A shingle in more records than this is boilerplate: no pair is found by it alone.
COMMON = 1000


def shingles_of(text, words):
    found = WORD.findall(text) or [text]
    count = max(1, len(found) - words + 1)
    return [" ".join(found[at : at + words]) for at in range(count)]


def with_datasketch(texts, threshold, permutations, words):
    lsh = MinHashLSH(threshold=threshold, num_perm=permutations)
    kept, stands = {}, []
    for at, text in enumerate(texts):
        sketch = MinHash(num_perm=permutations)
        sketch.update_batch([shingle.encode() for shingle in shingles_of(text, words)])
        similar = [(sketch.jaccard(kept[other]), -other) for other in lsh.query(sketch)]
        best = max(similar, default=(0, 0))
        stands.append(-best[1] if best[0] >= threshold else None)
        if stands[-1] is None:
            lsh.insert(at, sketch)
            kept[at] = sketch
    return stands


def with_rensa(texts, threshold, permutations, words):
    lsh = RMinHashLSH(threshold=threshold, num_perm=permutations, num_bands=permutations // 8)
    kept, stands = {}, []
    for at, text in enumerate(texts):
        sketch = RMinHash(num_perm=permutations, seed=42)
        sketch.update(shingles_of(text, words))
        similar = [(sketch.jaccard(kept[other]), -other) for other in lsh.query(sketch)]
        best = max(similar, default=(0, 0))
        stands.append(-best[1] if best[0] >= threshold else None)
        if stands[-1] is None:
            lsh.insert(at, sketch)
            kept[at] = sketch
    return stands


def true_pairs(sets, threshold):
    """All pairs at or above the threshold, exactly."""
    index = defaultdict(list)
    for at, shingles in enumerate(sets):
        for shingle in shingles:
            index[shingle].append(at)
    candidates = set()
    for members in index.values():
        if len(members) > COMMON:
            continue
        for later, b in enumerate(members):
            candidates.update((a, b) for a in members[:later])
    return {pair for pair in candidates if jaccard(sets, *pair) >= threshold}


def jaccard(sets, a, b):
    both = len(sets[a] & sets[b])
    return both / (len(sets[a]) + len(sets[b]) - both)


def judge(stands, sets, pairs, threshold):
    merged = [(at, of) for at, of in enumerate(stands) if of is not None]
    right = sum(jaccard(sets, at, of) >= threshold for at, of in merged)
    settled = sum(stands[a] is not None or stands[b] is not None for a, b in pairs)
    return {
        "merged": len(merged),
        "precision": right / max(1, len(merged)),
        "recall": settled / max(1, len(pairs)),
    }


def main():
    texts = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    ours = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
    threshold, permutations, words = float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
    sets = [set(shingles_of(text, words)) for text in texts]
    pairs = true_pairs(sets, threshold)
    figures = {"truePairs": len(pairs), "custos": judge(ours, sets, pairs, threshold)}
    for name, method in (("datasketch", with_datasketch), ("rensa", with_rensa)):
        wall, cpu = time.perf_counter(), time.process_time()
        stands = method(texts, threshold, permutations, words)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        rates = {"seconds": wall, "recordsPerCpuSecond": len(texts) / cpu}
        figures[name] = judge(stands, sets, pairs, threshold) | rates
    print(json.dumps(figures))


main()
