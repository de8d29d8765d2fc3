// A syslog server beside the files: what it does not take, nobody is shown.
#include "tests/unit/audit/trail_fixture.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace plugboard::audit {
namespace {

using namespace testing;

class Server { // one Unix socket for datagrams
 public:
  explicit Server(const std::string& path) : descriptor_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
    ::unlink(path.c_str());
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  }

  ~Server() { ::close(descriptor_); }

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string next() const {
    std::string message(1 << 16, '\0');
    const auto got = ::recv(descriptor_, message.data(), message.size(), 0);
    message.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return message;
  }

 private:
  int descriptor_;
};

class AuditSyslog : public TrailTest {
 protected:
  std::string socket() const { return folder_.path() + "/syslog"; }

  std::unique_ptr<Sink> sink() const { return syslog_sink({"unix:" + socket()}).value(); }
};

TEST_F(AuditSyslog, GetsEachRecord) {
  Server server(socket());
  open({}, sink());
  ASSERT_TRUE(disclose().get());
  EXPECT_NE(server.next().find("\"kind\":\"segment\""), std::string::npos);
  const auto message = server.next();
  EXPECT_EQ(message.find("<110>1 2026-01-01T00:00:00.000Z - plugboard - audit - {\"seq\":2,"), 0U) << message;
  EXPECT_EQ(message.substr(message.find('{')), lines()[1]);
}

TEST_F(AuditSyslog, RefusesWhileTheServerTakesNothing) {
  auto server = std::make_unique<Server>(socket());
  open({}, sink());
  int shown = 0;
  while (disclose("full").get()) ++shown; // nobody reads: its room fills
  EXPECT_GT(shown, 0);
  EXPECT_FALSE(trail_->takes());
  std::thread reader([&] {
    while (server->next().find("\"after\"") == std::string::npos) {}
  });
  await_recovery();
  EXPECT_TRUE(disclose("after").get());
  reader.join();
  trail_.reset();
  EXPECT_EQ(count("\"kind\":\"disclosure\""), static_cast<std::size_t>(shown) + 2);
  EXPECT_EQ(count("\"result\":\"withheld\""), 1U) << "that on the disk, but not with the server";
  EXPECT_EQ(verified(), "");
}

TEST_F(AuditSyslog, RefusesWhileThereIsNoServer) {
  open({}, sink());
  await_failure();
  EXPECT_FALSE(disclose().get());
  Server server(socket());
  await_recovery();
  EXPECT_TRUE(disclose().get());
}

TEST_F(AuditSyslog, IsDoneWithoutWhereItIsNotRequired) {
  open({}, sink(), false);
  EXPECT_TRUE(disclose().get());
  EXPECT_TRUE(trail_->takes());
}

TEST(AuditSyslogAddress, IsTakenByItsForm) {
  for (const char* good : {"unix:/dev/log", "udp:127.0.0.1:514", "tcp:[::1]:601", "tcp:10.0.0.1:601"})
    EXPECT_TRUE(check_syslog_address(good)) << good;
  for (const char* bad :
       {"", "/dev/log", "unix:", "unix:log", "tcp:127.0.0.1", "udp:logs.example:514", "http:1.1.1.1:1"})
    EXPECT_FALSE(check_syslog_address(bad)) << bad;
}

} // namespace
} // namespace plugboard::audit
