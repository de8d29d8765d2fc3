// The power goes at a random moment while four threads write. What was acknowledged before that moment must be on the
// disk as it is found afterwards. The same with flushing switched off must lose something, or this test would show
// nothing.
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/store_fixture.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace plugboard::store {
namespace {

class PowerLossTest : public StoreFixture {
 protected:
  struct Loss {
    std::size_t acknowledged = 0, lost = 0;
  };

  // One life of a store, ended by power loss at a moment that the seed names.
  Loss one_loss(std::uint64_t seed, bool flush) {
    SeededRandom random(seed);
    const plugboard::testing::TempFolder before, after;
    plugboard::testing::FaultyDisk disk("power-loss-test");
    Database::Options with;
    with.path = before.file("store.db");
    with.vfs = disk.vfs();
    with.flush = flush;
    with.checkpoint_pages = 8 + static_cast<int>(random.below(40));
    std::set<std::string> acknowledged;
    {
      auto database = open(with);
      EXPECT_TRUE(database->write_now(make_table()));
      Writers writers(*database);
      writers.wait_for(1 + random.below(120));
      acknowledged = writers.acknowledged(); // first this, then the power: more may be on the disk, never less
      disk.lose_power(after.path().string(), random);
    }
    return compare(after.file("store.db"), acknowledged);
  }

  // Four threads that write until this dies.
  class Writers {
   public:
    explicit Writers(Database& database) {
      for (int thread = 0; thread < 4; ++thread)
        threads_.emplace_back([this, thread, &database] { write(thread, database); });
    }

    ~Writers() {
      stop_ = true;
      for (std::thread& thread : threads_) thread.join();
    }

    void wait_for(std::size_t count) {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [&] { return acknowledged_.size() >= count; });
    }

    std::set<std::string> acknowledged() {
      const std::lock_guard lock(mutex_);
      return acknowledged_;
    }

   private:
    void write(int thread, Database& database) {
      for (int i = 0; !stop_; ++i) {
        const std::string name = std::to_string(thread) + "/" + std::to_string(i);
        if (!database.write_now(add_thing(name))) continue;
        const std::lock_guard lock(mutex_);
        acknowledged_.insert(name);
        came_.notify_one();
      }
    }

    std::mutex mutex_;
    std::condition_variable came_;
    std::set<std::string> acknowledged_;
    std::atomic<bool> stop_{false};
    std::vector<std::thread> threads_;
  };

  Loss compare(const std::string& path, const std::set<std::string>& acknowledged) {
    Database::Options with;
    with.path = path;
    Loss loss;
    loss.acknowledged = acknowledged.size();
    const auto database = try_open(with);
    if (!database) return {acknowledged.size(), acknowledged.size()};
    EXPECT_TRUE((*database)->write_now(make_table()));
    const std::set<std::string> there = things(**database);
    for (const std::string& name : acknowledged) loss.lost += there.contains(name) ? 0 : 1;
    return loss;
  }
};

TEST_F(PowerLossTest, LosesNothingAcknowledged) {
  std::size_t acknowledged = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Loss loss = one_loss(seed, true);
    EXPECT_EQ(loss.lost, 0U) << "seed " << seed;
    acknowledged += loss.acknowledged;
  }
  EXPECT_GT(acknowledged, 1000U);
}

TEST_F(PowerLossTest, WouldNoticeMissingFlushes) {
  std::size_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) lost += one_loss(seed, false).lost;
  EXPECT_GT(lost, 0U);
}

} // namespace
} // namespace plugboard::store
