// tcp/1, asked for through the ABI by a real library: where a granted server is, and that nothing else is anywhere.
#include "bench.hpp"

#include <plugboard/host_tcp.h>

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

class TcpServiceTest : public Bench {
 public:
  void start_with(std::vector<std::string> grants, bool blocking = true) {
    Settings made = probe(blocking);
    made.egress = std::move(grants);
    start(std::move(made));
  }

  const plugboard_host_tcp_v1& tcp() const {
    return *static_cast<const plugboard_host_tcp_v1*>(
        control.host.load()->extension(control.host, PLUGBOARD_HOST_TCP_V1));
  }

  // "address port;address port;", or the name of what it says instead.
  std::string locate(std::string_view host, std::uint16_t port) const {
    std::string places;
    const auto said = tcp().locate(
        control.host, {host.data(), host.size()}, port, &places,
        [](void* user, plugboard_str address, std::uint16_t there) {
          static_cast<std::string*>(user)->append(address.data, address.size).append(" " + std::to_string(there) + ";");
        });
    if (said == PLUGBOARD_OK) return places;
    EXPECT_EQ(places, "") << "it was told all the same";
    if (said == PLUGBOARD_EGRESS_DENIED) return "denied";
    if (said == PLUGBOARD_UNREACHABLE) return "unreachable";
    return said == PLUGBOARD_CANCELLED ? "cancelled" : "failed";
  }
};

TEST_F(TcpServiceTest, LocatesWhatIsGranted) {
  start_with({"tcp:127.0.0.1:5432", "tcp:[::1]:5433", "tcp:localhost:5434", "http:127.0.0.1:80"});
  EXPECT_EQ(locate("127.0.0.1", 5432), "127.0.0.1 5432;");
  EXPECT_EQ(locate("::1", 5433), "::1 5433;");
  EXPECT_EQ(locate("LocalHost", 5434), "127.0.0.1 5434;::1 5434;");
}

TEST_F(TcpServiceTest, DeniesWhatIsNotGrantedAndSaysHowToGrantIt) {
  start_with({"tcp:127.0.0.1:5432", "http:127.0.0.1:80"});
  EXPECT_EQ(locate("127.0.0.1", 5433), "denied");
  EXPECT_EQ(locate("127.0.0.1", 80), "denied");
  EXPECT_EQ(locate("db.example", 5432), "denied");
  EXPECT_TRUE(log.has("tcp:db.example:5432 is not granted: add it to grants.egress"));
}

TEST_F(TcpServiceTest, AGrantTheManifestDoesNotWishForIsNone) {
  start_with(
      {"tcp:192.0.2.1:5432"}); // the manifest wishes tcp:127.0.0.1:*, tcp:[::1]:*, tcp:localhost:*, tcp:*.invalid:*
  EXPECT_EQ(locate("192.0.2.1", 5432), "denied");
}

TEST_F(TcpServiceTest, SaysThatANameLeadsNowhere) {
  start_with({"tcp:nobody.invalid:5432"});
  EXPECT_EQ(locate("nobody.invalid", 5432), "unreachable");
  EXPECT_TRUE(log.has("tcp:nobody.invalid:5432 "));
}

TEST_F(TcpServiceTest, IsNotAskedForANameWhereNothingMayWait) {
  std::string name, address;
  control.on_call = [&](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    name = locate("localhost", 5432);
    address = locate("127.0.0.1", 5432); // needs no looking up
    answer(host, call, "{}");
  };
  start_with({"tcp:localhost:5432", "tcp:127.0.0.1:5432"}, false);
  ask("any");
  EXPECT_EQ(name, "failed");
  EXPECT_EQ(address, "127.0.0.1 5432;");
  EXPECT_TRUE(log.has("must not wait"));
}

TEST_F(TcpServiceTest, RefusesWhatIsNoQuestion) {
  start_with({"tcp:127.0.0.1:5432"});
  const auto receive = [](void*, plugboard_str, std::uint16_t) { FAIL() << "nothing was found"; };
  const std::string_view name = "127.0.0.1";
  const std::string large(256, 'a');
  EXPECT_EQ(tcp().locate(control.host, {nullptr, 9}, 5432, nullptr, receive), PLUGBOARD_FAILED);
  EXPECT_EQ(tcp().locate(control.host, {name.data(), 0}, 5432, nullptr, receive), PLUGBOARD_FAILED);
  EXPECT_EQ(tcp().locate(control.host, {large.data(), large.size()}, 5432, nullptr, receive), PLUGBOARD_FAILED);
  EXPECT_EQ(tcp().locate(control.host, {name.data(), name.size()}, 0, nullptr, receive), PLUGBOARD_FAILED);
  EXPECT_EQ(tcp().locate(control.host, {name.data(), name.size()}, 5432, nullptr, nullptr), PLUGBOARD_FAILED);
}

TEST_F(TcpServiceTest, AnswersNobodyOnceTheConnectorIsStopped) {
  start_with({"tcp:127.0.0.1:5432"});
  connector->stop();
  EXPECT_EQ(locate("127.0.0.1", 5432), "cancelled");
}

} // namespace
} // namespace plugboard::connector
