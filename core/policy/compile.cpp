#include "core/policy/compile.hpp"

#include "core/json/pointer.hpp"

#include <algorithm>
#include <set>

namespace plugboard::policy {

namespace {

using json::ShapeNode;
using json::Type;

bool may_be(const ShapeNode* node, Type type) {
  return !node || node->types == 0 || (node->types & ShapeNode::bit(type)) != 0;
}

bool may_be_container(const ShapeNode* node) {
  return may_be(node, Type::object) || may_be(node, Type::array);
}

bool may_be_scalar(const ShapeNode* node) {
  return !node || node->types == 0 ||
         (node->types & ~(ShapeNode::bit(Type::object) | ShapeNode::bit(Type::array))) != 0;
}

// Members that the shape lets pass without knowing them.
bool has_others(const ShapeNode* node) {
  return may_be(node, Type::object) &&
         (!node || node->others == ShapeNode::Others::pass || node->others == ShapeNode::Others::check);
}

// One rule on its way down to a place.
struct State {
  Applied from;
  std::vector<const FieldNode*> at; // where its named fields go on
  bool granted;
  bool open; // also for what the shape does not know
  bool bares_accounts = false;
  Mask mask = Mask::none;
  Challenge needed;

  bool goes_on() const {
    return std::any_of(at.begin(), at.end(), [](const auto* node) { return !node->children.empty(); });
  }
};

enum class Known : bool { no, yes }; // to the shape

State step(const State& state, const FieldNode& node, bool by_name, Known known, State next) {
  next.at.push_back(&node);
  if (node.granted && (known == Known::yes || by_name || state.open)) {
    next.granted = true;
    next.open = next.open || (known == Known::no && by_name); // what it holds is as little known
  }
  if (node.mask) {
    next.bares_accounts = next.bares_accounts || *node.mask == Mask::none;
    next.mask = std::max(next.mask, *node.mask);
  }
  if (node.need) next.needed = combined(next.needed, *node.need);
  return next;
}

State descend(const State& state, const std::string& token, Known known) {
  State next = state;
  next.at.clear();
  if (known == Known::no) next.granted = state.granted && state.open;
  for (const auto* node : state.at) {
    if (const auto each = node->children.find("*"); each != node->children.end())
      next = step(state, each->second, false, known, std::move(next));
    if (const auto named = node->children.find(token); token != "*" && named != node->children.end())
      next = step(state, named->second, true, known, std::move(next));
  }
  return next;
}

class Compiler {
 public:
  Compiler(const Standing& standing, Compiled& out) : standing_(standing), out_(out) {}

  const Plan* place(const ShapeNode* node, std::vector<State> states, const std::string& pointer, Known known) {
    std::erase_if(states, [](const State& s) { return s.mask == Mask::remove || (!s.granted && !s.goes_on()); });
    const bool goes_on = std::any_of(states.begin(), states.end(), [](const State& s) { return s.goes_on(); });
    if (depth_ == kDeepest) states.clear(); // of a shape that contains itself: no further
    if (!goes_on || states.empty() || !may_be_container(node)) return leaf(node, states, pointer, known);
    return walk(node, states, pointer);
  }

 private:
  // Nothing below is named: one fate for all of it.
  const Plan* leaf(const ShapeNode* node, const std::vector<State>& states, const std::string& pointer, Known known) {
    const State* best = best_of(states);
    if (!best) return withheld(states, pointer);
    if (best->mask != Mask::none) {
      row(pointer, FieldRow::Fate::masked, states, *best);
      return made({.kind = Plan::Kind::mask, .mask = best->mask});
    }
    const bool open =
        std::any_of(states.begin(), states.end(), [&](const State& s) { return s.open && counts(s, *best); });
    if (known == Known::yes && !open && has_unknown(node)) return walk(node, states, pointer);
    row(pointer, FieldRow::Fate::visible, states, *best);
    const bool bares =
        std::any_of(states.begin(), states.end(), [&](const State& s) { return s.bares_accounts && counts(s, *best); });
    return made({.kind = Plan::Kind::keep, .bares_accounts = bares});
  }

  const Plan* walk(const ShapeNode* node, const std::vector<State>& states, const std::string& pointer) {
    const auto first_row = out_.rows.size();
    Plan plan{.kind = Plan::Kind::walk};
    if (may_be_scalar(node)) {
      const State* best = best_of(states);
      plan.keeps_scalars = best && best->mask == Mask::none;
    }
    if (may_be(node, Type::object)) members(node, states, pointer, plan);
    if (may_be(node, Type::array)) {
      const auto* items = node ? node->items : nullptr;
      plan.items = below(items, states, "*", items ? Known::yes : Known::no, pointer);
    }
    return simplest(node, std::move(plan), pointer, first_row);
  }

  void members(const ShapeNode* node, const std::vector<State>& states, const std::string& pointer, Plan& plan) {
    std::set<std::string, std::less<>> names;
    if (node)
      for (const auto& property : node->properties) {
        names.insert(property.name);
        if (!property.node->never)
          plan.members.emplace_back(property.name, below(property.node, states, property.name, Known::yes, pointer));
      }
    if (!has_others(node)) return;
    const auto* other = node && node->others == ShapeNode::Others::check ? node->other : nullptr;
    if (other && other->never) return;
    const auto known = other ? Known::yes : Known::no;
    for (const auto& state : states)
      for (const auto* at : state.at)
        for (const auto& [name, child] : at->children)
          if (name != "*" && names.insert(name).second)
            plan.members.emplace_back(name, below(other, states, name, known, pointer));
    plan.others = below(other, states, "*", known, pointer);
    std::sort(plan.members.begin(), plan.members.end(),
              [](const auto& a, const auto& b) { return json::comes_before(a.first, b.first); });
  }

