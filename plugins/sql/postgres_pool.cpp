#include "plugins/sql/postgres_pool.hpp"

#include <algorithm>

namespace plugboard::sql {
namespace {

constexpr std::chrono::milliseconds kFirstPause{100}, kLongestPause{5000};

} // namespace

// One of the `max` connections there may be, from the moment somebody starts to make it. [with the lock held]
class PostgresPool::Slot {
 public:
  explicit Slot(std::size_t& open) : open_(&open) { ++open; }

  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  ~Slot() {
    if (open_) --*open_;
  }

  void keep() { open_ = nullptr; }

 private:
  std::size_t* open_;
};

PostgresPool::PostgresPool(std::size_t max, std::chrono::milliseconds connect_timeout, Connect connect,
                           Complain complain)
    : max_(max), connect_timeout_(connect_timeout), connect_(std::move(connect)), complain_(std::move(complain)),
      keeper_([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) try {
            keep(stop);
          } catch (const std::exception& e) { // the root of this thread: no memory, say
            complain_(e.what());
          }
      }) {}

PostgresPool::~PostgresPool() {
  stop();
}

void PostgresPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    available_.notify_all();
  }
  keeper_.request_stop();
  if (keeper_.joinable()) keeper_.join();
  const std::lock_guard lock(mutex_);
  idle_.clear();
  to_cancel_.clear();
}

// No connection is there, and none is to be expected yet.
bool PostgresPool::refused() const {
  return failure_ && open_ == 0 && Clock::now() < retry_at_;
}

Result<PostgresPool::Connection> PostgresPool::take_any(const Patience& patience) {
  Lock lock(mutex_);
  ++waiting_;
  work_.notify_one();
  available_.wait_until(lock, patience.stop, patience.deadline,
                        [this] { return stopped_ || !idle_.empty() || refused(); });
  --waiting_;
  if (stopped_ || patience.stop.stop_requested()) return Failure{Status::cancelled, "the hub no longer waits"};
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  if (refused()) return *failure_;
  if (open_ >= max_) return Failure{Status::busy, "all " + std::to_string(max_) + " connections are in use (pool.max)"};
  return Failure{Status::timeout, "there was no connection to the server in time"};
}

Result<PostgresPool::Connection> PostgresPool::take(const Patience& patience) {
  for (;;) {
    auto taken = take_any(patience);
    if (!taken || (*taken)->alive()) return taken;
    taken = Connection(); // the server hung up while nobody looked
    const std::lock_guard lock(mutex_);
    --open_;
  }
}

void PostgresPool::give_back(Connection connection) {
  const std::lock_guard lock(mutex_);
  const auto state = connection->state();
  if (stopped_ || state == PostgresConnection::State::broken || state == PostgresConnection::State::stale)
    --open_;
  else if (state == PostgresConnection::State::idle)
    idle_.push_back(std::move(connection));
  else
    to_cancel_.push_back(std::move(connection));
  available_.notify_all();
  work_.notify_one();
}

bool PostgresPool::work_to_do() const {
  if (!to_cancel_.empty()) return true;
  return waiting_ > idle_.size() && open_ < max_ && Clock::now() >= retry_at_;
}

void PostgresPool::keep(const std::stop_token& stop) {
  Lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!work_to_do()) {
      const auto now = Clock::now();
      const auto next = waiting_ > 0 && retry_at_ > now ? retry_at_ : now + std::chrono::hours(1);
      work_.wait_until(lock, stop, next, [this] { return work_to_do(); });
    } else if (to_cancel_.empty()) {
      open_one(lock, stop);
    } else {
      cancel_one(lock, stop);
    }
  }
}

void PostgresPool::open_one(Lock& lock, const std::stop_token& stop) {
  Slot slot(open_);
  lock.unlock();
  auto opened = connect_({Clock::now() + connect_timeout_, stop});
  lock.lock();
  if (opened) slot.keep();
  settle(lock, std::move(opened));
}

// The connection that tells the server takes the place of the one that is given up.
void PostgresPool::cancel_one(Lock& lock, const std::stop_token& stop) {
  auto given_up = std::move(to_cancel_.back());
  to_cancel_.pop_back();
  --open_;
  Slot slot(open_);
  lock.unlock();
  const Patience patience{Clock::now() + connect_timeout_, stop};
  auto opened = connect_(patience);
  if (opened) {
    (*opened)->cancel(given_up->process(), patience);
    if ((*opened)->state() != PostgresConnection::State::idle)
      opened = Failure{Status::unreachable, "the connection broke"};
  }
  given_up.reset(); // not before: its process number is its own until then
  lock.lock();
  if (opened) slot.keep();
  settle(lock, std::move(opened));
}

void PostgresPool::settle(Lock&, Result<Connection> opened) {
  if (opened) {
    failure_.reset();
    pause_ = std::chrono::milliseconds(0);
    retry_at_ = {};
    idle_.push_back(std::move(*opened));
  } else {
    failure_ = opened.failure();
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    retry_at_ = Clock::now() + pause_;
  }
  available_.notify_all();
}

} // namespace plugboard::sql
