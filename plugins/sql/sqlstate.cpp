#include "plugins/sql/sqlstate.hpp"

#include <algorithm>
#include <array>

namespace plugboard::sql {
namespace {

struct Meaning {
  std::string_view code; // five characters, or the two of a class
  Status status;
  std::string_view words;
};

constexpr std::array kMeanings{
    Meaning{"57014", Status::timeout, "the query took too long and was cancelled"},
    Meaning{"57P", Status::unreachable, "the server is starting, stopping or recovering"},
    Meaning{"08", Status::unreachable, "the connection broke"},
    Meaning{"28P01", Status::upstream_unauthorized, "the server refused the password"},
    Meaning{"28", Status::upstream_unauthorized, "the server does not let this user in (pg_hba.conf)"},
    Meaning{"3D000", Status::unreachable, "there is no such database on the server"},
    Meaning{"42501", Status::upstream_unauthorized, "the database user may not read what the query reads"},
    Meaning{"53300", Status::unreachable, "the server has no connection left"},
    Meaning{"25006", Status::upstream_failed, "the query writes, which is refused"},
    Meaning{"22P02", Status::upstream_failed,
            "a parameter has not the form of the type that the query compares it with"},
    Meaning{"22", Status::upstream_failed, "a value does not fit the query"},
    Meaning{"42", Status::upstream_failed, "the query does not fit the database"},
    Meaning{"53", Status::upstream_failed, "the server is short of memory, disk or connections"},
};

Failure failure_of(std::string_view sqlstate, Status otherwise) {
  for (const auto& meaning : kMeanings)
    if (sqlstate.substr(0, meaning.code.size()) == meaning.code)
      return {meaning.status, std::string(meaning.words) + " (SQLSTATE " + std::string(sqlstate) + ")"};
  return {otherwise, "the server refused (SQLSTATE " + std::string(sqlstate) + ")"};
}

bool is_sqlstate(std::string_view text) {
  return text.size() == 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

} // namespace

Failure failure_of_query(std::string_view sqlstate) {
  if (!is_sqlstate(sqlstate)) return {Status::unreachable, "the connection to the server broke"};
  return failure_of(sqlstate, Status::upstream_failed);
}

Failure failure_of_connecting(std::string_view message) {
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.remove_suffix(1);
  auto code = message.substr(message.size() - std::min<std::size_t>(message.size(), 5));
  const bool from_server = is_sqlstate(code) && message.size() > 7 && message[message.size() - 6] == ' ';
  if (from_server) return failure_of(code, Status::unreachable);
  std::string words(message);
  std::replace(words.begin(), words.end(), '\n', ' ');
  return {Status::unreachable, words.empty() ? "no connection to the server" : words};
}

} // namespace plugboard::sql
