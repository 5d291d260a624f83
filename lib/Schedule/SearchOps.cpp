//===- SearchOps.cpp - the verifiers of parameters and searches ------------------===//
//
// The rules cited here (S5, S14) are those of schedules/README.md.
//
//===----------------------------------------------------------------------===//

#include "Rules.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::schedule;

static LogicalResult verifyName(Operation *op, StringRef name) {
  if (isIdentifier(name))
    return success();
  return op->emitOpError("S5: a parameter's name must be letters, digits and '_', got \"")
         << name << "\"";
}

LogicalResult ParamOp::verify() { return verifyName(*this, getName()); }

LogicalResult SearchOp::verify() {
  if (getNames().empty() || getNames().size() != getCandidates().size())
    return emitOpError(
               "S14: expected a list of candidates for each of one or more parameters, got ")
           << getNames().size() << " parameters and " << getCandidates().size() << " lists";
  for (StringRef name : getNames().getAsValueRange<StringAttr>())
    if (failed(verifyName(*this, name)))
      return failure();
  return success();
}

LogicalResult ChooseOp::verify() {
  for (NamedAttribute parameter : getParameters())
    if (!isa<IntegerAttr>(parameter.getValue()))
      return emitOpError("S19: the value of \"")
             << parameter.getName().strref() << "\" must be an integer, got "
             << parameter.getValue();
  return success();
}

LogicalResult SearchOp::verifyRegions() {
  llvm::StringSet<> named;
  bool minimizes = false;
  for (Operation &op : *getBody().begin()) {
    if (isa<MinimizeOp>(op) && std::exchange(minimizes, true))
      return op.emitOpError("S14: a search minimizes one cost at most");
    if (auto let = dyn_cast<LetOp>(op)) {
      if (failed(verifyName(let, let.getName())))
        return failure();
      bool isTaken = llvm::is_contained(getNames().getAsValueRange<StringAttr>(), let.getName());
      if (isTaken || !named.insert(let.getName()).second)
        return let.emitOpError("S14: the search has a value \"") << let.getName() << "\" already";
    } else if (!isa<RequireOp, MinimizeOp, UseOp>(op)) {
      return op.emitOpError("S14: a search holds schedule.let, schedule.require and "
                            "schedule.minimize only");
    }
  }
  return success();
}
