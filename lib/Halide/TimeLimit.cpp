//===- TimeLimit.cpp - an end to what takes too long -----------------------------===//

#include "TimeLimit.h"

#include "llvm/Support/Signals.h"

#include <csignal>
#include <unistd.h>

using namespace mlir::sepconv;

/// In a signal handler only what POSIX lists is safe.
static void endLate(int, siginfo_t *info, void *) {
  auto *message = static_cast<const std::string *>(info->si_value.sival_ptr);
  [[maybe_unused]] ssize_t written = write(2, message->data(), message->size());
  llvm::sys::RunInterruptHandlers(); // removes the files that are being written
  _exit(1);
}

TimeLimit::TimeLimit(unsigned seconds, std::string text) : message(std::move(text)) {
  struct sigaction action{};
  action.sa_sigaction = endLate;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGRTMIN, &action, nullptr);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGRTMIN;
  event.sigev_value.sival_ptr = &message;
  isSet = !timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer);
  itimerspec when{};
  when.it_value.tv_sec = seconds;
  if (isSet)
    timer_settime(timer, 0, &when, nullptr);
}

TimeLimit::~TimeLimit() {
  if (isSet)
    timer_delete(timer);
}
