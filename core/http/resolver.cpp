#include "core/http/resolver.hpp"

#include "core/base/insist.hpp"
#include "core/http/characters.hpp"
#include "core/http/kept_names.hpp"
#include "core/http/name_queries.hpp"
#include "core/http/server.hpp"
#include "core/http/timers.hpp"

#include <boost/asio/post.hpp>

#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace plugboard::http {
namespace {

// A call has a second or so, a silent name server keeps it waiting for three.
constexpr Duration kPatience = std::chrono::milliseconds(200);

bool is_this_machine(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  constexpr std::string_view kSuffix = ".localhost";
  return equals_any_case(name, kSuffix.substr(1)) ||
         (name.size() > kSuffix.size() && equals_any_case(name.substr(name.size() - kSuffix.size()), kSuffix));
}

class KeepingResolver final : public Resolver {
 public:
  KeepingResolver(boost::asio::io_context& io, const Clock& clock, const NameServers& servers)
      : io_(io), clock_(clock), timers_(io, clock),
        queries_(io, clock, servers, [this](NameQueries::Answer answer) { answered(std::move(answer)); }) {}

  Id look_up(const std::string& name, Done done) override;
  void give_up(Id id) override;

 private:
  struct Waiting {
    std::map<Id, Done> askers;
    std::optional<Timers::Id> patience; // then they are told what was said last
  };

  struct Ready {
    Done done;
    Result<Addresses> found;
  };

  void answered(NameQueries::Answer answer);
  void wait_no_longer(const std::string& name);
  void tell_all(const std::string& name, const Result<Addresses>& found);
  void tell_later(Id id, Done done, Result<Addresses> found);
  void tell();

  boost::asio::io_context& io_;
  const Clock& clock_;
  Timers timers_;
  KeptNames kept_;
  NameQueries queries_;
  std::unordered_map<std::string, Waiting> waiting_; // by the name that was asked for
  std::map<Id, Ready> ready_;
  Id last_ = 0;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

Resolver::Id KeepingResolver::look_up(const std::string& name, Done done) {
  const auto id = ++last_;
  if (is_this_machine(name)) {
    tell_later(id, std::move(done),
               Addresses{boost::asio::ip::address_v4::loopback(), boost::asio::ip::address_v6::loopback()});
  } else if (const auto* kept = kept_.find(name, clock_.now())) {
    tell_later(id, std::move(done), *kept);
  } else {
    if (!waiting_.contains(name)) queries_.ask(name); // first: nobody waits for what was not asked
    auto& waiting = waiting_[name];
    if (!waiting.patience && kept_.may_go_on(name, clock_.now()))
      waiting.patience = timers_.set(clock_.now() + kPatience, [this, name] { wait_no_longer(name); });
    waiting.askers.emplace(id, std::move(done));
  }
  return id;
}

void KeepingResolver::give_up(Id id) {
  ready_.erase(id);
  for (auto& [name, waiting] : waiting_) waiting.askers.erase(id); // the answer is kept when it comes
}

void KeepingResolver::tell_later(Id id, Done done, Result<Addresses> found) {
  boost::asio::post(io_, [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) tell();
  });
  ready_.emplace(id, Ready{std::move(done), std::move(found)});
}

// Without memory to tell somebody, that one's own time ends it.
void KeepingResolver::answered(NameQueries::Answer answer) {
  const auto* unheard = answer.in_doubt ? kept_.go_on(answer.name, clock_.now()) : nullptr;
  if (unheard) return tell_all(answer.name, *unheard);
  insist([&] { kept_.keep(answer.name, answer.found, answer.time_to_live, clock_.now()); });
  tell_all(answer.name, answer.found);
}

// Its answer is kept when it comes.
void KeepingResolver::wait_no_longer(const std::string& name) {
  if (const auto* unheard = kept_.go_on(name, clock_.now())) tell_all(name, *unheard);
}

void KeepingResolver::tell_all(const std::string& name, const Result<Addresses>& found) {
  const auto node = waiting_.extract(name);
  if (node.empty()) return;
  if (node.mapped().patience) timers_.clear(*node.mapped().patience);
  for (const auto& asker : node.mapped().askers)
    insist([&] { ready_.emplace(asker.first, Ready{asker.second, found}); });
  tell();
}

void KeepingResolver::tell() {
  const std::weak_ptr<char> alive = alive_;
  while (!alive.expired() && !ready_.empty()) {
    const auto first = ready_.extract(ready_.begin());
    first.mapped().done(first.mapped().found); // last: it may destroy this object
  }
}

} // namespace

Result<void> check_name_server(std::string_view text) {
  const std::string shown(text);
  const bool has_port =
      text.starts_with('[') ? text.find("]:") != std::string_view::npos : text.find(':') != std::string_view::npos;
  const auto endpoint = parse_tcp_endpoint(has_port ? shown : shown + ":53");
  if (endpoint && std::get<TcpEndpoint>(*endpoint).port != 0) return {};
  return fail(Code::invalid_argument,
              "\"" + shown +
                  "\" is no name server; write its ADDRESS or ADDRESS:PORT, such as \"10.0.0.2\" or \"[::1]:53\"");
}

std::unique_ptr<Resolver> Resolver::make(boost::asio::io_context& io, const Clock& clock, const NameServers& servers) {
  return std::make_unique<KeepingResolver>(io, clock, servers);
}

} // namespace plugboard::http
