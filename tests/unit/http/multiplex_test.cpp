// What becomes of orders on one HTTP/2 connection, whatever its peer sends. No sockets.
#include "tests/unit/http/field_reader.hpp"
#include "tests/unit/http/multiplexing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plugboard::http {
namespace {

TEST(MultiplexTest, AnswersManyInAnyOrder) {
  Multiplexing hub;
  auto& a = hub.ask();
  auto& b = hub.ask();
  hub.hear(settings_frame() + head_frame(b.stream, {{":status", "200"}, {"x", "b"}}) +
           head_frame(a.stream, {{":status", "404"}}) + data_frame(b.stream, "B1") +
           data_frame(a.stream, "A", frame::kEndStream) + data_frame(b.stream, "B2", frame::kEndStream));
  EXPECT_EQ(hub.body_of(a), "A");
  EXPECT_EQ(hub.result_of(a)->status, 404);
  EXPECT_EQ(hub.body_of(b), "B1B2");
  EXPECT_EQ(find(hub.result_of(b)->headers, "x"), "b");
  EXPECT_EQ(hub.session.streams(), 0U);
}

TEST(MultiplexTest, SaysAtFirstThatItTakesNoPushAndHowMuchOfAHead) {
  Multiplexing hub;
  hub.ask();
  auto sent = hub.said();
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  ASSERT_TRUE(sent.starts_with(preface));
  sent.erase(0, preface.size());
  const auto settings = take_frame(sent);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->type, frame::settings);
  EXPECT_NE(settings->payload.find(big_endian(2, 2) + big_endian(0, 4)), std::string::npos) << "ENABLE_PUSH";
  EXPECT_NE(settings->payload.find(big_endian(6, 2) + big_endian(hub.limits.header_bytes, 4)), std::string::npos);
}

TEST(MultiplexTest, TakesWhatIsRightThoughUncommon) {
  const Fields ok{{":status", "200"}};
  const std::vector<std::pair<std::string, std::string>> answers{
      {"interim", head_frame(1, {{":status", "103"}, {"link", "x"}}) + answer_frames(1, "hi")},
      {"trailers", head_frame(1, ok) + data_frame(1, "hi") + head_frame(1, {{"x-sum", "1"}}, frame::kEndStream)},
      {"padding", head_frame(1, ok) + frame_of(frame::data, frame::kPadded | frame::kEndStream, 1,
                                               std::string("\x05hi", 3) + std::string(5, '\0'))},
      {"length", answer_frames(1, "hi", {{"content-length", "2"}})},
      {"empty data",
       head_frame(1, ok) + data_frame(1, "") + data_frame(1, "hi") + data_frame(1, "", frame::kEndStream)},
      {"continuation", frame_of(frame::headers, 0, 1, fields_of(ok).substr(0, 3)) +
                           frame_of(frame::continuation, frame::kEndHeaders, 1, fields_of(ok).substr(3)) +
                           data_frame(1, "hi", frame::kEndStream)},
      {"unknown frames", frame_of(0xfa, 0xff, 1, "what?") + answer_frames(1, "hi") + frame_of(0xfb, 0, 0)},
      {"settings and pings between", settings_frame({{4, 1000}}) + head_frame(1, ok) + settings_frame() +
                                         frame_of(frame::ping, 0, 0, "12345678") +
                                         data_frame(1, "hi", frame::kEndStream)},
      {"reset after the end", answer_frames(1, "hi") + reset_frame(1, 0)},
  };
  for (const auto& [name, bytes] : answers) {
    Multiplexing hub;
    auto& order = hub.ask();
    hub.hear(settings_frame() + bytes);
    EXPECT_EQ(hub.body_of(order), "hi") << name;
    EXPECT_FALSE(hub.session.broken()) << name;
  }
}

TEST(MultiplexTest, TakesAnswersWithoutABody) {
  for (const std::string status : {"204", "304", "200"}) {
    Multiplexing hub;
    auto& order = hub.ask(status == "200" ? "HEAD" : "GET");
    const Fields more{{":status", status}, {"content-length", "5000000"}};
    hub.hear(settings_frame() + head_frame(1, status == "204" ? Fields{{":status", status}} : more, frame::kEndStream));
    EXPECT_EQ(hub.body_of(order), "") << status;
    EXPECT_EQ(std::to_string(hub.result_of(order)->status), status);
  }
}

