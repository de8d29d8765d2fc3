// plugboard.host.http/1, the half that runs on the home's thread: sends, answers each exchange exactly once, cancels
// those that nobody waits for. Owned by a desk. [the home's thread]
#pragma once

#include "core/connector/exchange.hpp"
#include "core/connector/mailbox.hpp"

#include <unordered_map>
#include <vector>

namespace plugboard::connector {

class HomeExchanges {
 public:
  HomeExchanges(http::Client& client, Mailbox& mailbox, const Clock& clock)
      : client_(client), mailbox_(mailbox), clock_(clock) {
    spare_.reserve(kSpare);
  }

  std::uint64_t begin(std::unique_ptr<Exchange> exchange); // 0: answered already
  void refuse(std::unique_ptr<Exchange> exchange);         // answers it as cancelled, without sending
  void cancel(std::uint64_t id);                           // answered as cancelled, if it is not answered yet
  void cancel_all();

 private:
  struct Sent {
    std::unique_ptr<Exchange> exchange;
    http::Client::Id client_id = 0;
  };

  static constexpr std::size_t kSpare = 32;

  Sent& new_sent(std::uint64_t id);
  void answered(std::uint64_t id, const Result<http::Answer>& answer);
  void learn(const Exchange& exchange, const Result<http::Answer>& answer);
  void answer(const Exchange& exchange, const Result<http::Answer>& answer);
  void fail_with(const Exchange& exchange, std::int32_t error, std::string_view message);
  void respond(const Exchange& exchange, const plugboard_http_response& response);

  http::Client& client_;
  Mailbox& mailbox_;
  const Clock& clock_;
  std::unordered_map<std::uint64_t, Sent> sent_;
  std::vector<std::unordered_map<std::uint64_t, Sent>::node_type> spare_; // of those answered, for those to come
  std::uint64_t next_ = 1;
};

} // namespace plugboard::connector
