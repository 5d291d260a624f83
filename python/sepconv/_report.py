"""What a product says of itself, as text and as a page."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_STYLE = ("<style>.sepconv td,.sepconv th{padding:.2em .8em;text-align:left}"
          ".sepconv tr:nth-child(even){background:#8881}</style>")

_COLUMNS = ("operations", "schedule", "calls", "layers")


def layers_of(description: Mapping[str, Any], kernel: str) -> tuple[str, ...]:
    """The layers that the calls of a kernel compute, in the order of the calls."""
    return tuple(layer for call in description.get("calls", ()) if call["kernel"] == kernel for layer in call["layers"])


class Report:
    """The sizes of a product and the table of its kernels."""

    def __init__(self, description: Mapping[str, Any], page: str | None = None) -> None:
        self.description = description
        self._page = page

    def facts(self) -> list[tuple[str, str]]:
        """What it is: pairs of a word and a text."""
        about = self.description
        weights, workspace = about["weights"], about["workspace"]
        return [("model", about["model"]), ("target", about["target"]),
                *((what[:-1], _port(port)) for what in ("inputs", "outputs") for port in about[what]),
                ("weights", f"{weights['bytes']} bytes, {weights['mode']}"),
                ("workspace", f"{workspace['bytes']} bytes"), ("stack", f"{about['stack_bytes']} bytes"),
                ("threads", about["threads"])]

    def kernels(self) -> list[tuple[str, ...]]:
        """Of each kernel the name, the operations that it fuses, the schedule, the number of calls, the layers."""
        return [(kernel["name"], " + ".join(kernel["pattern"]), kernel.get("schedule", ""), str(kernel["calls"]),
                 ", ".join(layers_of(self.description, kernel["name"]))) for kernel in self.description["kernels"]]

    def __str__(self) -> str:
        return "\n".join([self.description["name"], *_columns(self.facts()), "kernels",
                          *_columns([("name", *_COLUMNS), *self.kernels()])])

    def html(self) -> str:
        """A complete page: the compiler's, with the network as a graph, if the module's folder has it."""
        if self._page:
            return self._page
        title = html.escape(self.description["name"])
        return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
                f"<body><h1>{title}</h1>{self._repr_html_()}</body></html>\n")

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return (f'{_STYLE}<div class="sepconv"><table>{_rows(self.facts(), "td")}</table><table>'
                + _rows([("kernel", *_COLUMNS)], "th") + _rows(self.kernels(), "td")
                + "</table></div>")


def _port(port: Mapping[str, Any]) -> str:
    extents = ", ".join("batch" if extent is None else str(extent) for extent in port["shape"])
    return f"{port['name']}: {port['dtype']}[{extents}]"


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def _rows(rows: Iterable[Sequence[str]], cell: str) -> str:
    return "".join("<tr>" + "".join(f"<{cell}>{html.escape(text)}</{cell}>" for text in row) + "</tr>"
                   for row in rows)
