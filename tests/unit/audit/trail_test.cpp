#include "tests/unit/audit/trail_fixture.hpp"

#include <sys/stat.h>

namespace plugboard::audit {
namespace {

using namespace testing;

class AuditTrail : public TrailTest {};

TEST_F(AuditTrail, AnswersWhenTheRecordIsFlushed) {
  open();
  const int before = faults_.flushes;
  auto receipt = disclose().get();
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_GT(faults_.flushes, before);
  EXPECT_EQ(count("\"kind\":\"disclosure\""), 1U);
  EXPECT_EQ(receipt->seq, 2U) << "the segment's own record is the first";
}

TEST_F(AuditTrail, SaysWhoWasToBeShownWhat) {
  open();
  ASSERT_TRUE(disclose().get());
  EXPECT_EQ(count(R"("tenant":"default","client":"desk","customer":"cus_ada","purpose":"support","context":"c-1",)"
                  R"("decision":"allow","sections":{"crm.contact":["/email"],"shop.orders":["*"]}})"),
            1U);
}

TEST_F(AuditTrail, AnswersThroughThePosterOfWhoAsked) {
  open();
  std::promise<std::function<void()>> posted;
  bool told = false;
  trail_->disclose(
      some_intent(), [&posted](std::function<void()> job) { posted.set_value(std::move(job)); },
      [&told](Result<Receipt> receipt) { told = receipt.has_value(); });
  auto job = posted.get_future().get();
  EXPECT_FALSE(told);
  job();
  EXPECT_TRUE(told);
}

TEST_F(AuditTrail, WritesManyRecordsWithOneFlush) {
  open();
  faults_.hang();
  auto first = disclose();
  faults_.wait_until_somebody_hangs();
  const int before = faults_.flushes;
  std::vector<std::future<Result<Receipt>>> others;
  for (int i = 0; i < 500; ++i) others.push_back(disclose());
  faults_.let_go();
  for (auto& other : others) EXPECT_TRUE(other.get());
  EXPECT_LE(faults_.flushes - before, 3);
  EXPECT_TRUE(first.get());
  trail_.reset();
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditTrail, TakesRecordsOfManyThreads) {
  open();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this] {
      for (int i = 0; i < 100; ++i) {
        auto receipt = disclose().get();
        EXPECT_TRUE(receipt);
        trail_->outcome(*receipt, {Ending::shown, {"crm.contact"}, {}});
      }
    });
  for (auto& thread : threads) thread.join();
  trail_.reset();
  EXPECT_EQ(count("\"kind\":\"disclosure\""), 400U);
  EXPECT_EQ(count("\"result\":\"shown\""), 400U);
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditTrail, WritesOutcomesAndRefusalsUnasked) {
  open();
  const auto receipt = disclose().get();
  trail_->outcome(*receipt, {Ending::shown, {"crm.contact"}, {}});
  trail_->refused({.action = "session.use", .by = "client bot", .tenant = "default"}, "session.foreign_token");
  while (count("\"kind\":\"refused\"") == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(count(R"("kind":"outcome","of":2,"tenant":"default","client":"desk","customer":"cus_ada","context":"c-1",)"
                  R"("result":"shown","sections":["crm.contact"]})"),
            1U);
}

TEST_F(AuditTrail, RefusesWhileTheDiskFailsAndGoesOnAfterwards) {
  for (auto* fault : {&faults_.fails_write, &faults_.fails_flush}) {
    open();
    *fault = true;
    const auto refused = disclose("refused").get();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::io);
    EXPECT_FALSE(trail_->takes());
    EXPECT_FALSE(disclose("refused").get()) << "at once";
    *fault = false;
    await_recovery();
    EXPECT_TRUE(disclose("after").get());
    trail_.reset();
    EXPECT_EQ(count("\"refused\""), 0U) << "what nobody was told is on record must not be there";
    EXPECT_EQ(verified(), "");
  }
}

TEST_F(AuditTrail, StaysClosedWhileItCannotCutWhatFailed) {
  open();
  faults_.fails_cut = true; // first: the trail looks at once whether it can go on
  faults_.fails_flush = true;
  EXPECT_FALSE(disclose().get());
  faults_.fails_flush = false;
  std::this_thread::sleep_for(std::chrono::milliseconds(600)); // two tries
  EXPECT_FALSE(trail_->takes());
  faults_.fails_cut = false;
  await_recovery();
  EXPECT_TRUE(disclose().get());
}

