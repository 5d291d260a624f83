"""A C program that calls a product as a user's does: it reads inputs from stdin and writes outputs to stdout.

Buffers have a guard behind them. The program says what is wrong on stderr, and exits with 1.
"""

from typing import NamedTuple

from checking import output_of

FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O0"]
PROGRAM = """#include "{name}.h"
#include <stdio.h>
#include <string.h>

enum {{ GUARD = 64 }};
{buffers}
static _Alignas({upper}_WORKSPACE_ALIGNMENT) unsigned char workspace[{upper}_WORKSPACE_BYTES + GUARD];

static int isWhole(const unsigned char *end) {{
  for (int i = 0; i < GUARD; ++i)
    if (end[i] != 0xA5)
      return 0;
  return 1;
}}

static int fail(const char *message) {{
  fprintf(stderr, "%s\\n", message);
  return 1;
}}

int main(void) {{
  for (int i = 0; i < {runs}; ++i) {{
    memset(workspace, 0xA5, sizeof workspace);
{prepare}
    {name}_status status = {name}_run({arguments}, workspace, {upper}_WORKSPACE_BYTES{behind});
    if (status != {upper}_OK)
      return fail({name}_status_message(status));
    if ({checks}!isWhole(workspace + {upper}_WORKSPACE_BYTES))
      return fail("wrote outside of a buffer");
{findings}{writes}
  }}
  return 0;
}}
"""
FINDINGS = """    extern size_t sepconv_emulator_findings(void); /* which it has printed */
    if (sepconv_emulator_findings())
      return 3;
"""


class Buffer(NamedTuple):
    """A tensor of a call, by its name in C."""

    name: str
    bytes: int
    is_output: bool = False


def source(product, buffers, runs=1, before=(), behind="", emulated=False):
    """The program for calls of PRODUCT_run, whose arguments are the numbers `before`, the buffers and the workspace.
    Inputs are read in the order of the buffers; of an emulated GPU nothing may be found wrong."""
    prepare, writes = [], []
    for name, size, is_output in buffers:
        prepare.append(f"    memset({name}, 0xA5, sizeof {name});")
        move, stream = ("fwrite", "stdout") if is_output else ("fread", "stdin")
        (writes if is_output else prepare).append(
            f'    if ({move}({name}, 1, {size}, {stream}) != {size})\n      return fail("{move} of {name}");')
    return PROGRAM.format(
        name=product, upper=product.upper(), runs=runs, behind=behind,
        buffers="\n".join(f"static _Alignas(16) unsigned char {name}[{size} + GUARD];" for name, size, _ in buffers),
        prepare="\n".join(prepare), writes="\n".join(writes), findings=FINDINGS if emulated else "",
        arguments=", ".join([*map(str, before), *(f"(void *){name}, {size}" for name, size, _ in buffers)]),
        checks="".join(f"!isWhole({name} + {size}) || " for name, size, _ in buffers))


def run(folder, product, text, content, cc=("cc",), libraries=(), emulator=()):
    """The outputs of a program beside PRODUCT.h and libPRODUCT.a."""
    program = folder / "run"
    (folder / "run.c").write_text(text, encoding="utf-8")
    output_of(*cc, *FLAGS, folder / "run.c", folder / f"lib{product}.a", *libraries, "-lm", "-o", program)
    return output_of(*emulator, program, content=content)
