//===- ExprTranslator.h - Halide expressions to MLIR values ----------------------===//
//
// Halide's Int(32) is what it computes indices in; it becomes `index`, of a vector where Halide has
// one. Every other type keeps its width. Private to lib/Halide.
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

  /// A scalar Int(32) expression is an `index` already.
  Type type(Halide::Type type) const;
  /// The type that it has in memory.
  Type storedType(Halide::Type type) const;

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
  Value loadStored(const Halide::Internal::Load *load);
  Value call(const Halide::Internal::Call *call);
  Value shuffle(const Halide::Internal::Shuffle *shuffle);
  Value reduce(const Halide::Internal::VectorReduce *reduce);
  Value arithmetic(const Halide::Expr &expr);
  Value comparison(const Halide::Expr &expr);
  Value compare(Value a, Value b, bool isFloat, bool isUnsigned, const char *predicate);
  Value divide(Value a, Value b, Halide::Type type);
  Value modulo(Value a, Value b, Halide::Type type);
  Value extremum(const Halide::Expr &a, const Halide::Expr &b, bool isMax);
  Value convert(Value value, Halide::Type from, Halide::Type to);
  Value constant(Halide::Type type, int64_t value);
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
