/* Runs a product of a dynamic batch on the stand-in driver. */
#include "net.h"
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                                                           \
  if (!(condition)) {                                                                              \
    printf("line %d: not %s\n", __LINE__, #condition);                                             \
    return 1;                                                                                      \
  }

enum { MOST = 70000 };

int main(void) {
  net_cuda model;
  CHECK(net_cuda_create(&model, 0, 0) == NET_CUDA_OK)
  void *driver = dlopen("libcuda.so.1", RTLD_NOW);
  int (*allocate)(uint64_t *, size_t) = (int (*)(uint64_t *, size_t))dlsym(driver, "cuMemAlloc_v2");
  int (*release)(uint64_t) = (int (*)(uint64_t))dlsym(driver, "cuMemFree_v2");
  int *launches = dlsym(driver, "standin_launches"), *live = dlsym(driver, "standin_live");
  const size_t bytes[] = {NET_INPUT_BYTES, NET_Y_BYTES, NET_SAME_BYTES, NET_NUMBERS_BYTES,
                          NET_CUDA_WORKSPACE_BYTES};
  uint64_t buffers[5];
  for (int i = 0; i < 5; ++i)
    allocate(&buffers[i], bytes[i] * MOST);
  void *stream = (void *)0x1234;
#define RUN(model, batch, room)                                                                    \
  net_cuda_run(model, batch, buffers[0], bytes[0] * (room), buffers[1], bytes[1] * (room),         \
               buffers[2], bytes[2] * (room), buffers[3], bytes[3] * (room), buffers[4],           \
               bytes[4] * (room), stream)

  float *x = (float *)buffers[0], *same = (float *)buffers[2], *numbers = (float *)buffers[3];
  for (int i = 0; i < 3 * 105; ++i)
    x[i] = (float)i;
  puts("3 images");
  CHECK(RUN(&model, 3, 3) == NET_CUDA_OK)
  CHECK(!memcmp(x, same, 3 * sizeof(float) * 105))
  for (int i = 0; i < 12; ++i)
    CHECK(numbers[i] == (float)(i % 4 + 1))
  *launches = 0;
  CHECK(RUN(&model, 4, 3) == NET_CUDA_ERROR_TOO_SMALL)
  CHECK(RUN(&model, SIZE_MAX, 3) == NET_CUDA_ERROR_TOO_SMALL)
  CHECK(RUN(NULL, 3, 3) == NET_CUDA_ERROR_NULL_POINTER)
  CHECK(*launches == 0)
  puts("70000 images");
  CHECK(RUN(&model, MOST, MOST) == NET_CUDA_OK)
  puts("no images");
  CHECK(RUN(&model, 0, 0) == NET_CUDA_OK)
  CHECK(net_cuda_run(&model, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, stream) == NET_CUDA_OK)
  for (int i = 0; i < 5; ++i)
    release(buffers[i]);
  CHECK(net_cuda_destroy(&model) == NET_CUDA_OK)
  CHECK(*live == 0)
  puts("all is well");
  return 0;
}
