// An audit trail that remembers what it was told, for unit tests: answers through `back`, at once or when told to, and
// can fail. [one thread]
#pragma once

#include "core/audit/trail.hpp"

#include <string>
#include <utility>
#include <vector>

namespace plugboard::test {

class FakeTrail final : public audit::Trail {
 public:
  void disclose(const audit::Intent& intent, audit::Poster back, Done done) override {
    take("disclosure" + audit::members_of(intent), audit::about(intent), std::move(back), std::move(done));
  }

  void change(const audit::Change& change, audit::Poster back, Done done) override {
    take("change" + audit::members_of(change), audit::about(change), std::move(back), std::move(done));
  }

  void outcome(const audit::Receipt& receipt, const audit::Outcome& outcome) override {
    records.push_back("outcome" + audit::members_of(receipt, outcome));
  }

  void refused(const audit::Change& change, std::string_view why) override {
    records.push_back("refused" + audit::members_of(change) + ",\"why\":\"" + std::string(why) + "\"");
  }

  bool takes() const override { return !fails; }

  void answer() { // all that wait
    for (auto& [back, job] : std::exchange(waiting_, {})) deliver(back, std::move(job));
  }

  bool has(std::string_view part) const {
    for (const auto& record : records)
      if (record.find(part) != std::string::npos) return true;
    return false;
  }

  std::vector<std::string> records; // "disclosure,\"tenant\":…": the kind, then its members
  bool fails = false;               // what is asked from now on is refused: unavailable
  bool holds = false;               // what is asked from now on waits for answer()

 private:
  void take(std::string record, std::string about, audit::Poster back, Done done) {
    Result<audit::Receipt> result = fail(Code::unavailable, "the audit trail fails", "audit");
    if (!fails) {
      records.push_back(std::move(record));
      result = audit::Receipt{records.size(), std::move(about)};
    }
    auto job = [done = std::move(done), result = std::move(result)] { done(result); };
    if (holds)
      waiting_.emplace_back(std::move(back), std::move(job));
    else
      deliver(back, std::move(job));
  }

  static void deliver(const audit::Poster& back, std::function<void()> job) { back ? back(std::move(job)) : job(); }

  std::vector<std::pair<audit::Poster, std::function<void()>>> waiting_;
};

} // namespace plugboard::test
