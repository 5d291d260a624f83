//===- ExpandNarrowFloats.cpp - conversions in steps, bfloat16 as its bits -------===//

#include "sepconv/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_EXPANDNARROWFLOATS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// bf16 becomes i16, in vectors and buffers too.
struct BitsConverter : TypeConverter {
  BitsConverter() {
    addConversion([](Type type) { return type; });
    addConversion([](BFloat16Type type) { return IntegerType::get(type.getContext(), 16); });
    addConversion(
        [this](ShapedType type) -> Type { return type.clone(convertType(type.getElementType())); });
  }
};

/// Operations that move numbers move their bits: all that no other pattern is for.
struct ConvertMove : ConversionPattern {
  ConvertMove(const TypeConverter &converter, MLIRContext *context)
      : ConversionPattern(converter, MatchAnyOpTypeTag(), /*benefit=*/0, context) {}
  LogicalResult matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                                ConversionPatternRewriter &rewriter) const override {
    if (op->getNumRegions())
      return failure();
    FailureOr<Operation *> moved =
        convertOpResultTypes(op, operands, *getTypeConverter(), rewriter);
    if (failed(moved))
      return failure();
    rewriter.replaceOp(op, *moved);
    return success();
  }
};

struct ConvertConstant : OpConversionPattern<arith::ConstantOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(arith::ConstantOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    TypedAttr bits;
    if (auto number = dyn_cast<FloatAttr>(op.getValue()))
      bits = rewriter.getIntegerAttr(rewriter.getI16Type(), number.getValue().bitcastToAPInt());
    else if (auto numbers = dyn_cast<DenseElementsAttr>(op.getValue()))
      bits = numbers.bitcast(rewriter.getI16Type());
    else
      return failure();
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, bits);
    return success();
  }
};

/// What the conversions read is what is stored.
struct ConvertBitcast : OpConversionPattern<arith::BitcastOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(arith::BitcastOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (adaptor.getIn().getType() != getTypeConverter()->convertType(op.getType()))
      return failure();
    rewriter.replaceOp(op, adaptor.getIn());
    return success();
  }
};

/// A GPU function's own buffers are arguments of its body, not of its type.
struct ConvertGpuFunction : OpConversionPattern<gpu::GPUFuncOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(gpu::GPUFuncOp function, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Block &body = function.getBody().front();
    TypeConverter::SignatureConversion arguments(body.getNumArguments());
    for (BlockArgument argument : body.getArguments())
      arguments.addInputs(argument.getArgNumber(),
                          getTypeConverter()->convertType(argument.getType()));
    Block *converted = rewriter.applySignatureConversion(&body, arguments, getTypeConverter());
    rewriter.modifyOpInPlace(function, [&] {
      TypeRange types = converted->getArgumentTypes();
      function.setFunctionType(
          rewriter.getFunctionType(types.take_front(function.getNumArguments()), {}));
    });
    return success();
  }
};

bool isBetweenNarrowAndDouble(Operation *op) {
  if (!isa<arith::ExtFOp, arith::TruncFOp>(op))
    return false;
  unsigned from = getElementTypeOrSelf(op->getOperand(0)).getIntOrFloatBitWidth();
  unsigned to = getElementTypeOrSelf(op->getResult(0)).getIntOrFloatBitWidth();
  return std::min(from, to) == 16 && std::max(from, to) == 64;
}

/// A conversion between a narrow type and float64 goes through float32.
template <typename Op> struct ConvertInSteps : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    if (!isBetweenNarrowAndDouble(op))
      return failure();
    Type single = rewriter.getF32Type();
    if (auto shaped = dyn_cast<ShapedType>(op.getType()))
      single = shaped.clone(single);
    Value step = Op::create(rewriter, op.getLoc(), single, op.getIn());
    rewriter.replaceOpWithNewOp<Op>(op, op.getType(), step);
    return success();
  }
};

struct ExpandNarrowFloats : sepconv::impl::ExpandNarrowFloatsBase<ExpandNarrowFloats> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    BitsConverter converter;
    RewritePatternSet patterns(context);
    arith::populateExpandBFloat16Patterns(patterns);
    patterns.add<ConvertInSteps<arith::ExtFOp>, ConvertInSteps<arith::TruncFOp>>(context);
    patterns.add<ConvertMove, ConvertConstant, ConvertBitcast, ConvertGpuFunction>(converter,
                                                                                   context);
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns, converter);
    ConversionTarget target(*context);
    target.markUnknownOpDynamicallyLegal([&](Operation *op) {
      if (auto function = dyn_cast<func::FuncOp>(op))
        return converter.isSignatureLegal(function.getFunctionType());
      if (auto function = dyn_cast<gpu::GPUFuncOp>(op))
        return converter.isLegal(&function.getBody());
      return converter.isLegal(op) && !isBetweenNarrowAndDouble(op);
    });
    if (failed(applyFullConversion(getOperation(), target, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
