#include "tests/bench/misbehaviour.hpp"

#include "tests/bench/wire.hpp"

#include <vector>

namespace plugboard::bench {
namespace {

constexpr std::size_t kOversized = std::size_t{2} << 20;

std::string refusal(const char* status, const char* fields = "") {
  return std::string("HTTP/1.1 ") + status + "\r\n" + fields + "Content-Length: 0\r\n\r\n";
}

std::vector<Misbehaviour> all() {
  const std::string json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  return {
      {"fails", refusal("500 Internal Server Error")},
      {"is unavailable", refusal("503 Service Unavailable")},
      {"knows nobody", refusal("404 Not Found")},
      {"hangs up", {}, 0, true, false, false, true},
      {"resets", {}, 0, true, true, false, true},
      {"resets in mid-answer", json + "Content-Length: 900\r\n\r\n{\"customer_id\":", 0, true, true},
      {"cuts its answer short", json + "Content-Length: 900\r\n\r\n{\"customer_id\":\"1\"}", 0, true},
      {"hangs", {}, 0, false, false, false, true},
      {"is slow", {}, 700},
      {"answers about another", {}, 0, false, false, true},
      {"is no JSON", json_answer("{\"customer_id\": nonsense}")},
      {"says a member twice", json_answer(R"({"customer_id":"1","orders":[],"orders":[]})")},
      {"has another shape", json_answer(R"({"customer_id":"1","orders":"none"})")},
      {"is oversized", json_answer("{\"orders\":[],\"x\":\"" + std::string(kOversized, 'x') + "\"}")},
      {"is nested deep", json_answer(std::string(100'000, '['))},
      {"is no HTTP", "SSH-2.0-OpenSSH_9.2p1\r\n\r\n", 0, true},
      {"frames it twice", json + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 0,
       true},
      {"sends a chunk of no size", json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", 0, true},
      {"says more than asked", json_answer("{\"orders\":[]}") + json_answer("{\"orders\":[]}")},
      {"closes after each answer", {}, 0, true},
  };
}

} // namespace

const Misbehaviour& any_misbehaviour(std::mt19937_64& random) {
  static const auto kAll = all();
  return kAll[random() % kAll.size()];
}

} // namespace plugboard::bench
