#include "tests/reliability/chaos/fault_proxy.hpp"

#include "tests/bench/wire.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace plugboard::test {

namespace {

using bench::Nanoseconds;

enum class End : std::uint8_t { stays = 1, reset, half, closed };

struct Piece { // of an answer, whose time may not have come
  Nanoseconds due{};
  std::uint64_t number = 0; // of those with one due time the first goes first
  std::uint64_t connection = 0;
  std::string bytes;
  End end = End::stays;
  enum class Part : std::uint8_t { more = 1, last, extra } part = Part::last; // of the answer

  bool operator<(const Piece& other) const { return std::tie(due, number) > std::tie(other.due, other.number); }
};

using Part = Piece::Part;

constexpr std::size_t kRemembered = 64; // answers of others
// A request that comes within so long after an extra answer may have been sent before that was seen; and however busy
// the machine is, one that comes after the longer time was not.
constexpr Nanoseconds kCrossing = std::chrono::milliseconds(20), kLongestCrossing = std::chrono::seconds(1);

} // namespace

std::string_view name_of(Fault fault) {
  constexpr std::string_view kNames[] = {"none", "latency",  "jitter",  "drop",      "reset", "half-close",
                                         "drip", "truncate", "corrupt", "duplicate", "extra"};
  return kNames[static_cast<std::size_t>(fault)];
}

// All that the thread has. A connection is two wires: the near one to the hub, the far one to the upstream.
struct FaultProxy::Relay {
  class Near;
  class Far;
  class Door;

  struct Connection {
    Near* near = nullptr;
    Far* far = nullptr;
    std::optional<Fault> fault; // of all its answers
    Nanoseconds last_due{};
    bool half_closed = false;
    std::size_t awaited = 0; // requests that have not got their whole answer
    std::string surplus;     // that was the last to be sent
    Fault by{};
    Nanoseconds surplus_at{}, waited_before{}; // when it was sent; what FaultPlan::waited said then
  };

  Relay(int port, FaultPlan given, FaultProxy& owner)
      : upstream_port(port), plan(std::move(given)), proxy(owner), random(plan.seed) {}

  std::optional<Fault> draw(const std::map<Fault, double>& chances) {
    double chosen = std::uniform_real_distribution<double>(0, 1)(random);
    for (const auto& [fault, chance] : chances)
      if ((chosen -= chance) < 0) return fault;
    return std::nullopt;
  }

  Nanoseconds gap() {
    const auto most = std::chrono::duration_cast<Nanoseconds>(plan.most_gap).count();
    return Nanoseconds(std::uniform_int_distribution<std::int64_t>(0, most)(random));
  }

  void accept(Descriptor socket);
  void answer(std::uint64_t id, const bench::Message& message);
  void spoil(std::uint64_t id, Fault fault, std::string bytes, std::size_t head);
  void plan_piece(std::uint64_t id, Nanoseconds after, std::string bytes, End end = End::stays, Part part = Part::last);
  void send_what_is_due();
  void deliver(const Piece& piece);
  void drop(std::uint64_t id);
  bool crosses(const Connection& connection, Nanoseconds since) const;

  Nanoseconds waited() const { return plan.waited ? Nanoseconds(plan.waited()) : Nanoseconds{}; }

  static bool unasked(const Connection& connection);
  void count(Fault fault) const;

  const int upstream_port;
  const FaultPlan plan;
  FaultProxy& proxy;
  std::mt19937_64 random;
  bench::Loop loop;
  std::map<std::uint64_t, Connection> connections;
  std::priority_queue<Piece> pieces;
  std::vector<std::string> earlier; // answers
  std::uint64_t last_connection = 0, last_piece = 0;
};

class FaultProxy::Relay::Near final : public bench::Wire {
 public:
  Near(Relay& relay, std::uint64_t id, Descriptor socket)
      : Wire(relay.loop, std::move(socket)), relay_(relay), id_(id) {}

 private:
  void message(const bench::Message& request) override;

  void ended() override { relay_.drop(id_); }

  Relay& relay_;
  const std::uint64_t id_;
};

