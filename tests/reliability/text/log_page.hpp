// A whole log, read as whoever collects logs reads it: line by line, each a JSON object. Values.
#pragma once

#include "tests/support/json.hpp"

#include <string>
#include <vector>

namespace plugboard::test {

struct LogPage {
  std::vector<Json> events;
  std::vector<std::string> faults; // lines that are no event, or hold what a line may not
};

LogPage read_log(const std::string& log);

// What is wrong with a page of metrics in Prometheus' text format, ""; and how many series it has.
struct MetricsPage {
  std::string fault;
  std::size_t series = 0;
};

MetricsPage read_metrics(const std::string& page);

} // namespace plugboard::test
