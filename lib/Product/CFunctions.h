//===- CFunctions.h - functions of the product's C header ------------------------===//
#pragma once

#include "sepconv/Product/ProductInterface.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::sepconv {

/// A buffer that a function takes: a pointer and its size in bytes.
struct BufferParameter {
  int64_t bytes; ///< the most that it needs
  int64_t alignment;
  /// It is of a batch, the first of the function's values, and `bytes` are those of one image.
  bool perImage = false;
  /// The shape, if it depends on the function's sizes; elements have `alignment` bytes then.
  AffineMap extents = {};
  /// It is a member of the structure of weights, a pointer and a size, not parameters of its own.
  bool isMember = false;
  /// What it ends with, in 64-bit integers: no other buffer will do.
  ArrayRef<int64_t> identity = {};
  Value pointer = {}, size = {};
  Value needed = {}; ///< bytes
};

/// Adds C functions to a module in the LLVM dialect.
class CFunctionBuilder {
public:
  /// Builds what the function does when its buffers are right; the result is its status, or null
  /// for success.
  using Call = llvm::function_ref<Value(ValueRange first, ArrayRef<BufferParameter> buffers,
                                        ValueRange last)>;

  CFunctionBuilder(ModuleOp module, StringRef prefix);

  /// Begins the function PREFIX + suffix.
  LLVM::LLVMFuncOp create(StringRef suffix, Type result, ArrayRef<Type> arguments);
  /// A function of some values, the last of which are dynamic sizes, buffers and more values that
  /// returns a status. Buffers that are members of a structure come as one pointer to it. If
  /// buffers are of a batch it does what it does for each image, with their parts for it.
  LLVM::LLVMFuncOp createChecked(StringRef suffix, ArrayRef<Type> first,
                                 ArrayRef<SizeInterface> sizes,
                                 std::vector<BufferParameter> buffers, ArrayRef<Type> last,
                                 Call call);
  Value constant(Type type, int64_t value) { return LLVM::ConstantOp::create(b, type, value); }

  ModuleOp module;
  std::string prefix;
  LLVM::LLVMFuncOp processorTest; ///< if set, functions return a status unless it gives a variant
  int32_t variants = 1;
  Value variant = {}; ///< in a function of createChecked, what it gave
  ImplicitLocOpBuilder b;
  Type pointer;

private:
  void readMembers(std::vector<BufferParameter> &buffers, Value structure, Value batch, Block *end);
  Value check(ArrayRef<BufferParameter> buffers, Value batch);
  void checkIdentity(const BufferParameter &buffer, Value batch, Block *end);
  Value checkProcessor(Value status);
  Value checkSizes(ArrayRef<SizeInterface> sizes, ValueRange values, Value status);
  Value evaluate(AffineExpr expr, ValueRange sizes);
  Value bytesOf(const BufferParameter &buffer, ValueRange sizes);
  void forEachImage(Value batch, std::vector<BufferParameter> buffers,
                    llvm::function_ref<void(ArrayRef<BufferParameter>)> body);
};

} // namespace mlir::sepconv
