//===- AlignShared.cpp - the alignment of what the threads of a block share ------===//

#include "AlignShared.h"
#include "LinearForm.h"

#include <numeric>
#include <set>

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

namespace {

class SharedAligner : public HI::IRMutator {
  using IRMutator::visit;

  HI::Stmt visit(const HI::Allocate *op) override {
    if (op->memory_type == Halide::MemoryType::GPUShared)
      shared.insert(op->name);
    return IRMutator::visit(op);
  }
  HI::Stmt visit(const HI::LetStmt *op) override {
    values[op->name] = HI::substitute(values, op->value);
    return IRMutator::visit(op);
  }
  Expr visit(const HI::Let *op) override {
    values[op->name] = HI::substitute(values, op->value);
    return IRMutator::visit(op);
  }
  Expr visit(const HI::Load *op) override {
    if (!shared.count(op->name))
      return IRMutator::visit(op);
    return HI::Load::make(op->type, op->name, mutate(op->index), op->image, op->param,
                          mutate(op->predicate), alignmentOf(op->index));
  }
  HI::Stmt visit(const HI::Store *op) override {
    if (!shared.count(op->name))
      return IRMutator::visit(op);
    return HI::Store::make(op->name, mutate(op->value), mutate(op->index), op->param,
                           mutate(op->predicate), alignmentOf(op->index));
  }
  HI::ModulusRemainder alignmentOf(const Expr &index) const;

  std::set<std::string> shared;
  std::map<std::string, Expr> values; // of the definitions around an access
};

HI::ModulusRemainder SharedAligner::alignmentOf(const Expr &index) const {
  const auto *ramp = index.as<HI::Ramp>();
  LinearForm first(HI::simplify(HI::substitute(values, ramp ? ramp->base : index)));
  int64_t modulus = 0;
  for (const auto &[name, factor] : first.factors)
    modulus = std::gcd(modulus, factor);
  return {modulus, modulus ? HI::mod_imp(first.constant, modulus) : first.constant};
}

} // namespace

HI::Stmt sepconv::alignShared(const HI::Stmt &stmt) { return SharedAligner().mutate(stmt); }
