// HPACK, read with nghttp2's own inflater: what the hub asks, as its peer sees it. One a connection.
#pragma once

#include "tests/unit/http/frames.hpp"

struct nghttp2_hd_inflater;

namespace plugboard::http {

class FieldReader {
 public:
  FieldReader();
  ~FieldReader();
  FieldReader(const FieldReader&) = delete;
  FieldReader& operator=(const FieldReader&) = delete;

  Fields read(std::string_view block);

 private:
  nghttp2_hd_inflater* inflater_ = nullptr;
};

std::string field(const Fields& fields, const std::string& name); // "" when there is none

} // namespace plugboard::http
