"""The command line of the bench."""

import argparse
from pathlib import Path

ABOUT = "Measures sepconv and its peers, in the same run, beside the machine's own ceilings (bench/README.md)."


def threads_list(text):
    try:
        threads = [int(part) for part in text.split(",")]
    except ValueError:
        threads = [0]
    if min(threads) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of positive numbers like 1,2")
    return threads


def seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 3600:
        raise argparse.ArgumentTypeError(f"'{text}' is not a positive number of seconds")
    return value


def parse(arguments):
    p = argparse.ArgumentParser(prog="./dev bench", description=ABOUT, allow_abbrev=False)
    p.add_argument("what", nargs="?", choices=["layers", "blocks", "networks"], help="which cases to measure")
    p.add_argument(
        "--peers", action="store_true", help="install missing peers, each in its own environment"
    )
    p.add_argument(
        "--only",
        default="",
        metavar="NAME,...",
        help="only these participants, e.g. sepconv,litert (with --peers: install only these)",
    )
    p.add_argument("--cases", default="", metavar="REGEX", help="only cases whose name matches")
    p.add_argument(
        "--threads", type=threads_list, default=[1, 2], metavar="N,...", help="numbers of threads (default 1,2)"
    )
    p.add_argument(
        "--seconds", type=seconds, default=1.0, metavar="S", help="time per case and participant (default 1)"
    )
    p.add_argument("--json", type=Path, metavar="FILE", help="where to write results (default BUILD/bench/WHAT.json)")
    p.add_argument("--plot", type=Path, metavar="FILE", help="where to draw bars (default BUILD/bench/WHAT.png)")
    p.add_argument(
        "--compile-options", default="", metavar="OPTIONS", help="options for sepconv-compile, as one argument"
    )
    p.add_argument(
        "--build-dir",
        type=Path,
        default=Path("build"),
        metavar="BUILD",
        help="the build directory, which has bin/sepconv-compile (default build)",
    )
    args = p.parse_args(arguments)
    if not args.what and not args.peers:
        p.error("expected layers, blocks or networks, or --peers to install the peers")
    args.only = [name for name in args.only.split(",") if name]
    args.build_dir = args.build_dir.absolute()
    return args
