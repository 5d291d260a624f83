//===- CheckTensors.cpp - tensors that no kernel can be made for -----------------===//

#include "sepconv/IR/Buffer.h"
#include "sepconv/IR/Sizes.h"
#include "sepconv/IR/Window.h"
#include "sepconv/Passes.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/DenseSet.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CHECKTENSORS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// What code can be made for; in between there are truth values and indices.
bool isElement(Type type) {
  return isa<Float16Type, BFloat16Type, Float32Type, Float64Type, IndexType>(type) ||
         (type.isInteger() &&
          llvm::is_contained({1u, 8u, 16u, 32u, 64u}, type.getIntOrFloatBitWidth()));
}

/// What is wrong with a tensor, or nothing.
StringRef problemWith(Value value, const Sizes &sizes) {
  auto tensor = dyn_cast<RankedTensorType>(value.getType());
  AffineMap shape = tensor ? sizes.shape(value) : AffineMap();
  if (!shape)
    return "a tensor must have sizes that are static or follow from the arguments' dynamic "
           "dimensions (C20)";
  for (auto [dim, size] : llvm::enumerate(shape.getResults()))
    if (tensor.isDynamicDim(dim) && (sizes.least(size) < 0 || sizes.greatest(size) < 1))
      return "the number of windows is negative for the smallest size, or 0 for the largest (C6)";
  if (isTooLarge(sizes.greatest(value).getShape()))
    return "a tensor must have sizes of at most 2^31 - 1 and at most 2^40 elements (C18)";
  if (!isElement(tensor.getElementType()))
    return "a tensor must have elements that C has a type for, or of f16 or bf16";
  return {};
}

/// What a constant is when it is packed and written; 0 for what is none.
int64_t constantBytes(Operation *op, RankedTensorType type) {
  bool isConstant = op && (op->hasTrait<OpTrait::ConstantLike>() || isa<VariableOp>(op));
  return isConstant && type.getElementType().isIntOrFloat()
             ? type.getNumElements() * elementBytes(type.getElementType())
             : 0;
}

/// A few characters of a file can stand for gigabytes of weights. What is not in the file has
/// limits of its own, for all of a module together: constants of one value, which no network has as
/// weights, and variables that are initialized, more than the largest networks of Keras have.
constexpr int64_t kMaxSplatBytes = 1 << 28, kMaxVariableBytes = 1 << 30;

/// The value of a constant of one number; null of another one.
Attribute splatOf(Operation *op) {
  SplatElementsAttr splat;
  return op && matchPattern(op, m_Constant(&splat)) ? splat : Attribute();
}

/// Whether each number of a padding that is not known has an operand; upstream does not verify it.
bool hasAllPadding(tensor::PadOp pad) {
  auto fits = [](ArrayRef<int64_t> numbers, ValueRange operands) {
    return static_cast<size_t>(llvm::count(numbers, ShapedType::kDynamic)) == operands.size();
  };
  return fits(pad.getStaticLow(), pad.getLow()) && fits(pad.getStaticHigh(), pad.getHigh());
}

struct CheckTensors : sepconv::impl::CheckTensorsBase<CheckTensors> {
  void runOnOperation() override {
    for (auto nested : getOperation().getOps<ModuleOp>()) {
      nested.emitError("expected a model's functions, found a module within a module");
      return signalPassFailure();
    }
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      Sizes sizes(function);
      // Operations in order: what a size is computed from is checked before.
      function.walk<WalkOrder::PreOrder>([&](Operation *op) {
        if (auto pad = dyn_cast<tensor::PadOp>(op); pad && !hasAllPadding(pad)) {
          pad.emitError("padding must be a constant or an operand, found -2^63");
          signalPassFailure();
          return WalkResult::interrupt();
        }
        for (Value result : op->getResults())
          check(result, sizes);
        for (Region &region : op->getRegions())
          for (Value argument : region.getArguments())
            check(argument, sizes);
        return WalkResult::advance();
      });
    }
  }

  void check(Value value, const Sizes &sizes) {
    auto type = dyn_cast<TensorType>(value.getType());
    if (!type)
      return;
    StringRef problem = problemWith(value, sizes);
    if (problem.empty())
      problem = problemWithConstant(value.getDefiningOp(), cast<RankedTensorType>(type));
    if (problem.empty() || !reported.insert(type).second)
      return;
    emitError(value.getLoc()) << problem << ", found " << type;
    signalPassFailure();
  }

  /// A constant, or a variable that becomes one, must fit beside code, which addresses it by 32
  /// bits. Its type has no problem.
  StringRef problemWithConstant(Operation *op, RankedTensorType type) {
    int64_t bytes = constantBytes(op, type);
    if (bytes > kMaxSize)
      return "a constant must have at most 2^31 - 1 bytes";
    if (isa_and_nonnull<VariableOp>(op) && (variableBytes += bytes) > kMaxVariableBytes)
      return "variables that are initialized must have at most 2^30 bytes, all of them together; "
             "make them arguments (--weights=arguments)";
    Attribute splat = bytes ? splatOf(op) : Attribute();
    if (splat && splats.insert(splat).second)
      splatBytes += bytes;
    if (!splat || splatBytes <= kMaxSplatBytes)
      return {};
    return "constants of one value must have at most 2^28 bytes, all of them together; broadcast "
           "the value (linalg.broadcast), or make the tensor an argument";
  }

  DenseSet<Type> reported;
  DenseSet<Attribute> splats;
  int64_t splatBytes = 0, variableBytes = 0;
};

} // namespace
