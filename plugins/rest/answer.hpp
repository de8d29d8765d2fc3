// What a system answered, turned into a section or into the reason why there is none. Pure functions of the response.
#pragma once

#include "plugins/rest/settings.hpp"

namespace plugboard::rest {

// 404, 410 and 204: not_found. 401, 403: upstream_unauthorized. 429: upstream_rate_limited. 5xx: upstream_failed. Other
// 3xx and 4xx: upstream_refused. A 2xx that is not the whole answer as JSON: upstream_malformed. No answer: the hub's
// own reason. `now` is for a Retry-After that is a date.
Result<Section> read_answer(const SectionSettings& settings, const HttpResponse& response,
                            std::chrono::sys_seconds now);

// The same, where the section is the body of the response as it came, without a copy. None: ask read_answer().
std::optional<PassedOn> pass_on(const SectionSettings& settings, const HttpResponse& response);

} // namespace plugboard::rest
