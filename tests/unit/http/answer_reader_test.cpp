#include "core/http/answer_reader.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

using State = AnswerReader::State;

constexpr AnswerReader::Limits kLimits{1024, 64};

std::size_t feed(AnswerReader& reader, std::string_view bytes, std::size_t piece) {
  std::size_t taken = 0;
  while (taken < bytes.size() && (reader.state() == State::head || reader.state() == State::body)) {
    const auto part = bytes.substr(taken, piece);
    const auto used = reader.feed(part);
    taken += used;
    if (used < part.size()) break;
  }
  return taken;
}

TEST(AnswerReaderTest, ReadsAnAnswerAtEverySizeAndNotTheByteBehindIt) {
  const std::vector<std::string> answers{
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Me: You\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Me: You\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: 1\r\n\r\n",
      "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Me: You\r\n\r\nhello"};
  for (const auto& bytes : answers)
    for (std::size_t piece = 1; piece <= bytes.size() + 1; ++piece) {
      AnswerReader reader;
      reader.begin(false, kLimits);
      EXPECT_EQ(feed(reader, bytes + "H", piece), bytes.size());
      ASSERT_EQ(reader.state(), State::complete) << piece << bytes;
      const auto answer = reader.take_answer();
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(answer.body, "hello");
      EXPECT_EQ(find(answer.headers, "x-me"), "You");
      EXPECT_EQ(find(answer.headers, "t"), std::nullopt);
      EXPECT_EQ(find(answer.headers, "link"), std::nullopt);
      EXPECT_TRUE(reader.keep_alive());
    }
}

TEST(AnswerReaderTest, ServesOneAnswerAfterTheOther) {
  AnswerReader reader;
  for (const std::string body : {"one", "two"}) {
    reader.begin(false, kLimits);
    reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + body);
    ASSERT_EQ(reader.state(), State::complete);
    const auto answer = reader.take_answer();
    EXPECT_EQ(answer.body, body);
    EXPECT_EQ(answer.headers.size(), 1U);
  }
}

TEST(AnswerReaderTest, AHeadThatCameBeforeMeansTheSameAgain) {
  AnswerReader reader;
  const std::string head = "HTTP/1.1 200 OK\r\nX-Me: You\r\nContent-Length: 3\r\n\r\n";
  for (const std::string body : {"one", "two", "six"}) {
    reader.begin(false, kLimits);
    EXPECT_EQ(reader.feed("HTTP/1.1 103 Early Hints\r\n\r\n" + head + body + "more"), 28 + head.size() + 3);
    ASSERT_EQ(reader.state(), State::complete);
    const auto answer = reader.take_answer();
    EXPECT_EQ(answer.body, body);
    EXPECT_EQ(find(answer.headers, "x-me"), "You");
  }
  for (const auto& other : {std::string("HTTP/1.1 200 OK\r\nX-Me: You\r\nContent-Length: 2\r\n\r\nab"),
                            std::string("HTTP/1.1 200 OK\r\nX-Me: He!\r\nContent-Length: 3\r\n\r\nabc")}) {
    reader.begin(false, kLimits);
    EXPECT_EQ(reader.feed(other), other.size());
    ASSERT_EQ(reader.state(), State::complete);
    EXPECT_EQ(reader.take_answer().body, other.substr(head.size()));
  }
}

TEST(AnswerReaderTest, AHeadThatCameBeforeIsHeldAgainstTheLimitsAndTheQuestion) {
  AnswerReader reader;
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none";
  reader.begin(false, kLimits);
  reader.feed(answer);
  ASSERT_EQ(reader.state(), State::complete);
  reader.begin(true, kLimits); // an answer to HEAD has no body
  EXPECT_EQ(reader.feed(answer), answer.size() - 3);
  EXPECT_EQ(reader.state(), State::complete);
  for (const AnswerReader::Limits narrow : {AnswerReader::Limits{1024, 2}, AnswerReader::Limits{16, 64}}) {
    reader.begin(false, kLimits);
    reader.feed(answer);
    reader.begin(false, narrow);
    reader.feed(answer);
    ASSERT_EQ(reader.state(), State::failed);
    EXPECT_EQ(reader.failure().code, Code::too_large);
  }
}

TEST(AnswerReaderTest, KnowsThatSomeAnswersHaveNoBody) {
  AnswerReader reader;
  reader.begin(true, kLimits);
  reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n");
  EXPECT_EQ(reader.state(), State::complete);
  reader.begin(false, kLimits);
  reader.feed("HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(reader.state(), State::complete);
  reader.begin(false, kLimits);
  reader.feed("HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n");
  EXPECT_EQ(reader.state(), State::complete);
}

TEST(AnswerReaderTest, TakesABodyUntilTheEndOnlyWhenTheEndIsClean) {
  for (const bool cleanly : {true, false}) {
    AnswerReader reader;
    reader.begin(false, kLimits);
    reader.feed("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf of it?");
    EXPECT_EQ(reader.state(), State::body);
    reader.end(cleanly);
    EXPECT_EQ(reader.state(), cleanly ? State::complete : State::failed);
  }
}

TEST(AnswerReaderTest, AnEndBeforeTheEndIsAFailure) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    AnswerReader reader;
    reader.begin(false, kLimits);
    reader.feed(bytes.substr(0, size));
    reader.end(true);
    ASSERT_EQ(reader.state(), State::failed) << size;
    EXPECT_EQ(reader.failure().code, size == 0 ? Code::unreachable : Code::malformed);
  }
}

TEST(AnswerReaderTest, HoldsItsLimits) {
  const std::vector<std::string> large{
      "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n41\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + std::string(64, 'a') + "\r\n1\r\n",
      "HTTP/1.0 200 OK\r\n\r\n" + std::string(65, 'a'), "HTTP/1.1 200 OK\r\nX: " + std::string(1024, 'a')};
  for (const auto& bytes : large) {
    AnswerReader reader;
    reader.begin(false, kLimits);
    reader.feed(bytes);
    ASSERT_EQ(reader.state(), State::failed) << bytes;
    EXPECT_EQ(reader.failure().code, Code::too_large) << bytes;
  }
}

TEST(AnswerReaderTest, RefusesWhatIsNotHttp) {
  std::string interims;
  for (int i = 0; i < 9; ++i) interims += "HTTP/1.1 103 Early Hints\r\n\r\n";
  const std::vector<std::string> bad{"<html>\n<body>",
                                     "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
                                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                                     "HTTP/1.1 200 OK\r\n\r\n",
                                     interims};
  for (const auto& bytes : bad) {
    AnswerReader reader;
    reader.begin(false, kLimits);
    reader.feed(bytes);
    ASSERT_EQ(reader.state(), State::failed) << bytes;
    EXPECT_EQ(reader.failure().code, Code::malformed) << bytes;
  }
}

} // namespace
} // namespace plugboard::http
