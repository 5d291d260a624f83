//===- cuda.c - the host side of a product for NVIDIA's GPUs ----------------------===//
//
// The same for all products: what they launch is a table. It is compiled to LLVM's bitcode when
// sepconv is built, and becomes a part of each product's NAME_cuda.o, whatever processor that is
// for: it has integers and pointers only. There is no state but the caller's; the driver's library
// is opened by its name, so that a program runs where there is none.
//
//===----------------------------------------------------------------------===//

#include "driver.h"
#include "formula.h"

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

/// Whether a file of weights is that of the product.
static int is_own(const struct product *product, const unsigned char *file) {
  const unsigned char *end = file + product->file_bytes - sizeof product->identity;
  for (unsigned i = 0; i < sizeof product->identity; ++i)
    if (end[i] != (unsigned char)(product->identity[i / 8] >> 8 * (i % 8)))
      return 0;
  return 1;
}

int sepconv_cuda_create(const struct product *product, struct model *model, device_pointer weights,
                        size_t weights_bytes, const void *file, size_t file_bytes) {
  if (!model || (product->file_bytes && !file))
    return NULL_POINTER;
  model->library = model->module = NULL;
  model->code = NULL;
  model->weights = model->owns_weights = 0;
  if ((weights && weights_bytes < bytes_of(product, product->buffers + 1, NULL)) ||
      file_bytes < product->file_bytes)
    return TOO_SMALL;
  if (product->file_bytes && !is_own(product, file))
    return WRONG_WEIGHTS;
  int status = open_driver(model);
  if (!status)
    status = choose_code(model, product);
  if (!status)
    status = load(model, weights, file);
  if (status)
    sepconv_cuda_destroy(model);
  return status;
}

static int check_sizes(const struct product *product, const uint64_t *sizes) {
  for (uint64_t i = 0; i < product->sizes; ++i) {
    const struct size *size = &product->size[i];
    if (sizes[i] < size->least || sizes[i] > size->greatest || sizes[i] % size->factor)
      return UNSUPPORTED_SIZE;
  }
  return OK;
}

/// A run of the model: what its launches have in common.
struct run {
  const struct product *product;
  const struct model *model;
  uint64_t images;
  const uint64_t *sizes;
  const device_pointer *buffers;
  void *stream;
};

/// Divisions: the bytes of all images may be more than a size_t holds.
static int check_buffers(const struct run *run, const size_t *bytes) {
  const struct product *product = run->product;
  for (uint64_t i = 0; i <= product->buffers; ++i) {
    uint64_t needed = bytes_of(product, i, run->sizes);
    if (!needed)
      continue;
    if (!run->buffers[i])
      return NULL_POINTER;
    if (bytes[i] / needed < (product->per_image && product->per_image[i] ? run->images : 1))
      return TOO_SMALL;
  }
  return OK;
}

/// Where the images from `first` on have an argument.
static device_pointer address(const struct run *run, struct buffer_offset argument,
                              uint64_t first) {
  return run->buffers[argument.buffer] + argument.offset +
         first * stride(run->product, argument.buffer, run->sizes);
}

/// Images that lie one behind the other in both buffers are copied at once.
static int copy(const struct run *run, const struct launch *launch) {
  struct buffer_offset to = launch->arguments[0], from = launch->arguments[1];
  uint64_t bytes = (uint64_t)evaluate(launch->copied_bytes, run->sizes), images = run->images;
  if (stride(run->product, to.buffer, run->sizes) == bytes &&
      stride(run->product, from.buffer, run->sizes) == bytes)
    bytes *= images, images = 1;
  int status = OK;
  for (uint64_t image = 0; bytes && !status && image < images; ++image)
    status = of_driver(run->model->driver.copy(address(run, to, image), address(run, from, image),
                                               bytes, run->stream));
  return status;
}

/// As many images as blocks[2] and MOST_BLOCKS allow, from `first` on.
static int launch_images(const struct run *run, uint64_t index, const unsigned *blocks,
                         uint64_t first) {
  const struct launch *launch = &run->model->code->table[index];
  const uint64_t *threads = launch->threads;
  // lib/Target/ReadLaunches.cpp refuses kernels with more arguments.
  uint64_t values[2 * SEPCONV_CUDA_ARGUMENTS], count = 0;
  void *arguments[2 * SEPCONV_CUDA_ARGUMENTS];
  for (uint64_t n = 0; n < launch->buffers; ++n)
    values[count++] = address(run, launch->arguments[n], first);
  for (uint64_t n = 0; n < launch->sizes; ++n) {
    uint32_t size = (uint32_t)evaluate(launch->size[n], run->sizes);
    __builtin_memcpy(&values[count++], &size, sizeof size);
  }
  for (uint64_t n = 0; run->product->per_image && n < launch->buffers; ++n)
    values[count++] = stride(run->product, launch->arguments[n].buffer, run->sizes);
  for (uint64_t n = 0; n < count; ++n)
    arguments[n] = &values[n];
  return of_driver(run->model->driver.launch(
      run->model->functions[index], blocks[0], blocks[1], blocks[2], (unsigned)threads[0],
      (unsigned)threads[1], (unsigned)threads[2], 0, run->stream, arguments, NULL));
}

static int launch(const struct run *run, uint64_t index) {
  const struct launch *launch = &run->model->code->table[index];
  enum { MOST_BLOCKS = 65535 }; // in y and z
  if (!launch->kernel)
    return copy(run, launch);
  unsigned blocks[3];
  for (unsigned i = 0; i < 3; ++i) {
    int64_t count = evaluate(launch->blocks[i], run->sizes);
    if (count <= 0)
      return OK;
    blocks[i] = (unsigned)count;
  }
  unsigned of_image = blocks[2];
  uint64_t most = MOST_BLOCKS / of_image;
  int status = OK;
  for (uint64_t first = 0, count; !status && first < run->images; first += count) {
    count = run->images - first < most ? run->images - first : most;
    blocks[2] = (unsigned)(of_image * count);
    status = launch_images(run, index, blocks, first);
  }
  return status;
}

/// `buffers` has room for the weights behind what the caller gives, the last of which is the
/// workspace; `bytes` are those of what the caller gives.
int sepconv_cuda_run(const struct product *product, const struct model *model, uint64_t images,
                     const uint64_t *sizes, device_pointer *buffers, const size_t *bytes,
                     void *stream) {
  if (!model || !model->code)
    return NULL_POINTER;
  int status = check_sizes(product, sizes);
  if (status || !images)
    return status;
  struct run run = {product, model, images, sizes, buffers, stream};
  status = check_buffers(&run, bytes);
  buffers[product->buffers + 1] = model->weights;
  for (uint64_t i = 0; !status && i < model->code->launches; ++i)
    status = launch(&run, i);
  return status;
}

/// In words; of a failure of the driver its own, if the model still knows it.
const char *sepconv_cuda_message(const struct model *model, int status) {
#define MESSAGE(name, message) message,
  static const char *const messages[] = {SEPCONV_CUDA_STATUSES(MESSAGE)};
#undef MESSAGE
  const char *text = NULL;
  if (status >= 0 && status < STATUSES)
    return messages[status];
  if (status > DRIVER && model && model->library &&
      !model->driver.error_string(status - DRIVER, &text) && text)
    return text;
  return status > DRIVER ? "an error of the CUDA driver: the status less 1000 is its CUresult"
                         : "an unknown status";
}
