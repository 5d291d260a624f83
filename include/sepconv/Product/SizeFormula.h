//===- SizeFormula.h - a number that depends on dynamic sizes ---------------===//
//
// What a product for a GPU computes when it runs: numbers of blocks, of bytes, and the sizes of a
// kernel. The steps of a machine with a stack, which lib/Runtime/Cuda/formula.h is.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Value.h"

#include <optional>

namespace mlir::sepconv {

class SizeFormula {
public:
  /// The numbers are those of `enum operation` in lib/Runtime/Cuda/table.h.
  enum Operation : uint64_t {
    Number,   ///< pushes `value`
    Size,     ///< pushes the dynamic size with the number `value`
    Add,      ///< this and all below take two numbers, b from the top of the stack
    Subtract, ///< a - b
    Multiply,
    Divide, ///< a / b, rounded down
    Min,
    Max,
    Less,  ///< whether a < b, as 1 or 0
    Select ///< takes three: b if a is not 0, else c
  };
  struct Step {
    Operation operation;
    int64_t value;
    bool operator==(const Step &other) const {
      return operation == other.operation && value == other.value;
    }
  };
  SizeFormula(int64_t number = 0) : list{{Number, number}} {}
  static SizeFormula size(unsigned number);
  static SizeFormula of(Operation operation, ArrayRef<SizeFormula> operands);
  /// Of an expression, whose dimensions are `sizes`.
  static SizeFormula of(AffineExpr expr, ArrayRef<SizeFormula> sizes);
  /// Of a value that arithmetic on integers makes of those in `known`; nothing of another one, or
  /// where more numbers would be on the stack than it holds.
  static std::optional<SizeFormula> of(Value value, const DenseMap<Value, SizeFormula> &known);

  /// If it depends on no size.
  std::optional<int64_t> constant() const;
  ArrayRef<Step> steps() const { return list; }
  bool operator==(const SizeFormula &other) const { return list == other.list; }
  /// As people write it: "(height + 15) / 16".
  std::string text(ArrayRef<std::string> sizeNames) const;

private:
  SmallVector<Step, 1> list;
};

} // namespace mlir::sepconv
