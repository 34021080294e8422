#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace lobule {

/// Largest file that is read into memory: an ONNX file's own limit (protobuf).
inline constexpr std::int64_t kMaxFileBytes = std::int64_t{2} << 30;

/// A whole file. Throws std::runtime_error "FILE: cannot read: CAUSE" (errno's text, or that it is larger than kMaxFileBytes).
std::string read_file(const std::filesystem::path& file);

/// Writes the whole file or nothing: a temporary file beside it, fsync, rename, fsync of the folder. A reader sees the old file or the new one, never a part.
/// Throws std::runtime_error "FILE: cannot write: CAUSE" with errno's text ("No space left on device"); then no temporary file is left. A device, pipe or
/// folder of that name is refused.
void write_file_atomically(const std::filesystem::path& file, std::string_view bytes);

/// The same, and calls before_rename when the new file is whole on the disk and the old one still has its name. What it throws ends the writing: the old file stays.
void replace_file_atomically(const std::filesystem::path& file, std::string_view bytes, const std::function<void()>& before_rename);

/// Makes the folder and those above it. Throws std::runtime_error "FOLDER: cannot create the folder: CAUSE".
void create_folder(const std::filesystem::path& folder);

}  // namespace lobule
