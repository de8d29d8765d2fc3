// What an upstream sends over one HTTP/2 connection while calls are under way, one of which is given up: every other is
// told exactly once, of an answer within its limits or of a failure, and nothing is left over. How the bytes arrive
// changes none of it, as long as nobody breaks the rules.
#include "core/http/multiplex.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace plugboard::fuzz {
namespace {

constexpr http::Multiplex::Limits kLimits{2048, 4096, 8, 8};

void check(const http::Answer& answer) {
  require(answer.status >= 200 && answer.status <= 599, "a status is final and known");
  require(answer.body.size() <= kLimits.body_bytes, "a body stays within its limit");
  std::size_t bytes = 0;
  for (const auto& [name, value] : answer.headers) {
    bytes += name.size() + value.size();
    require(!name.empty() && name.front() != ':', "a field has a name, and no pseudo-field is one");
    for (const char c : name) require(c > ' ' && c < '\x7f' && (c < 'A' || c > 'Z'), "a field's name is lower case");
    for (const char c : value)
      require(static_cast<unsigned char>(c) >= 0x20 || c == '\t', "a field's value holds no control character");
  }
  require(bytes <= kLimits.header_bytes, "fields stay within their limit");
}

struct Story {           // of one order
  std::string answer;    // empty: none
  Code failure = Code{}; // none
  http::Again again = http::Again::no;
  friend bool operator==(const Story&, const Story&) = default;
};

using Stories = std::array<Story, 4>;

Story story_of(const http::Ending& ending) {
  if (!ending.result) return {{}, ending.result.error().code, ending.again};
  check(*ending.result);
  auto answer = std::to_string(ending.result->status);
  for (const auto& [name, value] : ending.result->headers) answer.append("\n").append(name).append(": ").append(value);
  return {answer.append("\n\n").append(ending.result->body), {}, ending.again};
}

bool by_the_rules(const Stories& stories) {
  return std::none_of(stories.begin(), stories.end(), [](const Story& story) {
    return story.failure == Code::malformed || story.failure == Code::too_large;
  });
}

class Conversation {
 public:
  Conversation() {
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      auto& order = orders_[i];
      order.call.url = http::Url{{true, "shop.example", 443}, "/x"};
      if (i == 1) order.call.method = "POST";
      if (i == 1) order.call.body = "{}";
      order.is_head = i == 2;
      if (order.is_head) order.call.method = "HEAD";
      order.max_body_bytes = kLimits.body_bytes;
      session_.begin(order);
    }
    flush();
  }

  void hear(std::string_view bytes) {
    session_.receive(bytes);
    flush();
    note();
  }

  void give_up_the_last() {
    if (told_.back() == 0) session_.give_up(orders_.back());
    told_.back() = 1; // or is never told
  }

  Stories end() { // what each order was told
    session_.lost(session_.broken() ? session_.failure() : Error{Code::unreachable, "closed", ""});
    note();
    for (const int times : told_) require(times == 1, "every order is told once");
    require(session_.streams() == 0, "nothing is left over");
    return stories_;
  }

 private:
  void flush() {
    for (std::string out(1, ' '); !out.empty();) {
      out.clear();
      session_.gather(out, 16 * 1024);
    }
  }

  void note() {
    for (const auto& [order, ending] : session_.take_ended()) {
      const auto which = static_cast<std::size_t>(order - orders_.data());
      ++told_[which];
      stories_[which] = story_of(ending);
    }
  }

  std::array<http::Order, 4> orders_;
  std::array<int, 4> told_{};
  Stories stories_;
  http::Multiplex session_{kLimits};
};

// One is given up after the first piece.
template <class Next>
Stories hold(std::string_view first, std::string_view rest, Next next) {
  Conversation conversation;
  conversation.hear(first);
  conversation.give_up_the_last();
  while (!rest.empty()) conversation.hear(next(rest));
  return conversation.end();
}

} // namespace

void fuzz(std::string_view input) {
  Slices slices(input);
  const auto first = slices.next(input);
  const auto at_once = hold(first, input, [](std::string_view& rest) { return std::exchange(rest, {}); });
  const auto sliced = hold(first, input, [&](std::string_view& rest) { return slices.next(rest); });
  if (by_the_rules(at_once) || by_the_rules(sliced)) require(at_once == sliced, "how the bytes arrive changes nothing");
  for (std::size_t i = 0; i < at_once.size(); ++i) // how far who breaks them is heard may depend on what was sent yet
    require(at_once[i].answer == sliced[i].answer || at_once[i].answer.empty() || sliced[i].answer.empty(),
            "an answer is the same however its bytes arrive");
}

} // namespace plugboard::fuzz
