// Answers what a connector must not, by the ABI's own means.
#include "deeds.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

namespace plugboard::chaos {

namespace {

constexpr std::size_t kHuge = 100'000'000;

// An object that begins properly, then has this member, too.
Outcome with_member(const Asked& asked, std::string_view member) {
  auto data = proper_data(asked.request, After::answer, customer_of(asked.request));
  data.back() = ',';
  complete(asked, data.append(member).append("}"));
  return After::nothing;
}

Outcome huge_reply(const Asked& asked) { // held once only: a worker has not the memory for more
  std::string data;
  data.reserve(kHuge + 1024);
  data += proper_data(asked.request, After::answer, customer_of(asked.request));
  data.back() = ',';
  data.append("\"filler\":\"").append(kHuge, 'x').append("\"}");
  complete(asked, data);
  return After::nothing;
}

Outcome deep(const Asked& asked) {
  constexpr std::size_t kDepth = 100'000;
  return with_member(asked, "\"deep\":" + std::string(kDepth, '[') + std::string(kDepth, ']'));
}

Outcome bad_utf8(const Asked& asked) {
  return with_member(asked, "\"text\":\"\xc3(\"");
}

Outcome overlong_utf8(const Asked& asked) {
  return with_member(asked, "\"text\":\"\xc0\xaf\"");
}

Outcome lone_surrogate(const Asked& asked) {
  return with_member(asked, R"("text":"\udc00")");
}

Outcome duplicate_keys(const Asked& asked) {
  return with_member(asked, R"("twice":1,"twice":2)");
}

Outcome nan(const Asked& asked) {
  return with_member(asked, "\"number\":NaN");
}

Outcome huge_number(const Asked& asked) {
  return with_member(asked, "\"number\":1e999");
}

Outcome big_integer(const Asked& asked) {
  return with_member(asked, "\"number\":9223372036854775808");
}

Outcome nul(const Asked& asked) {
  return with_member(asked, std::string_view("\"text\":\"a\0b\"", 12));
}

Outcome nul_escaped(const Asked& asked) {
  return with_member(asked, R"("text":"a\u0000b")");
}

Outcome not_json(const Asked& asked) {
  complete(asked, "<!doctype html><title>503</title>");
  return After::nothing;
}

Outcome array(const Asked& asked) {
  complete(asked, "[" + proper_data(asked.request, After::answer, customer_of(asked.request)) + "]");
  return After::nothing;
}

// The next three make sense for the section `contact`, whose shape knows its members.
Outcome wrong_type(const Asked& asked) {
  return with_member(asked, R"("vip":"yes","emails":{"address":1})");
}

Outcome missing_field(const Asked& asked) {
  complete(asked, R"({"name":"nobody's id is here"})");
  return After::nothing;
}

Outcome extra_field(const Asked& asked) {
  return with_member(asked, R"("credit_card":"4111111111111111","emails":[{"address":"a@b.example","evil":1}])");
}

Outcome wrong_customer(const Asked& asked) {
  complete(asked, proper_data(asked.request, After::answer, "somebody-else"));
  return After::nothing;
}

Outcome with_reply(const Asked& asked, plugboard_reply reply) {
  reply.p = PLUGBOARD_PREFIX(plugboard_reply);
  asked.host->complete(asked.host, asked.call, &reply);
  return After::nothing;
}

Outcome undeclared_yield(const Asked& asked) {
  static constexpr plugboard_identifier kYield{{"order_id", 8}, {"1", 1}, {nullptr, 0}, 1, 0};
  plugboard_reply reply{};
  const auto data = proper_data(asked.request, After::answer, customer_of(asked.request));
  reply.status = PLUGBOARD_OK;
  reply.data = {data.data(), data.size()};
  reply.identifiers = &kYield;
  reply.identifier_count = 1;
  return with_reply(asked, reply);
}

Outcome unknown_status(const Asked& asked) {
  plugboard_reply reply{};
  reply.status = 4711;
  return with_reply(asked, reply);
}

Outcome garbage_reply(const Asked& asked) {
  plugboard_reply reply{};
  reply.p = {0x6b6e756a, 99, 99, 16, 7};
  asked.host->complete(asked.host, asked.call, &reply);
  return After::nothing;
}

Outcome no_reply(const Asked&) {
  return After::nothing;
}

Outcome two_replies(const Asked& asked) { // the second with what nobody may see
  complete(asked, proper_data(asked.request, After::answer, customer_of(asked.request)));
  complete(asked, proper_data(asked.request, After::answer, "second-reply"));
  return After::nothing;
}

Outcome late_reply(const Asked& asked) { // when nobody waits any more: it keeps its place until then
  const auto left = asked.request == nullptr ? 0 : asked.request->deadline_ns;
  std::this_thread::sleep_for(std::chrono::nanoseconds(left) + std::chrono::milliseconds(100));
  complete(asked, proper_data(asked.request, After::answer, customer_of(asked.request)));
  return After::nothing;
}

Outcome other_call(const Asked& asked) { // answers, with its own data, the call that was here before it, too
  static std::atomic<plugboard_call*> before{nullptr};
  const auto data = proper_data(asked.request, After::answer, customer_of(asked.request));
  if (auto* const earlier = before.exchange(asked.call)) complete({asked.host, asked.request, earlier}, data);
  complete(asked, data);
  return After::nothing;
}

Outcome invented_call(const Asked& asked) {
  const auto own = reinterpret_cast<std::uintptr_t>(asked.call);
  const auto data = proper_data(asked.request, After::answer, customer_of(asked.request));
  for (const std::uintptr_t handle : {own + 1, own ^ 0x10000, std::uintptr_t{1}, std::uintptr_t{0}, ~std::uintptr_t{0}})
    complete({asked.host, asked.request, reinterpret_cast<plugboard_call*>(handle)}, data);
  complete(asked, data);
  return After::nothing;
}

constexpr std::array kLies{
    Deed{"huge_reply", huge_reply},
    Deed{"deep", deep},
    Deed{"bad_utf8", bad_utf8},
    Deed{"overlong_utf8", overlong_utf8},
    Deed{"lone_surrogate", lone_surrogate},
    Deed{"duplicate_keys", duplicate_keys},
    Deed{"nan", nan},
    Deed{"huge_number", huge_number},
    Deed{"big_integer", big_integer},
    Deed{"nul", nul},
    Deed{"nul_escaped", nul_escaped},
    Deed{"not_json", not_json},
    Deed{"array", array},
    Deed{"wrong_type", wrong_type},
    Deed{"missing_field", missing_field},
    Deed{"extra_field", extra_field},
    Deed{"wrong_customer", wrong_customer},
    Deed{"undeclared_yield", undeclared_yield},
    Deed{"unknown_status", unknown_status},
    Deed{"garbage_reply", garbage_reply},
    Deed{"no_reply", no_reply},
    Deed{"two_replies", two_replies},
    Deed{"late_reply", late_reply},
    Deed{"other_call", other_call},
    Deed{"invented_call", invented_call},
};

} // namespace

std::span<const Deed> lies() {
  return kLies;
}

} // namespace plugboard::chaos
