//===- Edge.h - where values come into a model and go out ------------------------===//
#pragma once

#include "Operations/TensorBuilder.h"
#include "Problems.h"

namespace mlir::sepconv {

/// Builds what converts the numbers of a caller, of no layer.
struct Edge : ops::TensorBuilder {
  Edge(Problems &problems, OpBuilder &builder, Location loc)
      : TensorBuilder(builder, loc), problems(problems) {}
  InFlightDiagnostic error() override { return problems.error(); }
  InFlightDiagnostic error(StringRef) override { return problems.error(); }

  Problems &problems;
};

} // namespace mlir::sepconv
