//===- ModelInterface.h - what a caller of a compiled model must know ------------===//
//
// Written by sepconv-plan-memory as the module's attribute `sepconv.interface`, read by whoever
// makes the C entry, the header, the description or the report.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/Buffer.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace mlir::sepconv {

/// The symbol of the constant that holds all weights.
inline constexpr llvm::StringLiteral kWeightsSymbol = "model_weights";

/// The symbol of the time that each call has taken, if the product has counters, and the entry.
inline constexpr llvm::StringLiteral kTicksSymbol = "call_ticks";

/// A size that NAME_run takes.
struct SizeInterface {
  std::string name;
  int64_t least, greatest, factor;
};

/// A tensor that the caller hands in or gets: its name is the model's own.
struct TensorInterface {
  std::string name;
  std::string dtype;          // as NumPy calls it: float32
  std::vector<int64_t> shape; // the greatest, if sizes are dynamic
  int64_t elementBytes = 4;
  std::string axes;       // what its dimensions mean, for the reader of the header; may be empty
  bool trainable = true;  // of a weight
  AffineMap extents = {}; // of the dynamic sizes, if there are some in the shape
  float scale = 0;        // of integers that stand for numbers; 0 of others
  int64_t zeroPoint = 0;

  /// `dtype` is what the type of the elements does not say, if it is not empty.
  static TensorInterface get(StringRef name, RankedTensorType type, StringRef axes = "",
                             StringRef dtype = "");
  int64_t elements() const;
  int64_t bytes() const { return elements() * elementBytes; }
};

/// A kernel of the product, for reports.
struct KernelInterface {
  std::string name;
  std::vector<std::string> pattern;
  std::string schedule;
  std::vector<std::pair<std::string, int64_t>> parameters; // of the schedule
  std::string dtype;                                       // of what it writes, as NumPy calls it
  int64_t calls = 0;
  int64_t scratchBytes = 0;
  int64_t multiplyAdds = 0; // of one call, of the greatest sizes
};

/// What a call does with some memory.
struct BufferUse {
  std::string space;  // input, output, workspace, scratch or weights
  int64_t offset = 0; // in the workspace or the weights; which one of the inputs or outputs
  int64_t bytes = 0;  // at most
  bool isWritten = false;
};

/// A call of a kernel, for reports.
struct CallInterface {
  std::string kernel;
  std::vector<std::string> layers; // as the model names them
  std::vector<BufferUse> buffers;
};

/// A workspace whose tasks keep something ends with a header and slots: a line for the flag of each
/// (lib/Runtime/slots.mlir), and the memory of one task.
inline constexpr int64_t kSlotsHeaderBytes = kBufferAlignment, kSlotFlagBytes = kBufferAlignment;

/// The bytes of an identity of weights.
inline constexpr int64_t kIdentityBytes = 16;

/// The functions that take care of the slots.
inline constexpr llvm::StringLiteral kPrepareSlots = "prepare_slots", kClaimSlot = "claim_slot",
                                     kReleaseSlot = "release_slot";

struct ModelInterface {
  std::vector<SizeInterface> sizes;
  std::vector<TensorInterface> inputs, outputs;
  std::vector<TensorInterface> weights; // only weights that are arguments
  std::vector<std::string> functions;   // on these weights: NAME_init has the name "init"
  std::vector<KernelInterface> kernels;
  std::vector<CallInterface> calls; // in their order, those of one variant after the other's
  int64_t workspaceBytes = 0;       // for one thread
  int64_t threadBytes = 0;  // of the workspace for each further thread that runs tasks: a slot
  int64_t weightsBytes = 0; // of the blob
  /// Of a blob that is to be a file: its last bytes, which no other file has.
  std::vector<int64_t> weightsIdentity;
  bool parallel = false; // the entry takes a parallel-for and its pool
  /// The entry is for one image, as the shapes of inputs and outputs are, and NAME_run takes the
  /// batch: the module's attribute sepconv.dynamic_batch.
  bool dynamicBatch = false;
  /// What NAME_selftest needs of memory, 0 without one, and what errors it allows of each output,
  /// relative to its largest magnitude.
  int64_t selfTestBytes = 0;
  std::vector<double> selfTestTolerances;

  /// Whether the module has the attribute.
  static bool isIn(ModuleOp module);
  /// Reads the module's attribute; reports an error if it is absent or malformed.
  static FailureOr<ModelInterface> get(ModuleOp module);
  void set(ModuleOp module) const;
};

} // namespace mlir::sepconv
