// Where a call may be carried: what was judged is what is connected to.
#include "tests/support/name_server.hpp"
#include "tests/unit/http/asking.hpp"
#include "tests/unit/http/upstream.hpp"

#include "core/http/resolver.hpp"
#include "core/http/transport.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace plugboard::http {
namespace {

using test::NameAnswer;
using test::NameServer;

ReachPtr only(const std::string& allowed) {
  return std::make_shared<Reach>(Reach{"only " + allowed, [allowed](const Address& address) {
                                         const auto text = address.to_string();
                                         return text == allowed ? "" : text + " is not " + allowed;
                                       }});
}

class ReachTest : public ::testing::Test {
 protected:
  ReachTest() {
    hub.close();
    hub.thread.run([this] {
      resolver = Resolver::make(hub.thread.io(), hub.clock, {{server.address()}});
      hub.client = Client::make(hub.thread.io(), {}, {}, hub.clock, *hub.log, resolver.get());
    });
  }

  ~ReachTest() override {
    hub.close();
    hub.thread.run([this] { resolver.reset(); });
  }

  Call call_by(const ReachPtr& reach, const std::string& host = "system.example") const {
    auto call = Asking::call_to("http://" + host + ":" + std::to_string(upstream.port()) + "/");
    call.reach = reach;
    return call;
  }

  NameAnswer answer{{"127.0.0.1", "127.0.0.2"}, 30};
  NameServer server{[this](const std::string&, bool) { return answer; }};
  Upstream upstream{[](Conversation& conversation) {
    while (conversation.request()) conversation.answer("/");
  }};
  Asking hub;
  std::unique_ptr<Resolver> resolver;
};

TEST_F(ReachTest, ConnectsToAnAddressThatIsAllowedAndToNoOther) {
  EXPECT_TRUE(hub.get(call_by(only("127.0.0.1"))));
  const auto denied = hub.get(call_by(only("192.0.2.1")));
  EXPECT_EQ(code_of(denied), Code::denied);
  EXPECT_NE(denied.error().message.find("system.example"), std::string::npos);
  EXPECT_NE(denied.error().message.find("is not 192.0.2.1"), std::string::npos);
  EXPECT_EQ(upstream.connections(), 1);
}

TEST_F(ReachTest, WhereTheAllowedAddressIsDeafThatIsSaid) {
  EXPECT_EQ(code_of(hub.get(call_by(only("127.0.0.2")))), Code::unreachable); // nobody listens there
  EXPECT_EQ(upstream.connections(), 0);
}

TEST_F(ReachTest, HoldsForAddressesToo) {
  EXPECT_TRUE(hub.get(call_by(only("127.0.0.1"), "127.0.0.1")));
  EXPECT_EQ(code_of(hub.get(call_by(only("127.0.0.9"), "127.0.0.1"))), Code::denied);
  EXPECT_EQ(code_of(hub.get(call_by(only("127.0.0.9"), "[::1]"))), Code::denied);
  EXPECT_EQ(upstream.connections(), 1);
}

TEST_F(ReachTest, ConnectionsAreSharedByThoseOfOneReachOnly) {
  EXPECT_TRUE(hub.get(call_by(only("127.0.0.1"))));
  EXPECT_TRUE(hub.get(call_by(only("127.0.0.1"))));
  EXPECT_EQ(upstream.connections(), 1);
  EXPECT_EQ(code_of(hub.get(call_by(only("192.0.2.1")))), Code::denied) << "over a connection of those who may";
  EXPECT_TRUE(hub.get(call_by(nullptr)));
  EXPECT_EQ(upstream.connections(), 2);
}

TEST_F(ReachTest, GivesAConnectionOfOnesOwn) {
  const Origin origin{false, "system.example", upstream.port()};
  const auto connect = [&](const ReachPtr& reach) {
    std::promise<std::string> promise;
    hub.thread.run([&] {
      hub.client->connect(origin, reach, [&](Result<std::unique_ptr<Transport>> made) {
        if (made) (*made)->write("GET / HTTP/1.1\r\n\r\n");
        promise.set_value(made ? "connected" : made.error().message);
      });
    });
    return promise.get_future().get();
  };
  EXPECT_EQ(connect(only("127.0.0.1")), "connected");
  EXPECT_NE(connect(only("192.0.2.1")).find("may not be reached"), std::string::npos);
  for (int i = 0; i < 1000 && upstream.connections() == 0; ++i) // it is connected before the other side takes it
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(upstream.connections(), 1);
  hub.thread.run([&] {
    const auto id = hub.client->connect(origin, nullptr, [](const auto&) { ADD_FAILURE() << "abandoned"; });
    hub.client->abandon(id);
    hub.client->abandon(id);
    hub.client->connect(origin, nullptr, [](const auto&) { ADD_FAILURE() << "the client is gone"; });
    hub.client.reset();
  });
}

} // namespace
} // namespace plugboard::http
