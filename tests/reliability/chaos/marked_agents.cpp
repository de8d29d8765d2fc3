#include "tests/reliability/chaos/marked_agents.hpp"

#include "tests/support/hub_process.hpp"

#include <array>
#include <charconv>

namespace plugboard::test {

namespace {

constexpr std::size_t kCustomers = 200; // at once; the oldest goes when there are more
constexpr Markers::Owner kCalls = Markers::Owner{1} << 40;
constexpr std::uint64_t kSystems = 8; // room for the owners of one call

Markers::Owner owner_of(std::uint64_t call, std::uint64_t system) {
  return kCalls + call * kSystems + system;
}

} // namespace

MarkedAgents::MarkedAgents(Markers& markers, Wish wish, Showing& showing)
    : markers_(markers), wish_(std::move(wish)), showing_(showing), random_(wish_.seed) {}

Markers::Owner MarkedAgents::owner(int system, std::string_view call) const {
  std::uint64_t number = 0;
  const auto dot = call.find('.');
  if (dot == call.npos) return 0;
  std::from_chars(call.data() + dot + 1, call.data() + call.size(), number);
  return number == 0 || number > asked_for_ ? 0 : owner_of(number, static_cast<std::uint64_t>(system));
}

bench::Ask MarkedAgents::next() {
  std::uniform_real_distribution<double> part(0, 1);
  if (customers_.size() < 4 || part(random_) < 0.02) return start_session();
  return context(customers_[random_() % customers_.size()]);
}

bench::Ask MarkedAgents::start_session() {
  auto customer = std::make_shared<Customer>();
  customer->owner = ++last_customer_;
  customer->id = markers_.mint(customer->owner);
  test::Customer claims;
  claims.customer_id = customer->id;
  claims.subject = "u-" + customer->id;
  claims.email = customer->id + "@shop.example";
  const auto body = R"({"connector": "login", "credential": {"token": ")" + token_of(claims) + "\"}}";
  under_way_[++last_tag_] = {std::move(customer), 0};
  return {bench::post("/v1/sessions", kDesk, body), last_tag_, bench::Ask::Manner::patient};
}

bench::Ask MarkedAgents::context(const std::shared_ptr<Customer>& customer) {
  const double manner = std::uniform_real_distribution<double>(0, 1)(random_);
  const bool leaves = manner < wish_.leave, hurries = !leaves && manner < wish_.leave + wish_.hurry;
  const auto call = ++asked_for_;
  const auto bytes = bench::post("/v1/context", kDesk, body_of(*customer, call, hurries || random_() % 8 == 0));
  showing_.count("contexts");
  if (leaves) showing_.count("left by the client");
  if (hurries) showing_.count("with too little time");
  ++last_tag_;
  if (!leaves) under_way_[last_tag_] = {customer, call};
  return {bytes, last_tag_, leaves ? bench::Ask::Manner::leaves : bench::Ask::Manner::patient};
}

std::string MarkedAgents::body_of(const Customer& customer, std::uint64_t call, bool slow) {
  const auto name = customer.id + "." + std::to_string(call) + (slow ? ".slow" : "");
  std::string sections;
  for (const auto& system : wish_.systems)
    sections += R"({"name": ")" + system + R"(.record", "params": {"call": ")" + name + "\"}}, ";
  const auto marker = markers_.mint(owner_of(call, wish_.systems.size()));
  sections += R"({"name": ")" + wish_.chaos + R"(.record", "params": {"marker": ")" + marker + "\"" +
              (std::exchange(crash_next_, false) ? R"(, "mode": "segv")" : "") + "}}";
  return R"({"session": ")" + customer.token + R"(", "sections": [)" + sections + R"(], "deadline_ms": )" +
         (slow ? "20" : "400") + "}";
}

