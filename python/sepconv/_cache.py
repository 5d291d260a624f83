"""Products on disk, by the contents of what they are made of. Safe for any number of processes.

An entry is a folder that appears complete, by a rename, and never changes. Each use makes it younger; when all
together are larger than the limit, the oldest go. $SEPCONV_CACHE names the folder (default: sepconv in
$XDG_CACHE_HOME or ~/.cache), $SEPCONV_CACHE_BYTES the limit (default: 1 GiB).
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ._errors import SepconvError
from ._tools import executable, home

_LIMIT = 1 << 30
_ABANDONED = 3600  # seconds after which nobody still writes to a temporary folder
_MANIFEST = "sizes"


def folder() -> Path:
    """Where the entries are."""
    if named := os.environ.get("SEPCONV_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sepconv"


def limit() -> int:
    """The bytes that all entries together may have. ValueError if $SEPCONV_CACHE_BYTES is no number."""
    return int(os.environ.get("SEPCONV_CACHE_BYTES") or _LIMIT)


def key(parts: Iterable[str | bytes]) -> str:
    """The name of the entry for these parts, for this compiler and this processor."""
    digest = hashlib.sha256()
    for part in (_compiler(), _processor(), *parts):
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()


def file_digest(path: Path) -> bytes:
    """Of the contents of a file; of a .keras archive without the date that Keras puts in."""
    digest = hashlib.sha256()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(set(archive.namelist()) - {"metadata.json"}):
                digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(archive.read(name)).digest())
    else:
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.digest()


def get(name: str, make: Callable[[Path], object], output: Path) -> None:
    """Gives a folder the files of an entry; `make` fills a new one if there is none that is intact."""
    while True:
        entry = folder() / name
        if not _is_intact(entry):
            _add(entry, make)
        try:
            os.utime(entry)
            for path in entry.iterdir():
                if path.name != _MANIFEST:
                    _link(path, output / path.name)
            return
        except FileNotFoundError:  # another process has removed it just now
            shutil.rmtree(output)
            output.mkdir()


def _add(entry: Path, make: Callable[[Path], object]) -> None:
    try:
        folder().mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix="tmp-", dir=folder()))
    except OSError as error:
        raise SepconvError(f"cannot write to the cache '{folder()}': {error.strerror}; SEPCONV_CACHE names another "
                           "folder") from error
    _discard(entry)
    try:
        make(temporary)
        for path in temporary.iterdir():
            _write_out(path)
        (temporary / _MANIFEST).write_text(_contents(temporary), encoding="utf-8")
        try:
            os.rename(temporary, entry)
        except OSError:  # another process was faster
            if not _is_intact(entry):
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    _evict(keep=entry)


def _write_out(path: Path) -> None:
    """What the name of an entry promises is on the disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def _link(source: Path, target: Path) -> None:
    """What is removed here lives on where it is used."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another file system
        shutil.copyfile(source, target)


def _is_intact(entry: Path) -> bool:
    try:
        return (entry / _MANIFEST).read_text(encoding="utf-8") == _contents(entry)
    except OSError:
        return False


def _contents(entry: Path) -> str:
    """The sizes and names of its files: of a disk that was full, or a machine that lost its power, they differ."""
    files = sorted(path for path in entry.iterdir() if path.name != _MANIFEST)
    return "".join(f"{path.stat().st_size} {path.name}\n" for path in files)


def _discard(entry: Path) -> None:
    """Removes an entry, so that no process sees a part of it."""
    trash = folder() / f"tmp-{entry.name[:16]}-{os.getpid()}-{time.monotonic_ns()}"
    try:
        os.rename(entry, trash)
    except OSError:  # it is not there
        return
    shutil.rmtree(trash, ignore_errors=True)


def _evict(keep: Path) -> None:
    """Removes the oldest entries beyond the limit, and what processes that died have left."""
    sizes = sorted(_sizes(), key=lambda entry: -entry[0])
    total = 0
    for age, size, entry in sizes:
        if entry.name.startswith("tmp-"):
            if time.time() - age > _ABANDONED:
                shutil.rmtree(entry, ignore_errors=True)
            continue
        total += size
        if total > limit() and entry != keep:
            _discard(entry)


def _sizes() -> Iterator[tuple[float, int, Path]]:
    """The time of its last use, the bytes and the folder of each entry."""
    for entry in folder().iterdir():
        try:
            yield entry.stat().st_mtime, sum(path.stat().st_size for path in entry.iterdir()), entry
        except OSError:  # another process has removed it
            continue


@functools.cache
def _compiler() -> str:
    """The tools and the schedules, as far as their names, sizes and times tell, which asks no other process."""
    schedules = sorted((home() / "share/sepconv/schedules").rglob("*.mlir"))
    named = os.environ.get("SEPCONV_SCHEDULES")
    files = [executable("sepconv-compile"), *schedules, *(sorted(Path(named).rglob("*.mlir")) if named else ())]
    stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return str(stats)


@functools.cache
def _processor() -> str:
    """What --target=host depends on."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            lines = {line for line in file if line.startswith(("model name", "flags", "Features", "CPU part"))}
    except OSError:
        lines = set()
    return f"{platform.machine()} {sorted(lines)}"
