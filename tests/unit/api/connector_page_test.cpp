#include "core/api/connector_page.hpp"

#include <gmock/gmock.h>

namespace plugboard::api {
namespace {

using connector::Containment;
using connector::Isolation;
using ::testing::HasSubstr;

Containment worker(std::vector<wire::LayerState> layers, std::string profile = "standard") {
  Containment containment;
  containment.isolation = Isolation::worker;
  containment.layers = std::move(layers);
  containment.profile = std::move(profile);
  return containment;
}

const wire::LayerState kThere{wire::Layer::user, true, ""};
const wire::LayerState kMissing{wire::Layer::landlock, false, "this kernel has none"};

TEST(BannerTest, IsAbsentOnlyWhereNothingIsAmiss) {
  EXPECT_EQ(banner_of(worker({kThere})), "");
  EXPECT_EQ(banner_of(worker({}, "")), "") << "not up yet";
  EXPECT_EQ(banner_of({{"crm", worker({kThere})}}), "");
}

TEST(BannerTest, SaysThatCodeInTheHubIsTrustedAsTheHubIs) {
  EXPECT_EQ(banner_of(Containment{}), "runs inside the hub: its code is trusted as the hub's own");
}

TEST(BannerTest, NamesTheMissingLayersAndWhy) {
  EXPECT_EQ(banner_of(worker({kThere, kMissing})),
            "its worker lacks layers of the sandbox: landlock (this kernel has none)");
}

TEST(BannerTest, NamesAProfileThatIsWeaker) {
  EXPECT_THAT(banner_of(worker({kThere}, "sanitizers")), HasSubstr("under the profile sanitizers, which is weaker"));
  EXPECT_THAT(banner_of(worker({kMissing}, "sanitizers")), HasSubstr("; it runs under the profile sanitizers"));
}

TEST(BannerTest, GathersTheConnectorsByWhatIsAmiss) {
  EXPECT_EQ(
      banner_of(
          {{"login", Containment{}}, {"crm", worker({kMissing})}, {"good", worker({kThere})}, {"pay", Containment{}}}),
      "These connectors run inside the hub, their code is trusted as the hub's own: login, pay. "
      "The workers of these lack layers of the sandbox: crm.");
}

} // namespace
} // namespace plugboard::api
