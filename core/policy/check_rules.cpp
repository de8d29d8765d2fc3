#include "core/policy/check_rules.hpp"

#include "core/json/shape_node.hpp"
#include "core/json/suggestion.hpp"
#include "core/policy/pattern.hpp"

#include <algorithm>

namespace plugboard::policy {

namespace {

using json::ShapeNode;
using json::Type;

// What stands at a pointer in a shape: nodes of what it knows; open when it lets anything stand there.
struct Place {
  std::vector<const ShapeNode*> nodes;
  bool open = false;
  bool never = false;                   // named, and never let through
  std::vector<std::string_view> beside; // what the shape knows where the pointer leaves it

  bool exists() const { return open || !nodes.empty(); }
};

bool may_be(const ShapeNode& node, Type type) {
  return node.types == 0 || (node.types & ShapeNode::bit(type)) != 0;
}

void enter(const ShapeNode& node, const std::string& token, Place& next) {
  if (may_be(node, Type::array) && token == "*") {
    if (node.items)
      next.nodes.push_back(node.items);
    else
      next.open = true;
  }
  if (!may_be(node, Type::object)) return;
  for (const auto& property : node.properties) {
    next.beside.push_back(property.name);
    if (token != "*" && token != property.name) continue;
    if (property.node->never)
      next.never = next.never || token != "*";
    else
      next.nodes.push_back(property.node);
  }
  if (node.others == ShapeNode::Others::pass && (token == "*" || !node.property(token))) next.open = true;
  if (node.others == ShapeNode::Others::check) next.nodes.push_back(node.other);
}

Place place_of(const PolicySection& section, const std::vector<std::string>& tokens) {
  Place place;
  if (!section.shape) {
    place.open = true;
    return place;
  }
  place.nodes = {&section.shape->root()};
  for (const auto& token : tokens) {
    Place next;
    next.open = place.open;
    for (const auto* node : place.nodes) enter(*node, token, next);
    if (!next.exists()) return next;
    place = std::move(next);
  }
  return place;
}

// A field that one mentions is among those that this rule names, or below one, or above.
bool is_named(const Rule& rule, const std::vector<std::string>& tokens) {
  if (rule.all_fields) return true;
  return std::any_of(rule.mentions.begin(), rule.mentions.end(), [&](const Mention& field) {
    if (field.what != Mention::What::field) return false;
    for (std::size_t i = 0; i < std::min(field.tokens.size(), tokens.size()); ++i)
      if (field.tokens[i] != tokens[i] && field.tokens[i] != "*" && tokens[i] != "*") return false;
    return true;
  });
}

class Checking {
 public:
  Checking(const Rule& rule, const Known& known, std::vector<json::Fault>& faults, std::vector<json::Fault>& warnings)
      : rule_(rule), known_(known), faults_(faults), warnings_(warnings) {}

  void check() {
    sections();
    each_among("purposes", rule_.purposes, known_.purposes, faults_,
               "is not among /purposes; add it there, or mend it");
    const std::string added = "; that is right only where one is added while the hub runs";
    each_among("tenants", rule_.tenants, known_.tenants, warnings_, "is no configured client's tenant" + added);
    each_among("clients", rule_.clients, known_.clients, warnings_, "is none of the configured clients" + added);
    each_among("channels", rule_.channels, known_.channels, warnings_, "is no configured client's channel" + added);
    for (const auto& mention : rule_.mentions) field(mention);
  }

 private:
  void sections() {
    for (std::size_t i = 0; i < rule_.sections.size(); ++i) {
      const auto at = rule_.pointer + "/sections/" + std::to_string(i);
      bool any = false;
      std::vector<std::string_view> names;
      for (const auto& section : known_.sections) {
        names.push_back(section.name);
        if (!pattern_covers(rule_.sections[i], section.name)) continue;
        any = true;
        if (std::find(covered_.begin(), covered_.end(), &section) == covered_.end()) covered_.push_back(&section);
      }
      if (!is_section_pattern(rule_.sections[i]))
        faults_.push_back({at, "must be \"*\", \"CONNECTOR.*\" or \"CONNECTOR.SECTION\""});
      else if (!any)
        faults_.push_back({at, "no connector has such a section" + meant(rule_.sections[i], names)});
    }
    if (covered_.empty()) return;
    if (rule_.assurance && std::all_of(covered_.begin(), covered_.end(),
                                       [&](const auto* section) { return *rule_.assurance < section->floor; }))
      warnings_.push_back({rule_.pointer + "/assurance",
                           "is less than the connectors of these sections ask for; theirs "
                           "holds"});
    if (!rule_.all_fields || rule_.passes_unknown) return;
    for (const auto* section : covered_)
      if (knows_nothing(*section))
        warnings_.push_back({rule_.pointer + "/unknown_fields", "of " + section->name +
                                                                    " nothing passes, since its shape knows no field; "
                                                                    "say \"pass\", or name \"fields\""});
  }

