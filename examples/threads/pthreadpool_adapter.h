/* pthreadpool_adapter.h - a model's parallel-for by Google's pthreadpool.
 *
 * A model compiled with --threads=callback takes two last arguments: give pthreadpoolFor and the
 * pool.
 *
 *   pthreadpool_t pool = pthreadpool_create(0);
 *   digits_run(..., pthreadpoolFor, pool);
 *
 * pthreadpool's task is the same function type as a model's, so nothing is in between. The results
 * do not depend on the number of threads. */
#ifndef PTHREADPOOL_ADAPTER_H
#define PTHREADPOOL_ADAPTER_H

#include <pthreadpool.h>
#include <stddef.h>

static inline void pthreadpoolFor(void *pool, size_t count, void (*task)(void *, size_t),
                                  void *context) {
  pthreadpool_parallelize_1d((pthreadpool_t)pool, task, context, count, 0);
}

#endif
