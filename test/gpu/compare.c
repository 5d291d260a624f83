#include "compare.h"

#include <math.h>

/* A number of 16 bits with so many of the exponent. */
static double half_of(uint16_t bits, int exponent_bits) {
  int fraction_bits = 15 - exponent_bits, bias = (1 << (exponent_bits - 1)) - 1;
  int exponent = bits >> fraction_bits & ((1 << exponent_bits) - 1);
  int fraction = bits & ((1 << fraction_bits) - 1);
  double sign = bits >> 15 ? -1 : 1;
  if (exponent == (1 << exponent_bits) - 1)
    return fraction ? NAN : sign * INFINITY;
  double value = exponent ? fraction + (1 << fraction_bits) : fraction;
  return sign * ldexp(value, (exponent ? exponent : 1) - bias - fraction_bits);
}

static double number(const char *array, enum dtype dtype, size_t i) {
  switch (dtype) {
  case FLOAT32:
    return ((const float *)array)[i];
  case FLOAT64:
    return ((const double *)array)[i];
  case FLOAT16:
    return half_of(((const uint16_t *)array)[i], 5);
  default:
    return half_of(((const uint16_t *)array)[i], 8);
  }
}

double error_of(const struct buffer *buffer, const char *data, const char *got) {
  static const size_t sizes[] = {4, 8, 2, 2};
  double largest = 0, error = 0;
  for (size_t i = 0; i < buffer->bytes / sizes[buffer->dtype]; ++i) {
    double expected = number(data + buffer->offset, buffer->expected, i);
    double value = number(got, buffer->dtype, i);
    if (!isfinite(expected) || !isfinite(value)) {
      if (!(expected == value || (isnan(expected) && isnan(value))))
        return INFINITY;
      continue;
    }
    largest = fmax(largest, fabs(expected));
    error = fmax(error, fabs(expected - value));
  }
  return error ? error / fmax(largest, 1e-30) : 0;
}
