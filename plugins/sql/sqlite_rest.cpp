#include "plugins/sql/sqlite_rest.hpp"

#include <array>
#include <fstream>
#include <string_view>

namespace plugboard::sql {
namespace {

bool in_wal_mode(const std::string& path) { // https://sqlite.org/fileformat2.html, the header
  std::array<char, 20> header{};
  std::ifstream file(path, std::ios::binary);
  if (!file.read(header.data(), header.size())) return false;
  return std::string_view(header.data(), 16) == std::string_view("SQLite format 3\0", 16) && header[18] == 2 &&
         header[19] == 2;
}

// Of what stands beside the file: "-wal". Not there: no bytes.
std::optional<long long> size_of(const std::string& path) {
  struct stat found {};

  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return found.st_size;
}

bool same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

} // namespace

std::optional<SqliteRest> SqliteRest::of(const std::string& path) {
  struct stat file {};

  if (::stat(path.c_str(), &file) != 0 || !in_wal_mode(path) || size_of(path + "-wal").value_or(0) > 0)
    return std::nullopt;
  return SqliteRest(file);
}

bool SqliteRest::lasts(const std::string& path) const {
  const auto now = of(path);
  return now && now->file_.st_dev == file_.st_dev && now->file_.st_ino == file_.st_ino &&
         now->file_.st_size == file_.st_size && same(now->file_.st_mtim, file_.st_mtim) &&
         same(now->file_.st_ctim, file_.st_ctim);
}

std::string hindrance(const std::string& path) {
  if (!std::ifstream(path).good()) return {};
  if (in_wal_mode(path) && size_of(path + "-wal").value_or(0) > 0 && !size_of(path + "-shm"))
    return "its -wal is not empty and its -shm is missing, which can't be made where it is only read: open the "
           "database "
           "once with a program that may write";
  if (size_of(path + "-journal").value_or(0) > 0)
    return "its -journal is of a change that was broken off, and can't be undone where it is only read: open the "
           "database once with a program that may write";
  return {};
}

} // namespace plugboard::sql
