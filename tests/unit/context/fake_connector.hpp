// A connector that knows its answer at once, or keeps each call open until the test answers it, or it is cancelled.
#pragma once

#include "tests/unit/connector/lookup_only.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace plugboard::context::testing {

using connector::Outcome;
using connector::Status;

class FakeConnector : public plugboard::testing::LookupOnly {
 public:
  std::optional<Status> answers;
  std::vector<CallId> asked, cancelled;
  std::vector<connector::LookupRequest> requests;
  std::vector<Deadline> deadlines;
  Outcome answer; // with that status
  std::map<CallId, std::function<void(Outcome)>> open;

  CallId lookup(connector::LookupRequest request, Deadline deadline, connector::Home&,
                std::function<void(Outcome)> done) override {
    asked.push_back(++last_);
    requests.push_back(std::move(request));
    deadlines.push_back(deadline);
    if (answers) {
      Outcome outcome = answer;
      outcome.status = *answers;
      done(std::move(outcome));
    } else {
      open[last_] = std::move(done);
    }
    return last_;
  }

  void cancel(CallId id) override {
    cancelled.push_back(id);
    open.erase(id);
  }

  void land_all() { // those that are open still: a connector tells every call its end
    for (auto& [call, done] : std::exchange(open, {})) {
      Outcome outcome;
      outcome.status = Status::unavailable;
      done(std::move(outcome));
    }
  }

  void land(CallId call, Outcome outcome) { // answers a call that is open
    const auto found = open.find(call);
    ASSERT_NE(found, open.end());
    const auto done = std::move(found->second);
    open.erase(found);
    done(std::move(outcome));
  }

 private:
  CallId last_ = 0;
};

} // namespace plugboard::context::testing
