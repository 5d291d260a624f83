//===- Benchmark.cpp - how long a compiled model takes ---------------------------===//

#include "sepconv/Run/Benchmark.h"

#include "llvm/Support/Format.h"

#include <chrono>
#include <random>

using namespace mlir;
using namespace mlir::sepconv;

std::vector<Array> sepconv::randomArrays(ArrayRef<Port> ports, const Product &product,
                                         double least) {
  std::mt19937 random(1);
  std::vector<Array> arrays;
  for (const Port &port : ports) {
    Array array(port.typeOf(product.greatestSizes()));
    for (int64_t i = 0; i < array.type.elements(); ++i)
      array.set(i, port.dtype->semantics ? least + (1 - least) * (random() / 4294967296.0)
                                         : random() % 128);
    arrays.push_back(std::move(array));
  }
  return arrays;
}

/// The times of runs, in seconds, for so long.
static llvm::Expected<std::vector<double>> measure(Product &product, double seconds) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  double total = 0;
  do {
    Clock::time_point start = Clock::now();
    if (llvm::Error error = product.run())
      return std::move(error);
    times.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    total += times.back();
  } while (total < seconds);
  llvm::sort(times);
  return times;
}

/// With a unit that gives one to three digits before the point.
static void print(llvm::raw_ostream &stream, double seconds) {
  static constexpr std::pair<double, const char *> units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}};
  for (auto [unit, name] : units)
    if (seconds >= unit || unit == 1e-6) {
      stream << llvm::format("%.3f ", seconds / unit) << name;
      return;
    }
}

llvm::Error sepconv::benchmark(Product &product, double seconds, llvm::raw_ostream &stream) {
  if (llvm::Expected<std::vector<double>> warm = measure(product, seconds / 10); !warm)
    return warm.takeError();
  llvm::Expected<std::vector<double>> times = measure(product, seconds);
  if (!times)
    return times.takeError();
  // Clocks jump for milliseconds at a time: a bare minimum would flatter.
  print(stream << "5th percentile ", (*times)[times->size() / 20]);
  print(stream << ", median ", (*times)[times->size() / 2]);
  stream << ", " << times->size() << " runs\n";
  return llvm::Error::success();
}
