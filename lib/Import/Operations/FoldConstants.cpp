//===- FoldConstants.cpp - computes what is known --------------------------------===//
//
// Formats compute shapes and indices with the operations that they compute images with. What these
// mean is said once, by the operations that this folder builds; so constants are folded by
// interpreting those, and the elements by MLIR's own folders.
//
//===----------------------------------------------------------------------===//

#include "FoldConstants.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

namespace {

using Elements = std::vector<Attribute>;

class Folder {
public:
  /// The elements of a value in their order; null if they are not known.
  const Elements *elementsOf(Value value);

private:
  bool compute(Operation *op, Elements &result);
  bool compute(linalg::GenericOp op, Elements &result);
  bool lookUp(tensor::ExtractOp op, DenseMap<Value, Attribute> &scalars);
  bool compute(ActivationOp op, Elements &result);
  bool compute(linalg::TransposeOp op, Elements &result);
  bool compute(tensor::ConcatOp op, Elements &result);
  bool compute(tensor::ExtractSliceOp op, Elements &result);
  bool compute(tensor::PadOp op, Elements &result);

  DenseMap<Value, std::unique_ptr<Elements>> known;
  /// What may still be computed; each element becomes an attribute of the context.
  int64_t steps = 1 << 18;
};

} // namespace

/// Calls `body` with each place of a shape, in order.
static void forEach(ArrayRef<int64_t> shape, llvm::function_ref<void(ArrayRef<int64_t>)> body) {
  SmallVector<int64_t> at(shape.size(), 0);
  for (int64_t i = 0, e = ShapedType::getNumElements(shape); i < e; ++i) {
    body(at);
    for (size_t dim = at.size(); dim-- > 0 && ++at[dim] == shape[dim];)
      at[dim] = 0;
  }
}

static int64_t offsetOf(ArrayRef<int64_t> at, ArrayRef<int64_t> shape) {
  int64_t offset = 0;
  for (auto [index, size] : llvm::zip_equal(at, shape))
    offset = offset * size + index;
  return offset;
}

/// The results of an operation on scalars; false if it has no folder.
static bool foldScalar(Operation &op, DenseMap<Value, Attribute> &scalars) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    scalars[constant.getResult()] = constant.getValue();
    return true;
  }
  SmallVector<Attribute> operands;
  for (Value operand : op.getOperands())
    operands.push_back(scalars.lookup(operand));
  SmallVector<OpFoldResult> results;
  if (op.getNumResults() != 1 || llvm::is_contained(operands, Attribute()) ||
      failed(op.fold(operands, results)) || results.size() != 1)
    return false;
  auto attribute = dyn_cast<Attribute>(results.front());
  if (!attribute)
    attribute = scalars.lookup(cast<Value>(results.front()));
  scalars[op.getResult(0)] = attribute;
  return bool(attribute);
}

bool Folder::lookUp(tensor::ExtractOp op, DenseMap<Value, Attribute> &scalars) {
  const Elements *table = elementsOf(op.getTensor());
  SmallVector<int64_t> at;
  for (Value index : op.getIndices()) {
    auto known = dyn_cast_or_null<IntegerAttr>(scalars.lookup(index));
    if (!known || known.getInt() < 0 || known.getInt() >= shapeOf(op.getTensor())[at.size()])
      return false;
    at.push_back(known.getInt());
  }
  if (!table)
    return false;
  scalars[op.getResult()] = (*table)[offsetOf(at, shapeOf(op.getTensor()))];
  return true;
}

bool Folder::compute(linalg::GenericOp op, Elements &result) {
  SmallVector<const Elements *> operands;
  for (Value operand : op->getOperands()) {
    operands.push_back(elementsOf(operand));
    if (!operands.back())
      return false;
  }
  SmallVector<int64_t> loops = op.getStaticLoopRanges();
  if (op.getNumDpsInits() != 1 || llvm::any_of(loops, ShapedType::isDynamic))
    return false;
  steps -= ShapedType::getNumElements(loops) * int64_t(op.getBody()->getOperations().size());
  if (steps < 0)
    return false;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  result = *operands.back();
  bool isKnown = true;
  forEach(loops, [&](ArrayRef<int64_t> at) {
    DenseMap<Value, Attribute> scalars;
    int64_t output = 0;
    for (auto [i, map] : llvm::enumerate(maps)) {
      int64_t offset = offsetOf(map.compose(at), shapeOf(op->getOperand(i)));
      bool isOutput = i + 1 == maps.size();
      scalars[op.getBody()->getArgument(i)] = isOutput ? result[offset] : (*operands[i])[offset];
      output = offset;
    }
    for (Operation &inner : op.getBody()->without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner))
        scalars[index.getResult()] = Builder(op).getIndexAttr(at[index.getDim()]);
      else if (auto extract = dyn_cast<tensor::ExtractOp>(inner))
        isKnown = isKnown && lookUp(extract, scalars);
      else
        isKnown = isKnown && foldScalar(inner, scalars);
    }
    Value yielded = op.getBody()->getTerminator()->getOperand(0);
    Attribute element = scalars.lookup(yielded);
    if (!element)
      matchPattern(yielded, m_Constant(&element)); // of outside
    isKnown = isKnown && element;
    result[output] = element;
  });
  return isKnown;
}

