// A folder of this program's own for a while. [one thread]
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace plugboard::cli {

class OwnFolder { // for the owner alone, and gone with this object
 public:
  OwnFolder() {
    auto name = (std::filesystem::temp_directory_path() / "plugboard-run-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder could be made in " + name);
    path_ = name;
  }

  ~OwnFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

} // namespace plugboard::cli
