//===- cuda.c - the host side of a product for NVIDIA's GPUs ----------------------===//
//
// The same for all products: what they launch is a table. It is compiled to LLVM's bitcode when
// sepconv is built, and becomes a part of each product's NAME_cuda.o, whatever processor that is
// for: it has integers and pointers only. There is no state but the caller's; the driver's library
// is opened by its name, so that a program runs where there is none.
//
//===----------------------------------------------------------------------===//

#include <stddef.h>
#include <stdint.h>

//===----------------------------------------------------------------------===//
// The table: lib/Target/CudaObject.cpp writes it
//===----------------------------------------------------------------------===//

/// An argument of a kernel: a place in a buffer. Buffers are those of NAME_cuda_run in their order,
/// then the workspace, then the weights.
struct place {
  uint64_t buffer, offset;
};

/// Without a kernel it copies from the second place to the first one.
struct launch {
  const char *kernel;
  uint32_t blocks[3], threads[3];
  uint64_t copied_bytes;
  uint64_t arguments;
  const struct place *places;
};

/// What there is for one chip.
struct code {
  const char *ptx;     // empty if all launches are copies
  const void *weights; // NULL if they are in a file
  uint64_t weights_offset;
  uint64_t weights_bytes;
  uint64_t capability; // 10 * major + minor
  uint64_t exact;      // whether it runs on this capability only
  uint64_t launches;
  const struct launch *table;
};

struct product {
  uint64_t codes;
  const struct code *code; // the best first
  uint64_t buffers;        // without workspace and weights
  const uint64_t *bytes;   // of the buffers, then of the workspace and the weights
  // Of a dynamic batch: from an image to the next one in each of them, 0 if all have the same; the
  // bytes above are those of an image, and kernels take the strides behind the addresses.
  const uint64_t *strides;
  uint64_t file_bytes; // of the weights' file, if there is one
};

//===----------------------------------------------------------------------===//
// The driver
//===----------------------------------------------------------------------===//

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

/// The statuses of lib/Target/CudaHeader.cpp; a result of the driver has DRIVER added to it.
enum {
  OK,
  NULL_POINTER,
  TOO_SMALL,
  NO_DRIVER,
  NO_DEVICE,
  NO_CONTEXT,
  UNSUPPORTED_DEVICE,
  DRIVER = 1000
};

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

_Static_assert(offsetof(struct model, functions) == 18 * sizeof(void *),
               "lib/Target/CudaHeader.cpp says how large a model is");

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

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

static int choose_code(struct model *model, const struct product *product) {
  const struct driver *driver = &model->driver;
  void *context = NULL;
  int device = 0, major = 0, minor = 0, status;
  if (driver->init(0))
    return NO_DEVICE;
  if ((status = of_driver(driver->get_context(&context))))
    return status;
  if (!context)
    return NO_CONTEXT;
  if ((status = of_driver(driver->get_device(&device))) ||
      (status = of_driver(driver->get_attribute(&major, COMPUTE_CAPABILITY_MAJOR, device))) ||
      (status = of_driver(driver->get_attribute(&minor, COMPUTE_CAPABILITY_MINOR, device))))
    return status;
  uint64_t capability = 10 * (uint64_t)major + (uint64_t)minor;
  for (uint64_t i = 0; i < product->codes; ++i) {
    const struct code *code = &product->code[i];
    if (code->exact ? code->capability == capability : code->capability <= capability) {
      model->code = code;
      return OK;
    }
  }
  return UNSUPPORTED_DEVICE;
}

static int load(struct model *model, device_pointer weights, const char *file) {
  const struct driver *driver = &model->driver;
  const struct code *code = model->code;
  int status = OK;
  if (*code->ptx)
    status = of_driver(driver->load_module(&model->module, code->ptx));
  for (uint64_t i = 0; !status && i < code->launches; ++i)
    if (code->table[i].kernel)
      status = of_driver(
          driver->get_function(&model->functions[i], model->module, code->table[i].kernel));
  if (status || !code->weights_bytes)
    return status;
  model->weights = weights;
  if (!weights) {
    if ((status = of_driver(driver->allocate(&model->weights, code->weights_bytes))))
      return status;
    model->owns_weights = 1;
  }
  const void *contents = code->weights ? code->weights : file + code->weights_offset;
  return of_driver(driver->upload(model->weights, contents, code->weights_bytes));
}

int sepconv_cuda_destroy(struct model *model) {
  if (!model)
    return NULL_POINTER;
  int status = OK, other;
  if (model->owns_weights)
    status = of_driver(model->driver.free(model->weights));
  if (model->module && (other = of_driver(model->driver.unload_module(model->module))) && !status)
    status = other;
  if (model->library)
    dlclose(model->library);
  model->owns_weights = 0;
  model->library = model->module = NULL;
  model->code = NULL;
  return status;
}