/// What bounds numbers stands between the sizes that a format computes; others do not.
bool Folder::compute(ActivationOp op, Elements &result) {
  ActivationAttr function = op.getFunction();
  const Elements *elements = elementsOf(op.getInput());
  if (!elements || function.getKind() != ActivationKind::Relu || !function.getAlpha().isZero() ||
      !function.getThreshold().isZero())
    return false;
  double greatest = function.getMaxValue().convertToDouble();
  llvm::transform(*elements, result.begin(), [&](Attribute element) -> Attribute {
    double number = cast<FloatAttr>(element).getValueAsDouble();
    number = number < 0 ? 0 : number > greatest ? greatest : number;
    return FloatAttr::get(elementOf(op.getInput()), number);
  });
  return true;
}

bool Folder::compute(linalg::TransposeOp op, Elements &result) {
  const Elements *elements = elementsOf(op.getInput());
  if (!elements)
    return false;
  size_t i = 0;
  forEach(shapeOf(op->getResult(0)), [&](ArrayRef<int64_t> at) {
    SmallVector<int64_t> from(at.size());
    for (auto [index, dim] : llvm::zip_equal(at, op.getPermutation()))
      from[dim] = index;
    result[i++] = (*elements)[offsetOf(from, shapeOf(op.getInput()))];
  });
  return true;
}

bool Folder::compute(tensor::ConcatOp op, Elements &result) {
  ArrayRef<int64_t> shape = op.getResultType().getShape();
  int64_t offset = 0;
  for (Value input : op.getInputs()) {
    const Elements *elements = elementsOf(input);
    if (!elements)
      return false;
    size_t i = 0;
    forEach(shapeOf(input), [&](ArrayRef<int64_t> at) {
      SmallVector<int64_t> to(at);
      to[op.getDim()] += offset;
      result[offsetOf(to, shape)] = (*elements)[i++];
    });
    offset += shapeOf(input)[op.getDim()];
  }
  return true;
}

bool Folder::compute(tensor::ExtractSliceOp op, Elements &result) {
  const Elements *elements = elementsOf(op.getSource());
  if (!elements || op.getType().getRank() != op.getSourceType().getRank() ||
      ShapedType::isDynamicShape(op.getStaticOffsets()))
    return false;
  size_t i = 0;
  forEach(op.getType().getShape(), [&](ArrayRef<int64_t> at) {
    SmallVector<int64_t> from(at);
    for (auto [dim, index] : llvm::enumerate(from))
      index = index * op.getStaticStrides()[dim] + op.getStaticOffsets()[dim];
    result[i++] = (*elements)[offsetOf(from, op.getSourceType().getShape())];
  });
  return true;
}

bool Folder::compute(tensor::PadOp op, Elements &result) {
  const Elements *elements = elementsOf(op.getSource());
  Attribute outside;
  Value padding = op.getConstantPaddingValue();
  if (!elements || !padding || !matchPattern(padding, m_Constant(&outside)))
    return false;
  llvm::fill(result, outside);
  size_t i = 0;
  forEach(shapeOf(op.getSource()), [&](ArrayRef<int64_t> at) {
    SmallVector<int64_t> to(at);
    for (auto [dim, index] : llvm::enumerate(to))
      index += op.getStaticLow()[dim];
    result[offsetOf(to, op.getResultType().getShape())] = (*elements)[i++];
  });
  return true;
}

bool Folder::compute(Operation *op, Elements &result) {
  if (DenseElementsAttr constant; matchPattern(op, m_Constant(&constant))) {
    llvm::copy(constant.getValues<Attribute>(), result.begin());
    return true;
  }
  if (isa<tensor::EmptyOp>(op)) {
    llvm::fill(result, Builder(op).getZeroAttr(elementOf(op->getResult(0))));
    return true;
  }
  if (auto fill = dyn_cast<linalg::FillOp>(op)) {
    Attribute value;
    matchPattern(fill.value(), m_Constant(&value));
    llvm::fill(result, value);
    return bool(value);
  }
  if (auto activation = dyn_cast<ActivationOp>(op))
    return compute(activation, result);
  if (auto transpose = dyn_cast<linalg::TransposeOp>(op))
    return compute(transpose, result);
  if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op)) {
    const Elements *elements = elementsOf(op->getOperand(0));
    if (elements)
      result = *elements;
    return elements;
  }
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return compute(generic, result);
  if (auto concat = dyn_cast<tensor::ConcatOp>(op))
    return compute(concat, result);
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    return compute(slice, result);
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return compute(pad, result);
  return false;
}

const Elements *Folder::elementsOf(Value value) {
  auto [it, isNew] = known.try_emplace(value);
  if (!isNew)
    return it->second.get();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  Operation *op = value.getDefiningOp();
  if (!op || !type || !type.hasStaticShape())
    return nullptr;
  steps -= type.getNumElements();
  if (steps < 0)
    return nullptr;
  auto elements = std::make_unique<Elements>(type.getNumElements());
  if (!compute(op, *elements))
    return nullptr;
  return (known[value] = std::move(elements)).get();
}

Value ops::foldConstants(TensorBuilder &b, Value value) {
  if (!value || matchPattern(value, m_Constant()))
    return value;
  Folder folder;
  const Elements *elements = folder.elementsOf(value);
  if (!elements)
    return value;
  return arith::ConstantOp::create(b.builder, b.loc,
                                   DenseElementsAttr::get(typeOf(value), *elements));
}
