// A trail in a folder of its own, on a disk that can fail, by a clock that is the test's. [the test's thread]
#pragma once

#include "core/audit/file_trail.hpp"
#include "core/audit/lines.hpp"
#include "core/audit/verifier.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/audit/faulty_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace plugboard::audit::testing {

inline Intent some_intent(std::string_view context = "c-1") {
  Intent intent;
  intent.tenant = "default";
  intent.client = "desk";
  intent.customer = "cus_ada";
  intent.purpose = "support";
  intent.context_id = context;
  intent.sections = {{"crm.contact", "[\"/email\"]"}, {"shop.orders", ""}};
  return intent;
}

inline Signer some_signer(const std::string& id = "k1") {
  return signer_of(id, Secret("a hub key of more than thirty-two bytes: " + id));
}

class TrailTest : public ::testing::Test {
 protected:
  std::string path() const { return folder_.path() + "/audit"; }

  Result<void> try_open(TrailOptions options = {}, std::unique_ptr<Sink> sink = nullptr, bool required = true) {
    trail_.reset();
    auto folder = open_folder(path());
    if (!folder) return folder.error();
    std::vector<Signer> signers;
    signers.push_back(some_signer());
    auto trail = FileTrail::open(std::make_unique<FaultyFolder>(std::move(*folder), faults_), options,
                                 std::move(signers), std::move(sink), required, clock_, *log_, metrics_);
    if (!trail) return trail.error();
    trail_ = std::move(*trail);
    return {};
  }

  void open(TrailOptions options = {}, std::unique_ptr<Sink> sink = nullptr, bool required = true) {
    auto opened = try_open(options, std::move(sink), required);
    ASSERT_TRUE(opened) << opened.error().message;
  }

  std::future<Result<Receipt>> disclose(std::string_view context = "c-1") {
    auto promise = std::make_shared<std::promise<Result<Receipt>>>();
    trail_->disclose(some_intent(context), nullptr, [promise](Result<Receipt> got) { promise->set_value(got); });
    return promise->get_future();
  }

  // Until it takes again; the test's time limit ends what never comes.
  void await_recovery() const {
    while (!trail_->takes()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  void await_failure() const {
    while (trail_->takes()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    auto folder = look_into_folder(path());
    for (const auto& name : *list_segments(**folder)) {
      Lines lines(**folder, name, 0, *(*folder)->size(name));
      for (auto line = lines.next(); line && *line; line = lines.next()) all.emplace_back(**line);
    }
    return all;
  }

  std::size_t count(std::string_view part) const {
    std::size_t found = 0;
    for (const auto& line : lines()) found += line.find(part) != std::string::npos;
    return found;
  }

  // "" when all of it holds.
  std::string verified() const {
    json::Reader reader;
    auto folder = look_into_folder(path());
    Verifier verifier({some_signer().key.public_key()});
    if (auto text = (*folder)->read(kHeadFile, 0, 1 << 16)) {
      auto head = read_head(reader, *text);
      if (!head) return head.error().message;
      if (auto fits = verifier.expect(*head); !fits) return fits.error().message;
    }
    for (const auto& line : lines())
      if (auto fits = verifier.record(reader, line); !fits) return fits.error().message;
    auto all = verifier.finish();
    return all ? "" : all.error().message;
  }

  test::TempFolder folder_;
  FakeClock clock_;
  std::unique_ptr<Log> log_ = no_log();
  Metrics metrics_;
  DiskFaults faults_;
  std::unique_ptr<FileTrail> trail_;
};

} // namespace plugboard::audit::testing
