"""A C program that calls a product as a user's does: it reads inputs from stdin and writes outputs to stdout.

Buffers end where memory does, and the call has a stack of PRODUCT_STACK_BYTES, below which memory ends too: what the
product reads or writes outside of them ends the program. It says what else is wrong on stderr, and exits with 1.
"""

from typing import NamedTuple

from checking import output_of

FLAGS = ["-std=c11", "-D_DEFAULT_SOURCE", "-Wall", "-Wextra", "-Werror", "-O0"]
PROGRAM = """#include "{name}.h"
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static unsigned char {pointers};
static {name}_status status;
static ucontext_t outside, inside;

/* So many bytes at the end of a page, or at its start, between pages that cannot be accessed. */
static unsigned char *guarded(size_t bytes, int atStart) {{
  size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (bytes + page - 1) / page * page;
  unsigned char *all =
      mmap(NULL, whole + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED || mprotect(all + page, whole, PROT_READ | PROT_WRITE))
    return NULL;
  return all + page + (atStart ? 0 : whole - bytes);
}}

static void fill(unsigned char *buffer, size_t bytes) {{ memset(buffer, 0xA5, bytes); }}

static int fail(const char *message) {{
  fprintf(stderr, "%s\\n", message);
  return 1;
}}

static void call(void) {{
  status = {name}_run({arguments}, workspace, {upper}_WORKSPACE_BYTES{behind});
}}

int main(void) {{
  size_t stackBytes = {upper}_STACK_BYTES + {more};
  unsigned char *stack = guarded(stackBytes, 1);
{allocations}
  for (int i = 0; i < {runs}; ++i) {{
    fill(workspace, {upper}_WORKSPACE_BYTES);
{prepare}
    getcontext(&inside);
    inside.uc_stack.ss_sp = stack;
    inside.uc_stack.ss_size = stackBytes;
    inside.uc_link = &outside;
    makecontext(&inside, call, 0);
    if (swapcontext(&outside, &inside))
      return fail("no context");
    if (status != {upper}_OK)
      return fail({name}_status_message(status));
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
    is_weight: bool = False  # a member of the structure of weights


def passed(product, buffers):
    """The arguments for buffers; weights are members of a structure, behind the others."""
    pairs = [f"(void *){b.name}, {b.bytes}" for b in buffers if not b.is_weight]
    weights = [f"(void *){b.name}, {b.bytes}" for b in buffers if b.is_weight]
    return pairs + [f"&({product}_weights){{{', '.join(weights)}}}"] * bool(weights)


def source(product, buffers, runs=1, before=(), behind="", emulated=False):
    """The program for calls of PRODUCT_run, whose arguments are the numbers `before`, the buffers and the workspace.
    Inputs are read in the order of the buffers. Of an emulated GPU nothing may be found wrong; its stack is larger."""
    prepare, writes = [], []
    for name, size, is_output, _ in buffers:
        prepare.append(f"    fill({name}, {size});")
        move, stream = ("fwrite", "stdout") if is_output else ("fread", "stdin")
        (writes if is_output else prepare).append(
            f'    if ({move}({name}, 1, {size}, {stream}) != {size})\n      return fail("{move} of {name}");')
    allocated = [("workspace", f"{product.upper()}_WORKSPACE_BYTES"), *((b.name, b.bytes) for b in buffers)]
    return PROGRAM.format(
        name=product, upper=product.upper(), runs=runs, behind=behind, more="(1 << 20)" if emulated else "1024",
        pointers=", ".join(f"*{name}" for name, _ in allocated),
        allocations="\n".join(f"  {name} = guarded({size}, 0);" for name, size in allocated),
        prepare="\n".join(prepare), writes="\n".join(writes), findings=FINDINGS if emulated else "",
        arguments=", ".join([*map(str, before), *passed(product, buffers)]))


def run(folder, product, text, content, cc=("cc",), libraries=(), emulator=()):
    """The outputs of a program beside PRODUCT.h and libPRODUCT.a."""
    program = folder / "run"
    (folder / "run.c").write_text(text, encoding="utf-8")
    output_of(*cc, *FLAGS, folder / "run.c", folder / f"lib{product}.a", *libraries, "-lm", "-o", program)
    return output_of(*emulator, program, content=content)
