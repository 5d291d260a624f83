/* A CUDA driver that runs nothing: it checks what it is given, counts, and writes each call to
   standard output. CAPABILITY is that of its GPU (default 90); FAIL=NAME=RESULT makes a function
   fail; NO_CONTEXT leaves none. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int CUresult;
enum {
  INVALID_VALUE = 1,
  NOT_FOUND = 500,
  ILLEGAL_ADDRESS = 700,
  CAPTURE_UNSUPPORTED = 900,
  MOST = 64
};

/* For the test: what was done since the last reset, and whether the stream is being captured. */
int standin_launches, standin_allocations, standin_others, standin_live, standin_capturing;
static char *text; /* of the module that was loaded */
static struct {
  char *address;
  size_t bytes;
} memory[MOST];
static struct function {
  char name[100];
  int addresses, sizes, strides; /* parameters, in this order */
} functions[MOST];
static int function_count;

static CUresult begin(const char *name, int is_launch) {
  const char *fail = getenv("FAIL");
  size_t length = strlen(name);
  *(is_launch ? &standin_launches : &standin_others) += 1;
  if (standin_capturing && !is_launch)
    return CAPTURE_UNSUPPORTED;
  if (fail && !strncmp(fail, name, length) && fail[length] == '=')
    return atoi(fail + length + 1);
  return 0;
}
#define BEGIN(is_launch)                                                                           \
  CUresult failure = begin(__func__, is_launch);                                                   \
  if (failure) {                                                                                   \
    printf("%s fails with %d\n", __func__, failure);                                               \
    return failure;                                                                                \
  }

static int is_inside(uint64_t address, size_t bytes) {
  for (int i = 0; i < MOST; ++i)
    if (memory[i].address && address >= (uint64_t)memory[i].address &&
        address + bytes <= (uint64_t)memory[i].address + memory[i].bytes)
      return 1;
  return 0;
}

CUresult cuInit(unsigned flags) {
  BEGIN(0)
  return flags ? INVALID_VALUE : 0;
}
CUresult cuCtxGetCurrent(void **context) {
  BEGIN(0)
  *context = getenv("NO_CONTEXT") ? NULL : &memory;
  return 0;
}
CUresult cuCtxGetDevice(int *device) {
  BEGIN(0)
  *device = 3;
  return 0;
}
CUresult cuDeviceGet(int *device, int ordinal) {
  BEGIN(0)
  *device = 3;
  return ordinal ? INVALID_VALUE : 0;
}
CUresult cuDevicePrimaryCtxRetain(void **context, int device) {
  BEGIN(0)
  *context = &memory;
  return device == 3 ? 0 : INVALID_VALUE;
}
CUresult cuDevicePrimaryCtxRelease_v2(int device) {
  BEGIN(0)
  if (standin_live)
    printf("%d buffers are left\n", standin_live);
  return device == 3 ? 0 : INVALID_VALUE;
}
CUresult cuCtxSetCurrent(void *context) {
  BEGIN(0)
  return context == &memory ? 0 : INVALID_VALUE;
}
CUresult cuStreamCreate(void **stream, unsigned flags) {
  BEGIN(0)
  *stream = (void *)0x5678;
  return flags > 1 ? INVALID_VALUE : 0;
}
CUresult cuStreamDestroy_v2(void *stream) {
  BEGIN(0)
  return stream == (void *)0x5678 ? 0 : INVALID_VALUE;
}
CUresult cuStreamSynchronize(void *stream) {
  BEGIN(0)
  return stream == (void *)0x5678 ? 0 : INVALID_VALUE;
}
CUresult cuDeviceGetName(char *name, int bytes, int device) {
  BEGIN(0)
  snprintf(name, (size_t)bytes, "stand-in");
  return device == 3 ? 0 : INVALID_VALUE;
}
CUresult cuDeviceGetAttribute(int *value, int attribute, int device) {
  BEGIN(0)
  const char *capability = getenv("CAPABILITY");
  int number = capability ? atoi(capability) : 90;
  if (attribute == 16) /* MULTIPROCESSOR_COUNT */
    return *value = 2, 0;
  if (device != 3 || (attribute != 75 && attribute != 76))
    return INVALID_VALUE;
  *value = attribute == 75 ? number / 10 : number % 10;
  return 0;
}
CUresult cuModuleLoadData(void **module, const void *image) {
  BEGIN(0)
  const char *target = strstr(image, ".target ");
  if (!target)
    return INVALID_VALUE;
  printf("load %.*s\n", (int)strcspn(target + 8, "\n,"), target + 8);
  text = strdup(image);
  *module = text;
  return 0;
}
CUresult cuModuleUnload(void *module) {
  BEGIN(0)
  if (module != text)
    return INVALID_VALUE;
  free(text);
  text = NULL;
  function_count = 0;
  return 0;
}
CUresult cuModuleGetFunction(void **function, void *module, const char *name) {
  BEGIN(0)
  struct function *found = &functions[function_count++];
  found->addresses = found->sizes = found->strides = 0;
  snprintf(found->name, sizeof found->name, ".entry %s(", name);
  const char *entry = module == text ? strstr(text, found->name) : NULL;
  if (!entry)
    return NOT_FOUND;
  const char *end = strchr(entry, ')');
  for (const char *at = entry; (at = strstr(at, ".param .u")) && at < end; ++at)
    ++*(!strncmp(at, ".param .u32", 11)       ? &found->sizes
        : strncmp(at, ".param .u64 .ptr", 16) ? &found->strides
                                              : &found->addresses);
  *function = found;
  return 0;
}
CUresult cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  BEGIN(0)
  int i = 0;
  while (memory[i].address)
    ++i;
  memory[i].address = aligned_alloc(256, (bytes + 255) / 256 * 256);
  memory[i].bytes = bytes;
  ++standin_allocations;
  ++standin_live;
  *address = (uint64_t)memory[i].address;
  return 0;
}
CUresult cuMemFree_v2(uint64_t address) {
  BEGIN(0)
  for (int i = 0; i < MOST; ++i)
    if (address && address == (uint64_t)memory[i].address) {
      free(memory[i].address);
      memory[i].address = NULL;
      --standin_live;
      return 0;
    }
  return INVALID_VALUE;
}
CUresult cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) {
  BEGIN(0)
  printf("upload %zu bytes\n", bytes);
  if (!is_inside(to, bytes))
    return ILLEGAL_ADDRESS;
  memcpy((void *)to, from, bytes);
  return 0;
}
CUresult cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) {
  BEGIN(0)
  if (!is_inside(from, bytes))
    return ILLEGAL_ADDRESS;
  memcpy(to, (void *)from, bytes);
  return 0;
}
CUresult cuMemsetD8_v2(uint64_t to, unsigned char value, size_t bytes) {
  BEGIN(0)
  if (!is_inside(to, bytes))
    return ILLEGAL_ADDRESS;
  memset((void *)to, value, bytes);
  return 0;
}
CUresult cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *stream) {
  BEGIN(1)
  printf("copy %zu bytes, stream %p\n", bytes, stream);
  if (!is_inside(to, bytes) || !is_inside(from, bytes))
    return ILLEGAL_ADDRESS;
  memcpy((void *)to, (void *)from, bytes);
  return 0;
}
CUresult cuLaunchKernel(void *function, unsigned bx, unsigned by, unsigned bz, unsigned tx,
                        unsigned ty, unsigned tz, unsigned shared, void *stream, void **parameters,
                        void **extra) {
  BEGIN(1)
  struct function *known = function;
  if (known < functions || known >= functions + function_count || extra || shared || !parameters)
    return INVALID_VALUE;
  if (!bx || !by || !bz || by > 65535 || bz > 65535 || !tx || !ty || !tz || tx * ty * tz > 1024 ||
      tz > 64)
    return INVALID_VALUE;
  if (known->strides && known->strides != known->addresses)
    return INVALID_VALUE;
  for (int i = 0; i < known->addresses; ++i)
    if (!is_inside(*(uint64_t *)parameters[i], 1) ||
        (!known->strides && *(uint64_t *)parameters[i] % 64))
      return ILLEGAL_ADDRESS;
  printf("launch %.*s [%u %u %u] x [%u %u %u], %d arguments, stream %p",
         (int)strlen(known->name) - 8, known->name + 7, bx, by, bz, tx, ty, tz, known->addresses,
         stream);
  for (int i = 0; i < known->sizes; ++i)
    printf(i ? " %d" : ", sizes %d", *(int *)parameters[known->addresses + i]);
  for (int i = 0; i < known->strides; ++i)
    printf(i ? " %d" : ", strides %d",
           (int)*(uint64_t *)parameters[known->addresses + known->sizes + i]);
  puts("");
  return 0;
}
/* Graphs and events: what is captured has been done when it was; a millisecond passes between two
 * events. */
