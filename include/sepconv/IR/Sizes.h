//===- Sizes.h - the sizes of tensors as expressions -----------------------------===//
//
// The arguments of an entry may have dynamic sizes (`?`); every other size follows from them.
// Kernels take the dynamic sizes as indices. All sizes are expressions in the dynamic ones, which
// are the expressions' dimensions, in the order of the arguments. No size of a tensor becomes less
// when a dynamic one becomes greater, so that what holds for the least and the greatest of them
// bounds what holds for all.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/AffineMap.h"

#include <array>
#include <optional>
#include <string>

namespace mlir::sepconv {

/// The dynamic sizes of an entry's argument: one `#sepconv.size` for each `?` of the tensor.
inline constexpr llvm::StringLiteral kSizes = "sepconv.sizes";
/// The dynamic size that an index argument of a kernel is.
inline constexpr llvm::StringLiteral kSize = "sepconv.size";
/// The shape of a kernel's argument, of an entry's result: a map of the dynamic sizes.
inline constexpr llvm::StringLiteral kShape = "sepconv.shape";

/// What a dynamic size can be, without a name.
struct SizeRange {
  int64_t least, greatest, factor = 1;

  /// "32..512/32", or "32..512" for any multiple of 1, or one size; nothing for another text and
  /// for what rule C20 forbids.
  static std::optional<SizeRange> parse(StringRef text);
  std::string text() const;
  bool isKnown() const { return least == greatest; }
};

/// What a command line says of heights and widths.
using ImageSizes = std::array<std::optional<SizeRange>, 2>;
inline constexpr StringLiteral kImageSizeNames[] = {"height", "width"};

class Sizes {
public:
  explicit Sizes(func::FuncOp function);

  /// The dynamic sizes, each name once.
  ArrayRef<SizeAttr> dynamicSizes() const { return dynamic; }

  /// Null if a size does not follow from the dynamic ones.
  AffineExpr of(Value tensor, unsigned dim) const;
  AffineExpr of(Value index) const;
  AffineExpr of(OpFoldResult size) const;
  /// All sizes of a tensor, as a map of the dynamic ones; null if one does not follow from them.
  AffineMap shape(Value tensor) const;

  int64_t least(AffineExpr size) const;
  int64_t greatest(AffineExpr size) const;
  /// What divides a size, whatever the dynamic ones are.
  int64_t factor(AffineExpr size) const;
  SizeRange range(AffineExpr size) const { return {least(size), greatest(size), factor(size)}; }
  /// How often each loop of an operation runs, by the dimension of an operand that it is along;
  /// null where that does not follow from the dynamic sizes.
  SmallVector<AffineExpr> loops(linalg::LinalgOp op) const;
  /// The shape where all dynamic sizes are greatest.
  SmallVector<int64_t> greatest(AffineMap shape) const;
  /// The tensor's type there.
  RankedTensorType greatest(Value tensor) const;

private:
  AffineExpr ofArgument(BlockArgument argument, unsigned dim) const;
  AffineExpr ofResult(OpResult result, unsigned dim) const;
  AffineExpr ofCall(CallOp call, unsigned index, unsigned dim) const;
  void add(SizeAttr size);
  AffineExpr at(SizeAttr size) const;
  AffineExpr replaced(AffineExpr size, llvm::function_ref<AffineExpr(unsigned)> by) const;
  int64_t valueOf(AffineExpr size, int64_t (SizeAttr::*number)() const) const;

  MLIRContext *context;
  SmallVector<SizeAttr> dynamic;
};

/// The dynamic sizes of an entry as values: dimensions of its arguments.
SmallVector<Value> dynamicSizeValues(OpBuilder &builder, func::FuncOp entry);

/// The sizes of a window operation's output, given its input's; `same` and `padding` are its own.
AffineExpr windowOutputSize(AffineExpr input, int64_t size, int64_t stride, int64_t dilation,
                            bool same, int64_t before, int64_t after);

/// Whether the padding of SAME is the same for all multiples of `factor`: that of any of them.
bool isSamePaddingKnown(int64_t factor, int64_t size, int64_t stride, int64_t dilation);

/// The elements that TensorFlow's SAME has before an input of an unknown size. As many as the
/// window reaches over less one and these are enough behind it.
AffineExpr samePaddingBefore(AffineExpr input, int64_t size, int64_t stride, int64_t dilation);

} // namespace mlir::sepconv
