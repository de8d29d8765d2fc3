// D4: 200 canaries go through a hub that does everything it can do, well and badly, at log level trace, and none of
// them is found where it must not stand: logs, metrics, the store's and the audit trail's bytes, error answers, what
// the system says of its processes, temporary and core files.
#include "tests/reliability/leaks/leaky_hub.hpp"
#include "tests/reliability/leaks/remains.hpp"
#include "tests/reliability/promise.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

namespace plugboard::test {

namespace {

constexpr std::size_t kPeople = 25; // with eight values each

class Shown {
 public:
  explicit Shown(Showing& showing)
      : showing_(showing), people_(people(kPeople, showing.random)), leaky_(people_), hub_(leaky_.hub()),
        canaries_(canaries_of(people_)) {}

  std::string run() {
    const rlimit all{RLIM_INFINITY, RLIM_INFINITY}; // so that whoever leaves no core file does so of its own accord
    ::setrlimit(RLIMIT_CORE, &all);
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    for (const auto& person : people_) live(person);
    for (const auto& person : people_) blunder(person);
    operate();
    crash_workers();
    read_processes();
    crash_hub();
    return judge();
  }

 private:
  void credential(const char* what, const std::string& value) {
    canaries_.push_back({Marked::Home::nowhere, what, value});
  }

  // An answer that says what is wrong, or talks of the hub itself: no value may stand in it.
  void keep(const std::string& what, const std::string& body) { texts_.emplace_back(what, body); }

  Answer post(const std::string& path, const std::string& body, const std::string& key = kDesk) {
    auto answer = hub_.post(path, body, key);
    if (answer.status >= 400) keep("the answer " + std::to_string(answer.status) + " of " + path, answer.body);
    return answer;
  }

  std::string login(const Person& person, const std::string& key) {
    const auto proof =
        token_of({.subject = "s-" + person.customer_id, .email = person.email, .customer_id = person.customer_id});
    credential("a proof", proof);
    const auto answer =
        post("/v1/sessions", R"({"connector": "login", "credential": {"token": ")" + proof + "\"}}", key);
    if (answer.status != 201) throw std::runtime_error("nobody logs in: " + answer.body);
    credential("a session's token", answer.json().text("/session"));
    return answer.json().text("/session");
  }

