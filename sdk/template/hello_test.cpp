#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

using namespace plugboard;
using testkit::FakeHost;
using testkit::Running;

constexpr auto kConfig = R"({"url": "https://crm.example/customers"})";

TEST(HelloTest, HandsOverWhatTheServiceKnows) {
  FakeHost host;
  Running connector(host, plugboard_connector_entry_v1(), kConfig);
  host.http().answer({.body = R"({"customer_id": "7/1"})"});
  auto answer = connector.lookup({.section = "contact", .identifiers = {{"customer_id", "7/1"}}}).wait();
  EXPECT_EQ(answer.data, R"({"customer_id": "7/1"})");
  EXPECT_EQ(host.http().sent().at(0).url, "https://crm.example/customers/7%2F1");
}

TEST(HelloTest, TellsAnUnknownCustomerFromABrokenService) {
  FakeHost host;
  Running connector(host, plugboard_connector_entry_v1(), kConfig);
  host.http().answer({.status = 404});
  EXPECT_EQ(connector.lookup({.identifiers = {{"customer_id", "7"}}}).wait().status, Status::not_found);
  host.http().answer({.status = 500});
  EXPECT_EQ(connector.lookup({.identifiers = {{"customer_id", "7"}}}).wait().status, Status::upstream_failed);
}

TEST(HelloTest, RefusesAnAddressWithoutTls) {
  FakeHost host;
  EXPECT_THROW(Running(host, plugboard_connector_entry_v1(), R"({"url": "http://crm.example"})"), std::runtime_error);
}
