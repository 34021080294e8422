// Preloaded (LD_PRELOAD) into `lobule`, makes one file operation fail or the program die there: full disks, broken disks, kill -9 inside a save.
//   FAIL_UNDER    folder; operations on files elsewhere are left alone and not counted
//   FAIL_AT       number of the operation (from 1): opening to write, writing, fsync, renaming, linking, making a folder
//   FAIL_WITH     errno that it fails with from then on, or 0: the program is killed there, or -15: it gets SIGTERM there, and the operation succeeds
//   FAIL_COUNT    file that the number of operations is written to at the end
// A write that is to die there first writes half of its bytes.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::atomic<long> operations{0};

bool is_under(const std::string& path) {
  static const std::string folder = environment("FAIL_UNDER");
  return !folder.empty() && path.compare(0, folder.size(), folder) == 0;
}

bool is_under(int descriptor) {
  char path[PATH_MAX];
  const ssize_t length = readlink(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), path, sizeof path);
  return length > 0 && is_under(std::string(path, static_cast<std::size_t>(length)));
}

/// True when this operation must not succeed; errno says why.
bool must_fail() {
  static const long at = std::atol(environment("FAIL_AT").c_str());
  static const int with = std::atoi(environment("FAIL_WITH").c_str());
  const long number = ++operations;
  if (at == 0 || number < at) return false;
  if (with < 0) {
    if (number == at) raise(-with);
    return false;
  }
  if (with == 0) {
    if (number == at) return true;  // the caller dies
    return false;
  }
  errno = with;
  return true;
}

bool dies() { return environment("FAIL_WITH") == "0"; }

/// Fails, or dies before the operation.
bool stops_here() {
  if (!must_fail()) return false;
  if (dies()) raise(SIGKILL);
  return true;
}

struct CountAtExit {
  ~CountAtExit() {
    const std::string file = environment("FAIL_COUNT");
    if (file.empty()) return;
    if (std::FILE* out = std::fopen(file.c_str(), "w")) {
      std::fprintf(out, "%ld\n", operations.load());
      std::fclose(out);
    }
  }
} count_at_exit;

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if ((flags & O_CREAT) != 0 && is_under(std::string(path)) && stops_here()) return -1;
  static const auto real = next<int (*)(const char*, int, ...)>("open");
  return real(path, flags, mode);
}

std::FILE* fopen64(const char* path, const char* mode) {
  if (std::strchr(mode, 'w') != nullptr && is_under(std::string(path)) && stops_here()) return nullptr;
  static const auto real = next<std::FILE* (*)(const char*, const char*)>("fopen64");
  return real(path, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  if (is_under(descriptor) && must_fail()) {
    if (!dies()) return -1;
    real(descriptor, bytes, size / 2);
    raise(SIGKILL);
  }
  return real(descriptor, bytes, size);
}

ssize_t writev(int descriptor, const iovec* pieces, int count) {
  if (is_under(descriptor) && stops_here()) return -1;
  static const auto real = next<ssize_t (*)(int, const iovec*, int)>("writev");
  return real(descriptor, pieces, count);
}

int fsync(int descriptor) {
  if (is_under(descriptor) && stops_here()) return -1;
  static const auto real = next<int (*)(int)>("fsync");
  return real(descriptor);
}

int rename(const char* from, const char* to) {
  if (is_under(std::string(to)) && stops_here()) return -1;
  static const auto real = next<int (*)(const char*, const char*)>("rename");
  return real(from, to);
}

int link(const char* from, const char* to) {
  if (is_under(std::string(to)) && stops_here()) return -1;
  static const auto real = next<int (*)(const char*, const char*)>("link");
  return real(from, to);
}

int mkdir(const char* path, mode_t mode) {
  if (is_under(std::string(path)) && stops_here()) return -1;
  static const auto real = next<int (*)(const char*, mode_t)>("mkdir");
  return real(path, mode);
}

}  // extern "C"
