//===- Guard.cpp - whatever a tool meets, it ends with a message -----------------===//

#include "sepconv/Support/Guard.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/thread.h"

#include <csignal>
#include <cstring>
#include <new>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::sepconv;

// The parsers recurse 256 levels at most, Halide one level for each unrolled statement: 4096 of
// them take 3 MiB. Pages that nobody touches cost nothing.
static constexpr unsigned kStackBytes = 256u << 20;

#if defined(__SANITIZE_ADDRESS__)
static constexpr bool kSanitized = true;
#elif defined(__has_feature)
static constexpr bool kSanitized = __has_feature(address_sanitizer);
#else
static constexpr bool kSanitized = false;
#endif

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

uint64_t sepconv::defaultMemory() {
  uint64_t bytes = uint64_t(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  for (StringRef file : {"/sys/fs/cgroup/memory.max", // of version 2, and of version 1
                         "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    uint64_t limit;
    auto text = llvm::MemoryBuffer::getFileAsStream(file);
    if (text && !(*text)->getBuffer().trim().getAsInteger(10, limit))
      bytes = std::min(bytes, limit);
  }
  return bytes / 4 * 3;
}

std::optional<uint64_t> sepconv::parseMemory(StringRef text) {
  uint64_t number;
  if (text.consumeInteger(10, number) || !number || number > 1 << 20)
    return std::nullopt;
  if (text == "M" || text == "MiB")
    return number << 20;
  if (text == "G" || text == "GiB")
    return number << 30;
  return std::nullopt;
}

std::string sepconv::shownBytes(uint64_t bytes) {
  std::string text;
  bool giga = bytes >> 30;
  llvm::raw_string_ostream(text) << llvm::format("%.1f", double(bytes) / (giga ? 1 << 30 : 1 << 20))
                                 << (giga ? " GiB" : " MiB");
  return text;
}

/// Complete before it is needed: where there is no memory, nothing can be made.
static std::string outOfMemory;

[[noreturn]] static void endOutOfMemory() {
  [[maybe_unused]] ssize_t written = write(2, outOfMemory.data(), outOfMemory.size());
  llvm::sys::RunInterruptHandlers(); // removes the files that are being written
  _exit(1);
}

/// The stack, and what libraries have made while they were loaded.
static uint64_t memoryAtStart() {
  auto text = llvm::MemoryBuffer::getFileAsStream("/proc/self/statm");
  SmallVector<StringRef> pages; // size, resident, shared, text, lib, data
  uint64_t data = 0;
  if (text)
    (*text)->getBuffer().split(pages, ' ');
  if (pages.size() < 6 || pages[5].getAsInteger(10, data))
    return kStackBytes;
  return data * sysconf(_SC_PAGESIZE);
}

/// Counts what can be written and belongs to nobody else: neither libraries nor mapped files.
/// AddressSanitizer maps terabytes, and has a limit of its own (hard_rss_limit_mb).
static void limitMemory(const Guard &guard) {
  rlimit data, space; // of the shell
  getrlimit(RLIMIT_DATA, &data);
  getrlimit(RLIMIT_AS, &space);
  uint64_t most =
      std::min<uint64_t>({guard.memory.value_or(RLIM_INFINITY), data.rlim_cur, space.rlim_cur});
  outOfMemory = guard.tool + ": error: " + guard.subject + " needs more memory than " +
                (most == RLIM_INFINITY ? "there is" : shownBytes(most)) + guard.advice + "\n";
  if (kSanitized)
    return;
  std::set_new_handler(endOutOfMemory);
  llvm::install_bad_alloc_error_handler([](void *, const char *, bool) { endOutOfMemory(); });
  if (!guard.memory)
    return;
  data.rlim_cur = std::min<rlim_t>(data.rlim_cur, *guard.memory + memoryAtStart());
  setrlimit(RLIMIT_DATA, &data);
}

//===----------------------------------------------------------------------===//
// The child and its parent
//===----------------------------------------------------------------------===//

/// LLVM ends the program where it has no better answer: no thread can be made, a type is too large.
static void endFatal(void *user, const char *reason, bool) {
  auto &guard = *static_cast<const Guard *>(user);
  llvm::WithColor::error(llvm::errs(), guard.tool) << guard.subject << ": " << reason << "\n";
  llvm::sys::RunInterruptHandlers();
  _exit(1);
}

static int runChild(const Guard &guard, llvm::function_ref<int()> work) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (!kSanitized)
    llvm::install_fatal_error_handler(endFatal, const_cast<Guard *>(&guard));
  int code = 1;
  llvm::thread thread(std::optional<unsigned>(kStackBytes), [&] {
    // Where the stack ends, the handler that removes files has another one, if no sanitizer has set
    // its own.
    static char space[1 << 16];
    stack_t stack{};
    stack.ss_sp = space;
    stack.ss_size = sizeof(space);
    if (!kSanitized)
      sigaltstack(&stack, nullptr);
    limitMemory(guard);
    code = work();
  });
  thread.join();
  return code;
}

/// Of a child that a signal has ended.
static int explain(const Guard &guard, int signal) {
  // What people, shells and limits send is no fault, and what a sanitizer has found is to be seen.
  if (kSanitized || llvm::is_contained({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU, SIGALRM,
                                        SIGUSR1, SIGUSR2},
                                       signal)) {
    std::signal(signal, SIG_DFL);
    raise(signal);
  }
  llvm::raw_ostream &error = llvm::WithColor::error(llvm::errs(), guard.tool);
  if (signal == SIGKILL)
    error << guard.subject << ": the process was killed, perhaps because there was no memory left"
          << guard.advice << "\n";
  else
    error << guard.subject << ": a fault (" << strsignal(signal)
          << ") ended the process, and nothing was written; unless the input nests thousands of "
             "levels, this is an error of "
          << guard.tool << "\n";
  return 1;
}

int sepconv::runGuarded(const Guard &guard, llvm::function_ref<int()> work) {
  llvm::outs().flush();
  pid_t child = fork();
  if (child < 0)
    return work();
  if (!child) {
    int code = runChild(guard, work);
    std::exit(code);
  }
  int status;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFSIGNALED(status) ? explain(guard, WTERMSIG(status)) : WEXITSTATUS(status);
}
