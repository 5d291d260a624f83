//===- NetworkBuilder.h - where integers are built -------------------------------===//
#pragma once

#include "../Import/Operations/Quantization.h"

#include "mlir/IR/Diagnostics.h"

namespace mlir::sepconv::quantize {

/// The builder of lib/Import/Operations, at the place of an operation of the network.
struct NetworkBuilder : ops::TensorBuilder {
  using TensorBuilder::TensorBuilder;
  InFlightDiagnostic error() override { return emitError(loc); }
  InFlightDiagnostic error(StringRef argument) override {
    return emitError(loc) << argument << ": ";
  }
};

/// Of each tensor that is stored as integers, what they stand for.
using Quantizations = DenseMap<Value, ops::Quantization>;

} // namespace mlir::sepconv::quantize
