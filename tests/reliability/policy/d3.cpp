// D3: what leaves is what the policy file lets leave, to the field. For each of several policy files the whole matrix
// of tenant × client × purpose × assurance (also vouched for only) × age × field is worked out from the file's words
// and held against the live answers of the daemon. What nobody may see and what does not exist are answered alike.
#include "tests/reliability/policy/expected.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/jwt.hpp"
#include "tests/support/upstream.hpp"

#include <set>
#include <stdexcept>

namespace plugboard::test {
namespace {

constexpr int kAsserted = 1; // as Expected counts

constexpr std::string_view kContact = R"({"customer_id": "1001", "name": "Leonie Kohler", "birth_date": "1987-03-02",
  "phones": [{"number": "+46701234567", "type": "mobile"}, {"number": "+4686661234"}],
  "emails": [{"address": "leonie@shop.example", "primary": true}], "vip": true, "tags": ["loyal friend", "vocal friend"],
  "address": {"lines": ["Storgatan 1"], "city": "Lund", "country": "SE"},
  "notes": "likes to talk", "unknown_to_the_shape": "SECRET", "address_of_nobody": {"city": "SECRET"}})";
constexpr std::string_view kPayments = R"({"customer_id": "1001", "payments": [
  {"id": "p-1", "status": "paid", "amount": {"amount_minor": 1000, "currency": "SEK"}, "description": "A long book",
   "method": {"type": "card", "last4": "4242", "holder": "Leonie Kohler", "cvv": "SECRET", "number": "SECRET"}},
  {"id": "p-2", "reference": "OCR 778899-1", "unknown": {"x": "SECRET"}}]})";
constexpr std::string_view kRecord =
    R"({"score": 7, "remark": "plain text here", "deep": {"a": ["x", {"b": 1}], "c": null}})";

const std::map<std::string, std::vector<std::string>> kKnown{
    {"crm.contact",
     {"/customer_id", "/name", "/birth_date", "/phones/*/number", "/phones/*/type", "/emails/*/address",
      "/emails/*/primary", "/vip", "/tags/*", "/address/lines/*", "/address/city", "/address/country", "/notes"}},
    {"shop.payments",
     {"/customer_id", "/payments/*/id", "/payments/*/status", "/payments/*/amount/amount_minor",
      "/payments/*/amount/currency", "/payments/*/description", "/payments/*/method/type", "/payments/*/method/last4",
      "/payments/*/method/holder", "/payments/*/reference"}},
    {"misc.record", {}}};
const std::map<std::string, int> kFloors{{"crm.contact", 2}, {"shop.payments", 3}, {"misc.record", 1}};
const std::map<std::string, std::string_view> kData{
    {"crm.contact", kContact}, {"shop.payments", kPayments}, {"misc.record", kRecord}};

