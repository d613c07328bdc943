"""Averages the weights of checkpoints of one lineage: python average.py out.pt a.pt b.pt ..."""

from __future__ import annotations

import sys

import model as M


def main() -> None:
    out, *paths = sys.argv[1:]
    models = [M.load(path) for path in paths]
    states = [m.state_dict() for m in models]
    models[0].load_state_dict({k: sum(s[k] for s in states) / len(states) for k in states[0]})
    M.save(models[0], out)


if __name__ == "__main__":
    main()
