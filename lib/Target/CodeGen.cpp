//===- CodeGen.cpp - from the LLVM dialect to machine code -----------------------===//

#include "sepconv/Target/CodeGen.h"
#include "ExpandFloat16.h"
#include "RoundToIntegers.h"
#include "SingleLaneStores.h"
#include "StackBytes.h"
#include "sepconv/IR/Buffer.h"

#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::sepconv;

void sepconv::initializeLLVMTargets() {
  static bool once = [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    return true;
  }();
  (void)once;
}

CodeGenerator::CodeGenerator(const TargetDescription &target,
                             std::unique_ptr<llvm::TargetMachine> machine, bool unwindTables)
    : target(target), machine(std::move(machine)), unwindTables(unwindTables) {}
CodeGenerator::CodeGenerator(CodeGenerator &&) = default;
CodeGenerator::~CodeGenerator() = default;

llvm::Expected<CodeGenerator> CodeGenerator::create(const TargetDescription &target,
                                                    bool unwindTables) {
  initializeLLVMTargets();
  std::string message;
  llvm::Triple triple(target.triple);
  const llvm::Target *backend = llvm::TargetRegistry::lookupTarget(triple, message);
  if (!backend)
    return llvm::createStringError("target '" + target.name + "': " + message);
  llvm::TargetOptions options;
  // Products and sums are contracted: faster and more exact.
  options.AllowFPOpFusion = llvm::FPOpFusion::Fast;
  std::unique_ptr<llvm::TargetMachine> machine(
      backend->createTargetMachine(triple, target.cpu, target.features, options, llvm::Reloc::PIC_,
                                   std::nullopt, llvm::CodeGenOptLevel::Default));
  if (!machine)
    return llvm::createStringError("target '" + target.name + "' cannot generate code");
  return CodeGenerator(target, std::move(machine), unwindTables);
}

std::unique_ptr<llvm::Module> CodeGenerator::translate(Operation *module,
                                                       llvm::LLVMContext &context) {
  DialectRegistry registry;
  registerAllToLLVMIRTranslations(registry);
  module->getContext()->appendDialectRegistry(registry);
  std::unique_ptr<llvm::Module> result = translateModuleToLLVMIR(module, context, "sepconv");
  if (!result)
    return nullptr;
  adopt(*result);
  return result;
}

static bool passesMany(const llvm::Function &function) {
  return function.arg_size() > kMostOptimizedArguments ||
         llvm::any_of(llvm::instructions(function), [](const llvm::Instruction &instruction) {
           auto *call = dyn_cast<llvm::CallBase>(&instruction);
           return call && call->arg_size() > kMostOptimizedArguments;
         });
}

void CodeGenerator::adopt(llvm::Module &module) {
  module.setTargetTriple(llvm::Triple(target.triple));
  module.setDataLayout(machine->createDataLayout());
  module.setPICLevel(llvm::PICLevel::BigPIC);
  for (llvm::Function &function : module) {
    if (unwindTables && !function.isDeclaration())
      function.setUWTableKind(llvm::UWTableKind::Async);
    // Code generation and the inference of attributes do without what takes the square of the
    // number.
    if (!function.isDeclaration() && passesMany(function)) {
      function.addFnAttr(llvm::Attribute::OptimizeNone);
      function.addFnAttr(llvm::Attribute::NoInline);
    }
    if (function.isDeclaration() || function.hasFnAttribute("target-cpu"))
      continue;
    function.addFnAttr("target-cpu", target.cpu);
    if (!target.features.empty())
      function.addFnAttr("target-features", target.features);
    // LLVM does not realign the stack for what it spills: where the ABI aligns it to 16 bytes, a
    // vector of 64 bytes would lie across two cache lines in three calls of four (12 % of a
    // depthwise 5x5 convolution).
    llvm::MaybeAlign stack = module.getDataLayout().getStackAlignment();
    if (stack && uint64_t(target.facts.lookup("vector_bytes")) > stack->value())
      function.addFnAttr("stackrealign");
  }
  expandFloat16(module, *machine);
  if (machine->getTargetTriple().getArch() == llvm::Triple::x86_64)
    roundToIntegers(module);
  optimize(module);
  expandSingleLaneStores(module);
}

/// Whether a pass of LLVM's is run: not where its time grows as the square of the arguments.
static bool isWorthItsTime(StringRef pass, llvm::Any unit) {
  // It follows pointers to functions, of which there is one at most: the caller's parallel_for.
  if (pass == "CalledValuePropagationPass")
    return false;
  // The values of conditions: that of each argument is whether it is null.
  if (pass != "CorrelatedValuePropagationPass" && pass != "ConstraintEliminationPass")
    return true;
  auto *function = llvm::any_cast<const llvm::Function *>(&unit);
  return !function || !(*function)->hasOptNone();
}

/// Kernels come unrolled and vectorized as their schedules say, so LLVM must not do it again.
void CodeGenerator::optimize(llvm::Module &module) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopUnrolling = false;
  tuning.LoopInterleaving = false;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassInstrumentationCallbacks callbacks;
  callbacks.registerShouldRunOptionalPassCallback(isWorthItsTime);
  llvm::PassBuilder builder(machine.get(), tuning, std::nullopt, &callbacks);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

llvm::Error CodeGenerator::emit(llvm::Module &module, bool assembly,
                                SmallVectorImpl<char> &output) {
  llvm::raw_svector_ostream stream(output);
  llvm::legacy::PassManager passes;
  passes.add(new llvm::TargetLibraryInfoWrapperPass(module.getTargetTriple()));
  auto type = assembly ? llvm::CodeGenFileType::AssemblyFile : llvm::CodeGenFileType::ObjectFile;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, type))
    return llvm::createStringError("target '" + target.name + "' cannot write " +
                                   (assembly ? "assembly" : "objects"));
  StackBytes stack(module);
  passes.run(module);
  stackBytes = stack.most();
  return llvm::Error::success();
}

llvm::Error sepconv::writeStaticLibrary(ArrayRef<NamedObject> objects,
                                        SmallVectorImpl<char> &output) {
  std::vector<llvm::NewArchiveMember> members;
  for (const auto &[name, object] : objects) {
    members.emplace_back(llvm::MemoryBufferRef(StringRef(object.data(), object.size()), name));
    members.back().MemberName = name;
  }
  llvm::raw_svector_ostream stream(output);
  return llvm::writeArchiveToStream(stream, members, llvm::SymtabWritingMode::NormalSymtab,
                                    llvm::object::Archive::K_GNU, /*Deterministic=*/true,
                                    /*Thin=*/false);
}
