/* openmp_adapter.h - a model's parallel-for by OpenMP (compile with -fopenmp).
 *
 * A model compiled with --threads=callback takes two last arguments: give openmpFor and the number
 * of threads, or NULL for OpenMP's own choice.
 *
 *   int threads = 4;
 *   digits_run(..., openmpFor, &threads);
 *
 * The results do not depend on the number of threads. */
#ifndef OPENMP_ADAPTER_H
#define OPENMP_ADAPTER_H

#include <omp.h>
#include <stddef.h>

static inline void openmpFor(void *threads, size_t count, void (*task)(void *, size_t),
                             void *context) {
  int wanted = threads ? *(const int *)threads : omp_get_max_threads();
#pragma omp parallel for num_threads(wanted) schedule(dynamic)
  for (size_t i = 0; i < count; ++i)
    task(context, i);
}

#endif
