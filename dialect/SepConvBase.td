//===- SepConvBase.td - what the operations share ---------------*- tablegen -*-===//
#ifndef SEPCONV_BASE
#define SEPCONV_BASE

include "SepConvDialect.td"
include "mlir/Interfaces/CallInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/SymbolInterfaces.td"

class SepConv_Op<string mnemonic, list<Trait> traits = []>
    : Op<SepConv_Dialect, mnemonic, traits>;

// Sums of float16 and bfloat16 are computed in float32.
def SepConv_Tensor : RankedTensorOf<[F16, BF16, F32, F64]>;
// Of integers a verifier says which (C23).
def SepConv_Numbers : RankedTensorOf<[F16, BF16, F32, F64, I8, I16, I32, I64]>;

// An operation of the convolution family: its result type is inferred, and any other is an error.
class SepConv_WindowOp<string mnemonic, list<Trait> traits = []>
    : SepConv_Op<mnemonic, !listconcat([Pure,
        DeclareOpInterfaceMethods<InferTypeOpInterface, ["inferReturnTypes"]>], traits)> {
  let hasVerifier = 1;
  let results = (outs SepConv_Numbers:$output);
}

#endif // SEPCONV_BASE
