// A folder of a test's own, gone with its object. [one thread]
#pragma once

#include <string>
#include <string_view>

namespace plugboard::test {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }

  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  std::string write(std::string_view name, std::string_view text) const; // whole, by renaming; its path

 private:
  std::string path_;
};

std::string read_text(const std::string& path); // "" when it is not there

} // namespace plugboard::test
