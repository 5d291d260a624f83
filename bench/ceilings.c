/* Measures what this machine can do at best: multiply-adds per second and bytes per second.
 *
 * usage: ceilings fma SECONDS      {"isa": ..., "burst_flops": N, "times": [seconds of each burst]}
 *        ceilings memory SECONDS   {"L1": {"bytes": ..., "gbs": ...}, "L2": ..., "L3": ...,
 * "memory": ...}
 *
 *        ceilings dot SECONDS      {"products": N, "best": seconds}; nothing without AVX512_VNNI
 *
 * One thread; run.py starts one process per CPU and compiles this file with -O3 -march=native. As a
 * shared library it has fmaBurst for worker.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__AVX512F__) || defined(__AVX2__) || defined(__SSE__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

/* The widest vectors that the compiler was told this CPU has. The multiply-add is an intrinsic, not
 * a*b+c: of that, a compiler could move the product out of the loop. */
#if defined(__AVX512F__)
#define ISA "AVX-512"
#define LANES 16
typedef __m512 vector;
#define splat _mm512_set1_ps
#define multiply_add _mm512_fmadd_ps
#elif defined(__AVX2__) && defined(__FMA__)
#define ISA "AVX2"
#define LANES 8
typedef __m256 vector;
#define splat _mm256_set1_ps
#define multiply_add _mm256_fmadd_ps
#elif defined(__SSE__)
#define ISA "SSE"
#define LANES 4
typedef __m128 vector;
#define splat _mm_set1_ps
/* No fused instruction: a product that the compiler cannot see to be the same every time, and a
 * sum. */
static inline vector multiply_add(vector a, vector b, vector c) {
  __asm__("" : "+x"(a));
  return _mm_add_ps(_mm_mul_ps(a, b), c);
}
#elif defined(__ARM_NEON)
#define ISA "NEON"
#define LANES 4
typedef float32x4_t vector;
#define splat vdupq_n_f32
#define multiply_add(a, b, c) vfmaq_f32(c, a, b)
#else
#error "ceilings.c knows x86-64 and aarch64 only"
#endif

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Twelve chains hide the latency (4 cycles, 2 a cycle, need 8), and with both operands fit in 16
 * registers. */
#define EACH_CHAIN(do)                                                                             \
  do                                                                                               \
  (0) do(1) do(2) do(3) do(4) do(5) do(6) do(7) do(8) do(9) do(10) do(11)
enum { CHAINS = 12, STEPS = 4000, BURST_FLOPS = 2 * CHAINS * LANES * STEPS };

static volatile float sink;

const double fmaBurstFlops = BURST_FLOPS;

/* 24000 cycles at 2 multiply-adds a cycle, 7.5 microseconds at 3.2 GHz, of nothing but
 * multiply-adds: short beside a layer. The time that it took, in seconds. */
double fmaBurst(void) {
  vector x = splat(1e-3f), y = splat(1e-3f);
#define START(i) vector sum##i = splat((float)i);
#define STEP(i) sum##i = multiply_add(x, y, sum##i);
#define ADD(i) sum = multiply_add(sum##i, y, sum);
  EACH_CHAIN(START)
  double start = now();
  for (int n = 0; n < STEPS; ++n) {
    EACH_CHAIN(STEP)
  }
  vector sum = splat(0);
  EACH_CHAIN(ADD)
  float lanes[LANES];
  memcpy(lanes, &sum, sizeof lanes);
  sink = lanes[0];
  return now() - start;
}

static int measureFma(double seconds) {
  double start = now(), warm = start + 0.1 * seconds, end = start + seconds;
  const char *separator = "";
  while (now() < warm)
    fmaBurst();
  printf("{\"isa\": \"%s\", \"burst_flops\": %d, \"times\": [", ISA, BURST_FLOPS);
  do {
    printf("%s%.9g", separator, fmaBurst());
    separator = ", ";
  } while (now() < end);
  printf("]}\n");
  return 0;
}

