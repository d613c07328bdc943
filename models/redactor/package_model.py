"""Turns a checkpoint into the folder that is committed: ONNX, tokenizer, vocabulary, config, digests.

    python package_model.py --checkpoint thorough.pt --base DIR --name thorough --out thorough
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import onnx

import export
import model as M
import text as T


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("--checkpoint", type=Path, required=True)
    ap.add_argument("--base", type=Path, required=True)
    ap.add_argument("--name", required=True)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--fp32", action="store_true")
    args = ap.parse_args()
    tagger = M.load(str(args.checkpoint), 0.0).eval()
    args.out.mkdir(parents=True, exist_ok=True)
    onnx.save(export.build(tagger, not args.fp32), str(args.out / "model.onnx"))
    for name in ("tokenizer.json", "vocab.txt"):
        shutil.copyfile(args.base / name, args.out / name)
    config = {
        "name": args.name,
        "model": "model.onnx",
        "vocabulary": "vocab.txt",
        "labels": T.LABELS,
        "caseClasses": T.CASE_CLASSES,
        "maxSubwords": T.MAX_SUBWORDS,
        "inputs": ["input_ids", "token_type_ids"],
        "quantization": "none" if args.fp32 else "int8 dynamic, 7-bit weights per output channel, int8 word embeddings per row",
        "opset": {"": export.OPSET, "com.microsoft": 1},
        "architecture": tagger.shape.as_dict(),
        "temperature": 1.0,
        "decision": {"biasF1": 0.0, "biasSafe": 2.0},
    }
    (args.out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    digests = {n: "sha256:" + hashlib.sha256((args.out / n).read_bytes()).hexdigest() for n in ("model.onnx", "tokenizer.json", "vocab.txt")}
    (args.out / "digests.json").write_text(json.dumps(digests, indent=1) + "\n")
    print(json.dumps({n: (args.out / n).stat().st_size for n in digests} | digests, indent=1))


if __name__ == "__main__":
    main()
