// What the header fields of one head say about framing, gathered field by field. Internal to strict_head.
#pragma once

#include "core/http/strict_head.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plugboard::http {

class HeadFields {
 public:
  // `lines`: all the fields and the empty line after them. The refusal of the first that is wrong in itself.
  std::optional<Refusal> read(std::string_view lines);

  // Whether Transfer-Encoding and Content-Length together leave exactly one reading; sets body and length.
  std::optional<Refusal> frame(bool http_1_1, Framing& framing) const;

  std::size_t hosts = 0;
  bool has_length = false;
  bool close = false;
  bool expects_continue = false;
  bool expects_other = false;
  bool content_encoded = false;

 private:
  std::optional<Refusal> take_line(std::string_view line);
  std::optional<Refusal> take(std::string_view name, std::string_view value);
  std::optional<Refusal> take_length(std::string_view value);
  std::optional<Refusal> take_connection(std::string_view value);
  void take_codings(std::string_view value);

  std::size_t count_ = 0;
  std::uint64_t length_ = 0;
  std::size_t codings_ = 0;
  std::size_t chunked_ = 0;
  bool chunked_is_last_ = false;
  bool empty_coding_ = false;
};

} // namespace plugboard::http
