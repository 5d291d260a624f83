//===- ParallelCall.cpp - tasks in the LLVM dialect ------------------------------===//

#include "ParallelCall.h"
#include "RuntimeTexts.h"

#include "sepconv/IR/SepConv.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::sepconv;

// The function through which all tasks run.
static constexpr StringLiteral kRun = "parallel_for";

/// run(parallel_for, pool, count, task, context): a loop if parallel_for is NULL, else its call.
static LLVM::LLVMFuncOp getRun(ModuleOp module, Location loc) {
  if (auto run = module.lookupSymbol<LLVM::LLVMFuncOp>(kRun))
    return run;
  ImplicitLocOpBuilder b(loc, OpBuilder::atBlockEnd(module.getBody()));
  Type pointer = LLVM::LLVMPointerType::get(b.getContext()), i64 = b.getI64Type();
  Type none = LLVM::LLVMVoidType::get(b.getContext());
  auto run = LLVM::LLVMFuncOp::create(
      b, kRun, LLVM::LLVMFunctionType::get(none, {pointer, pointer, i64, pointer, pointer}));
  SymbolTable::setSymbolVisibility(run, SymbolTable::Visibility::Private);
  Block *start = run.addEntryBlock(b);
  Value parallelFor = run.getArgument(0), pool = run.getArgument(1), count = run.getArgument(2);
  Value task = run.getArgument(3), context = run.getArgument(4);
  Block *callback = b.createBlock(&run.getBody());
  Block *head = b.createBlock(&run.getBody(), {}, i64, loc);
  Block *body = b.createBlock(&run.getBody());
  Block *end = b.createBlock(&run.getBody());
  LLVM::ReturnOp::create(b, ValueRange());

  b.setInsertionPointToEnd(start);
  Value zero = LLVM::ConstantOp::create(b, i64, 0);
  Value isNull = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, parallelFor,
                                      LLVM::ZeroOp::create(b, pointer));
  LLVM::CondBrOp::create(b, isNull, head, ValueRange(zero), callback, ValueRange());

  b.setInsertionPointToEnd(callback);
  auto callbackType = LLVM::LLVMFunctionType::get(none, {pointer, i64, pointer, pointer});
  LLVM::CallOp::create(b, callbackType, ValueRange{parallelFor, pool, count, task, context});
  LLVM::BrOp::create(b, ValueRange(), end);

  b.setInsertionPointToEnd(head);
  Value index = head->getArgument(0);
  Value more = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ult, index, count);
  LLVM::CondBrOp::create(b, more, body, ValueRange(), end, ValueRange());
  b.setInsertionPointToEnd(body);
  LLVM::CallOp::create(b, LLVM::LLVMFunctionType::get(none, {pointer, i64}),
                       ValueRange{task, context, index});
  Value next = LLVM::AddOp::create(b, index, LLVM::ConstantOp::create(b, i64, 1));
  LLVM::BrOp::create(b, ValueRange(next), head);
  return run;
}

LogicalResult sepconv::addSlotFunctions(ModuleOp module) {
  bool needed = false;
  module.walk([&](ParallelCallOp call) { needed |= call.getTaskOffsets().has_value(); });
  if (!needed)
    return success();
  ParserConfig config(module.getContext());
  if (failed(parseSourceString(kSlotsText, module.getBody(), config, "slots.mlir")))
    return failure();
  for (StringRef name : {kPrepareSlots, kClaimSlot, kReleaseSlot})
    SymbolTable::setSymbolVisibility(module.lookupSymbol(name), SymbolTable::Visibility::Private);
  return success();
}

/// Calls a task, with the memory of a slot if it has memory for itself.
static void callTask(ImplicitLocOpBuilder &b, ParallelCallOp call, MutableArrayRef<Value> values) {
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  auto behind = [&](Value address, LLVM::GEPArg bytes) -> Value {
    return LLVM::GEPOp::create(b, pointer, b.getI8Type(), address, ArrayRef<LLVM::GEPArg>(bytes));
  };
  Value header, slot;
  for (auto [index, offset] : llvm::enumerate(call.getTaskOffsets().value_or(ArrayRef<int64_t>())))
    if (Value &memory = values[index + 1]; offset >= 0) {
      if (!slot) {
        header = behind(memory, int32_t(-offset - kSlotFlagBytes - kSlotsHeaderBytes));
        slot = LLVM::CallOp::create(b, b.getI64Type(), kClaimSlot, header).getResult();
      }
      memory = behind(memory, slot);
    }
  LLVM::CallOp::create(b, TypeRange(), call.getTask(), values);
  if (slot)
    LLVM::CallOp::create(b, TypeRange(), kReleaseSlot, ValueRange{header, slot});
}

