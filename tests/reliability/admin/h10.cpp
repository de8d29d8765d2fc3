// H10: who may do what at the admin's side. From the OpenAPI document that the hub itself publishes comes a table of
// every call times every kind of speaker (nobody, an agent tool, viewer, operator, admin, an admin of another tenant,
// an admin whose key was taken away, root at the socket), and each cell is tried. Then every method that a path does
// not have, parameters and members that no call knows, and where the hub listens when its configuration says little.
#include "tests/reliability/admin/listening.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace plugboard::test {
namespace {

constexpr const char* kRevoked = "revoked-key-0123456789abcdef0123456789";

struct Operation { // as the document says it
  std::string method, path, role, reach;
  std::vector<std::string> query;
  bool takes_body = false;
  std::set<int> statuses;
};

struct Speaker {
  std::string name, key; // key "": none
  int rank = 0;          // viewer 1, operator 2, admin 3; 0: nobody
  bool whole_hub = true;
  bool by_socket = false;
};

int rank_of(const std::string& role) {
  if (role == "viewer") return 1;
  if (role == "operator") return 2;
  if (role == "admin") return 3;
  throw std::runtime_error("the document names a role that is none: " + role);
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string escaped(std::string path) {
  for (auto at = path.find('/'); at != std::string::npos; at = path.find('/', at + 2)) path.replace(at, 1, "~1");
  return path;
}

std::vector<std::string> query_of(const Json& document, const std::string& at) {
  std::vector<std::string> names;
  if (!document.has(at + "/parameters")) return names;
  for (std::size_t i = 0; i < document.size(at + "/parameters"); ++i) {
    auto one = at + "/parameters/" + std::to_string(i);
    if (document.has(one + "/$ref")) one = document.text(one + "/$ref").substr(1);
    if (document.text(one + "/in") == "query") names.push_back(document.text(one + "/name"));
  }
  return names;
}

std::vector<Operation> operations_in(const Json& document) {
  std::vector<Operation> operations;
  for (const auto& path : document.names("/paths"))
    for (const auto& method : document.names("/paths/" + escaped(path))) {
      const auto at = "/paths/" + escaped(path) + "/" + method;
      Operation one{upper(method),
                    path,
                    document.text(at + "/x-plugboard-role"),
                    document.text(at + "/x-plugboard-reach"),
                    query_of(document, at),
                    document.has(at + "/requestBody"),
                    {}};
      for (const auto& status : document.names(at + "/responses")) one.statuses.insert(std::stoi(status));
      operations.push_back(std::move(one));
    }
  return operations;
}

std::string path_of(const Operation& operation) { // of things that are nowhere: nothing is changed by trying
  std::string path = operation.path;
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
    path.replace(open, path.find('}') - open + 1, "no-such-thing");
  return path;
}

class Examination {
 public:
  explicit Examination(Showing& showing) : showing_(showing), hub_(configuration(true)) {
    if (!hub_.start()) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
    document_ = hub_.admin("/admin/v1/openapi.json").json();
    operations_ = operations_in(document_);
    showing_.holds(hub_.admin_tcp(get("/admin/v1/clients", kRevoked)).status == 200,
                   "a key is not good while it is there");
    showing_.holds(hub_.reload(configuration(false)), "a key could not be taken away");
  }

  void every_cell();
  void every_other_method();
  void every_unknown_word();
  void other_tenants_things();
  void where_it_listens();
  void nothing_was_changed();

 private:
  static HubConfig configuration(bool with_revoked) {
    HubConfig config;
    config.environment["REVOKED_KEY"] = kRevoked;
    return config.with_admins(with_revoked ? R"(, {"id": "gone", "key": {"env": "REVOKED_KEY"}, "role": "admin"})"
                                           : "");
  }

  static Ask get(const std::string& path, const std::string& key) {
    return {.method = "GET", .path = path, .key = key, .body = {}};
  }

  static std::vector<Speaker> speakers() {
    return {{"anonymous", ""},
            {"agent", kDesk},
            {"stranger", "nobody's-key-0123456789abcdef0123456789"},
            {"revoked", kRevoked},
            {"viewer", kViewer, 1},
            {"operator", kOperator, 2},
            {"admin", kAdmin, 3},
            {"other tenant", kElsewhere, 3, false},
            {"root at the socket", "", 3, true, true}};
  }

  Answer ask(const Speaker& speaker, const Ask& ask) {
    return speaker.by_socket ? hub_.admin(ask) : hub_.admin_tcp(ask);
  }

  void cell(const Operation& operation, const Speaker& speaker);

  Showing& showing_;
  HubProcess hub_;
  Json document_;
  std::vector<Operation> operations_;
};

// What the table says of this cell, and what the hub says.
void Examination::cell(const Operation& operation, const Speaker& speaker) {
  const auto name = speaker.name + ": " + operation.method + " " + operation.path;
  const auto answer =
      ask(speaker, {.method = operation.method, .path = path_of(operation), .key = speaker.key, .body = {}});
  showing_.count("cells");
  const auto holds = [&](bool good, const std::string& wanted) {
    showing_.holds(good, name + " was answered " + std::to_string(answer.status) + ", not " + wanted);
  };
  if (speaker.rank == 0) return holds(answer.status == 401 || answer.status == 429, "401"); // 429: it goes on guessing
  if (speaker.rank < rank_of(operation.role) || (operation.reach == "hub" && !speaker.whole_hub))
    return holds(answer.status == 403 && answer.problem() == "scope-missing", "403");
  holds(answer.status != 401 && answer.status != 403 && answer.status != 405 && answer.status < 500 &&
            operation.statuses.contains(answer.status),
        "what the document says of who may");
}

void Examination::every_cell() {
  showing_.holds(operations_.size() >= 7, "the document describes next to nothing");
  for (const auto& operation : operations_)
    for (const auto& speaker : speakers()) cell(operation, speaker);
}

void Examination::every_other_method() {
  std::set<std::string> paths;
  for (const auto& operation : operations_) paths.insert(operation.path);
  for (const auto& path : paths) {
    std::set<std::string> known;
    Operation any;
    for (const auto& operation : operations_)
      if (operation.path == path) known.insert((any = operation).method);
    for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"}) {
      if (known.contains(method)) continue;
      const auto answer = hub_.admin_tcp(
          {.method = method, .path = path_of(any), .key = kAdmin, .body = {}, .headers = {{"x-canary", "sings-back"}}});
      showing_.count("methods");
      showing_.holds(answer.status == 405, method + " " + path + " was answered " + std::to_string(answer.status));
      showing_.holds(answer.body.find("sings-back") == std::string::npos, method + " " + path + " echoes");
      for (const auto& one : known)
        showing_.holds(answer.header("allow").find(one) != std::string::npos,
                       path + " does not say that it takes " + one);
    }
  }
  for (const std::string path :
       {"/", "/admin", "/admin/v1", "/admin/v1/", "/admin/v1/clients/", "/admin/v1/clients/a/b/c", "/admin/v1//clients",
        "/admin/v1/../v1/clients", "/metrics/", "/v1/sections", "/openapi.json", "/admin/v1/%63lients", "/console/"}) {
    showing_.count("paths that are none");
    const auto answer = hub_.admin_tcp(get(path, kAdmin));
    showing_.holds(answer.status == 404 || answer.status == 400,
                   path + " was answered " + std::to_string(answer.status));
  }
}

void Examination::every_unknown_word() {
  for (const auto& operation : operations_) {
    const auto name = operation.method + " " + operation.path;
    const auto refused = [&](const std::string& query, const std::string& body) {
      showing_.count("unknown words");
      const auto answer =
          hub_.admin_tcp({.method = operation.method, .path = path_of(operation) + query, .key = kAdmin, .body = body});
      showing_.holds(answer.status == 400,
                     name + query + " " + body + " was answered " + std::to_string(answer.status));
    };
    refused("?surprise=1", "");
    for (const auto& known : operation.query) {
      refused("?" + known + "=a&" + known + "=a", "");
      refused("?" + upper(known) + "=a", "");
      refused("?" + known + "=%zz", "");
    }
    if (operation.takes_body)
      for (const std::string body : {R"({"surprise": 1})", "{", R"([1])", R"({"id": "a", "id": "b"})"})
        refused("", body);
    else if (operation.method == "GET")
      refused("", "{}");
  }
}

// What it cannot see, it cannot tell from what is not there.
void Examination::other_tenants_things() {
  const auto list = hub_.admin_tcp(get("/admin/v1/clients", kElsewhere)).body;
  showing_.holds(list.find("\"desk\"") == std::string::npos, "an admin of one tenant sees another's clients");
  for (const std::string verb : {"", "/rotate"}) {
    const auto method = verb.empty() ? "DELETE" : "POST";
    const auto ask = [&](const std::string& client, const std::string& query) {
      return hub_.admin_tcp(
          {.method = method, .path = "/admin/v1/clients/" + client + verb + query, .key = kElsewhere, .body = {}});
    };
    const auto theirs = ask("desk", ""), nobodys = ask("nobody", ""), named = ask("desk", "?tenant=default");
    showing_.holds(theirs.status == 404 && nobodys.status == 404 && named.status == 404,
                   "an admin of one tenant is told of another's clients");
  }
  const auto added = hub_.admin_tcp({.method = "POST",
                                     .path = "/admin/v1/clients",
                                     .key = kElsewhere,
                                     .body = R"({"id": "spy", "tenant": "default", "sections": ["*"], "scopes": []})"});
  showing_.holds(added.status == 403, "an admin of one tenant adds a client to another");
}

void Examination::where_it_listens() {
  const auto is_near = [](const std::string& address) {
    return address.starts_with("127.") || address.starts_with("[::1]");
  };
  const auto listening = listening_at(hub_.process().pid());
  showing_.holds(listening.size() >= 3, "the hub listens nowhere that can be seen");
  for (const auto& address : listening) showing_.holds(is_near(address), "the hub listens at " + address);
  HubProcess plain{HubConfig()};
  showing_.holds(plain.start() && plain.admin_port() == 0, "admins can come over TCP though nobody said so");
  for (const auto& address : listening_at(plain.process().pid()))
    showing_.holds(is_near(address), "a hub that says little listens at " + address);
  plain.stop();
  for (const std::string address : {"0.0.0.0:0", "[::]:0"}) {
    auto config = configuration(false);
    config.admin.replace(config.admin.find("127.0.0.1:0"), 11, address);
    HubProcess far(config);
    showing_.count("listeners refused", far.start() ? 0 : 1);
  }
  showing_.holds(showing_.counted("listeners refused") == 2, "admins may come from afar in the clear");
}

void Examination::nothing_was_changed() {
  showing_.holds(hub_.admin("/admin/v1/clients").json().size("/clients") == 3, "trying has changed the clients");
  showing_.holds(hub_.get("/v1/sections", kDesk).status == 200, "trying has taken a client's key away");
  showing_.holds(hub_.stop() == 0, "the hub did not end well");
  showing_.holds(hub_.log_faults().empty(), hub_.log_faults());
}

std::string show(Showing& showing) {
  Examination examination(showing);
  examination.every_cell();
  examination.every_other_method();
  examination.every_unknown_word();
  examination.other_tenants_things();
  examination.where_it_listens();
  examination.nothing_was_changed();
  return std::to_string(showing.counted("cells")) + " cells of the table, " +
         std::to_string(showing.counted("methods")) + " methods and " +
         std::to_string(showing.counted("unknown words")) + " words that are none";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "H10", plugboard::test::show);
}