TEST_F(AuditTrail, KeepsOutcomesOverAFailure) {
  open();
  const auto receipt = disclose().get();
  faults_.fails_flush = true;
  EXPECT_FALSE(disclose("lost").get());
  trail_->outcome(*receipt, {Ending::shown, {"crm.contact"}, {}});
  faults_.fails_flush = false;
  await_recovery();
  trail_.reset();
  EXPECT_EQ(count("\"result\":\"shown\""), 1U);
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditTrail, RefusesWhenTheDiskHangsAndSaysLaterThatNothingWasShown) {
  open();
  faults_.hang();
  auto hanging = disclose("hung");
  faults_.wait_until_somebody_hangs();
  auto behind = disclose("behind");
  clock_.advance(std::chrono::seconds(1));
  const auto refused = hanging.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_FALSE(behind.get());
  await_failure();
  EXPECT_FALSE(disclose("later").get()) << "at once, though the disk still hangs";
  faults_.let_go();
  await_recovery();
  trail_.reset();
  EXPECT_EQ(count("\"kind\":\"disclosure\""), 1U);
  EXPECT_EQ(count(R"("context":"hung","result":"withheld","why":"audit.unavailable")"), 1U);
  EXPECT_EQ(count("behind"), 0U);
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditTrail, RefusesWhatIsMoreThanItHoldsRoomFor) {
  open({.journal = {}, .limits = {.awaited = 3}});
  faults_.hang();
  std::vector<std::future<Result<Receipt>>> taken;
  taken.push_back(disclose());
  faults_.wait_until_somebody_hangs();
  taken.push_back(disclose());
  taken.push_back(disclose());
  const auto refused = disclose().get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::overloaded);
  faults_.let_go();
  for (auto& one : taken) EXPECT_TRUE(one.get());
}

TEST_F(AuditTrail, SaysHowManyOutcomesItLost) {
  open({.journal = {}, .limits = {.not_awaited = 2}});
  const auto receipt = disclose().get();
  faults_.hang();
  auto next = disclose();
  faults_.wait_until_somebody_hangs();
  for (int i = 0; i < 5; ++i) trail_->outcome(*receipt, {Ending::shown, {}, {}});
  faults_.let_go();
  EXPECT_TRUE(next.get());
  trail_.reset();
  EXPECT_EQ(count("\"result\":\"shown\""), 2U);
  EXPECT_EQ(count("\"kind\":\"lost\",\"records\":3}"), 1U);
}

TEST_F(AuditTrail, RefusesARecordThatIsTooLong) {
  open();
  auto intent = some_intent();
  const std::string fields(300'000, ' ');
  intent.sections = {{"crm.contact", fields}};
  Result<Receipt> got = Receipt();
  trail_->disclose(intent, nullptr, [&got](Result<Receipt> result) { got = result; });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Code::too_large);
}

TEST_F(AuditTrail, ClosesASegmentThatIsFullAndCarriesTheChainOver) {
  open({.journal = {.segment_bytes = 2000, .checkpoint_records = 5}});
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(disclose().get());
  trail_.reset();
  auto folder = look_into_folder(path());
  EXPECT_GT(list_segments(**folder)->size(), 5U);
  EXPECT_GE(count("\"kind\":\"checkpoint\""), 8U);
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditTrail, RetiresSegmentsThatAreOlderThanTheirRetention) {
  open({.journal = {.segment_bytes = 2000, .retention = std::chrono::hours(24)}});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(disclose("old").get());
  open({.journal = {.segment_bytes = 2000, .retention = std::chrono::hours(24)}}); // seals the head
  clock_.advance(std::chrono::hours(48));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(disclose("new").get());
  trail_.reset();
  EXPECT_LT(count("\"old\""), 10U);
  EXPECT_EQ(count("\"new\""), 20U);
  json::Reader reader;
  auto folder = look_into_folder(path());
  const auto head = read_head(reader, *(*folder)->read(kHeadFile, 0, 1 << 16));
  ASSERT_TRUE(head);
  EXPECT_EQ(first_seq_of(list_segments(**folder)->front()), head->before.seq + 1);
  EXPECT_TRUE(try_open());
}

TEST_F(AuditTrail, KeepsItsFilesToItself) {
  open();
  ASSERT_TRUE(disclose().get());
  trail_.reset();

  struct stat status {};

  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  auto folder = look_into_folder(path());
  for (const auto& name : *(*folder)->list()) {
    ASSERT_EQ(::stat((path() + "/" + name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
  }
}

} // namespace
} // namespace plugboard::audit
