#include "core/http/request_reader.hpp"

#include "tests/unit/http/bad_requests.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plugboard::http {
namespace {

using State = RequestReader::State;

// Feeds in pieces; returns how many bytes were taken.
std::size_t feed(RequestReader& reader, std::string_view bytes, std::size_t piece) {
  std::size_t taken = 0;
  while (taken < bytes.size() && reader.state() != State::complete && reader.state() != State::refused) {
    const auto part = bytes.substr(taken, piece);
    const auto used = reader.feed(part);
    taken += used;
    if (used < part.size()) break;
  }
  return taken;
}

// Of the requests that come out, one after the other, until one is refused or half.
std::vector<std::string> targets_in(std::string_view bytes) {
  std::vector<std::string> targets;
  RequestReader reader(4096, 4096);
  while (!bytes.empty()) {
    bytes.remove_prefix(reader.feed(bytes));
    if (reader.state() != State::complete) break;
    targets.emplace_back(reader.request().target);
    reader.reset();
  }
  return targets;
}

TEST(RequestReaderTest, ReadsARequestAtEverySize) {
  const std::string bytes = "POST /a/b?c=d HTTP/1.1\r\nHost: h\r\nX-Me:  you \r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t piece = 1; piece <= bytes.size() + 4; ++piece) {
    RequestReader reader(1024, 1024);
    EXPECT_EQ(feed(reader, bytes + "GET ", piece), bytes.size()) << piece;
    ASSERT_EQ(reader.state(), State::complete) << piece;
    const auto& request = reader.request();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/a/b?c=d");
    EXPECT_EQ(request.path, "/a/b");
    EXPECT_EQ(request.query, "c=d");
    EXPECT_EQ(request.header("x-me"), "you");
    EXPECT_EQ(request.header("absent"), std::nullopt);
    EXPECT_EQ(request.body, "hello");
  }
}

TEST(RequestReaderTest, ReadsChunksAtEverySize) {
  const std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "5;name=\"va lue\"\r\nhello\r\n00B\r\n, you there\r\n0\r\nX-Trailer: 1\r\n\r\n";
  for (std::size_t piece = 1; piece <= bytes.size() + 4; ++piece) {
    RequestReader reader(1024, 1024);
    EXPECT_EQ(feed(reader, bytes + "GET ", piece), bytes.size()) << piece;
    ASSERT_EQ(reader.state(), State::complete) << piece << reader.refusal().reason;
    EXPECT_EQ(reader.request().body, "hello, you there");
    EXPECT_EQ(reader.request().header("x-trailer"), std::nullopt) << "trailers are no headers";
  }
}

TEST(RequestReaderTest, ReadsOneAfterTheOther) {
  RequestReader reader(1024, 1024);
  std::string_view bytes = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
                           "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"
                           "\r\nGET /3 HTTP/1.1\r\nHost: h\r\n\r\n";
  for (const std::string_view target : {"/1", "/2", "/3"}) {
    bytes.remove_prefix(reader.feed(bytes));
    ASSERT_EQ(reader.state(), State::complete) << target;
    EXPECT_EQ(reader.request().target, target);
    EXPECT_EQ(reader.request().body, target == "/2" ? "hi" : "");
    EXPECT_EQ(reader.request().headers.size(), target == "/2" ? 2U : 1U);
    reader.reset();
    EXPECT_FALSE(reader.begun());
  }
  EXPECT_TRUE(bytes.empty());
}

TEST(RequestReaderTest, RefusesEveryBadRequestAtEverySize) {
  for (const auto& bad : bad_requests())
    for (const std::size_t piece : {1UL, 2UL, 3UL, 7UL, 64UL, 100'000UL}) {
      RequestReader reader(16 * 1024, 64 * 1024);
      feed(reader, bad.bytes, piece);
      ASSERT_EQ(reader.state(), State::refused) << bad.name << " in pieces of " << piece;
      EXPECT_EQ(reader.refusal().status, bad.status) << bad.name << ": " << reader.refusal().reason;
    }
}

TEST(RequestReaderTest, HoldsTheBodyLimitToTheByte) {
  const auto sized = [](std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'a');
  };
  const auto chunked = [](std::size_t size) {
    std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < size; ++i) bytes += "1\r\na\r\n";
    return bytes + "0\r\n\r\n";
  };
  const auto read = [](const std::string& bytes) {
    RequestReader reader(1024, 100);
    feed(reader, bytes, 10);
    return reader.state() == State::complete ? 200 : reader.refusal().status;
  };
  EXPECT_EQ(read(sized(100)), 200);
  EXPECT_EQ(read(sized(101)), 413);
  EXPECT_EQ(read(chunked(100)), 200);
  EXPECT_EQ(read(chunked(101)), 413);
}

