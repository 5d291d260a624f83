"""Draws the shares of the FMA peak as bars, one panel per number of threads."""


def draw(data, path):
    """Writes a PNG; raises ImportError where matplotlib is missing."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    records = data["results"]
    threads = sorted({r["threads"] for r in records})
    names = list(dict.fromkeys(name for r in records for name, f in r["participants"].items() if "p5_ms" in f))
    # Ours stands out, the peers are greys and pale colours.
    colours = dict(
        zip((n for n in names if n != "sepconv"), ("#9ecae1", "#a1d99b", "#fdd0a2", "#bcbddc", "#d9d9d9", "#fbb4b9"))
    )
    colours["sepconv"] = "#d62728"
    cases = list(dict.fromkeys(r["case"] for r in records))
    height = 1.2 + len(cases) * (0.14 * len(names) + 0.12)
    figure, axes = pyplot.subplots(1, len(threads), figsize=(3 + 6 * len(threads), height), sharey=True, squeeze=False)
    for axis, count in zip(axes[0], threads):
        found = {r["case"]: r for r in records if r["threads"] == count}
        for number, name in enumerate(names):
            places, shares = [], []
            for row, case in enumerate(cases):
                share = found.get(case, {}).get("participants", {}).get(name, {}).get("share_of_peak")
                if share is not None:
                    places.append(row + 0.85 * ((number + 0.5) / len(names) - 0.5))
                    shares.append(100 * share)
            axis.barh(places, shares, 0.85 / len(names), label=name, color=colours.get(name, "#636363"))
        axis.set(
            xlim=(0, 100),
            xlabel="% of the FMA peak",
            yticks=range(len(cases)),
            yticklabels=cases,
            title=f"{count} thread{'s' * (count > 1)}",
        )
        axis.grid(axis="x", linewidth=0.4)
        axis.set_axisbelow(True)
    axes[0][0].invert_yaxis()
    axes[0][-1].legend(loc="lower right", fontsize="small")
    figure.suptitle(f"{data['what']}, {data['machine']['cpu']}, {data['machine']['date'][:10]}")
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, format="png")
    pyplot.close(figure)