const std::vector<std::string> kPolicies{R"({"rules": []})",
                                         R"({"rules": [{"sections": ["*"]}]})",
                                         R"({"rules": [{"sections": ["*"], "unknown_fields": "pass"}]})",
                                         R"({"rules": [
      {"channels": ["chat"], "sections": ["crm.*"], "fields": ["/name", "/phones", "/address/city"], "masks": {"/phones/*/number": "last4"}},
      {"channels": ["voice"], "sections": ["crm.contact"], "max_age_s": 600,
       "masks": {"/birth_date": "year_only", "/notes": "remove", "/tags/*": "last4"}, "need": {"/emails": {"assurance": "aal2", "max_age_s": 60}}},
      {"purposes": ["sales"], "sections": ["shop.*", "misc.*"], "assurance": "aal3", "unknown_fields": "pass"},
      {"clients": ["desk"], "sections": ["shop.payments"], "fields": ["/payments/*/id", "/payments/*/method/last4"]},
      {"clients": ["ivr"], "sections": ["misc.record"], "fields": ["/deep/a", "/remark"], "masks": {"/remark": "last4"}}]})",
                                         R"({"rules": [
      {"sections": ["crm.*"], "fields": ["/customer_id"]},
      {"sections": ["crm.*"], "assurance": "aal2", "fields": ["/name", "/address"], "masks": {"/name": "last4"}},
      {"sections": ["crm.*"], "assurance": "aal3", "max_age_s": 60},
      {"purposes": ["sales"], "sections": ["*"], "fields": ["/name", "/payments/*/amount", "/score"], "need": {"/name": {"assurance": "aal3"}, "/payments/*/amount/amount_minor": {"assurance": "aal3"}}}]})",
                                         R"({"rules": [
      {"tenants": ["default"], "sections": ["crm.contact", "shop.payments"], "masks": {"/name": "hash", "/tags/*": "hash", "/payments/*/method/holder": "hash"}},
      {"tenants": ["elsewhere"], "sections": ["*"], "fields": ["/name", "/notes", "/payments", "/remark"], "masks": {"/name": "hash", "/notes": "hash", "/payments/*/method/holder": "hash", "/remark": "hash"}},
      {"tenants": ["default"], "clients": ["desk"], "purposes": ["sales"], "sections": ["crm.contact"], "fields": ["/name"], "masks": {"/name": "last4"}},
      {"sections": ["misc.record"], "fields": ["/score"], "need": {"/score": {"assurance": "asserted", "max_age_s": 600}}}]})"};

// A policy out of the same words, by chance.
std::string some_policy(std::mt19937_64& random) {
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  const auto pick = [&](const std::vector<std::string>& list) { return list[random() % list.size()]; };
  std::string rules;
  for (auto i = 1 + random() % 4; i > 0; --i) {
    const auto section = pick({"crm.contact", "shop.payments", "misc.record"});
    std::vector<std::string> fields = kKnown.at(section);
    if (section == "misc.record") fields = {"/score", "/remark", "/deep/a", "/deep/c", "/deep"};
    std::string rule = R"({"sections": [")" + section + "\"]";
    if (one_in(4)) rule += R"(, "tenants": [")" + pick({"default", "elsewhere"}) + "\"]";
    if (one_in(3)) rule += R"(, "clients": [")" + pick({"desk", "ivr"}) + "\"]";
    if (one_in(3)) rule += R"(, "channels": [")" + pick({"chat", "voice"}) + "\"]";
    if (one_in(3)) rule += R"(, "purposes": [")" + pick({"support", "sales"}) + "\"]";
    if (one_in(3)) rule += R"(, "assurance": ")" + pick({"aal1", "aal2", "aal3"}) + "\"";
    if (one_in(3)) rule += R"(, "max_age_s": )" + pick({"60", "600"});
    if (one_in(3)) rule += R"(, "unknown_fields": "pass")";
    if (one_in(2)) {
      std::set<std::string> named;
      for (auto n = 1 + random() % 4; n > 0; --n) named.insert(pick(fields));
      std::string list;
      for (const auto& field : named) list += (list.empty() ? "\"" : ", \"") + field + "\"";
      rule += R"(, "fields": [)" + list + "]";
    } else {
      if (one_in(2))
        rule += R"(, "need": {")" + pick(fields) + R"(": {"assurance": ")" + pick({"aal2", "aal3"}) + "\"}}";
      if (section == "crm.contact" && one_in(2))
        rule += R"(, "masks": {")" + pick({"/name", "/tags/*", "/phones/*/number", "/notes"}) + R"(": ")" +
                pick({"last4", "hash", "remove"}) + "\"}";
    }
    rules += (rules.empty() ? "" : ",\n") + rule + "}";
  }
  return R"({"rules": [)" + rules + "]}";
}

constexpr const char* kFarDesk = "far-desk-key-0123456789abcdef"; // of the same name, in another tenant
constexpr const char* kIvr = "ivr-key-0123456789abcdef";

