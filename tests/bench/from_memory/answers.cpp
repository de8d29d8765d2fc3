#include "tests/bench/from_memory/answers.hpp"

#include "tests/bench/document.hpp"

#include <cstdlib>

namespace plugboard::bench {
namespace {

std::size_t number_in(std::string_view config) { // {"bytes": N}, which the hub has held against the schema
  return std::strtoull(std::string(config.substr(config.find_first_of("0123456789"))).c_str(), nullptr, 10);
}

// The systems' own document, with its orders again and again.
std::string filled(std::string_view customer, std::size_t bytes) {
  std::string text = document("memory", customer);
  const std::size_t begin = text.find('[') + 1;
  const std::string orders = "," + text.substr(begin, text.rfind(']') - begin);
  std::string more;
  while (text.size() + more.size() + orders.size() <= bytes) more += orders;
  return text.insert(text.rfind(']'), more);
}

} // namespace

Answers::Answers(std::string_view config) : bytes_(number_in(config)) {}

const Section& Answers::of(std::string_view customer) {
  const std::lock_guard lock(mutex_);
  const auto found = sections_.find(customer);
  if (found != sections_.end()) return found->second;
  Section section{.data = filled(customer, bytes_)};
  return sections_.emplace(std::string(customer), std::move(section)).first->second;
}

} // namespace plugboard::bench
