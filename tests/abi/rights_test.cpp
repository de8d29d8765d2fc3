// What the person behind the data has a right to, and how a connector says how it is: from a class to the ABI's table.
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

namespace plugboard::testkit {
namespace {

class Archive : public Export, public Erase, public Health {
 public:
  Archive(Host, std::string_view config) : config_(config) {}

  Result<SubjectData> export_subject(const Request& request) override {
    if (!request.find("email")) return Failure{Status::not_found};
    return SubjectData{.data = R"({"letters": 2})"};
  }

  Result<Erased> erase_subject(const Request&) override {
    return Erased{.records = std::exchange(letters_, 0U), .kept = {{"a \"deed\"", "the law"}}};
  }

  Result<Healthy> check_health(const Request& request) override {
    if (!request.tenant().empty()) throw std::logic_error("a check is about nobody");
    if (config_ == "ill") return Failure{Status::failed, "the token was refused: log in again"};
    if (config_ == "throws") throw std::runtime_error("no luck");
    return Healthy{};
  }

 private:
  std::string config_;
  unsigned letters_ = 2;
};

class AsyncArchive : public AsyncExport, public AsyncErase, public AsyncHealth {
 public:
  AsyncArchive(Host, std::string_view) {}

  void export_subject(const Request&, Call call) override { call.complete(SubjectData{"<html>", true}); }

  void erase_subject(const Request&, Call call) override { call.complete(Erased{}); }

  void check_health(const Request&, Call call) override { call.complete(Healthy{}); }
};

class OnlyLooksUp : public Lookup {
 public:
  OnlyLooksUp(Host, std::string_view) {}

  Result<Section> lookup(const Request&) override { return Section{"{}"}; }
};

TEST(RightsTest, AreAnsweredAsTheAbiSays) {
  FakeHost host;
  Running archive(host, connector<Archive>());
  EXPECT_EQ(archive.export_subject({}).wait().status, Status::not_found);
  EXPECT_EQ(archive.export_subject({.identifiers = {{"email", "a@b.example"}}}).wait().data, R"({"letters": 2})");
  EXPECT_EQ(archive.erase_subject({}).wait().data, R"({"erased":2,"kept":[{"what":"a \"deed\"","why":"the law"}]})");
  EXPECT_EQ(archive.erase_subject({}).wait().data.substr(0, 12), R"({"erased":0,)");
  EXPECT_EQ(archive.lookup({}).wait().status, Status::unsupported);
}

TEST(RightsTest, AreAnsweredLaterToo) {
  FakeHost host;
  Running archive(host, connector<AsyncArchive>());
  const auto exported = archive.export_subject({}).wait();
  EXPECT_EQ(exported.data, "<html>");
  EXPECT_TRUE(exported.verbatim);
  EXPECT_EQ(archive.erase_subject({}).wait().data, R"({"erased":0,"kept":[]})");
  EXPECT_EQ(archive.check_health().wait().status, Status::ok);
}

TEST(RightsTest, AreUnsupportedByWhomDoesNotOfferThem) {
  FakeHost host;
  Running plain(host, connector<OnlyLooksUp>());
  EXPECT_EQ(plain.export_subject({}).wait().status, Status::unsupported);
  EXPECT_EQ(plain.erase_subject({}).wait().status, Status::unsupported);
}

TEST(HealthTest, IsAnExtensionOfWhoHasIt) {
  EXPECT_EQ(connector<OnlyLooksUp>()->extension, nullptr);
  const auto* table = connector<Archive>();
  ASSERT_NE(table->extension, nullptr);
  EXPECT_EQ(table->extension(nullptr, "plugboard.health/2"), nullptr);
  const auto* health = static_cast<const plugboard_health_v1*>(table->extension(nullptr, PLUGBOARD_HEALTH_V1));
  ASSERT_NE(health, nullptr);
  EXPECT_EQ(health->p.magic, PLUGBOARD_MAGIC);
  EXPECT_EQ(health->p.struct_size, sizeof(plugboard_health_v1));
  FakeHost host;
  Running plain(host, connector<OnlyLooksUp>());
  EXPECT_THROW(static_cast<void>(plain.check_health()), std::runtime_error);
}

TEST(HealthTest, SaysWhatTheOperatorShallDo) {
  FakeHost host;
  Running well(host, connector<Archive>());
  EXPECT_EQ(well.check_health().wait().status, Status::ok);
  Running ill(host, connector<Archive>(), "ill");
  const auto said = ill.check_health().wait();
  EXPECT_EQ(said.status, Status::failed);
  EXPECT_EQ(said.message, "the token was refused: log in again");
  Running throws(host, connector<Archive>(), "throws");
  const auto thrown = throws.check_health().wait();
  EXPECT_EQ(thrown.status, Status::internal);
  EXPECT_EQ(thrown.message, "no luck");
}

} // namespace
} // namespace plugboard::testkit
