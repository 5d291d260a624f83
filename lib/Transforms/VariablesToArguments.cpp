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
      for (VariableOp variable : llvm::to_vector(function.getOps<VariableOp>())) {
        unsigned position = function.getNumArguments();
        if (failed(function.insertArgument(position, variable.getType(),
                                           argumentAttributes(variable), variable.getLoc())))
          return signalPassFailure();
        variable.replaceAllUsesWith(function.getArgument(position));
        variable.erase();
      }
    }
  }
};
} // namespace
