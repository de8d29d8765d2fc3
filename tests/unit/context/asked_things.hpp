// All that a connector can see of a question, and pairs that differ in one thing though they look alike: separators,
// NUL, text that moves over a border, NFC and NFD, case, the last byte of ten thousand, numbers against strings.
#pragma once

#include "core/base/random.hpp"
#include "core/context/answer_key.hpp"

#include <string>
#include <vector>

namespace plugboard::context::testing {

struct AskedThing {
  std::string connector = "crm", plugin = "rest", version = "1.0.0", fingerprint = "f1";
  std::size_t section = 0;
  std::string tenant = "default", language = "sv", purpose = "support", actor = "agent-1", audience, params = "{}";
  std::vector<Identifier> identifiers{{"email", "ada@example.com", true, "login"}};
  bool by_actor = true, by_purpose = true;

  Question question(const AnswerSourcePtr& source) const {
    return {source, section, tenant, language, purpose, actor, audience, params, identifiers};
  }
};

inline AnswerSourcePtr source_of(const AskedThing& thing, Metrics& metrics, std::uint64_t seed) {
  return std::make_shared<const AnswerSource>(SourceSpec{thing.connector,
                                                         thing.plugin,
                                                         thing.version,
                                                         thing.fingerprint,
                                                         thing.by_actor,
                                                         thing.by_purpose,
                                                         {"contact", "orders"},
                                                         {{}, {}}},
                                              seed, metrics);
}

struct DifferentPair {
  AskedThing a, b;
  std::string how;
};

// Two texts that are not the same, by one of the ways in which they are most easily taken for the same.
inline std::pair<std::string, std::string> alike(Random& random) {
  const std::string any = std::to_string(random.below(1'000'000));
  const std::string nul(1, '\0');
  switch (random.below(12)) {
  case 0:
    return {any + ":a", any + "a"};
  case 1:
    return {any + nul, any};
  case 2:
    return {any + nul, any + "%00"};
  case 3:
    return {"\u00e5" + any, "a\u030a" + any}; // NFC, NFD
  case 4:
    return {"Ada" + any, "ada" + any};
  case 5:
    return {std::string(10'240, 'x') + any + "1", std::string(10'240, 'x') + any + "2"};
  case 6:
    return {R"({"id":)" + any + "}", R"({"id":")" + any + R"("})"};
  case 7:
    return {any + " ", any};
  case 8:
    return {any + "|" + any, any + "\x1f" + any};
  case 9:
    return {"", nul};
  case 10:
    return {any, any + any};
  default:
    return {any + "/../" + any, any + "/" + any};
  }
}

inline DifferentPair different_pair(Random& random) {
  DifferentPair pair;
  auto &a = pair.a, &b = pair.b;
  std::string AskedThing::*const texts[] = {&AskedThing::connector,   &AskedThing::plugin, &AskedThing::version,
                                            &AskedThing::fingerprint, &AskedThing::tenant, &AskedThing::language,
                                            &AskedThing::purpose,     &AskedThing::actor,  &AskedThing::audience,
                                            &AskedThing::params};
  constexpr std::size_t kTexts = std::size(texts);
  const auto way = random.below(kTexts + 7);
  const auto [one, other] = alike(random);
  pair.how = std::to_string(way) + ": " + one + " / " + other;
  if (way < kTexts) {
    a.*texts[way] = one;
    b.*texts[way] = other;
    return pair;
  }
  switch (way - kTexts) {
  case 0:
    a.identifiers[0].value = one;
    b.identifiers[0].value = other;
    break;
  case 1:
    a.identifiers[0].type = one;
    b.identifiers[0].type = other;
    break;
  case 2:
    b.identifiers[0].verified = false;
    break;
  case 3:
    b.section = 1;
    break;
  case 4: { // over the border between two members: ("a", "bc"), ("ab", "c")
    const auto x = random.below(kTexts), y = (x + 1 + random.below(kTexts - 1)) % kTexts;
    a.*texts[x] = "a", a.*texts[y] = "bc";
    b.*texts[x] = "ab", b.*texts[y] = "c";
    break;
  }
  case 5: // over the border between two identifiers
    a.identifiers = {{"email", "a", true, "login"}, {"phone", "bc", true, "login"}};
    b.identifiers = {{"email", "ab", true, "login"}, {"phone", "c", true, "login"}};
    break;
  default: // one more
    b.identifiers.push_back({"phone", one, true, "login"});
    break;
  }
  return pair;
}

} // namespace plugboard::context::testing
