/* Every way in which buffers can be wrong is a status, not a crash. */
#include "digits.h"

#include <stdio.h>
#include <string.h>

static float input[DIGITS_INPUT_ELEMENTS], output[DIGITS_OUTPUT_ELEMENTS];
static char memory[DIGITS_WORKSPACE_BYTES + 2 * DIGITS_WORKSPACE_ALIGNMENT];

static int failures;
static void expect(const char *what, digits_status found, digits_status expected) {
  if (found == expected)
    return;
  printf("%s: %s\n", what, digits_status_message(found));
  ++failures;
}

int main(void) {
  char *workspace = memory;
  while ((size_t)workspace % DIGITS_WORKSPACE_ALIGNMENT)
    ++workspace;
  size_t in = sizeof input, out = sizeof output, work = DIGITS_WORKSPACE_BYTES;
  expect("good", digits_run(input, in, output, out, workspace, work), DIGITS_OK);
  expect("larger", digits_run(input, in + 4, output, out, workspace, work + 1), DIGITS_OK);
  expect("input", digits_run(NULL, in, output, out, workspace, work), DIGITS_ERROR_NULL_POINTER);
  expect("output", digits_run(input, in, NULL, out, workspace, work), DIGITS_ERROR_NULL_POINTER);
  expect("workspace", digits_run(input, in, output, out, NULL, work), DIGITS_ERROR_NULL_POINTER);
  expect("odd input", digits_run((float *)((char *)input + 1), in, output, out, workspace, work),
         DIGITS_ERROR_MISALIGNED);
  expect("odd workspace", digits_run(input, in, output, out, workspace + 4, work),
         DIGITS_ERROR_MISALIGNED);
  expect("small input", digits_run(input, in - 4, output, out, workspace, work),
         DIGITS_ERROR_TOO_SMALL);
  expect("small output", digits_run(input, in, output, 0, workspace, work), DIGITS_ERROR_TOO_SMALL);
  expect("small workspace", digits_run(input, in, output, out, workspace, work - 1),
         DIGITS_ERROR_TOO_SMALL);
  if (strcmp(digits_status_message(DIGITS_OK), "success"))
    ++failures;
  return failures != 0;
}