#ifdef __AVX512VNNI__
/* The same of products of bytes, 64 in an instruction; as assembly, so that no compiler joins two.
 */
static double dotBurst(void) {
#define DOT_START(i) __m512i dots##i = _mm512_set1_epi32(i);
#define DOT_STEP(i)                                                                                \
  __asm__ volatile("vpdpbusd %2, %1, %0" : "+v"(dots##i) : "v"(bytes), "v"(bytes));
  __m512i bytes = _mm512_set1_epi32(1);
  EACH_CHAIN(DOT_START)
  double start = now();
  for (int n = 0; n < STEPS; ++n) {
    EACH_CHAIN(DOT_STEP)
  }
  return now() - start;
}

static int measureDot(double seconds) {
  double start = now(), end = start + seconds, best = 1e30;
  while (now() < end) {
    double time = dotBurst();
    best = time < best ? time : best;
  }
  printf("{\"products\": %d, \"best\": %.9g}\n", CHAINS * 64 * STEPS, best);
  return 0;
}
#else
static int measureDot(double seconds) {
  (void)seconds;
  printf("{}\n");
  return 0;
}
#endif

/* a = b + s * c over arrays that fill the given number of bytes together. */
static int measureTriad(const char *name, size_t bytes, double seconds, const char *separator) {
  size_t count = bytes / 3 / 64 * 16;
  float *a = aligned_alloc(64, count * 4), *b = aligned_alloc(64, count * 4);
  float *c = aligned_alloc(64, count * 4);
  if (!a || !b || !c) {
    fprintf(stderr, "ceilings: no memory for arrays of %zu bytes\n", bytes);
    return 1;
  }
  for (size_t i = 0; i < count; ++i)
    a[i] = 0, b[i] = (float)i, c[i] = 1;
  double best = 1e30, end = now() + seconds;
  size_t repeats = (1 << 22) / count + 1; /* at least 4 million elements per reading of the clock */
  do {
    double start = now();
    for (size_t r = 0; r < repeats; ++r) {
      for (size_t i = 0; i < count; ++i)
        a[i] = b[i] + 3.0f * c[i];
      __asm__ volatile("" ::"r"(a) : "memory");
    }
    double time = (now() - start) / (double)repeats;
    best = time < best ? time : best;
  } while (now() < end);
  printf("%s\"%s\": {\"bytes\": %zu, \"gbs\": %.1f}", separator, name, count * 12,
         12e-9 * (double)count / best);
  free(a), free(b), free(c);
  return 0;
}

static size_t cacheSize(int name, size_t otherwise) {
  long size = sysconf(name);
  return size > 0 ? (size_t)size : otherwise;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static int measureMemory(double seconds) {
  size_t l1 = cacheSize(_SC_LEVEL1_DCACHE_SIZE, 32 << 10),
         l2 = cacheSize(_SC_LEVEL2_CACHE_SIZE, 1 << 20);
  size_t l3 = cacheSize(_SC_LEVEL3_CACHE_SIZE, 8 << 20);
  size_t all = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
  printf("{");
  int failed =
      measureTriad("L1", l1 / 2, seconds, "") || measureTriad("L2", l2 / 2, seconds, ", ") ||
      measureTriad("L3", smaller(8 * l2, l3 / 2), seconds, ", ") ||
      /* a server's L3 can be larger than what a bench should take */
      measureTriad("memory", smaller(smaller(4 * l3, all / 8), (size_t)3 << 29), seconds, ", ");
  printf("}\n");
  return failed;
}

int main(int argc, char **argv) {
  double seconds = argc == 3 ? strtod(argv[2], NULL) : 0;
  if (seconds > 0 && !strcmp(argv[1], "fma"))
    return measureFma(seconds);
  if (seconds > 0 && !strcmp(argv[1], "memory"))
    return measureMemory(seconds);
  if (seconds > 0 && !strcmp(argv[1], "dot"))
    return measureDot(seconds);
  fprintf(stderr, "usage: ceilings fma|memory|dot SECONDS\n");
  return 1;
}