class Matrix {
 public:
  explicit Matrix(Showing& showing) : showing_(showing), hub_(configuration(kPolicies[0])) {
    for (const auto& [section, data] : kData) {
      given_[section] = leaves_of(Json::parse(data));
      upstream_.on("/" + section.substr(section.find('.') + 1), UpstreamReply{.body = std::string(data)});
    }
    if (!hub_.start()) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
  }

  void hold(const std::string& policy);

 private:
  HubConfig configuration(const std::string& policy) const;
  std::string session(const Person& person, const std::string& key);
  void hold(const Expected& expected, const Person& person, const std::string& key, const std::string& policy);
  void hold_section(const Expected& expected, const Person& person, const std::string& section, const Json& answer,
                    const std::string& where);
  bool is_pseudonym(const Person& person, const std::string& is, const std::string& value);
  void alike(const Person& person, const std::string& session, const std::string& key, const std::string& section);

  Showing& showing_;
  Upstream upstream_;
  HubProcess hub_;
  std::map<std::pair<std::string, std::string>, std::string> pseudonyms_; // by tenant and value
  std::map<std::string, std::map<std::string, std::string>> given_;       // by section: the leaves of its data
};

HubConfig Matrix::configuration(const std::string& policy) const {
  HubConfig config;
  config.more = R"("policy": )" + policy + ",";
  config.clients = R"([
    {"id": "desk", "channel": "chat", "key": {"env": "DESK_KEY"}, "sections": ["*"], "purpose": "support", "scopes": ["session:create", "session:assert", "context:read"]},
    {"id": "ivr", "channel": "voice", "key": {"env": "IVR_KEY"}, "sections": ["*"], "purpose": "support", "scopes": ["session:create", "session:assert", "context:read"]},
    {"id": "bot", "channel": "chat", "key": {"env": "BOT_KEY"}, "sections": ["crm.*"], "scopes": ["session:create", "session:assert", "context:read"]},
    {"id": "desk", "tenant": "elsewhere", "channel": "chat", "key": {"env": "FAR_DESK_KEY"}, "sections": ["*"], "purpose": "support", "scopes": ["session:create", "session:assert", "context:read"]}])";
  config.environment["FAR_DESK_KEY"] = kFarDesk;
  config.environment["IVR_KEY"] = kIvr;
  config.login = R"({"plugin": "jwt", "isolation": "in_process", "config": {
    "issuers": [{"issuer": "chat.shop.example", "audience": "support", "hs256": {"env": "CHAT_KEY"}}],
    "identifiers": {"customer_id": {"claim": "customer", "verified": true}},
    "assurance": {"acr": {"one": "aal1", "two": "aal2", "three": "aal3"}}}})";
  const auto section = [](const std::string& name, const std::string& shape) {
    return "{\"" + name + R"(": {"shape": ")" + shape + R"(", "needs": [["customer_id"]], "url": "/)" + name +
           R"(?c={customer_id}", "mapping": "identity"}})";
  };
  config.add("crm", rest_connector(upstream_.port(), section("contact", "contact/v1")));
  config.add("shop", rest_connector(upstream_.port(), section("payments", "payments/v1"), R"("assurance": "aal2", )"));
  config.add("misc", rest_connector(upstream_.port(), section("record", "record/v1"), R"("assurance": "asserted", )"));
  return config;
}

// Proved as long ago as the person's age says, or only vouched for.
std::string Matrix::session(const Person& person, const std::string& key) {
  const auto token_in = [](const Answer& answer) {
    if (answer.status != 201) throw std::runtime_error("no session: " + answer.body);
    return Json::parse(answer.body).text("/session");
  };
  if (person.assurance == kAsserted)
    return token_in(hub_.post("/v1/sessions", R"({"asserted": {"type": "customer_id", "value": "1001"}})", key));
  const auto now = unix_now();
  const char* acr[] = {"", "", "one", "two", "three"};
  const auto claims = R"({"iss": "chat.shop.example", "aud": "support", "sub": "u-1", "customer": "1001", "iat": )" +
                      std::to_string(now) + R"(, "auth_time": )" + std::to_string(now - person.age) + R"(, "exp": )" +
                      std::to_string(now + 3600) + R"(, "acr": ")" + acr[person.assurance] + "\"}";
  const auto token = hs256(R"({"alg":"HS256","typ":"JWT"})", claims, kChatKey);
  return token_in(hub_.post("/v1/sessions", R"({"connector":"login","credential":{"token":")" + token + "\"}}", key));
}

