#include "core/connector/section_spec.hpp"

#include "core/base/ids.hpp"
#include "core/connector/identifier_types.hpp"
#include "core/json/pointer.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

using Value = json::TreeValue;

constexpr rapidjson::SizeType kMostInputs = 32;

// Reads one section's declaration. The faults it finds are counted, so that the caller can leave the section out.
class SpecReader {
 public:
  SpecReader(std::string_view connector, const IdentifierTypes& types, std::vector<json::Fault>& faults)
      : connector_(connector), types_(types), faults_(faults) {}

  void read(const Value& declaration, const std::string& at, SectionSpec& spec) {
    if (!declaration.IsObject()) return fault(at, "a section is an object: {\"shape\": …, \"needs\": …}");
    if (!is_connector_name(spec.name))
      fault(at, "a section's name is a small letter, then up to 31 small letters, digits or _");
    spec.shape =
        read_shape(declaration, at, "name the shape that the section follows, such as \"contact/v1\" or \"record/v1\"");
    if (const Value* description = json::member(declaration, "description")) {
      if (!description->IsString()) fault(at + "/description", "must be a string");
      spec.description = json::text_of(*description);
    }
    if (const Value* needs = json::member(declaration, "needs")) spec.needs = read_groups(*needs, at + "/needs");
    if (const Value* yields = json::member(declaration, "yields")) read_yields(*yields, at + "/yields", spec);
    if (const Value* echo = json::member(declaration, "echo")) read_echo(*echo, at + "/echo", spec);
    if (const Value* from = json::member(declaration, "from")) read_from(*from, declaration, at, spec);
  }

  std::vector<NeedGroup> read_groups(const Value& needs, const std::string& at) {
    std::vector<NeedGroup> groups;
    if (!needs.IsArray()) {
      fault(at, "must be a list of groups, such as [[\"email\", \"phone\"]]");
      return groups;
    }
    for (rapidjson::SizeType i = 0; i < needs.Size(); ++i) {
      const std::string here = at + "/" + std::to_string(i);
      if (!needs[i].IsArray() || needs[i].Empty()) {
        fault(here, "must be a group: a list of identifiers of which any one will do, such as [\"email\", \"phone\"]");
        continue;
      }
      NeedGroup group;
      for (rapidjson::SizeType j = 0; j < needs[i].Size(); ++j)
        group.push_back(read_need(needs[i][j], here + "/" + std::to_string(j)));
      groups.push_back(std::move(group));
    }
    return groups;
  }

 private:
  void fault(std::string pointer, std::string message) { faults_.push_back({std::move(pointer), std::move(message)}); }

  void read_from(const Value& from, const Value& declaration, const std::string& at, SectionSpec& spec) {
    if (json::member(declaration, "yields") != nullptr)
      fault(at + "/yields", "a section that is computed from others yields no identifiers: let those yield them");
    if (json::member(declaration, "echo") != nullptr)
      fault(at + "/echo", "a section that is computed from others echoes nothing: that its inputs are about the right "
                          "customer is checked where they are looked up");
    const std::string here = at + "/from";
    if (!from.IsObject() || from.ObjectEmpty())
      return fault(here, "must be an object of inputs, one at least: {\"contact\": {\"shape\": \"contact/v1\"}}");
    if (from.MemberCount() > kMostInputs)
      return fault(here, "must have at most " + std::to_string(kMostInputs) + " inputs");
    for (const auto& entry : from.GetObject())
      read_input(json::text_of(entry.name), entry.value, json::pointer_append(here, json::text_of(entry.name)), spec);
  }

  void read_input(std::string_view name, const Value& value, const std::string& at, SectionSpec& spec) {
    if (!is_connector_name(name))
      fault(at, "an input's name is a small letter, then up to 31 small letters, digits or _");
    if (!value.IsObject()) return fault(at, "an input is an object: {\"shape\": \"contact/v1\", \"optional\": true}");
    InputSpec input{std::string(name), {}, false};
    for (const auto& entry : value.GetObject()) {
      const auto key = json::text_of(entry.name);
      if (key != "shape" && key != "optional")
        fault(json::pointer_append(at, key), "unknown member; an input has \"shape\" and \"optional\"");
    }
    input.shape = read_shape(value, at, "name the shape that the input must have, such as \"contact/v1\"");
    if (const Value* optional = json::member(value, "optional")) {
      if (!optional->IsBool()) fault(at + "/optional", "must be true or false");
      input.optional = optional->IsTrue();
    }
    spec.from.push_back(std::move(input));
  }

  std::string read_shape(const Value& declaration, const std::string& at, const char* advice) { // "" after a fault
    const Value* shape = json::member(declaration, "shape");
    if (shape != nullptr && shape->IsString() && shape->GetStringLength() > 0)
      return std::string(json::text_of(*shape));
    fault(at + "/shape", advice);
    return {};
  }

