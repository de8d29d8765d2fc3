#include "tests/reliability/chaos/marked_systems.hpp"

#include "tests/bench/wire.hpp"

#include <algorithm>
#include <queue>
#include <random>

namespace plugboard::test {

namespace {

using bench::Nanoseconds;

struct Pending { // an answer whose time has not come
  Nanoseconds due{};
  std::uint64_t client = 0;
  std::string bytes;

  bool operator<(const Pending& other) const { return due > other.due; }
};

std::string answer_with(std::string_view status, const std::string& marker, const std::string& body) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: application/json\r\nX-Marker: " + marker +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace

struct MarkedSystems::Office {
  class Client;
  class Door;

  Office(Markers& all, Wish given, MarkedSystems& owner)
      : markers(all), wish(std::move(given)), systems(owner), random(wish.seed) {}

  void asked(std::uint64_t client, int system, std::string_view target);
  std::string answer(const std::string& marker, std::string_view customer);
  void send_what_is_due();
  void complain(const std::string& what);

  Markers& markers;
  const Wish wish;
  MarkedSystems& systems;
  std::mt19937_64 random;
  std::unordered_map<std::uint64_t, Client*> clients; // longer than the loop, which owns them
  bench::Loop loop;
  std::priority_queue<Pending> pending;
  std::uint64_t last_client = 0;
};

class MarkedSystems::Office::Client final : public bench::Wire {
 public:
  Client(Office& office, int system, Descriptor socket)
      : Wire(office.loop, std::move(socket)), office_(office), system_(system) {
    office_.clients[id_] = this;
  }

  ~Client() override { office_.clients.erase(id_); }

 private:
  void message(const bench::Message& request) override {
    office_.asked(id_, system_, bench::after(request.first_line, " ", " "));
  }

  void ended() override { loop_.release(*this); }

  Office& office_;
  const int system_;
  const std::uint64_t id_ = ++office_.last_client;
};

class MarkedSystems::Office::Door final : public bench::Watcher {
 public:
  Door(Office& office, int system, Descriptor socket) : Watcher(std::move(socket)), office_(office), system_(system) {}

 private:
  void ready(std::uint32_t) override {
    for (auto socket = bench::accepted(fd()); socket.get() >= 0; socket = bench::accepted(fd()))
      office_.loop.add(std::make_unique<Client>(office_, system_, std::move(socket)));
  }

  Office& office_;
  const int system_;
};

void MarkedSystems::Office::complain(const std::string& what) {
  const std::lock_guard lock(systems.mutex_);
  systems.faults_.push_back(what);
}

void MarkedSystems::Office::asked(std::uint64_t client, int system, std::string_view target) {
  const auto customer = bench::after(target, "customer=", "&"), call = bench::after(target, "call=", "&");
  const auto owner = wish.owner(system, call);
  if (owner == 0 || !call.starts_with(std::string(customer) + "."))
    complain("system " + std::to_string(system) + " was asked " + std::string(target));
  Pending answer_then{bench::now(), client, answer(markers.mint(owner), customer)};
  const auto between = [this](auto least, auto most) {
    return std::uniform_int_distribution<std::int64_t>(Nanoseconds(least).count(), Nanoseconds(most).count())(random);
  };
  answer_then.due += call.ends_with(".slow") ? Nanoseconds(between(wish.slow, wish.slowest))
                                             : Nanoseconds(between(Nanoseconds(0), std::chrono::milliseconds(2)));
  pending.push(std::move(answer_then));
}

std::string MarkedSystems::Office::answer(const std::string& marker, std::string_view customer) {
  const auto body = "{\"customer\":\"" + std::string(customer) + "\",\"marker\":\"" + marker + "\"}";
  switch (random() % 50) {
  case 0:
    return answer_with("500 Internal Server Error", marker, body);
  case 1:
    return answer_with("404 Not Found", marker, body);
  case 2: // what a careless reader quotes
    return answer_with("200 OK", marker, body.substr(0, body.size() - 2));
  case 3:
    return answer_with("302 Found", marker, body);
  default:
    return answer_with("200 OK", marker, body);
  }
}

void MarkedSystems::Office::send_what_is_due() {
  for (const auto time = bench::now(); !pending.empty() && pending.top().due <= time;) {
    const auto next = pending.top();
    pending.pop();
    const auto found = clients.find(next.client);
    if (found == clients.end() || found->second->gone()) continue;
    found->second->send(next.bytes);
    ++systems.answered_;
  }
}

MarkedSystems::MarkedSystems(Markers& markers, Wish wish)
    : office_(std::make_unique<Office>(markers, std::move(wish), *this)) {
  for (int system = 0; system < office_->wish.count; ++system) {
    int port = 0;
    office_->loop.add(std::make_unique<Office::Door>(*office_, system, bench::listening(port)));
    ports_.push_back(port);
  }
  thread_ = std::thread([this] { serve(); });
}

MarkedSystems::~MarkedSystems() {
  over_ = true;
  thread_.join();
}

std::vector<std::string> MarkedSystems::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

void MarkedSystems::serve() {
  constexpr Nanoseconds kLooksUp = std::chrono::milliseconds(20);
  while (!over_) {
    office_->send_what_is_due();
    const auto next = office_->pending.empty() ? kLooksUp : office_->pending.top().due - bench::now();
    office_->loop.turn(std::clamp(next, Nanoseconds::zero(), kLooksUp));
  }
}

} // namespace plugboard::test
