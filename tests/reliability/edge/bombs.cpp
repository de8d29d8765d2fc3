#include "tests/reliability/edge/bombs.hpp"

#include "tests/support/process.hpp"

#include <stdexcept>

namespace plugboard::test {

namespace {

std::string times(std::size_t count, const std::string& text) {
  std::string all;
  for (; count > 0; --count) all += text;
  return all;
}

std::string squeezed_by(const std::string& command) {
  Process shell({"/bin/sh", "-c", "head -c 50000000 /dev/zero | " + command});
  if (shell.wait() != 0 || shell.out().empty())
    throw std::runtime_error(command + " failed (.ci/install reliability installs it): " + shell.err());
  return shell.out();
}

std::string body_of(const std::string& bytes) {
  return "Content-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + bytes;
}

const std::string kChunked = "Transfer-Encoding: chunked\r\n\r\n";

// What a JSON reader may stumble over, each below the limit of a request's body.
std::vector<std::pair<std::string, std::string>> json_bombs() {
  std::string members, patterns;
  for (int i = 0; i < 6000; ++i) members += (i ? ",\"m" : "\"m") + std::to_string(i) + "\":1";
  for (int i = 0; i < 250; ++i) patterns += (i ? ",\"" : "\"") + times(20, "(a+)+") + "x" + std::to_string(i) + "\"";
  return {
      {"brackets", times(60'000, "[")},
      {"objects in objects", times(12'000, "{\"a\":")},
      {"many members", "{" + members + "}"},
      {"one key again and again", "{" + times(9'000, "\"a\":1,") + "\"a\":1}"},
      {"many empty arrays", "[" + times(20'000, "[],") + "[]]"},
      {"a long number", "{\"session\": " + std::string(60'000, '9') + "}"},
      {"a long exponent", "{\"session\": 1e" + std::string(60'000, '9') + "}"},
      {"escapes", "{\"session\": \"" + times(10'000, "\\u0000") + "\"}"},
      {"backslashes", "{\"session\": \"" + times(30'000, "\\\\") + "\"}"},
      {"blanks", std::string(60'000, ' ')},
      {"what a pattern could backtrack on", "{\"session\": \"" + std::string(60'000, 'a') + "!\"}"},
      {"patterns for sections", R"({"session": "s", "sections": [)" + patterns + "]}"},
      {"a token of dots", R"({"connector": "login", "credential": {"token": ")" + std::string(60'000, '.') + "\"}}"},
  };
}

} // namespace

Squeezed squeeze() {
  return {squeezed_by("gzip -9"), squeezed_by("gzip -9 | gzip -9"), squeezed_by("brotli -c"),
          squeezed_by("zstd -19 -q")};
}

std::vector<Bomb> request_bombs(const Squeezed& squeezed, const std::string& key) {
  const std::string to = " HTTP/1.1\r\nHost: hub.test\r\nAuthorization: Bearer " + key + "\r\n";
  const auto post = "POST /v1/context" + to;
  const std::string endless_field(65536, 'a'), fields = times(1000, "X-A: bcd\r\n");
  std::vector<Bomb> bombs = {
      {"gzip", post + "Content-Encoding: gzip\r\n" + body_of(squeezed.gzip)},
      {"nested gzip", post + "Content-Encoding: gzip, gzip\r\n" + body_of(squeezed.nested_gzip)},
      {"brotli", post + "Content-Encoding: br\r\n" + body_of(squeezed.brotli)},
      {"zstd", post + "Content-Encoding: zstd\r\n" + body_of(squeezed.zstd)},
      {"gzip as transfer coding", post + "Transfer-Encoding: gzip, chunked\r\n\r\n"},
      {"100 MB of head", post + "X-A: ", endless_field, 1600},
      {"100,000 fields", post, fields, 100},
      {"1 GB announced", post + "Content-Length: 1000000000\r\n\r\n"},
      {"1 GB announced and sent", post + "Content-Length: 1000000000\r\n\r\n", endless_field, 1600},
      {"extension of 64 KB", post + kChunked + "5;a=" + endless_field + "\r\nhello\r\n0\r\n\r\n"},
      {"extensions without end", post + kChunked, "1;" + std::string(250, 'a') + "\r\nx\r\n", 70'000},
      {"trailers without end", post + kChunked + "0\r\n", fields, 100},
      {"chunks of one byte", post + kChunked, times(100, "1\r\n \r\n"), 700},
      {"1,000,000 parameters", "GET /v1/sections?", times(1000, "a=1&"), 1000},
      {"8,000 parameters", "GET /v1/sections?" + times(3900, "a=1&") + to + "\r\n"},
      {"long target", "GET /" + times(500, "../%2e%2e/;;//") + to + "\r\n"},
      {"empty lines without end", "", times(1000, "\r\n"), 1000},
  };
  for (const auto& [name, json] : json_bombs())
    for (const std::string path : {"/v1/context", "/v1/sessions"})
      bombs.push_back({name + " to " + path, "POST " + path + to + body_of(json)});
  return bombs;
}

std::vector<Bomb> answer_bombs(const Squeezed& squeezed) {
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  const std::string endless_field(65536, 'a'), fields = times(1000, "X-A: bcd\r\n");
  std::vector<Bomb> bombs = {
      {"gzip", ok + "Content-Encoding: gzip\r\n" + body_of(squeezed.gzip)},
      {"nested gzip", ok + "Content-Encoding: gzip, gzip\r\n" + body_of(squeezed.nested_gzip)},
      {"brotli", ok + "Content-Encoding: br\r\n" + body_of(squeezed.brotli)},
      {"zstd", ok + "Content-Encoding: zstd\r\n" + body_of(squeezed.zstd)},
      {"gzip that is not said", ok + body_of(squeezed.gzip)},
      {"100 MB of head", ok + "X-A: ", endless_field, 1600},
      {"100,000 fields", ok, fields, 100},
      {"1 GB announced", ok + "Content-Length: 1000000000\r\n\r\n"},
      {"1 GB without end", ok + "Connection: close\r\n\r\n", endless_field, 1600},
      {"extension of 64 KB", ok + kChunked + "5;a=" + endless_field + "\r\nhello\r\n0\r\n\r\n"},
      {"trailers without end", ok + kChunked + "0\r\n", fields, 100},
      {"interim answers without end", "HTTP/1.1 103 Early Hints\r\n\r\n",
       times(100, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), 1000},
  };
  for (const auto& [name, json] : json_bombs())
    bombs.push_back({.name = name, .bytes = ok + body_of(json), .is_json = true});
  return bombs;
}

} // namespace plugboard::test
