#include "tests/reliability/leaks/remains.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace plugboard::test {

namespace fs = std::filesystem;

std::string read_whole(const std::string& path) {
  std::ostringstream text;
  std::ifstream file(path, std::ios::binary);
  if (file) text << file.rdbuf();
  return text.str();
}

std::vector<pid_t> family_of(pid_t process) {
  std::vector<pid_t> family{process};
  for (std::size_t i = 0; i < family.size(); ++i) {
    const auto tasks = "/proc/" + std::to_string(family[i]) + "/task";
    std::error_code gone;
    for (const auto& task : fs::directory_iterator(tasks, gone)) {
      std::istringstream children(read_whole(task.path() / "children"));
      for (pid_t child = 0; children >> child;) family.push_back(child);
    }
  }
  return family;
}

std::map<std::string, std::string> words_of(pid_t process) {
  std::map<std::string, std::string> words;
  for (const char* what : {"cmdline", "environ"}) {
    const auto path = "/proc/" + std::to_string(process) + "/" + what;
    words[path] = read_whole(path);
  }
  return words;
}

std::map<std::string, std::string> files_in(const std::string& folder) {
  std::map<std::string, std::string> files;
  std::error_code gone;
  for (const auto& entry : fs::recursive_directory_iterator(folder, gone))
    if (entry.is_regular_file(gone)) files[entry.path()] = read_whole(entry.path());
  return files;
}

std::vector<std::string> core_files(const std::string& folder) {
  std::vector<std::string> cores;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder, gone))
    if (entry.path().filename().string().starts_with("core") && entry.is_regular_file(gone))
      cores.push_back(entry.path());
  return cores;
}

} // namespace plugboard::test
