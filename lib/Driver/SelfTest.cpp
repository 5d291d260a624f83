//===- SelfTest.cpp - what a product's self-test expects --------------------------===//
//
// A copy of the model is compiled to plain loops, for every machine like this one, and run here. It
// computes what the product must, whatever that is for. This is done when the model is known to
// have loops, and no cache to have the product.
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"

#include "sepconv/Driver/Progress.h"
#include "sepconv/Product/SelfTest.h"
#include "sepconv/Target/ResolveTarget.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/MathExtras.h"

#include <cstdlib>

using namespace mlir;
using namespace mlir::sepconv;

/// The products of one run that a reference may have: plain loops add some 10^9 in a second.
static constexpr uint64_t kMostMultiplyAdds = 100'000'000'000;

static uint64_t multiplyAdds(const ModelInterface &model) {
  uint64_t total = 0;
  for (const KernelInterface &kernel : model.kernels)
    total = llvm::SaturatingMultiplyAdd<uint64_t>(kernel.multiplyAdds, kernel.calls, total);
  return total;
}

/// What the check of a compiled reference leaves; it has nothing to agree with.
static llvm::Expected<std::vector<double>> runReference(const HostCode &code, StringRef name,
                                                        const ModelInterface &model) {
  auto test = code.lookup<int32_t (*)(void *, size_t)>((name + "_selftest").str());
  if (!test)
    return test.takeError();
  SelfTestLayout layout = SelfTestLayout::get(model);
  std::unique_ptr<void, decltype(&std::free)> memory(
      std::aligned_alloc(kBufferAlignment, layout.bytes), std::free);
  if (!memory)
    return llvm::createStringError("there is no memory of " + Twine(layout.bytes) + " bytes");
  int32_t status = (*test)(memory.get(), layout.bytes);
  if (status != StatusValue::OK && status != StatusValue::WrongResult)
    return llvm::createStringError(ProductInterface().statuses()[status].message);
  auto *left =
      reinterpret_cast<const double *>(static_cast<char *>(memory.get()) + layout.workspace);
  return std::vector<double>(left, left + layout.results());
}

/// A copy of the model as it was read, as a program of this process.
FailureOr<HostCode> Compilation::compileReference(ModelInterface &model) {
  llvm::Expected<TargetDescription> host = resolveTarget(anyHostTarget());
  if (!host)
    return report(host.takeError());
  (*original)->setAttr("sepconv.target", StringAttr::get(&context, host->name));
  StageOptions own = stages;
  own.target = host->name;
  own.lowering = "reference";
  own.threads = "none";
  own.functions = {kSelfTest.str()};
  own.remarks = false;
  if (own.weights == "file")
    own.weights = "embedded";
  PassManager pm(&context);
  pm.enableVerifier(false); // as in runStage
  for (Stage stage : kStages)
    buildStage(pm, stage, own);
  if (failed(pm.run(*original)) || failed(verify(*original)))
    return failure();
  FailureOr<ModelInterface> interface = ModelInterface::get(*original);
  if (failed(interface))
    return failure();
  model = std::move(*interface);
  if (uint64_t products = multiplyAdds(model); products > kMostMultiplyAdds)
    return report(llvm::createStringError(
        "--with=selftest: expected a model of at most " + Twine(kMostMultiplyAdds) +
        " multiply-adds, which its reference makes when the product is compiled, found " +
        Twine(products)));
  llvm::Expected<HostCode> code = HostCode::create(*original, *host);
  if (!code)
    return report(code.takeError());
  return std::move(*code);
}

LogicalResult Compilation::addTestResults() {
  if (!original)
    return success();
  showProgress(static_cast<unsigned>(Stage::Loops) + 1, kSteps, kSelfTest);
  ModelInterface model;
  FailureOr<HostCode> code = compileReference(model);
  if (failed(code))
    return clearProgress(), failure();
  llvm::Expected<std::vector<double>> left = runReference(*code, stages.name, model);
  if (!left)
    return report(llvm::createStringError("--with=selftest: cannot run the reference: " +
                                          llvm::toString(left.takeError())));
  auto results = module->lookupSymbol<memref::GlobalOp>(kTestResults);
  std::vector<double> numbers = testResults(model, *left);
  results.setInitialValueAttr(DenseElementsAttr::get(
      cast<ShapedType>(cast<ElementsAttr>(*results.getInitialValue()).getShapedType()),
      ArrayRef<double>(numbers)));
  original = {};
  return success();
}
