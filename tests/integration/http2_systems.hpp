// Real servers that speak HTTP/2, nginx over TLS and nghttpd over TLS or in the clear, as systems to ask: each serves
// /s0.json … from a folder, with a certificate that signs itself, and can be killed and started again on its port. [one
// thread]
#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

#include <memory>
#include <set>
#include <string>

namespace plugboard::test {

class Http2System {
 public:
  virtual ~Http2System() = default;
  Http2System(const Http2System&) = delete;
  Http2System& operator=(const Http2System&) = delete;

  void start(); // and waits until it listens
  void kill();  // at once, as by a crash

  void send(int signal) const { process_->send(signal); }

  int port() const { return port_; }

  virtual bool tls() const { return true; }

  std::string certificate() const { return folder_ / "certificate.pem"; }

  // Those on which answers were asked for, ever; each is a name of the server's own.
  virtual std::set<std::string> connections() const = 0;

 protected:
  explicit Http2System(int files); // how many

  virtual std::vector<std::string> command() const = 0;

  const TempFolder folder_;
  std::unique_ptr<Process> process_;
  std::string said_before_; // on standard output, by processes that are gone
  int starts_ = 0;

 private:
  const int port_;
};

class Nginx final : public Http2System {
 public:
  // What is asked for under /slow/ is passed on to this port, in the clear.
  Nginx(int files, int slow_port);
  std::set<std::string> connections() const override;

 private:
  std::vector<std::string> command() const override;
};

class Nghttpd final : public Http2System {
 public:
  explicit Nghttpd(int files, bool tls = true);

  bool tls() const override { return tls_; }

  std::set<std::string> connections() const override;

 private:
  std::vector<std::string> command() const override;

  const bool tls_;
};

} // namespace plugboard::test
