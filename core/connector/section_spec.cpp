#include "core/connector/section_spec.hpp"

#include "core/base/ids.hpp"
#include "core/connector/identifier_types.hpp"
#include "core/json/pointer.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

using Value = json::TreeValue;

// Reads one section's declaration. The faults it finds are counted, so that the caller can leave the section out.
class SpecReader {
 public:
  SpecReader(std::string_view connector, const IdentifierTypes& types, std::vector<json::Fault>& faults)
      : connector_(connector), types_(types), faults_(faults) {}

  void read(const Value& declaration, const std::string& at, SectionSpec& spec) {
    if (!declaration.IsObject()) return fault(at, "a section is an object: {\"shape\": …, \"needs\": …}");
    if (!is_connector_name(spec.name))
      fault(at, "a section's name is a small letter, then up to 31 small letters, digits or _");
    read_shape(declaration, at, spec);
    if (const Value* description = json::member(declaration, "description")) {
      if (!description->IsString()) fault(at + "/description", "must be a string");
      spec.description = json::text_of(*description);
    }
    if (const Value* needs = json::member(declaration, "needs")) spec.needs = read_groups(*needs, at + "/needs");
    if (const Value* yields = json::member(declaration, "yields")) read_yields(*yields, at + "/yields", spec);
    if (const Value* echo = json::member(declaration, "echo")) read_echo(*echo, at + "/echo", spec);
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

  void read_shape(const Value& declaration, const std::string& at, SectionSpec& spec) {
    const Value* shape = json::member(declaration, "shape");
    if (shape == nullptr || !shape->IsString() || shape->GetStringLength() == 0)
      return fault(at + "/shape", "name the shape that the section follows, such as \"contact/v1\" or \"record/v1\"");
    spec.shape = json::text_of(*shape);
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
