//===- Layers.cpp - what all layers need to be built -----------------------------===//

#include "Layers.h"
#include "../ActivationFunctions.h"
#include "sepconv/IR/Window.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

using ClassMap = StringMap<const LayerClass *>;

static ClassMap mapOf(ArrayRef<ArrayRef<LayerClass>> tables) {
  ClassMap map;
  for (ArrayRef<LayerClass> table : tables)
    for (const LayerClass &layer : table)
      map[layer.name] = &layer;
  return map;
}

static const ClassMap &classes(bool operations) {
  static const ClassMap layerClasses =
      mapOf({convolutionLayers(), poolingLayers(), activationLayers(), shapingLayers(),
             mergingLayers(), normalizationLayers()});
  static const ClassMap operationClasses = mapOf({arithmeticOperations(), activationOperations()});
  return operations ? operationClasses : layerClasses;
}

const LayerClass *sepconv::keras::findLayerClass(const Layer &layer) {
  return classes(layer.isOperation).lookup(layer.className);
}

std::string sepconv::keras::supportedClasses(bool operations) {
  SmallVector<StringRef> names(classes(operations).keys());
  if (!operations)
    names.push_back("InputLayer");
  llvm::sort(names);
  return join(names, ", ");
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

ArrayRef<int64_t> LayerContext::shape(size_t index) const {
  return cast<RankedTensorType>(inputs[index].getType()).getShape();
}

bool LayerContext::isImage() {
  if (shape().size() == 4)
    return true;
  error() << "expected an input of rank 4, found shape " << shown(shape());
  return false;
}

bool LayerContext::isBatchDynamic() const {
  return builder.getBlock()->getParentOp()->getParentOfType<ModuleOp>()->hasAttr(kDynamicBatch);
}

std::optional<int64_t> LayerContext::dimension(StringRef argument, int64_t axis) {
  int64_t rank = shape().size(), dim = axis < 0 ? axis + rank : axis;
  bool mixesImages = dim == 0 && isBatchDynamic();
  if (dim >= 0 && dim < rank && !mixesImages)
    return dim;
  error(argument) << "expected a dimension of the input's shape " << shown(shape())
                  << (mixesImages ? " other than the batch, which is dynamic" : "") << ", found "
                  << axis;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

RankedTensorType LayerContext::type(ArrayRef<int64_t> shape) const {
  return RankedTensorType::get(shape, builder.getF32Type());
}

bool LayerContext::fits(ArrayRef<int64_t> shape) {
  bool isEmpty = llvm::any_of(shape, [](int64_t size) { return size <= 0; });
  if (!isEmpty && !isTooLarge(shape))
    return true;
  error() << "a tensor of shape " << shown(shape)
          << (isEmpty ? " has no elements" : " is too large");
  return false;
}

Value LayerContext::constant(ArrayRef<int64_t> shape, ArrayRef<float> values) {
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type(shape), values));
}

Value LayerContext::reshape(Value value, ArrayRef<int64_t> shape) {
  auto from = cast<RankedTensorType>(value.getType()), to = type(shape);
  if (from == to)
    return value;
  auto groups = getReassociationIndicesForReshape(from, to);
  if (groups && from.getRank() > to.getRank())
    return tensor::CollapseShapeOp::create(builder, loc, to, value, *groups);
  if (groups && from.getRank() < to.getRank())
    return tensor::ExpandShapeOp::create(builder, loc, to, value, *groups);
  auto allDims = [](RankedTensorType type) {
    return SmallVector<ReassociationIndices>{
        llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank()))};
  };
  RankedTensorType flat = type({from.getNumElements()});
  if (from.getRank() != 1)
    value = tensor::CollapseShapeOp::create(builder, loc, flat, value, allDims(from));
  if (to.getRank() == 1)
    return value;
  return tensor::ExpandShapeOp::create(builder, loc, to, value, allDims(to));
}

Value LayerContext::transpose(Value value, ArrayRef<int64_t> permutation) {
  auto from = cast<RankedTensorType>(value.getType());
  Value empty = tensor::EmptyOp::create(
      builder, loc, applyPermutation(from.getShape(), permutation), from.getElementType());
  return linalg::TransposeOp::create(builder, loc, value, empty, permutation)->getResult(0);
}

Value LayerContext::activate(Value value, const Activation &activation) {
  if (!activation.softmaxAxis)
    return value;
  return buildSoftmax(builder, loc, value, *activation.softmaxAxis);
}

Value LayerContext::elementwise(ArrayRef<int64_t> shape, ArrayRef<Value> operands,
                                ArrayRef<AffineMap> maps,
                                function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(shape.size()));
  SmallVector<utils::IteratorType> iterators(shape.size(), utils::IteratorType::parallel);
  Value empty = tensor::EmptyOp::create(builder, loc, shape, builder.getF32Type());
  auto build = [&](OpBuilder &b, Location l, ValueRange arguments) {
    linalg::YieldOp::create(b, l, body(b, l, arguments.drop_back()));
  };
  return linalg::GenericOp::create(builder, loc, type(shape), operands, empty, allMaps, iterators,
                                   build)
      ->getResult(0);
}

ActivationAttr Activation::fused() const {
  return function && function.getKind() != ActivationKind::Linear ? function : ActivationAttr();
}
