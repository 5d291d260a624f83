/* The stack machine of lib/Runtime/Cuda. */
#include "formula.h"

#include <stdio.h>

static int64_t expected(uint64_t operation, int64_t a, int64_t b) {
  switch (operation) {
  case ADD:
    return a + b;
  case SUBTRACT:
    return a - b;
  case MULTIPLY:
    return a * b;
  case DIVIDE: { /* the greatest number that is not more than the quotient */
    int64_t quotient = -100;
    if (!b)
      return 0;
    while (b > 0 ? (quotient + 1) * b <= a : (quotient + 1) * b >= a)
      ++quotient;
    return quotient;
  }
  case MIN:
    return a < b ? a : b;
  case MAX:
    return a < b ? b : a;
  case LESS:
    return a < b;
  default:
    return a ? b : 77;
  }
}

int main(void) {
  int operations = 0, pairs = 0;
  for (uint64_t operation = ADD; operation <= SELECT; ++operation, ++operations) {
    pairs = 0;
    for (int64_t a = -6; a <= 6; ++a)
      for (int64_t b = -6; b <= 6; ++b, ++pairs) {
        uint64_t sizes[] = {0, (uint64_t)b};
        struct step steps[] = {{NUMBER, a}, {SIZE, 1}, {operation, 0}, {operation, 0}};
        struct formula formula = {3, {.step = steps}};
        if (operation == SELECT)
          steps[2] = (struct step){NUMBER, 77}, formula.steps = 4;
        int64_t found = evaluate(formula, sizes);
        if (found != expected(operation, a, b)) {
          printf("operation %d of %d and %d: %d, expected %d\n", (int)operation, (int)a, (int)b,
                 (int)found, (int)expected(operation, a, b));
          return 1;
        }
      }
  }
  struct formula number = {0, {.number = -5}};
  if (evaluate(number, NULL) == -5)
    printf("%d operations on %d pairs are right\n", operations + 1, pairs);
  return 0;
}
