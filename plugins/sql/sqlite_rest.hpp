// A SQLite file in WAL mode that nobody has open: all of it is in the file, and its -wal and -shm are gone. Where they
// can't be made, in a folder that is only read, SQLite reads such a file as one that never changes; whether it did
// change meanwhile is for us to see. [any thread]
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace plugboard::sql {

class SqliteRest {
 public:
  static std::optional<SqliteRest> of(const std::string& path); // nothing: the file is not at rest

  bool lasts(const std::string& path) const; // it is still that file, at rest, and nobody has written

 private:
  explicit SqliteRest(const struct stat& file) : file_(file) {}

  struct stat file_;
};

// Why a file that is there can't be opened by who only reads, for the operator; empty: it is none of what we know.
std::string hindrance(const std::string& path);

} // namespace plugboard::sql
