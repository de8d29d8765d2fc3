#include "core/http/resolver.hpp"
#include "tests/support/name_server.hpp"
#include "tests/unit/http/io_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;
using test::NameAnswer;
using test::NameServer;

class ResolverTest : public ::testing::Test {
 protected:
  ~ResolverTest() override {
    thread.run([this] { resolver.reset(); });
  }

  void use(const NameServer& server) { use(server.address()); }

  void use(const std::string& address) {
    resolver = thread.run([&] { return Resolver::make(thread.io(), clock, {{address}}); });
  }

  std::future<Result<Addresses>> ask(const std::string& name) {
    auto promise = std::make_shared<std::promise<Result<Addresses>>>();
    thread.run([&] {
      auto in_turn = std::make_shared<bool>(false);
      resolver->look_up(name, [promise, in_turn](const Result<Addresses>& found) {
        EXPECT_TRUE(*in_turn) << "told before look_up returned";
        promise->set_value(found);
      });
      *in_turn = true;
    });
    return promise->get_future();
  }

  std::string told(const std::string& name) {
    const auto found = ask(name).get();
    if (!found) return found.error().message;
    std::string text;
    for (const auto& address : *found) text += (text.empty() ? "" : " ") + address.to_string();
    return text;
  }

  IoThread thread;
  FakeClock clock;
  std::unique_ptr<Resolver> resolver;
};

TEST_F(ResolverTest, AsksTheNameServerForBothFamilies) {
  NameServer server([](const std::string& name, bool) {
    EXPECT_EQ(name, "api.shop.example");
    return NameAnswer{{"192.0.2.7", "2001:db8::7"}, 30};
  });
  use(server);
  const auto found = told("api.shop.example");
  EXPECT_NE(found.find("192.0.2.7"), std::string::npos) << found;
  EXPECT_NE(found.find("2001:db8::7"), std::string::npos) << found;
}

TEST_F(ResolverTest, FollowsAliases) {
  NameServer server([](const std::string&, bool) { return NameAnswer{{"192.0.2.8"}, 30, 0, "edge.cdn.example"}; });
  use(server);
  EXPECT_EQ(told("www.shop.example"), "192.0.2.8");
}

TEST_F(ResolverTest, AsksOnceForAllWhoWait) {
  std::promise<void> all_wait;
  NameServer server([wait = all_wait.get_future().share()](const std::string&, bool) {
    wait.wait();
    return NameAnswer{{"192.0.2.7"}, 30};
  });
  use(server);
  std::vector<std::future<Result<Addresses>>> asked;
  for (int i = 0; i < 10; ++i) asked.push_back(ask("api.shop.example"));
  all_wait.set_value();
  for (auto& one : asked) EXPECT_TRUE(one.get());
  EXPECT_EQ(server.questions(), 1);
}

TEST_F(ResolverTest, AsksAgainOnlyWhenTheAnswersTimeIsOver) {
  NameServer server([](const std::string&, bool) { return NameAnswer{{"192.0.2.7"}, 30}; });
  use(server);
  told("api.shop.example");
  clock.advance(29s);
  EXPECT_EQ(told("api.shop.example"), "192.0.2.7");
  EXPECT_EQ(server.questions(), 1);
  clock.advance(1s);
  EXPECT_EQ(told("api.shop.example"), "192.0.2.7");
  EXPECT_EQ(server.questions(), 2);
}

TEST_F(ResolverTest, AnAnswerThatMayNotBeKeptIsKeptForASecond) {
  std::atomic<int> asked = 0;
  NameServer server([&](const std::string&, bool six) {
    return NameAnswer{{"192.0.2." + std::to_string(six ? 0 : ++asked)}, 0};
  });
  use(server);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(told("api.shop.example"), "192.0.2.1");
  clock.advance(1s);
  EXPECT_EQ(told("api.shop.example"), "192.0.2.2");
}

TEST_F(ResolverTest, SaysThatANameIsNotKnownAndKeepsThatBriefly) {
  NameServer server([](const std::string&, bool) { return NameAnswer{{}, 0, 3}; });
  use(server);
  EXPECT_NE(told("gone.example.").find("not known"), std::string::npos);
  const auto before = server.questions();
  EXPECT_NE(told("gone.example.").find("not known"), std::string::npos);
  EXPECT_EQ(server.questions(), before);
  clock.advance(2s);
  told("gone.example.");
  EXPECT_GT(server.questions(), before);
}

TEST_F(ResolverTest, ANameWithoutAnAddressIsNotKnown) {
  NameServer server([](const std::string&, bool) { return NameAnswer{}; });
  use(server);
  EXPECT_NE(told("mail-only.example.").find("not known"), std::string::npos);
}

TEST_F(ResolverTest, ANameServerThatIsNotThereIsSaid) {
  std::string gone;
  {
    gone = NameServer([](const std::string&, bool) { return NameAnswer{}; }).address();
  }
  use(gone);
  EXPECT_NE(told("api.shop.example.").find("could not be looked up"), std::string::npos);
}

