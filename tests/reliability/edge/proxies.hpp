// Debian's HAProxy and nginx in front of something that listens on 127.0.0.1, as operators run them, and once more with
// all that makes them more lenient. They keep connections to what is behind them and use them for all their clients.
// [one thread]
#pragma once

#include "tests/support/process.hpp"

#include <memory>
#include <optional>
#include <string>

namespace plugboard::test {

struct ProxyPorts { // of what is behind
  int strict = 0, lenient = 0;
};

class Proxy {
 public:
  enum class Kind { haproxy = 1, nginx };

  // token: what it adds to every request that it passes on. Throws when it is not installed or does not start.
  static std::unique_ptr<Proxy> start(Kind kind, ProxyPorts behind, const std::string& token);

  ProxyPorts ports() const { return ports_; }

  bool runs() { return !process_->ended(); }

 private:
  Proxy() = default;

  TempFolder folder_;
  ProxyPorts ports_;
  std::unique_ptr<Process> process_;
};

} // namespace plugboard::test
