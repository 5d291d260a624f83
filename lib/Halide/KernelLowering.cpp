//===- KernelLowering.cpp - one kernel on tensors to scheduled loops -------------===//
//
// The border to Halide: its exceptions end here and become diagnostics on the kernel.
//
//===----------------------------------------------------------------------===//

#include "KernelLowering.h"
#include "AlignShared.h"
#include "ApplySchedule.h"
#include "CheckAccess.h"
#include "LaunchTranslator.h"
#include "PromoteRegisters.h"
#include "ReadAhead.h"
#include "SinkIntoLaunches.h"
#include "TimeLimit.h"
#include "sepconv/IR/Buffer.h"
#include "sepconv/IR/ModelLocation.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace HI = Halide::Internal;

namespace {

/// Keeps the loop nest and hands back nothing, so that the rest of Halide's lowering has no work.
class TakeStmt : public HI::IRMutator {
public:
  using HI::IRMutator::mutate;
  HI::Stmt mutate(const HI::Stmt &stmt) override {
    taken = stmt;
    return HI::Evaluate::make(0);
  }
  HI::Stmt taken;
};

/// Halide's errors become exceptions of ours; its warnings are about programs that people write.
class Reporter : public Halide::CompileTimeErrorReporter {
public:
  void warning(const char *) override {}
  void error(const char *message) override { throw KernelError(message); }
};

/// Halide's lowering of the Funcs. Its target matters for nothing but what Halide believes to be
/// legal; instructions are chosen by LLVM.
HI::Stmt lowerFuncs(KernelFuncs &funcs, bool gpu, std::optional<int64_t> lineBytes) {
  Halide::Pipeline pipeline(funcs.outputs);
  TakeStmt take;
  pipeline.add_custom_lowering_pass(&take, [] {});
  std::vector<Halide::Argument> arguments;
  for (const Halide::ImageParam &input : funcs.inputs)
    if (input.defined())
      arguments.push_back(input);
  arguments.insert(arguments.end(), funcs.sizes.parameters().begin(),
                   funcs.sizes.parameters().end());
  Halide::Target target("x86-64-linux-avx512_skylake-no_bounds_query-no_runtime");
  if (gpu)
    target =
        target.with_feature(Halide::Target::CUDA).with_feature(Halide::Target::CUDACapability80);
  pipeline.compile_to_module(arguments, "kernel", target);
  // Halide has put in the idioms that its own back ends know instructions for.
  HI::Stmt loops = checkAccess(HI::lower_intrinsics(take.taken), funcs);
  return gpu ? promoteRegisters(alignShared(sinkIntoLaunches(loops)))
             : readAhead(loops, funcs, lineBytes);
}

class KernelLowering {
public:
  explicit KernelLowering(func::FuncOp kernel) : kernel(kernel) {}

  /// Leaves the kernel as it is if it fails.
  LogicalResult run();

private:
  LogicalResult makeFuncs();
  void translate(const HI::Stmt &stmt);
  SmallVector<Type> bufferTypes();
  void bindSizes(OpBuilder &builder, Block &entry, ExprTranslator &exprs);
  SmallVector<DictionaryAttr> describeBuffers();
  bool isForGpu() const { return facts.lookup("gpu"); }

