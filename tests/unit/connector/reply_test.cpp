#include "core/connector/reply.hpp"

#include <cstring>
#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

plugboard_str text(const char* chars) {
  return {chars, std::strlen(chars)};
}

plugboard_reply good() {
  plugboard_reply reply{};
  reply.p = PLUGBOARD_PREFIX(plugboard_reply);
  reply.status = PLUGBOARD_OK;
  reply.data = text("{}");
  reply.message = text("fine");
  return reply;
}

TEST(ReplyTest, CopiesAllOfIt) {
  plugboard_identifier identifier{text("email"), text("a@b.example"), text("forged"), 1, 0};
  plugboard_reply raw = good();
  raw.flags = PLUGBOARD_REPLY_VERBATIM;
  raw.identifiers = &identifier;
  raw.identifier_count = 1;
  raw.retry_after_ns = 5;
  const Reply reply = copy_reply(&raw, 100);
  EXPECT_EQ(reply.garbage, "");
  EXPECT_EQ(reply.status, PLUGBOARD_OK);
  EXPECT_TRUE(reply.verbatim);
  EXPECT_EQ(reply.data, "{}");
  EXPECT_EQ(reply.message, "fine");
  EXPECT_EQ(reply.retry_after, Duration(5));
  ASSERT_EQ(reply.identifiers.size(), 1U);
  EXPECT_EQ(reply.identifiers[0], (Identifier{"email", "a@b.example", true, ""})) << "the source is the hub's to say";
}

TEST(ReplyTest, RefusesWhatIsNoReply) {
  EXPECT_NE(copy_reply(nullptr, 100).garbage, "");
  const auto spoilt = [](auto spoil) {
    plugboard_reply raw = good();
    spoil(raw);
    return copy_reply(&raw, 100).garbage;
  };
  EXPECT_NE(spoilt([](auto& raw) { raw.p.magic = 0; }), "");
  EXPECT_NE(spoilt([](auto& raw) { raw.p.abi_major = 2; }), "");
  EXPECT_NE(spoilt([](auto& raw) { raw.p.struct_size = 16; }), "");
  EXPECT_NE(spoilt([](auto& raw) { raw.data = {nullptr, 10}; }), "");
  EXPECT_NE(spoilt([](auto& raw) { raw.message = {nullptr, 10}; }), "");
  EXPECT_NE(spoilt([](auto& raw) { raw.identifier_count = 1; }), "");
  EXPECT_NE(spoilt([](auto& raw) { raw.identifier_count = ~std::size_t{0}; }), "");
}

TEST(ReplyTest, ReadsNoMoreThanTheStructSaysItHas) {
  plugboard_reply raw = good();
  raw.p.struct_size = offsetof(plugboard_reply, message);
  raw.message = {reinterpret_cast<const char*>(8), 8}; // would crash if it were followed
  const Reply reply = copy_reply(&raw, 100);
  EXPECT_EQ(reply.garbage, "");
  EXPECT_EQ(reply.data, "{}");
  EXPECT_EQ(reply.message, "");
}

TEST(ReplyTest, ALongerStructOfALaterMinorIsRead) {
  struct Later {
    plugboard_reply reply = good();
    std::uint64_t news = 7;
  } later;

  later.reply.p.struct_size = sizeof later;
  later.reply.p.abi_minor = 99;
  EXPECT_EQ(copy_reply(&later.reply, 100).data, "{}");
}

TEST(ReplyTest, WhatIsTooLargeIsNotLookedAt) {
  plugboard_reply raw = good();
  raw.data = {reinterpret_cast<const char*>(8), std::size_t{10} << 30}; // would crash if it were copied
  const Reply reply = copy_reply(&raw, 1 << 20);
  EXPECT_TRUE(reply.too_large);
  EXPECT_EQ(reply.data, "");
  raw = good();
  EXPECT_FALSE(copy_reply(&raw, 2).too_large);
  EXPECT_TRUE(copy_reply(&raw, 1).too_large);
}

TEST(ReplyTest, LongMessagesAreCutAndOddTimesTamed) {
  const std::string message(1 << 20, 'x');
  plugboard_reply raw = good();
  raw.message = {message.data(), message.size()};
  raw.retry_after_ns = -1;
  EXPECT_EQ(copy_reply(&raw, 100).message.size(), 1024U);
  EXPECT_EQ(copy_reply(&raw, 100).retry_after, Duration(0));
}

} // namespace
} // namespace plugboard::connector
