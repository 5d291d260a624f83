"""What goes wrong, with the compiler's diagnostics as data."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_ANSI = re.compile(r"\x1b\[[0-9;]*[mK]")
_PREFIX = re.compile(r"^sepconv-compile: (?:for .*? )?(?:error: )?")
_LAYER = re.compile(r"\b(?:layer|node|operator) '([^']*)'")
_ARGUMENT = re.compile(r"\b(?:argument|attribute|option|input) '([^']*)'|(?<![\w-])(--[\w-]+)")
_EXPECTED = re.compile(r"\bexpected (.+?)(?:,? (?:found|got) (.+?))?(?:; .*)?$", re.DOTALL)


@dataclass(frozen=True)
class Diagnostic:
    """One problem, remark or warning of the compiler. What the message does not say is None."""

    message: str
    severity: str = "error"  # or warning, remark, note
    layers: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None
    column: int | None = None
    notes: tuple[Diagnostic, ...] = ()

    @property
    def layer(self) -> str | None:
        """The first layer that it names."""
        if self.layers:
            return self.layers[0]
        found = _LAYER.search(self.message)
        return found.group(1) if found else None

    @property
    def argument(self) -> str | None:
        """The argument, attribute or option that is wrong."""
        found = _ARGUMENT.search(self.message)
        return next(filter(None, found.groups())) if found else None

    @property
    def expected(self) -> str | None:
        found = _EXPECTED.search(self.message)
        return found.group(1) if found else None

    @property
    def found(self) -> str | None:
        found = _EXPECTED.search(self.message)
        return found.group(2) if found else None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        layers = ", ".join(f"'{name}'" for name in self.layers)
        text = f"{place}{f'layer {layers}: ' if layers else ''}{self.message}"
        return "\n".join([text, *(f"  note: {note.message}" for note in self.notes)])


class SepconvError(Exception):
    """Any error of this package that is not a wrong argument (TypeError, ValueError)."""


class CompileError(SepconvError):
    """A model that was not compiled. `diagnostics` has every problem that the compiler found."""

    def __init__(self, what: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(what, diagnostics)
        self.what = what
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join([f"cannot compile {self.what}", *(f"  {problem}" for problem in self.diagnostics)])


class RunError(SepconvError):
    """A call that the compiled code refused: `status` is its number, the message its sentence."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message, status)
        self.status = status

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass
class Messages:
    """The lines that `sepconv-compile --diagnostics=json` writes to standard error, sorted.

    `temporary` is the name of a file that the user has not seen; messages leave it out.
    """

    temporary: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, line: str) -> tuple[int, int, str] | None:
        """Takes one line; returns (step, steps, stage) if it reports progress."""
        if (record := _parse(line)) is None:
            text = _PREFIX.sub("", _ANSI.sub("", line).rstrip())
            if text:  # of what is checked before there are diagnostics
                self.diagnostics.append(Diagnostic(text))
            return None
        if "stage" in record:
            return int(record["step"]), int(record["steps"]), str(record["stage"])
        if self.temporary:
            record["message"] = record["message"].replace(f"{self.temporary}: ", "")
        self.diagnostics.append(_diagnostic(record))
        return None

    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(item for item in self.diagnostics if item.severity == "error")

    def remarks(self) -> tuple[Diagnostic, ...]:
        return tuple(item for item in self.diagnostics if item.severity != "error")


def _parse(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _diagnostic(record: dict[str, Any]) -> Diagnostic:
    notes = tuple(_diagnostic(note) for note in record.get("notes", ()))
    return Diagnostic(record["message"], record["severity"], tuple(record.get("layers", ())), record.get("file"),
                      record.get("line"), record.get("column"), notes)
