/* Times of what is launched in a stream. */
#ifndef MEASURE_H
#define MEASURE_H

struct times {
  double fast, median; /* the 5th percentile and the median, in microseconds */
};

/* What the GPU does at most, measured. */
struct ceilings {
  double bytes_per_us, products_per_us;
};

/* Measures what `once` launches, in a CUDA graph that repeats it. */
int measure(int (*once)(const void *), const void *what, struct times *times);
int measure_ceilings(struct ceilings *ceilings);

#endif
