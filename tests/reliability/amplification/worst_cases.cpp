#include "tests/reliability/amplification/worst_cases.hpp"

#include "tests/support/hub_process.hpp"
#include "tests/support/jwt.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

namespace plugboard::test {
namespace {

constexpr std::size_t kBodyBytes = 9 * 1024; // leaves room for the head

// So many that all fits.
std::string fill(const std::string& begin, const std::function<std::string(int)>& piece, const std::string& end,
                 std::size_t bytes = kBodyBytes) {
  std::string text = begin;
  for (int i = 0;; ++i) {
    const auto next = piece(i);
    if (text.size() + next.size() + end.size() > bytes) return text + end;
    text += next;
  }
}

std::string same(const std::string& begin, const std::string& piece, const std::string& end,
                 std::size_t bytes = kBodyBytes) {
  return fill(
      begin, [&](int) { return piece; }, end, bytes);
}

std::string nested(const std::string& open, const std::string& inner, const std::string& close, int depth) {
  std::string text = inner;
  for (int i = 0; i < depth; ++i) text = open + text + close;
  return text;
}

std::string in_list(int number, const std::string& text) {
  return (number ? "," : "") + text;
}

std::string chunked(const std::string& path, const std::string& body) {
  std::string bytes = "POST " + path + " HTTP/1.1\r\nHost: hub.test\r\nAuthorization: Bearer " + kDesk +
                      "\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char byte : body) bytes.append("1\r\n").append(1, byte).append("\r\n");
  return bytes + "0\r\n\r\n";
}

std::string post(const std::string& path, const std::string& body, const std::string& key = kDesk) {
  return bytes_of({.path = path, .key = key, .body = body});
}

std::string get(const std::string& path, const std::string& key = {}, const std::string& fields = {}) {
  auto bytes = bytes_of({.method = "GET", .path = path, .key = key, .body = {}});
  return bytes.insert(bytes.size() - 2, fields);
}

class Corpus {
 public:
  explicit Corpus(const KnownToHub& known) : known_(known) {}

  std::vector<WorstCase> all() {
    contexts_taken();
    contexts_refused();
    heads();
    other_calls();
    logins();
    admins();
    return std::move(all_);
  }

 private:
  // {"session": …MORE}
  std::string body(const std::string& more) const { return R"({"session": ")" + known_.session + "\"" + more + "}"; }

  std::string plain_body() const { return body(R"(, "sections": ["s.one"])"); }

  void taken(const std::string& name, const std::string& text) { // by all calls that take a context's words
    for (const char* path : {"/v1/context", "/v1/context/explain"})
      all_.push_back({name + " to " + path, post(path, text), post(path, plain_body()), 200, true});
    all_.push_back({name + " to /v1/prefetch", post("/v1/prefetch", text), post("/v1/prefetch", plain_body()), 202});
  }

  void params(const std::string& name, const std::string& value) {
    taken("params: " + name, body(R"(, "sections": [{"name": "s.one", "params": {"a": )" + value + "}}]"));
  }

