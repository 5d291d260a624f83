//===- Weights.cpp - the variables of a model ------------------------------------===//

#include "Layers.h"

#include "sepconv/IR/Variable.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

Value Weights::get(OpBuilder &builder, const Layer &layer, int64_t index, StringRef name,
                   ArrayRef<int64_t> shape, const VariableArguments &arguments) {
  SmallVector<Value, 4> &known = values[layer.weights];
  if (known.size() <= size_t(index))
    known.resize(index + 1);
  auto type = RankedTensorType::get(shape, builder.getF32Type());
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
  Expected<Variable> variable = file->read(placeOf(layer), index, shape);
  // After a wrong one the import goes on with zeros, so that the layers behind are looked at too.
  if (!variable)
    error() << toString(variable.takeError());
  auto data = variable ? DenseElementsAttr::getFromRawBuffer(type, variable->bytes)
                       : DenseElementsAttr::get(type, 0.0f);
  return known[index] = arith::ConstantOp::create(builder, loc, data);
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
  Value value = weights.get(builder, layer, weightCount++, name, shape, arguments);
  wrong |= !value;
  return value;
}
