// The requests of one turn of the loop over HTTP/1.1, written behind each other when it is over. With the work of a
// fan-out between them, each would find a process that has just gone to sleep, and pay for waking it. Owned by the
// client. [the client's thread]
#pragma once

#include <boost/asio/io_context.hpp>

#include <memory>
#include <vector>

namespace plugboard::http {

class Line;

class Outbox {
 public:
  explicit Outbox(boost::asio::io_context& io);
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  void add(std::shared_ptr<Line> line); // it has something to write

 private:
  void write();

  boost::asio::io_context& io_;
  std::vector<std::shared_ptr<Line>> lines_;
  std::shared_ptr<char> alive_ = std::make_shared<char>(); // what is posted holds it weakly: it may come too late
};

} // namespace plugboard::http
