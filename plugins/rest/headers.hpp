// The header fields of a connector's requests: configured ones, of which secrets are asked of the hub anew for each
// call (they may rotate) and kept nowhere, and those that each call brings. Immutable; any thread.
#pragma once

#include "plugins/rest/problems.hpp"

#include <plugboard/host.hpp>

namespace plugboard::rest {

// Of one request: views of the configuration, of the call, and of what was made for it.
class MadeHeaders {
 public:
  const std::vector<HttpHeaderView>& all() const { return all_; }

  auto begin() const { return all_.begin(); }

  auto end() const { return all_.end(); }

 private:
  friend class Headers;
  std::vector<HttpHeaderView> all_;
  std::vector<std::string> own_; // values, with secrets in them; never more than were reserved, so that none moves
};

class Headers {
 public:
  void read(Fields& fields);       // "headers", of the connector or of a section
  void read_basic(Fields& fields); // "basic", of the connector; after read()
  // A section's win over the connector's of the same name.
  Headers over(const Headers& defaults) const;

  // With Accept, User-Agent, Accept-Language and Content-Type when there is a body. The failure: a secret is not there,
  // or can't stand in a header.
  Result<MadeHeaders> make(const Host& host, const Request& request, bool has_body) const;

 private:
  struct Entry {
    std::string name;
    std::string prefix; // the whole value when there is no secret; "user:" when basic
    std::string secret; // a handle
    bool basic = false;
  };

  void read_header(const std::string& name, const Value& value, const std::string& at, Problems& problems);
  bool has(std::string_view name) const;
  static std::string_view append_secret(const Host& host, const Entry& entry, std::string& value); // or why not

  std::vector<Entry> entries_;
};

} // namespace plugboard::rest
