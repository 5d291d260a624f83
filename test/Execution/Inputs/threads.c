/* Two models at once, each in a thread of its own, and each with 0, 1, 2 and 5 threads of its own,
 * in a workspace for as many, for two, or for one: always the same bits.
 *
 * usage: threads [REPETITIONS [THREADS OF THE WORKSPACE]] */
#include "a.h"
#include "b.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 5, MOST = 64 };

static int repetitions = 200, room[] = {THREADS, 2, 1};

struct work {
  void (*task)(void *, size_t);
  void *context;
  size_t first, count, step;
};

static void *worker(void *argument) {
  const struct work *work = argument;
  for (size_t i = work->first; i < work->count; i += work->step)
    work->task(work->context, i);
  return NULL;
}

/* A parallel-for of as many threads as `pool` points to, made anew for each loop. */
static void parallelFor(void *pool, size_t count, void (*task)(void *, size_t), void *context) {
  size_t threads = *(size_t *)pool;
  pthread_t ids[THREADS];
  struct work works[THREADS];
  for (size_t t = 0; t < threads; ++t) {
    works[t] = (struct work){task, context, t, count, threads};
    if (pthread_create(&ids[t], NULL, worker, &works[t]))
      exit(2);
  }
  for (size_t t = 0; t < threads; ++t)
    pthread_join(ids[t], NULL);
}

/* Runs a model again and again and counts the results that differ from the first. */
#define DEFINE_CHECK(name, NAME)                                                                   \
  static void *check_##name(void *failures) {                                                      \
    static float input[NAME##_INPUT_ELEMENTS], first[NAME##_OUTPUT_ELEMENTS],                      \
        output[NAME##_OUTPUT_ELEMENTS];                                                            \
    char *workspace = aligned_alloc(64, NAME##_WORKSPACE_BYTES_FOR(MOST) + 64);                    \
    size_t threads[] = {0, 1, 2, 5};                                                               \
    for (size_t i = 0; i < NAME##_INPUT_ELEMENTS; ++i)                                             \
      input[i] = (float)(i * 7919 % 1000) / 500 - 1;                                               \
    for (int n = 0; n < repetitions; ++n) {                                                        \
      size_t *count = &threads[n % 4], bytes = NAME##_WORKSPACE_BYTES_FOR(room[n % 3]);            \
      memset(output, n, sizeof output);                                                            \
      memset(workspace, n, bytes + 64);                                                            \
      *(int *)failures +=                                                                          \
          name##_run(input, sizeof input, n ? output : first, sizeof output, workspace, bytes,     \
                     *count ? parallelFor : NULL, count) != NAME##_OK ||                           \
          (n && memcmp(first, output, sizeof output));                                             \
      for (size_t i = bytes; i < bytes + 64; ++i)                                                  \
        *(int *)failures += workspace[i] != (char)n;                                               \
    }                                                                                              \
    free(workspace);                                                                               \
    return NULL;                                                                                   \
  }

DEFINE_CHECK(a, A)
DEFINE_CHECK(b, B)

int main(int argc, char **argv) {
  if (argc >= 2)
    repetitions = atoi(argv[1]);
  for (int i = 0; argc >= 3 && i < 3; ++i)
    room[i] = atoi(argv[2]);
  int failures[2] = {0, 0};
  pthread_t ids[2];
  if (pthread_create(&ids[0], NULL, check_a, &failures[0]) ||
      pthread_create(&ids[1], NULL, check_b, &failures[1]))
    return 2;
  pthread_join(ids[0], NULL);
  pthread_join(ids[1], NULL);
  printf("%d and %d of %d results differ\n", failures[0], failures[1], repetitions);
  return failures[0] || failures[1];
}
