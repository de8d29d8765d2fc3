#include "core/context/answer_source.hpp"

#include "core/context/keyed_hash.hpp"

#include <tuple>

namespace plugboard::context {

namespace {

auto what_tells(const AnswerSource& source) {
  return std::tie(source.connector, source.fingerprint, source.plugin, source.version, source.by_actor,
                  source.by_purpose);
}

Counter& counter(Metrics& metrics, const std::string& connector, std::string_view result) {
  return metrics.counter("plugboard_cache_lookups_total", "Sections looked for among kept answers, and how that went",
                         {{"connector", connector}, {"result", result}});
}

} // namespace

AnswerSource::AnswerSource(SourceSpec spec, std::uint64_t seed, Metrics& metrics)
    : SourceSpec(std::move(spec)), hash(KeyedHash(seed)
                                            .add(connector)
                                            .add(fingerprint)
                                            .add(plugin)
                                            .add(version)
                                            .add(by_actor ? 1 : 0)
                                            .add(by_purpose ? 1 : 0)
                                            .value()),
      hits(counter(metrics, connector, "hit")), misses(counter(metrics, connector, "miss")),
      stale(counter(metrics, connector, "stale")), shared(counter(metrics, connector, "shared")) {}

bool see_the_same(const AnswerSource& a, const AnswerSource& b) {
  return &a == &b || what_tells(a) == what_tells(b);
}

} // namespace plugboard::context
