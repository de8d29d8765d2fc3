// What a plugin in a worker asks of the hub: the same services that one in this process has, with the answer sent back
// over the link. [the link's home, but for answers]
#pragma once

#include "core/connector/border.hpp"
#include "core/connector/worker_link.hpp"
#include "core/wire/messages.hpp"

#include <atomic>
#include <memory>

namespace plugboard::connector {

class WorkerServices {
 public:
  WorkerServices(const Border& border, std::shared_ptr<WorkerLink> link);

  // "" or how it breaks the rules.
  std::string_view log(std::string_view body) const;
  std::string_view http_send(std::string_view body);
  std::string_view secret_get(std::string_view body) const;
  std::string_view alarm_set(std::string_view body);
  std::string_view measured(std::string_view body) const;
  std::string_view kv_ask(std::string_view body);
  std::string_view secret_replace(std::string_view body);
  std::string_view token_ask(std::string_view body);
  std::string_view token_refused(std::string_view body) const;

 private:
  struct Asked { // one of them, until it is answered: perhaps when its worker is long gone
    std::weak_ptr<WorkerLink> link;
    std::shared_ptr<std::atomic<std::size_t>> open;
    std::uint64_t number = 0; // the worker's for it
  };

  static void responded(void* user, const plugboard_http_response* response);
  static void alarm_over(void* user, std::int32_t outcome);
  template <class Ask>
  std::string_view errand(std::uint64_t number, Ask ask, void (*tell)(Asked* asked, std::int32_t));
  template <class Message>
  static void answer(void* user, Message message);

  const Border& border_;
  const std::shared_ptr<WorkerLink> link_;
  const std::shared_ptr<std::atomic<std::size_t>> open_ = std::make_shared<std::atomic<std::size_t>>(0);
  const std::shared_ptr<std::atomic<std::size_t>> alarms_ = std::make_shared<std::atomic<std::size_t>>(0);
  const std::shared_ptr<std::atomic<std::size_t>> errands_ = std::make_shared<std::atomic<std::size_t>>(0);
  wire::HttpSend send_; // used again
};

} // namespace plugboard::connector
