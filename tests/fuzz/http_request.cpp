// What a client sends: a connection's bytes, read as one request after the other. However they arrive, the requests
// that come out, and the refusal that ends them, are the same.
#include "core/http/request_reader.hpp"
#include "tests/fuzz/target.hpp"

#include <string>

namespace plugboard::fuzz {
namespace {

constexpr std::size_t kHeaderBytes = 2048, kBodyBytes = 4096;

bool is_clean(std::string_view text) { // nothing that could end a line where it is written
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f') return false;
  return true;
}

void check(const http::Request& request) {
  require(!request.method.empty() && is_clean(request.method), "a method is a word");
  require(request.target.starts_with('/') || request.target == "*", "a target begins with a slash");
  require(is_clean(request.target) && request.target.find(' ') == std::string_view::npos, "a target is clean");
  require(request.target.starts_with(request.path), "the path is the front of the target");
  require(request.body.size() <= kBodyBytes, "a body stays within its limit");
  require(request.headers.size() <= http::kMaxFields, "fields are counted");
  int hosts = 0;
  for (const auto& [name, value] : request.headers) {
    require(!name.empty() && is_clean(name) && is_clean(value), "a field is clean");
    for (const char c : name) require(c < 'A' || c > 'Z', "a field's name is lower case");
    hosts += name == "host" ? 1 : 0;
  }
  require(hosts <= 1, "a request names one host, or by HTTP/1.0 none");
}

void tell(const http::Request& request, const http::Framing& framing, std::string& story) {
  const auto add = [&](std::string_view text) { story.append(std::to_string(text.size())).append(":").append(text); };
  add(request.method);
  add(request.target);
  add(request.path);
  add(request.query);
  for (const auto& [name, value] : request.headers) {
    add(name);
    add(value);
  }
  add(request.body);
  story += framing.keep_alive ? " stays" : " closes";
  story += framing.expects_continue ? " waits\n" : "\n";
}

template <class Next>
std::string read_all(std::string_view bytes, Next next) {
  std::string story;
  http::RequestReader reader(kHeaderBytes, kBodyBytes);
  while (!bytes.empty()) {
    std::string_view piece = next(bytes);
    while (!piece.empty()) {
      const auto taken = reader.feed(piece);
      require(taken <= piece.size(), "no more is taken than was given");
      piece.remove_prefix(taken);
      if (reader.state() == http::RequestReader::State::refused)
        return story + std::to_string(reader.refusal().status) + std::string(reader.refusal().reason);
      if (reader.state() == http::RequestReader::State::complete) {
        check(reader.request());
        tell(reader.request(), reader.framing(), story);
        if (!reader.framing().keep_alive) return story; // what follows is nobody's
        reader.reset();
      } else {
        require(piece.empty(), "what is not taken belongs to the next request");
      }
    }
  }
  return story + (reader.begun() ? "half" : "");
}

} // namespace

void fuzz(std::string_view input) {
  Slices slices(input);
  const auto at_once = read_all(input, [](std::string_view& rest) { return std::exchange(rest, {}); });
  const auto sliced = read_all(input, [&](std::string_view& rest) { return slices.next(rest); });
  require(at_once == sliced, "how the bytes arrive changes nothing");
}

} // namespace plugboard::fuzz
