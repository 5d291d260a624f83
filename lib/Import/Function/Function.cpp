//===- Function.cpp - calls of TensorFlow's functions ----------------------------===//

#include "sepconv/Import/Function.h"
#include "Convolution.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::function;

OwningOpRef<ModuleOp> sepconv::importFunction(const FunctionCall &call, MLIRContext *context) {
  context->loadDialect<SepConvDialect, func::FuncDialect, linalg::LinalgDialect,
                       tensor::TensorDialect>();
  const Signature *signature = findSignature(call.function);
  if (!signature) {
    emitError(UnknownLoc::get(context))
        << "unknown function " << quoted(call.function) << ", expected one of " << functionNames();
    return {};
  }
  Problems problems(context, signature->name);
  Arguments arguments(problems, *signature, call.arguments);
  Convolution convolution = readConvolution(*signature, arguments, call.sizes, context);
  if (problems.any())
    return {};
  if (!call.activityLoss)
    convolution.activityRegularizer = {};
  const ArgumentValue *given = arguments.get(Role::Name);
  StringRef name = given ? StringRef(given->text) : signature->name.rsplit('.').second;
  OwningOpRef<ModuleOp> module = buildModule(*signature, convolution, name, context);
  if (failed(verify(*module))) {
    problems.error() << "the imported function is not valid; this is an error of the importer";
    return {};
  }
  return module;
}