void Matrix::hold(const std::string& policy) {
  if (!hub_.reload(configuration(policy))) throw std::runtime_error("refused: " + policy + hub_.raw_log());
  const Expected expected(Json::parse(policy), kFloors, kKnown);
  const std::vector<std::tuple<std::string, std::string, std::string, std::string>> clients{
      {"default", "desk", "chat", kDesk},
      {"default", "ivr", "voice", kIvr},
      {"default", "bot", "chat", kBot},
      {"elsewhere", "desk", "chat", kFarDesk}};
  for (const auto& [tenant, client, channel, key] : clients)
    for (const auto* purpose : {"support", "sales"}) {
      hold(expected, {tenant, client, channel, purpose, kAsserted, 0}, key, policy);
      for (int assurance : {2, 3, 4})
        for (int age : {0, 300, 3000}) // of 60 and 600: all enough, one, none
          hold(expected, {tenant, client, channel, purpose, assurance, age}, key, policy);
    }
  showing_.count("policies");
}

void Matrix::hold(const Expected& expected, const Person& person, const std::string& key, const std::string& policy) {
  const auto token = session(person, key);
  const auto where = policy + "\n" + person.tenant + " " + person.client + " " + person.purpose + " " +
                     std::to_string(person.assurance) + " " + std::to_string(person.age) + ": ";
  const auto answer = hub_.context(
      token,
      R"(, "deadline_ms": 20000, "sections": ["crm.contact", "shop.payments", "misc.record"], "purpose": ")" +
          person.purpose + "\"",
      key);
  showing_.holds(answer.dump().find("SECRET") == std::string::npos || policy.find("pass") != std::string::npos,
                 where + "what no shape knows has left");
  for (const auto& [section, data] : kData) {
    const bool may_name = person.client != "bot" || section.starts_with("crm.");
    if (may_name)
      hold_section(expected, person, section, answer, where + section);
    else
      showing_.holds(answer.dump("/sections/" + section) == R"({"status":"denied"})",
                     where + section + " beyond the client's own");
    if (answer.text("/sections/" + section + "/status") == "denied") alike(person, token, key, section);
  }
  showing_.count("contexts");
}

void Matrix::hold_section(const Expected& expected, const Person& person, const std::string& section,
                          const Json& answer, const std::string& where) {
  const auto at = "/sections/" + section;
  const auto& given = given_.at(section);
  const auto status = answer.text(at + "/status");
  const auto got =
      status == "ok" ? leaves_of(Json::parse(answer.dump(at + "/data"))) : std::map<std::string, std::string>();
  for (const auto& [leaf, value] : given) {
    if (value == "\"SECRET\"" && !(section == "misc.record")) {
      showing_.holds(!got.contains(leaf), where + leaf + " is not the shape's, and has left");
      continue;
    }
    const auto fate = expected.of(person, section, leaf);
    const auto found = got.find(leaf);
    const auto is = found == got.end() ? std::string() : found->second;
    if (fate == Fate::visible)
      showing_.holds(is == value, where + leaf + " may be seen, and is \"" + is + "\"");
    else if (fate == Fate::last4)
      showing_.holds(is == "\"****" + value.substr(value.size() - 5), where + leaf + " is to be masked, and is " + is);
    else if (fate == Fate::hash)
      showing_.holds(is_pseudonym(person, is, value), where + leaf + " is to be a pseudonym, and is " + is);
    else if (fate == Fate::year_only)
      showing_.holds(is == value.substr(0, 5) + "\"", where + leaf + " is to be a year, and is " + is);
    else
      showing_.holds(is.empty(), where + leaf + " has left: " + is);
    if (fate == Fate::withheld) {
      bool said = status == "step_up_required";
      if (status == "ok" && answer.has(at + "/withheld"))
        for (std::size_t i = 0; i < answer.size(at + "/withheld"); ++i)
          said = said || answer.text(at + "/withheld/" + std::to_string(i) + "/status") == "step_up_required";
      showing_.holds(said, where + leaf + " could be had, and nobody says so: " + answer.dump(at));
    }
    showing_.count("fields");
  }
  for (const auto& [leaf, value] : got)
    showing_.holds(given.contains(leaf) || value == "{}" || value == "[]", where + leaf + " came from nowhere");
}