struct Wrong {
  std::string name, bytes;
  Code code;
  bool spoils_all; // the connection, and so the other call
};

std::string padded(std::uint8_t padding, std::string_view bytes) {
  return std::string(1, static_cast<char>(padding)) + std::string(bytes);
}

std::string many(std::size_t count, const std::string& bytes) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += bytes;
  return all;
}

std::vector<Wrong> wrong_answers() {
  const auto malformed = Code::malformed;
  const auto head = [](Fields fields) { return head_frame(1, fields, frame::kEndStream); };
  const std::string ok = head_frame(1, {{":status", "200"}});
  return {
      {"upper-case name", head({{":status", "200"}, {"X-Big", "1"}}), malformed, false},
      {"two statuses", head({{":status", "200"}, {":status", "200"}}), malformed, false},
      {"no status", head({{"x", "1"}}), malformed, false},
      {"status late", head({{"x", "1"}, {":status", "200"}}), malformed, false},
      {"status 99", head({{":status", "99"}}), malformed, false},
      {"status 600", head({{":status", "600"}}), malformed, false},
      {"status 2000", head({{":status", "2000"}}), malformed, false},
      {"status 20x", head({{":status", "20x"}}), malformed, false},
      {"status 101", head_frame(1, {{":status", "101"}}), malformed, false},
      {"interim at the end", head({{":status", "103"}}), malformed, false},
      {"interims without end", many(50, head_frame(1, {{":status", "103"}})), malformed, false},
      {"another pseudo-header", head({{":status", "200"}, {":path", "/"}}), malformed, false},
      {"connection", head({{":status", "200"}, {"connection", "close"}}), malformed, false},
      {"transfer-encoding", head({{":status", "200"}, {"transfer-encoding", "chunked"}}), malformed, false},
      {"control character", head({{":status", "200"}, {"x", "a\r\nb: c"}}), malformed, false},
      {"NUL in a name", head({{":status", "200"}, {std::string("a\0b", 3), "c"}}), malformed, false},
      {"empty name", head({{":status", "200"}, {"", "c"}}), malformed, false},
      {"compressed", head({{":status", "200"}, {"content-encoding", "gzip"}}), malformed, false},
      {"length not a number", head({{":status", "200"}, {"content-length", "-1"}}), malformed, false},
      {"two lengths", head({{":status", "200"}, {"content-length", "0"}, {"content-length", "0"}}), malformed, false},
      {"less than said", answer_frames(1, "hi", {{"content-length", "3"}}), malformed, false},
      {"more than said", answer_frames(1, "hihi", {{"content-length", "3"}}), malformed, false},
      {"nothing of what was said", head({{":status", "200"}, {"content-length", "3"}}), malformed, false},
      {"204 with a body", head_frame(1, {{":status", "204"}}) + data_frame(1, "x", frame::kEndStream), malformed,
       false},
      {"too many fields",
       head_frame(1,
                  [] {
                    Fields fields{{":status", "200"}};
                    for (int i = 0; i < 200; ++i) fields.emplace_back("a", "b");
                    return fields;
                  }()),
       malformed, false},
      {"data before a head", data_frame(1, "hi"), malformed, true},
      {"trailers with a status", ok + head({{":status", "200"}}), malformed, false},
      {"trailers that are not the end", ok + data_frame(1, "x") + head_frame(1, {{"x", "y"}}), malformed, false},
      {"head too large", head_frame(1, {{":status", "200"}, {"x", std::string(15000, 'x')}}), Code::too_large, false},
      {"trailers too large", ok + head({{"x", std::string(15000, 'x')}}), Code::too_large, false},
      {"length too large", head_frame(1, {{":status", "200"}, {"content-length", "3000000"}}), Code::too_large, false},
      {"body too large", ok + many(100, data_frame(1, std::string(16000, 'x'))), Code::too_large, false},
      {"HPACK bomb",
       [] { // a large field goes into the table once, and is named a thousand times
         std::string block = fields_of({{":status", "200"}});
         block += std::string("\x40\x01x\x7f", 4) + '\xf1' + '\x1d' + std::string(127 + 0x71 + 0x1d * 128, 'y');
         return frame_of(frame::headers, frame::kEndHeaders, 1, block + std::string(1000, '\xbe'));
       }(),
       Code::too_large, false},
      {"reset", reset_frame(1, 2), Code::unreachable, false},
      {"refused", reset_frame(1, 7), Code::unreachable, false},
      {"reset half-way", ok + reset_frame(1, 2), malformed, false},
      {"reset without a reason half-way", ok + reset_frame(1, 0), malformed, false},
      {"refused half-way", ok + reset_frame(1, 7), malformed, false},

      {"invalid HPACK", frame_of(frame::headers, frame::kEndHeaders, 1, "\xff\xff\xff\xff\xff\xff\xff"), malformed,
       true},
      {"oversized frame", ok + frame_of(frame::data, 0, 1, std::string(16385, 'x')), malformed, true},
      {"padding beyond the frame", ok + frame_of(frame::data, frame::kPadded, 1, padded(9, "hi")), malformed, true},
      {"padded head beyond the frame", frame_of(frame::headers, frame::kPadded | frame::kEndHeaders, 1, padded(99, "")),
       malformed, true},
      {"push",
       frame_of(frame::settings, frame::kAck, 0) +
           frame_of(frame::push_promise, frame::kEndHeaders, 1, big_endian(2, 4) + fields_of({{":path", "/"}})),
       malformed, true},
      {"a stream that nobody opened", head_frame(9, {{":status", "200"}}), malformed, true},
      {"data for a stream that nobody opened", data_frame(9, "x"), malformed, true},
      {"a stream of the server's", head_frame(2, {{":status", "200"}}), malformed, true},
      {"data for the connection", data_frame(0, "x"), malformed, true},
      {"reset of the connection", reset_frame(0, 0), malformed, true},
      {"reset of a stream that nobody opened", reset_frame(9, 0), malformed, true},
      {"settings for a stream", frame_of(frame::settings, 0, 1), malformed, true},
      {"settings of a wrong size", frame_of(frame::settings, 0, 0, "1234567"), malformed, true},
      {"an ACK with settings", frame_of(frame::settings, frame::kAck, 0, "123456"), malformed, true},
      {"settings that allow push", settings_frame({{2, 2}}), malformed, true},
      {"settings with a window too large", settings_frame({{4, 0x80000000}}), malformed, true},
      {"settings with a tiny frame", settings_frame({{5, 1}}), malformed, true},
      {"a thousand settings", settings_frame(std::vector<std::pair<std::uint16_t, std::uint32_t>>(1000, {9, 9})),
       malformed, true},
      {"ping of a wrong size", frame_of(frame::ping, 0, 0, "1234567"), malformed, true},
      {"window update of nothing", frame_of(frame::window_update, 0, 0, big_endian(0, 4)), malformed, true},
      {"window beyond all measure", many(3, frame_of(frame::window_update, 0, 0, big_endian(0x7fffffff, 4))), malformed,
       true},
      {"goaway of a wrong size", frame_of(frame::goaway, 0, 0, "1234"), malformed, true},
      {"continuation of nothing", frame_of(frame::continuation, frame::kEndHeaders, 1, ""), malformed, true},
      {"something between head and continuation",
       frame_of(frame::headers, 0, 1, fields_of({{":status", "200"}})) + frame_of(frame::ping, 0, 0, "12345678"),
       malformed, true},
      {"continuations without end",
       frame_of(frame::headers, 0, 1, fields_of({{":status", "200"}})) +
           many(2000, frame_of(frame::continuation, 0, 1)),
       malformed, true},
      {"pings without end", many(2000, frame_of(frame::ping, 0, 0, "12345678")), malformed, true},
      {"settings without end", many(2000, settings_frame()), malformed, true},
      {"priorities without end", many(2000, frame_of(frame::priority, 0, 1, "12345")), malformed, true},
      {"window updates without end", many(2000, frame_of(frame::window_update, 0, 1, big_endian(1, 4))), malformed,
       true},
      {"empty data without end", ok + many(2000, data_frame(1, "")), malformed, true},
      {"padding without end", ok + many(2000, frame_of(frame::data, frame::kPadded, 1, padded(3, "123"))), malformed,
       true},
      {"unknown frames without end", many(2000, frame_of(0xfa, 0, 0)), malformed, true},
      {"altsvc without end", many(2000, frame_of(0x0a, 0, 0, std::string("\0\0", 2))), malformed, true},
  };
}

