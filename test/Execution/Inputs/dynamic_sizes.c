/* Runs a product in buffers of just the bytes that its sizes need, for the least, the greatest and
 * odd ones. */
#include "f.h"
#include <stdio.h>
#include <stdlib.h>

static int run(size_t height, size_t width) {
  size_t input_bytes = F_INPUT_BYTES(height, width), output_bytes = F_OUTPUT_BYTES(height, width);
  float *input = calloc(1, input_bytes), *output = malloc(output_bytes);
  float *d = calloc(1, F_DEPTHWISE_FILTER_BYTES), *p = calloc(1, F_POINTWISE_FILTER_BYTES);
  void *workspace = aligned_alloc(F_WORKSPACE_ALIGNMENT, F_WORKSPACE_BYTES);
  f_weights weights = {d, F_DEPTHWISE_FILTER_BYTES, p, F_POINTWISE_FILTER_BYTES};
  f_status status = f_run(height, width, input, input_bytes, output, output_bytes, &weights,
                          workspace, F_WORKSPACE_BYTES);
  float sum = 0;
  for (size_t i = 0; status == F_OK && i < F_OUTPUT_ELEMENTS(height, width); ++i)
    sum += output[i]; /* valgrind says what was not written */
  printf("%zu x %zu: %s, %g\n", height, width, f_status_message(status), sum);
  free(input), free(output), free(d), free(p), free(workspace);
  return status;
}

int main(void) {
  int failed = run(F_LEAST_HEIGHT, F_LEAST_WIDTH) || run(F_GREATEST_HEIGHT, F_GREATEST_WIDTH) ||
               run(F_LEAST_HEIGHT, F_GREATEST_WIDTH) || run(17, 30);
  return failed || !run(F_GREATEST_HEIGHT + 1, F_LEAST_WIDTH);
}