  func::FuncOp kernel;
  Facts facts; // what the expressions of directives may name
  KernelForm form;
  std::unique_ptr<KernelFuncs> funcs;
};

/// A GPU that has no more than the schedule's budget.
static LogicalResult applyBudget(schedule::ScheduleOp schedule, Facts &facts) {
  for (auto budget : schedule.getBody().getOps<schedule::BudgetOp>())
    for (auto [fact, expression] :
         {std::pair<StringRef, StringRef>("registers", budget.getRegisters()),
          {"shared_bytes", budget.getSharedBytes()}}) {
      std::string problem;
      std::optional<int64_t> most = evaluate(expression, facts, problem);
      if (most && *most < 1)
        problem = "a budget must be positive";
      if (!problem.empty())
        return budget.emitOpError() << problem;
      auto there = facts.try_emplace(fact, *most).first;
      there->second = std::min(there->second, *most);
    }
  return success();
}

LogicalResult KernelLowering::makeFuncs() {
  FailureOr<KernelStages> stages = KernelStages::analyze(kernel);
  if (failed(stages))
    return failure();
  schedule::ScheduleOp schedule;
  if (auto symbol = kernel->getAttrOfType<FlatSymbolRefAttr>("sepconv.schedule")) {
    schedule = SymbolTable::lookupNearestSymbolFrom<schedule::ScheduleOp>(kernel, symbol);
    if (!schedule)
      return kernel.emitOpError() << "refers to schedule " << symbol << ", which is not there";
  }
  facts = kernelFacts(kernel, *stages);
  FailureOr<SmallVector<DefinitionDirectives>> directives = SmallVector<DefinitionDirectives>();
  if (schedule)
    directives = resolveDirectives(schedule, kernel, *stages, facts);
  if (failed(directives) || failed(checkBounds(*directives, kernel, *stages, facts)))
    return failure();
  FailureOr<KernelForm> chosen = kernelForm(*directives, kernel, *stages, facts);
  if (failed(chosen))
    return failure();
  form = *chosen;
  funcs = std::make_unique<KernelFuncs>(kernel, *stages, form);
  if (failed(applySchedule(*directives, *funcs, facts)) ||
      (schedule && failed(applyBudget(schedule, facts))))
    return failure();
  if (!schedule && isForGpu())
    runOnGpu(*funcs, facts);
  if (isForGpu())
    keepLoopsWhole(*funcs);
  return success();
}

/// One-dimensional buffers of the stored sizes, or the greatest: arguments, then results. A size
/// stays one.
SmallVector<Type> KernelLowering::bufferTypes() {
  SmallVector<Type> types;
  for (auto [number, type] : llvm::enumerate(kernel.getArgumentTypes())) {
    Type element = form.storesWords(number) ? IntegerType::get(kernel.getContext(), 32)
                                            : getElementTypeOrSelf(type);
    types.push_back(isa<IndexType>(type) ? type
                                         : MemRefType::get({funcs->storedSizes[number]}, element));
  }
  for (Value result : kernel.front().getTerminator()->getOperands())
    types.push_back(MemRefType::get({funcs->sizes.sizes().greatest(result).getNumElements()},
                                    getElementTypeOrSelf(result.getType())));
  return types;
}

/// Halide's parameters count multiples.
void KernelLowering::bindSizes(OpBuilder &builder, Block &entry, ExprTranslator &exprs) {
  const SizeExprs &sizes = funcs->sizes;
  for (auto [dynamic, parameter] :
       llvm::zip_equal(sizes.sizes().dynamicSizes(), sizes.parameters()))
    for (unsigned i = 0; i < kernel.getNumArguments(); ++i) {
      if (kernel.getArgAttr(i, kSize) != dynamic)
        continue;
      Value size = entry.getArgument(i);
      if (dynamic.getFactor() > 1)
        size = arith::DivUIOp::create(
            builder, kernel.getLoc(), size,
            arith::ConstantIndexOp::create(builder, kernel.getLoc(), dynamic.getFactor()));
      exprs.bind(parameter.name(), size);
    }
}

/// How arguments are packed. What arguments have, their shapes where sizes are dynamic, the buffers
/// of results have too.
SmallVector<DictionaryAttr> KernelLowering::describeBuffers() {
  Builder builder(kernel.getContext());
  for (auto [argument, packing] : form.packed)
    kernel.setArgAttr(argument, "sepconv.pack", packing.attribute(kernel.getContext()));
  SmallVector<DictionaryAttr> attributes;
  kernel.getAllArgAttrs(attributes);
  for (Value result : kernel.front().getTerminator()->getOperands()) {
    AffineMap shape = funcs->sizes.sizes().shape(result);
    attributes.push_back(builder.getDictionaryAttr({}));
    if (shape && !shape.isConstant())
      attributes.back() =
          builder.getDictionaryAttr(builder.getNamedAttr(kShape, AffineMapAttr::get(shape)));
  }
  return attributes;
}

void KernelLowering::translate(const HI::Stmt &stmt) {
  SmallVector<Type> types = bufferTypes();
  OpBuilder builder(kernel.getContext());
  Type scratchType = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
  Block *entry = new Block();
  entry->addArguments(types, SmallVector<Location>(types.size(), kernel.getLoc()));
  Value scratch = entry->addArgument(scratchType, kernel.getLoc());
  builder.setInsertionPointToStart(entry);
  std::unique_ptr<StmtTranslator> translator;
  if (isForGpu())
    translator = std::make_unique<LaunchTranslator>(builder, kernel, *entry, facts, funcs->sizes);
  else
    translator = std::make_unique<StmtTranslator>(builder, kernel.getLoc(), *entry);
  funcs->sizes.addTo(translator->bounds());
  bindSizes(builder, *entry, translator->expressions());
  unsigned at = 0;
  for (const Halide::ImageParam &input : funcs->inputs) {
    if (input.defined())
      translator->expressions().bindBuffer(input.name(), entry->getArgument(at));
    ++at;
  }
  for (const Halide::Func &output : funcs->outputs)
    translator->expressions().bindBuffer(output.name(), entry->getArgument(at++));
  translator->setScratch(scratch);
  try {
    translator->translate(stmt);
  } catch (...) {
    translator->abandon();
    entry->dropAllDefinedValueUses();
    delete entry;
    throw;
  }
  func::ReturnOp::create(builder, kernel.getLoc());
  SmallVector<DictionaryAttr> attributes = describeBuffers();
  kernel.getBody().getBlocks().clear();
  kernel.getBody().push_back(entry);
  if (int64_t bytes = translator->scratchBytes()) {
    types.push_back(MemRefType::get({bytes}, builder.getI8Type()));
    scratch.setType(types.back());
    kernel->setAttr("sepconv.scratch_bytes", builder.getI64IntegerAttr(bytes));
  } else {
    entry->eraseArgument(cast<BlockArgument>(scratch).getArgNumber());
  }
  attributes.resize(types.size(), builder.getDictionaryAttr({}));
  int64_t taskBytes = 0;
  for (auto [memory, bytes] : translator->taskMemory()) {
    types.push_back(MemRefType::get({bytes}, builder.getI8Type()));
    memory.setType(types.back());
    attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr(kTaskOffset, builder.getI64IntegerAttr(taskBytes))));
    taskBytes += bytes;
  }
  kernel.setFunctionType(builder.getFunctionType(types, {}));
  kernel.setAllArgAttrs(attributes);
  kernel.removeResAttrsAttr();
}