TEST(MultiplexTest, FailsWhatIsAnsweredWronglyAndOnlyThat) {
  for (const auto& wrong : wrong_answers()) {
    SCOPED_TRACE(wrong.name);
    Multiplexing hub;
    auto& order = hub.ask();
    auto& other = hub.ask();
    const auto bytes = settings_frame() + wrong.bytes;
    for (std::size_t at = 0; at < bytes.size(); at += 60'000) hub.hear(std::string_view(bytes).substr(at, 60'000));
    EXPECT_EQ(hub.session.broken(), wrong.spoils_all) << (hub.session.broken() ? hub.session.failure().message : "");
    if (wrong.spoils_all) {
      hub.end();
      EXPECT_EQ(hub.code_of(other), Code::malformed);
    } else {
      hub.hear(answer_frames(other.stream, "mine"));
      EXPECT_EQ(hub.body_of(other), "mine");
      EXPECT_EQ(hub.times_told(order), 1);
    }
    EXPECT_EQ(hub.code_of(order), wrong.code);
    EXPECT_EQ(hub.session.streams(), 0U);
  }
}

// The same, however the bytes are cut into pieces.
TEST(MultiplexTest, TellsTheSameWhereverTheBytesAreCut) {
  for (const auto& wrong : wrong_answers()) {
    if (wrong.bytes.size() > 400) continue;
    const auto bytes = settings_frame() + wrong.bytes;
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      Multiplexing hub;
      auto& order = hub.ask();
      hub.hear(bytes.substr(0, cut));
      hub.hear(bytes.substr(cut));
      if (hub.session.broken()) hub.end();
      EXPECT_EQ(hub.code_of(order), wrong.code) << wrong.name << " cut at " << cut;
    }
  }
}

