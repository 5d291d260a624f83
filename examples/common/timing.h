/* timing.h - a clock and percentiles, for the example programs. Include it before any other header.
 */
#ifndef EXAMPLES_TIMING_H
#define EXAMPLES_TIMING_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 199309L /* clock_gettime in C99 */
#endif
#include <stdlib.h>
#include <time.h>

static inline double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compareTimes(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static inline void sortTimes(double *times, size_t count) {
  qsort(times, count, sizeof *times, compareTimes);
}

/* The given percentile of sorted times. The 5th says what the machine can do (the bare minimum
 * jumps with the clock), the 50th what it does. */
static inline double percentile(const double *times, size_t count, int percent) {
  return times[(count - 1) * (size_t)percent / 100];
}

#endif
