"""Turns times into figures: statistics, the printed table, the JSON file."""

import json
import math
import os
import statistics

OURS = "sepconv"

# Below this share of the CPUs' time, a row is marked: other work on the machine hit the participants unequally.
QUIET = 0.9


def summary(times):
    """Minimum, 5th percentile, median in milliseconds.  The 5th percentile is what everything is compared by: clocks
    jump for milliseconds at a time, which makes a bare minimum up to 10 % too good; a median has other work in it."""
    times = sorted(times)
    figures = {"min_ms": times[0], "p5_ms": times[len(times) // 20], "median_ms": statistics.median(times)}
    return {key: round(seconds * 1e3, 6) for key, seconds in figures.items()} | {"runs": len(times)}


def peak_gflops(bursts):
    """[(flops of a burst, times)] of each CPU -> the sum of their peaks, by the same percentile as everyone's times."""
    return sum(flops * 1e-6 / summary(times)["p5_ms"] for flops, times in bursts)


def share_of_peak(flops, possible):
    """The median of the shares that a call is of what the CPU could have done in its time, at its clock."""
    return {"share_of_peak": round(flops / statistics.median(possible), 4)}


def quiet(bursts):
    """How much of the time the CPUs were ours: 1 on an idle machine, 0.5 if another process wanted the same CPU."""
    return min(len(times) * summary(times)["p5_ms"] * 1e-3 / sum(times) for _, times in bursts)


def complete(record, flops, peak):
    """Adds to each participant's figures what follows from them, and names the fastest peer."""
    for figures in record["participants"].values():
        if "p5_ms" in figures:
            figures["gflops"] = round(flops * 1e-6 / figures["p5_ms"], 2)
            figures["share_of_best"] = round(figures["gflops"] / peak, 4)
    record |= {"flops": flops, "peak_gflops": round(peak, 1), "fastest_peer": None, "speedup": None}
    timed = {name: f["p5_ms"] for name, f in record["participants"].items() if "p5_ms" in f}
    ours = timed.pop(OURS, None)
    if timed:
        record["fastest_peer"] = min(timed, key=timed.get)
        if ours:
            record["speedup"] = round(timed[record["fastest_peer"]] / ours, 3)
    return record


def milliseconds(value):
    """Four significant digits, without an exponent."""
    digits = 3 - math.floor(math.log10(value)) if value > 0 else 3
    return f"{value:.{min(max(digits, 0), 4)}f}"


def cell(figures):
    """A participant's cell: its time, or why there is none."""
    if figures is None:
        return "-"
    if "p5_ms" in figures:
        return milliseconds(figures["p5_ms"])
    return "wrong" if "max_error" in figures else "failed"


class Table:
    """A table that is printed row by row, while the measurement goes on."""

    def __init__(self, names, case_width):
        self.peers = [name for name in names if name != OURS]
        self.ours = OURS in names
        self.case_width = max(case_width, 4)

    def row(self, case, ours, peers, speedup):
        cells = [case.ljust(self.case_width)]
        if self.ours:
            cells += [text.rjust(width) for text, width in zip(ours, (9, 9, 9, 8, 6, 6))]
        cells += [text.rjust(max(9, len(name))) for name, text in zip(self.peers, peers)]
        if self.ours and self.peers:
            cells.append(speedup.rjust(8))
        return "  ".join(cells).rstrip()

    def header(self):
        ours = [OURS, "minimum", "median", "GFLOP/s", "peak", "best"]
        return self.row("case", ours, self.peers, "speed-up")

    def line(self, record):
        figures = record["participants"].get(OURS)
        ours = [cell(figures), "", "", "", "", ""]
        if figures and "p5_ms" in figures:
            ours[1:] = [
                milliseconds(figures["min_ms"]),
                milliseconds(figures["median_ms"]),
                f"{figures['gflops']:.1f}",
                f"{100 * figures['share_of_peak']:.0f} %",
                f"{100 * figures['share_of_best']:.0f} %",
            ]
        fastest = record["fastest_peer"]
        peers = [("*" if name == fastest else "") + cell(record["participants"].get(name)) for name in self.peers]
        speedup = f"{record['speedup']:.2f}" if record["speedup"] else "-"
        disturbed = "  disturbed" if record["quiet"] < QUIET else ""
        return self.row(record["case"], ours, peers, speedup) + disturbed


def legend(records):
    """What the table's figures are, and every failure in full."""
    lines = [
        "milliseconds: the 5th percentile if nothing else is said; *: the fastest peer; speed-up: its time over ours;",
        "peak: share of the FMA peak at the clock of the calls; best: of the best that the CPUs did in the same minute",
    ]
    disturbed = sum(r["quiet"] < QUIET for r in records)
    if disturbed:
        share = f"more than {100 * (1 - QUIET):.0f} % of the CPUs in {disturbed} of {len(records)} rows"
        lines.append(f"disturbed: other work took {share}; measure again")
    speedups = [r["speedup"] for r in records if r["speedup"]]
    if speedups:
        mean = math.exp(statistics.fmean(map(math.log, speedups)))
        ahead = f"not slower than the fastest peer in {sum(s >= 1 for s in speedups)} of {len(speedups)}"
        lines.append(f"geometric mean of the speed-ups: {mean:.2f}; {ahead}")
    return "\n".join(lines + failures(records))


def failures(records):
    """One line per participant and reason, with all cases it concerns."""
    found = {}
    for record in records:
        for name, figures in record["participants"].items():
            if "error" in figures:
                found.setdefault((name, figures["error"]), []).append(f"{record['case']} ({record['threads']})")
    return [f"{name}: {error}\n  in (threads) {', '.join(places)}" for (name, error), places in found.items()]


def write_json(path, data):
    """Replaces the file only when the new one is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(json.dumps(data, indent=1) + "\n")
    scratch.rename(path)