TEST(MultiplexTest, IsNotTakenInByWhatIsNoHttp2) {
  for (const std::string& garbage :
       {std::string("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        std::string("SSH-2.0-OpenSSH_9.2\r\n1234"), std::string(5000, '\0'), std::string(5000, '\xff'),
        answer_frames(1, "no settings first"), frame_of(frame::ping, 0, 0, "12345678")}) {
    Multiplexing hub;
    auto& order = hub.ask();
    hub.hear(garbage);
    EXPECT_TRUE(hub.session.broken()) << garbage.substr(0, 10);
    hub.end();
    EXPECT_EQ(hub.code_of(order), Code::malformed) << garbage.substr(0, 10);
  }
}

std::string good_conversation() {
  return settings_frame({{3, 100}, {4, 65535}}) + frame_of(frame::settings, frame::kAck, 0) +
         frame_of(frame::window_update, 0, 0, big_endian(100000, 4)) +
         head_frame(1, {{":status", "103"}, {"link", "<x>"}}) +
         head_frame(3, {{":status", "200"}, {"content-length", "6"}, {"content-type", "application/json"}}) +
         data_frame(3, "{\"b\":") + frame_of(frame::ping, 0, 0, "12345678") +
         head_frame(1, {{":status", "200"}, {"x-long", std::string(300, 'z')}}) + data_frame(1, std::string(500, 'a')) +
         data_frame(3, "2", 0) +
         frame_of(frame::data, frame::kEndStream | frame::kPadded, 1, padded(2, std::string_view("zz\0\0", 4))) +
         data_frame(3, "", frame::kEndStream);
}

TEST(MultiplexTest, ReadsAGoodConversationHoweverItIsCut) {
  const auto bytes = good_conversation();
  for (std::size_t size = 1; size < 40; ++size) { // in pieces of this size
    Multiplexing hub;
    auto& a = hub.ask();
    auto& b = hub.ask();
    for (std::size_t at = 0; at < bytes.size(); at += size) hub.hear(bytes.substr(at, size));
    EXPECT_EQ(hub.result_of(a)->body.size(), 502U) << size;
    EXPECT_EQ(hub.body_of(b), "{\"b\":2") << size;
  }
}

TEST(MultiplexTest, ReadsAHeadOfManyFramesHoweverItIsCut) {
  std::string bytes =
      settings_frame() + frame_of(frame::headers, frame::kEndStream, 1, fields_of({{":status", "200"}}));
  for (int i = 1; i <= 8; ++i)
    bytes += frame_of(frame::continuation, i == 8 ? frame::kEndHeaders : 0, 1, fields_of({{"x", std::to_string(i)}}));
  for (std::size_t size = 1; size <= bytes.size(); ++size) { // in pieces of this size
    Multiplexing hub;
    auto& order = hub.ask();
    for (std::size_t at = 0; at < bytes.size(); at += size) hub.hear(bytes.substr(at, size));
    ASSERT_EQ(hub.body_of(order), "") << size;
    EXPECT_EQ(hub.result_of(order)->headers.size(), 8U) << size;
  }
}

TEST(MultiplexTest, NeverTakesAPartForTheWholeWhereverItEnds) {
  const auto bytes = good_conversation();
  for (std::size_t end = 0; end < bytes.size(); ++end) {
    Multiplexing hub;
    auto& a = hub.ask();
    auto& b = hub.ask();
    hub.hear(bytes.substr(0, end));
    hub.end();
    for (auto* order : {&a, &b}) {
      EXPECT_EQ(hub.times_told(*order), 1) << end;
      if (hub.result_of(*order)) continue;
      EXPECT_TRUE(hub.code_of(*order) == Code::unreachable || hub.code_of(*order) == Code::malformed) << end;
    }
    EXPECT_FALSE(hub.result_of(b)) << end << ": its last frame had not come";
    if (hub.result_of(a)) {
      EXPECT_EQ(hub.result_of(a)->body.size(), 502U);
    }
  }
}

// Every single byte of a good conversation, changed: whatever comes of it, every order is told once.
TEST(MultiplexTest, TellsEveryOrderOnceWhicheverByteIsWrong) {
  const auto good = good_conversation();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int flip : {0x01, 0x04, 0x80, 0xff}) {
      auto bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ flip);
      Multiplexing hub;
      auto& a = hub.ask();
      auto& b = hub.ask();
      hub.hear(bytes);
      hub.end();
      EXPECT_EQ(hub.times_told(a), 1) << at;
      EXPECT_EQ(hub.times_told(b), 1) << at;
    }
  }
}

