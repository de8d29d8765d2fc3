// The host's HTTP service, scripted: answers wait for requests or requests for answers, in order. [any thread]
#pragma once

#include <plugboard/host.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>

namespace plugboard::testkit {

struct Sent { // what the connector asked for
  std::string method, url;
  std::vector<HttpHeader> headers;
  std::string body;
  std::chrono::nanoseconds timeout{0};
  std::uint64_t max_body_bytes = 0;
  bool for_a_call = false;
};

struct Scripted { // what comes back
  int status = 200;
  std::vector<HttpHeader> headers{}; // names in lower case
  std::string body{};
  Status error = Status::ok; // anything else: there was no answer
  std::string message{};
};

class FakeHttp {
 public:
  // The oldest request that waits gets it, on this thread; else the next one, before its send returns.
  void answer(Scripted scripted) {
    Waiting waiting;
    {
      std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        scripts_.push_back(std::move(scripted));
        return;
      }
      waiting = waiting_.front();
      waiting_.pop_front();
    }
    respond(waiting, scripted);
  }

  // Answers every request by a function instead.
  void serve(std::function<Scripted(const Sent&)> server) {
    std::lock_guard lock(mutex_);
    server_ = std::move(server);
  }

  // From now on send refuses every request with this.
  void refuse(Status with) {
    std::lock_guard lock(mutex_);
    refuse_ = with;
  }

  std::vector<Sent> sent() const {
    std::lock_guard lock(mutex_);
    return sent_;
  }

  std::vector<Sent> wait_for_sent(std::size_t count, std::chrono::nanoseconds patience = std::chrono::seconds(5)) {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, patience, [&] { return sent_.size() >= count; }))
      throw std::runtime_error("the connector has made " + std::to_string(sent_.size()) + " requests, not " +
                               std::to_string(count));
    return sent_;
  }

  // What a hub does when it no longer waits: the call's exchanges end as cancelled. Null: all of them.
  void cancel(plugboard_call* call) {
    for (;;) {
      Waiting waiting;
      {
        std::lock_guard lock(mutex_);
        auto found = waiting_.begin();
        while (found != waiting_.end() && call && found->call != call) ++found;
        if (found == waiting_.end()) return;
        waiting = *found;
        waiting_.erase(found);
      }
      respond(waiting, {.error = Status::cancelled, .message = "cancelled"});
    }
  }

  std::int32_t send(const plugboard_http_request& request, void* user,
                    void (*on_response)(void*, const plugboard_http_response*)) {
    Waiting waiting{request.call, user, on_response};
    Scripted scripted;
    {
      std::unique_lock lock(mutex_);
      if (refuse_ != Status::ok) return static_cast<std::int32_t>(refuse_);
      sent_.push_back(copy(request));
      came_.notify_all();
      if (server_) {
        auto server = server_;
        auto asked = sent_.back();
        lock.unlock();
        scripted = server(asked);
      } else if (scripts_.empty()) {
        waiting_.push_back(waiting);
        return PLUGBOARD_OK;
      } else {
        scripted = std::move(scripts_.front());
        scripts_.pop_front();
      }
    }
    respond(waiting, scripted);
    return PLUGBOARD_OK;
  }

 private:
  struct Waiting {
    plugboard_call* call = nullptr;
    void* user = nullptr;
    void (*on_response)(void*, const plugboard_http_response*) = nullptr;
  };

  static Sent copy(const plugboard_http_request& request) {
    Sent sent{std::string(view(request.method)),
              std::string(view(request.url)),
              {},
              std::string(view(request.body)),
              std::chrono::nanoseconds(request.timeout_ns),
              request.max_body_bytes,
              request.call != nullptr};
    for (std::size_t i = 0; i < request.header_count; ++i)
      sent.headers.push_back({std::string(view(request.headers[i].name)), std::string(view(request.headers[i].value))});
    return sent;
  }

  static void respond(const Waiting& waiting, const Scripted& scripted) {
    std::vector<plugboard_http_header> headers;
    for (const auto& header : scripted.headers) headers.push_back({str(header.name), str(header.value)});
    plugboard_http_response response{PLUGBOARD_PREFIX(plugboard_http_response),
                                     static_cast<std::int32_t>(scripted.error),
                                     scripted.status,
                                     headers.data(),
                                     headers.size(),
                                     str(scripted.body),
                                     str(scripted.message)};
    waiting.on_response(waiting.user, &response);
  }

  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::function<Scripted(const Sent&)> server_;
  Status refuse_ = Status::ok;
  std::deque<Scripted> scripts_;
  std::deque<Waiting> waiting_;
  std::vector<Sent> sent_;
};

} // namespace plugboard::testkit
