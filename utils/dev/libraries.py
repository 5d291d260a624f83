"""The rules about the compiler's libraries: what their headers are for, and whom they may include."""

import re

from .common import ROOT

INCLUDE = re.compile(r'#\s*include "sepconv/([^"]+)"')
LIBRARY = re.compile(r"sepconv_add_lib\((\w+)([^)]*)\)")
PUBLIC = "include/sepconv/"


def includes(root):
    """The headers of include/sepconv that each file of the compiler includes."""
    sources = [path for folder in (PUBLIC, "lib", "tools") for suffix in ("h", "cpp")
               for path in sorted((root / folder).rglob(f"*.{suffix}"))]
    return {path.relative_to(root).as_posix(): INCLUDE.findall(path.read_text(encoding="utf-8")) for path in sources}


def folder_of(name):
    """The folder of lib/ that a file belongs to; that of a tool is its own."""
    parts = name.removeprefix(PUBLIC).removeprefix("lib/").split("/")
    return parts[0] if len(parts) > 1 else ""


def headers_are_read_elsewhere(root=ROOT):
    """A public header has a reader outside of its library, or another public header that has one includes it."""
    found = includes(root)
    readers = {}
    for name, headers in found.items():
        for header in headers:
            readers.setdefault(PUBLIC + header, set()).add(name)

    def is_read(header):
        return any(folder_of(reader) != folder_of(header) or (reader.startswith(PUBLIC) and is_read(reader))
                   for reader in readers.get(header, ()))
    return [f"{name}: no other library reads it, so it belongs beside its .cpp in lib/{folder_of(name)}"
            for name in sorted(found) if name.startswith(PUBLIC) and folder_of(name) and not is_read(name)]


def links(root):
    """The folder below lib/ of each library, and what it is linked with."""
    folders, linked = {}, {}
    for path in (root / "lib").rglob("CMakeLists.txt"):
        for library, arguments in LIBRARY.findall(path.read_text(encoding="utf-8")):
            folders[library] = path.parent.relative_to(root / "lib").as_posix()
            linked[library] = set(arguments.partition("LINK")[2].split())
    return folders, linked


def closure(library, linked):
    """What a library is linked with, directly or not; itself only if the links go round in a circle."""
    reached, pending = set(), [library]
    while pending:
        for other in linked.get(pending.pop(), set()) - reached:
            reached.add(other)
            pending.append(other)
    return reached


def includes_follow_links(root=ROOT):
    """A library includes public headers of those only that it is linked with, and no link leads back to it."""
    folders, linked = links(root)
    found, with_library = includes(root), {name.split("/")[0] for name in folders.values()}
    complaints = []
    for library, folder in sorted(folders.items()):
        reached = closure(library, linked)
        if library in reached:
            complaints.append(f"lib/{folder}: {library} is linked with itself, by way of {', '.join(sorted(reached))}")
        known = {folders[other].split("/")[0] for other in reached if other in folders} | {folder.split("/")[0]}
        for name, headers in found.items():
            if not name.startswith((f"lib/{folder}/", f"{PUBLIC}{folder}/")):
                continue
            complaints += [f"{name}: includes sepconv/{header}, but {library} is not linked with a library of "
                           f"lib/{folder_of(header)}" for header in headers
                           if folder_of(header) in with_library - known]
    return complaints


RULES = (headers_are_read_elsewhere, includes_follow_links)