// Says nothing of the value; the same for one value in all that a tenant sees, and no other's.
bool Matrix::is_pseudonym(const Person& person, const std::string& is, const std::string& value) {
  constexpr std::size_t kSize = 27; // "k1: and 16 bytes in base64url"
  if (is.size() != kSize || !is.starts_with("\"k1:")) return false;
  showing_.count("pseudonyms");
  const auto& known = pseudonyms_.try_emplace({person.tenant, value}, is).first->second;
  const auto others =
      std::count_if(pseudonyms_.begin(), pseudonyms_.end(), [&](const auto& one) { return one.second == is; });
  return known == is && others == 1;
}

// What may not be seen is answered, byte for byte but for its name, as what does not exist; also among what is on
// offer.
void Matrix::alike(const Person& person, const std::string& token, const std::string& key, const std::string& section) {
  std::string nothing = section;
  std::fill(nothing.begin() + static_cast<std::ptrdiff_t>(nothing.find('.')) + 1, nothing.end(), 'q');
  const auto ask = [&](const std::string& name) {
    auto answer = hub_.context(token,
                               R"(, "sections": [")" + name + R"("], "required": [")" + name + R"("], "purpose": ")" +
                                   person.purpose + "\"",
                               key);
    auto text = answer.dump("/sections") + answer.dump("/required_missing");
    for (std::size_t at = 0; name != nothing && (at = text.find(name, at)) != std::string::npos;)
      text.replace(at, name.size(), nothing);
    return text;
  };
  showing_.holds(ask(section) == ask(nothing), section + " is there for one who may not see it");
  const auto offer = hub_.get("/v1/sections", key).body;
  if (person.client == "bot" && !section.starts_with("crm."))
    showing_.holds(offer.find(section) == std::string::npos, section + " is on offer to one who may not see it");
  showing_.count("denied alike");
  if (showing_.counted("denied alike") % 4 != 0) return; // of sessions that are none a client may name only so many
  const auto foreign = hub_.post("/v1/context", R"({"session": ")" + token + "\"}", key == kDesk ? kBot : kDesk);
  const auto unknown = hub_.post("/v1/context", R"({"session": "pbs_unknown"})", kDesk);
  showing_.holds(foreign.status == 404 && foreign.body == unknown.body,
                 "another client's session is known: " + foreign.body);
}

std::string show(Showing& showing) {
  Matrix matrix(showing);
  for (const auto& policy : kPolicies) matrix.hold(policy);
  for (int i = 0; i < (showing.full ? 60 : 6); ++i) matrix.hold(some_policy(showing.random));
  return std::to_string(showing.counted("policies")) + " policies, " + std::to_string(showing.counted("contexts")) +
         " contexts, " + std::to_string(showing.counted("fields")) + " fields as the file says (" +
         std::to_string(showing.counted("pseudonyms")) + " pseudonyms), " +
         std::to_string(showing.counted("denied alike")) + " denied as what does not exist";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "D3", plugboard::test::show);
}
