#include "core/worker/outbox.hpp"

#include "tests/support/descriptor.hpp"

#include <array>
#include <csignal>
#include <gtest/gtest.h>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace plugboard::worker {
namespace {

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    ours_ = test::Descriptor(ends[0]);
    hubs_ = test::Descriptor(ends[1]);
  }

  void say(std::string_view frame, std::string_view tail = {}) {
    outbox().send([&](std::string& out) { out += frame; }, tail);
  }

  Outbox& outbox() {
    if (outbox_ == nullptr) outbox_ = std::make_unique<Outbox>(ours_.get());
    return *outbox_;
  }

  std::string heard(std::size_t bytes) { // so many, or what there is now
    std::string text(bytes, ' ');
    std::size_t got = 0;
    while (got < bytes) {
      const ssize_t more = ::recv(hubs_.get(), text.data() + got, bytes - got, MSG_DONTWAIT);
      if (more <= 0) break;
      got += static_cast<std::size_t>(more);
    }
    text.resize(got);
    return text;
  }

 private:
  test::Descriptor ours_, hubs_;
  std::unique_ptr<Outbox> outbox_;
};

TEST_F(OutboxTest, SaysAtOnceWhatNobodyHolds) {
  say("one");
  EXPECT_EQ(heard(100), "one");
}

TEST_F(OutboxTest, SaysInOneGoWhatWasHeld) {
  {
    const Outbox::Hold hold(outbox());
    say("one");
    say("two ", "and its tail");
    EXPECT_EQ(heard(100), "");
  }
  EXPECT_EQ(heard(100), "onetwo and its tail");
}

TEST_F(OutboxTest, SaysALargeTailInItsPlace) {
  const std::string large(100'000, 'x');
  {
    const Outbox::Hold hold(outbox());
    say("before ");
    say("large ", large);
    say(" after");
  }
  EXPECT_EQ(heard(200'000), "before large " + large + " after");
}

TEST_F(OutboxTest, SaysNoHalfOfAFrame) {
  const Outbox::Hold hold(outbox());
  say("before ");
  EXPECT_THROW(outbox().send([](std::string& out) {
    out += "half";
    throw std::bad_alloc();
  }),
               std::bad_alloc);
  say("after");
  outbox().flush_held();
  EXPECT_EQ(heard(100), "before after");
}

TEST_F(OutboxTest, EndsTheProcessAtATailThatIsNotThere) {
  constexpr std::size_t kBytes = 128 * 1024;
  void* nothing = ::mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(nothing, MAP_FAILED);
  EXPECT_EXIT(say("frame", {static_cast<const char*>(nothing), kBytes}), testing::KilledBySignal(SIGABRT), "");
  ::munmap(nothing, kBytes);
}

} // namespace
} // namespace plugboard::worker