class FaultProxy::Relay::Far final : public bench::Wire {
 public:
  Far(Relay& relay, std::uint64_t id, Descriptor socket)
      : Wire(relay.loop, std::move(socket)), relay_(relay), id_(id) {}

 private:
  void message(const bench::Message& answer) override { relay_.answer(id_, answer); }

  void ended() override { relay_.plan_piece(id_, {}, {}, End::closed); } // after what is still on its way

  Relay& relay_;
  const std::uint64_t id_;
};

class FaultProxy::Relay::Door final : public bench::Watcher {
 public:
  Door(Relay& relay, Descriptor socket) : Watcher(std::move(socket)), relay_(relay) {}

 private:
  void ready(std::uint32_t) override {
    for (auto socket = bench::accepted(fd()); socket.get() >= 0; socket = bench::accepted(fd()))
      relay_.accept(std::move(socket));
  }

  Relay& relay_;
};

void FaultProxy::Relay::Near::message(const bench::Message& request) {
  auto& connection = relay_.connections.at(id_);
  const auto bytes = std::string(request.head).append(request.body);
  ++connection.awaited;
  if (!connection.surplus.empty() && relay_.plan.reused) {
    const auto since = bench::now() - connection.surplus_at;
    relay_.plan.reused({connection.by, connection.surplus, bytes, since, relay_.crosses(connection, since)});
  }
  connection.far->send(bytes);
}

void FaultProxy::Relay::accept(Descriptor socket) {
  const auto id = ++last_connection;
  auto near = std::make_unique<Near>(*this, id, std::move(socket));
  auto far = std::make_unique<Far>(*this, id, bench::connected(upstream_port));
  auto& connection = connections[id];
  connection.near = near.get();
  connection.far = far.get();
  connection.fault = draw(plan.a_connection);
  loop.add(std::move(near));
  loop.add(std::move(far));
}

void FaultProxy::Relay::answer(std::uint64_t id, const bench::Message& message) {
  auto bytes = std::string(message.head).append(message.body);
  const auto found = connections.find(id);
  if (found == connections.end()) return;
  const auto drawn = draw(plan.an_answer); // always, so that one plan's draws do not depend on the other's
  const auto fault = found->second.fault ? found->second.fault : drawn;
  {
    const std::lock_guard lock(proxy.mutex_);
    ++proxy.answers_;
  }
  if (fault && *fault != Fault::extra) count(*fault);
  if (!fault) plan_piece(id, {}, bytes);
  if (fault) spoil(id, *fault, bytes, message.head.size());
  if (earlier.size() < kRemembered) return earlier.push_back(std::move(bytes));
  earlier[random() % kRemembered] = std::move(bytes);
}

void FaultProxy::Relay::spoil(std::uint64_t id, Fault fault, std::string bytes, std::size_t head) {
  const auto half = bytes.substr(0, bytes.size() / 2);
  switch (fault) {
  case Fault::latency:
    return plan_piece(id, plan.latency, std::move(bytes));
  case Fault::jitter:
    for (std::size_t at = 0; at < bytes.size();) {
      const auto size = 1 + random() % (bytes.size() - at);
      const auto part = at + size == bytes.size() ? Part::last : Part::more;
      plan_piece(id, gap(), bytes.substr(at, size), End::stays, part);
      at += size;
    }
    return;
  case Fault::drop:
    return;
  case Fault::reset:
    return plan_piece(id, {}, half, End::reset);
  case Fault::half_close:
    return plan_piece(id, {}, half, End::half);
  case Fault::drip:
    for (std::size_t at = 0; at < bytes.size(); ++at)
      plan_piece(id, plan.drip, bytes.substr(at, 1), End::stays, at + 1 == bytes.size() ? Part::last : Part::more);
    return;
  case Fault::truncate:
    return plan_piece(id, {}, bytes.substr(0, head + (bytes.size() - head) / 2), End::closed);
  case Fault::corrupt:
    bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
    return plan_piece(id, {}, std::move(bytes));
  case Fault::duplicate:
    plan_piece(id, {}, bytes + bytes);
    if (const auto found = connections.find(id); found != connections.end()) {
      found->second.surplus = std::move(bytes);
      found->second.by = Fault::duplicate;
      found->second.surplus_at = bench::now();
    }
    return;
  case Fault::extra: {
    auto other = earlier.empty() ? bytes : earlier[random() % earlier.size()];
    plan_piece(id, {}, std::move(bytes));
    return plan_piece(id, gap(), std::move(other), End::stays, Part::extra);
  }
  }
}