TEST(MultiplexTest, WhatIsAboveTheLastStreamOfAGoodbyeIsUntouched) {
  Multiplexing hub;
  auto& first = hub.ask();
  auto& second = hub.ask();
  hub.hear(settings_frame() + goaway_frame(first.stream));
  EXPECT_EQ(hub.again_of(second), Again::anywhere);
  EXPECT_EQ(hub.times_told(first), 0) << "it goes on";
  EXPECT_FALSE(hub.session.takes_orders());
  EXPECT_FALSE(hub.session.broken());
  hub.hear(answer_frames(first.stream, "still"));
  EXPECT_EQ(hub.body_of(first), "still");
}

TEST(MultiplexTest, ASecondGoodbyeMayTakeBackMoreButNothingLess) {
  Multiplexing hub;
  auto& first = hub.ask();
  auto& second = hub.ask();
  auto& third = hub.ask();
  hub.hear(settings_frame() + goaway_frame(second.stream));
  EXPECT_EQ(hub.times_told(second), 0);
  hub.hear(goaway_frame(first.stream));
  EXPECT_EQ(hub.again_of(second), Again::anywhere);
  EXPECT_EQ(hub.times_told(third), 1);
  EXPECT_FALSE(hub.session.broken());
  hub.hear(goaway_frame(5));
  EXPECT_TRUE(hub.session.broken());
  hub.end();
  for (auto* order : {&first, &second, &third}) EXPECT_EQ(hub.times_told(*order), 1);
}

TEST(MultiplexTest, FollowsThePeersTableOfFieldsAsItChanges) {
  Multiplexing hub;
  FieldReader peer;
  std::uint32_t sizes[] = {4096, 0, 100, 4096, 0xffffffff};
  for (const auto size : sizes) {
    hub.hear(settings_frame({{1, size}}));
    auto& order = hub.ask("GET", "", {{"x-size", std::to_string(size)}});
    auto sent = hub.said();
    if (sent.starts_with("PRI")) sent.erase(0, 24);
    bool asked = false;
    while (const auto frame = take_frame(sent)) {
      if (frame->type != frame::headers) continue;
      const auto fields = peer.read(frame->payload);
      asked = asked || std::find(fields.begin(), fields.end(),
                                 std::pair<std::string, std::string>("x-size", std::to_string(size))) != fields.end();
    }
    EXPECT_TRUE(asked) << size;
    hub.hear(answer_frames(order.stream, "x"));
    EXPECT_EQ(hub.body_of(order), "x") << size;
  }
}

