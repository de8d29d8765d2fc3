// Whatever hand is laid on one record of a chain, the chain says so.
#include "core/audit/verifier.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plugboard::audit {
namespace {

class AuditVerifier : public ::testing::Test {
 protected:
  AuditVerifier() : signer_(signer_of("k1", Secret("a hub key of more than thirty-two bytes"))) {
    for (int i = 0; i < 30; ++i) {
      const bool seals = i % 10 == 9;
      const std::string time = "2026-01-01T00:00:00.000Z";
      add(time, seals ? "checkpoint" : "disclosure",
          seals ? checkpoint_members(signer_, end_, time) : ",\"customer\":\"cus_" + std::to_string(i) + "\"");
    }
    head_ = *read_head(reader_, write_head(signer_, {{}, end_, "2026-01-01T00:00:00.000Z"}));
  }

  void add(const std::string& time, const std::string& kind, const std::string& members) {
    std::string line;
    append_record(line, end_, time, kind, members);
    line.pop_back();
    lines_.push_back(line);
  }

  std::string verdict(const std::vector<std::string>& lines) {
    Verifier verifier({signer_.key.public_key()});
    if (auto fits = verifier.expect(head_); !fits) return fits.error().message;
    for (const auto& line : lines)
      if (auto fits = verifier.record(reader_, line); !fits) return fits.error().message;
    auto all = verifier.finish();
    return all ? "" : all.error().message;
  }

  Signer signer_;
  ChainEnd end_;
  std::vector<std::string> lines_;
  json::Reader reader_;
  Head head_;
};

TEST_F(AuditVerifier, HoldsAChainForGood) {
  EXPECT_EQ(verdict(lines_), "");
}

TEST_F(AuditVerifier, SeesAnyByteThatWasChanged) {
  for (std::size_t i = 0; i < lines_.size(); ++i)
    for (std::size_t at = 0; at < lines_[i].size(); at += 7) {
      auto lines = lines_;
      lines[i][at] = lines[i][at] == 'x' ? 'y' : 'x';
      EXPECT_NE(verdict(lines), "") << i << " " << at;
    }
}

TEST_F(AuditVerifier, SeesAnyRecordThatIsGone) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    auto lines = lines_;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_NE(verdict(lines), "") << i;
  }
}

TEST_F(AuditVerifier, SeesAnyTwoThatChangedPlaces) {
  for (std::size_t i = 0; i + 1 < lines_.size(); ++i) {
    auto lines = lines_;
    std::swap(lines[i], lines[i + 1]);
    EXPECT_NE(verdict(lines), "") << i;
  }
}

TEST_F(AuditVerifier, SeesAnyEndThatWasCutOff) {
  for (std::size_t i = 0; i < lines_.size(); ++i)
    EXPECT_NE(verdict({lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(i)}), "") << i;
}

TEST_F(AuditVerifier, SeesARecordThatWasAdded) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    auto lines = lines_;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), lines_[i]);
    EXPECT_NE(verdict(lines), "") << i;
  }
}

// Whoever writes the whole chain anew can reckon hashes, but not sign.
TEST_F(AuditVerifier, SeesAChainThatWasWrittenAnew) {
  end_ = {};
  lines_.clear();
  const auto forger = signer_of("k1", Secret("another key of more than thirty-two bytes"));
  add("2026-01-01T00:00:00.000Z", "disclosure", ",\"customer\":\"cus_eve\"");
  add("2026-01-01T00:00:00.000Z", "checkpoint", checkpoint_members(forger, end_, "2026-01-01T00:00:00.000Z"));
  EXPECT_NE(verdict(lines_).find("none of those given"), std::string::npos);
  head_ = *read_head(reader_, write_head(forger, {{}, end_, "2026-01-01T00:00:00.000Z"}));
  EXPECT_NE(verdict(lines_).find("none of those given"), std::string::npos);
}

TEST_F(AuditVerifier, SeesASignatureThatBelongsElsewhere) {
  auto lines = lines_;
  const auto signature = [](const std::string& line) { return line.substr(line.find("\"signature\"")); };
  lines[29] = lines[29].substr(0, lines[29].find("\"signature\"")) + signature(lines[19]);
  EXPECT_NE(verdict(lines).find("its signature does not fit"), std::string::npos) << verdict(lines);
}

TEST_F(AuditVerifier, CountsWhatNobodyHasSignedYet) {
  add("2026-01-01T00:00:00.000Z", "disclosure", "");
  add("2026-01-01T00:00:00.000Z", "disclosure", "");
  Verifier verifier({});
  for (const auto& line : lines_) ASSERT_TRUE(verifier.record(reader_, line));
  EXPECT_EQ(verifier.records(), 32U);
  EXPECT_EQ(verifier.checkpoints(), 3U);
  EXPECT_EQ(verifier.unsigned_records(), 2U);
  EXPECT_EQ(verifier.signed_by().size(), 1U);
}

TEST_F(AuditVerifier, NamesTheRecord) {
  auto lines = lines_;
  lines.erase(lines.begin() + 4);
  EXPECT_EQ(verdict(lines), "record 5 is missing: record 6 stands in its place");
  lines = lines_;
  lines[4].replace(lines[4].find("cus_4"), 5, "cus_5");
  EXPECT_EQ(verdict(lines), "record 6 does not follow on record 5: one of them was changed");
}

} // namespace
} // namespace plugboard::audit
