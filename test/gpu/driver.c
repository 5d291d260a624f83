#include "driver.h"

#include <dlfcn.h>

struct driver driver;
void *stream;
char device_name[256] = "?", problem[512];
int multiprocessors;

static const char *const names[] = {"cuInit",
                                    "cuDeviceGet",
                                    "cuDeviceGetName",
                                    "cuDeviceGetAttribute",
                                    "cuDevicePrimaryCtxRetain",
                                    "cuCtxSetCurrent",
                                    "cuModuleLoadData",
                                    "cuModuleGetFunction",
                                    "cuLaunchKernel",
                                    "cuStreamCreate",
                                    "cuStreamSynchronize",
                                    "cuMemAlloc_v2",
                                    "cuMemFree_v2",
                                    "cuMemcpyHtoD_v2",
                                    "cuMemcpyDtoH_v2",
                                    "cuMemsetD8_v2",
                                    "cuMemcpyDtoDAsync_v2",
                                    "cuStreamBeginCapture_v2",
                                    "cuStreamEndCapture",
                                    "cuGraphInstantiateWithFlags",
                                    "cuGraphLaunch",
                                    "cuGraphDestroy",
                                    "cuGraphExecDestroy",
                                    "cuEventCreate",
                                    "cuEventRecord",
                                    "cuEventSynchronize",
                                    "cuEventElapsedTime"};
_Static_assert(sizeof names == sizeof driver, "a name for each function");

/* Of CUstream_flags and CUdevice_attribute. */
enum { NON_BLOCKING = 1, MULTIPROCESSOR_COUNT = 16 };

int open_gpu(void) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW), *context = NULL;
  int device = 0;
  if (!library)
    return snprintf(problem, sizeof problem, "no CUDA driver: libcuda.so.1 is missing"), 1;
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    if (!(((void **)&driver)[i] = dlsym(library, names[i])))
      return snprintf(problem, sizeof problem, "the CUDA driver has no %s", names[i]), 1;
  TRY(driver.init(0));
  TRY(driver.device(&device, 0));
  TRY(driver.device_name(device_name, sizeof device_name, device));
  TRY(driver.attribute(&multiprocessors, MULTIPROCESSOR_COUNT, device));
  TRY(driver.retain(&context, device));
  TRY(driver.set_context(context));
  TRY(driver.create_stream(&stream, NON_BLOCKING));
  return 0;
}