// Their bytes stay with us as long as the peer reads nothing.
TEST(MultiplexTest, KeepsLittleForAPeerThatReadsNothing) {
  const std::string push = frame_of(
      frame::push_promise, frame::kEndHeaders, 1,
      big_endian(2, 4) +
          fields_of({{":method", "GET"}, {":scheme", "https"}, {":authority", "shop.example"}, {":path", "/"}}));
  for (const auto& [name, bytes] :
       std::vector<std::pair<std::string, std::string>>{{"pings", frame_of(frame::ping, 0, 0, "12345678")},
                                                        {"settings", settings_frame({{4, 1000}})},
                                                        {"pushes", push}}) {
    Multiplexing hub;
    auto& order = hub.ask();
    hub.hear(settings_frame() + head_frame(order.stream, {{":status", "200"}}));
    for (int i = 0; i < 20'000 && !hub.session.broken(); ++i) // the answer goes on, by the byte
      hub.hear(bytes + data_frame(1, "x"), false);
    EXPECT_TRUE(hub.session.broken()) << name;
    EXPECT_LT(hub.said().size(), 64U * 1024) << name;
    hub.end();
    EXPECT_EQ(hub.times_told(order), 1) << name;
  }
}

TEST(MultiplexTest, TakesNoOrdersWithoutEndForAPeerThatReadsNothing) {
  Multiplexing hub;
  hub.hear(settings_frame());
  int orders = 0;
  for (; orders < 5000 && hub.session.takes_orders(); ++orders) hub.session.give_up(hub.ask());
  EXPECT_GT(orders, 256);
  EXPECT_LT(orders, 5000);
  hub.said();
  EXPECT_TRUE(hub.session.takes_orders()) << "it reads again";
}

TEST(MultiplexTest, ARefusedStreamIsUntouchedUnlessItWasAnswered) {
  Multiplexing hub;
  auto& refused = hub.ask();
  auto& half = hub.ask();
  hub.hear(settings_frame() + reset_frame(refused.stream, 7) + head_frame(half.stream, {{":status", "200"}}) +
           reset_frame(half.stream, 7));
  EXPECT_EQ(hub.again_of(refused), Again::anywhere);
  EXPECT_EQ(hub.again_of(half), Again::no);
}

TEST(MultiplexTest, ADeadConnectionLeftOrdersUntouchedOnlyWhereItHadBeenUsed) {
  Multiplexing hub;
  auto& fresh = hub.ask();
  hub.hear(settings_frame());
  auto& later = hub.ask();
  auto& half = hub.ask();
  hub.hear(head_frame(half.stream, {{":status", "200"}}));
  hub.end();
  EXPECT_EQ(hub.again_of(fresh), Again::no);
  EXPECT_EQ(hub.again_of(later), Again::on_new_connection);
  EXPECT_EQ(hub.again_of(half), Again::no);
  EXPECT_EQ(hub.code_of(half), Code::malformed);
  EXPECT_EQ(hub.code_of(later), Code::unreachable);
}

TEST(MultiplexTest, GivesUpOneAndTellsThePeer) {
  Multiplexing hub;
  auto& gone = hub.ask();
  hub.hear(settings_frame() + head_frame(gone.stream, {{":status", "200"}}));
  hub.session.give_up(gone);
  auto sent = hub.said();
  const auto reset = take_frame(sent);
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->type, frame::rst_stream);
  EXPECT_EQ(reset->payload, big_endian(8, 4)) << "CANCEL";
}

TEST(MultiplexTest, PassesOverWhatStillComesForThoseGivenUpAndGivesTheWindowBack) {
  Multiplexing hub(64 * 1024);
  std::vector<Order*> gone;
  for (int i = 0; i < 30; ++i) gone.push_back(&hub.ask());
  auto& other = hub.ask();
  hub.hear(settings_frame() + head_frame(1, {{":status", "200"}}) + data_frame(1, "half"));
  std::vector<std::int32_t> streams;
  for (auto* order : gone) streams.push_back(order->stream);
  for (auto* order : gone) hub.session.give_up(*order);
  std::string sent = hub.said();
  for (const auto stream : streams) { // was on its way
    for (int i = 0; i < 60; ++i) hub.hear(data_frame(stream, std::string(1000, 'x')), false);
    sent += hub.said();
  }
  hub.hear(data_frame(1, "end", frame::kEndStream) + answer_frames(other.stream, "mine"));
  for (auto* order : gone) EXPECT_EQ(hub.times_told(*order), 0);
  EXPECT_EQ(hub.body_of(other), "mine");
  bool window_given_back = false;
  while (auto frame = take_frame(sent))
    window_given_back = window_given_back || (frame->type == frame::window_update && frame->stream == 0);
  EXPECT_TRUE(window_given_back);
}

