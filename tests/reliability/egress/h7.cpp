// H7: a plugin sends the hub nowhere but where its operator lets it. One that was taken over tries every URL of a list,
// names that lead to addresses of every forbidden kind, redirects, ports and headers, and names whose name server
// answers otherwise each time it is asked (DNS rebinding); in the hub's own process, and in a worker. Whoever would be
// reached counts who comes.
#include "tests/reliability/egress/hostile_urls.hpp"
#include "tests/reliability/egress/place.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/name_server.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <stdexcept>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

constexpr int kRebinds = 1000;                // names, each asked for twice
constexpr const char* kAllowed = "127.0.0.2"; // the network that the operator names
constexpr const char* kForbidden = "127.0.0.1";

class Names { // what the name server says
 public:
  NameAnswer answer(const std::string& name, bool six) {
    if (name.starts_with("flip-")) return six ? NameAnswer{} : flip(name);
    if (name == "good.test" || name == "redirects.test") return {{kAllowed}, 0};
    if (name == "both.test") return {{kForbidden, kAllowed, "::1"}, 0};
    if (name == "alias.test") return {{kForbidden}, 0, 0, "localhost"};
    if (name.starts_with("to-")) return {{forbidden_addresses().at(std::stoul(name.substr(3)))}, 0};
    return {{}, 0, 3};
  }

 private:
  // Half of them begin with the one, half with the other: who looks twice sees both.
  NameAnswer flip(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto nth = asked_[name]++ + std::stoi(name.substr(5));
    return {{nth % 2 == 0 ? kAllowed : kForbidden}, 0};
  }

  std::mutex mutex_;
  std::map<std::string, int> asked_;
};

class Siege {
 public:
  Siege(Showing& showing, const std::string& isolation) : showing_(showing), hub_(configuration(isolation)) {
    if (!hub_.start()) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
    session_ = hub_.session();
    where_ = isolation;
  }

  void by_urls() {
    expect_ok("http://good.test:" + port(good_));
    expect_ok("http://127.0.0.1:" + port(itself_) + "/a?b=c");
    for (const auto& url : hostile_urls(good_.port(), trap_.port())) {
      const auto told = ask(url);
      showing_.holds(told == "egress_denied" || told == "plugin_failed", where_ + ": " + url + " was " + told);
      showing_.count("URLs");
    }
  }

  void by_addresses() {
    for (std::size_t i = 0; i < forbidden_addresses().size(); ++i) {
      const auto told = ask("http://to-" + std::to_string(i) + ".test:" + port(trap_) + "/", plain_);
      showing_.holds(told == "egress_denied", where_ + ": a name of " + forbidden_addresses()[i] + " was " + told);
      showing_.count("addresses");
    }
    const auto both = ask("http://both.test:" + port(good_) + "/");
    showing_.holds(both == "200", where_ + ": of two addresses the one that is allowed was not taken: " + both);
    const auto alias = ask("http://alias.test:" + port(trap_) + "/", plain_);
    showing_.holds(alias == "egress_denied", where_ + ": an alias of localhost was " + alias);
  }

  void by_redirects() {
    for (const int status : {300, 301, 302, 303, 307, 308}) {
      const Place redirects(kAllowed, redirect_port_,
                            "HTTP/1.1 " + std::to_string(status) +
                                " Elsewhere\r\nlocation: http://127.0.0.1:" + port(trap_) + "/\r\n");
      const auto told = ask("http://redirects.test:" + std::to_string(redirect_port_) + "/");
      showing_.holds(told == std::to_string(status),
                     where_ + ": a redirect, " + std::to_string(status) + ", was " + told);
      showing_.count("redirects");
    }
  }

  void by_headers() {
    const std::string url = "http://good.test:" + port(good_) + "/";
    const std::pair<const char*, const char*> headers[] = {{"Host", "169.254.169.254"},
                                                           {"host", "x"},
                                                           {"Content-Length", "5"},
                                                           {"Transfer-Encoding", "chunked"},
                                                           {"Connection", "close"},
                                                           {"Upgrade", "h2c"},
                                                           {"TE", "trailers"},
                                                           {"X\\r\\nHost", "evil"},
                                                           {"X", "a\\r\\nHost: evil"},
                                                           {"X", "a\\u0000b"},
                                                           {"X Y", "z"},
                                                           {"", "x"},
                                                           {"X:", "y"},
                                                           {":authority", "evil"},
                                                           {"Proxy-Connection", "x"}};
    for (const auto& [name, value] : headers) {
      if (*name == '\0') continue;
      const auto told = ask(url, granted_, std::string(R"(, "name": ")") + name + R"(", "value": ")" + value + "\"");
      showing_.holds(told == "plugin_failed", where_ + ": the header " + name + ": " + value + " was " + told);
      showing_.count("headers");
    }
    for (const char* method : {"CONNECT", "TRACE", "GET /x", "GET\\r\\nX: y", ""})
      showing_.holds(ask(url, granted_, std::string(R"(, "method": ")") + method + "\"") == "plugin_failed",
                     where_ + ": the method " + method + " was taken");
  }

