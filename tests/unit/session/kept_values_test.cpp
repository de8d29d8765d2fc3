#include "core/session/kept_values.hpp"

#include "tests/unit/session/session_fixture.hpp"

#include <plugboard/host_kv.h>

namespace plugboard::session {
namespace {

using connector::KeptKey;
using connector::KeptResult;

class KeptValuesTest : public SessionFixture {
 protected:
  KeptValuesTest() { begin(); }

  void begin() { values = KeptValues::make(*database, keys, clock, random, *log, metrics); }

  void restart_all() {
    restart();
    begin();
  }

  template <class Ask>
  static KeptResult wait(Ask ask) {
    std::promise<KeptResult> told;
    ask([&](KeptResult result) { told.set_value(std::move(result)); });
    return told.get_future().get();
  }

  KeptResult put(const std::string& key, std::string value, std::int64_t only_if = PLUGBOARD_KV_ANY, Duration life = 1h,
                 const std::string& tenant = "default", const std::string& connector = "crm") {
    return wait([&](KeptValues::Done done) {
      values->put({tenant, connector, key}, Secret(std::move(value)), life, only_if, std::move(done));
    });
  }

  KeptResult get(const std::string& key, const std::string& tenant = "default", const std::string& connector = "crm") {
    return wait([&](KeptValues::Done done) { values->get({tenant, connector, key}, std::move(done)); });
  }

  KeptResult remove(const std::string& key, std::int64_t only_if = PLUGBOARD_KV_ANY) {
    return wait([&](KeptValues::Done done) { values->remove({"default", "crm", key}, only_if, std::move(done)); });
  }

  void use_keys(const std::string& current, const std::vector<std::string>& names) {
    std::map<std::string, Secret> all;
    for (const auto& name : names) all.emplace(name, Secret(name + std::string(40, 'x')));
    keys = Keys::make(current, std::move(all)).value();
    restart_all();
  }

  std::int64_t rows() { return count("SELECT count(*) FROM kept_values"); }

