/* main.c - classify the held-out handwritten digits on a GPU, all of them in one run, and compare
 * the answers with Keras's.
 *
 * usage: digits DIRECTORY    where images.npy and predictions.npy are
 *
 * The exit code is 1 when an answer differs from Keras's or a call fails. */
#include "../common/npy.h"
#include "digits.h"

#include <cuda.h>

enum { PIXELS = 8 * 8, CLASSES = 10 };

static void checkDriver(CUresult result, const char *call) {
  const char *text = "?";
  if (result == CUDA_SUCCESS)
    return;
  cuGetErrorString(result, &text);
  fprintf(stderr, "%s: %s\n", call, text);
  exit(1);
}
#define CHECK(call) checkDriver(call, #call)

static void checkModel(const digits_cuda *model, digits_cuda_status status, const char *what) {
  if (status == DIGITS_CUDA_OK)
    return;
  fprintf(stderr, "%s: %s\n", what, digits_cuda_message(model, status));
  exit(1);
}

static CUdeviceptr allocate(size_t bytes) {
  CUdeviceptr address = 0;
  if (bytes > 0)
    CHECK(cuMemAlloc(&address, bytes));
  return address;
}

/* The first GPU's context, as programs on the CUDA runtime use it too. */
static void openGpu(void) {
  CUdevice device;
  CUcontext context;
  CHECK(cuInit(0));
  CHECK(cuDeviceGet(&device, 0));
  CHECK(cuDevicePrimaryCtxRetain(&context, device));
  CHECK(cuCtxSetCurrent(context));
}

static void classify(const float *images, size_t count, float *answers) {
  digits_cuda model;
  CUstream stream;
  size_t imageBytes = count * DIGITS_INPUT_BYTES, answerBytes = count * DIGITS_OUTPUT_BYTES;
  size_t workspaceBytes = count * DIGITS_CUDA_WORKSPACE_BYTES;
  openGpu();
  CHECK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
  checkModel(NULL, digits_cuda_create(&model, 0, 0), "digits_cuda_create");
  CUdeviceptr input = allocate(imageBytes), output = allocate(answerBytes);
  CUdeviceptr workspace = allocate(workspaceBytes);
  CHECK(cuMemcpyHtoD(input, images, imageBytes));
  checkModel(&model,
             digits_cuda_run(&model, count, input, imageBytes, output, answerBytes, workspace,
                             workspaceBytes, stream),
             "digits_cuda_run");
  CHECK(cuStreamSynchronize(stream));
  CHECK(cuMemcpyDtoH(answers, output, answerBytes));
  checkModel(NULL, digits_cuda_destroy(&model), "digits_cuda_destroy");
  CHECK(cuMemFree(input));
  CHECK(cuMemFree(output));
  if (workspace)
    CHECK(cuMemFree(workspace));
  CHECK(cuStreamDestroy(stream));
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  size_t pixels, count, same = 0;
  unsigned char *bytes = readNpy(argv[1], "images.npy", "|u1", &pixels);
  unsigned char *predictions = readNpy(argv[1], "predictions.npy", "|u1", &count);
  expectBytes("images.npy", pixels, count * PIXELS);
  float *images = malloc(pixels * sizeof *images);
  float *answers = malloc(count * CLASSES * sizeof *answers);
  if (!images || !answers)
    return fprintf(stderr, "out of memory\n"), 1;
  for (size_t i = 0; i < pixels; ++i)
    images[i] = bytes[i];
  classify(images, count, answers);
  for (size_t i = 0; i < count; ++i) {
    const float *answer = answers + i * CLASSES;
    int best = 0;
    for (int digit = 1; digit < CLASSES; ++digit)
      if (answer[digit] > answer[best])
        best = digit;
    same += best == predictions[i];
  }
  printf("%zu of %zu answers equal Keras's\n", same, count);
  free(images), free(answers), free(bytes), free(predictions);
  return same != count;
}
