#include "core/http/client.hpp"

#include "core/base/insist.hpp"
#include "core/http/call_writer.hpp"
#include "core/http/dial.hpp"
#include "core/http/origin.hpp"
#include "core/http/outbox.hpp"
#include "core/http/pool.hpp"
#include "core/http/tls.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <unordered_map>

namespace plugboard::http {
namespace {

constexpr std::size_t kScratch = 64 * 1024;
constexpr std::size_t kSpareOrders = 256;
constexpr std::size_t kRememberedPools = 256; // without a connection, for what the origin spoke, and its TLS sessions

Error why_stopped(const Order& order, Code code) {
  const auto name = order.pool ? name_of(order.pool->origin()) : std::string("the upstream");
  return fail(code, code == Code::timeout ? name + " did not answer in time" : "the call to " + name + " was cancelled",
              name);
}

struct PoolName { // whose calls share connections
  Origin origin;
  bool is_limited; // to a reach; else its name means nothing
  std::string reach;
};

struct PoolNameView {
  const Origin& origin;
  bool is_limited;
  std::string_view reach;
};

struct PoolNameHash {
  using is_transparent = void;

  template <class Name>
  std::size_t operator()(const Name& name) const {
    const std::hash<std::string_view> hash;
    return hash(name.origin.host) * 31 + hash(name.reach) * 17 + name.origin.port * 2U + (name.origin.tls ? 1U : 0U);
  }
};

struct PoolNameEqual {
  using is_transparent = void;

  template <class One, class Other>
  bool operator()(const One& one, const Other& other) const {
    return one.origin == other.origin && one.is_limited == other.is_limited &&
           std::string_view(one.reach) == std::string_view(other.reach);
  }
};

class PoolingClient final : public Client {
 public:
  PoolingClient(boost::asio::io_context& io, const ClientLimits& limits, const TlsTrust& trust, const Clock& clock,
                Log& log, Resolver* resolver);
  ~PoolingClient() override;
  PoolingClient(const PoolingClient&) = delete;
  PoolingClient& operator=(const PoolingClient&) = delete;

  Id send(Call call, Done done) override;
  void cancel(Id id) override;
  Id connect(const Origin& origin, ReachPtr reach, Connected done) override;
  void abandon(Id id) override;
  std::size_t idle_connections() const override;
  std::size_t open_connections() const override;

 private:
  Order& new_order(Id id);
  void refuse_later(Id id, Error error);

  Surroundings surroundings() { return {io_, clock_, timers_, resolver_, tls_, limits_, scratch_, log_, outbox_}; }

  Pool& pool_of(const Call& call);
  void stop(Id id, Code code);
  void finish(Order& order, Result<Answer> result);
  void arm_sweep();
  void sweep();
  void forget_unused();

