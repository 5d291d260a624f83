//===- SelfTestEntry.cpp - the function NAME_selftest -----------------------------===//

#include "SelfTestEntry.h"
#include "sepconv/Product/SelfTest.h"

using namespace mlir;
using namespace mlir::sepconv;

/// What the test gives to NAME_run: its memory, the least sizes, and the weights' file if it has
/// one.
static SmallVector<Value> runArguments(CFunctionBuilder &functions, const ModelInterface &model,
                                       Value memory, ArrayRef<BufferParameter> weightsFile) {
  ImplicitLocOpBuilder &b = functions.b;
  auto integer = [&](int64_t value) { return functions.constant(b.getI64Type(), value); };
  auto at = [&](int64_t offset) -> Value {
    return LLVM::GEPOp::create(b, functions.pointer, b.getI8Type(), memory,
                               ArrayRef<LLVM::GEPArg>{integer(offset)});
  };
  SelfTestLayout layout = SelfTestLayout::get(model);
  SmallVector<Value> arguments(model.dynamicBatch ? 1 : 0, integer(1));
  for (const SizeInterface &size : model.sizes)
    arguments.push_back(integer(size.least));
  for (const auto *list : {&layout.inputs, &layout.outputs})
    for (const SelfTestLayout::Tensor &tensor : *list)
      arguments.append({at(tensor.offset), integer(tensor.bytes)});
  int64_t member = layout.members;
  for (const SelfTestLayout::Tensor &weight : layout.weights) {
    LLVM::StoreOp::create(b, at(weight.offset), at(member));
    LLVM::StoreOp::create(b, integer(weight.bytes), at(member + sizeof(int64_t)));
    member += 2 * sizeof(int64_t);
  }
  if (!layout.weights.empty())
    arguments.push_back(at(layout.members));
  arguments.append({at(layout.workspace), integer(model.workspaceBytes)});
  for (const BufferParameter &file : weightsFile)
    arguments.append({file.pointer, file.size});
  arguments.append(model.parallel ? 2 : 0, LLVM::ZeroOp::create(b, functions.pointer));
  return arguments;
}

void sepconv::createSelfTest(CFunctionBuilder &functions, const ProductInterface &product,
                             ArrayRef<BufferParameter> runBuffers) {
  ImplicitLocOpBuilder &b = functions.b;
  auto lookup = [&](StringRef name) {
    return functions.module.lookupSymbol<LLVM::LLVMFuncOp>((product.name + "_" + name).str());
  };
  auto status = [&](StatusValue value) { return functions.constant(b.getI32Type(), value); };
  std::vector<BufferParameter> list = {{product.model.selfTestBytes, kBufferAlignment}};
  if (product.weightsAreAFile())
    list.push_back(runBuffers.back());
  auto call = [&](ValueRange, ArrayRef<BufferParameter> buffers, ValueRange) -> Value {
    Value memory = buffers.front().pointer;
    LLVM::CallOp::create(b, lookup(kFillTest), memory);
    auto run = LLVM::CallOp::create(
        b, lookup("run"), runArguments(functions, product.model, memory, buffers.drop_front()));
    run.setNoInline(true); // what a program calls is to be tested
    Value agrees = LLVM::CallOp::create(b, lookup(kCheckTest), memory).getResult();
    Value ran =
        LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, run.getResult(), status(StatusValue::OK));
    Value result = LLVM::SelectOp::create(b, agrees, status(StatusValue::OK),
                                          status(StatusValue::WrongResult));
    return LLVM::SelectOp::create(b, ran, result, run.getResult());
  };
  functions.createChecked("_selftest", {}, {}, std::move(list), {}, call);
}
