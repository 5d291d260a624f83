//===- ConvertToLLVM.cpp - loops and buffers to the LLVM dialect -----------------===//

#include "ParallelCall.h"

#include "sepconv/IR/Buffer.h"
#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CONVERTTOLLVM
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// Different buffers do not overlap: the planner and the C interface see to it. (Two arguments that
/// are only read may be the same.) Those of an emulated kernel change while it waits for others.
static void addPointerAttributes(func::FuncOp function) {
  if (function.getNumArguments() > kMostOptimizedArguments)
    return;
  UnitAttr unit = UnitAttr::get(function.getContext());
  SmallVector<DictionaryAttr> all; // set at once: each change copies those of all arguments
  function.getAllArgAttrs(all);
  for (auto [type, attributes] : llvm::zip_equal(function.getArgumentTypes(), all)) {
    if (!isa<MemRefType>(type))
      continue;
    NamedAttrList list(attributes);
    list.set(LLVM::LLVMDialect::getNoAliasAttrName(), unit);
    list.set(LLVM::LLVMDialect::getNoCaptureAttrName(), unit);
    if (list.get(kTaskOffset))
      list.set(LLVM::LLVMDialect::getAlignAttrName(),
               Builder(function.getContext()).getI64IntegerAttr(kBufferAlignment));
    attributes = list.getDictionary(function.getContext());
  }
  function.setAllArgAttrs(all);
}

namespace {
struct ConvertToLLVMPass : public sepconv::impl::ConvertToLLVMBase<ConvertToLLVMPass> {
  void runOnOperation() override {
    for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal() && !function->hasAttr("sepconv.emulated"))
        addPointerAttributes(function);
    LowerToLLVMOptions options(&getContext());
    options.useBarePtrCallConv = true;
    LLVMTypeConverter converter(&getContext(), options);
    if (failed(addSlotFunctions(getOperation())))
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    // What is an instruction is not a call.
    populateMathToLLVMConversionPatterns(converter, patterns, /*approximateLog1p=*/true,
                                         /*benefit=*/2);
    populateMathToLibmConversionPatterns(patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    SymbolTableCollection symbols;
    populateFuncToLLVMConversionPatterns(converter, patterns, &symbols);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    populateParallelCallPatterns(converter, patterns);
    LLVMConversionTarget target(getContext());
    target.addLegalOp<ModuleOp>();
    target.addIllegalOp<ParallelCallOp>();
    if (failed(applyPartialConversion(getOperation(), target, std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
