//===- Fibre.h - a function that can be suspended --------------------------------===//
#pragma once

#include <boost/context/fiber.hpp>

#include <cstddef>

namespace sepconv::emulator {

/// Runs threads of a GPU one after the other, each of which may suspend itself.
class Fibre {
public:
  using Body = void (*)(void *arguments, size_t index);

  explicit Fibre(size_t stackBytes);
  ~Fibre();
  Fibre(const Fibre &) = delete;

  /// What resume() is to run.
  void begin(Body newBody, void *newArguments, size_t newIndex) {
    body = newBody, arguments = newArguments, index = newIndex;
  }
  /// Runs until the body suspends itself, or ends; returns whether it has ended.
  bool resume();
  /// Suspends the body; it calls this of its own fibre.
  void suspend();

private:
  void run();
  /// What AddressSanitizer has to know of a stack.
  struct Stack {
    const void *bottom = nullptr;
    size_t size = 0;
    void *fake = nullptr;
  };

  Body body = nullptr;
  void *arguments = nullptr;
  size_t index = 0;
  Stack own, callers;
  boost::context::fiber self, caller;
};

} // namespace sepconv::emulator