// After the connection's piece before.
void FaultProxy::Relay::plan_piece(std::uint64_t id, Nanoseconds after, std::string bytes, End end, Part part) {
  const auto found = connections.find(id);
  if (found == connections.end()) return;
  auto& last = found->second.last_due;
  last = std::max(last, bench::now()) + after;
  Piece piece{last, ++last_piece, id, std::move(bytes), end, part};
  if (piece.due <= bench::now() && pieces.empty()) return deliver(piece);
  pieces.push(std::move(piece));
}

void FaultProxy::Relay::send_what_is_due() {
  for (const auto time = bench::now(); !pieces.empty() && pieces.top().due <= time;) {
    const auto piece = pieces.top();
    pieces.pop();
    deliver(piece);
  }
}

void FaultProxy::Relay::deliver(const Piece& piece) {
  const auto found = connections.find(piece.connection);
  if (found == connections.end()) return;
  auto& connection = found->second;
  auto& near = *connection.near;
  if (piece.part == Part::extra && !unasked(connection)) return;
  if (!piece.bytes.empty() && !connection.half_closed) near.send(piece.bytes);
  if (piece.part == Part::last && connection.awaited > 0) --connection.awaited;
  if (piece.part == Part::extra) {
    connection.surplus = piece.bytes;
    connection.by = Fault::extra;
    connection.surplus_at = bench::now();
    connection.waited_before = waited();
    count(Fault::extra);
  }
  if (piece.end == End::half) {
    connection.half_closed = true;
    ::shutdown(near.fd(), SHUT_WR);
  }
  if (piece.end == End::reset) {
    const linger hard{1, 0};
    ::setsockopt(near.fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  if (piece.end == End::reset || piece.end == End::closed) drop(piece.connection);
}

bool FaultProxy::Relay::crosses(const Connection& connection, Nanoseconds since) const {
  if (connection.by != Fault::extra) return false; // the rest came with its answer
  return since < kCrossing || (since < kLongestCrossing && since < kCrossing + (waited() - connection.waited_before));
}

// Nothing is awaited, and as far as can be seen nothing more was asked for.
bool FaultProxy::Relay::unasked(const Connection& connection) {
  char byte = 0;
  return connection.awaited == 0 && ::recv(connection.near->fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
}

void FaultProxy::Relay::count(Fault fault) const {
  const std::lock_guard lock(proxy.mutex_);
  ++proxy.faults_[fault];
}

void FaultProxy::Relay::drop(std::uint64_t id) {
  const auto found = connections.find(id);
  if (found == connections.end()) return;
  loop.release(*found->second.near);
  loop.release(*found->second.far);
  connections.erase(found);
}

FaultProxy::FaultProxy(int upstream_port, FaultPlan plan)
    : relay_(std::make_unique<Relay>(upstream_port, std::move(plan), *this)) {
  relay_->loop.add(std::make_unique<Relay::Door>(*relay_, bench::listening(port_)));
  thread_ = std::thread([this] { serve(*relay_); });
}

FaultProxy::~FaultProxy() {
  over_ = true;
  thread_.join();
}

void FaultProxy::serve(Relay& relay) {
  constexpr Nanoseconds kLooksUp = std::chrono::milliseconds(20);
  while (!over_) {
    relay.send_what_is_due();
    const auto next = relay.pieces.empty() ? kLooksUp : relay.pieces.top().due - bench::now();
    relay.loop.turn(std::clamp(next, Nanoseconds::zero(), kLooksUp));
  }
}

std::uint64_t FaultProxy::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}

std::map<Fault, std::uint64_t> FaultProxy::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

} // namespace plugboard::test
