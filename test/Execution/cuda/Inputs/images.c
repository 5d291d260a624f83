/* Calls a kernel for each thread: for three images at once, and for one after the other. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ELEMENTS = 5 * 7 * 3, IMAGES = 3, THREADS = 256 };
void one_depthwise_0_0(const float *x, const float *weights, float *y);
void many_depthwise_0_0(const float *x, const float *weights, float *y, int64_t x_stride,
                        int64_t weights_stride, int64_t y_stride);

static int thread, block;
int tid_x(void) { return thread; }
int tid_y(void) { return 0; }
int tid_z(void) { return 0; }
int ctaid_x(void) { return 0; }
int ctaid_y(void) { return 0; }
int ctaid_z(void) { return block; }

int main(void) {
  static float x[IMAGES * ELEMENTS + 1], weights[64], expected[IMAGES * ELEMENTS];
  static float workspaces[IMAGES][128], *input = x + 1;
  for (int i = 0; i < IMAGES * ELEMENTS; ++i)
    input[i] = (float)(i * 7 % 31);
  for (int i = 0; i < 64; ++i)
    weights[i] = (float)(i + 1);
  for (int image = 0; image < IMAGES; ++image)
    for (thread = 0; thread < THREADS; ++thread)
      one_depthwise_0_0(input + image * ELEMENTS, weights, expected + image * ELEMENTS);
  for (block = 0; block < IMAGES; ++block)
    for (thread = 0; thread < THREADS; ++thread)
      many_depthwise_0_0(input, weights, workspaces[0], ELEMENTS * sizeof(float), 0,
                         sizeof *workspaces);
  int same = 0;
  for (int i = 0; i < IMAGES * ELEMENTS; ++i)
    same += expected[i] != 0 && workspaces[i / ELEMENTS][i % ELEMENTS] == expected[i];
  printf("%d numbers are the same\n", same);
  return same != IMAGES * ELEMENTS;
}
