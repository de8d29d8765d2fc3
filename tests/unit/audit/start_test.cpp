// How a trail is taken up again: after a kill, after a power cut, after somebody's hand.
#include "tests/unit/audit/trail_fixture.hpp"

#include <filesystem>
#include <fstream>

namespace plugboard::audit {
namespace {

using namespace testing;

class AuditStart : public TrailTest {
 protected:
  void write_some(int records = 10) {
    open();
    for (int i = 0; i < records; ++i) ASSERT_TRUE(disclose().get());
    trail_.reset();
  }

  std::string last_segment() const {
    auto folder = look_into_folder(path());
    return path() + "/" + list_segments(**folder)->back();
  }

  static std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static void put(const std::string& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

  void append(const std::string& bytes) const {
    std::ofstream(last_segment(), std::ios::app | std::ios::binary) << bytes;
  }

  std::string refusal() {
    auto opened = try_open();
    return opened ? "" : opened.error().message;
  }
};

TEST_F(AuditStart, GoesOnWhereItEnded) {
  write_some();
  write_some();
  EXPECT_EQ(count("\"kind\":\"disclosure\""), 20U);
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditStart, CutsOffALineThatDoesNotEnd) {
  write_some();
  append(R"({"seq":99,"prev":"00)");
  write_some();
  EXPECT_EQ(count("\"kind\":\"disclosure\""), 20U);
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditStart, CutsOffPagesThatWereNeverWritten) {
  write_some();
  append(std::string(5000, '\0') + "\n{\"seq\":99}\n");
  write_some();
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditStart, DropsASegmentOfWhichNothingWasWritten) {
  write_some();
  const auto next = std::to_string(lines().size() + 1);
  put(path() + "/" + std::string(20 - next.size(), '0') + next + ".jsonl", std::string(100, '\0'));
  write_some();
  EXPECT_EQ(count("\"kind\":\"disclosure\""), 20U);
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditStart, KeepsWhatWasWrittenAfterTheLastCheckpoint) {
  write_some();
  auto bytes = content(last_segment());
  json::Reader reader;
  ChainEnd end{lines().size(), sha256(lines().back())};
  append_record(bytes, end, "2026-01-01T00:00:00.000Z", "disclosure", ",\"client\":\"desk\"");
  put(last_segment(), bytes);
  write_some();
  EXPECT_EQ(count("\"kind\":\"disclosure\""), 21U);
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditStart, RefusesARecordThatWasChanged) {
  write_some();
  auto bytes = content(last_segment());
  bytes.replace(bytes.find("cus_ada"), 7, "cus_eve");
  put(last_segment(), bytes);
  EXPECT_NE(refusal().find("record 3 does not follow on record 2"), std::string::npos) << refusal();
  EXPECT_NE(refusal().find("move the folder away"), std::string::npos);
}

TEST_F(AuditStart, RefusesAnEndThatWasCutOff) {
  write_some();
  auto bytes = content(last_segment());
  bytes.resize(bytes.rfind('\n', bytes.size() - 2) + 1);
  put(last_segment(), bytes);
  EXPECT_NE(refusal().find("at the end, are missing"), std::string::npos) << refusal();
}

TEST_F(AuditStart, RefusesSegmentsThatAreGone) {
  write_some();
  std::filesystem::remove(last_segment());
  EXPECT_NE(refusal().find("there is no segment"), std::string::npos) << refusal();
}

TEST_F(AuditStart, RefusesAHeadThatIsGoneOrChanged) {
  write_some();
  const auto head = path() + "/" + kHeadFile;
  const auto good = content(head);
  auto bad = good;
  bad.replace(bad.find("\"seq\":0"), 7, "\"seq\":1");
  put(head, bad);
  EXPECT_NE(refusal().find("its signature does not fit"), std::string::npos) << refusal();
  std::filesystem::remove(head);
  EXPECT_NE(refusal().find("head.json is missing"), std::string::npos) << refusal();
  put(head, good);
  EXPECT_EQ(refusal(), "");
}

TEST_F(AuditStart, RefusesAChainThatSomebodyElseSigned) {
  write_some();
  trail_.reset();
  auto folder = open_folder(path());
  std::vector<Signer> others;
  others.push_back(some_signer("another"));
  auto trail = FileTrail::open(std::move(*folder), {}, std::move(others), nullptr, true, clock_, *log_, metrics_);
  ASSERT_FALSE(trail);
  EXPECT_NE(trail.error().message.find("is none of those given"), std::string::npos) << trail.error().message;
}

TEST_F(AuditStart, TakesSignaturesOfAFormerKey) {
  write_some();
  auto folder = open_folder(path());
  std::vector<Signer> both;
  both.push_back(some_signer("k2"));
  both.push_back(some_signer("k1"));
  auto trail = FileTrail::open(std::move(*folder), {}, std::move(both), nullptr, true, clock_, *log_, metrics_);
  ASSERT_TRUE(trail) << trail.error().message;
}

TEST_F(AuditStart, FollowsNoLink) {
  write_some();
  const auto segment = last_segment();
  std::filesystem::rename(segment, folder_.path() + "/elsewhere");
  std::filesystem::create_symlink(folder_.path() + "/elsewhere", segment);
  EXPECT_NE(refusal(), "");
}

} // namespace
} // namespace plugboard::audit