/// shim(context, index): calls the task with what the context holds: the first index, then the
/// captured values.
static LLVM::LLVMFuncOp makeShim(ParallelCallOp call, LLVM::LLVMStructType contextType) {
  auto module = call->getParentOfType<ModuleOp>();
  ImplicitLocOpBuilder b(call.getLoc(), OpBuilder::atBlockEnd(module.getBody()));
  Type pointer = LLVM::LLVMPointerType::get(b.getContext()), i64 = b.getI64Type();
  Type none = LLVM::LLVMVoidType::get(b.getContext());
  auto shim = LLVM::LLVMFuncOp::create(b, (call.getTask() + "_shim").str(),
                                       LLVM::LLVMFunctionType::get(none, {pointer, i64}));
  SymbolTable::setSymbolVisibility(shim, SymbolTable::Visibility::Private);
  shim->setAttr("sepconv.task", b.getUnitAttr());
  b.setInsertionPointToStart(shim.addEntryBlock(b));
  SmallVector<Value> values;
  for (auto [field, type] : llvm::enumerate(contextType.getBody())) {
    Value address = LLVM::GEPOp::create(b, pointer, contextType, shim.getArgument(0),
                                        ArrayRef<LLVM::GEPArg>{0, static_cast<int32_t>(field)});
    values.push_back(LLVM::LoadOp::create(b, type, address));
  }
  values.front() = LLVM::AddOp::create(b, values.front(), shim.getArgument(1));
  callTask(b, call, values);
  LLVM::ReturnOp::create(b, ValueRange());
  return shim;
}

namespace {
struct LowerParallelCall : ConvertOpToLLVMPattern<ParallelCallOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult matchAndRewrite(ParallelCallOp call, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(call.getLoc(), rewriter);
    Type pointer = LLVM::LLVMPointerType::get(getContext()), i64 = b.getI64Type();
    SmallVector<Value> values{adaptor.getLower()};
    for (auto [capture, converted] : llvm::zip(call.getCaptures(), adaptor.getCaptures()))
      values.push_back(isa<MemRefType>(capture.getType())
                           ? MemRefDescriptor(converted).alignedPtr(rewriter, call.getLoc())
                           : converted);
    SmallVector<Type> types(ValueRange(values).getTypes());
    auto contextType = LLVM::LLVMStructType::getLiteral(getContext(), types);
    Value context;
    {
      // At the start of the function: a call in a loop must not grow the stack.
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(&call->getParentRegion()->front());
      Value one = LLVM::ConstantOp::create(rewriter, call.getLoc(), i64, 1);
      context = LLVM::AllocaOp::create(rewriter, call.getLoc(), pointer, contextType, one);
    }
    for (auto [field, value] : llvm::enumerate(values)) {
      Value address = LLVM::GEPOp::create(b, pointer, contextType, context,
                                          ArrayRef<LLVM::GEPArg>{0, static_cast<int32_t>(field)});
      LLVM::StoreOp::create(b, value, address);
    }
    auto module = call->getParentOfType<ModuleOp>();
    LLVM::LLVMFuncOp run = getRun(module, call.getLoc()), shim = makeShim(call, contextType);
    Value count = LLVM::SubOp::create(b, adaptor.getUpper(), adaptor.getLower());
    Value task = LLVM::AddressOfOp::create(b, shim);
    LLVM::CallOp::create(
        b, run, ValueRange{adaptor.getParallelFor(), adaptor.getPool(), count, task, context});
    rewriter.eraseOp(call);
    return success();
  }
};
} // namespace

void sepconv::populateParallelCallPatterns(const LLVMTypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns.add<LowerParallelCall>(converter);
}