int sepconv_cuda_create(const struct product *product, struct model *model, device_pointer weights,
                        size_t weights_bytes, const void *file, size_t file_bytes) {
  if (!model || (product->file_bytes && !file))
    return NULL_POINTER;
  model->library = model->module = NULL;
  model->code = NULL;
  model->weights = model->owns_weights = 0;
  if ((weights && weights_bytes < product->bytes[product->buffers + 1]) ||
      file_bytes < product->file_bytes)
    return TOO_SMALL;
  int status = open_driver(model);
  if (!status)
    status = choose_code(model, product);
  if (!status)
    status = load(model, weights, file);
  if (status)
    sepconv_cuda_destroy(model);
  return status;
}

/// Divisions: the bytes of all images may be more than a size_t holds.
static int check(const struct product *product, uint64_t images, const device_pointer *buffers,
                 const size_t *bytes) {
  for (uint64_t i = 0; i <= product->buffers; ++i)
    if (product->bytes[i]) {
      if (!buffers[i])
        return NULL_POINTER;
      uint64_t needed = product->strides && product->strides[i] ? images : 1;
      if (bytes[i] / product->bytes[i] < needed)
        return TOO_SMALL;
    }
  return OK;
}

/// Where the images from `first` on have an argument.
static device_pointer address(const struct product *product, const device_pointer *buffers,
                              struct place place, uint64_t first) {
  uint64_t stride = product->strides ? product->strides[place.buffer] : 0;
  return buffers[place.buffer] + place.offset + first * stride;
}

/// Images that lie one behind the other in both places are copied at once.
static int copy(const struct product *product, const struct model *model,
                const struct launch *launch, const device_pointer *buffers, uint64_t images,
                void *stream) {
  struct place to = launch->places[0], from = launch->places[1];
  uint64_t bytes = launch->copied_bytes;
  if (product->strides && product->strides[to.buffer] == bytes &&
      product->strides[from.buffer] == bytes)
    bytes *= images, images = 1;
  int status = OK;
  for (uint64_t image = 0; !status && image < images; ++image)
    status = of_driver(model->driver.copy(address(product, buffers, to, image),
                                          address(product, buffers, from, image), bytes, stream));
  return status;
}

static int launch(const struct product *product, const struct model *model, uint64_t index,
                  const device_pointer *buffers, uint64_t images, void *stream) {
  const struct launch *launch = &model->code->table[index];
  enum { MOST_BLOCKS = 65535 }; // in y and z
  if (!launch->kernel)
    return copy(product, model, launch, buffers, images, stream);
  uint64_t most = MOST_BLOCKS / launch->blocks[2];
  int status = OK;
  for (uint64_t first = 0, count; !status && first < images; first += count) {
    count = images - first < most ? images - first : most;
    // lib/Target/ReadLaunches.cpp refuses kernels with more buffers.
    uint64_t values[2 * 64];
    void *arguments[2 * 64];
    for (uint64_t n = 0; n < launch->arguments; ++n) {
      values[n] = address(product, buffers, launch->places[n], first);
      if (product->strides)
        values[launch->arguments + n] = product->strides[launch->places[n].buffer];
    }
    for (uint64_t n = 0; n < 2 * launch->arguments; ++n)
      arguments[n] = &values[n];
    const uint32_t *blocks = launch->blocks, *threads = launch->threads;
    status = of_driver(model->driver.launch(model->functions[index], blocks[0], blocks[1],
                                            (unsigned)(blocks[2] * count), threads[0], threads[1],
                                            threads[2], 0, stream, arguments, NULL));
  }
  return status;
}

/// `buffers` has room for the weights behind what the caller gives, the last of which is the
/// workspace; `bytes` are those of what the caller gives.
int sepconv_cuda_run(const struct product *product, const struct model *model, uint64_t images,
                     device_pointer *buffers, const size_t *bytes, void *stream) {
  if (!model || !model->code)
    return NULL_POINTER;
  if (!images)
    return OK;
  int status = check(product, images, buffers, bytes);
  buffers[product->buffers + 1] = model->weights;
  for (uint64_t i = 0; !status && i < model->code->launches; ++i)
    status = launch(product, model, i, buffers, images, stream);
  return status;
}

/// In words; of a failure of the driver its own, if the model still knows it.
const char *sepconv_cuda_message(const struct model *model, int status) {
  static const char *const messages[] = {
      "no error",
      "a pointer is null, or the model was not created",
      "a buffer is too small",
      "no CUDA driver: libcuda.so.1 is missing, or too old",
      "no GPU that the CUDA driver can use",
      "no CUDA context is current in this thread",
      "no code for this GPU",
  };
  const char *text = NULL;
  if (status >= 0 && status <= UNSUPPORTED_DEVICE)
    return messages[status];
  if (status > DRIVER && model && model->library &&
      !model->driver.error_string(status - DRIVER, &text) && text)
    return text;
  return status > DRIVER ? "an error of the CUDA driver: the status less 1000 is its CUresult"
                         : "an unknown status";
}
