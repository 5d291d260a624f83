//===- driver.h - the CUDA driver, and a model that it runs -------------===//
#pragma once

#include "agreement.h"

#include <stddef.h>
#include <stdint.h>

extern void *dlopen(const char *file, int mode);
extern void *dlsym(void *library, const char *name);
extern int dlclose(void *library);
enum { NOW = 2 }; // RTLD_NOW of glibc, musl and bionic on 64-bit processors

typedef uint64_t device_pointer;
typedef int result; // CUresult
enum { COMPUTE_CAPABILITY_MAJOR = 75, COMPUTE_CAPABILITY_MINOR = 76 };

struct driver {
  result (*init)(unsigned);
  result (*get_context)(void **);
  result (*get_device)(int *);
  result (*get_attribute)(int *, int, int);
  result (*load_module)(void **, const void *);
  result (*unload_module)(void *);
  result (*get_function)(void **, void *, const char *);
  result (*allocate)(device_pointer *, size_t);
  result (*free)(device_pointer);
  result (*upload)(device_pointer, const void *, size_t);
  result (*copy)(device_pointer, device_pointer, size_t, void *);
  result (*launch)(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                   void *, void **, void **);
  result (*error_string)(result, const char **);
};

static const char *const names[] = {
    "cuInit",           "cuCtxGetCurrent", "cuCtxGetDevice",       "cuDeviceGetAttribute",
    "cuModuleLoadData", "cuModuleUnload",  "cuModuleGetFunction",  "cuMemAlloc_v2",
    "cuMemFree_v2",     "cuMemcpyHtoD_v2", "cuMemcpyDtoDAsync_v2", "cuLaunchKernel",
    "cuGetErrorString",
};
enum { FUNCTIONS = sizeof names / sizeof *names };

#define ENUMERATOR(name, message) name,
enum { SEPCONV_CUDA_STATUSES(ENUMERATOR) STATUSES, DRIVER = SEPCONV_CUDA_DRIVER_STATUS };
#undef ENUMERATOR

/// What NAME_cuda is, whose size the header says: as many functions as the longest table has.
struct model {
  void *library;
  union {
    struct driver driver;
    void *pointers[FUNCTIONS];
  };
  void *module;
  const struct code *code;
  device_pointer weights;
  uint64_t owns_weights;
  void *functions[];
};

_Static_assert(offsetof(struct model, functions) == SEPCONV_CUDA_MODEL_WORDS * sizeof(void *),
               "the header says how large a model is");

static int open_driver(struct model *model) {
  model->library = dlopen("libcuda.so.1", NOW);
  if (!model->library)
    return NO_DRIVER;
  for (unsigned i = 0; i < FUNCTIONS; ++i)
    if (!(model->pointers[i] = dlsym(model->library, names[i])))
      return NO_DRIVER;
  return OK;
}

static int of_driver(result error) { return error ? DRIVER + error : OK; }
