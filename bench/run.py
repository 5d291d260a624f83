"""Measures sepconv and its peers, in the same run, beside the machine's own ceilings.  See README.md."""

import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path

import cases
import machine
import measure
import plot
import report
from peers import MAKER, OURS, PeerError, Peers
from product import Compiler, ProductError

HERE = Path(__file__).parent


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
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds")
    return value


def parse(arguments):
    p = argparse.ArgumentParser(prog="./dev bench", description=__doc__, allow_abbrev=False)
    p.add_argument("what", nargs="?", choices=["layers", "networks"], help="which cases to measure")
    p.add_argument("--peers", action="store_true", help="install the peers that are missing (each in its own environment)")
    p.add_argument("--only", default="", metavar="NAME,...", help="these participants, e.g. sepconv,litert (with --peers: install these)")
    p.add_argument("--cases", default="", metavar="REGEX", help="only cases whose name matches")
    p.add_argument("--threads", type=threads_list, default=[1, 2], metavar="N,...", help="numbers of threads (default 1,2)")
    p.add_argument("--seconds", type=seconds, default=1.0, metavar="S", help="time per case and participant (default 1)")
    p.add_argument("--json", type=Path, metavar="FILE", help="results (default BUILD/bench/WHAT.json)")
    p.add_argument("--plot", type=Path, metavar="FILE", help="bars as PNG (default BUILD/bench/WHAT.png)")
    p.add_argument("--compile-options", default="", metavar="OPTIONS", help="more options for sepconv-compile, as one argument")
    p.add_argument("--build-dir", type=Path, default=Path("build"), metavar="BUILD", help="where bin/sepconv-compile is (default build)")
    args = p.parse_args(arguments)
    if not args.what and not args.peers:
        p.error("say what to measure: layers or networks; or --peers to install the peers")
    args.only = [name for name in args.only.split(",") if name]
    args.build_dir = args.build_dir.absolute()
    return args


def tell(message):
    clear()
    print(message, file=sys.stderr, flush=True)


def clear():
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def progress(message):
    if sys.stderr.isatty():
        print(f"\r\033[K{message}", end="", file=sys.stderr, flush=True)


def install(args, peers):
    """The environments of the participants asked for, and the one that makes the model files."""
    from peers import ENVIRONMENTS, PARTICIPANTS

    known = {name: env for participants in PARTICIPANTS.values() for name, env in participants.items()}
    for name in args.only:
        if name not in known:
            raise PeerError(f"--only: no peer '{name}'; known are {', '.join(known)}")
    wanted = {known[name] for name in args.only} - {None} | {MAKER} if args.only else set(ENVIRONMENTS)
    if not peers.install([name for name in ENVIRONMENTS if name in wanted], tell):
        tell("the peers are installed")


def make_models(chosen, folder, peers):
    """Lets Keras make the files of the cases that have none yet."""
    missing = [case for case in chosen if not has_models(case, folder)]
    if not missing:
        return
    if not peers.installed(MAKER):
        raise PeerError("Keras makes the model files, and is not installed: run './dev bench --peers'")
    folder.mkdir(parents=True, exist_ok=True)
    log = folder.parent / "logs" / "models.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    tell(f"making the model files of {len(missing)} case(s) with Keras")
    with log.open("w") as out:
        maker = subprocess.Popen([peers.python(MAKER), HERE / "models.py", folder], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out)
        maker.stdin.write(json.dumps([cases.to_json(case) for case in missing]))
        maker.stdin.close()
        for number, line in enumerate(maker.stdout, 1):
            progress(f"[{number}/{len(missing)}] made {line.strip()}")
        if maker.wait():
            raise PeerError(f"making the model files failed (exit code {maker.returncode}); its output is in {log}")
    clear()


def has_models(case, folder):
    """True if the files are there and are those of this case, as it is written now."""
    try:
        about = json.loads((folder / cases.file_name(case.case) / "case.json").read_text())
    except (OSError, ValueError):
        return False
    return about.get("case") == cases.to_json(case)


def versions(participants, peers):
    names = {env for env in participants.values() if env}
    found = {name: peers.version(name) for name in sorted(names)}
    if OURS in participants:
        git = subprocess.run(["git", "-C", HERE, "describe", "--always", "--dirty"], capture_output=True, text=True)
        found[OURS] = git.stdout.strip() or "unknown"
    return found


def run(args, peers):
    chosen = cases.load(args.what, args.cases)
    participants, missing = peers.choose(args.what, args.only)
    compiler = Compiler(args.build_dir, shlex.split(args.compile_options))
    if OURS in participants:
        compiler.check()
    for count in args.threads:
        machine.cpus(count)
    build = args.build_dir / "bench"
    make_models(chosen, build / "models", peers)
    if missing:
        tell(f"not installed: {', '.join(missing)} ('./dev bench --peers' installs them)")
    ceilings = machine.Ceilings(build)
    progress("measuring the memory")
    data = {"what": args.what, "machine": machine.describe(), "versions": versions(participants, peers),
            "seconds": args.seconds, "memory": ceilings.memory(), "isa": None, "results": []}
    bench = measure.Bench(build, participants, peers, compiler, ceilings, args.seconds, progress)
    json_path = args.json or build / f"{args.what}.json"
    try:
        measure_all(args, bench, chosen, data, json_path)
    finally:
        bench.close()
        clear()
    print("\n" + report.legend(data["results"]))
    print(f"\nresults: {json_path}")
    draw(data, args.plot or build / f"{args.what}.png")
    ours = [record["participants"].get(OURS, {}) for record in data["results"]]
    return 1 if any("error" in figures for figures in ours) else 0


def measure_all(args, bench, chosen, data, json_path):
    """Prints a row and writes the results after each case, so that an interrupted run leaves what it has."""
    memory = ", ".join(f"{level} {figures['gbs']:.0f}" for level, figures in data["memory"].items())
    print(f"{data['machine']['cpu']}, {data['machine']['date']}; triad of one CPU, GB/s: {memory}")
    for count in args.threads:
        table = report.Table(list(bench.participants), max(len(case.case) for case in chosen))
        print(f"\n{args.what}, {count} thread{'s' * (count > 1)}\n{table.header()}", flush=True)
        peaks = []
        for number, case in enumerate(chosen, 1):
            bench.progress = lambda text, n=number: progress(f"[{n}/{len(chosen)}] {text}")
            record = bench.measure(case, count)
            peaks.append(record["peak_gflops"])
            data["results"].append(record)
            data["isa"] = bench.ceilings.isa
            report.write_json(json_path, data)
            clear()
            print(table.line(record), flush=True)
            if case.kind == "network":
                bench.close()  # fresh processes for the next one: their peak memory is then theirs alone
        print(f"FMA peak ({data['isa']}) during this: {min(peaks):.0f} to {max(peaks):.0f} GFLOP/s")
        bench.close()


def draw(data, path):
    try:
        plot.draw(data, path)
        print(f"plot:    {path}")
    except ImportError:
        tell("no plot: this Python has no matplotlib")


def main(arguments=None):
    args = parse(arguments)
    peers = Peers(args.build_dir / "peers")
    try:
        if args.peers:
            install(args, peers)
        return run(args, peers) if args.what else 0
    except (cases.CaseError, machine.MachineError, PeerError, ProductError, OSError) as error:
        clear()
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        tell("bench: interrupted")
        return 130


if __name__ == "__main__":
    sys.exit(main())
