/* main.c - classify handwritten digits with a network of 8-bit integers: bytes go in, bytes come
 * out.
 *
 * usage: digits_int8 DIRECTORY FIRST    where images.npy, labels.npy and predictions.npy are; the
 * images before FIRST were used to quantize the network
 *
 * The exit code is 1 when fewer than 96 % of the answers are right. */
#include "../common/timing.h"

#include "../common/npy.h"
#include "digits_int8.h"

#include <math.h>
#include <stdint.h>

enum { PIXELS = DIGITS_INT8_INPUT_ELEMENTS, CLASSES = DIGITS_INT8_OUTPUT_ELEMENTS, PASSES = 20 };

static unsigned char memory[DIGITS_INT8_WORKSPACE_BYTES + DIGITS_INT8_WORKSPACE_ALIGNMENT];
static unsigned char *workspace;

/* The byte that stands for each pixel. A network for pixels from 0 to 255 may need no table: with
 * a scale of 1 and a zero point of 0 they are the same. */
static uint8_t byteOf[256];

static void fillTable(void) {
  for (int pixel = 0; pixel < 256; ++pixel) {
    long q = lroundf((float)pixel / DIGITS_INT8_INPUT_SCALE) + DIGITS_INT8_INPUT_ZERO_POINT;
    byteOf[pixel] = (uint8_t)(q < 0 ? 0 : q > 255 ? 255 : q);
  }
}

/* The class of the largest byte: they all have one scale. */
static int classify(const unsigned char *image) {
  uint8_t input[PIXELS], output[CLASSES];
  for (int i = 0; i < PIXELS; ++i)
    input[i] = byteOf[image[i]];
  digits_int8_status status = digits_int8_run(input, sizeof input, output, sizeof output, workspace,
                                              DIGITS_INT8_WORKSPACE_BYTES);
  if (status != DIGITS_INT8_OK) {
    fprintf(stderr, "digits_int8_run: %s\n", digits_int8_status_message(status));
    exit(1);
  }
  int best = 0;
  for (int i = 1; i < CLASSES; ++i)
    if (output[i] > output[best])
      best = i;
  return best;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s DIRECTORY FIRST\n", argv[0]);
    return 1;
  }
  size_t count, images, predictions, first = (size_t)strtoul(argv[2], NULL, 10);
  unsigned char *labels = readNpy(argv[1], "labels.npy", "|u1", &count);
  unsigned char *pixels = readNpy(argv[1], "images.npy", "|u1", &images);
  unsigned char *floats = readNpy(argv[1], "predictions.npy", "|u1", &predictions);
  expectBytes("images.npy", images, count * PIXELS);
  expectBytes("predictions.npy", predictions, count);
  size_t past = (uintptr_t)memory % DIGITS_INT8_WORKSPACE_ALIGNMENT;
  workspace = memory + (past ? DIGITS_INT8_WORKSPACE_ALIGNMENT - past : 0);
  fillTable();

  size_t right = 0, ofFloats = 0, calls = 0, total = count - first;
  double *times = malloc(PASSES * (total + 1) * sizeof *times);
  if (!times || first >= count)
    return 1;
  for (int pass = 0; pass < PASSES; ++pass)
    for (size_t i = first; i < count; ++i) {
      double start = seconds();
      int digit = classify(&pixels[i * PIXELS]);
      times[calls++] = seconds() - start;
      right += pass == 0 && digit == labels[i];
      ofFloats += pass == 0 && floats[i] == labels[i];
    }
  sortTimes(times, calls);
  double accuracy = 100.0 * (double)right / (double)total;
  printf("accuracy             %zu of %zu images, %.2f %%; in float32 %zu\n", right, total,
         accuracy, ofFloats);
  printf("time per image       %.2f us (5th percentile), %.2f us (median)\n",
         1e6 * percentile(times, calls, 5), 1e6 * percentile(times, calls, 50));
  printf("workspace            %d bytes\n", (int)DIGITS_INT8_WORKSPACE_BYTES);
  return accuracy < 96;
}
