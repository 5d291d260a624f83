/* read_digit.c - a small program around a compiled network: which digit is drawn in drawn.h? */
#include "digits.h"
#include "drawn.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
  /* malloc's memory need not be aligned enough, so there is room to choose an aligned start. */
  char *memory = malloc(DIGITS_WORKSPACE_BYTES + DIGITS_WORKSPACE_ALIGNMENT);
  if (!memory)
    return 1;
  size_t past = (size_t)memory % DIGITS_WORKSPACE_ALIGNMENT;
  float probabilities[DIGITS_OUTPUT_ELEMENTS];
  digits_status status =
      digits_run(three, sizeof three, probabilities, sizeof probabilities,
                 memory + DIGITS_WORKSPACE_ALIGNMENT - past, DIGITS_WORKSPACE_BYTES);
  free(memory);
  if (status != DIGITS_OK) {
    fprintf(stderr, "%s\n", digits_status_message(status));
    return 1;
  }
  int digit = 0;
  for (int i = 1; i < 10; ++i)
    if (probabilities[i] > probabilities[digit])
      digit = i;
  printf("a %d, %.1f %% sure\n", digit, 100 * probabilities[digit]);
  return digit != 3;
}
