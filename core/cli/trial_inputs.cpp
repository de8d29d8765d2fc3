#include "core/cli/trial_inputs.hpp"

#include <algorithm>
#include <map>

namespace plugboard::cli {
namespace {

using conformance::Scenario;

constexpr std::string_view kCustomer = "customer_id";

std::map<std::string, std::string> shapes_of(const Scenario& scenario) { // by input
  std::map<std::string, std::string> shapes;
  for (const auto& section : scenario.sections)
    for (const auto& input : section.from) shapes.emplace(input.name, input.shape);
  return shapes;
}

const std::string& customer_of(conformance::Question& lookup, std::size_t index) {
  auto& known = lookup.identifiers;
  auto found = std::find_if(known.begin(), known.end(), [](const auto& each) { return each.type == kCustomer; });
  if (found == known.end())
    found = known.insert(known.end(), {std::string(kCustomer), "made-up-" + std::to_string(index + 1), true, {}});
  return found->value;
}

} // namespace

bool has_inputs(const Scenario& scenario) {
  return std::any_of(scenario.sections.begin(), scenario.sections.end(),
                     [](const auto& section) { return section.is_derived(); });
}

void add_inputs(Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.lookups.size(); ++i) {
    auto& lookup = scenario.lookups[i];
    if (lookup.inputs.empty()) continue;
    const auto place = kTrialInputsOrigin + ("/" + customer_of(lookup, i)) + "/";
    for (const auto& input : lookup.inputs)
      scenario.upstream.push_back(
          {.url = place + input.name,
           .answer = {.headers = {{"content-type", "application/json"}}, .body = std::string(input.data.view())}});
  }
}

void write_inputs(json::Writer& writer, const Scenario& scenario, const std::string& here) {
  writer.begin_object().member("plugin", kTrialInputsPlugin).key("config").begin_object().member("base_url", here);
  writer.key("sections").begin_object();
  for (const auto& [name, shape] : shapes_of(scenario)) {
    writer.key(name).begin_object().member("shape", shape).member("url", "/{customer_id}/" + name);
    writer.key("needs").begin_array().begin_array().value(kCustomer).end_array().end_array();
    writer.member("mapping", "identity").end_object();
  }
  writer.end_object().end_object().key("grants").begin_object();
  writer.key("egress").begin_array().value(conformance::grant_of(here)).end_array();
  writer.key("networks").begin_array().value("127.0.0.0/8").value("::1").end_array().end_object().end_object();
}

void write_from(json::Writer& writer, const Scenario& scenario) {
  writer.begin_object();
  for (const auto& [name, shape] : shapes_of(scenario)) writer.member(name, kTrialInputs + ("." + name));
  writer.end_object();
}

} // namespace plugboard::cli
