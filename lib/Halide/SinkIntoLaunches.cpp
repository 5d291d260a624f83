//===- SinkIntoLaunches.cpp - a GPU computes what the host would -----------------===//

#include "SinkIntoLaunches.h"

namespace HI = Halide::Internal;
using Halide::Expr;

namespace {

class Sinker : public HI::IRMutator {
private:
  using HI::IRMutator::visit;

  HI::Stmt visit(const HI::LetStmt *op) override;
  HI::Stmt visit(const HI::IfThenElse *op) override;
  HI::Stmt visit(const HI::Allocate *op) override;
  HI::Stmt visit(const HI::For *op) override;
  Expr resolve(const Expr &expr) const {
    return HI::simplify(HI::substitute_in_all_lets(HI::substitute(definitions, expr)));
  }
  HI::Stmt underCondition(const Expr &condition, const HI::Stmt &stmt);

  std::map<std::string, Expr> definitions; // in dynamic sizes
  Expr wanted = HI::const_true();          // what is not to run has no blocks
};

/// Halide's own buffer structures stay, whoever reads them.
HI::Stmt Sinker::visit(const HI::LetStmt *op) {
  if (op->value.type().is_handle())
    return IRMutator::visit(op);
  definitions[op->name] = resolve(op->value); // names are used once
  return mutate(op->body);
}

HI::Stmt Sinker::underCondition(const Expr &condition, const HI::Stmt &stmt) {
  Expr before = wanted;
  wanted = HI::simplify(wanted && condition);
  HI::Stmt result = mutate(stmt);
  wanted = before;
  return result;
}

HI::Stmt Sinker::visit(const HI::IfThenElse *op) {
  Expr condition = resolve(op->condition);
  HI::Stmt then = underCondition(condition, op->then_case);
  if (!op->else_case.defined())
    return then;
  return HI::Block::make(then, underCondition(!condition, op->else_case));
}

HI::Stmt Sinker::visit(const HI::Allocate *op) {
  std::vector<Expr> extents;
  for (const Expr &extent : op->extents)
    extents.push_back(resolve(extent));
  return HI::Allocate::make(op->name, op->type, op->memory_type, extents, op->condition,
                            mutate(op->body), op->new_expr, op->free_function, op->padding);
}

/// The loops over blocks are within one another, x innermost; what is in that runs on the GPU.
HI::Stmt Sinker::visit(const HI::For *op) {
  if (op->for_type != HI::ForType::GPUBlock)
    return IRMutator::visit(op);
  Expr min = resolve(op->min), extent = resolve(op->extent);
  const auto *inner = op->body.as<HI::For>();
  HI::Stmt body;
  if (inner && inner->for_type == HI::ForType::GPUBlock) {
    body = visit(inner);
  } else {
    body = op->body;
    extent = HI::simplify(select(wanted, extent, 0));
    for (const auto &[name, value] : definitions)
      if (HI::stmt_uses_var(body, name))
        body = HI::LetStmt::make(name, value, body);
  }
  return HI::For::make(op->name, min, extent, op->for_type, op->partition_policy, op->device_api,
                       body);
}

} // namespace

HI::Stmt mlir::sepconv::sinkIntoLaunches(const HI::Stmt &stmt) { return Sinker().mutate(stmt); }
