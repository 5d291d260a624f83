//===- CudaRun.h - a product's part for GPUs, on the first GPU --------------------===//
#pragma once

#include "FunctionCall.h"
#include "Library.h"
#include "sepconv/Run/Npy.h"

#include <memory>

namespace mlir::sepconv {

/// The model on the first GPU of this machine, in its primary context. The driver's library is
/// opened by name, as products do it. Private to lib/Run.
class CudaRun {
public:
  /// An error if the product has no code for GPUs, or there is none that it is for.
  static llvm::Expected<std::unique_ptr<CudaRun>> create(const Library &library);
  ~CudaRun();

  /// Makes the model, with the contents of the weights' file if they are in one.
  llvm::Error createModel(std::optional<StringRef> weightsFile);
  /// Copies inputs and weights to the device, and makes room for the outputs, and for a workspace
  /// of each image. `numbers` are what NAME_cuda_run takes in front of the buffers.
  llvm::Error bind(size_t images, ArrayRef<size_t> numbers, ArrayRef<Array> inputs,
                   ArrayRef<Array> outputs, ArrayRef<Array> weights);
  /// Runs the model, and waits until it is done.
  llvm::Error run();
  /// Copies what the last run has computed.
  llvm::Error fetch(MutableArrayRef<Array> outputs);

private:
  struct Driver;
  explicit CudaRun(const Library &library);
  llvm::Error open();
  llvm::Error failure(StringRef what, int result) const;
  llvm::Expected<uint64_t> allocate(size_t bytes);

  const Library &library;
  std::unique_ptr<Driver> driver;
  FunctionCall call;
  std::vector<void *> model;                        // NAME_cuda
  std::vector<uint64_t> addresses;                  // of inputs, outputs, weights and the workspace
  std::vector<std::pair<uint64_t, size_t>> members; // NAME_cuda_weights
  size_t firstOutput = 0, workspaceBytes = 0;
  void *stream = nullptr;
  int device = 0;
  bool hasContext = false, hasModel = false;
};

} // namespace mlir::sepconv