TEST_F(ResolverTest, WhileNobodyAnswersWhatWasSaidLastGoesOn) {
  std::atomic<bool> silent = false;
  NameServer server(
      [&](const std::string&, bool) { return NameAnswer{.addresses = {"192.0.2.7"}, .ttl = 30, .silent = silent}; });
  use(server);
  told("api.shop.example");
  silent = true;
  clock.advance(30s);
  auto first = ask("api.shop.example"), second = ask("api.shop.example");
  EXPECT_EQ(first.wait_for(50ms), std::future_status::timeout) << "the name server is given a moment";
  clock.advance(200ms);
  EXPECT_EQ(first.get()->front().to_string(), "192.0.2.7");
  EXPECT_EQ(second.get()->front().to_string(), "192.0.2.7");
  EXPECT_EQ(server.questions(), 2);
  EXPECT_EQ(told("api.shop.example"), "192.0.2.7") << "at once, and nobody is asked";
  EXPECT_EQ(server.questions(), 2);
  silent = false;
  clock.advance(30s);
  EXPECT_EQ(told("api.shop.example"), "192.0.2.7");
  EXPECT_EQ(server.questions(), 3);
}

TEST_F(ResolverTest, WhenTheyFailWhatWasSaidLastGoesOnAtOnce) {
  std::atomic<int> code = 0;
  NameServer server([&](const std::string&, bool) {
    return code == 0 ? NameAnswer{{"192.0.2.7"}, 30} : NameAnswer{{}, 0, code};
  });
  use(server);
  told("api.shop.example.");
  code = 2; // the server's failure
  clock.advance(30s);
  EXPECT_EQ(told("api.shop.example."), "192.0.2.7");
  code = 3; // but when there is no such name any more, that is so
  clock.advance(30s);
  EXPECT_NE(told("api.shop.example.").find("not known"), std::string::npos);
}

TEST_F(ResolverTest, ThisMachineIsAskedOfNobody) {
  NameServer server([](const std::string&, bool) { return NameAnswer{{"192.0.2.66"}, 30}; });
  use(server);
  for (const char* name : {"localhost", "LOCALHOST", "localhost.", "db.localhost"})
    EXPECT_EQ(told(name), "127.0.0.1 ::1") << name;
  EXPECT_EQ(server.questions(), 0);
}

TEST_F(ResolverTest, ReadsTheHostsFileFirst) {
  std::ifstream hosts("/etc/hosts");
  std::string line, address, name;
  while (name.empty() && std::getline(hosts, line)) {
    std::istringstream words(line);
    if (words >> address && !address.starts_with('#') && address.find('.') != std::string::npos) words >> name;
    if (name.find("localhost") != std::string::npos) name.clear();
  }
  if (name.empty()) GTEST_SKIP() << "/etc/hosts names nothing but this machine";
  NameServer server([](const std::string&, bool) { return NameAnswer{{"192.0.2.66"}, 30}; });
  use(server);
  EXPECT_NE(told(name).find(address), std::string::npos) << name;
  EXPECT_EQ(server.questions(), 0);
}

TEST_F(ResolverTest, WhoGaveUpIsNotTold) {
  std::promise<void> gave_up;
  NameServer server([wait = gave_up.get_future().share()](const std::string&, bool) {
    wait.wait();
    return NameAnswer{{"192.0.2.7"}, 30};
  });
  use(server);
  std::atomic<bool> told_anyway = false;
  thread.run([&] {
    const auto id = resolver->look_up("api.shop.example", [&](const Result<Addresses>&) { told_anyway = true; });
    resolver->give_up(id);
    resolver->give_up(id);
    resolver->give_up(999);
  });
  auto other = ask("api.shop.example");
  gave_up.set_value();
  EXPECT_TRUE(other.get());
  thread.run([&] { // one that is kept, given up before it is told
    const auto id = resolver->look_up("api.shop.example", [&](const Result<Addresses>&) { told_anyway = true; });
    resolver->give_up(id);
  });
  EXPECT_TRUE(ask("api.shop.example").get());
  EXPECT_FALSE(told_anyway);
  EXPECT_EQ(server.questions(), 1);
}

TEST_F(ResolverTest, MayBeDestroyedWhileItAsksAndByWhoIsTold) {
  NameServer silent([](const std::string&, bool) { return NameAnswer{.silent = true}; });
  use(silent);
  thread.run([&] {
    resolver->look_up("api.shop.example", [](const Result<Addresses>&) { ADD_FAILURE() << "told after its end"; });
    resolver.reset();
  });
  NameServer server([](const std::string&, bool) { return NameAnswer{{"192.0.2.7"}, 30}; });
  use(server);
  std::promise<void> gone;
  thread.run([&] {
    resolver->look_up("api.shop.example", [&](const Result<Addresses>&) {
      resolver.reset();
      gone.set_value();
    });
    resolver->look_up("api.shop.example", [](const Result<Addresses>&) { ADD_FAILURE() << "told after its end"; });
  });
  gone.get_future().wait();
}

TEST(NameServersTest, AreWrittenAsAddresses) {
  for (const char* good : {"10.0.0.2", "127.0.0.1:5353", "[::1]", "[2001:db8::1]:53"})
    EXPECT_TRUE(check_name_server(good)) << good;
  for (const char* bad : {"", "dns.example", "::1", "10.0.0", "10.0.0.2:", "10.0.0.2:0", "10.0.0.2:70000", "[10.0.0.2]",
                          "10.0.0.2,10.0.0.3", "10.0.0.2 "}) {
    const auto checked = check_name_server(bad);
    ASSERT_FALSE(checked) << bad;
    EXPECT_NE(checked.error().message.find('"' + std::string(bad) + '"'), std::string::npos);
  }
}

} // namespace
} // namespace plugboard::http