TEST(MultiplexTest, LeavesWhoNeverStopsSendingForThoseGivenUp) {
  Multiplexing hub(64 * 1024);
  auto& gone = hub.ask();
  hub.hear(settings_frame() + head_frame(1, {{":status", "200"}}));
  hub.session.give_up(gone);
  for (int i = 0; i < 2000 && !hub.session.broken(); ++i) hub.hear(data_frame(1, std::string(1000, 'x')));
  EXPECT_TRUE(hub.session.broken());
}

TEST(MultiplexTest, GivesUpWhatWasNeverSent) {
  Multiplexing hub;
  auto& gone = hub.ask(); // not gathered yet
  hub.session.give_up(gone);
  auto& other = hub.ask();
  hub.hear(settings_frame() + answer_frames(other.stream, "mine"));
  EXPECT_EQ(hub.times_told(gone), 0);
  EXPECT_EQ(hub.body_of(other), "mine");
}

TEST(MultiplexTest, SendsNoMoreOfABodyThanThePeersWindowAllows) {
  Multiplexing hub;
  hub.hear(settings_frame({{4, 10}})); // ten bytes
  hub.said();
  auto& order = hub.ask("POST", std::string(100, 'b'));
  const auto body_bytes = [&] {
    std::size_t size = 0;
    for (auto sent = hub.said(); auto frame = take_frame(sent);)
      if (frame->type == frame::data) size += frame->payload.size();
    return size;
  };
  EXPECT_EQ(body_bytes(), 10U);
  hub.hear(settings_frame({{4, 0}})); // now it owes ten
  hub.hear(frame_of(frame::window_update, 0, order.stream, big_endian(50, 4)), false);
  EXPECT_EQ(body_bytes(), 40U);
  hub.hear(frame_of(frame::window_update, 0, order.stream, big_endian(1000, 4)), false);
  EXPECT_EQ(body_bytes(), 50U);
  hub.hear(answer_frames(order.stream, "thanks"));
  EXPECT_EQ(hub.body_of(order), "thanks");
}

TEST(MultiplexTest, AnAnswerBeforeTheRequestsEndStandsAndEndsTheRequest) {
  Multiplexing hub;
  hub.hear(settings_frame({{4, 10}}));
  auto& order = hub.ask("POST", std::string(100, 'b'));
  hub.said();
  const auto stream = order.stream;
  hub.hear(answer_frames(stream, "enough") + reset_frame(stream, 0));
  EXPECT_EQ(hub.body_of(order), "enough");
  Multiplexing without_reset;
  without_reset.hear(settings_frame({{4, 10}}));
  auto& second = without_reset.ask("POST", std::string(100, 'b'));
  without_reset.said();
  without_reset.hear(answer_frames(second.stream, "enough"), false);
  bool reset = false;
  for (auto sent = without_reset.said(); auto frame = take_frame(sent);)
    reset = reset || frame->type == frame::rst_stream;
  EXPECT_TRUE(reset);
}

TEST(MultiplexTest, HasRoomForAsManyAsThePeerAllows) {
  Multiplexing hub;
  EXPECT_EQ(hub.session.room(), 100U) << "before it has said anything";
  hub.hear(settings_frame({{3, 2}}));
  EXPECT_EQ(hub.session.room(), 2U);
  auto& order = hub.ask();
  EXPECT_EQ(hub.session.room(), 1U);
  hub.hear(settings_frame({{3, 0}}));
  EXPECT_EQ(hub.session.room(), 0U);
  hub.hear(answer_frames(order.stream, "x") + settings_frame({{3, 1'000'000}}));
  EXPECT_EQ(hub.session.room(), hub.limits.streams) << "but no more than ours";
}

TEST(MultiplexTest, SendsWhatARequestMustHaveAndNothingOfAConnection) {
  Multiplexing hub;
  hub.ask("POST", "{}", {{"X-Trace", " 1 "}, {"authorization", "Bearer s"}});
  const auto fields = hub.asked();
  EXPECT_EQ(fields, (Fields{{":method", "POST"},
                            {":scheme", "https"},
                            {":authority", "shop.example"},
                            {":path", "/x?y=1"},
                            {"x-trace", "1"},
                            {"authorization", "Bearer s"},
                            {"content-length", "2"}}));
}

} // namespace
} // namespace plugboard::http
