"""Measures sepconv, its peers, and the machine's limits in one run. See README.md."""

import shlex
import subprocess
import sys
from pathlib import Path

import cases
import files
import machine
import measure
import options
import plot
import report
from console import clear, progress, tell
from peers import OURS, PeerError, Peers
from product import Compiler, ProductError

HERE = Path(__file__).parent


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
    files.make_models(chosen, build / "models", peers)
    if missing:
        tell(f"not installed: {', '.join(missing)} ('./dev bench --peers' installs them)")
    ceilings = machine.Ceilings(build)
    progress("measuring the memory")
    data = {
        "what": args.what,
        "machine": machine.describe(),
        "versions": versions(participants, peers),
        "seconds": args.seconds,
        "memory": ceilings.memory(),
        "isa": None,
        "results": [],
    }
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
    clear()
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
    args = options.parse(arguments)
    peers = Peers(args.build_dir / "peers")
    try:
        if args.peers:
            if not peers.install(peers.environments(args.only), tell):
                tell("the peers are installed")
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
