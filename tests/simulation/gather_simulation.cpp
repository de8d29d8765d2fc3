// Thousands of fan-outs in simulated time, each wholly made of its seed: a random graph of sections, some computed from
// others, a random session, systems that answer soon, late, never, twice, with or without what they promised. After
// every event the promises of gather are held against what it did. PLUGBOARD_SEED=N runs one seed again;
// PLUGBOARD_SEEDS=N that many.
#include "core/base/random.hpp"
#include "core/context/gather.hpp"
#include "tests/simulation/event.hpp"
#include "tests/simulation/seeds.hpp"
#include "tests/unit/context/graph.hpp"

#include <map>
#include <queue>
#include <set>

namespace plugboard::context {
namespace {

using connector::has_data;
using connector::Outcome;
using connector::Reason;
using connector::Status;
using std::chrono::milliseconds;
using testing::Graph;
using testing::spec;

struct Answer {                      // what one system will do in this run
  std::optional<milliseconds> after; // none: never
  bool twice = false;
  Outcome outcome;
};

class World {
 public:
  explicit World(std::uint64_t seed) : seed_(seed), random_(seed) {}

  void run() {
    make_graph();
    if (!catalog_) return; // this seed's graph is one that start-up refuses
    make_session();
    make_answers();
    Gather gather(catalog_, plan_, known_, closes_at_);
    std::vector<Action> actions;
    gather.begin(now_, actions);
    carry_out(gather, actions);
    while (!events_.empty() && !gather.finished()) {
      auto event = events_.top();
      events_.pop();
      ASSERT_GE(event.at, now_) << where();
      now_ = event.at;
      ASSERT_LE(now_, closes_at_) << where() << "nothing may be awaited past the deadline";
      actions.clear();
      switch (event.kind) {
      case What::answer:
        answered_.insert(event.which);
        gather.arrived(event.which, answers_[event.which].outcome, now_, actions);
        break;
      case What::timer:
        gather.timer(now_, actions);
        break;
      case What::gone:
        gather.cancelled(now_, actions);
        break;
      }
      carry_out(gather, actions);
    }
    check_end(gather);
  }

  std::size_t starts() const { return started_.size(); }

  std::size_t derived() const { return derived_; }

 private:
  enum class What : std::uint8_t { answer = 1, timer, gone };
  using Event = test::Event<What>;

  std::string where() const { return "PLUGBOARD_SEED=" + std::to_string(seed_) + ": "; }

  bool chance(unsigned percent) { return random_.below(100) < percent; }

  std::string type() { return "t.x" + std::to_string(random_.below(6)); }

  void make_graph() {
    Graph graph;
    auto connectors = 1 + random_.below(12);
    for (std::size_t c = 0; c < connectors; ++c) {
      std::vector<connector::SectionSpec> sections;
      auto count = 1 + random_.below(3);
      for (std::size_t s = 0; s < count; ++s) {
        testing::Groups needs;
        if (chance(80)) needs.push_back({chance(50) ? "email" : type()});
        if (chance(25)) needs.push_back({type(), type() + (chance(30) ? "!" : "")});
        std::vector<std::string> yields;
        for (auto n = random_.below(3); n > 0; --n) yields.push_back(type());
        std::sort(yields.begin(), yields.end());
        yields.erase(std::unique(yields.begin(), yields.end()), yields.end());
        sections.push_back(spec("s" + std::to_string(s), needs, yields));
      }
      graph.connector("c" + std::to_string(c), std::move(sections));
      graph.declarations.back().assurance = assurance();
    }
    if (chance(60)) add_derived(graph);
    std::vector<std::string> brought{"email"};
    for (int i = 0; i < 6; ++i)
      if (chance(40)) brought.push_back("t.x" + std::to_string(i));
    catalog_ = graph.build(brought);
    brought_ = brought;
  }

  Assurance assurance() { return chance(80) ? Assurance::none : chance(50) ? Assurance::aal1 : Assurance::aal2; }

  // Each from any that were there before it, but declared wherever it happens to be.
  void add_derived(Graph& graph) {
    std::vector<std::string> there;
    for (const auto& declaration : graph.declarations)
      for (const auto& section : declaration.sections) there.push_back(declaration.connector + "." + section.name);
    for (auto left = 1 + random_.below(4); left > 0; --left) {
      const auto name = "d" + std::to_string(left);
      std::vector<std::string> inputs;
      std::map<std::string, std::string> from;
      for (auto n = 1 + random_.below(3); n > 0; --n) {
        const auto input = "i" + std::to_string(n);
        inputs.push_back(input + (chance(35) ? "?" : ""));
        if (inputs.back().ends_with("?") && chance(20)) continue; // nobody gives it that one
        from[input] = there[random_.below(there.size())];
      }
      auto derived = testing::from("sum", inputs);
      if (chance(20)) derived.needs = spec("", {{type()}}).needs;
      graph.connector(name, {derived});
      graph.declarations.back().from = from;
      graph.declarations.back().assurance = assurance();
      there.push_back(name + ".sum");
      std::swap(graph.declarations.back(), graph.declarations[random_.below(graph.declarations.size())]);
    }
  }

