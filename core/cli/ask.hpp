// Asks a hub: the agent API over TCP, or the admin API over its Unix socket or over TCP. One request, waited for.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/base/result.hpp"
#include "core/http/client.hpp"

#include <string>
#include <string_view>

namespace plugboard::cli {

struct Places { // from options and environment
  std::string server = "http://127.0.0.1:8710";
  std::string admin = "var/admin.sock"; // a socket's path, or http(s)://HOST:PORT
  std::string key;                      // PLUGBOARD_KEY: never an argument, where everybody could read it
  std::string admin_key{};              // PLUGBOARD_ADMIN_KEY, for an admin over TCP
  http::TlsTrust tls{};
};

struct Reply {
  int status = 0;
  std::string body;
};

class Ask {
 public:
  explicit Ask(Places places) : places_(std::move(places)) {}

  // Error: a sentence for people that names the hub's address and what to do.
  Result<Reply> agent(std::string_view method, std::string_view path, std::string body = {}) const;
  Result<Reply> admin(std::string_view method, std::string_view path, std::string body = {}) const;

  const Places& places() const { return places_; }

 private:
  Result<Reply> exchange(http::Call call) const;
  Result<Reply> over_tcp(std::string_view method, const std::string& server, std::string_view path, std::string body,
                         const std::string& key, std::string_view how) const;
  Places places_;
};

} // namespace plugboard::cli
