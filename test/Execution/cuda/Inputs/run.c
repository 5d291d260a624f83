/* Calls the functions for a GPU of a product, and looks at what the stand-in driver has counted. */
#include "digits.h"
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                                                           \
  if (!(condition)) {                                                                              \
    printf("line %d: not %s\n", __LINE__, #condition);                                             \
    return 1;                                                                                      \
  }

int main(int argc, char **argv) {
  digits_cuda model;
  memset(&model, 0x5A, sizeof model);
  digits_cuda_status status = digits_cuda_create(&model, 0, 0);
  printf("create: %d, %s\n", status, digits_cuda_message(&model, status));
  if (status != DIGITS_CUDA_OK)
    return argc > 1 && !strcmp(argv[1], "fails") ? 0 : 1;

  void *driver = dlopen("libcuda.so.1", RTLD_NOW);
  int *launches = dlsym(driver, "standin_launches"), *others = dlsym(driver, "standin_others");
  int *live = dlsym(driver, "standin_live"), *capturing = dlsym(driver, "standin_capturing");
  int (*allocate)(uint64_t *, size_t) = (int (*)(uint64_t *, size_t))dlsym(driver, "cuMemAlloc_v2");
  int (*release)(uint64_t) = (int (*)(uint64_t))dlsym(driver, "cuMemFree_v2");
  uint64_t input, output, workspace, weights;
  allocate(&input, DIGITS_INPUT_BYTES);
  allocate(&output, DIGITS_OUTPUT_BYTES);
  allocate(&workspace, DIGITS_CUDA_WORKSPACE_BYTES);
  allocate(&weights, DIGITS_CUDA_WEIGHTS_BYTES);
  void *stream = (void *)0x1234;
#define RUN(model, input, bytes, workspace)                                                        \
  digits_cuda_run(model, input, bytes, output, DIGITS_OUTPUT_BYTES, workspace,                     \
                  DIGITS_CUDA_WORKSPACE_BYTES, stream)

  /* Each run is the same launches and nothing else, which a stream that is captured allows. */
  *launches = *others = 0;
  puts("first");
  CHECK(RUN(&model, input, DIGITS_INPUT_BYTES, workspace) == DIGITS_CUDA_OK)
  int count = *launches;
  CHECK(count > 0 && *others == 0)
  puts("others");
  *capturing = 1;
  for (int i = 0; i < 99; ++i)
    CHECK(RUN(&model, input, DIGITS_INPUT_BYTES, workspace) == DIGITS_CUDA_OK)
  *capturing = 0;
  CHECK(*launches == 100 * count && *others == 0)

  /* What is wrong is said before anything is launched. */
  CHECK(RUN(NULL, input, DIGITS_INPUT_BYTES, workspace) == DIGITS_CUDA_ERROR_NULL_POINTER)
  CHECK(RUN(&model, 0, DIGITS_INPUT_BYTES, workspace) == DIGITS_CUDA_ERROR_NULL_POINTER)
  CHECK(RUN(&model, input, DIGITS_INPUT_BYTES - 1, workspace) == DIGITS_CUDA_ERROR_TOO_SMALL)
  CHECK(*launches == 100 * count)
  status = RUN(&model, 64, DIGITS_INPUT_BYTES, workspace);
  CHECK(status == DIGITS_CUDA_ERROR_DRIVER + 700)
  CHECK(!strcmp(digits_cuda_message(&model, status), "an illegal memory access was encountered"))
  CHECK(!strcmp(digits_cuda_message(NULL, DIGITS_CUDA_ERROR_TOO_SMALL), "a buffer is too small"))

  /* Two models at a time, one with the caller's memory for the weights. */
  CHECK(digits_cuda_create(NULL, 0, 0) == DIGITS_CUDA_ERROR_NULL_POINTER)
  CHECK(digits_cuda_destroy(&model) == DIGITS_CUDA_OK)
  CHECK(RUN(&model, input, DIGITS_INPUT_BYTES, workspace) == DIGITS_CUDA_ERROR_NULL_POINTER)
  CHECK(*live == 4)
  CHECK(digits_cuda_create(&model, weights, DIGITS_CUDA_WEIGHTS_BYTES - 1) ==
        DIGITS_CUDA_ERROR_TOO_SMALL)
  CHECK(digits_cuda_create(&model, weights, DIGITS_CUDA_WEIGHTS_BYTES) == DIGITS_CUDA_OK)
  CHECK(*live == 4)
  CHECK(RUN(&model, input, DIGITS_INPUT_BYTES, workspace) == DIGITS_CUDA_OK)
  CHECK(digits_cuda_destroy(&model) == DIGITS_CUDA_OK)
  release(input), release(output), release(workspace), release(weights);
  CHECK(*live == 0)
  dlclose(driver);
  puts("all is well");
  return 0;
}