  static bool knows_nothing(const PolicySection& section) {
    return !section.shape || (section.shape->root().properties.empty() && !section.shape->root().other);
  }

  static std::string meant(std::string_view wrong, const std::vector<std::string_view>& known) {
    const auto near = json::nearest(wrong, known);
    return near ? "; did you mean \"" + std::string(*near) + "\"?" : std::string("; mend the name, or remove it");
  }

  void each_among(const std::string& name, const std::vector<std::string>& values, const std::set<std::string>& known,
                  std::vector<json::Fault>& into, const std::string& why) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!known.contains(values[i]))
        into.push_back({rule_.pointer + "/" + name + "/" + std::to_string(i), "\"" + values[i] + "\" " + why});
  }

  void field(const Mention& mention) {
    if (covered_.empty()) return; // said already
    bool exists = false, never = false;
    std::vector<std::string_view> beside;
    for (const auto* section : covered_) {
      const auto place = place_of(*section, mention.tokens);
      never = never || place.never;
      if (beside.empty()) beside = place.beside;
      if (!place.exists()) continue;
      exists = true;
      if (mention.what == Mention::What::mask) mask(mention, place, *section);
    }
    if (never) return fault(mention, "never passes, whatever a rule says; remove it");
    if (!exists) return fault(mention, unknown(mention, beside));
    if (mention.what != Mention::What::field && !is_named(rule_, mention.tokens))
      fault(mention, "is not among this rule's \"fields\", so that nothing of it leaves; add it there, or remove this");
  }

  std::string unknown(const Mention& mention, const std::vector<std::string_view>& beside) const {
    std::string shapes;
    for (const auto* section : covered_)
      if (section->shape && shapes.find(section->shape->name()) == std::string::npos)
        shapes += (shapes.empty() ? "" : ", ") + section->shape->name();
    const bool is_index = std::any_of(mention.tokens.begin(), mention.tokens.end(), [](const auto& token) {
      return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
    });
    if (is_index) return "names one element of a list; write * for each: the rule holds for all of them";
    return "is not a field of these sections' shapes (" + shapes + ")" + meant(mention.tokens.back(), beside);
  }

  void mask(const Mention& mention, const Place& place, const PolicySection& section) {
    const auto all = [&](auto&& fits) {
      return std::all_of(place.nodes.begin(), place.nodes.end(), [&](const auto* node) { return fits(*node); });
    };
    const auto is_text = [](const ShapeNode& node) { return node.types == ShapeNode::bit(Type::string); };
    const auto is_time = [](const ShapeNode& node) {
      return node.format == ShapeNode::Format::date || node.format == ShapeNode::Format::date_time;
    };
    if (mention.mask == Mask::none && (place.open || !all([](const ShapeNode& node) { return node.payment; })))
      return fault(mention, "\"none\" bares account numbers, for which " + section.name +
                                "'s field must be classified as payment by its shape");
    if (mention.mask == Mask::none || mention.mask == Mask::remove) return;
    if (!all(is_text))
      return fault(mention, "is no text in " + section.name +
                                ", so that it can't be masked; name the texts in it, or "
                                "use \"remove\"");
    if (mention.mask == Mask::year_only && !all(is_time))
      fault(mention, "is neither a date nor a time in " + section.name + "'s shape, so that it has no year");
  }

  void fault(const Mention& mention, const std::string& why) {
    faults_.push_back({mention.pointer, "\"" + mention.field + "\" " + why});
  }

  const Rule& rule_;
  const Known& known_;
  std::vector<json::Fault>& faults_;
  std::vector<json::Fault>& warnings_;
  std::vector<const PolicySection*> covered_;
};

} // namespace

void check_rules(const std::vector<Rule>& rules, const Known& known, std::vector<json::Fault>& faults,
                 std::vector<json::Fault>& warnings) {
  for (const auto& rule : rules) Checking(rule, known, faults, warnings).check();
}

} // namespace plugboard::policy
