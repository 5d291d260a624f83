"""Prints the reference of the Python package: the signatures and docstrings of all that it exports."""

import inspect
import re

import sepconv


def entry(title, value, level):
    """A heading, the signature, and the docstring as it is."""
    lines = [f"{'#' * level} {title}", ""]
    if callable(value):
        try:
            signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(value)))
            lines += ["```python", f"{title}{signature}", "```", ""]
        except ValueError:  # of exceptions
            pass
    text = inspect.getdoc(value) or ""
    return [*lines, "```text", text, "```", ""] if text else lines


def members(cls):
    """The public methods and properties that a class itself has."""
    return {name: value for name, value in vars(cls).items() if not name.startswith("_") and value.__doc__
            and (inspect.isfunction(value) or isinstance(value, property))}


def main():
    lines = ["# Python API", "", f"`import sepconv`, version {sepconv.__version__}. [Python](../docs/python.md) is the "
             "page to read first.", ""]
    for name in sepconv.__all__:
        value = getattr(sepconv, name)
        lines += entry(name, value, 2)
        if inspect.isclass(value):
            if "__call__" in vars(value):
                lines += entry(f"{name}.__call__", value.__call__, 3)
            for member, function in members(value).items():
                lines += entry(f"{name}.{member}", function, 3)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
