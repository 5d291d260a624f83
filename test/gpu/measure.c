#include "measure.h"

#include <stdlib.h>

#include "driver.h"
#include "model.h"

enum { RELAXED = 2, RUNS = 20, WARMING = 10, REPETITIONS = 200 };

static int ascending(const void *a, const void *b) {
  return (*(const float *)a > *(const float *)b) - (*(const float *)a < *(const float *)b);
}

static int instantiate(int (*once)(const void *), const void *what, void **executable) {
  void *graph;
  TRY(driver.begin_capture(stream, RELAXED));
  for (int i = 0; i < RUNS; ++i)
    if (once(what)) {
      driver.end_capture(stream, &graph);
      return 1;
    }
  TRY(driver.end_capture(stream, &graph));
  int result = driver.instantiate(executable, graph, 0);
  TRY(driver.destroy_graph(graph));
  TRY(result);
  return 0;
}

int measure(int (*once)(const void *), const void *what, struct times *times) {
  static void *start, *end;
  void *executable;
  float all[REPETITIONS];
  if (!start) {
    TRY(driver.create_event(&start, 0));
    TRY(driver.create_event(&end, 0));
  }
  if (instantiate(once, what, &executable))
    return 1;
  for (int i = -WARMING; i < REPETITIONS; ++i) {
    float ms = 0;
    TRY(driver.record(start, stream));
    TRY(driver.launch_graph(executable, stream));
    TRY(driver.record(end, stream));
    TRY(driver.wait_event(end));
    TRY(driver.elapsed(&ms, start, end));
    if (i >= 0)
      all[i] = ms * 1000 / RUNS;
  }
  TRY(driver.destroy_executable(executable));
  qsort(all, REPETITIONS, sizeof *all, ascending);
  times->fast = all[REPETITIONS / 20];
  times->median = all[REPETITIONS / 2];
  return 0;
}

/* A copy of more than any second level of the cache holds: each byte is read and written. */
enum { COPIED = 256 << 20 };
static int copy_once(const void *addresses) {
  const uint64_t *both = addresses;
  TRY(driver.copy(both[0], both[1], COPIED, stream));
  return 0;
}

static int measure_bandwidth(struct ceilings *ceilings) {
  uint64_t addresses[2];
  struct times times;
  for (int i = 0; i < 2; ++i)
    TRY(driver.allocate(&addresses[i], COPIED));
  if (measure(copy_once, addresses, &times))
    return 1;
  for (int i = 0; i < 2; ++i)
    TRY(driver.release(addresses[i]));
  ceilings->bytes_per_us = 2.0 * COPIED / times.fast;
  return 0;
}

/* What multiply.ptx does with as many threads as a multiprocessor has: its products of a thread are
 * said there. */
enum { THREADS = 256, BLOCKS = 8, PRODUCTS = 64 * 512 };
struct multiplying {
  void *function;
  uint64_t result;
};

static int multiply_once(const void *what) {
  struct multiplying work = *(const struct multiplying *)what;
  void *arguments[] = {&work.result};
  TRY(driver.launch(work.function, (unsigned)multiprocessors * BLOCKS, 1, 1, THREADS, 1, 1, 0,
                    stream, arguments, NULL));
  return 0;
}

static int measure_products(struct ceilings *ceilings) {
  void *module;
  struct multiplying work;
  struct times times;
  TRY(driver.load(&module, multiply_ptx));
  TRY(driver.function(&work.function, module, "multiply"));
  TRY(driver.allocate(&work.result, sizeof(float)));
  if (measure(multiply_once, &work, &times))
    return 1;
  TRY(driver.release(work.result));
  ceilings->products_per_us = (double)multiprocessors * BLOCKS * THREADS * PRODUCTS / times.fast;
  return 0;
}

int measure_ceilings(struct ceilings *ceilings) {
  return measure_bandwidth(ceilings) || measure_products(ceilings);
}
