// What the connector knows: a document of the shape orders/v1 and of one size for each customer, made at the first
// question. [any thread]
#pragma once

#include <plugboard/plugin.hpp>

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace plugboard::bench {

class Answers {
 public:
  explicit Answers(std::string_view config);

  const Section& of(std::string_view customer); // lives as long as this

 private:
  const std::size_t bytes_;
  std::mutex mutex_;
  std::map<std::string, Section, std::less<>> sections_;
};

} // namespace plugboard::bench
