// Judges the whole head of a message before and beside the parser. The parser repairs or overlooks some of what RFC
// 9112 forbids or leaves to chance; two programs that read such a message differently are how requests are smuggled.
// What passes here has exactly one reading, and its framing is said here; the parser must come to the same.
// [any thread]
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace plugboard::http {

struct Refusal {
  int status = 400;
  std::string_view reason; // static text, for people; no quotes or backslashes in it
};

enum class Body : std::uint8_t { none = 1, sized, chunked, until_close };

struct Framing {
  int status = 0; // of an answer
  Body body = Body::none;
  std::uint64_t length = 0; // when sized; never 0 then
  bool keep_alive = false;
  bool expects_continue = false;
  bool is_head = false; // a HEAD request
};

template <class T>
using Checked = boost::system::result<T, Refusal>;

inline constexpr std::size_t kMaxFields = 100;

// `head`: from the first byte of the first line to the empty line, both included.
Checked<Framing> check_request_head(std::string_view head);
Checked<Framing> check_answer_head(std::string_view head, bool answers_head_request);

// Makes the names of a head that passed lower case, in place.
void lower_case_names(std::string& head);

} // namespace plugboard::http
