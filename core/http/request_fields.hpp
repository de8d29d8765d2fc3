// The header block of a request for HTTP/2: pseudo-headers first, names lower case, nothing that concerns a connection
// (check_call has refused it). Views into the call, for the moment of handing it over. Internal to multiplex.
#pragma once

#include "core/http/client.hpp"

#include <nghttp2/nghttp2.h>

#include <string>
#include <vector>

namespace plugboard::http {

class RequestFields {
 public:
  explicit RequestFields(const Call& call);
  RequestFields(const RequestFields&) = delete;
  RequestFields& operator=(const RequestFields&) = delete;

  const nghttp2_nv* data() const { return fields_.data(); }

  std::size_t size() const { return fields_.size(); }

 private:
  void add(std::string_view name, std::string_view value);

  std::string authority_, length_;
  std::vector<nghttp2_nv> fields_;
};

} // namespace plugboard::http
