/* read_digits.c - four images in one call, with the weights in a file and the caller's threads.
 *
 * usage: read_digits WEIGHTS */
#include "digits_batch.h"
#include "drawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 4, CLASSES = 10, PIXELS = 64 };

/* A parallel-for that does one task after the other, backwards: the order does not matter. The
 * adapters in examples/threads do them at the same time. */
static void backwards(void *pool, size_t count, digits_batch_task task, void *context) {
  *(size_t *)pool += count;
  while (count > 0)
    task(context, --count);
}

/* An aligned start inside of memory that is ALIGNMENT larger than needed. */
static void *aligned(char *memory) {
  size_t past = (size_t)memory % DIGITS_BATCH_WORKSPACE_ALIGNMENT;
  return memory + (past ? DIGITS_BATCH_WORKSPACE_ALIGNMENT - past : 0);
}

int main(int argc, char **argv) {
  static char workspace[DIGITS_BATCH_WORKSPACE_BYTES + DIGITS_BATCH_WORKSPACE_ALIGNMENT];
  static char weights[(1 << 20) + DIGITS_BATCH_WORKSPACE_ALIGNMENT];
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) {
    fprintf(stderr, "usage: %s WEIGHTS\n", argv[0]);
    return 1;
  }
  size_t weightsBytes = fread(aligned(weights), 1, 1 << 20, file);
  fclose(file);

  float images[BATCH * PIXELS], probabilities[BATCH * CLASSES];
  for (int i = 0; i < BATCH; ++i)
    memcpy(&images[i * PIXELS], three, sizeof three);
  size_t tasks = 0;
  digits_batch_status status = digits_batch_run(
      images, sizeof images, probabilities, sizeof probabilities, aligned(workspace),
      DIGITS_BATCH_WORKSPACE_BYTES, aligned(weights), weightsBytes, backwards, &tasks);
  if (status != DIGITS_BATCH_OK) {
    fprintf(stderr, "%s\n", digits_batch_status_message(status));
    return 1;
  }
  for (int i = 0; i < BATCH; ++i)
    if (!(probabilities[i * CLASSES + 3] > 0.9f)) {
      fprintf(stderr, "image %d: expected a 3\n", i);
      return 1;
    }
  printf("four threes, in %zu tasks\n", tasks);
  return 0;
}