  std::string read_type(const Value& value, const std::string& at) { // "" after a fault
    if (!value.IsString()) {
      fault(at, "must be an identifier type, such as \"email\"");
      return {};
    }
    auto type = types_.resolve(json::text_of(value), connector_);
    if (!type) fault(at, types_.refusal(json::text_of(value)));
    return type.value_or("");
  }

  Need read_need(const Value& value, const std::string& at) {
    if (!value.IsObject()) return {read_type(value, at), false};
    Need need;
    const Value* type = json::member(value, "type");
    if (type == nullptr)
      fault(at, "name the identifier under \"type\": {\"type\": \"email\", \"verified\": true}");
    else
      need.type = read_type(*type, at + "/type");
    for (const auto& entry : value.GetObject()) {
      const auto key = json::text_of(entry.name);
      if (key != "type" && key != "verified")
        fault(json::pointer_append(at, key), "unknown member; a need has \"type\" and \"verified\"");
    }
    if (const Value* verified = json::member(value, "verified")) {
      if (!verified->IsBool()) fault(at + "/verified", "must be true or false");
      need.verified = verified->IsTrue();
    }
    return need;
  }

  void add_yield(std::string type, const std::string& at, SectionSpec& spec) {
    if (std::find(spec.yields.begin(), spec.yields.end(), type) != spec.yields.end())
      return fault(at, "\"" + type + "\" stands here twice: once is enough");
    spec.yields.push_back(std::move(type));
  }

  void read_yields(const Value& yields, const std::string& at, SectionSpec& spec) {
    if (yields.IsArray()) {
      for (rapidjson::SizeType i = 0; i < yields.Size(); ++i) {
        const std::string here = at + "/" + std::to_string(i);
        if (auto type = read_type(yields[i], here); !type.empty()) add_yield(std::move(type), here, spec);
      }
    } else if (yields.IsObject()) {
      for (const auto& entry : yields.GetObject()) {
        const std::string here = json::pointer_append(at, json::text_of(entry.name));
        if (auto type = read_type(entry.name, here); !type.empty()) add_yield(std::move(type), here, spec);
      }
    } else {
      fault(at, "must be a list of identifier types, or an object whose members are called after them");
    }
  }

  void read_echo(const Value& echo, const std::string& at, SectionSpec& spec) {
    if (!echo.IsObject())
      return fault(at, "must be an object from a JSON Pointer to an identifier: {\"/customer_id\": \"customer_id\"}");
    for (const auto& entry : echo.GetObject()) {
      const auto pointer = json::text_of(entry.name);
      const std::string here = json::pointer_append(at, pointer);
      if (pointer.empty() || !json::pointer_tokens(pointer))
        fault(here, "\"" + std::string(pointer) + "\" is no JSON Pointer: write it like \"/customer_id\"");
      if (auto type = read_type(entry.value, here); !type.empty()) {
        const bool ignore_case = types_.ignores_case(type);
        spec.echo.push_back({std::string(pointer), std::move(type), ignore_case});
      }
    }
  }

  std::string_view connector_;
  const IdentifierTypes& types_;
  std::vector<json::Fault>& faults_;
};

// The configuration says once for all sections of a connector what an input is.
void refuse_other_shapes(const SectionSpec& spec, const std::vector<SectionSpec>& before, const std::string& at,
                         std::vector<json::Fault>& faults) {
  for (const InputSpec& input : spec.from)
    for (const SectionSpec& other : before)
      for (const InputSpec& same : other.from)
        if (same.name == input.name && same.shape != input.shape)
          faults.push_back({json::pointer_append(at + "/from", input.name) + "/shape",
                            "is " + same.shape + " in the section \"" + other.name +
                                "\": an input's name means one section; give this one another name"});
}

} // namespace

std::vector<SectionSpec> read_section_specs(const Value& object, std::string_view at, std::string_view connector,
                                            std::vector<json::Fault>& faults) {
  std::vector<SectionSpec> specs;
  if (!object.IsObject()) {
    faults.push_back({std::string(at), "must be an object of sections by name: {\"contact\": {\"shape\": …}}"});
    return specs;
  }
  const IdentifierTypes types = IdentifierTypes::published();
  for (const auto& entry : object.GetObject()) {
    const std::size_t before = faults.size();
    SectionSpec spec;
    spec.name = json::text_of(entry.name);
    SpecReader(connector, types, faults).read(entry.value, json::pointer_append(at, spec.name), spec);
    if (faults.size() == before) refuse_other_shapes(spec, specs, json::pointer_append(at, spec.name), faults);
    if (faults.size() == before) specs.push_back(std::move(spec));
  }
  return specs;
}

std::vector<NeedGroup> read_needs(const Value& needs, std::string_view at, std::string_view connector,
                                  std::vector<json::Fault>& faults) {
  const IdentifierTypes types = IdentifierTypes::published();
  return SpecReader(connector, types, faults).read_groups(needs, std::string(at));
}

} // namespace plugboard::connector
