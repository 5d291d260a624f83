//===- VariableBodies.h - what is done with the elements of a variable -----------===//
#pragma once

#include "LoopBuilder.h"

#include "sepconv/IR/SepConv.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::sepconv {

// The buffer has one dimension and as many elements as the shape.
void buildInitializer(LoopBuilder &loops, InitializerAttr initializer, ArrayRef<int64_t> shape,
                      Value buffer, Value seed, Value stream);
Value buildRegularizer(LoopBuilder &loops, RegularizerAttr regularizer, ArrayRef<int64_t> shape,
                       Value buffer);
void buildConstraint(LoopBuilder &loops, ConstraintAttr constraint, ArrayRef<int64_t> shape,
                     Value buffer);

} // namespace mlir::sepconv
