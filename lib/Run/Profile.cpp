//===- Profile.cpp - how long each call of a kernel takes ------------------------===//

#include "sepconv/Run/Profile.h"
#include "sepconv/Support/OutputFiles.h"
#include "sepconv/Support/ReportPage.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <chrono>

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// Runs a product and keeps what its counters say of each run, in seconds.
class Profiler {
public:
  explicit Profiler(Product &product) : product(product), times(product.ticks().size()) {}
  llvm::Error run(double seconds);
  /// The 5th percentile of a call, of the whole run if it is the last.
  double of(size_t call);
  size_t runs() const { return times.back().size(); }

private:
  Product &product;
  std::vector<std::vector<double>> times;
};
} // namespace

llvm::Error Profiler::run(double seconds) {
  using Clock = std::chrono::steady_clock;
  MutableArrayRef<uint64_t> ticks = product.ticks();
  double total = 0;
  do {
    llvm::fill(ticks, 0);
    Clock::time_point start = Clock::now();
    if (llvm::Error error = product.run())
      return error;
    double time = std::chrono::duration<double>(Clock::now() - start).count();
    // The counter's frequency is that of no clock that a program could ask.
    double second = ticks.back() ? time / double(ticks.back()) : 0;
    for (auto [call, count] : llvm::zip_equal(times, ticks))
      call.push_back(double(count) * second);
    total += time;
  } while (total < seconds);
  return llvm::Error::success();
}

double Profiler::of(size_t call) {
  llvm::sort(times[call]);
  return times[call][times[call].size() / 20];
}

/// The products of a kernel's call, of all images of the run; 0 where sizes are dynamic.
static double multiplyAdds(const Product &product, StringRef kernel) {
  const llvm::json::Object &about = product.description();
  const llvm::json::Array *kernels = about.getArray("kernels");
  if (!kernels || about.getArray("sizes"))
    return 0;
  bool isDynamic = about.getNull("batch").has_value();
  double images = isDynamic && !product.boundSizes().empty() ? product.boundSizes().front() : 1;
  for (const llvm::json::Value &value : *kernels)
    if (value.getAsObject()->getString("name") == kernel)
      return images * double(value.getAsObject()->getInteger("multiply_adds").value_or(0));
  return 0;
}

/// The description with what was measured.
static llvm::Expected<llvm::json::Object> profile(Product &product, double seconds) {
  if (product.ticks().empty())
    return llvm::createStringError("--per-kernel needs a product that counts the time of its "
                                   "kernels; compile it with --with=profile");
  Profiler warm(product), profiler(product);
  if (llvm::Error error = warm.run(seconds / 10))
    return std::move(error);
  if (llvm::Error error = profiler.run(seconds))
    return std::move(error);
  llvm::json::Object result(product.description());
  size_t number = 0;
  for (llvm::json::Value &value : *result.getArray("calls")) {
    llvm::json::Object &call = *value.getAsObject();
    call["seconds"] = profiler.of(number++);
    call["multiply_adds"] = multiplyAdds(product, call.getString("kernel").value_or(""));
  }
  result["seconds"] = profiler.of(number);
  result["runs"] = static_cast<int64_t>(profiler.runs());
  return result;
}

static void print(const llvm::json::Object &profile, llvm::raw_ostream &stream) {
  double whole = profile.getNumber("seconds").value_or(0), sum = 0;
  stream << "      us   share  GFLOP/s  kernel                        layers\n";
  for (const llvm::json::Value &value : *profile.getArray("calls")) {
    const llvm::json::Object &call = *value.getAsObject();
    double seconds = call.getNumber("seconds").value_or(0);
    double products = call.getNumber("multiply_adds").value_or(0);
    if (!seconds) // of a variant for another processor
      continue;
    sum += seconds;
    SmallVector<StringRef> layers;
    for (const llvm::json::Value &layer : *call.getArray("layers"))
      layers.push_back(layer.getAsString().value_or("?"));
    stream << llvm::format("%8.1f %5.1f %%  ", 1e6 * seconds, 100 * seconds / whole)
           << (products ? llvm::formatv("{0,7:f1}", 2e-9 * products / seconds).str() : "       ")
           << llvm::formatv("  {0,-29} {1}\n", call.getString("kernel").value_or("?"),
                            llvm::join(layers, ", "));
  }
  stream << llvm::format("%8.1f %5.1f %%", 1e6 * sum, 100 * sum / whole)
         << "           all kernels\n"
         << llvm::format("%8.1f 100.0 %%", 1e6 * whole) << "           a run; 5th percentiles of "
         << profile.getInteger("runs").value_or(0) << " runs\n";
}

llvm::Error sepconv::profileKernels(Product &product, double seconds, bool json, StringRef page,
                                    llvm::raw_ostream &stream) {
  llvm::Expected<llvm::json::Object> times = profile(product, seconds);
  if (!times)
    return times.takeError();
  if (json)
    stream << llvm::formatv("{0:2}", llvm::json::Value(llvm::json::Object(*times))) << "\n";
  else
    print(*times, stream);
  if (page.empty())
    return llvm::Error::success();
  OutputFiles files;
  if (llvm::Error error = files.add(page, StringRef(makeReportPage(std::move(*times)))))
    return error;
  return files.keep();
}
