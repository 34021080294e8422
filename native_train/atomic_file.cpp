#include "atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace lobule {
namespace fs = std::filesystem;
namespace {

std::runtime_error file_error(const fs::path& file, const char* what, int error) {
  return std::runtime_error(file.string() + ": " + what + ": " + std::generic_category().message(error));
}

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  /// close(2) reports writes that failed late (NFS, quotas).
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

/// 0, or the errno of what failed.
int write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

std::string read_file(const fs::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) throw file_error(file, "cannot read", errno);
  std::string bytes;
  struct stat status {};
  if (::fstat(descriptor.get(), &status) == 0 && S_ISREG(status.st_mode)) {
    if (status.st_size > kMaxFileBytes) throw file_error(file, "cannot read", EFBIG);
    bytes.reserve(static_cast<std::size_t>(status.st_size));
  }
  char piece[1 << 16];  // a pipe has no size to ask for, so every file is read to its end in pieces
  for (;;) {
    const ssize_t got = ::read(descriptor.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw file_error(file, "cannot read", errno);
    if (got == 0) return bytes;
    bytes.append(piece, static_cast<std::size_t>(got));
    if (static_cast<std::int64_t>(bytes.size()) > kMaxFileBytes) throw file_error(file, "cannot read", EFBIG);
  }
}

void write_file_atomically(const fs::path& file, std::string_view bytes) {
  replace_file_atomically(file, bytes, [] {});
}

void replace_file_atomically(const fs::path& file, std::string_view bytes, const std::function<void()>& before_rename) {
  std::error_code ignored;  // what does not exist yet is no failure here
  // A link keeps pointing where its owner made it point; a device or a folder must never be renamed away.
  const fs::path target = fs::is_symlink(file, ignored) ? fs::weakly_canonical(file, ignored) : file;
  const fs::file_status status = fs::status(target, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw std::runtime_error(file.string() + ": cannot write: it exists and is no regular file");
  }
  // In the same folder, since rename does not cross file systems. A killed run's leftover of the same name is overwritten.
  const std::string temporary = target.string() + ".part" + std::to_string(::getpid());
  Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (descriptor.get() < 0) throw file_error(file, "cannot write", errno);
  int error = write_whole(descriptor.get(), bytes);
  if (!descriptor.close() && error == 0) error = errno;
  if (error == 0) {
    try {
      before_rename();
    } catch (...) {
      ::unlink(temporary.c_str());
      throw;
    }
  }
  if (error == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    throw file_error(file, "cannot write", error);
  }
  // The new name is durable only when the folder is. Some file systems cannot sync a folder; the file itself is whole then, too.
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() >= 0) ::fsync(parent.get());
}

void create_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error) && !error) error = std::make_error_code(std::errc::not_a_directory);
  if (error) throw file_error(folder, "cannot create the folder", error.value());
}

}  // namespace lobule
