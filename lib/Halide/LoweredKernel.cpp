//===- LoweredKernel.cpp - a kernel as bytes --------------------------------------===//

#include "LoweredKernel.h"
#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Schedule/ScheduleChoice.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::sepconv;

static constexpr StringLiteral kPassedOver = "sepconv.passed_over";

static void printWithoutPlaces(llvm::raw_ostream &os, Operation *op) {
  op->print(os, OpPrintingFlags().printGenericOpForm().useLocalScope());
  os << "\n";
}

std::string sepconv::inputsOf(func::FuncOp kernel) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << kernel->getParentOfType<ModuleOp>()->getAttr("sepconv.facts") << "\n";
  OwningOpRef<func::FuncOp> copy = kernel.clone();
  copy->setName("kernel");
  printWithoutPlaces(os, *copy);
  for (const ScheduleChoice &choice : getChoices(kernel))
    if (choice.schedule)
      if (Operation *schedule = SymbolTable::lookupNearestSymbolFrom(kernel, choice.schedule))
        printWithoutPlaces(os, schedule);
  return text;
}

std::string sepconv::writeLowered(func::FuncOp kernel, ArrayRef<std::string> passedOver) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(kernel.getContext()));
  SmallVector<StringRef> reasons(passedOver.begin(), passedOver.end());
  Builder builder(kernel.getContext());
  func::FuncOp copy = kernel.clone();
  copy->walk([&](Operation *op) { op->setLoc(module->getLoc()); });
  (*module)->setAttr(kPassedOver, builder.getStrArrayAttr(reasons));
  module->push_back(copy);
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  return succeeded(writeBytecodeToFile(*module, os)) ? bytes : std::string();
}

FailureOr<SmallVector<std::string>> sepconv::readLowered(func::FuncOp kernel, StringRef bytes) {
  // Another version's may be wrong in any way.
  ScopedDiagnosticHandler silent(kernel.getContext(), [](Diagnostic &) { return success(); });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(bytes, kernel.getContext());
  auto reasons = module ? (*module)->getAttrOfType<ArrayAttr>(kPassedOver) : ArrayAttr();
  auto functions =
      module ? llvm::to_vector(module->getOps<func::FuncOp>()) : SmallVector<func::FuncOp>();
  if (!reasons || functions.size() != 1)
    return failure();
  func::FuncOp lowered = functions.front();
  lowered.walk([&](Operation *op) { op->setLoc(kernel.getLoc()); });
  lowered.setName(kernel.getName());
  kernel.removeResAttrsAttr(); // it has results no more
  kernel->setAttrs(lowered->getAttrDictionary());
  kernel.getBody().takeBody(lowered.getBody());
  return llvm::map_to_vector(reasons.getAsValueRange<StringAttr>(),
                             [](StringRef reason) { return reason.str(); });
}