  void contexts_taken() {
    const auto begin = R"({"session": ")" + known_.session + R"(", "sections": ["s.one")";
    const auto sections = [&](const std::function<std::string(int)>& name, std::size_t bytes = kBodyBytes) {
      return fill(begin, name, "]}", bytes);
    };
    const auto number = [](int i) { return std::to_string(100 + i); };
    taken("many sections that are not there", sections([&](int i) { return ",\"s.n" + number(i) + "\""; }, 2200));
    taken("long names of sections", sections([&](int i) {
            return ",\"" + std::string(28, 'c') + number(i) + "." + std::string(31, 's') + "\"";
          }));
    taken("patterns that match nothing", sections([&](int i) { return ",\"n" + number(i) + ".*\""; }, 2200));
    taken("sections as objects",
          sections([&](int i) { return R"(,{"name":"s.n)" + number(i) + R"(","params":{}})"; }, 7000));
    taken("sections and params that are not there",
          sections([&](int i) { return R"(,{"name":"s.n)" + number(i) + R"(","params":{"a":[{}]}})"; }));
    taken("an actor, a language and blanks",
          body(R"(, "sections": ["s.one"], "language": "sv-abcdefgh-abcdefgh-abcdefgh", "actor": ")" +
               same("", "\\u00e5", "", 360) + "\"" + std::string(8000, ' ')));
    params("deep", nested("[", "1", "]", 55));
    params("objects in objects", nested("{\"a\":", "1", "}", 55));
    params("wide", fill(
                       "[0", [](int) { return ",1"; }, "]", 8000));
    params("many members", fill(
                               "{\"m\":1", [](int i) { return ",\"m" + std::to_string(i) + "\":1"; }, "}", 8000));
    taken("params: many members of their own",
          body(R"(, "sections": [{"name": "s.one", "params": )" +
               fill(
                   "{\"m\":1", [](int i) { return ",\"m" + std::to_string(i) + "\":1"; }, "}", 8000) +
               "}]"));
    params("many strings", fill(
                               "[0", [](int) { return ",\"\""; }, "]", 8000));
    params("many empty objects", fill(
                                     "[0", [](int) { return ",{}"; }, "]", 8000));
    params("escapes", same("\"", "\\u00e5", "\"", 8000));
    params("what must be escaped again", same("\"", "\\u0001", "\"", 8000));
    params("unicode", same("\"", "\xf0\x9f\x90\xa7", "\"", 8000));
    params("numbers of doubles", same("[1e-300", ",1.7976931348623157e308", "]", 8000));
    params("a number of many digits", "0." + std::string(8000, '1'));
    all_.push_back({"chunks of one byte", chunked("/v1/context", plain_body() + std::string(1300, ' ')),
                    post("/v1/context", plain_body()), 200, true});
  }

  void refused(const std::string& name, const std::string& text, int status = 400) {
    for (const char* path : {"/v1/context", "/v1/sessions", "/v1/sessions/introspect", "/v1/sessions/redeem"})
      all_.push_back({name + " to " + path, post(path, text), {}, status});
  }

