// A real OpenID provider (npm `oidc-provider`, a process of its own), the browser of the one customer who has an
// account there, and a proxy between provider and hub that spoils tokens when it is told to. [one thread]
#pragma once

#include "tests/support/connection.hpp"
#include "tests/support/process.hpp"

#include <memory>
#include <string>
#include <vector>

namespace plugboard::test {

class OidcProvider {
 public:
  // Why there is none on this machine: "" when there is.
  static std::string missing();

  // port: free_port(). logout_uri: whom it tells of logouts. Throws when it does not start.
  OidcProvider(int port, const std::string& logout_uri);

  std::string browse(const std::string& url);              // the customer logs in: where the browser ends up
  int end();                                               // the customer logs out there; once its clients were told
  std::vector<std::string> spoil(const std::string& name); // "": honest again; all that it knows to spoil
  std::string logout_token(const std::string& wish);       // JSON: see provider.mjs

  std::string err() const { return process_->err(); }

 private:
  Json ask(const std::string& path, const std::string& body);

  std::unique_ptr<Process> process_;
  int control_ = 0;
};

// A connector "login" for that provider, in a worker. more: further members of its config, with a comma before.
std::string oidc_connector(int port, const std::string& more = {});
inline constexpr const char* kOidcSecret = "the-hub-s-own-secret-at-the-provider"; // as OIDC_SECRET in the environment

} // namespace plugboard::test
