/* main.c - classify the held-out handwritten digits with the compiled network, and compare the
 * answers with the labels and with Keras's.
 *
 * usage: digits DIRECTORY    where images.npy, labels.npy, predictions.npy and probabilities.npy
 * are
 *
 * The exit code is 1 when fewer than 97 % of the answers are right or one differs from Keras's. */
#include "../common/timing.h"

#include "../common/npy.h"
#include "digits.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 10, PASSES = 20 };

/* C99 has no way to ask for an alignment, so there is room to choose an aligned start. */
static unsigned char memory[DIGITS_WORKSPACE_BYTES + DIGITS_WORKSPACE_ALIGNMENT];
static unsigned char *workspace;

struct Data {
  unsigned char *images, *labels, *predictions;
  float *probabilities;
  size_t count;
};

static struct Data readData(const char *directory) {
  struct Data data;
  size_t images, predictions, probabilities;
  data.labels = readNpy(directory, "labels.npy", "|u1", &data.count);
  data.images = readNpy(directory, "images.npy", "|u1", &images);
  data.predictions = readNpy(directory, "predictions.npy", "|u1", &predictions);
  data.probabilities = readNpy(directory, "probabilities.npy", "<f4", &probabilities);
  expectBytes("images.npy", images, data.count * PIXELS);
  expectBytes("predictions.npy", predictions, data.count);
  expectBytes("probabilities.npy", probabilities, data.count * CLASSES * sizeof(float));
  return data;
}

/* The network's ten probabilities for an image. */
static void classify(const unsigned char *image, float *output) {
  float input[PIXELS];
  for (int i = 0; i < PIXELS; ++i)
    input[i] = image[i];
  digits_status status = digits_run(input, sizeof input, output, CLASSES * sizeof *output,
                                    workspace, DIGITS_WORKSPACE_BYTES);
  if (status != DIGITS_OK) {
    fprintf(stderr, "digits_run: %s\n", digits_status_message(status));
    exit(1);
  }
}

static int largest(const float *values) {
  int best = 0;
  for (int i = 1; i < CLASSES; ++i)
    if (values[i] > values[best])
      best = i;
  return best;
}

/* Draws images side by side, two characters for a pixel, and the answers below. */
static void draw(const struct Data *data, const size_t *indices, int count) {
  static const char shades[] = " .:-=+*#%@";
  for (int y = 0; y < SIDE; ++y) {
    for (int i = 0; i < count; ++i) {
      printf("  ");
      for (int x = 0; x < SIDE; ++x) {
        char shade = shades[data->images[indices[i] * PIXELS + y * SIDE + x] * 9 / 16];
        printf("%c%c", shade, shade);
      }
    }
    printf("\n");
  }
  for (int i = 0; i < count; ++i) {
    float output[CLASSES];
    char answer[32];
    classify(&data->images[indices[i] * PIXELS], output);
    int digit = largest(output);
    bool right = digit == data->labels[indices[i]];
    snprintf(answer, sizeof answer, "%d (%.1f %%)%s", digit, 100 * output[digit],
             right ? "" : " wrong");
    printf("  %-16s", answer);
  }
  printf("\n\n");
}

/* The time of each call, over all images several times, in `times`. */
static void measure(const struct Data *data, double *times) {
  float output[CLASSES];
  for (int pass = 0; pass < PASSES; ++pass)
    for (size_t i = 0; i < data->count; ++i) {
      double start = seconds();
      classify(&data->images[i * PIXELS], output);
      *times++ = seconds() - start;
    }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 1;
  }
  size_t past = (uintptr_t)memory % DIGITS_WORKSPACE_ALIGNMENT;
  workspace = memory + (past ? DIGITS_WORKSPACE_ALIGNMENT - past : 0);
  struct Data data = readData(argv[1]);
  size_t right = 0, equal = 0, leastSure = 0;
  float difference = 0, leastProbability = 1;
  for (size_t i = 0; i < data.count; ++i) {
    float output[CLASSES];
    classify(&data.images[i * PIXELS], output);
    int digit = largest(output);
    right += digit == data.labels[i];
    equal += digit == data.predictions[i];
    for (int c = 0; c < CLASSES; ++c) {
      float distance = fabsf(output[c] - data.probabilities[i * CLASSES + c]);
      difference = distance <= difference ? difference : distance; /* a NaN stays */
    }
    if (output[digit] < leastProbability) {
      leastProbability = output[digit];
      leastSure = i;
    }
  }
  size_t shown[] = {0, 1, 2, leastSure};
  draw(&data, shown, 4);

  size_t calls = PASSES * data.count;
  double *times = malloc(calls * sizeof *times);
  if (!times)
    return 1;
  measure(&data, times);
  sortTimes(times, calls);

  double accuracy = 100.0 * (double)right / (double)data.count;
  printf("accuracy             %zu of %zu held-out images, %.2f %%\n", right, data.count, accuracy);
  printf("equal to Keras's     %zu of %zu answers\n", equal, data.count);
  printf("largest difference   %.2g in probability\n", difference);
  printf("time per image       %.2f us (5th percentile), %.2f us (median)\n",
         1e6 * percentile(times, calls, 5), 1e6 * percentile(times, calls, 50));
  printf("workspace            %d bytes\n", (int)DIGITS_WORKSPACE_BYTES);

  if (accuracy < 97 || equal != data.count || !(difference <= 1e-4f)) {
    fprintf(stderr, "expected at least 97 %% right and the same answers as Keras\n");
    return 1;
  }
  return 0;
}
