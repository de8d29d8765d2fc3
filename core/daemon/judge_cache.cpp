#include "core/daemon/build.hpp"
#include "core/json/pointer.hpp"

#include <algorithm>

namespace plugboard::daemon {

namespace {

constexpr Duration kMostNotFound = std::chrono::seconds(5); // unless it is said otherwise

} // namespace

context::SourceSpec judge_cache(const ConnectorConfig& read, const connector::Settings& settings,
                                std::string fingerprint, std::vector<json::Fault>& faults) {
  const auto& cache = read.cache;
  const auto& manifest = settings.plugin.manifest;
  context::SourceSpec spec{
      read.name, manifest.name, manifest.version, std::move(fingerprint), cache.by_actor, cache.by_purpose, {}, {}};
  for (const auto& section : settings.sections) {
    const auto own = cache.sections.find(section.name);
    context::KeepingRules rules;
    rules.fresh = own == cache.sections.end() ? cache.fresh : own->second;
    rules.revalidate = cache.revalidate;
    rules.if_error = cache.if_error;
    rules.not_found = cache.not_found.value_or(std::min(rules.fresh, kMostNotFound));
    if (section.is_derived()) rules = {};
    spec.sections.push_back(section.name);
    spec.rules.push_back(rules);
  }
  const auto is_derived = [](const connector::SectionSpec& section) { return section.is_derived(); };
  if (cache.fresh > Duration::zero() && !settings.sections.empty() &&
      std::all_of(settings.sections.begin(), settings.sections.end(), is_derived))
    faults.push_back(
        {read.pointer + "/cache_ttl_ms",
         "this connector's sections are computed from others and never kept; take it away, and keep those"});
  for (const auto& section : settings.sections)
    if (section.is_derived() && cache.sections.contains(section.name))
      faults.push_back({json::pointer_append(read.pointer + "/cache/sections", section.name),
                        "is computed from other sections and never kept; take it away, and keep those"});
  for (const auto& [name, time] : cache.sections) {
    if (std::find(spec.sections.begin(), spec.sections.end(), name) != spec.sections.end()) continue;
    std::string known;
    for (const auto& section : spec.sections) known += (known.empty() ? "" : ", ") + section;
    faults.push_back({json::pointer_append(read.pointer + "/cache/sections", name),
                      known.empty() ? "this connector has no sections to keep; take it away"
                                    : "is none of this connector's sections; they are " + known});
  }
  return spec;
}

} // namespace plugboard::daemon
