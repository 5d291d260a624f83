//===- VariablesToArguments.cpp - make variables arguments of the entry ----------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_VARIABLESTOARGUMENTS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// What a variable says besides its type.
static DictionaryAttr argumentAttributes(VariableOp variable) {
  Builder b(variable.getContext());
  NamedAttrList attributes;
  attributes.set("sepconv.name", variable.getNameAttr());
  attributes.set("sepconv.weight", b.getUnitAttr());
  if (Attribute initializer = variable.getInitializerAttr())
    attributes.set("sepconv.initializer", initializer);
  if (Attribute regularizer = variable.getRegularizerAttr())
    attributes.set("sepconv.regularizer", regularizer);
  if (Attribute constraint = variable.getConstraintAttr())
    attributes.set("sepconv.constraint", constraint);
  if (!variable.getTrainable())
    attributes.set("sepconv.trainable", b.getBoolAttr(false));
  return attributes.getDictionary(b.getContext());
}

namespace {
struct VariablesToArgumentsPass
    : public sepconv::impl::VariablesToArgumentsBase<VariablesToArgumentsPass> {
  void runOnOperation() override {
    for (func::FuncOp function : getOperation().getOps<func::FuncOp>()) {
      if (function.isPrivate() || function.isExternal())
        continue;
      auto variables = llvm::to_vector(function.getOps<VariableOp>());
      // All at once: each insertion copies the attributes of all arguments.
      SmallVector<unsigned> positions(variables.size(), function.getNumArguments());
      SmallVector<Type> types;
      SmallVector<DictionaryAttr> attributes;
      SmallVector<Location> locations;
      for (VariableOp variable : variables) {
        types.push_back(variable.getType());
        attributes.push_back(argumentAttributes(variable));
        locations.push_back(variable.getLoc());
      }
      if (failed(function.insertArguments(positions, types, attributes, locations)))
        return signalPassFailure();
      auto arguments = function.getArguments().take_back(variables.size());
      for (auto [variable, argument] : llvm::zip_equal(variables, arguments)) {
        variable.replaceAllUsesWith(Value(argument));
        variable.erase();
      }
    }
  }
};
} // namespace
