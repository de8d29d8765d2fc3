#include "core/http/socket.hpp"

#include <gtest/gtest.h>

#include <array>

#include <sys/socket.h>

namespace plugboard::http {
namespace {

using Error = boost::system::error_code;

class ReadinessTest : public testing::Test {
 protected:
  struct Pair {
    std::optional<Socket> one, other;
  };

  Pair pair() {
    std::array<int, 2> fds{};
    EXPECT_EQ(0, ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()));
    return {Socket::adopt(io_, fds[0]), Socket::adopt(io_, fds[1])};
  }

  // Until nobody waits any more.
  void run() {
    io_.restart();
    io_.run();
  }

  boost::asio::io_context io_;
};

TEST_F(ReadinessTest, TellsOnceOfWhatCanBeRead) {
  auto sockets = pair();
  int told = 0;
  sockets.one->when_readable([&](const Error& error) { told += error ? 100 : 1; });
  sockets.other->write("a");
  run();
  EXPECT_EQ(told, 1);
}

TEST_F(ReadinessTest, TellsAgainOfWhatWasNotRead) {
  auto sockets = pair();
  sockets.other->write("ab");
  int told = 0;
  std::array<char, 1> one{};
  for (int i = 0; i < 2; ++i) {
    sockets.one->when_readable([&](const Error& error) { told += error ? 100 : 1; });
    run();
    sockets.one->read(one);
  }
  EXPECT_EQ(told, 2);
}

TEST_F(ReadinessTest, TellsOfWhatCameWhileNobodyWaited) {
  auto sockets = pair();
  auto others = pair();
  sockets.other->write("a");
  others.other->write("a");
  others.one->when_readable([](const Error&) {});
  run(); // which sees that there is something to read on the first, too
  bool told = false;
  sockets.one->when_readable([&](const Error& error) { told = !error; });
  run();
  EXPECT_TRUE(told);
}

TEST_F(ReadinessTest, TellsOfTheEnd) {
  auto sockets = pair();
  bool told = false;
  sockets.one->when_readable([&](const Error& error) { told = !error; });
  sockets.other.reset();
  run();
  EXPECT_TRUE(told);
  std::array<char, 1> one{};
  EXPECT_EQ(sockets.one->read(one).io, Io::ended);
}

TEST_F(ReadinessTest, TellsOfWhatCanBeWritten) {
  auto sockets = pair();
  const std::string much(64 * 1024, 'x');
  while (sockets.one->write(much).io == Io::moved) {}
  bool told = false;
  sockets.one->when_writable([&](const Error& error) { told = !error; });
  std::vector<char> into(much.size());
  while (sockets.other->read(into).io == Io::moved) {}
  run();
  EXPECT_TRUE(told);
}

TEST_F(ReadinessTest, TellsThoseWhoWaitForWhatIsClosedButNotAtOnce) {
  auto sockets = pair();
  int aborted = 0;
  for (int i = 0; i < 2; ++i) {
    const auto handler = [&](const Error& error) { aborted += error == boost::asio::error::operation_aborted; };
    i == 0 ? sockets.one->when_readable(handler) : sockets.one->when_writable(handler);
  }
  sockets.one.reset();
  EXPECT_EQ(aborted, 0);
  run();
  EXPECT_EQ(aborted, 2);
}

TEST_F(ReadinessTest, OneHandlerMayCloseWhatTheOtherWaitsFor) {
  auto sockets = pair();
  Error said;
  sockets.one->when_readable([&](const Error&) { sockets.one.reset(); });
  sockets.one->when_writable([&](const Error& error) { said = error; });
  sockets.other->write("a");
  run();
  EXPECT_EQ(said, boost::asio::error::operation_aborted);
}

TEST_F(ReadinessTest, OneHandlerMayCloseAnothersSocket) {
  auto sockets = pair();
  auto others = pair();
  int told = 0, aborted = 0;
  for (auto* pair : {&sockets, &others}) {
    pair->other->write("a");
    pair->one->when_readable([&, pair](const Error& error) {
      ++(error ? aborted : told);
      (pair == &sockets ? others : sockets).one.reset();
    });
  }
  run();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(aborted, 1);
}

TEST_F(ReadinessTest, AHandlerThatThrowsTakesNothingFromTheOthers) {
  auto sockets = pair();
  auto others = pair();
  int told = 0;
  for (auto* pair : {&sockets, &others}) {
    pair->other->write("a");
    pair->one->when_readable([&](const Error&) {
      if (++told == 1) throw std::runtime_error("the first");
    });
  }
  EXPECT_THROW(run(), std::runtime_error);
  run();
  EXPECT_EQ(told, 2);
}

TEST_F(ReadinessTest, WhatWaitsWhenTheContextEndsGoesWithIt) {
  auto kept = std::make_shared<int>(1);
  {
    boost::asio::io_context io;
    std::array<int, 2> fds{};
    ASSERT_EQ(0, ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()));
    auto holder = std::make_shared<std::optional<Socket>>(Socket::adopt(io, fds[0]));
    (*holder)->when_readable([holder, kept](const Error&) {}); // holds what it waits for
    ::close(fds[1]);
  }
  EXPECT_EQ(kept.use_count(), 1);
}

} // namespace
} // namespace plugboard::http
