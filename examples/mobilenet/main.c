/* main.c - run the compiled MobileNet on a few images and compare its outputs with Keras's.
 *
 * usage: mobilenet DIRECTORY REFERENCE [ROUNDS]
 *
 * DIRECTORY holds input.npy and REFERENCE (logits.npy or probabilities.npy). Every image is run
 * ROUNDS times (30 unless told), for the times. The exit code is 1 when the largest error is more
 * than 2e-5 of the largest magnitude, or an answer differs. */
#include "../common/timing.h"

#include "../common/npy.h"
#include "mobilenet.h"

#include <math.h>
#include <stdint.h>

enum {
  IMAGE = 224 * 224 * 3,
  CLASSES = 1000,
  BATCH = MOBILENET_INPUT_ELEMENTS / IMAGE,
  MAX_TIMES = 4096
};

/* C99 has no way to ask for an alignment, so there is room to choose an aligned start. */
static unsigned char memory[MOBILENET_WORKSPACE_BYTES + MOBILENET_WORKSPACE_ALIGNMENT];
static unsigned char *workspace;

/* Runs one batch; returns the time that it took. */
static double run(const float *images, float *outputs) {
  double start = seconds();
  mobilenet_status status =
      mobilenet_run(images, MOBILENET_INPUT_BYTES, outputs, MOBILENET_OUTPUT_BYTES, workspace,
                    MOBILENET_WORKSPACE_BYTES);
  double end = seconds();
  if (status != MOBILENET_OK) {
    fprintf(stderr, "mobilenet_run: %s\n", mobilenet_status_message(status));
    exit(1);
  }
  return end - start;
}

static int largest(const float *values) {
  int best = 0;
  for (int i = 1; i < CLASSES; ++i)
    if (values[i] > values[best])
      best = i;
  return best;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s DIRECTORY REFERENCE [ROUNDS]\n", argv[0]);
    return 1;
  }
  size_t past = (uintptr_t)memory % MOBILENET_WORKSPACE_ALIGNMENT;
  workspace = memory + (past ? MOBILENET_WORKSPACE_ALIGNMENT - past : 0);
  size_t bytes, count;
  float *images = readNpy(argv[1], "input.npy", "<f4", &bytes);
  count = bytes / (IMAGE * sizeof(float)) / BATCH * BATCH;
  float *expected = readNpy(argv[1], argv[2], "<f4", &bytes);
  float *outputs = malloc(count * CLASSES * sizeof *outputs);
  if (!outputs || count == 0 || bytes < count * CLASSES * sizeof(float)) {
    fprintf(stderr, "expected %d images or more and %d outputs for each\n", (int)BATCH, CLASSES);
    return 1;
  }

  int rounds = argc > 3 && atoi(argv[3]) > 0 ? atoi(argv[3]) : 30;
  static double times[MAX_TIMES];
  size_t calls = 0;
  for (int round = 0; round < rounds; ++round)
    for (size_t i = 0; i < count && calls < MAX_TIMES; i += BATCH)
      times[calls++] = run(&images[i * IMAGE], &outputs[i * CLASSES]) / BATCH;
  sortTimes(times, calls);

  size_t equal = 0;
  float error = 0, magnitude = 0;
  for (size_t i = 0; i < count; ++i)
    equal += largest(&outputs[i * CLASSES]) == largest(&expected[i * CLASSES]);
  for (size_t i = 0; i < count * CLASSES; ++i) {
    float distance = fabsf(outputs[i] - expected[i]);
    error = distance <= error ? error : distance; /* a NaN stays */
    magnitude = fmaxf(magnitude, fabsf(expected[i]));
  }
  printf("equal to Keras's     %zu of %zu answers (batch %d)\n", equal, count, (int)BATCH);
  printf("largest error        %.2g of the largest output, %.3g\n", error / magnitude, magnitude);
  printf("time per image       %.2f ms (5th percentile), %.2f ms (median), %zu calls\n",
         1e3 * percentile(times, calls, 5), 1e3 * percentile(times, calls, 50), calls);
  printf("workspace            %.1f MB\n", 1e-6 * MOBILENET_WORKSPACE_BYTES);
  if (equal == count && error <= 2e-5f * magnitude)
    return 0;
  fprintf(stderr, "expected the same answers and an error of at most 2e-5\n");
  return 1;
}
