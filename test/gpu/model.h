/* What test/gpu/pack_cuda.py writes of each model that the runner has. */
#ifndef MODEL_H
#define MODEL_H

#include <stddef.h>
#include <stdint.h>

enum dtype { FLOAT32, FLOAT64, FLOAT16, BFLOAT16 };

/* An input or a weight with its numbers, or an output with those that are expected, which may be of
   a more precise type, at `offset` in the data; NOTHING if any will do. */
#define NOTHING ((size_t)-1)
struct buffer {
  size_t bytes, offset;
  enum dtype dtype, expected;
};

struct model {
  const char *name;
  double tolerance; /* of the largest magnitude that is expected */
  double products;  /* multiplications of a run, if it is measured */
  double bytes;     /* of inputs, weights and outputs */
  size_t model_bytes, workspace_bytes;
  size_t inputs, outputs;
  const struct buffer *buffers; /* the inputs and weights, then the outputs */
  int (*create)(void *);
  int (*run)(const void *, const uint64_t *, uint64_t, void *); /* buffers, workspace, stream */
  int (*destroy)(void *);
  const char *(*message)(const void *, int);
};

extern const size_t model_count;
extern const struct model models[];
extern const char multiply_ptx[];

/* A model that is loaded, and its memory. */
struct loaded {
  const struct model *model;
  void *state;
  uint64_t *addresses, workspace;
};

int run_model(const void *loaded);

#endif
