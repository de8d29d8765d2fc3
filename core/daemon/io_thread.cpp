#include "core/daemon/io_thread.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <future>

namespace plugboard::daemon {
namespace {

// Contexts come in crowds, and each may ask one system several things: what one crowd needed is kept for the next,
// until it has been idle for too long.
http::ClientLimits client_limits() {
  http::ClientLimits limits;
  limits.idle_per_origin = limits.connections_per_origin;
  return limits;
}

} // namespace

IoThread::IoThread(const Clock& clock, Log& log, const http::TlsTrust& upstreams, const http::NameServers& name_servers)
    : log_(log), busy_(io_.get_executor()), resolver_(http::Resolver::make(io_, clock, name_servers)),
      client_(http::Client::make(io_, client_limits(), upstreams, clock, log, resolver_.get())),
      home_(connector::Home{io_, *client_, *resolver_, reader_, clock, {}}) {}

IoThread::~IoThread() {
  stop_and_join();
}

void IoThread::run() {
  std::promise<void> running;
  auto ready = running.get_future();
  thread_ = std::thread([this, &running] {
    home_.thread = std::this_thread::get_id();
    running.set_value();
    work();
  });
  ready.wait(); // home().thread is known to everybody from now on
}

// The root of this thread: a bug in one request ends that request (its responder answers 500), not the hub.
void IoThread::work() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& bug) {
      log_.error("io.exception", {{"what", bug.what()}});
    }
  }
}

void IoThread::post(std::function<void()> job) {
  boost::asio::post(io_, std::move(job));
}

void IoThread::stop_and_join() {
  busy_.reset();
  io_.stop();
  if (thread_.joinable()) thread_.join();
  if (agent_api) agent_api->close();
}

} // namespace plugboard::daemon
