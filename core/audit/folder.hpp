// The one folder in which the trail's files lie, by their names alone: no path but the folder's own, no link followed,
// nothing open to others. Handed in, so that tests can let the disk fail. [any thread; a File: one]
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::audit {

class File { // open for appending
 public:
  virtual ~File() = default;
  virtual Result<void> append(std::string_view bytes) = 0; // all of them, or an error
  virtual Result<void> flush() = 0;                        // on the disk
  virtual Result<void> cut(std::uint64_t size) = 0;
};

class Folder {
 public:
  virtual ~Folder() = default;
  virtual Result<std::vector<std::string>> list() = 0;                       // sorted
  virtual Result<std::unique_ptr<File>> create(const std::string& name) = 0; // conflict: it is there
  virtual Result<std::unique_ptr<File>> open(const std::string& name) = 0;
  virtual Result<void> replace(const std::string& name, std::string_view bytes) = 0; // whole or not at all; flushed
  virtual Result<void> remove(const std::string& name) = 0;
  virtual Result<void> flush() = 0; // the names
  virtual Result<std::string> read(const std::string& name, std::uint64_t from, std::size_t most) = 0;
  virtual Result<std::uint64_t> size(const std::string& name) = 0;
};

// Makes it when it is not there.
Result<std::unique_ptr<Folder>> open_folder(const std::string& path);
// For reading what another process may be writing: neither makes nor changes anything.
Result<std::unique_ptr<Folder>> look_into_folder(const std::string& path);

} // namespace plugboard::audit
