//===- formula.h - numbers that depend on dynamic sizes --------------------===//
#pragma once

#include "agreement.h"
#include "table.h"

static int64_t divide(int64_t a, int64_t b) {
  return b ? a / b - (a % b != 0 && (a < 0) != (b < 0)) : 0;
}

static int64_t evaluate(struct formula formula, const uint64_t *sizes) {
  // lib/Product/SizeFormula.cpp makes none that needs more.
  int64_t stack[SEPCONV_CUDA_FORMULA_NUMBERS], *top = stack; // behind the last number
  if (!formula.steps)
    return formula.number;
  for (uint64_t i = 0; i < formula.steps; ++i) {
    struct step step = formula.step[i];
    if (step.operation == NUMBER || step.operation == SIZE) {
      *top++ = step.operation == SIZE ? (int64_t)sizes[step.value] : step.value;
      continue;
    }
    top -= step.operation == SELECT ? 2 : 1;
    int64_t a = top[-1], b = top[0];
    switch (step.operation) {
    case ADD:
      top[-1] = a + b;
      break;
    case SUBTRACT:
      top[-1] = a - b;
      break;
    case MULTIPLY:
      top[-1] = a * b;
      break;
    case DIVIDE:
      top[-1] = divide(a, b);
      break;
    case MIN:
      top[-1] = a < b ? a : b;
      break;
    case MAX:
      top[-1] = a > b ? a : b;
      break;
    case LESS:
      top[-1] = a < b;
      break;
    default:
      top[-1] = a ? b : top[1];
    }
  }
  return stack[0];
}

static uint64_t bytes_of(const struct product *product, uint64_t buffer, const uint64_t *sizes) {
  return (uint64_t)evaluate(product->bytes[buffer], sizes);
}

/// From an image to the next one; 0 if all have the same.
static uint64_t stride(const struct product *product, uint64_t buffer, const uint64_t *sizes) {
  return product->per_image && product->per_image[buffer] ? bytes_of(product, buffer, sizes) : 0;
}
