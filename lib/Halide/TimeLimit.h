//===- TimeLimit.h - an end to what takes too long -------------------------------===//
#pragma once

#include <ctime>
#include <string>

namespace mlir::sepconv {

/// While it lives, this thread computes for at most so many seconds; then the program ends with the
/// message, and files that are being written are removed. Halide has no place where it could ask
/// whether to go on.
class TimeLimit {
public:
  TimeLimit(unsigned seconds, std::string message);
  TimeLimit(const TimeLimit &) = delete;
  ~TimeLimit();

private:
  std::string message;
  timer_t timer;
  bool isSet;
};

} // namespace mlir::sepconv
