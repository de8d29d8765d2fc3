// D9: every section of every answer says where it comes from, when it was fetched, how old it is and which plugin's
// version made it; ends in the contract's closed words; and says no more of itself than the hub says of it.
#include "tests/reliability/leaks/leaky_hub.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/provenance.hpp"

#include <plugboard/shapes.hpp>

#include <set>

namespace plugboard::test {

namespace {

class Shown {
 public:
  explicit Shown(Showing& showing)
      : showing_(showing), people_(people(10, showing.random)), leaky_(people_), hub_(leaky_.hub()) {}

  std::string run() {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    for (int round = 0; round < (showing_.full ? 50 : 4); ++round)
      for (const auto& person : people_) ask_everything(person);
    claims();
    shapes_list_what_outsiders_wrote();
    for (const auto* status :
         {"ok", "not_found", "timeout", "error", "invalid", "denied", "skipped", "step_up_required"})
      showing_.holds(statuses_.contains(status),
                     std::string("no section ended ") + status + ", so nothing is shown of it");
    showing_.holds(hub_.stop() == 0, "the hub ended badly");
    return std::to_string(showing_.counted("sections")) + " sections in " +
           std::to_string(showing_.counted("contexts")) + " contexts, ended in " + std::to_string(statuses_.size()) +
           " ways, each with its source, time, age and version; " + std::to_string(showing_.counted("pointers")) +
           " pointers to what outsiders wrote";
  }

 private:
  void ask_everything(const Person& person) {
    const bool known = showing_.random() % 4 != 0;
    const auto session = hub_.session({.subject = person.customer_id,
                                       .email = known ? person.email : "nobody." + person.email,
                                       .customer_id = known ? person.customer_id : "9" + person.customer_id});
    look(hub_.context(session, R"(, "sections": ["*", "no.such"], "deadline_ms": )" +
                                   std::to_string(200 + showing_.random() % 2'000)));
    const auto bare = hub_.session({.subject = "b" + person.customer_id, .email = person.email, .customer_id = ""});
    look(hub_.context(bare, R"(, "sections": ["*"], "deadline_ms": 500)"));
  }

  void look(const Json& context) { // the connection it came by has thrown already when a section says too little
    const auto faults = provenance_faults(context);
    showing_.holds(faults.empty(), faults);
    showing_.count("contexts");
    for (const auto& name : context.names("/sections")) {
      showing_.count("sections");
      statuses_.insert(context.text("/sections/" + name + "/status"));
    }
  }

  // What a plugin says of itself stays in its data: the frame around it is the hub's.
  void claims() {
    const auto session =
        hub_.session({.subject = "c", .email = people_[0].email, .customer_id = people_[0].customer_id});
    const auto context = hub_.context(session, R"(, "sections": ["talker.claim", "insider.claim"])");
    for (const std::string name : {"talker", "insider"}) {
      const auto at = "/sections/" + name + ".claim";
      showing_.holds(context.text(at + "/status") == "ok" && context.text(at + "/source/connector") == name &&
                         context.text(at + "/source/plugin") == "chatty" &&
                         context.text(at + "/source/version") == "1.0.0" && context.integer(at + "/age_ms") == 0 &&
                         !context.text(at + "/fetched_at").starts_with("2001"),
                     "a plugin says of itself what the hub repeats: " + context.dump(at));
    }
    showing_.holds(context.text("/assurance") == "aal1", "a plugin raised the session's assurance");
    for (std::size_t i = 0; i < context.size("/customer/identifiers"); ++i)
      showing_.holds(context.text("/customer/identifiers/" + std::to_string(i) + "/source") == "login",
                     "a plugin's word stands among the session's");
    const auto after = hub_.post("/v1/sessions/introspect", R"({"session": ")" + session + "\"}").json();
    showing_.holds(after.text("/assurance") == "aal1", "a plugin raised the assurance that is kept");
  }

  // Each member that the published schema marks is in the list that goes with the section.
  void shapes_list_what_outsiders_wrote() {
    const auto offered = hub_.get("/v1/sections", kDesk).json();
    for (std::size_t i = 0; i < offered.size("/sections"); ++i) {
      const auto at = "/sections/" + std::to_string(i);
      const auto shape = Json::parse(plugboard::shape_json(offered.text(at + "/shape")));
      std::set<std::string> marked;
      collect(shape, "", "", marked);
      std::set<std::string> listed;
      if (offered.has(at + "/untrusted"))
        for (const auto& pointer : offered.texts(at + "/untrusted")) listed.insert(pointer);
      showing_.holds(offered.has(at + "/untrusted") && listed == marked,
                     offered.text(at + "/name") + " does not list what outsiders wrote: " + offered.dump(at));
      showing_.count("pointers", static_cast<std::int64_t>(listed.size()));
    }
  }

  static void collect(const Json& shape, const std::string& schema, const std::string& pointer,
                      std::set<std::string>& into) {
    if (shape.has(schema + "/$ref")) return collect(shape, shape.text(schema + "/$ref").substr(1), pointer, into);
    if (shape.has(schema + "/x-untrusted") && shape.truth(schema + "/x-untrusted")) into.insert(pointer);
    if (shape.has(schema + "/items")) collect(shape, schema + "/items", pointer + "/*", into);
    if (shape.has(schema + "/properties"))
      for (const auto& name : shape.names(schema + "/properties"))
        collect(shape, schema + "/properties/" + name, pointer + "/" + name, into);
  }

  Showing& showing_;
  const std::vector<Person> people_;
  LeakyHub leaky_;
  HubProcess& hub_;
  std::set<std::string> statuses_;
};

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "D9", [](Showing& showing) { return Shown(showing).run(); });
}
