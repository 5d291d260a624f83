//===- Product.cpp - a compiled model, loaded ------------------------------------===//

#include "sepconv/Run/Product.h"
#include "CudaRun.h"
#include "FunctionCall.h"
#include "Library.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <cstdlib>
#include <pthreadpool.h>

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;

namespace {
struct Free {
  void operator()(void *memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<void, Free>;

Memory allocate(size_t bytes, size_t alignment) {
  return Memory(
      std::aligned_alloc(alignment, llvm::alignTo(std::max<size_t>(bytes, 1), alignment)));
}

Memory copyOf(StringRef bytes, size_t alignment) {
  Memory memory = allocate(bytes.size(), alignment);
  llvm::copy(bytes, static_cast<char *>(memory.get()));
  return memory;
}

/// pthreadpool's task has the type of a product's, so that nothing is in between.
void parallelFor(void *pool, size_t count, void (*task)(void *, size_t), void *context) {
  pthreadpool_parallelize_1d(static_cast<pthreadpool_t>(pool), task, context, count, 0);
}
} // namespace

/// A call of NAME_run, and what it is on a GPU.
struct Product::Call {
  explicit Call(Library opened) : library(std::move(opened)) {}
  ~Call() { pthreadpool_destroy(pool); }

  Library library;
  FunctionCall function;
  struct Member {
    const void *data;
    size_t bytes;
  };
  std::vector<Member> members; // of the structure of weights
  std::unique_ptr<CudaRun> cuda;
  Memory workspace, weights;
  pthreadpool_t pool = nullptr;
};

Product::Product() = default;
Product::~Product() = default;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

Facts Product::greatestSizes() const {
  Facts sizes;
  sizes["batch"] = 1;
  for (const auto &[name, greatest] : dynamicSizes)
    sizes[name] = greatest;
  return sizes;
}

/// The dynamic sizes of a product that inputs have.
static Facts sizesOf(ArrayRef<Port> ports, ArrayRef<Array> arrays) {
  Facts sizes;
  sizes["batch"] = 1;
  for (auto [port, array] : llvm::zip(ports, arrays))
    for (auto [extent, size] : llvm::zip(port.extents, array.type.shape))
      sizes.try_emplace(extent, size);
  if (auto batch = sizes.find("?"); batch != sizes.end())
    sizes["batch"] = batch->second;
  return sizes;
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

llvm::Error Product::readDescription() {
  auto describe = reinterpret_cast<const char *(*)()>(call->library.lookup("description"));
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(describe());
  if (!parsed)
    return parsed.takeError();
  const llvm::json::Object *object = parsed->getAsObject();
  const llvm::json::Object *weights = object ? object->getObject("weights") : nullptr;
  const llvm::json::Object *workspace = object ? object->getObject("workspace") : nullptr;
  if (!weights || !workspace || !Port::readAll(object->getArray("inputs"), inputPorts) ||
      !Port::readAll(object->getArray("outputs"), outputPorts))
    return createStringError("expected what this version of sepconv-compile writes");
  weightsMode = weights->getString("mode").value_or("").str();
  weightsBytes = weights->getInteger("bytes").value_or(0);
  if (weightsMode == "arguments" && !Port::readAll(weights->getArray("arguments"), weightPorts))
    return createStringError("expected the weights that are arguments");
  workspaceBytes = workspace->getInteger("bytes").value_or(0);
  threadBytes = workspace->getInteger("thread_bytes").value_or(0);
  stackBytes = object->getInteger("stack_bytes").value_or(0);
  workspaceAlignment = workspace->getInteger("alignment").value_or(1);
  threads = object->getString("threads") == StringRef("callback");
  unknownBatch = object->getNull("batch").has_value();
  if (const llvm::json::Array *sizes = object->getArray("sizes"))
    for (const llvm::json::Value &value : *sizes)
      if (const llvm::json::Object *size = value.getAsObject())
        dynamicSizes.emplace_back(size->getString("name").value_or("").str(),
                                  size->getInteger("greatest").value_or(1));
  about = *object;
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<Product>> Product::load(StringRef path) {
  llvm::Expected<Library> library = Library::open(path);
  if (!library)
    return library.takeError();
  std::unique_ptr<Product> product(new Product());
  product->call = std::make_unique<Call>(std::move(*library));
  if (llvm::Error error = product->readDescription())
    return createStringError("'" + path +
                             "' has an unknown description: " + llvm::toString(std::move(error)));
  return product;
}

StringRef Product::name() const { return call->library.name; }

MutableArrayRef<uint64_t> Product::ticks() const {
  auto profile = reinterpret_cast<uint64_t *(*)()>(call->library.lookup("profile"));
  const llvm::json::Array *calls = about.getArray("calls");
  return profile && calls ? MutableArrayRef(profile(), calls->size() + 1)
                          : MutableArrayRef<uint64_t>();
}

void Product::describe(llvm::raw_ostream &stream, bool json) const {
  if (json) {
    stream << llvm::formatv("{0:2}", llvm::json::Value(llvm::json::Object(about))) << "\n";
    return;
  }
  stream << name() << ", compiled for " << about.getString("target").value_or("?") << "\n";
  auto list = [&](StringRef what, ArrayRef<Port> ports) {
    for (const Port &port : ports)
      stream << "  " << what << " " << port.name << ": " << port.shown() << "\n";
  };
  list("input", inputPorts);
  list("output", outputPorts);
  list("weight", weightPorts);
  if (weightPorts.empty())
    stream << "  weights: " << weightsBytes << " bytes, " << weightsMode << "\n";
  stream << "  workspace: " << workspaceBytes << " bytes, aligned to " << workspaceAlignment << "\n"
         << "  stack: " << stackBytes << " bytes\n"
         << "  threads: " << (threads ? "callback" : "none") << "\n";
  const llvm::json::Array *kernels = about.getArray("kernels");
  for (const llvm::json::Value &value : kernels ? *kernels : llvm::json::Array())
    if (const llvm::json::Object *kernel = value.getAsObject())
      stream << "  kernel " << kernel->getString("name").value_or("?") << ": schedule "
             << kernel->getString("schedule").value_or("default") << ", calls "
             << kernel->getInteger("calls").value_or(0) << "\n";
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

static llvm::Error check(StringRef what, ArrayRef<Port> ports, ArrayRef<Array> arrays,
                         const Facts &sizes) {
  if (arrays.size() != ports.size())
    return createStringError("expected " + Twine(ports.size()) + " " + what + "s, found " +
                             Twine(arrays.size()));
  for (auto [port, array] : llvm::zip_equal(ports, arrays))
    if (!(array.type == port.typeOf(sizes)))
      return createStringError(what + " '" + port.name + "': expected " +
                               port.typeOf(sizes).shown() + ", found " + array.type.shown());
  return llvm::Error::success();
}

llvm::Error Product::checkWeightsFile(StringRef weightsFile) const {
  if (!weightsAreAFile() || weightsFile.size() == weightsBytes)
    return llvm::Error::success();
  return createStringError("the weights' file has " + Twine(weightsFile.size()) +
                           " bytes, expected " + Twine(weightsBytes));
}

llvm::Error Product::bind(std::vector<Array> inputs, std::vector<Array> weights,
                          StringRef weightsFile, unsigned threadCount) {
  // Those of the first input that has one are those of all.
  Facts sizes = sizesOf(inputPorts, inputs);
  if (llvm::Error error = check("input", inputPorts, inputs, sizes))
    return error;
  if (llvm::Error error = check("weight", weightPorts, weights, sizes))
    return error;
  if (!call->cuda)
    if (llvm::Error error = checkWeightsFile(weightsFile))
      return error;
  if (threadCount && !threads)
    return createStringError("--threads needs a product compiled with --threads=callback");
  inputArrays = std::move(inputs), weightArrays = std::move(weights);
  outputArrays.clear();
  for (const Port &port : outputPorts)
    outputArrays.push_back(Array(port.typeOf(sizes)));
  size_t images = unknownBatch ? sizes["batch"] : 1;
  sizeArguments.assign(unknownBatch, images);
  for (const auto &[name, greatest] : dynamicSizes)
    sizeArguments.push_back(sizes[name]);
  if (call->cuda) {
    if (llvm::Error error =
            call->cuda->createModel(weightsAreAFile() ? std::optional(weightsFile) : std::nullopt))
      return error;
    return call->cuda->bind(images, sizeArguments, inputArrays, outputArrays, weightArrays);
  }
  call->function.clear();
  for (size_t number : sizeArguments)
    call->function.addSize(number);
  for (const std::vector<Array> *arrays : {&inputArrays, &outputArrays})
    for (const Array &array : *arrays)
      call->function.add(array.data.data(), array.data.size());
  call->members.clear();
  for (const Array &array : weightArrays)
    call->members.push_back({array.data.data(), array.data.size()});
  if (!weightArrays.empty())
    call->function.add(call->members.data());
  size_t bytes = workspaceBytes + (threadCount > 1 ? threadCount - 1 : 0) * threadBytes;
  call->workspace = allocate(bytes, workspaceAlignment);
  call->function.add(call->workspace.get(), bytes);
  if (weightsAreAFile()) {
    call->weights = copyOf(weightsFile, workspaceAlignment);
    call->function.add(call->weights.get(), weightsBytes);
  }
  if (threads) {
    pthreadpool_destroy(call->pool);
    call->pool = threadCount ? pthreadpool_create(threadCount) : nullptr;
    call->function.add(threadCount ? reinterpret_cast<const void *>(&parallelFor) : nullptr);
    call->function.add(call->pool);
  }
  call->function.prepare();
  return llvm::Error::success();
}

llvm::Error Product::useGpu() {
  llvm::Expected<std::unique_ptr<CudaRun>> cuda = CudaRun::create(call->library);
  if (!cuda)
    return cuda.takeError();
  call->cuda = std::move(*cuda);
  return llvm::Error::success();
}

llvm::Error Product::fetch() {
  return call->cuda ? call->cuda->fetch(outputArrays) : llvm::Error::success();
}

/// A status that is not NAME_OK.
llvm::Error Product::failure(StringRef function, int status) const {
  auto message = reinterpret_cast<const char *(*)(int)>(call->library.lookup("status_message"));
  return createStringError(call->library.name + "_" + function +
                           " failed: " + (message ? message(status) : "unknown status"));
}

llvm::Error Product::run() {
  if (call->cuda)
    return call->cuda->run();
  int status = call->function(call->library.lookup("run"));
  return status ? failure("run", status) : llvm::Error::success();
}

llvm::Error Product::selfTest(StringRef weightsFile) {
  const llvm::json::Object *test = about.getObject("selftest");
  void *address = call->library.lookup("selftest");
  if (!test || !address)
    return createStringError("--selftest needs a product that tests itself; compile it with "
                             "--with=selftest");
  if (llvm::Error error = checkWeightsFile(weightsFile))
    return error;
  size_t bytes = test->getInteger("bytes").value_or(0);
  Memory memory = allocate(bytes, workspaceAlignment);
  Memory weights = copyOf(weightsFile, workspaceAlignment);
  FunctionCall function;
  function.add(memory.get(), bytes);
  if (weightsAreAFile())
    function.add(weights.get(), weightsBytes);
  function.prepare();
  int status = function(address);
  return status ? failure("selftest", status) : llvm::Error::success();
}
