//===- CudaRun.cpp - a product's part for GPUs, on the first GPU ------------------===//

#include "CudaRun.h"

#include "llvm/Support/JSON.h"

#include <dlfcn.h>

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// What is used of libcuda.so.1, by the types that the CUDA driver API gives it.
struct CudaRun::Driver {
  ~Driver() {
    if (library)
      dlclose(library);
  }
  template <typename Function> bool find(Function *&function, const char *name) {
    return (function = reinterpret_cast<Function *>(dlsym(library, name)));
  }
  bool findAll() {
    return find(init, "cuInit") && find(getDevice, "cuDeviceGet") &&
           find(retainContext, "cuDevicePrimaryCtxRetain") &&
           find(releaseContext, "cuDevicePrimaryCtxRelease_v2") &&
           find(setContext, "cuCtxSetCurrent") && find(createStream, "cuStreamCreate") &&
           find(destroyStream, "cuStreamDestroy_v2") && find(wait, "cuStreamSynchronize") &&
           find(allocate, "cuMemAlloc_v2") && find(release, "cuMemFree_v2") &&
           find(upload, "cuMemcpyHtoD_v2") && find(download, "cuMemcpyDtoH_v2") &&
           find(errorString, "cuGetErrorString");
  }

  void *library = nullptr;
  int (*init)(unsigned);
  int (*getDevice)(int *, int);
  int (*retainContext)(void **, int);
  int (*releaseContext)(int);
  int (*setContext)(void *);
  int (*createStream)(void **, unsigned);
  int (*destroyStream)(void *);
  int (*wait)(void *);
  int (*allocate)(uint64_t *, size_t);
  int (*release)(uint64_t);
  int (*upload)(uint64_t, const void *, size_t);
  int (*download)(void *, uint64_t, size_t);
  int (*errorString)(int, const char **);
};

CudaRun::CudaRun(const Library &library) : library(library), driver(std::make_unique<Driver>()) {}

CudaRun::~CudaRun() {
  if (hasModel)
    reinterpret_cast<int (*)(void *)>(library.lookup("cuda_destroy"))(model.data());
  for (uint64_t address : addresses)
    if (address)
      driver->release(address);
  if (stream)
    driver->destroyStream(stream);
  if (hasContext)
    driver->releaseContext(device);
}

Error CudaRun::failure(StringRef what, int result) const {
  const char *text = nullptr;
  driver->errorString(result, &text);
  return createStringError(what + " failed: " + (text ? text : "CUresult") + " (" + Twine(result) +
                           ")");
}

Error CudaRun::open() {
  driver->library = dlopen("libcuda.so.1", RTLD_NOW);
  if (!driver->library || !driver->findAll())
    return createStringError("no CUDA driver: libcuda.so.1 is missing, or too old");
  if (driver->init(0) || driver->getDevice(&device, 0))
    return createStringError("no GPU that the CUDA driver can use");
  void *context = nullptr;
  if (int result = driver->retainContext(&context, device))
    return failure("cuDevicePrimaryCtxRetain", result);
  hasContext = true;
  if (int result = driver->setContext(context))
    return failure("cuCtxSetCurrent", result);
  if (int result = driver->createStream(&stream, /*CU_STREAM_NON_BLOCKING*/ 1))
    return failure("cuStreamCreate", result);
  return Error::success();
}

Error CudaRun::createModel(std::optional<StringRef> weightsFile) {
  auto describe = reinterpret_cast<const char *(*)()>(library.lookup("cuda_description"));
  Expected<llvm::json::Value> parsed = llvm::json::parse(describe());
  if (!parsed)
    return parsed.takeError();
  const llvm::json::Object *object = parsed->getAsObject();
  std::optional<int64_t> modelBytes = object ? object->getInteger("model_bytes") : std::nullopt;
  if (!modelBytes)
    return createStringError("expected what this version of sepconv-compile writes");
  workspaceBytes = object->getInteger("workspace_bytes").value_or(0);
  model.resize(*modelBytes / sizeof(void *));
  auto message =
      reinterpret_cast<const char *(*)(const void *, int)>(library.lookup("cuda_message"));
  FunctionCall create;
  create.add(model.data());
  create.addSize(0); // memory for the weights is the model's own
  create.addSize(0);
  if (weightsFile)
    create.add(weightsFile->data(), weightsFile->size());
  create.prepare();
  if (int status = create(library.lookup("cuda_create")))
    return createStringError(library.name + "_cuda_create failed: " + message(nullptr, status));
  hasModel = true;
  return Error::success();
}

Expected<std::unique_ptr<CudaRun>> CudaRun::create(const Library &library) {
  if (!library.lookup("cuda_description"))
    return createStringError("the product has no code for a GPU; compile it with "
                             "--target=host+nvptx-sm_80 or the like");
  std::unique_ptr<CudaRun> run(new CudaRun(library));
  if (Error error = run->open())
    return std::move(error);
  return run;
}

/// 0 of nothing, which the driver does not allocate.
Expected<uint64_t> CudaRun::allocate(size_t bytes) {
  addresses.push_back(0);
  if (bytes)
    if (int result = driver->allocate(&addresses.back(), bytes))
      return failure("cuMemAlloc", result);
  return addresses.back();
}

Error CudaRun::bind(size_t images, ArrayRef<size_t> numbers, ArrayRef<Array> inputs,
                    ArrayRef<Array> outputs, ArrayRef<Array> weights) {
  call.clear();
  call.add(model.data());
  for (size_t number : numbers)
    call.addSize(number);
  firstOutput = inputs.size();
  auto place = [&](size_t bytes, const char *contents) -> Expected<uint64_t> {
    Expected<uint64_t> address = allocate(bytes);
    if (!address)
      return address;
    if (int result = bytes && contents ? driver->upload(*address, contents, bytes) : 0)
      return failure("cuMemcpyHtoD", result);
    return address;
  };
  auto add = [&](size_t bytes, const char *contents) -> Error {
    Expected<uint64_t> address = place(bytes, contents);
    if (!address)
      return address.takeError();
    call.addSize(*address);
    call.addSize(bytes);
    return Error::success();
  };
  for (const Array &array : inputs)
    if (Error error = add(array.data.size(), array.data.data()))
      return error;
  for (const Array &array : outputs)
    if (Error error = add(array.data.size(), nullptr))
      return error;
  members.clear();
  for (const Array &array : weights) {
    Expected<uint64_t> address = place(array.data.size(), array.data.data());
    if (!address)
      return address.takeError();
    members.push_back({*address, array.data.size()});
  }
  if (!weights.empty())
    call.add(members.data());
  if (Error error = add(workspaceBytes * images, nullptr))
    return error;
  call.add(stream);
  call.prepare();
  return Error::success();
}

Error CudaRun::run() {
  if (int status = call(library.lookup("cuda_run"))) {
    auto message =
        reinterpret_cast<const char *(*)(const void *, int)>(library.lookup("cuda_message"));
    return createStringError(library.name + "_cuda_run failed: " + message(model.data(), status));
  }
  int result = driver->wait(stream);
  return result ? failure("cuStreamSynchronize", result) : Error::success();
}

Error CudaRun::fetch(MutableArrayRef<Array> outputs) {
  for (auto [index, array] : llvm::enumerate(outputs))
    if (!array.data.empty())
      if (int result = driver->download(array.data.data(), addresses[firstOutput + index],
                                        array.data.size()))
        return failure("cuMemcpyDtoH", result);
  return Error::success();
}