  void contexts_refused() {
    refused("brackets", std::string(kBodyBytes, '['));
    refused("objects in objects", same("", "{\"a\":", ""));
    refused("deep and closed", nested("[", "", "]", 4000));
    refused("unknown members", fill(
                                   "{\"a\":1", [](int i) { return ",\"m" + std::to_string(i) + "\":1"; }, "}"));
    refused("long unknown member", R"({")" + std::string(8000, 'a') + R"(": 1})");
    refused("one key again and again", same("{\"a\":1", ",\"a\":1", "}"));
    refused("keys that differ at their end",
            fill(
                "{\"a\":1", [](int i) { return ",\"" + std::string(200, 'k') + std::to_string(i) + "\":1"; }, "}"));
    refused("empty arrays", same("[[]", ",[]", "]"));
    refused("a huge number", R"({"session": )" + std::string(8000, '9') + "}");
    refused("a huge exponent", R"({"session": 1e)" + std::string(8000, '9') + "}");
    refused("huge fractions", same("[1", ",1.00000000000000011102230246251565", "]"));
    refused("escapes", same(R"({"session": ")", "\\u0000", "\"}"), 0);
    refused("backslashes", same(R"({"session": ")", "\\\\", "\"}"), 0);
    refused("half a surrogate", same(R"({"session": ")", "\\ud800", "\"}"));
    refused("no unicode", same(R"({"session": ")", "\xc0\x80", "\"}"));
    refused("quotes", std::string(kBodyBytes, '"'));
    refused("blanks", std::string(kBodyBytes, ' '));
    all_.push_back({"too many sections",
                    post("/v1/context", fill(R"({"session": "x", "sections": ["a.b")",
                                             [](int i) { return ",\"a.b" + std::to_string(i) + "\""; }, "]}")),
                    {},
                    400});
    all_.push_back({"sections in capitals",
                    post("/v1/context", same(R"({"session": "x", "sections": ["A")", ",\"A\"", "]}", 1000)),
                    {},
                    400});
  }

  void heads() {
    const auto fields = fill(
        "", [](int i) { return "x" + std::to_string(i) + ": y\r\n"; }, "");
    all_.push_back({"many fields", get("/healthz", {}, fields)});
    all_.push_back({"one field again and again", get("/healthz", {}, same("", "x: y\r\n", ""))});
    all_.push_back({"short fields", get("/healthz", {}, same("", "x:\r\n", ""))});
    all_.push_back({"a long field", get("/healthz", {}, "x: " + std::string(kBodyBytes, 'y') + "\r\n"), {}, 200});
    all_.push_back({"a long target", get("/" + same("", "../%2e%2e/;;//", "")), {}, 401});
    all_.push_back({"parameters", get("/v1/sections?" + same("", "a=1&", ""), kDesk), {}, 400});
    all_.push_back({"a key of 8 KB", post("/v1/context", "{}", std::string(8000, 'k')), {}, 401});
    all_.push_back({"keys of many parts", get("/v1/sections", same("", "a, Bearer b, ", "")), {}, 401});
    all_.push_back({"all sections", get("/v1/sections", kDesk), {}, 200});
    for (const char* path : {"/healthz", "/readyz", "/openapi.json"})
      all_.push_back({std::string("page ") + path, get(path), {}, 200});
    const std::string announced = "POST /v1/context HTTP/1.1\r\nHost: hub.test\r\nContent-Length: 65536\r\n\r\n{";
    all_.push_back({.name = "much announced", .bytes = announced, .never_whole = true});
  }

  void other_calls() {
    const auto blanks = std::string(8000, ' ');
    const auto session = R"({"session": ")" + known_.session + "\"}";
    all_.push_back({"introspection in blanks", post("/v1/sessions/introspect", blanks + session),
                    post("/v1/sessions/introspect", session), 200});
    all_.push_back({"an unknown, long session",
                    post("/v1/sessions/introspect", R"({"session": ")" + std::string(8000, 'x') + "\"}")});
    all_.push_back({"a hand-off to a long name",
                    post("/v1/sessions/handoff",
                         R"({"session": ")" + known_.session + R"(", "to": ")" + std::string(8000, 'x') + "\"}")});
    all_.push_back({"a long code", post("/v1/sessions/redeem", R"({"code": ")" + std::string(8000, 'x') + "\"}")});
    const std::string logout = "POST /v1/logout/login HTTP/1.1\r\nHost: hub.test\r\nContent-Type: "
                               "application/x-www-form-urlencoded\r\nContent-Length: ";
    for (const auto& form : {same("logout_token=", "%2e", ""), same("a=1", "&a=1", "")})
      all_.push_back({"a form of " + form.substr(0, 12), logout + std::to_string(form.size()) + "\r\n\r\n" + form});
  }

  void login(const std::string& name, const std::string& token, const std::string& plain, int status,
             const char* connector = "login") {
    const auto ask = [&](const std::string& text) {
      return text.empty() ? text
                          : post("/v1/sessions", R"({"connector": ")" + std::string(connector) +
                                                     R"(", "credential": {"token": ")" + text + "\"}}");
    };
    all_.push_back({"login, " + name, ask(token), ask(plain), status});
  }

  void logins() {
    constexpr std::size_t kClaims = 6300; // 8.5 KB of base64
    const auto claims = claims_of({});
    const auto begin = claims.substr(0, claims.size() - 1);
    const std::string header = R"({"alg":"HS256"})";
    const auto plain = hs256(header, claims, kChatKey);
    const auto signed_with = [&](const std::string& text) { return hs256(header, text, kChatKey); };
    login("many claims",
          signed_with(fill(
              begin, [](int i) { return ",\"c" + std::to_string(i) + "\":1"; }, "}", kClaims)),
          plain, 201);
    login("deep claims", signed_with(begin + ",\"deep\":" + nested("[", "1", "]", 25) + "}"), plain, 0);
    login("wide claims", signed_with(same(begin + ",\"wide\":[1", ",1", "]}", kClaims)), plain, 201);
    login("escaped claims", signed_with(same(begin + ",\"text\":\"", "\\u00e5", "\"}", kClaims)), plain, 201);
    login("brackets", signed_with(std::string(kClaims, '[')), {}, 403);
    login("dots", std::string(8500, '.'), {}, 403);
    login("no base64", std::string(8500, '='), {}, 403);
    login("a long header", hs256(same(R"({"alg":"HS256","x":")", "\\u00e5", "\"}", kClaims), claims, kChatKey), plain,
          0);
    for (const auto& [name, token] : known_.forgeries) login("forged, " + name, token, {}, 403, "idp");
  }

  void admins() {
    const auto admin = [&](const std::string& name, const std::string& bytes, int status = 0,
                           const std::string& plain = {}) {
      all_.push_back({"admin, " + name, bytes, plain, status, false, true});
    };
    // What pages show is gathered from files and store: that is not the request's.
    for (const std::string page : {"audit?most=1", "cache", "clients", "connectors", "plugins", "policy",
                                   "openapi.json", "sessions?client=nobody"}) {
      const auto path = "/admin/v1/" + page;
      admin("page " + page, get(path, kAdmin, "x: " + std::string(8000, 'y') + "\r\n"), 200, get(path, kAdmin));
    }
    admin("metrics", get("/metrics", kAdmin, "x: " + std::string(8000, 'y') + "\r\n"), 200, get("/metrics", kAdmin));
    admin("a key of 8 KB", get("/admin/v1/clients", std::string(8000, 'k')), 401);
    admin("a long name", get("/admin/v1/clients?tenant=" + std::string(8000, 't'), kAdmin));
    admin("parameters", get("/admin/v1/sessions?" + same("", "a=1&", ""), kAdmin), 400);
    admin("many fields", get("/admin/v1/clients", kAdmin, same("", "x: y\r\n", "")));
    const std::pair<const char*, const char*> calls[] = {
        {"cache/purge", "{\"section\": "},    {"clients", "{\"id\": "},           {"clients/desk/rotate", "{\"x\": "},
        {"customers/x/erase", "{\"x\": "},    {"customers/x/export", "{\"x\": "}, {"policy/test", "{\"tests\": "},
        {"sessions/revoke", "{\"session\": "}};
    for (const auto& [path, begin] : calls) {
      const auto to = std::string("/admin/v1/") + path;
      admin(to + ", deep", post(to, begin + nested("[", "1", "]", 4000) + "}", kAdmin));
      admin(to + ", wide", post(to, same(begin + std::string("[1"), ",1", "]}"), kAdmin));
      admin(to + ", escapes", post(to, same(begin + std::string("\""), "\\u0001", "\"}"), kAdmin), 0,
            post(to, begin + std::string("\"x\"}"), kAdmin));
      admin(to + ", unknown members",
            post(to,
                 fill(
                     "{\"a\":1", [](int i) { return ",\"m" + std::to_string(i) + "\":1"; }, "}"),
                 kAdmin));
    }
    const auto row = [](int i) {
      return in_list(i, R"({"client":"desk","assurance":"aal1","section":"s.one","verdict":"allowed"})");
    };
    admin("rows of policy", post("/admin/v1/policy/test", fill(R"({"expectations": [)", row, "]}"), kAdmin), 200);
  }

  const KnownToHub& known_;
  std::vector<WorstCase> all_;
};

} // namespace

std::vector<WorstCase> worst_cases(const KnownToHub& known) {
  return Corpus(known).all();
}

std::vector<WorstCase> found_by_fuzzing(const std::string& corpus, std::size_t most) {
  std::vector<WorstCase> all;
  for (const std::string kind : {"context_ask", "json_readers", "pointer"}) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(corpus + "/" + kind)) files.push_back(file.path());
    std::sort(files.begin(), files.end());
    const auto every = std::max<std::size_t>(1, files.size() / most);
    for (std::size_t i = 0; i < files.size(); i += every) {
      std::ifstream in(files[i], std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      const auto bytes = post("/v1/context", text);
      if (bytes.size() <= kMostBytes) all.push_back({kind + "/" + files[i].filename().string(), bytes});
    }
  }
  return all;
}

} // namespace plugboard::test
