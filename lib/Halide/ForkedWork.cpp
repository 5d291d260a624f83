//===- ForkedWork.cpp - pieces of work in processes of their own ------------------===//

#include "ForkedWork.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace mlir;
using namespace mlir::sepconv;

using Work = llvm::function_ref<std::optional<std::string>(size_t)>;

namespace {
struct Child {
  pid_t process;
  int pipe;
  size_t number;
  std::string result;
};
} // namespace

[[noreturn]] static void runChild(size_t number, Work work, int pipe) {
  prctl(PR_SET_PDEATHSIG, SIGKILL); // nobody waits for what it does any more
  if (int nowhere = open("/dev/null", O_WRONLY); nowhere >= 0)
    dup2(nowhere, STDERR_FILENO); // who started it says what is wrong
  std::optional<std::string> result = work(number);
  for (size_t written = 0; result && written < result->size();) {
    ssize_t some = write(pipe, result->data() + written, result->size() - written);
    if (some < 0 && errno == EINTR)
      continue;
    if (some <= 0)
      _exit(1);
    written += some;
  }
  _exit(result ? 0 : 1); // without what this process does at its end
}

static std::optional<Child> start(size_t number, Work work) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC))
    return std::nullopt;
  pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    runChild(number, work, ends[1]);
  }
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return std::nullopt;
  }
  return Child{process, ends[0], number, ""};
}

/// Reads what there is; true at the end.
static bool readSome(Child &child) {
  char buffer[1 << 16];
  ssize_t some = read(child.pipe, buffer, sizeof(buffer));
  if (some > 0)
    child.result.append(buffer, some);
  return some == 0 || (some < 0 && errno != EINTR);
}

static bool endedWell(const Child &child) {
  close(child.pipe);
  int status = 0;
  while (waitpid(child.process, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void sepconv::forEachInProcess(unsigned jobs, size_t count, Work work,
                               llvm::function_ref<void(size_t, std::optional<std::string>)> take) {
  std::vector<Child> children;
  size_t next = 0;
  while (next < count || !children.empty()) {
    while (next < count && children.size() < std::max(jobs, 1u)) {
      if (std::optional<Child> child = start(next, work))
        children.push_back(std::move(*child));
      else
        take(next, std::nullopt);
      ++next;
    }
    std::vector<pollfd> pipes;
    for (const Child &child : children)
      pipes.push_back({child.pipe, POLLIN, 0});
    if (poll(pipes.data(), pipes.size(), -1) < 0)
      continue;
    for (size_t i = children.size(); i-- > 0;) {
      if (!pipes[i].revents || !readSome(children[i]))
        continue;
      Child child = std::move(children[i]);
      children.erase(children.begin() + i);
      bool good = endedWell(child);
      take(child.number, good ? std::optional(std::move(child.result)) : std::nullopt);
    }
  }
}