  void make_session() {
    for (const auto& brought : brought_)
      if (chance(70)) known_.push_back({brought, "v" + std::to_string(random_.below(3)), chance(50), "login"});
    std::vector<std::size_t> asked;
    for (std::size_t s = 0; s < catalog_->sections().size(); ++s)
      if (chance(70)) asked.push_back(s);
    asked_ = std::set<std::size_t>(asked.begin(), asked.end());
    proved_ = chance(70) ? Assurance::aal2 : Assurance::aal1;
    plan_ = make_plan(*catalog_, asked, known_, proved_);
    closes_at_ = now_ + milliseconds(50 + random_.below(1000));
    if (chance(10)) push(What::gone, now_ + milliseconds(random_.below(400)));
  }

  void make_answers() {
    for (const auto& section : catalog_->sections()) {
      Answer answer;
      if (!chance(8)) answer.after = milliseconds(chance(20) ? 0 : random_.below(chance(10) ? 3000 : 300));
      answer.twice = chance(5);
      if (chance(75)) {
        answer.outcome.data = R"({"of":")" + section.name + "\"}";
        if (chance(15)) {
          answer.outcome.status = Status::stale;
          answer.outcome.reason = Reason::unreachable;
        }
        if (chance(30)) answer.outcome.course.age = milliseconds(random_.below(5000));
        for (auto yielded : section.yields)
          if (chance(80))
            answer.outcome.yields.push_back({catalog_->types()[yielded], "v" + std::to_string(random_.below(3)),
                                             chance(50), section.name.substr(0, section.name.find('.'))});
      } else {
        answer.outcome.status = chance(50) ? Status::error : Status::not_found;
        answer.outcome.reason = Reason::unreachable;
      }
      answers_.push_back(std::move(answer));
    }
  }

  void push(What kind, Instant at, std::size_t section = 0) { events_.push({at, random_.next(), kind, section}); }

  void carry_out(Gather& gather, const std::vector<Action>& actions) {
    for (const auto& action : actions) {
      ASSERT_FALSE(finished_) << where() << "an action after finish";
      switch (action.kind) {
      case Action::Kind::start:
        check_start(action);
        break;
      case Action::Kind::cancel:
        ASSERT_TRUE(started_.contains(action.section)) << where();
        ASSERT_FALSE(answered_.contains(action.section)) << where() << "cancelled what has answered";
        break;
      case Action::Kind::arm:
        push(What::timer, action.at);
        break;
      case Action::Kind::finish:
        finished_ = true;
        break;
      }
    }
    ASSERT_EQ(finished_, gather.finished()) << where();
  }

  void check_start(const Action& action) {
    ASSERT_TRUE(started_.insert(action.section).second) << where() << "started twice";
    const auto& section = catalog_->sections()[action.section];
    ASSERT_TRUE(std::find(plan_.sections.begin(), plan_.sections.end(), action.section) != plan_.sections.end())
        << where();
    for (const auto& group : section.needs) {
      bool met = std::any_of(group.begin(), group.end(), [&](const CatalogNeed& need) {
        return std::any_of(action.identifiers.begin(), action.identifiers.end(), [&](const Identifier& identifier) {
          return identifier.type == catalog_->types()[need.type] && (identifier.verified || !need.verified);
        });
      });
      ASSERT_TRUE(met) << where() << section.name << " was started without what it needs";
    }
    for (const auto& identifier : action.identifiers) check_identifier(identifier, section);
    ASSERT_TRUE(asked_.contains(action.section) || proved_ >= section.assurance)
        << where() << section.name << " was run for others with too little proved";
    check_inputs(action, section);
    const auto& answer = answers_[action.section];
    if (!answer.after) return;
    push(What::answer, now_ + *answer.after, action.section);
    if (answer.twice) push(What::answer, now_ + *answer.after + milliseconds(1), action.section);
  }

  // They have all come to their end, now and for good; handed over is what they said, all of it and nothing else.
  void check_inputs(const Action& action, const CatalogSection& section) {
    ASSERT_FALSE(settled_.contains(action.section)) << where() << section.name << " is what somebody did not wait for";
    std::size_t there = 0;
    for (const auto& input : section.inputs) {
      settled_.insert(input.section);
      ASSERT_TRUE(!started_.contains(input.section) || answered_.contains(input.section))
          << where() << section.name << " did not wait for its inputs";
      const auto& said = answers_[input.section].outcome;
      const bool has_come = answered_.contains(input.section) && has_data(said.status);
      ASSERT_TRUE(has_come || input.optional) << where() << section.name << " was started without a required input";
      ASSERT_GE(section.assurance, catalog_->sections()[input.section].assurance) << where();
      if (!has_come) continue;
      ASSERT_LT(there, action.inputs.size()) << where() << section.name << " lacks an input that has come";
      const auto& given = action.inputs[there++];
      ASSERT_EQ(given.name, input.name) << where();
      ASSERT_EQ(given.data, said.data) << where() << "an input that is somebody else's";
    }
    ASSERT_EQ(there, action.inputs.size()) << where() << "an input from nowhere";
    derived_ += section.is_derived;
  }

