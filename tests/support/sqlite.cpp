#include "tests/support/sqlite.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace plugboard::test {

std::vector<std::vector<std::string>> run_sqlite(const std::string& file, const std::string& sql) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(file.c_str(), &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(opened, &sqlite3_close);
  if (code != SQLITE_OK) throw std::runtime_error("cannot open " + file);
  std::vector<std::vector<std::string>> rows;
  auto take = [](void* into, int columns, char** values, char**) {
    auto& row = static_cast<std::vector<std::vector<std::string>>*>(into)->emplace_back();
    for (int i = 0; i < columns; ++i) row.emplace_back(values[i] ? values[i] : "");
    return 0;
  };
  if (sqlite3_exec(database.get(), sql.c_str(), take, &rows, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(database.get()));
  return rows;
}

} // namespace plugboard::test
