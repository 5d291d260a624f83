//===- DefinitionScheduler.h - the directives of one definition ------------------===//
#pragma once

#include "KernelFuncs.h"
#include "sepconv/Schedule/ResolveDirectives.h"

namespace mlir::sepconv {

/// Applies the directives of one definition, as resolveDirectives found them: the stages and loops
/// that they name are there. A directive that is not legal throws: Halide's own
/// exceptions and KernelError are both turned into a diagnostic on the directive in `apply`.
class DefinitionScheduler {
public:
  DefinitionScheduler(KernelFuncs &funcs, Definition &definition, bool isUpdate, const Facts &facts)
      : funcs(funcs), definition(definition), facts(facts),
        stage(isUpdate ? definition.func.update(0) : Halide::Stage(definition.func)) {}

  LogicalResult apply(Operation *directive);

private:
  void applyOrThrow(Operation *directive);
  void split(schedule::SplitOp op);
  void fuse(schedule::FuseOp op);
  void rfactor(schedule::RfactorOp op);
  void bound(schedule::BoundOp op);
  void prefetch(schedule::PrefetchOp op);
  void prefetchNext(schedule::PrefetchNextOp op);
  void readAhead(schedule::ReadAheadOp op);

  Halide::VarOrRVar loop(StringRef name) const;
  Halide::VarOrRVar newLoop(StringRef name, bool isReduction);
  std::vector<Halide::VarOrRVar> loops(ArrayAttr names) const;
  Halide::Expr value(StringRef expression) const;
  Halide::Var dimension(StringRef name) const;
  Halide::LoopLevel level(StringRef stageName, StringRef loopName) const;

  KernelFuncs &funcs;
  Definition &definition;
  const Facts &facts;
  Halide::Stage stage;
};

} // namespace mlir::sepconv
