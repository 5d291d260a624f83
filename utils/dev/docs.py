"""Makes a site of the documentation: build/site.

The pages are the Markdown files of the repository, the notebook, and what the build, the tools and the package say of
themselves. mkdocs builds them, as strict as it can be: a warning, such as a link that leads nowhere, is an error.
"""

import re
import shutil

from . import common
from .common import BUILD, ROOT, say, tool
from .stages import write_stages

PAGES = BUILD / "site-pages"
FOLDERS = ("docs/", "dialect/", "schedules/", "examples/", "bench/")
LINK = re.compile(r"(?<!!)\[((?:[^\]`]|`[^`]*`)+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
FENCE = re.compile(r"^```(\S+) (?:file=(\S+)|.*)$", re.MULTILINE)  # what comes behind the language is for tests
REFERENCES = ("sepconv", "schedule", "passes")
FORMATS = {"keras": "Keras", "onnx": "ONNX", "tflite": "TFLite"}


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
    write("reference/operators.md", operators())
    write_stages(PAGES / "reference")
    for path in common.sources(".ipynb"):
        convert_notebook(path)


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
        if target.suffix == ".ipynb":
            return f"[{match[1]}]({match[2].removesuffix('.ipynb')}.md)"
        if (target / "README.md").is_file():
            return f"[{match[1]}]({match[2].rstrip('/')}/README.md{match[3] or ''})"
        return match[1] if "`" in match[1] else f"`{match[1]}`"

    def fence(match):
        return f"```{match[1]}" + (f' title="{match[2]}"' if match[2] else "")
    return LINK.sub(link, FENCE.sub(fence, path.read_text(encoding="utf-8")))


def python_reference():
    """What the docstrings of the package say, made by the Python that has NumPy."""
    code, output = common.capture([tool("python"), ROOT / "utils/dev/python_reference.py"],
                                  env={**common.environment(), "PYTHONPATH": str(ROOT / "python")})
    if code:
        raise common.DevError(f"cannot read the docstrings of the package:\n{output}")
    return output


def operators():
    """What is supported of each format: the lines `NAME VERSIONS: ATTRIBUTES` of the compiler as tables."""
    lines = ["# Operators", "",
             "What `sepconv-compile --list-operators=FORMAT` prints: the operators or layers, the versions of the",
             "operator set, and the attributes, options or arguments that are read. Others are reported.", ""]
    for name, title in FORMATS.items():
        code, output = common.capture([BUILD / "bin/sepconv-compile", f"--list-operators={name}"])
        if code:
            raise common.DevError(f"cannot list the operators of {title}:\n{output}")
        lines += [f"## {title}", "", "| | |", "|---|---|"]
        lines += [f"| {operator} | {attributes.strip()} |" for operator, _, attributes in
                  (line.partition(":") for line in output.splitlines())]
        lines.append("")
    return "\n".join(lines)


def convert_notebook(path):
    """A notebook with its outputs as a page, by nbconvert."""
    output = PAGES / path.parent.relative_to(ROOT)
    code, said = common.capture([tool("python"), "-m", "nbconvert", "--to", "markdown", path, "--output-dir", output])
    if code:
        raise common.DevError(f"cannot convert {path.name}:\n{said}")
