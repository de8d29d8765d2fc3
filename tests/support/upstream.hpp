// A system that connectors ask: a real little HTTP/1.1 server on a port of its own, a thread a connection, that answers
// as the test scripts it and remembers who asked what, over which connection. [any thread]
#pragma once

#include "tests/support/descriptor.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace plugboard::test {

struct UpstreamRequest {
  std::string method, target, path; // path: the target up to '?'
  std::map<std::string, std::string> headers;
  std::string body;
  int connection = 0; // 1, 2, …: in the order in which they came
};

struct UpstreamReply {
  int status = 200;
  std::string body = "{}";
  std::string content_type = "application/json";
  std::string raw{};   // when not empty: these bytes instead, as they are
  std::string again{}; // and then these, so many times, unless the other side is gone by then
  std::size_t times = 0;
  bool close = false; // the connection, after the answer
  bool hang = false;  // no answer ever, as long as the other side stays
};

class Upstream {
 public:
  using Handler = std::function<UpstreamReply(const UpstreamRequest&)>; // on the connection's thread; may wait

  explicit Upstream(int port = 0); // 0: the system chooses
  ~Upstream();                     // whoever waits in await() is let go
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  int port() const { return port_; }

  void on(const std::string& path, Handler handler); // from now on; what has none is answered 404
  void on(const std::string& path, UpstreamReply reply);

  // For handlers: returns true once `count` of them wait at once under this name; false when patience is over.
  bool barrier(const std::string& name, std::size_t count);
  // For handlers: waits until the test says open(name).
  void await(const std::string& name);
  void open(const std::string& name);

  std::vector<UpstreamRequest> requests() const;
  std::vector<UpstreamRequest> requests(const std::string& path) const;
  std::size_t connections() const;    // ever
  bool is_open(int connection) const; // the other side has not closed it

 private:
  void accept_all();
  void serve(int connection, int fd);
  bool reply_to(const UpstreamRequest& request, int fd);
  bool remember(UpstreamRequest request);

  Descriptor listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::map<std::string, Handler> handlers_;
  std::map<std::string, std::size_t> at_barrier_;
  std::map<std::string, bool> opened_;
  std::vector<UpstreamRequest> requests_;
  std::deque<Descriptor> sockets_; // by connection - 1
  std::vector<bool> open_;         // by connection - 1
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

} // namespace plugboard::test
