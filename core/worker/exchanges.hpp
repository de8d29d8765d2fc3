// HTTP requests that the plugin asked for and the hub makes: who is to be told of which response. [any thread]
#pragma once

#include "core/wire/messages.hpp"
#include "core/worker/outbox.hpp"

#include <mutex>
#include <unordered_map>

namespace plugboard::worker {

class Exchanges {
 public:
  using OnResponse = void (*)(void* user, const plugboard_http_response* response);

  explicit Exchanges(Outbox& outbox) : outbox_(outbox) {}

  std::int32_t send(const plugboard_http_request* raw, void* user, OnResponse on_response);
  void responded(std::string_view frame_body); // [the loop's thread]

 private:
  struct Asked {
    void* user = nullptr;
    OnResponse on_response = nullptr;
  };

  Outbox& outbox_;
  std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::unordered_map<std::uint64_t, Asked> asked_;
  wire::HttpResponse response_; // used again
};

} // namespace plugboard::worker