CUresult cuStreamBeginCapture_v2(void *stream, int mode) {
  BEGIN(0)
  standin_capturing = 1;
  return stream != (void *)0x5678 || mode > 2 ? INVALID_VALUE : 0;
}
CUresult cuStreamEndCapture(void *stream, void **graph) {
  standin_capturing = 0;
  BEGIN(0)
  *graph = &standin_capturing;
  return stream == (void *)0x5678 ? 0 : INVALID_VALUE;
}
CUresult cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long flags) {
  BEGIN(0)
  *executable = &standin_launches;
  return graph != &standin_capturing || flags ? INVALID_VALUE : 0;
}
CUresult cuGraphLaunch(void *executable, void *stream) {
  BEGIN(0)
  return executable == &standin_launches && stream == (void *)0x5678 ? 0 : INVALID_VALUE;
}
CUresult cuGraphDestroy(void *graph) {
  BEGIN(0)
  return graph == &standin_capturing ? 0 : INVALID_VALUE;
}
CUresult cuGraphExecDestroy(void *executable) {
  BEGIN(0)
  return executable == &standin_launches ? 0 : INVALID_VALUE;
}
CUresult cuEventCreate(void **event, unsigned flags) {
  BEGIN(0)
  *event = &standin_others;
  return flags ? INVALID_VALUE : 0;
}
CUresult cuEventRecord(void *event, void *stream) {
  BEGIN(0)
  return event == &standin_others && stream == (void *)0x5678 ? 0 : INVALID_VALUE;
}
CUresult cuEventSynchronize(void *event) {
  BEGIN(0)
  return event == &standin_others ? 0 : INVALID_VALUE;
}
CUresult cuEventElapsedTime(float *ms, void *start, void *end) {
  BEGIN(0)
  *ms = 1;
  return start == end && start == &standin_others ? 0 : INVALID_VALUE;
}
CUresult cuGetErrorString(CUresult error, const char **message) {
  BEGIN(0)
  *message = error == ILLEGAL_ADDRESS ? "an illegal memory access was encountered" : "some error";
  return 0;
}