  const Plan* below(const ShapeNode* node, const std::vector<State>& states, const std::string& token, Known known,
                    const std::string& pointer) {
    std::vector<State> next;
    for (const auto& state : states) next.push_back(descend(state, token, known));
    ++depth_;
    const auto* plan = place(node, std::move(next), json::pointer_append(pointer, token), known);
    --depth_;
    return plan;
  }

  // A walk on which everything is kept, or nothing, need not be walked.
  const Plan* simplest(const ShapeNode* node, Plan plan, const std::string& pointer, std::size_t first_row) {
    std::vector<const Plan*> parts;
    for (const auto& [name, part] : plan.members) parts.push_back(part);
    if (has_others(node)) parts.push_back(plan.others);
    if (may_be(node, Type::array)) parts.push_back(plan.items);
    const auto all = [&](Plan::Kind kind) {
      return std::all_of(parts.begin(), parts.end(), [&](const Plan* part) {
        return (part ? part->kind : Plan::Kind::drop) == kind && (!part || !part->bares_accounts);
      });
    };
    merge_rows(pointer, first_row);
    if (all(Plan::Kind::keep) && (plan.keeps_scalars || !may_be_scalar(node))) return made({.kind = Plan::Kind::keep});
    if (all(Plan::Kind::drop) && !plan.keeps_scalars) return made({});
    return made(std::move(plan));
  }

  // What all parts of a place have in common is said once.
  void merge_rows(const std::string& pointer, std::size_t first) {
    auto& rows = out_.rows;
    if (rows.size() == first || rows[first].fate == FieldRow::Fate::masked) return;
    FieldRow merged = rows[first];
    merged.field = pointer;
    const bool same = std::all_of(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(), [&](FieldRow one) {
      one.field = pointer;
      return one == merged;
    });
    if (!same) return;
    rows.resize(first);
    rows.push_back(std::move(merged));
  }

  bool is_met(const State& state) const { return standing_.meets(state.needed); }

  bool counts(const State& state, const State& best) const {
    return state.granted && state.mask == best.mask && is_met(state);
  }

  // The rule that lets the most of it through now.
  const State* best_of(const std::vector<State>& states) const {
    const State* best = nullptr;
    for (const auto& state : states)
      if (state.granted && is_met(state) && (!best || state.mask < best->mask)) best = &state;
    return best;
  }

  const Plan* withheld(const std::vector<State>& states, const std::string& pointer) {
    const State* easiest = nullptr;
    for (const auto& state : states)
      if (state.granted && (!easiest || is_easier(state.needed, easiest->needed))) easiest = &state;
    FieldRow row{.field = pointer};
    if (easiest) row = {pointer, FieldRow::Fate::withheld, Mask::none, easiest->needed, {easiest->from.position}};
    out_.rows.push_back(std::move(row));
    return made({});
  }

  void row(const std::string& pointer, FieldRow::Fate fate, const std::vector<State>& states, const State& best) {
    FieldRow row{pointer, fate, best.mask, best.needed, {}};
    for (const auto& state : states) {
      if (!counts(state, best)) continue;
      row.rules.push_back(state.from.position);
      if (is_easier(state.needed, row.needed)) row.needed = state.needed;
    }
    out_.rows.push_back(std::move(row));
  }

  // Whether anything that the shape does not know can be at or below a place that it knows.
  bool has_unknown(const ShapeNode* node) {
    if (!node || !may_be_container(node)) return false;
    if (may_be(node, Type::object) && node->others == ShapeNode::Others::pass) return true;
    if (may_be(node, Type::array) && !node->items) return true;
    if (std::find(path_.begin(), path_.end(), node) != path_.end()) return false; // looked at already
    path_.push_back(node);
    bool found = node->items && has_unknown(node->items);
    found = found || (node->other && has_unknown(node->other));
    for (const auto& property : node->properties) found = found || has_unknown(property.node);
    path_.pop_back();
    return found;
  }

  const Plan* made(Plan plan) { return &out_.plan.plans.emplace_back(std::move(plan)); }

  static constexpr std::size_t kDeepest = 16;

  const Standing& standing_;
  Compiled& out_;
  std::size_t depth_ = 0;
  std::vector<const ShapeNode*> path_; // that has_unknown() is inside of
};

} // namespace

Compiled compile(const std::vector<Applied>& rules, Assurance floor, const ShapeNode* shape, const Standing& standing) {
  Compiled out;
  std::vector<State> states;
  for (const auto& applied : rules) {
    State state{applied, {},         applied.rule->all_fields,      applied.rule->passes_unknown,
                false,   Mask::none, applied.rule->challenge(floor)};
    state.at.push_back(&applied.rule->fields);
    states.push_back(std::move(state));
  }
  out.plan.root = Compiler(standing, out).place(shape, std::move(states), "", Known::yes);
  return out;
}

} // namespace plugboard::policy
