/* Errors of buffers of numbers. */
#ifndef COMPARE_H
#define COMPARE_H

#include "model.h"

/* The largest error, of the largest magnitude of what is expected in `data`. */
double error_of(const struct buffer *buffer, const char *data, const char *got);

#endif
