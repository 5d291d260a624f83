"""Checks the tables of docs/apis.md against what --help-function prints.

usage: documented.py docs/apis.md HELP
"""

import re
import sys
from pathlib import Path

page, text = Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8")
sections = dict(re.findall(r"^## (tf\S+)\n(.*?)(?=^## )", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
functions = {}
for line in text.splitlines():
    if re.match(r"tf\S+$", line):
        functions[line] = []
    elif line.startswith("  "):
        functions[list(functions)[-1]].append(re.match(r"\w+", line.strip()).group())
assert len(functions) == 5 and set(functions) == set(sections), (functions, set(sections))

problems = []
for function, arguments in functions.items():
    rows = [row.strip("| ").split(" | ") for row in sections[function].splitlines() if row.startswith("| `")]
    documented = [row[0].strip("`") for row in rows]
    if documented != arguments:
        problems.append(f"{function}: expected rows {arguments}, found {documented}")
    for row in rows:
        for cell in row[1:]:
            word, link = re.fullmatch(r"`(.+)` \[.+\]\((.+)\)", cell).groups()
            target = page.parent / link
            if not target.is_file() or word not in target.read_text(encoding="utf-8"):
                problems.append(f"{function}, {row[0]}: {link} has no '{word}'")
        if len(row) != 4:
            problems.append(f"{function}, {row[0]}: expected 4 cells, found {len(row)}")
sys.exit("\n".join(problems) or 0)
