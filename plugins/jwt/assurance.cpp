#include "plugins/jwt/assurance.hpp"

#include "plugins/jwt/strict_json.hpp"

#include <algorithm>
#include <array>

namespace jwt {
namespace {

enum class Factor { knows = 1, has, is };

struct Method {
  std::string_view name;
  Factor factor;
};

// RFC 8176. Left out: what names no factor (mfa, mca, rba, geo, user, wia).
constexpr std::array<Method, 14> kMethods{{{"pwd", Factor::knows},
                                           {"pin", Factor::knows},
                                           {"kba", Factor::knows},
                                           {"otp", Factor::has},
                                           {"sms", Factor::has},
                                           {"tel", Factor::has},
                                           {"hwk", Factor::has},
                                           {"swk", Factor::has},
                                           {"sc", Factor::has},
                                           {"face", Factor::is},
                                           {"fpt", Factor::is},
                                           {"iris", Factor::is},
                                           {"retina", Factor::is},
                                           {"vbm", Factor::is}}};

template <class Visit>
void each_method(const Value& claims, Visit visit) {
  auto* amr = member(claims, "amr");
  if (!amr || !amr->IsArray()) return;
  for (const auto& method : amr->GetArray())
    if (method.IsString()) visit(text_of(method));
}

bool has_two_factors(const Value& claims) {
  unsigned seen = 0;
  each_method(claims, [&](std::string_view name) {
    auto* known = std::find_if(kMethods.begin(), kMethods.end(), [&](const Method& m) { return m.name == name; });
    if (known != kMethods.end()) seen |= 1u << static_cast<unsigned>(known->factor);
  });
  return (seen & (seen - 1)) != 0;
}

} // namespace

bool is_level(std::string_view text) {
  return text == "aal1" || text == "aal2" || text == "aal3";
}

std::string assurance_of(const Value& claims, const AssuranceRules& rules) {
  std::string level = rules.otherwise;
  auto raise = [&](const LevelByName& table, std::string_view name) {
    if (auto found = table.find(name); found != table.end()) level = std::max(level, found->second);
  };
  if (auto acr = text_member(claims, "acr")) raise(rules.acr, *acr);
  each_method(claims, [&](std::string_view name) { raise(rules.amr, name); });
  if (has_two_factors(claims)) level = std::max(level, rules.two_factors);
  return level;
}

} // namespace jwt
