#include "core/http/origin.hpp"

namespace plugboard::http {
namespace {

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

} // namespace

std::string name_of(const Origin& origin) {
  if (!origin.unix_path.empty()) return "unix:" + origin.unix_path;
  return (origin.tls ? "https://" : "http://") + bracketed(origin.host) + ":" + std::to_string(origin.port);
}

std::string host_header(const Origin& origin) {
  if (!origin.unix_path.empty()) return "localhost";
  auto text = bracketed(origin.host);
  if (origin.port != (origin.tls ? 443 : 80)) text += ":" + std::to_string(origin.port);
  return text;
}

Error about(const Origin& origin, Error error) {
  if (!error.origin.empty()) return error;
  error.origin = name_of(origin);
  error.message = error.origin + " " + error.message;
  return error;
}

} // namespace plugboard::http
