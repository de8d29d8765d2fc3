#include "tests/unit/http/serving.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace plugboard::http {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "plugboard-http-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }

  ~Folder() { std::filesystem::remove_all(path_); }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

Result<std::unique_ptr<Server>> listen(const Endpoint& endpoint) {
  static boost::asio::io_context io;
  static FakeClock clock;
  static const auto log = no_log();
  static Metrics metrics;
  return Server::listen(io, endpoint, {}, clock, *log, metrics, [](const Request&, Responder) {});
}

TEST(ListeningTest, ServersOfOneProcessShareAPort) {
  Echo first_echo, second_echo;
  Serving first(first_echo.handler());
  Serving second(second_echo.handler(), {}, TcpEndpoint{"127.0.0.1", first.port(), true});
  EXPECT_EQ(first.port(), second.port());
  for (int i = 0; i < 200; ++i) {
    RawClient client(first.port());
    client.send(get("/x"));
    ASSERT_TRUE(client.response());
  }
  EXPECT_GT(first_echo.targets().size(), 20U) << "the kernel spreads connections over both";
  EXPECT_GT(second_echo.targets().size(), 20U);
}

TEST(ListeningTest, APortThatAnotherHasIsAnError) {
  Echo echo;
  Serving hub(echo.handler());
  const auto server = listen(TcpEndpoint{"127.0.0.1", hub.port()});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Code::io);
  EXPECT_NE(server.error().message.find("127.0.0.1:" + std::to_string(hub.port())), std::string::npos);
  EXPECT_NE(server.error().message.find("choose another port"), std::string::npos) << server.error().message;
}

TEST(ListeningTest, APortIsFreeAgainAfterItsServer) {
  std::uint16_t port = 0;
  {
    Echo echo;
    Serving hub(echo.handler());
    port = hub.port();
    RawClient client(port);
    client.send(get("/x"));
    client.response();
  }
  EXPECT_TRUE(listen(TcpEndpoint{"127.0.0.1", port}));
}

TEST(ListeningTest, AnAddressThatIsNotOursIsAnError) {
  for (const auto* address : {"localhost", "", "192.0.2.1"}) {
    const auto server = listen(TcpEndpoint{address, 0});
    ASSERT_FALSE(server) << address;
    EXPECT_EQ(server.error().code, Code::io);
  }
}

TEST(ListeningTest, AUnixSocketIsItsOwnersAndTellsWhoComes) {
  const Folder folder;
  std::optional<std::uint32_t> uid;
  std::string address;
  {
    Serving hub(
        [&](const Request& request, Responder responder) {
          uid = request.peer->uid;
          address = request.peer->address;
          responder.send({});
        },
        {}, UnixEndpoint{folder.file("admin.sock")});

    struct stat info {};

    ASSERT_EQ(::lstat(folder.file("admin.sock").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode, static_cast<mode_t>(S_IFSOCK | 0600));
    RawClient client(folder.file("admin.sock"));
    client.send(get("/x"));
    ASSERT_TRUE(client.response());
  }
  EXPECT_EQ(uid, ::getuid());
  EXPECT_EQ(address, "unix");
  EXPECT_FALSE(std::filesystem::exists(folder.file("admin.sock"))) << "it tidies up";
}

TEST(ListeningTest, ALiveUnixSocketIsAnErrorAndAStaleOneIsReplaced) {
  const Folder folder;
  const UnixEndpoint endpoint{folder.file("s")};
  {
    const auto live = listen(endpoint);
    ASSERT_TRUE(live);
    const auto second = listen(endpoint);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::io);
    EXPECT_NE(second.error().message.find(endpoint.path), std::string::npos);
    EXPECT_TRUE(RawClient(endpoint.path).connected()) << "the live one is untouched";
  }
  const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0); // bound, and then its process died
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  endpoint.path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(stale, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(stale);
  EXPECT_TRUE(listen(endpoint));
}

TEST(ListeningTest, NeverReplacesAFileThatIsNoSocket) {
  const Folder folder;
  std::ofstream(folder.file("precious")) << "data";
  EXPECT_FALSE(listen(UnixEndpoint{folder.file("precious")}));
  EXPECT_TRUE(std::filesystem::is_regular_file(folder.file("precious")));
  EXPECT_FALSE(listen(UnixEndpoint{folder.file(std::string(200, 'a'))})) << "too long for a socket's path";
  EXPECT_FALSE(listen(UnixEndpoint{folder.file("no/such/folder")}));
}

} // namespace
} // namespace plugboard::http