  std::shared_ptr<KeptValues> values;
};

TEST_F(KeptValuesTest, GivesBackWhatWasKeptAlsoAfterARestart) {
  EXPECT_EQ(get("cursor").status, PLUGBOARD_NOT_FOUND);
  const auto kept = put("cursor", "page 7");
  EXPECT_EQ(kept.status, PLUGBOARD_OK);
  EXPECT_GT(kept.version, 0);
  restart_all();
  const auto got = get("cursor");
  EXPECT_EQ(got.status, PLUGBOARD_OK);
  EXPECT_EQ(got.value.reveal(), "page 7");
  EXPECT_EQ(got.version, kept.version);
  EXPECT_EQ(put("empty", "").status, PLUGBOARD_OK);
  EXPECT_EQ(get("empty").status, PLUGBOARD_OK);
}

TEST_F(KeptValuesTest, KeepsConnectorsAndTenantsApart) {
  put("a", "1");
  put("a", "2", PLUGBOARD_KV_ANY, 1h, "north");
  put("a", "3", PLUGBOARD_KV_ANY, 1h, "default", "erp");
  put("a", "4", PLUGBOARD_KV_ANY, 1h, "");
  EXPECT_EQ(get("a").value.reveal(), "1");
  EXPECT_EQ(get("a", "north").value.reveal(), "2");
  EXPECT_EQ(get("a", "default", "erp").value.reveal(), "3");
  EXPECT_EQ(get("a", "").value.reveal(), "4");
  EXPECT_EQ(get("ma", "default", "cr").status, PLUGBOARD_NOT_FOUND) << "parts never run into each other";
  EXPECT_EQ(rows(), 4);
}

TEST_F(KeptValuesTest, ChangesOnlyWhatIsMeant) {
  const auto first = put("a", "1", PLUGBOARD_KV_ABSENT);
  EXPECT_EQ(first.status, PLUGBOARD_OK);
  EXPECT_EQ(put("a", "2", PLUGBOARD_KV_ABSENT).status, PLUGBOARD_CONFLICT);
  const auto second = put("a", "2", first.version);
  EXPECT_EQ(second.status, PLUGBOARD_OK);
  EXPECT_NE(second.version, first.version);
  EXPECT_EQ(put("a", "3", first.version).status, PLUGBOARD_CONFLICT);
  EXPECT_EQ(remove("a", first.version).status, PLUGBOARD_CONFLICT);
  EXPECT_EQ(get("a").value.reveal(), "2");
  EXPECT_EQ(remove("a", second.version).status, PLUGBOARD_OK);
  EXPECT_EQ(remove("a").status, PLUGBOARD_NOT_FOUND);
  EXPECT_EQ(put("a", "4", second.version).status, PLUGBOARD_CONFLICT) << "it was there, and is no more";
}

TEST_F(KeptValuesTest, OfTwoThatMeanTheSameVersionOneIsTurnedAway) {
  const auto first = put("a", "0");
  std::vector<std::promise<KeptResult>> told(8);
  for (auto& one : told)
    values->put({"default", "crm", "a"}, Secret("x"), 1h, first.version,
                [&one](KeptResult result) { one.set_value(std::move(result)); });
  int taken = 0;
  for (auto& one : told) taken += one.get_future().get().status == PLUGBOARD_OK ? 1 : 0;
  EXPECT_EQ(taken, 1);
}

TEST_F(KeptValuesTest, EndsWithItsTimeAndIsSweptThen) {
  put("short", "1", PLUGBOARD_KV_ANY, 1min);
  put("long", "2", PLUGBOARD_KV_ANY, 1h);
  clock.advance(1min);
  EXPECT_EQ(get("short").status, PLUGBOARD_NOT_FOUND);
  EXPECT_EQ(remove("short").status, PLUGBOARD_NOT_FOUND);
  EXPECT_EQ(rows(), 2);
  values->tend();
  EXPECT_EQ(put("other", "3").status, PLUGBOARD_OK); // after the sweep
  EXPECT_EQ(rows(), 2);
  EXPECT_EQ(put("short", "1", PLUGBOARD_KV_ABSENT).status, PLUGBOARD_OK);
}

TEST_F(KeptValuesTest, WhatStandsInTheFileIsNeitherKeyNorValue) {
  put("customer-4711", "a very private value");
  EXPECT_EQ(count("SELECT count(*) FROM kept_values WHERE instr(sealed, CAST('private' AS BLOB)) > 0 OR "
                  "instr(digest, '4711') > 0"),
            0);
}

TEST_F(KeptValuesTest, DamageAndAnotherRowsValueAreNoValue) {
  put("a", "1");
  put("b", "2");
  change("UPDATE kept_values SET sealed = (SELECT o.sealed FROM kept_values o WHERE o.digest > kept_values.digest) "
         "WHERE digest = (SELECT min(digest) FROM kept_values)");
  EXPECT_EQ((get("a").status == PLUGBOARD_NOT_FOUND) + (get("b").status == PLUGBOARD_NOT_FOUND), 1);
  EXPECT_NE(metrics.text().find("plugboard_store_damaged_rows_total 1"), std::string::npos);
}

TEST_F(KeptValuesTest, StaysReadableAsLongAsItsKeyIsThere) {
  const auto first = put("a", "1");
  use_keys("k2", {"k1", "k2"});
  EXPECT_EQ(get("a").value.reveal(), "1");
  EXPECT_EQ(put("a", "2", first.version).status, PLUGBOARD_OK);
  EXPECT_EQ(rows(), 1) << "the one under the older key is gone";
  put("b", "3");
  use_keys("k3", {"k3"});
  EXPECT_EQ(get("a").status, PLUGBOARD_NOT_FOUND);
  EXPECT_EQ(put("a", "4", PLUGBOARD_KV_ABSENT).status, PLUGBOARD_OK);
}

TEST_F(KeptValuesTest, IsFullForOneConnectorAndTenantAlone) {
  const std::string large(60'000, 'x');
  int kept = 0;
  while (put("k" + std::to_string(kept), large, PLUGBOARD_KV_ANY, 1min).status == PLUGBOARD_OK) ++kept;
  EXPECT_GT(kept, 200);
  EXPECT_LE(kept * 60'000, kMostKeptBytes);
  EXPECT_EQ(put("more", large).status, PLUGBOARD_TOO_LARGE);
  EXPECT_EQ(put("k0", "small").status, PLUGBOARD_OK) << "what takes less room than it did";
  EXPECT_EQ(put("k1", large).status, PLUGBOARD_OK) << "or as much";
  EXPECT_EQ(get("k1").value.reveal(), large);
  EXPECT_EQ(put("k0", large, PLUGBOARD_KV_ANY, 1h, "north").status, PLUGBOARD_OK);
  clock.advance(1min);
  EXPECT_EQ(put("more", large).status, PLUGBOARD_OK) << "what is over takes no room";
}

TEST_F(KeptValuesTest, WhatDoesNotFitLeavesWhatWasThere) {
  put("a", "1");
  change("INSERT INTO kept_values (tenant, connector, key_id, digest, version, expires_at, size, sealed) "
         "VALUES ('default', 'crm', 'k1', 'other', 1, 9223372036854775807, 16777000, x'00')");
  EXPECT_EQ(put("a", std::string(5000, 'x')).status, PLUGBOARD_TOO_LARGE);
  EXPECT_EQ(get("a").value.reveal(), "1");
}

} // namespace
} // namespace plugboard::session
