// What a connector sees of a question, and so what its answer belongs to. Compared field by field, never joined to one
// text. Values.
#pragma once

#include "core/base/identifier.hpp"
#include "core/context/answer_source.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::context {

struct Question { // views of what the request holds
  const AnswerSourcePtr& source;
  std::size_t section = 0; // position in the connector's sections
  std::string_view tenant{}, language{}, purpose{}, actor{};
  std::string_view audience{}; // of a delegated token: no connector gets one yet
  std::string_view params = "{}";
  std::span<const Identifier> identifiers{};
};

class AnswerKey {
 public:
  explicit AnswerKey(const Question& question);

  bool is_of(const Question& question) const;

  friend bool operator==(const AnswerKey& a, const AnswerKey& b) { return a.is_of(b.question()); }

  Question question() const; // views of this

  const AnswerSource& source() const { return *source_; }

  const std::string& tenant() const { return tenant_; }

  const std::string& section() const { return source_->sections[section_]; }

  std::size_t heap_bytes() const; // beside itself

 private:
  AnswerSourcePtr source_;
  std::size_t section_;
  std::string tenant_, language_, purpose_, actor_, audience_, params_;
  std::vector<Identifier> identifiers_;
};

std::uint64_t hash_of(const Question& question, std::uint64_t seed);

// What a text takes beside itself.
inline std::size_t heap_bytes(const std::string& text) {
  return text.capacity() < sizeof(std::string) / 2 ? 0 : text.capacity() + 1;
}

std::size_t heap_bytes(const std::vector<Identifier>& identifiers);

} // namespace plugboard::context