  boost::asio::io_context& io_;
  const ClientLimits limits_;
  const Clock& clock_;
  Log& log_;
  Timers timers_;
  const std::unique_ptr<Resolver> own_resolver_; // null: it was given one
  Resolver& resolver_;
  Tls tls_;
  std::vector<char> scratch_;
  Outbox outbox_;
  using Orders = std::unordered_map<Id, std::unique_ptr<Order>>;
  Orders orders_;
  std::vector<Orders::node_type> spare_;                     // of orders that are over, for those to come
  std::unordered_map<Id, std::shared_ptr<Dial>> connecting_; // for who wants a connection of its own
  std::unordered_map<PoolName, std::unique_ptr<Pool>, PoolNameHash, PoolNameEqual>
      pools_; // destroyed first: its lines use all above
  Id last_ = 0;
  bool sweeping_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>(); // handlers hold it weakly: they may come too late
};

PoolingClient::PoolingClient(boost::asio::io_context& io, const ClientLimits& limits, const TlsTrust& trust,
                             const Clock& clock, Log& log, Resolver* resolver)
    : io_(io), limits_(limits), clock_(clock), log_(log), timers_(io, clock),
      own_resolver_(resolver ? nullptr : Resolver::make(io, clock)), resolver_(resolver ? *resolver : *own_resolver_),
      tls_(trust), scratch_(kScratch), outbox_(io) {
  spare_.reserve(kSpareOrders);
}

PoolingClient::~PoolingClient() {
  for (const auto& [id, dial] : connecting_) dial->abandon();
}

Client::Id PoolingClient::send(Call call, Done done) {
  const auto id = ++last_;
  auto& order = new_order(id);
  order.id = id;
  order.done = std::move(done);
  order.call = std::move(call);
  const auto& asked = order.call;
  const auto name = [&] { return name_of(asked.url.origin); };
  if (auto checked = check_call(asked); !checked) {
    refuse_later(id, checked.error());
  } else if (asked.deadline.at() != Instant::max() && asked.deadline.passed(clock_.now())) {
    refuse_later(id, fail(Code::timeout, name() + " was not asked: the deadline had passed", name()));
  } else {
    order.is_head = asked.method == "HEAD";
    order.idempotent = order.is_head || asked.method == "GET";
    order.max_body_bytes = asked.max_body_bytes == 0 ? limits_.body_bytes : asked.max_body_bytes;
    if (asked.deadline.at() != Instant::max())
      order.deadline = timers_.set(asked.deadline.at(), [this, id] { stop(id, Code::timeout); });
    if (!pool_of(asked).take(order))
      refuse_later(id, fail(Code::overloaded, name() + " has too many calls waiting for a connection", name()));
  }
  return id;
}

Order& PoolingClient::new_order(Id id) {
  if (spare_.empty()) return *orders_.emplace(id, std::make_unique<Order>()).first->second;
  auto node = std::move(spare_.back());
  spare_.pop_back();
  node.key() = id;
  return *orders_.insert(std::move(node)).position->second;
}

void PoolingClient::refuse_later(Id id, Error error) {
  boost::asio::post(io_, [this, id, error = std::move(error), alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    const auto found = orders_.find(id);
    if (found != orders_.end()) finish(*found->second, error);
  });
}

Pool& PoolingClient::pool_of(const Call& call) {
  arm_sweep();
  const auto& origin = call.url.origin;
  const PoolNameView name{origin, call.reach != nullptr,
                          call.reach ? std::string_view(call.reach->name) : std::string_view()};
  const auto found = pools_.find(name);
  if (found != pools_.end()) return *found->second;
  auto pool = std::make_unique<Pool>(origin, call.reach, surroundings(),
                                     [this](Order& order, Result<Answer> result) { finish(order, std::move(result)); });
  return *pools_.emplace(PoolName{origin, name.is_limited, std::string(name.reach)}, std::move(pool)).first->second;
}

void PoolingClient::cancel(Id id) {
  stop(id, Code::cancelled);
}

Client::Id PoolingClient::connect(const Origin& origin, ReachPtr reach, Connected done) {
  const auto id = ++last_;
  auto& dial = connecting_[id];
  dial = std::make_shared<Dial>(surroundings(), origin, std::move(reach),
                                [this, id, done = std::move(done)](Result<std::unique_ptr<Transport>> result) {
                                  const auto kept = connecting_.extract(id);
                                  done(std::move(result)); // last: it may destroy this client
                                });
  dial->begin();
  return id;
}

void PoolingClient::abandon(Id id) {
  if (const auto node = connecting_.extract(id); !node.empty()) node.mapped()->abandon();
}

void PoolingClient::stop(Id id, Code code) {
  const auto found = orders_.find(id);
  if (found == orders_.end()) return;
  auto& order = *found->second;
  Error why;
  insist([&] { why = why_stopped(order, code); }); // else nobody would tell it: its deadline does not come twice
  if (order.pool) order.pool->give_up(order);
  finish(order, std::move(why));
}

void PoolingClient::finish(Order& order, Result<Answer> result) {
  if (!result) // insists, as error() is a copy
    insist([&] { log_.debug("http.call_failed", {{"reason", result.error().message}}); });
  if (order.deadline) timers_.clear(*order.deadline);
  const auto done = std::move(order.done);
  auto node = orders_.extract(order.id);
  order = Order();
  if (spare_.size() < kSpareOrders) spare_.push_back(std::move(node));
  done(std::move(result)); // last: it may destroy this client
}

std::size_t PoolingClient::idle_connections() const {
  std::size_t sum = 0;
  for (const auto& [name, pool] : pools_) sum += pool->idle();
  return sum;
}

std::size_t PoolingClient::open_connections() const {
  std::size_t sum = 0;
  for (const auto& [name, pool] : pools_) sum += pool->open();
  return sum;
}

void PoolingClient::arm_sweep() {
  if (sweeping_) return;
  timers_.set(clock_.now() + std::max<Duration>(limits_.idle_time / 4, std::chrono::milliseconds(5)),
              [this] { sweep(); });
  sweeping_ = true;
}

void PoolingClient::sweep() {
  sweeping_ = false;
  for (const auto& [name, pool] : pools_) pool->close_idle(clock_.now() - limits_.idle_time);
  if (pools_.size() > kRememberedPools) forget_unused();
  if (std::any_of(pools_.begin(), pools_.end(), [](const auto& entry) { return !entry.second->empty(); })) arm_sweep();
}

void PoolingClient::forget_unused() {
  std::erase_if(pools_, [this](const auto& entry) {
    const auto& pool = *entry.second;
    if (pool.empty()) tls_.forget(pool.origin());
    return pool.empty();
  });
}

} // namespace

std::unique_ptr<Client> Client::make(boost::asio::io_context& io, const ClientLimits& limits, const TlsTrust& trust,
                                     const Clock& clock, Log& log, Resolver* resolver) {
  return std::make_unique<PoolingClient>(io, limits, trust, clock, log, resolver);
}

} // namespace plugboard::http
