//===- Weights.cpp - the variables of a model ------------------------------------===//

#include "../Operations/Elementwise.h"
#include "Layers.h"

#include "sepconv/IR/Variable.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

Value Weights::get(OpBuilder &builder, const Layer &layer, int64_t index, StringRef name,
                   RankedTensorType type, const VariableArguments &arguments) {
  SmallVector<Value, 4> &known = values[layer.weights];
  if (known.size() <= size_t(index))
    known.resize(index + 1);
  ArrayRef<int64_t> shape = type.getShape();
  if (known[index] && known[index].getType() == type)
    return known[index];
  std::string path = (layer.path + "/" + name).str();
  Location loc = NameLoc::get(builder.getStringAttr(path));
  auto error = [&] {
    return problems.error(layer.path, layer.className) << "variable '" << name << "': ";
  };
  if (known[index]) {
    error() << "expected shape " << shown(shape) << " in this call, found "
            << shown(cast<RankedTensorType>(known[index].getType()).getShape()) << " in another";
    return {};
  }
  if (!file)
    return known[index] =
               VariableOp::create(builder, loc, type, path, arguments.initializer,
                                  arguments.regularizer, arguments.constraint, arguments.trainable);
  Type element = type.getElementType();
  bool isWide = element.isF64();
  Expected<Variable> variable = file->read(placeOf(layer), index, shape, isWide);
  // After a wrong one the import goes on with zeros, so that the layers behind are looked at too.
  if (!variable)
    error() << toString(variable.takeError());
  if (!variable)
    return known[index] =
               arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type)).getResult();
  bool isDouble = isWide && int64_t(variable->bytes.size()) == 8 * type.getNumElements();
  auto read = type.clone(isDouble ? Type(builder.getF64Type()) : Type(builder.getF32Type()));
  Value value = arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::getFromRawBuffer(read, variable->bytes));
  return known[index] = ops::convertConstant(builder, value, element);
}

void Weights::checkCount(const Layer &layer, int64_t count) {
  if (!file)
    return;
  Expected<int64_t> found = file->count(placeOf(layer));
  if (!found)
    problems.error(layer.path, layer.className) << toString(found.takeError());
  else if (*found > count)
    problems.error(layer.path, layer.className)
        << "expected " << count << " variables in group '" << placeOf(layer)
        << (file->isByName() ? "' of " : "/vars' of ") << quoted(file->getName()) << ", found "
        << *found;
}

Value LayerContext::weight(StringRef name, ArrayRef<int64_t> shape,
                           const VariableArguments &arguments) {
  if (!fits(shape))
    return {};
  bool fit = true;
  auto check = [&](auto attribute, auto rule, StringRef suffix) {
    std::string argument = (arguments.prefix + suffix).str();
    auto report = [&] { return error(argument); };
    fit &= !attribute || succeeded(rule(report, attribute, shape));
  };
  check(arguments.initializer, checkInitializer, "_initializer");
  check(arguments.regularizer, checkRegularizer, "_regularizer");
  check(arguments.constraint, checkConstraint, "_constraint");
  if (!fit)
    return {};
  // What is no float has variables that are.
  Type f32 = builder.getF32Type();
  Type variable = isa<FloatType>(policy.variable) ? policy.variable : f32;
  Value value = weights.get(builder, layer, weightCount++, name,
                            RankedTensorType::get(shape, variable), arguments);
  wrong |= !value;
  return isa<FloatType>(policy.compute) ? ops::convertTo(*this, value, policy.compute) : value;
}