  // What goes well, and what systems do badly.
  void live(const Person& person) {
    const auto session = login(person, kVoucher);
    const auto quoted = "\"" + session + "\"";
    const auto context =
        post("/v1/context", R"({"session": )" + quoted + R"(, "deadline_ms": 5000, "sections": ["shop.ok",
        "crm.*", "ledger.ok", "ledger.malformed", "ledger.wrong", "talker.*", "insider.*"]})",
             kVoucher);
    travelled(person, context);
    for (const auto& way : ways_to_answer())
      post("/v1/context",
           R"({"session": )" + quoted + R"(, "deadline_ms": 3000, "sections": ["shop.)" + way +
               R"(", {"name": "talker.fail", "params": {"note": )" + json_string(person.token) + "}}]}",
           kVoucher);
    post("/v1/context/explain", R"({"session": )" + quoted + "}", kVoucher);
    post("/v1/sessions/introspect", R"({"session": )" + quoted + "}", kVoucher);
    const auto handed = post("/v1/sessions/handoff", R"({"session": )" + quoted + R"(, "to": "desk"})", kVoucher);
    if (handed.status == 200 || handed.status == 201) {
      credential("a hand-off code", handed.json().text("/code"));
      const auto redeemed = post("/v1/sessions/redeem", R"({"code": ")" + handed.json().text("/code") + "\"}");
      if (redeemed.status == 201) credential("a session's token", redeemed.json().text("/session"));
    }
    const auto vouched = "+467" + person.customer_id.substr(0, 9);
    canaries_.push_back({Marked::Home::store, "a telephone number", vouched});
    const auto asserted =
        post("/v1/sessions", R"({"asserted": {"type": "phone", "value": ")" + vouched + "\"}}", kVoucher);
    if (asserted.status == 201) credential("a session's token", asserted.json().text("/session"));
    post("/v1/sessions/revoke", R"({"session": )" + quoted + "}", kVoucher);
    post("/v1/context", R"({"session": )" + quoted + "}", kVoucher);
  }

  // Otherwise nothing would be shown by finding nothing.
  void travelled(const Person& person, const Answer& context) {
    if (!showing_.holds(context.status == 200, "no context: " + context.body)) return;
    std::vector<Finding> found;
    CanaryScanner(canaries_of(std::vector<Person>{person})).scan(context.body, "answer", false, found);
    showing_.holds(found.size() >= 5,
                   "of eight values only " + std::to_string(found.size()) + " came in the answer: " + context.body);
    showing_.count("values seen in answers", static_cast<std::int64_t>(found.size()));
  }

  // What clients do badly: a value wherever one can stand, in a request that is refused.
  void blunder(const Person& person) {
    const auto forged = "pbs_" + (person.token + person.token).substr(3, 43);
    credential("a forged token", forged);
    for (const auto& value : {person.email, person.card, person.token, person.name}) {
      const auto text = json_string(value);
      post("/v1/sessions", R"({"connector": )" + text + R"(, "credential": {"token": )" + text + "}}");
      post("/v1/sessions", R"({"connector": "login", "credential": {"token": )" + text + "}}");
      post("/v1/sessions", R"({"connector": "login", "credential": )" + text + "}");
      post("/v1/sessions", R"({"asserted": {"type": "email", "value": )" + text + "}}");
      post("/v1/context", R"({"session": )" + text + "}");
      post("/v1/context", R"({"session": ")" + forged + R"(", "purpose": )" + text + "}");
      post("/v1/context", R"({"session": ")" + forged + R"(", "sections": [{"name": )" + text + "}]}");
      post("/v1/context", R"({"session": ")" + forged + R"(", "deadline_ms": )" + text + "}");
      post("/v1/context", R"({"session": ")" + forged + R"(", "extra": )" + text + "}");
      post("/v1/context", R"({"session": )" + text + ", " + value); // no JSON
      post("/v1/sessions/redeem", R"({"code": )" + text + "}");
    }
    for (const auto& path : {"/v1/sections?email=" + person.email, "/v1/nowhere/" + person.customer_id,
                             "/v1/context?token=" + person.token}) {
      const auto answer = hub_.get(path, kDesk);
      if (answer.status >= 400) keep("the answer to a URL with a value in it", answer.body);
    }
    keep("the answer to a wrong key", hub_.post("/v1/context", "{}", person.token).body);
  }

  // What operators look at.
  void operate() {
    for (const auto* path : {"/metrics", "/admin/v1/connectors", "/admin/v1/clients", "/admin/v1/plugins",
                             "/admin/v1/sessions", "/admin/v1/audit", "/admin/v1/policy"})
      keep(std::string("the admin API's ") + path, hub_.admin(path).body);
    const auto session = login(people_.front(), kDesk);
    for (const std::vector<std::string>& words : {std::vector<std::string>{"doctor"},
                                                  {"connector", "list"},
                                                  {"session", "show"},
                                                  {"client", "list"},
                                                  {"context", "get", "--section", "shop.failed"},
                                                  {"session", "start", "login", "{}"}}) {
      std::vector<std::string> command{LeakyHub::command_line(), "--server",
                                       "http://127.0.0.1:" + std::to_string(hub_.port()), "--admin",
                                       hub_.admin_socket()};
      command.insert(command.end(), words.begin(), words.end());
      Process process(command, {{"PLUGBOARD_KEY", kDesk}, {"PLUGBOARD_SESSION", session}});
      process.wait();
      keep("what the command line complains of (" + words[0] + ")", process.err());
      showing_.count("commands");
    }
    HubConfig again = hub_.config();
    again.more += R"("drain_ms": 100, )";
    showing_.holds(hub_.reload(again), "the hub does not read its configuration again");
    login(people_.back(), kDesk); // with what was in the environment when it started
    const auto answer = hub_.post("/v1/sessions/introspect", R"({"session": ")" + session + "\"}");
    showing_.holds(answer.status == 200, "after a reload the client is unknown: " + answer.body);
  }

  std::vector<pid_t> workers() { // with their launchers
    auto family = family_of(hub_.process().pid());
    family.erase(family.begin());
    return family;
  }

  void crash_workers() {
    const auto session = login(people_.front(), kDesk);
    const auto victims = workers();
    showing_.holds(victims.size() >= 6, "there are but " + std::to_string(victims.size()) + " processes of workers");
    std::size_t crashed = 0;
    for (auto victim = victims.rbegin(); victim != victims.rend(); ++victim) // children before their parents
      if (::kill(*victim, SIGSEGV) == 0) ++crashed;
    showing_.count("processes crashed", static_cast<std::int64_t>(crashed));
    post("/v1/context",
         R"({"session": ")" + session + R"(", "sections": ["ledger.ok", "talker.tell"], "deadline_ms": 500})");
    showing_.holds(eventually([&] {
                     return post("/v1/context", R"({"session": ")" + session + R"(", "sections": ["ledger.ok"]})")
                                .json()
                                .text("/sections/ledger.ok/status") == "ok";
                   }),
                   "the worker does not come back");
  }

  void read_processes() {
    showing_.holds(::geteuid() != 0 || family_of(hub_.process().pid()).size() >= 7,
                   "the family is smaller than it was");
    for (const auto process : family_of(hub_.process().pid()))
      for (const auto& [path, text] : words_of(process)) {
        keep(path, text);
        showing_.count("processes' words");
      }
    for (const auto* key : {kDesk, kBot, kLobby, kVoucher, kChatKey}) credential("a key from the environment", key);
    const auto text = read_whole("/proc/" + std::to_string(hub_.process().pid()) + "/environ");
    showing_.holds(::geteuid() != 0 || text.find("DESK_KEY=") != text.npos, "the environment could not be read");
  }

  void crash_hub() {
    metrics_ = hub_.admin("/metrics").body;
    hub_.process().send(SIGSEGV);
    const auto ended = hub_.process().wait();
    showing_.holds(ended == -SIGSEGV, "the hub did not end by the signal");
    for (const auto& folder : {std::filesystem::current_path().string(), hub_.folder().path(), leaky_.temporary()})
      for (const auto& core : core_files(folder)) showing_.fail("there is a core file, " + core);
  }

  std::string judge() {
    const CanaryScanner scanner(canaries_);
    std::vector<Finding> found;
    std::size_t bytes = 0;
    const auto look = [&](const std::string& where, const std::string& text, bool in_store = false) {
      bytes += text.size();
      showing_.count("texts");
      scanner.scan(text, where, in_store, found);
    };
    look("the log", hub_.raw_log());
    look("the metrics", metrics_);
    for (const auto& [what, text] : texts_) look(what, text);
    for (const auto& folder : {hub_.data_dir(), leaky_.temporary()})
      for (const auto& [path, text] : files_in(folder))
        look(path, text, path.find("/plugboard.db") != std::string::npos);
    for (const auto& finding : found) showing_.fail(finding.where + " holds " + finding.canary + ", " + finding.how);
    showing_.holds(files_in(hub_.data_dir()).size() >= 2, "there is no store, or no audit trail, to look into");
    showing_.holds(hub_.raw_log().find("plugin.said") != std::string::npos, "the chatty one was not heard");
    would_be_found();
    return std::to_string(canaries_of(people_).size()) + " canaries and " +
           std::to_string(canaries_.size() - canaries_of(people_).size()) + " credentials through " +
           std::to_string(hub_.exchanges().size()) + " requests, " + std::to_string(leaky_.asked()) +
           " questions to systems; " + std::to_string(showing_.counted("texts")) + " logs, answers and files, " +
           std::to_string(bytes / 1024) + " kB, looked through in " + std::to_string(scanner.patterns()) +
           " spellings: " + std::to_string(found.size()) + " found";
  }

  // The look itself: each canary, put into the log that was written, is seen there.
  void would_be_found() {
    const CanaryScanner scanner(canaries_);
    for (const auto& canary : canaries_of(people_)) {
      std::vector<Finding> found;
      scanner.scan("{\"event\":\"x\",\"message\":" + json_string("for " + canary.value) + "}\n", "", false, found);
      showing_.holds(found.size() == 1, canary.name + " would not be found in a log");
    }
  }

  Showing& showing_;
  const std::vector<Person> people_;
  LeakyHub leaky_;
  HubProcess& hub_;
  std::vector<Marked> canaries_;
  std::vector<std::pair<std::string, std::string>> texts_;
  std::string metrics_;
};

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "D4", [](Showing& showing) { return Shown(showing).run(); });
}
