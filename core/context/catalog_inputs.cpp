#include "core/context/catalog_inputs.hpp"

#include "core/json/pointer.hpp"

#include <algorithm>

namespace plugboard::context {

namespace {

class Linker {
 public:
  Linker(const std::vector<Declaration>& declarations, bool whole, std::vector<CatalogSection>& sections,
         std::vector<json::Fault>& faults)
      : declarations_(declarations), whole_(whole), sections_(sections), faults_(faults) {}

  void link() {
    std::size_t at = 0;
    for (const auto& declaration : declarations_) {
      refuse_unknown_names(declaration);
      for (const auto& spec : declaration.sections) {
        for (const auto& input : spec.from) link(declaration, input, sections_[at]);
        ++at;
      }
    }
    raise_assurance();
    for (at = 0; at < sections_.size(); ++at) refuse_cycle(at);
  }

 private:
  void fault(std::string pointer, std::string message) {
    for (const auto& said : faults_)
      if (said.pointer == pointer && said.message == message) return; // of another section with the same input
    faults_.push_back({std::move(pointer), std::move(message)});
  }

  static std::string place(const Declaration& declaration, const std::string& input) {
    return json::pointer_append(declaration.pointer + "/from", input);
  }

  void refuse_unknown_names(const Declaration& declaration) {
    std::vector<std::string> names;
    for (const auto& spec : declaration.sections)
      for (const auto& input : spec.from) names.push_back(input.name);
    std::string known;
    for (const auto& name : names)
      if (known.find("\"" + name + "\"") == std::string::npos) known += (known.empty() ? "\"" : ", \"") + name + "\"";
    for (const auto& [name, section] : declaration.from)
      if (std::find(names.begin(), names.end(), name) == names.end())
        fault(place(declaration, name), known.empty() ? "this connector computes no section from others; take it away"
                                                      : "is no input that its plugin asks for; those are " + known);
  }

  std::string of_shape(const std::string& shape, const CatalogSection& except) const {
    std::string names;
    for (const auto& section : sections_)
      if (section.shape == shape && &section != &except) names += (names.empty() ? "" : ", ") + section.name;
    return names.empty() ? "there is none of that shape" : "of that shape there are: " + names;
  }

  void link(const Declaration& declaration, const connector::InputSpec& input, CatalogSection& into) {
    const auto said = declaration.from.find(input.name);
    if (said == declaration.from.end()) {
      if (!input.optional)
        fault(declaration.pointer + "/from", into.name + " is computed from \"" + input.name +
                                                 "\", a section of shape " + input.shape +
                                                 ": say which, as \"from\": {\"" + input.name +
                                                 "\": \"CONNECTOR.SECTION\"}; " + of_shape(input.shape, into));
      return;
    }
    const auto found = std::find_if(sections_.begin(), sections_.end(),
                                    [&](const CatalogSection& section) { return section.name == said->second; });
    if (found == sections_.end()) {
      if (whole_)
        fault(place(declaration, input.name), "there is no section \"" + said->second + "\"; a section of shape " +
                                                  input.shape + " is wanted, and " + of_shape(input.shape, into));
      return;
    }
    if (found->shape != input.shape)
      return fault(place(declaration, input.name), found->name + " is of shape " + found->shape + ", and " +
                                                       input.shape + " is wanted; " + of_shape(input.shape, into));
    into.inputs.push_back({input.name, static_cast<std::size_t>(found - sections_.begin()), input.optional});
  }

  // From inputs to what is computed of them, until nothing moves; in a circle, too, there is a most.
  void raise_assurance() {
    for (bool moved = true; moved;) {
      moved = false;
      for (auto& section : sections_)
        for (const auto& input : section.inputs)
          if (const auto wanted = sections_[input.section].assurance; section.assurance < wanted) {
            section.assurance = wanted;
            moved = true;
          }
    }
  }

  // Is it, over however many sections, computed from itself?
  void refuse_cycle(std::size_t start) {
    std::vector<std::size_t> by(sections_.size(), sections_.size()); // by: whose input it is, on the way from start
    std::vector<std::size_t> open{start};
    while (!open.empty()) {
      const auto at = open.back();
      open.pop_back();
      for (const auto& input : sections_[at].inputs) {
        if (input.section == start) return fault(place_of(start), chain(start, at, by));
        if (by[input.section] != sections_.size()) continue;
        by[input.section] = at;
        open.push_back(input.section);
      }
    }
  }

  std::string place_of(std::size_t section) const {
    std::size_t left = section;
    for (const auto& declaration : declarations_) {
      if (left < declaration.sections.size()) return declaration.pointer + "/from";
      left -= declaration.sections.size();
    }
    return {};
  }

  std::string chain(std::size_t start, std::size_t last, const std::vector<std::size_t>& by) const {
    std::string text = sections_[start].name;
    for (auto at = last; at != start; at = by[at]) text = sections_[at].name + ", which is computed from " + text;
    return "a cycle: " + sections_[start].name + " is computed from " + text +
           "; let one of them be computed from something else";
  }

  const std::vector<Declaration>& declarations_;
  const bool whole_;
  std::vector<CatalogSection>& sections_;
  std::vector<json::Fault>& faults_;
};

} // namespace

void link_inputs(const std::vector<Declaration>& declarations, bool whole, std::vector<CatalogSection>& sections,
                 std::vector<json::Fault>& faults) {
  Linker(declarations, whole, sections, faults).link();
}

} // namespace plugboard::context