// Halide recurses into what follows each other: the iterations that S17 allows need 3 MiB.
static constexpr size_t kStackBytes = 128 << 20;

/// What no rule foresees: Halide simplifies expressions that grow with each other.
static std::string tooSlow(func::FuncOp kernel) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "error: layers " << llvm::join(ModelLocation(kernel.getLoc()).layers, ", ")
     << ": the kernel @" << kernel.getSymName();
  if (auto symbol = kernel->getAttrOfType<FlatSymbolRefAttr>("sepconv.schedule"))
    os << " cannot be lowered by the schedule " << symbol;
  else
    os << " cannot be lowered";
  os << " within the time that there is for its size; use fewer loops and smaller tiles\n";
  return text;
}

LogicalResult KernelLowering::run() {
  static Reporter reporter;
  Halide::set_compiler_stack_size(kStackBytes);
  Halide::set_custom_compile_time_error_reporter(&reporter);
  // A second is what the largest layers of networks take; 1000 operations take some seconds.
  auto operations = std::distance(kernel.front().begin(), kernel.front().end());
  TimeLimit limit(10 + operations / 50, tooSlow(kernel));
  try {
    if (failed(makeFuncs()))
      return failure();
    translate(lowerFuncs(*funcs, isForGpu(), factOf(facts, "line_bytes")));
    return success();
  } catch (const std::exception &problem) { // Halide::Error and KernelError
    InFlightDiagnostic diag = kernel.emitError() << StringRef(problem.what()).rtrim();
    if (auto symbol = kernel->getAttrOfType<FlatSymbolRefAttr>("sepconv.schedule"))
      if (Operation *schedule = SymbolTable::lookupNearestSymbolFrom(kernel, symbol))
        diag.attachNote(schedule->getLoc()) << "with this schedule";
    return diag;
  }
}

} // namespace

LogicalResult sepconv::lowerKernel(func::FuncOp kernel) { return KernelLowering(kernel).run(); }
