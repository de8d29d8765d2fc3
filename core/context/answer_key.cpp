#include "core/context/answer_key.hpp"

#include "core/context/keyed_hash.hpp"

#include <algorithm>

namespace plugboard::context {

namespace {

// What does not count for this connector is left out; that it does not is part of the source.
std::string_view actor_of(const Question& question) {
  return question.source->by_actor ? question.actor : std::string_view();
}

std::string_view purpose_of(const Question& question) {
  return question.source->by_purpose ? question.purpose : std::string_view();
}

} // namespace

AnswerKey::AnswerKey(const Question& question)
    : source_(question.source), section_(question.section), tenant_(question.tenant), language_(question.language),
      purpose_(purpose_of(question)), actor_(actor_of(question)), audience_(question.audience),
      params_(question.params), identifiers_(question.identifiers.begin(), question.identifiers.end()) {}

bool AnswerKey::is_of(const Question& question) const {
  return section_ == question.section && see_the_same(*source_, *question.source) && tenant_ == question.tenant &&
         params_ == question.params && language_ == question.language && purpose_ == purpose_of(question) &&
         actor_ == actor_of(question) && audience_ == question.audience &&
         std::equal(identifiers_.begin(), identifiers_.end(), question.identifiers.begin(), question.identifiers.end());
}

Question AnswerKey::question() const {
  return {source_, section_, tenant_, language_, purpose_, actor_, audience_, params_, identifiers_};
}

std::size_t AnswerKey::heap_bytes() const {
  using context::heap_bytes;
  std::size_t bytes = heap_bytes(identifiers_);
  for (const auto* text : {&tenant_, &language_, &purpose_, &actor_, &audience_, &params_}) bytes += heap_bytes(*text);
  return bytes;
}

std::size_t heap_bytes(const std::vector<Identifier>& identifiers) {
  std::size_t bytes = identifiers.capacity() * sizeof(Identifier);
  for (const auto& one : identifiers) bytes += heap_bytes(one.type) + heap_bytes(one.value) + heap_bytes(one.source);
  return bytes;
}

std::uint64_t hash_of(const Question& question, std::uint64_t seed) {
  KeyedHash hash(seed);
  hash.add(question.source->hash).add(std::uint64_t{question.section});
  hash.add(question.tenant).add(question.language).add(purpose_of(question)).add(actor_of(question));
  hash.add(question.audience).add(question.params).add(std::uint64_t{question.identifiers.size()});
  for (const auto& one : question.identifiers)
    hash.add(one.type).add(one.value).add(one.source).add(std::uint64_t{one.verified ? 1U : 0U});
  return hash.value();
}

} // namespace plugboard::context
