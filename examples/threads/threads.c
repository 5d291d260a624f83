/* threads.c - run the compiled digits network serially and with 1, 2 and 5 threads, and compare
 * bits.
 *
 * usage: threads DIRECTORY    where images.npy is (examples/digits)
 *
 * The parallel-for is OpenMP's, or pthreadpool's with -DUSE_PTHREADPOOL. */
#include "../common/npy.h"
#include "digits.h"

#include <stdint.h>

#ifdef USE_PTHREADPOOL
#include "pthreadpool_adapter.h"
typedef pthreadpool_t Pool;
static Pool makePool(int threads) { return pthreadpool_create((size_t)threads); }
static void *handle(Pool *pool) { return *pool; }
static void freePool(Pool pool) { pthreadpool_destroy(pool); }
static const digits_parallel_for parallelFor = pthreadpoolFor;
#else
#include "openmp_adapter.h"
typedef int Pool;
static Pool makePool(int threads) { return threads; }
static void *handle(Pool *pool) { return pool; }
static void freePool(Pool pool) { (void)pool; }
static const digits_parallel_for parallelFor = openmpFor;
#endif

enum { PIXELS = 64, CLASSES = 10, MOST_THREADS = 5 };

/* The outputs for all images, one after the other. */
static void classify(const unsigned char *images, size_t count, float *outputs,
                     digits_parallel_for function, void *pool) {
  static unsigned char
      memory[DIGITS_WORKSPACE_BYTES_FOR(MOST_THREADS) + DIGITS_WORKSPACE_ALIGNMENT];
  size_t past = (uintptr_t)memory % DIGITS_WORKSPACE_ALIGNMENT;
  void *workspace = memory + (past ? DIGITS_WORKSPACE_ALIGNMENT - past : 0);
  for (size_t i = 0; i < count; ++i) {
    float input[PIXELS];
    for (int p = 0; p < PIXELS; ++p)
      input[p] = images[i * PIXELS + (size_t)p];
    digits_status status =
        digits_run(input, sizeof input, &outputs[i * CLASSES], CLASSES * sizeof *outputs, workspace,
                   DIGITS_WORKSPACE_BYTES_FOR(MOST_THREADS), function, pool);
    if (status != DIGITS_OK) {
      fprintf(stderr, "digits_run: %s\n", digits_status_message(status));
      exit(1);
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 1;
  }
  size_t bytes;
  unsigned char *images = readNpy(argv[1], "images.npy", "|u1", &bytes);
  size_t count = bytes / PIXELS, outputBytes = count * CLASSES * sizeof(float);
  float *serial = malloc(outputBytes), *parallel = malloc(outputBytes);
  if (!serial || !parallel)
    return 1;
  classify(images, count, serial, NULL, NULL);

  static const int threads[] = {1, 2, MOST_THREADS};
  int differ = 0;
  for (int i = 0; i < 3; ++i) {
    Pool pool = makePool(threads[i]);
    memset(parallel, 0xFF, outputBytes);
    classify(images, count, parallel, parallelFor, handle(&pool));
    freePool(pool);
    int equal = memcmp(serial, parallel, outputBytes) == 0;
    printf("%d threads: %s\n", threads[i], equal ? "the same bits as without" : "other bits");
    differ += !equal;
  }
  free(serial);
  free(parallel);
  free(images);
  return differ != 0;
}
