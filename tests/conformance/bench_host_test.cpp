// The host on the bench: what a plugin is served there, asked for through the C tables.
#include "core/conformance/bench_host.hpp"
#include "core/connector/abi_text.hpp"
#include "core/connector/forever.hpp"

#include <gtest/gtest.h>

#include <future>

namespace plugboard::conformance {
namespace {

using connector::str;

class BenchHostTest : public ::testing::Test {
 protected:
  template <class T>
  const T& service(const char* id) const {
    return *static_cast<const T*>(host.raw()->extension(host.raw(), id));
  }

  std::int32_t waited(plugboard_call* call, std::int64_t ns, bool cancels) {
    std::promise<std::int32_t> told;
    const auto& clock = service<plugboard_host_clock_v1>(PLUGBOARD_HOST_CLOCK_V1);
    EXPECT_EQ(clock.after(host.raw(), call, ns, &told,
                          [](void* user, std::int32_t outcome) {
                            static_cast<std::promise<std::int32_t>*>(user)->set_value(outcome);
                          }),
              PLUGBOARD_OK);
    if (cancels) host.cancel(call);
    return told.get_future().get();
  }

  std::string token(const char* secret) {
    plugboard_oauth2_client client{};
    client.p = PLUGBOARD_PREFIX(plugboard_oauth2_client);
    client.token_url = str("https://id.example/token");
    client.client_id = str("hub");
    client.client_secret = str(secret);
    std::string got;
    const auto& tokens = service<plugboard_host_oauth2_v1>(PLUGBOARD_HOST_OAUTH2_V1);
    EXPECT_EQ(tokens.token(host.raw(), nullptr, &client, &got,
                           [](void* user, const plugboard_oauth2_token* told) {
                             *static_cast<std::string*>(user) = connector::view(told->access_token);
                           }),
              PLUGBOARD_OK);
    EXPECT_EQ(tokens.invalidate(host.raw(), &client, str(got)), PLUGBOARD_OK);
    return got;
  }

  const std::map<std::string, std::string> secrets{{"KEY", "old"}}, files{}, folders{{"data/", "/srv/shop"}};
  const std::vector<connector::MetricSpec> metrics{{"seen_total", "", connector::MetricKind::counter, {}, {}}};
  // Kept: a pause's thread may end after its test.
  BenchHost& host =
      connector::keep_for_ever(std::make_unique<BenchHost>(BenchHost::Given{secrets, files, folders, metrics}));
};

TEST_F(BenchHostTest, SaysWhereAGrantedFolderIs) {
  const auto& service_of_files = service<plugboard_host_files_v1>(PLUGBOARD_HOST_FILES_V1);
  const auto located = [&](const std::string& path) {
    std::string place;
    const auto found = service_of_files.locate(host.raw(), str(path), &place, [](void* user, plugboard_str local) {
      *static_cast<std::string*>(user) = connector::view(local);
    });
    return found == PLUGBOARD_OK ? place : "denied";
  };
  EXPECT_EQ(located("data/shop.db"), "/srv/shop/shop.db");
  EXPECT_EQ(located("data/../keys/k1"), "denied");
  EXPECT_EQ(located("elsewhere/shop.db"), "denied");
}

TEST_F(BenchHostTest, WaitsAsLongAsItIsAskedToOrUntilNobodyWaits) {
  EXPECT_EQ(waited(nullptr, 1'000'000, false), PLUGBOARD_OK);
  const auto call = host.converse(PLUGBOARD_LOOKUP, {});
  EXPECT_EQ(waited(call->handle(), 3'600'000'000'000, true), PLUGBOARD_CANCELLED);
}

TEST_F(BenchHostTest, CountsWhatTheManifestDeclares) {
  const auto& counting = service<plugboard_host_metrics_v1>(PLUGBOARD_HOST_METRICS_V1);
  EXPECT_EQ(counting.record(host.raw(), str("seen_total"), nullptr, 0, 1), PLUGBOARD_OK);
  EXPECT_EQ(counting.record(host.raw(), str("seen_total"), nullptr, 0, -1), PLUGBOARD_FAILED);
  EXPECT_EQ(counting.record(host.raw(), str("other_total"), nullptr, 0, 1), PLUGBOARD_NOT_FOUND);
}

TEST_F(BenchHostTest, GivesAnotherTokenWhenOneWasRefused) {
  const std::string first = token("KEY");
  EXPECT_FALSE(first.empty());
  EXPECT_NE(token("KEY"), first);
  EXPECT_EQ(token("NO_SUCH_KEY"), "");
}

TEST_F(BenchHostTest, GivesWhatASecretWasReplacedWith) {
  const auto& keeping = service<plugboard_host_secrets_v1>(PLUGBOARD_HOST_SECRETS_V1);
  EXPECT_EQ(keeping.replace(host.raw(), str("KEY"), str("new"), nullptr, [](void*, std::int32_t) {}), PLUGBOARD_OK);
  std::string got;
  EXPECT_EQ(
      keeping.get(host.raw(), str("KEY"), &got,
                  [](void* user, plugboard_str value) { *static_cast<std::string*>(user) = connector::view(value); }),
      PLUGBOARD_OK);
  EXPECT_EQ(got, "new");
  EXPECT_EQ(keeping.replace(host.raw(), str("OTHER"), str("new"), nullptr, [](void*, std::int32_t) {}),
            PLUGBOARD_NOT_FOUND);
}

TEST_F(BenchHostTest, KeepsValuesApartByTenantAndVersion) {
  const auto& kv = service<plugboard_host_kv_v1>(PLUGBOARD_HOST_KV_V1);
  const auto call = host.converse(PLUGBOARD_LOOKUP, {});
  std::vector<std::int32_t> told;
  const auto note = [](void* user, const plugboard_kv_result* result) {
    static_cast<std::vector<std::int32_t>*>(user)->push_back(result->status);
  };
  kv.put(host.raw(), call->handle(), str("a"), str("1"), 0, PLUGBOARD_KV_ABSENT, &told, note);
  kv.put(host.raw(), call->handle(), str("a"), str("2"), 0, PLUGBOARD_KV_ABSENT, &told, note);
  kv.get(host.raw(), nullptr, str("a"), &told, note);
  kv.get(host.raw(), call->handle(), str("a"), &told, note);
  kv.remove(host.raw(), call->handle(), str("a"), PLUGBOARD_KV_ANY, &told, note);
  kv.get(host.raw(), call->handle(), str("a"), &told, note);
  EXPECT_EQ(told, (std::vector<std::int32_t>{PLUGBOARD_OK, PLUGBOARD_CONFLICT, PLUGBOARD_NOT_FOUND, PLUGBOARD_OK,
                                             PLUGBOARD_OK, PLUGBOARD_NOT_FOUND}));
}

} // namespace
} // namespace plugboard::conformance
