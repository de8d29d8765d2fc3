// A client on a thread of its own, for tests that read like a conversation.
#pragma once

#include "core/http/client.hpp"
#include "tests/unit/http/io_thread.hpp"

#include <future>
#include <memory>
#include <string>
#include <utility>

namespace plugboard::http {

class Asking {
 public:
  explicit Asking(ClientLimits limits = {}, const TlsTrust& trust = {}) {
    client = thread.run([&] { return Client::make(thread.io(), limits, trust, clock, *log); });
  }

  ~Asking() { close(); }

  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  void close() { // so that an upstream's scripts come to their end
    thread.run([this] { client.reset(); });
  }

  struct Asked {
    Client::Id id;
    std::future<Result<Answer>> answer;
  };

  Asked ask(Call call) {
    auto promise = std::make_shared<std::promise<Result<Answer>>>();
    auto answer = promise->get_future();
    const auto id = thread.run([&] {
      return client->send(std::move(call), [promise](Result<Answer> result) { promise->set_value(std::move(result)); });
    });
    return {id, std::move(answer)};
  }

  Result<Answer> get(Call call) { return ask(std::move(call)).answer.get(); }

  Result<Answer> get(const std::string& url) { return get(call_to(url)); }

  static Call call_to(const std::string& url, const std::string& method = "GET") {
    Call call;
    call.method = method;
    call.url = parse_url(url).value();
    return call;
  }

  Deadline in(Duration left) const { return Deadline::after(clock.now(), left); }

  std::size_t idle() {
    return thread.run([this] { return client->idle_connections(); });
  }

  std::size_t open() {
    return thread.run([this] { return client->open_connections(); });
  }

  SystemClock clock;
  std::unique_ptr<Log> log = no_log();
  IoThread thread;
  std::unique_ptr<Client> client;
};

inline Code code_of(const Result<Answer>& result) {
  return result ? Code{} : result.error().code;
}

} // namespace plugboard::http