  void by_rebinding() {
    std::map<std::string, int> seen;
    for (int round = 0; round < 2; ++round)
      for (int i = 0; i < kRebinds; ++i) ++seen[ask("http://flip-" + std::to_string(i) + ".test:" + port(good_) + "/")];
    showing_.count("rebinds", 2 * kRebinds);
    showing_.count("rebinds that reached what they may", seen["200"]);
    for (const auto& [told, count] : seen)
      showing_.holds(told == "200" || told == "egress_denied",
                     where_ + ": " + std::to_string(count) + " of the names that change were " + told);
    showing_.holds(seen["200"] >= kRebinds / 2 && seen["egress_denied"] >= kRebinds / 2,
                   where_ + ": the names did not change: " + std::to_string(seen["200"]) + " reached what they may");
  }

  void look() {
    const int trapped = trap_.visits() + six_.visits() + beside_good_.visits();
    showing_.count("trapped", trapped);
    showing_.holds(trapped == 0, where_ + ": what is forbidden was connected to " + std::to_string(trapped) + " times");
    showing_.holds(hub_.runs() && hub_.stop() == 0, where_ + ": the hub did not live to be stopped");
  }

 private:
  static std::string port(const Place& place) { return std::to_string(place.port()); }

  HubConfig configuration(const std::string& isolation) {
    HubConfig config;
    for (const std::string& from : {config.plugins_dir, std::string(ERRAND_PLUGINS)})
      for (const auto& plugin : fs::directory_iterator(from))
        fs::create_directory_symlink(plugin.path(), fs::path(plugins_.path()) / plugin.path().filename());
    config.plugins_dir = plugins_.path();
    config.more = R"("upstreams": {"dns": {"servers": [")" + server_.address() + R"("]}},)";
    std::string good =
        "\"http:127.0.0.1:" + port(itself_) + "\", \"http:redirects.test:" + std::to_string(redirect_port_) + "\"";
    for (const char* name : {"good.test", "both.test"}) good += grant(name, good_);
    for (int i = 0; i < kRebinds; ++i) good += grant("flip-" + std::to_string(i) + ".test", good_);
    std::string plain = "\"http:alias.test:" + port(trap_) + "\"";
    for (std::size_t i = 0; i < forbidden_addresses().size(); ++i)
      plain += grant("to-" + std::to_string(i) + ".test", trap_);
    config.add(granted_, errand(isolation, good, R"(, "networks": [")" + std::string(kAllowed) + "\"]"));
    config.add(plain_, errand(isolation, plain, ""));
    return config;
  }

  static std::string grant(const std::string& name, const Place& place) {
    return ", \"http:" + name + ":" + port(place) + "\"";
  }

  static std::string errand(const std::string& isolation, const std::string& egress, const std::string& more) {
    return R"({"plugin": "errand", "isolation": ")" + isolation +
           R"(", "breaker": {"enabled": false}, "config": {}, "grants": {"egress": [)" + egress + "]" + more + "}}";
  }

  void expect_ok(const std::string& url) {
    const auto told = ask(url);
    showing_.holds(told == "200", where_ + ": " + url + ", which is granted, was " + told + "\n" + hub_.raw_log());
  }

  // What came back: the upstream's status, or else the section's reason.
  std::string ask(const std::string& url, const std::string& connector = granted_, const std::string& more = "") {
    std::string text;
    for (const char c : url) {
      const auto byte = static_cast<unsigned char>(c);
      constexpr const char* kDigits = "0123456789abcdef";
      if (byte < 0x20 || byte == '"' || byte == '\\')
        text += std::string("\\u00") + kDigits[byte >> 4] + kDigits[byte & 15];
      else
        text += c;
    }
    const auto answer =
        hub_.post("/v1/context", R"({"session": ")" + session_ + R"(", "deadline_ms": 10000, "sections": [{"name": ")" +
                                     connector + R"(.answer", "params": {"url": ")" + text + "\"" + more + "}}]}");
    if (answer.status == 400) return "plugin_failed"; // no UTF-8: the hub's own front door
    const auto context = Json::parse(answer.body);
    const auto section = "/sections/" + connector + ".answer";
    if (context.has(section + "/data/status")) return std::to_string(context.integer(section + "/data/status"));
    return context.has(section + "/error/reason") ? context.text(section + "/error/reason") : answer.body;
  }

  static constexpr const char* granted_ = "granted";
  static constexpr const char* plain_ = "plain";

  Showing& showing_;
  std::string where_;
  Names names_;
  NameServer server_{[this](const std::string& name, bool six) { return names_.answer(name, six); }};
  Place good_{kAllowed};
  Place beside_good_{kForbidden, good_.port()}; // the same port where it is forbidden
  Place trap_{"0.0.0.0"};
  Place six_{"::", trap_.port()};
  Place itself_{kForbidden};
  const int redirect_port_ = Place(kAllowed).port();
  TempFolder plugins_;
  HubProcess hub_;
  std::string session_;
};

std::string show(Showing& showing) {
  for (const char* isolation : {"in_process", "worker"}) {
    Siege siege(showing, isolation);
    siege.by_urls();
    siege.by_addresses();
    siege.by_redirects();
    siege.by_headers();
    siege.by_rebinding();
    siege.look();
  }
  const auto said = [&](const char* what) { return std::to_string(showing.counted(what)) + " " + what; };
  return said("URLs") + ", " + said("addresses") + ", " + said("redirects") + ", " + said("headers") + ", " +
         said("rebinds") + ", " + said("trapped");
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "H7", plugboard::test::show);
}