void MarkedAgents::answered(std::uint64_t tag, const bench::Message& answer, bench::Nanoseconds) {
  const auto found = under_way_.find(tag);
  if (found == under_way_.end()) return showing_.fail("an answer that nobody asked for");
  const auto asked = std::move(found->second);
  under_way_.erase(found);
  look(asked, answer.head, answer.body);
  if (asked.call != 0) {
    showing_.count("answers looked at");
    showing_.holds(answer.status() == 200 || answer.status() == 503,
                   "a context was answered " + std::string(answer.first_line));
    return look_at_sections(asked, answer.body);
  }
  if (answer.status() != 201) return showing_.count("sessions refused");
  asked.customer->token = bench::after(answer.body, "\"session\":\"", "\"");
  customers_.push_back(asked.customer);
  if (customers_.size() > kCustomers) customers_.pop_front();
}

void MarkedAgents::unanswered(std::uint64_t tag) {
  under_way_.erase(tag);
  showing_.count("requests without an answer");
}

void MarkedAgents::look(const Asked& asked, std::string_view head, std::string_view body) {
  std::vector<Markers::Owner> allowed{asked.customer->owner};
  for (std::uint64_t system = 0; asked.call != 0 && system < kSystems; ++system)
    allowed.push_back(owner_of(asked.call, system));
  for (const auto text : {head, body}) {
    const auto seen = markers_.look(text, allowed);
    showing_.count("own markers", static_cast<std::int64_t>(seen.own));
    for (const auto& foreign : seen.foreign)
      leaks_.push_back({asked.call, foreign.owner,
                        "call " + std::to_string(asked.call) + " of customer " + std::to_string(asked.customer->owner) +
                            " was given " + foreign.where});
  }
}

// Each section with what its own system said, and nobody else.
void MarkedAgents::look_at_sections(const Asked& asked, std::string_view body) {
  if (!Json::is_json(body)) return showing_.fail("a context is no JSON");
  const auto context = Json::parse(body);
  for (std::size_t system = 0; system <= wish_.systems.size(); ++system) {
    const auto name = (system < wish_.systems.size() ? wish_.systems[system] : wish_.chaos) + ".record";
    if (!context.has("/sections/" + name)) continue;
    const std::array<Markers::Owner, 2> allowed{asked.customer->owner, owner_of(asked.call, system)};
    const auto seen = markers_.look(context.dump("/sections/" + name), allowed);
    for (const auto& foreign : seen.foreign)
      leaks_.push_back({asked.call, foreign.owner, name + " has " + foreign.where});
    const bool ok = context.text("/sections/" + name + "/status") == "ok";
    showing_.count(ok ? "sections ok" : "sections not ok");
    if (ok) showing_.count(seen.own > 0 ? "sections with their marker" : "sections whose marker was damaged");
  }
}

void MarkedAgents::reused(const FaultPlan::Reuse& reuse) {
  std::uint64_t call = 0;
  const auto name = bench::after(reuse.request, "call=", "& ");
  std::from_chars(name.data() + name.find('.') + 1, name.data() + name.size(), call);
  const auto foreign = markers_.look(reuse.surplus, {}).foreign;
  const std::lock_guard lock(mutex_);
  showing_.count(reuse.crossed ? "answers that crossed a request" : "requests after an answer too many");
  for (const auto& one : foreign)
    reuses_[{call, one.owner}] = {reuse.crossed, std::string(name_of(reuse.fault)) + " " +
                                                     std::to_string(reuse.since.count() / 1000) + " us before"};
}

void MarkedAgents::judge() {
  const std::lock_guard lock(mutex_);
  for (const auto& leak : leaks_) {
    const auto reuse = reuses_.find({leak.call, leak.owner});
    if (reuse != reuses_.end() && reuse->second.crossed) continue;
    showing_.count("foreign markers");
    showing_.fail((reuse == reuses_.end() ? "" : "(" + reuse->second.what + ") ") + leak.what);
  }
}

void MarkedAgents::look_at_what_all_see(const std::string& what, std::string_view text) {
  for (const auto& foreign : markers_.look(text, {}).foreign)
    leaks_.push_back({0, foreign.owner, what + " has " + foreign.where});
}

} // namespace plugboard::test
