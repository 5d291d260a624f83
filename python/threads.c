/* threads.c - pthreadpool for products that Python calls, by ctypes. */

#include "pthreadpool_adapter.h"

void *sepconv_threads_create(size_t threads) { return pthreadpool_create(threads); }

void sepconv_threads_destroy(void *pool) { pthreadpool_destroy((pthreadpool_t)pool); }

void sepconv_threads_for(void *pool, size_t count, void (*task)(void *, size_t), void *context) {
  pthreadpoolFor(pool, count, task, context);
}
