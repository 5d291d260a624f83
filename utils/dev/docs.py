"""Makes a site of the documentation: build/site.

The pages are the Markdown files of the repository, and references that the build and the package make. mkdocs builds
them, as strict as it can be: a warning, such as a link that leads nowhere, is an error.
"""

import re
import shutil

from . import common
from .common import BUILD, ROOT, say, tool

PAGES = BUILD / "site-pages"
FOLDERS = ("docs/", "dialect/", "schedules/", "examples/", "bench/")
LINK = re.compile(r"(?<!!)\[((?:[^\]`]|`[^`]*`)+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
FENCE = re.compile(r"^```(\S+) .*$", re.MULTILINE)  # what comes behind the language is for tests
REFERENCES = ("sepconv", "schedule", "passes")


def run_docs():
    stage()
    build_site()
    say(f"the site is {BUILD.relative_to(ROOT)}/site/index.html")
    return 0


def stage():
    """Writes the pages that mkdocs reads."""
    shutil.rmtree(PAGES, ignore_errors=True)
    for path in common.sources(".md"):
        name = path.relative_to(ROOT).as_posix()
        if "/" not in name or name.startswith(FOLDERS):
            write(name, page(path))
    for name in REFERENCES:  # the target `docs` of the build made them
        write(f"reference/{name}.md", (BUILD / f"docs/{name}.md").read_text(encoding="utf-8"))
    write("reference/python.md", python_reference())


def build_site():
    """Raises DevError with what mkdocs says, if it is anything."""
    code, output = common.capture([tool("mkdocs"), "build", "--strict", "--config-file", ROOT / "docs/mkdocs.yml"],
                                  env={**common.environment(), "NO_MKDOCS_2_WARNING": "1"})
    if code:
        raise common.DevError(f"the site could not be built:\n{output}")


def write(name, text):
    (PAGES / name).parent.mkdir(parents=True, exist_ok=True)
    (PAGES / name).write_text(text, encoding="utf-8")


def page(path):
    """A page of the repository. Links to what is no page become text: a site has no source files."""
    def link(match):
        target = (path.parent / match[2]).resolve()
        if re.match(r"https?:", match[2]) or target.suffix == ".md":
            return match[0]
        if (target / "README.md").is_file():
            return f"[{match[1]}]({match[2].rstrip('/')}/README.md{match[3] or ''})"
        return match[1] if "`" in match[1] else f"`{match[1]}`"
    return LINK.sub(link, FENCE.sub(r"```\1", path.read_text(encoding="utf-8")))


def python_reference():
    """What the docstrings of the package say, made by the Python that has NumPy."""
    code, output = common.capture([tool("python"), ROOT / "utils/dev/python_reference.py"],
                                  env={**common.environment(), "PYTHONPATH": str(ROOT / "python")})
    if code:
        raise common.DevError(f"cannot read the docstrings of the package:\n{output}")
    return output
