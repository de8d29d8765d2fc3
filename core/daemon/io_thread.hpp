// One thread that serves requests from their bytes to their answer: an io_context, a resolver and a client for
// upstreams, a reader, the agent API and its listening socket, all its own. Owned by Hub. [construct, run, stop: the
// daemon's thread]
#pragma once

#include "core/api/agent_api.hpp"
#include "core/connector/home.hpp"
#include "core/http/client.hpp"
#include "core/http/resolver.hpp"
#include "core/http/server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <thread>

namespace plugboard::daemon {

class IoThread {
 public:
  IoThread(const Clock& clock, Log& log, const http::TlsTrust& upstreams, const http::NameServers& name_servers);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  void run(); // starts the thread
  void post(std::function<void()> job);
  void stop_and_join(); // after this nothing of it runs

  connector::Home& home() { return home_; }

  // Set once before its listener starts.
  std::unique_ptr<api::AgentApi> agent_api;
  std::unique_ptr<http::Server> server;

  boost::asio::io_context& io() { return io_; }

 private:
  void work();

  Log& log_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
  json::Reader reader_;
  std::unique_ptr<http::Resolver> resolver_;
  std::unique_ptr<http::Client> client_;
  connector::Home home_;
  std::thread thread_;
};

} // namespace plugboard::daemon
