//===- Rfactor.cpp - parts of a sum as stages of their own -----------------------===//

#include "DefinitionScheduler.h"
#include "ExprTranslator.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::VarOrRVar;

/// Halide keeps the names of loops, or what stands behind their last dot.
static std::string shortName(const std::string &name) {
  return name.substr(name.find_last_of('.') + 1);
}

void DefinitionScheduler::rfactor(schedule::RfactorOp op) {
  VarOrRVar kept = loop(op.getLoop());
  if (!kept.is_rvar)
    throw KernelError("'" + op.getLoop().str() + "' is not a loop of the reduction");
  Halide::Var dimension(op.getLoop().str() + "_dim"); // a Var has no name of an RVar
  Definition parts{stage.rfactor(kept.rvar, dimension), {}, definition.operands}, result = parts;
  std::map<std::string, VarOrRVar> rest; // of the update
  for (const auto &[name, var] : definition.loops) {
    bool isKept = name == op.getLoop();
    VarOrRVar own = isKept ? VarOrRVar(dimension) : var;
    parts.loops.emplace(name, own);
    if (!own.is_rvar)
      result.loops.emplace(name, own);
    if (!var.is_rvar || isKept)
      rest.emplace(name, var);
  }
  definition.loops = rest;
  // The domains of both are new ones.
  for (const Halide::RVar &var : parts.func.rvars(0))
    for (auto &[name, found] : parts.loops)
      if (found.is_rvar && shortName(found.rvar.name()) == shortName(var.name()))
        found = VarOrRVar(var);
  for (const Halide::RVar &var : definition.func.rvars(0))
    definition.loops.insert_or_assign(op.getLoop().str(), VarOrRVar(var));
  std::string part = op.getPart().str();
  funcs.stages[part + "_sum"] = result;
  funcs.updates[part + "_sum"] = parts;
  result.func = parts.func.in(definition.func);
  funcs.stages[part] = result;
}
