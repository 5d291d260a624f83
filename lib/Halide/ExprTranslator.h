//===- ExprTranslator.h - Halide expressions to MLIR values ----------------------===//
//
// Halide computes indices in Int(32), as it does a model's own numbers of 32 bits. What is computed
// of loops and sizes alone becomes `index`; what is loaded or converted is `i32`, and so is what is
// computed of both. Private to lib/Halide.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Halide.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

#include <map>
#include <stdexcept>
#include <string>

namespace mlir::sepconv {

struct DotInstruction;

/// A kernel that cannot be translated; caught where the pass calls lib/Halide and reported there.
struct KernelError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws the KernelError for an expression that has no translation.
[[noreturn]] void unsupported(const Halide::Expr &expr);

class ExprTranslator {
public:
  ExprTranslator(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  /// The value of an expression, with its operations inserted at the builder's point.
  Value translate(const Halide::Expr &expr);
  /// The same of a number that addresses memory or counts iterations: an `index`.
  Value index(const Halide::Expr &expr);

  /// The type of numbers that no loop or size has to do with, and of all in memory.
  Type type(Halide::Type type) const;

  void bind(const std::string &name, Value value) { symbols[name] = value; }
  void bindBuffer(const std::string &name, Value memref) { buffers[name] = memref; }
  Value buffer(const std::string &name) const;
  const std::map<std::string, Value> &boundBuffers() const { return buffers; }

  /// Says of loads and stores that buffers start at multiples of so many bytes, for processors that
  /// cannot move vectors elsewhere.
  void setBufferAlignment(int64_t bytes) { bufferAlignment = bytes; }

  /// Stores a scalar, or a vector where its predicate holds.
  void store(Value memref, const Halide::Internal::Store *store);

  /// Loads what an intrinsic prefetch names into the cache.
  void prefetch(const Halide::Internal::Call *call);

private:
  Value load(const Halide::Internal::Load *load);
  Value call(const Halide::Internal::Call *call);
  Value word(const Halide::Internal::Call *call);
  Value dotProduct(const Halide::Internal::Call *call, const DotInstruction &instruction);
  Value shuffle(const Halide::Internal::Shuffle *shuffle);
  Value reduce(const Halide::Internal::VectorReduce *reduce);
  Value arithmetic(const Halide::Expr &expr);
  Value comparison(const Halide::Expr &expr);
  Value compare(Value a, Value b, bool isFloat, bool isUnsigned, const char *predicate);
  /// A number of loops and sizes as a number of the model.
  Value asData(Value value);
  /// The operands of one operation in one type.
  std::pair<Value, Value> both(const Halide::Expr &a, const Halide::Expr &b);
  std::pair<Value, Value> both(Value a, Value b);
  Value divide(Value a, Value b, Halide::Type type);
  Value modulo(Value a, Value b, Halide::Type type);
  Value extremum(const Halide::Expr &a, const Halide::Expr &b, bool isMax);
  Value convert(Value value, Halide::Type from, Halide::Type to);
  Value constant(Type type, int64_t value);
  Value splat(Value scalar, Type vector);
  Value mask(const Halide::Expr &predicate, int lanes);
  /// Gives an access what is known of its address.
  void align(Operation *access, Halide::Type type, const Halide::Internal::ModulusRemainder &index);
  Value zeros(Type type);

  OpBuilder &builder;
  Location loc;
  int64_t bufferAlignment = 0;
  std::map<std::string, Value> symbols, buffers;
};

/// The printed form of an expression or statement, for messages.
template <typename Node> std::string printed(const Node &node) {
  std::ostringstream text;
  text << node;
  return text.str();
}

} // namespace mlir::sepconv
