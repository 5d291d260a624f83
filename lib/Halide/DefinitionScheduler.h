//===- DefinitionScheduler.h - the directives of one definition ------------------===//
#pragma once

#include "KernelFuncs.h"
#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Support/Expression.h"

namespace mlir::sepconv {

/// Applies the directives of one definition. A directive that is not legal throws: Halide's own
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

/// "none" or the quoted names, for a message.
template <typename Map> std::string namesOf(const Map &map) {
  std::string text;
  for (const auto &entry : map)
    text += (text.empty() ? "'" : ", '") + entry.first + "'";
  return text.empty() ? "none" : text;
}

} // namespace mlir::sepconv
