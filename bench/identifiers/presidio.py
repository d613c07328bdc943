"""Presidio's pattern recognizers, those that need no language model, over texts.

Standard input: a JSON list of texts. Standard output: for each the spans found, as
[start, end, entity, score] with offsets in code points. Recognizers of every country are on, as
are those that Presidio leaves off by default; context words are not used, since its enhancer needs a
model's lemmas.
"""

import inspect
import json
import sys

from presidio_analyzer import LocalRecognizer, predefined_recognizers
from presidio_analyzer.predefined_recognizers import PhoneRecognizer


def recognizers():
    for name in sorted(dir(predefined_recognizers)):
        kind = getattr(predefined_recognizers, name)
        if not inspect.isclass(kind) or not issubclass(kind, LocalRecognizer):
            continue
        if not hasattr(kind, "PATTERNS") and kind is not PhoneRecognizer:
            continue
        try:
            yield kind(supported_language="en")
        except Exception as cause:
            print(f"{name} is left out: {type(cause).__name__}", file=sys.stderr)


def main():
    active = list(recognizers())
    found = []
    for text in json.load(sys.stdin):
        spans = []
        for recognizer in active:
            for one in recognizer.analyze(text, recognizer.supported_entities, None) or []:
                spans.append([one.start, one.end, one.entity_type, one.score])
        found.append(spans)
    json.dump(found, sys.stdout)


main()
