//===- ProfileCalls.cpp - count the time of each call of a kernel ----------------===//

#include "sepconv/Passes.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_PROFILECALLS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// The entries of a model.
static SmallVector<func::FuncOp> entriesOf(ModuleOp module) {
  return llvm::filter_to_vector(module.getOps<func::FuncOp>(), [](func::FuncOp function) {
    return !function.isPrivate() && !function.isExternal();
  });
}

/// The calls of kernels that a function makes, itself or by its parts, in their order.
static void collectCalls(func::FuncOp function, SymbolTable &symbols,
                         SmallVectorImpl<func::CallOp> &calls) {
  function.walk([&](func::CallOp call) {
    auto callee = symbols.lookup<func::FuncOp>(call.getCallee());
    if (callee && callee->hasAttr("sepconv.part"))
      collectCalls(callee, symbols, calls);
    else if (callee && callee->hasAttr("sepconv.pattern"))
      calls.push_back(call);
  });
}

namespace {
struct ProfileCalls : sepconv::impl::ProfileCallsBase<ProfileCalls> {
  using ProfileCallsBase::ProfileCallsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    SmallVector<func::CallOp> calls;
    SmallVector<func::FuncOp> entries = entriesOf(module);
    for (func::FuncOp entry : entries)
      collectCalls(entry, symbols, calls);
    int64_t count = calls.size();
    OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
    type = MemRefType::get({count + 1}, b.getI64Type());
    auto zeros = DenseElementsAttr::get(RankedTensorType::get({count + 1}, b.getI64Type()),
                                        b.getI64IntegerAttr(0));
    memref::GlobalOp::create(b, module.getLoc(), kTicksSymbol, b.getStringAttr("private"), type,
                             zeros, /*constant=*/false, b.getI64IntegerAttr(kBufferAlignment));
    for (auto [number, call] : llvm::enumerate(calls)) {
      b.setInsertionPoint(call);
      Value begin = read(b, call.getLoc());
      b.setInsertionPointAfter(call);
      add(b, call.getLoc(), begin, number);
    }
    for (func::FuncOp entry : entries) {
      b.setInsertionPointToStart(&entry.front());
      Value begin = read(b, entry.getLoc());
      b.setInsertionPoint(entry.back().getTerminator());
      add(b, entry.getLoc(), begin, count);
    }
  }

private:
  Value read(OpBuilder &b, Location loc) {
    return LLVM::CallIntrinsicOp::create(b, loc, b.getI64Type(), b.getStringAttr(counter),
                                         ValueRange())
        .getResult(0);
  }

  void add(OpBuilder &b, Location loc, Value begin, int64_t number) {
    Value ticks = arith::SubIOp::create(b, loc, read(b, loc), begin);
    Value all = memref::GetGlobalOp::create(b, loc, type, kTicksSymbol);
    Value index = arith::ConstantIndexOp::create(b, loc, number);
    Value sum = memref::LoadOp::create(b, loc, all, index);
    memref::StoreOp::create(b, loc, arith::AddIOp::create(b, loc, sum, ticks), all, index);
  }

  MemRefType type;
};
} // namespace
