/* A batch that is known only here: the bits of batch 1, image by image, whatever the batch; and
 * every way in which the batch and the sizes can disagree is a status.
 *
 * Buffers have their exact sizes and come from the heap, so that valgrind sees what is beyond them.
 */
#include "digits.h"
#include "one.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGES = 5 };

static int failures;
static void expect(const char *what, int holds) {
  if (holds)
    return;
  printf("%s\n", what);
  ++failures;
}

/* The last index first. */
static void backwards(void *pool, size_t count, digits_task task, void *context) {
  ++*(int *)pool;
  while (count--)
    task(context, count);
}

int main(void) {
  void *workspace = aligned_alloc(64, (DIGITS_WORKSPACE_BYTES + 63) / 64 * 64);
  float *input = malloc(IMAGES * DIGITS_INPUT_BYTES),
        *output = malloc(IMAGES * DIGITS_OUTPUT_BYTES);
  float *expected = malloc(IMAGES * DIGITS_OUTPUT_BYTES);
  size_t in = DIGITS_INPUT_BYTES, out = DIGITS_OUTPUT_BYTES, work = DIGITS_WORKSPACE_BYTES;
  int loops = 0;
  for (size_t i = 0; i < IMAGES * DIGITS_INPUT_ELEMENTS; ++i)
    input[i] = (float)(i * 7919 % 1000) / 500 - 1;
  expect("the workspace of one image", work == ONE_WORKSPACE_BYTES && in == ONE_INPUT_BYTES);
  for (size_t i = 0; i < IMAGES; ++i)
    one_run(input + i * ONE_INPUT_ELEMENTS, in, expected + i * ONE_OUTPUT_ELEMENTS, out, workspace,
            work);
  for (size_t batch = 0; batch <= IMAGES; ++batch) {
    memset(output, 0xA5, IMAGES * out);
    expect("OK", digits_run(batch, input, batch * in, output, batch * out, workspace, work,
                            batch % 2 ? backwards : NULL, &loops) == DIGITS_OK);
    expect("the bits of batch 1", !memcmp(output, expected, batch * out));
    for (size_t i = batch * out; i < IMAGES * out; ++i)
      expect("nothing behind the batch", ((unsigned char *)output)[i] == 0xA5);
  }
  expect("parallel loops inside of an image", loops > 0);

#define RUN(...) digits_run(__VA_ARGS__, workspace, work, NULL, NULL)
  expect("small input", RUN(3, input, 3 * in - 1, output, 3 * out) == DIGITS_ERROR_TOO_SMALL);
  expect("small output", RUN(3, input, 3 * in, output, 3 * out - 1) == DIGITS_ERROR_TOO_SMALL);
  expect("more than a size_t", RUN(SIZE_MAX / in + 2, input, IMAGES * in, output, IMAGES * out) ==
                                   DIGITS_ERROR_TOO_SMALL);
  expect("as many as there can be",
         RUN(SIZE_MAX, input, IMAGES * in, output, IMAGES * out) == DIGITS_ERROR_TOO_SMALL);
  expect("no input", RUN(1, NULL, in, output, out) == DIGITS_ERROR_NULL_POINTER);
  expect("odd input",
         RUN(1, (float *)((char *)input + 1), in, output, out) == DIGITS_ERROR_MISALIGNED);
  expect("no image", digits_run(0, NULL, 0, NULL, 0, NULL, 0, NULL, NULL) == DIGITS_OK);
  free(workspace), free(input), free(output), free(expected);
  return failures != 0;
}
