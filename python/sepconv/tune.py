"""sepconv-tune: finds the best schedules for a model by measuring them."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import __version__
from ._boards import Boards, LocalBoard, RayBoards
from ._errors import SepconvError
from ._tuner import Tuner

SECONDS = {"s": 1, "m": 60, "h": 3600}


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text)
    if not found or float(found[1]) <= 0:
        raise argparse.ArgumentTypeError(f"expected a time as 90s, 10m or 1h, found '{text}'")
    return float(found[1]) * SECONDS[found[2]]


def _parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="sepconv-tune", allow_abbrev=False, description=(
        "Finds the best schedules for a model by measuring: compiles it again and again with other candidates of "
        "its kernels, and writes those that are faster as a file of schedules, for sepconv-compile's --schedules. "
        "An interrupted search goes on where it was."))
    p.add_argument("model", type=Path, metavar="MODEL", help="a model that sepconv-compile takes")
    p.add_argument("--budget", type=_seconds, default=600.0, metavar="TIME",
                   help="how long to search, as 90s, 10m or 1h (default 10m)")
    p.add_argument("-o", type=Path, default=Path("tuned"), metavar="DIR",
                   help="where tuned.mlir goes, and tune.json, what was measured so far (default: tuned)")
    p.add_argument("--target", default="host", metavar="TARGET", help="as for sepconv-compile (default: host)")
    p.add_argument("--threads", type=int, default=1, metavar="N", help="that a run has (default 1)")
    p.add_argument("--seconds", type=float, default=0.2, metavar="S", help="of a measurement (default 0.2)")
    p.add_argument("--compile-options", default="", metavar="OPTIONS",
                   help="further options for sepconv-compile, as one argument")
    p.add_argument("--workers", type=int, default=0, metavar="N",
                   help="measure on N boards at a time, by Ray (default: in this process)")
    p.add_argument("--ray-address", metavar="ADDRESS", help="the cluster of --workers (default: this machine)")
    p.add_argument("-q", action="store_true", help="show no progress")
    p.add_argument("--version", action="version", version=f"sepconv {__version__}")
    return p


def main(arguments: Sequence[str] | None = None) -> int:
    p = _parser()
    args = p.parse_args(arguments)
    if args.threads < 1 or args.workers < 0 or args.seconds <= 0:
        p.error("expected positive numbers for --threads, --workers and --seconds")
    if args.ray_address and not args.workers:
        p.error("--ray-address has an effect only with --workers")
    try:
        with tempfile.TemporaryDirectory(prefix="sepconv-tune-") as scratch:
            tuner = Tuner(args, Path(scratch))
            tuner.prepare()
            boards: Boards = RayBoards(args.threads, args.workers, args.ray_address) if args.workers \
                else LocalBoard(args.threads)
            if tuner.kernels:
                tuner.search(boards)
            return tuner.finish(boards)
    except (SepconvError, OSError) as error:
        print(f"sepconv-tune: error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nsepconv-tune: interrupted; {args.o / 'tune.json'} has what was measured so far", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
