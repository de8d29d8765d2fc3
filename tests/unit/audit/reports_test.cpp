// What is on record, read again.
#include "core/audit/customer_index.hpp"
#include "core/audit/search.hpp"
#include "core/audit/verify_folder.hpp"
#include "tests/unit/audit/trail_fixture.hpp"

#include <filesystem>
#include <fstream>

namespace plugboard::audit {
namespace {

using namespace testing;

class AuditReports : public TrailTest {
 protected:
  Result<Receipt> disclose_of(const std::string& customer, const std::string& context) {
    std::promise<Result<Receipt>> promise;
    auto intent = some_intent(context);
    intent.customer = customer;
    trail_->disclose(intent, nullptr, [&promise](Result<Receipt> got) { promise.set_value(got); });
    return promise.get_future().get();
  }

  // All pages.
  std::vector<std::string> read(Query query) {
    std::vector<std::string> records;
    do {
      std::promise<Result<Page>> promise;
      trail_->read(query, nullptr, [&promise](Result<Page> got) { promise.set_value(std::move(got)); });
      auto page = promise.get_future().get();
      EXPECT_TRUE(page);
      if (!page) return records;
      for (auto& record : page->records) records.push_back(std::move(record));
      query.after = page->next;
      ++pages_;
    } while (!query.after.empty());
    return records;
  }

  static std::string segment_of(const std::string& folder, std::size_t number) {
    auto opened = look_into_folder(folder);
    return folder + "/" + list_segments(**opened)->at(number);
  }

  int pages_ = 0;
};

TEST_F(AuditReports, FindsEachRecordOfACustomerOverManySegments) {
  open({.journal = {.segment_bytes = 3000}});
  for (int i = 0; i < 60; ++i) {
    auto receipt = disclose_of("cus_" + std::to_string(i % 7), "c-" + std::to_string(i));
    ASSERT_TRUE(receipt);
    trail_->outcome(*receipt, {Ending::shown, {"crm.contact"}, {}});
  }
  while (count("\"kind\":\"outcome\"") < 60) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (int again = 0; again < 2; ++again) { // first it makes the indexes, then it has them
    const auto records = read({.customer = "cus_3", .most = 4});
    EXPECT_EQ(records.size(), 2U * 9);
    for (const auto& record : records) EXPECT_EQ(text_of_member(record, "customer"), "cus_3");
  }
  EXPECT_TRUE(std::filesystem::exists(index_name(segment_of(path(), 0))));
  EXPECT_EQ(read({.customer = "cus_9"}).size(), 0U);
  EXPECT_EQ(read({.customer = "cus_"}).size(), 0U) << "whole names only";
  EXPECT_EQ(read({.kind = "disclosure"}).size(), 60U);
  EXPECT_EQ(read({.tenant = "another"}).size(), 0U);
}

TEST_F(AuditReports, MakesADamagedIndexAnew) {
  open({.journal = {.segment_bytes = 2000}});
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(disclose_of("cus_1", "c"));
  EXPECT_EQ(read({.customer = "cus_1"}).size(), 30U);
  const auto index = index_name(segment_of(path(), 0));
  const auto size = std::filesystem::file_size(index);
  std::fstream(index, std::ios::in | std::ios::out | std::ios::binary).seekp(20).put('x');
  EXPECT_EQ(read({.customer = "cus_1"}).size(), 30U);
  std::filesystem::resize_file(index, size / 2);
  EXPECT_EQ(read({.customer = "cus_1"}).size(), 30U);
  EXPECT_EQ(std::filesystem::file_size(index), size);
}

TEST_F(AuditReports, ReadsBetweenTwoMoments) {
  open({.journal = {.segment_bytes = 1500}});
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(disclose_of("cus_1", "c-" + std::to_string(i)));
    clock_.advance(std::chrono::minutes(1));
  }
  EXPECT_EQ(read({.kind = "disclosure", .from = "2026-01-01T00:10:00.000Z", .to = "2026-01-01T00:20:00.000Z"}).size(),
            10U);
  EXPECT_EQ(read({.kind = "disclosure", .from = "2026-01-01T00:25:00.000Z"}).size(), 5U);
}

TEST_F(AuditReports, GoesOnWhereAPageEndedAndNowhereElse) {
  open();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(disclose_of("cus_1", "c"));
  EXPECT_EQ(read({.kind = "disclosure", .most = 3}).size(), 10U);
  EXPECT_GE(pages_, 4);
  for (const char* after : {"x", "1", "1.", "1.x", "-1.0", "1.0.0", "99999999999999999999.0"}) {
    std::promise<Result<Page>> promise;
    trail_->read({.after = after}, nullptr, [&promise](Result<Page> got) { promise.set_value(std::move(got)); });
    const auto page = promise.get_future().get();
    ASSERT_FALSE(page) << after;
    EXPECT_EQ(page.error().code, Code::invalid_argument);
  }
}

TEST_F(AuditReports, VerifyWhileItIsWritten) {
  open({.journal = {.segment_bytes = 2000}});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(disclose_of("cus_1", "c"));
  std::string segment;
  std::optional<ChainEnd> end;
  int segments = 0;
  do {
    std::promise<Result<SegmentVerdict>> promise;
    trail_->verify(segment, nullptr, [&promise](Result<SegmentVerdict> got) { promise.set_value(std::move(got)); });
    const auto verdict = promise.get_future().get();
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->fault, "");
    EXPECT_EQ(end.value_or(verdict->head_before), verdict->before);
    end = verdict->end;
    segment = verdict->next;
    ++segments;
  } while (!segment.empty());
  EXPECT_GT(segments, 3);
}

TEST_F(AuditReports, VerifyAFolderByItsFiles) {
  open({.journal = {.segment_bytes = 2000}});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(disclose_of("cus_1", "c"));
  trail_.reset();
  const Verifier::PublicKeys ours{some_signer().key.public_key()}, others{some_signer("k9").key.public_key()};
  auto folder = look_into_folder(path());
  EXPECT_EQ(verify_folder(**folder, ours)->fault, "");
  EXPECT_EQ(verify_folder(**folder, ours)->records, lines().size());
  EXPECT_NE(verify_folder(**folder, others)->fault, "");
  const auto second = segment_of(path(), 1);
  std::filesystem::rename(second, second + ".away");
  EXPECT_NE(verify_folder(**folder, ours)->fault.find("missing"), std::string::npos);
  std::filesystem::rename(second + ".away", second);
  std::filesystem::remove(segment_of(path(), 0));
  EXPECT_NE(verify_folder(**folder, ours)->fault.find("record 1 and more are missing"), std::string::npos)
      << verify_folder(**folder, ours)->fault;
}

TEST(AuditMember, IsFoundAsAMemberOnly) {
  EXPECT_EQ(text_of_member(R"({"actor":"\"customer\":\"cus_2\"","customer":"cus_1"})", "customer"), "cus_1");
  EXPECT_EQ(text_of_member(R"({"client":"customer"})", "customer"), "");
  EXPECT_EQ(text_of_member(R"({"customer":")", "customer"), "");
}

} // namespace
} // namespace plugboard::audit
