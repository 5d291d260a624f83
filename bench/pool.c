/* A small thread pool for NAME_parallel_for: what the bench gives to products made with
 * --threads=callback.
 *
 * The work is divided statically, one consecutive share per thread; the caller is one of the
 * threads.  Waiting threads spin for a while, since the kernels of a network follow each other
 * within microseconds, then sleep.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__x86_64__)
#define RELAX() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define RELAX() __asm__ volatile("yield")
#else
#define RELAX() ((void)0)
#endif

/* Some hundred microseconds: longer than the serial code between two kernels, short for the other
 * processes. */
enum { SPINS = 10000 };

typedef void (*Task)(void *context, size_t index);

typedef struct Pool {
  size_t threads; /* with the caller */
  size_t count;
  Task task;
  void *context;
  _Alignas(64) atomic_uint round;    /* counts the calls; a change is the signal to start */
  _Alignas(64) atomic_size_t active; /* helpers that have not finished this round */
  atomic_int stop;
  pthread_mutex_t mutex;
  pthread_cond_t start;
  pthread_t *helpers;
} Pool;

typedef struct Helper {
  Pool *pool;
  size_t index;
} Helper;

static void runShare(Pool *pool, size_t thread) {
  size_t end = pool->count * (thread + 1) / pool->threads;
  for (size_t i = pool->count * thread / pool->threads; i < end; ++i)
    pool->task(pool->context, i);
}

/* Returns the new round once there is one. */
static unsigned waitForRound(Pool *pool, unsigned seen) {
  unsigned round;
  for (int i = 0; i < SPINS; ++i) {
    if ((round = atomic_load_explicit(&pool->round, memory_order_acquire)) != seen)
      return round;
    RELAX();
  }
  pthread_mutex_lock(&pool->mutex);
  while ((round = atomic_load_explicit(&pool->round, memory_order_acquire)) == seen)
    pthread_cond_wait(&pool->start, &pool->mutex);
  pthread_mutex_unlock(&pool->mutex);
  return round;
}

static void nextRound(Pool *pool) {
  /* Under the mutex, so that no helper goes to sleep between its last look and the signal. */
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add_explicit(&pool->round, 1, memory_order_release);
  pthread_cond_broadcast(&pool->start);
  pthread_mutex_unlock(&pool->mutex);
}

static void *help(void *argument) {
  Helper helper = *(Helper *)argument;
  Pool *pool = helper.pool;
  free(argument);
  for (unsigned seen = 0;;) {
    seen = waitForRound(pool, seen);
    if (atomic_load(&pool->stop))
      return NULL;
    runShare(pool, helper.index);
    atomic_fetch_sub_explicit(&pool->active, 1, memory_order_release);
  }
}

void benchPoolDestroy(Pool *pool) {
  atomic_store(&pool->stop, 1);
  nextRound(pool);
  for (size_t i = 1; i < pool->threads; ++i)
    pthread_join(pool->helpers[i - 1], NULL);
  pthread_cond_destroy(&pool->start);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->helpers);
  free(pool);
}

/* NULL if the threads cannot be made. */
Pool *benchPoolCreate(size_t threads) {
  Pool *pool = aligned_alloc(_Alignof(Pool), sizeof(Pool));
  if (!pool)
    return NULL;
  *pool = (Pool){.threads = 1};
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->start, NULL);
  pool->helpers = calloc(threads, sizeof *pool->helpers);
  for (; pool->helpers && pool->threads < threads; ++pool->threads) {
    Helper *helper = malloc(sizeof *helper);
    if (!helper)
      break;
    *helper = (Helper){pool, pool->threads};
    if (pthread_create(&pool->helpers[pool->threads - 1], NULL, help, helper)) {
      free(helper);
      break;
    }
  }
  if (pool->threads == threads)
    return pool;
  benchPoolDestroy(pool);
  return NULL;
}

/* The NAME_parallel_for callback; one caller at a time. */
void benchParallelFor(void *pool, size_t count, Task task, void *context) {
  Pool *p = pool;
  p->count = count, p->task = task, p->context = context;
  atomic_store_explicit(&p->active, p->threads - 1, memory_order_relaxed);
  nextRound(p);
  runShare(p, 0);
  for (int i = 0; atomic_load_explicit(&p->active, memory_order_acquire); ++i) {
    if (i < SPINS)
      RELAX();
    else
      sched_yield(); /* a helper lost its CPU to another process, which may be this one */
  }
}
