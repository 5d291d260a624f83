/* Runs a product whose outputs are copies on the stand-in driver, whose memory is the host's. */
#include "net.h"
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  net_cuda model;
  void *driver = dlopen("libcuda.so.1", RTLD_NOW);
  int (*allocate)(uint64_t *, size_t) = (int (*)(uint64_t *, size_t))dlsym(driver, "cuMemAlloc_v2");
  int (*release)(uint64_t) = (int (*)(uint64_t))dlsym(driver, "cuMemFree_v2");
  if (!driver || net_cuda_create(&model, 0, 0))
    return 1;
  size_t bytes[] = {NET_INPUT_BYTES, NET_SAME_BYTES, NET_Y_BYTES, NET_AGAIN_BYTES,
                    NET_NUMBERS_BYTES};
  uint64_t memory[5];
  for (int i = 0; i < 5; ++i) {
    allocate(&memory[i], bytes[i]);
    memset((void *)memory[i], i, bytes[i]);
  }
  int status = net_cuda_run(&model, memory[0], bytes[0], memory[1], bytes[1], memory[2], bytes[2],
                            memory[3], bytes[3], memory[4], bytes[4], 0, 0, (void *)0x1234);
  if (status)
    return printf("%s\n", net_cuda_message(&model, status)), 1;
  printf("same: %s\n",
         memcmp((void *)memory[0], (void *)memory[1], bytes[0]) ? "wrong" : "as it should be");
  const float *numbers = (const float *)memory[4];
  printf("numbers: %s\n", numbers[0] == 1 && numbers[3] == 4 ? "as they should be" : "wrong");
  for (int i = 0; i < 5; ++i)
    release(memory[i]);
  return net_cuda_destroy(&model);
}
