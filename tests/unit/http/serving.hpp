// A server on a thread and port of its own, for tests; its handler runs on that thread.
#pragma once

#include "core/http/server.hpp"
#include "tests/unit/http/io_thread.hpp"
#include "tests/unit/http/raw_client.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace plugboard::http {

class Serving {
 public:
  explicit Serving(Handler handler, ServerLimits limits = {}, const Endpoint& endpoint = TcpEndpoint{"127.0.0.1", 0},
                   const ServerTls* tls = nullptr, std::unique_ptr<Log> logging = no_log())
      : log(std::move(logging)) {
    server = thread.run([&] {
      auto made = Server::listen(thread.io(), endpoint, limits, clock, *log, metrics, std::move(handler), tls);
      auto result = std::move(made).value();
      result->start();
      return result;
    });
  }

  ~Serving() {
    thread.run([this] { server.reset(); });
  }

  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::uint16_t port() {
    return thread.run([this] { return server->port(); });
  }

  std::size_t connections() {
    return thread.run([this] { return server->connections(); });
  }

  FakeClock clock;
  std::unique_ptr<Log> log;
  Metrics metrics;
  IoThread thread;
  std::unique_ptr<Server> server;
};

// Answers with what it was asked, and remembers it.
class Echo {
 public:
  Handler handler() {
    return [this](const Request& request, Responder responder) {
      {
        const std::scoped_lock lock(mutex_);
        targets_.emplace_back(request.target);
      }
      responder.send({200, "text/plain", {}, std::string(request.target) + "|" + std::string(request.body)});
    };
  }

  std::vector<std::string> targets() {
    const std::scoped_lock lock(mutex_);
    return targets_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> targets_;
};

inline std::string get(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: hub.example\r\n" + more + "\r\n";
}

inline std::string post(const std::string& target, const std::string& body, const std::string& more = "") {
  return "POST " + target + " HTTP/1.1\r\nHost: hub.example\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + more + "\r\n" + body;
}

} // namespace plugboard::http
