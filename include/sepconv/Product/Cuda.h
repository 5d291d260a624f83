//===- Cuda.h - the part of a product that runs on NVIDIA's GPUs -----------------===//
//
// One object, NAME_cuda.o, with the PTX for each chip, the packed weights, the table of launches
// and the host side (lib/Runtime/Cuda/cuda.c), which opens the driver's library when it is first
// used. docs/decisions/010 says why.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/Product/ProductInterface.h"
#include "sepconv/Product/SizeFormula.h"
#include "sepconv/Support/Expression.h"

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace mlir::sepconv {

/// Of the addresses of buffers on a device, and of what one workspace behind the other has.
inline constexpr int64_t kCudaAlignment = 256;

/// A launch of a kernel: its arguments are offsets in buffers of the entry, then sizes. Without a
/// kernel it is a copy from the second argument to the first one.
struct KernelLaunch {
  struct BufferOffset {
    /// In the order of NAME_cuda_run: inputs, outputs, weights, workspace; then the constants.
    unsigned buffer;
    int64_t offset; // in bytes
  };
  std::string kernel;
  SizeFormula blocks[3]; // of the dynamic sizes; nothing is launched where one is not positive
  int64_t threads[3] = {};
  SizeFormula copiedBytes;
  SmallVector<BufferOffset> arguments;
  SmallVector<SizeFormula> sizes;
};

/// What one chip runs.
struct CudaCode {
  std::string chip; // sm_90a
  Facts facts;      // of the target
  std::string ptx;  // empty if all that it does is copying
  std::vector<KernelLaunch> launches;
  std::vector<KernelInterface> kernels;
  SmallVector<char> weights;
  int64_t workspaceBytes = 0;

  /// "sm_90a": 90, and whether it runs on this one only.
  std::pair<unsigned, bool> capability() const;
};

/// The part for GPUs of a product, whose tensors `product` describes.
struct CudaPart {
  const ProductInterface &product;
  std::vector<CudaCode> codes; // the best first

  /// Of a dynamic batch that of one image.
  int64_t workspaceBytes() const;
  int64_t weightsBytes() const;
  bool weightsAreAFile() const;
  /// Of --weights=file: where in NAME_cuda.weights each code has its weights, those that are the
  /// same once; returns the bytes of all.
  int64_t placeWeights(SmallVectorImpl<int64_t> &offsets) const;
  /// What NAME_cuda.weights has.
  SmallVector<char> weightsFile() const;
  int64_t weightsFileBytes() const;
  /// What the file ends with, and no other file does.
  std::pair<uint64_t, uint64_t> weightsIdentity() const;
  /// The JSON text of NAME_cuda_description.
  std::string description() const;
  /// What the header says.
  std::string header() const;
  /// What the report says, a JSON value: of each chip its launches, with what its kernels have of
  /// instructions and of a multiprocessor.
  std::string report() const;
  /// The host side, to be compiled for a processor.
  llvm::Expected<std::unique_ptr<llvm::Module>> hostCode(llvm::LLVMContext &context) const;
};

} // namespace mlir::sepconv