  // What is handed over was said by the session or by somebody who has answered, and is something the section needs.
  void check_identifier(const Identifier& identifier, const CatalogSection& section) {
    bool needed = false;
    for (const auto& group : section.needs)
      for (const auto& need : group) needed = needed || catalog_->types()[need.type] == identifier.type;
    ASSERT_TRUE(needed) << where() << identifier.type << " is not " << section.name << "'s business";
    bool said = std::find(known_.begin(), known_.end(), identifier) != known_.end();
    for (auto who : answered_) {
      const auto& yields = answers_[who].outcome.yields;
      said = said || std::find(yields.begin(), yields.end(), identifier) != yields.end();
    }
    ASSERT_TRUE(said) << where() << "nobody said " << identifier.type;
  }

  void check_end(Gather& gather) {
    ASSERT_TRUE(finished_) << where() << "a fan-out that never ends";
    std::set<std::size_t> reported;
    std::size_t last = 0;
    for (const auto& result : gather.take_results()) {
      ASSERT_TRUE(reported.empty() || result.section > last) << where() << "not in declared order";
      last = result.section;
      reported.insert(result.section);
      ASSERT_EQ(result.asked, asked_.contains(result.section)) << where();
      ASSERT_EQ(result.called, started_.contains(result.section)) << where();
      if (result.outcome.status == Status::ok) {
        ASSERT_TRUE(answered_.contains(result.section)) << where() << "ok without an answer";
      }
      check_age(result);
      if (result.outcome.reason == Reason::input_missing) {
        check_missing(result);
      }
      if (result.outcome.status == Status::skipped) {
        ASSERT_FALSE(result.called) << where();
      }
    }
    for (auto section : asked_) ASSERT_TRUE(reported.contains(section)) << where() << "asked for and not reported";
  }

  // It was not skipped for nothing: one that it can't be computed without ended without data, or never can start.
  void check_missing(const SectionResult& result) {
    const auto& inputs = catalog_->sections()[result.section].inputs;
    ASSERT_TRUE(std::any_of(inputs.begin(), inputs.end(),
                            [&](const CatalogInput& input) {
                              if (input.optional || !plan_.can_start[input.section]) return !input.optional;
                              const bool in_plan = std::find(plan_.sections.begin(), plan_.sections.end(),
                                                             input.section) != plan_.sections.end();
                              const bool has_come =
                                  answered_.contains(input.section) && has_data(answers_[input.section].outcome.status);
                              return in_plan && !has_come;
                            }))
        << where() << catalog_->sections()[result.section].name << " was skipped for nothing";
  }

  // Nobody takes for fresh what was computed from what is not.
  void check_age(const SectionResult& result) {
    if (!has_data(result.outcome.status)) return;
    for (const auto& input : catalog_->sections()[result.section].inputs) {
      const auto& said = answers_[input.section].outcome;
      if (!answered_.contains(input.section) || !has_data(said.status)) continue;
      ASSERT_GE(result.outcome.course.age, said.course.age) << where();
      ASSERT_TRUE(said.status != Status::stale || result.outcome.status == Status::stale) << where();
    }
  }

  std::uint64_t seed_;
  SeededRandom random_;
  std::shared_ptr<const Catalog> catalog_;
  std::vector<std::string> brought_;
  std::vector<Identifier> known_;
  std::set<std::size_t> asked_, started_, answered_;
  std::set<std::size_t> settled_; // inputs of what has started
  std::size_t derived_ = 0;       // that were started
  Assurance proved_ = Assurance::aal1;
  Plan plan_;
  Instant now_{milliseconds(1000)}, closes_at_{};
  std::vector<Answer> answers_;
  std::priority_queue<Event> events_;
  bool finished_ = false;
};

TEST(GatherSimulation, KeepsItsPromisesFromEverySeed) {
  std::size_t starts = 0, runs = 0, derived = 0;
  const test::Seeds seeds(20'000);
  for (auto seed = seeds.first; seed <= seeds.last && !HasFatalFailure(); ++seed) {
    World world(seed);
    world.run();
    starts += world.starts();
    runs += world.starts() > 0;
    derived += world.derived();
  }
  if (!seeds.only_one) {
    EXPECT_GT(runs, seeds.last / 20) << "too few graphs were runnable for this test to mean anything";
    EXPECT_GT(derived, seeds.last / 20) << "too little was computed from others";
  }
  RecordProperty("starts", static_cast<int>(starts));
}

} // namespace
} // namespace plugboard::context