TEST(RequestReaderTest, HoldsTheHeadLimitToTheByte) {
  const std::string head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  RequestReader fits(head.size(), 0);
  fits.feed(head);
  EXPECT_EQ(fits.state(), State::complete);
  RequestReader too_small(head.size() - 1, 0);
  too_small.feed(head);
  EXPECT_EQ(too_small.state(), State::refused);
  EXPECT_EQ(too_small.refusal().status, 431);
}

// Framing fields, spelt and combined in many ways, over a body that holds a whole request. Where anybody could take a
// field for the announcement of that body, the request in it must never come out as one.
TEST(RequestReaderTest, NoMutationOfTheFramingSmugglesARequest) {
  struct Field {
    std::string bytes;
    bool announces; // a body that is not empty, to some reader
  };

  const std::string inner = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string length = std::to_string(inner.size());
  const std::vector<Field> lengths{{"", false},
                                   {"Content-Length: 0\r\n", false},
                                   {"Content_Length: " + length + "\r\n", false},
                                   {"Content-Length: " + length + "\r\n", true},
                                   {"content-length:\t" + length + " \r\n", true},
                                   {"Content-Length: 0," + length + "\r\n", true},
                                   {"Content-Length: 0\r\nContent-Length: " + length + "\r\n", true},
                                   {"Content-Length: " + length + "\r\nContent-Length: 0\r\n", true},
                                   {"Content-Length\x0b: " + length + "\r\n", true},
                                   {"Content-Length : " + length + "\r\n", true},
                                   {"X: y\rContent-Length: " + length + "\r\n", true},
                                   {"X: y\nContent-Length: " + length + "\r\n", true},
                                   {"X: y\r\n Content-Length: " + length + "\r\n", true}};
  const std::vector<Field> codings{{"", false},
                                   {"Transfer_Encoding: chunked\r\n", false},
                                   {"Transfer-Encoding: chunked\r\n", true},
                                   {"TRANSFER-ENCODING:\tCHUNKED\t\r\n", true},
                                   {"Transfer-Encoding : chunked\r\n", true},
                                   {"Transfer-Encoding: xchunked\r\n", true},
                                   {"Transfer-Encoding: chunked, identity\r\n", true},
                                   {"Transfer-Encoding: identity, chunked\r\n", true},
                                   {"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", true},
                                   {"Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n", true},
                                   {"Transfer-Encoding: \x0c"
                                    "chunked\r\n",
                                    true},
                                   {"Transfer-Encoding: chunked\x00\r\n", true},
                                   {"X: y\r\n Transfer-Encoding: chunked\r\n", true},
                                   {"Transfer-Encoding:\r\n chunked\r\n", true}};
  int mutations = 0;
  for (const auto& one : lengths)
    for (const auto& other : codings)
      for (const bool swapped : {false, true}) {
        const auto fields = swapped ? other.bytes + one.bytes : one.bytes + other.bytes;
        const auto targets = targets_in("POST /outer HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + inner);
        const auto smuggled = std::count(targets.begin(), targets.end(), "/smuggled");
        EXPECT_EQ(smuggled, one.announces || other.announces ? 0 : 1) << fields;
        ++mutations;
      }
  EXPECT_GE(mutations, 134);
}

TEST(BodyReaderTest, TakesNoMemoryForWhatIsOnlyAnnounced) {
  BodyReader reader;
  reader.begin({.body = Body::sized, .length = 65536}, 65536);
  EXPECT_LE(reader.bytes.capacity(), BodyReader::kReserved);
  reader.feed("{");
  EXPECT_LE(reader.bytes.capacity(), BodyReader::kReserved);
  reader.feed(std::string(65535, ' '));
  EXPECT_EQ(reader.state(), BodyReader::State::complete);
  EXPECT_EQ(reader.bytes.size(), 65536U);
}

} // namespace
} // namespace plugboard::http
