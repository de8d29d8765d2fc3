#include "core/connector/host_kv.hpp"

#include "core/connector/abi_text.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostUnderWay = 256; // of one connector: the store's queue is everybody's
constexpr Duration kUsualLife = std::chrono::hours(24), kLongestLife = 400 * kUsualLife;

void tell(void* user, HostKv::Done done, const KeptResult& kept) {
  plugboard_kv_result result{};
  result.p = PLUGBOARD_PREFIX(plugboard_kv_result);
  result.status = kept.status;
  result.version = kept.version;
  result.value = str(kept.value.reveal());
  done(user, &result);
}

} // namespace

std::int32_t HostKv::send(plugboard_call* call, plugboard_str key, Work work, void* user, Done done) const {
  if (settings_.kept == nullptr) return PLUGBOARD_UNSUPPORTED;
  if (done == nullptr || !is_readable(key)) return PLUGBOARD_FAILED;
  if (key.size == 0 || key.size > PLUGBOARD_KV_MOST_KEY_BYTES) return PLUGBOARD_TOO_LARGE;
  auto errand = std::make_unique<Errand>();
  KeptKey whose{{}, settings_.name, std::string(view(key))};
  std::size_t home = 0;
  if (call != nullptr) {
    const auto found = border_.calls().find(call);
    if (found.call == nullptr) return PLUGBOARD_CANCELLED; // completed already
    home = found.call->home;
    errand->call = found.call->id;
    whose.tenant = view(found.call->request.tenant);
  }
  errand->refuse = [user, done](std::int32_t outcome) { tell(user, done, {outcome, 0, {}}); };
  errand->run = [values = settings_.kept, whose = std::move(whose), work = std::move(work), under_way = under_way_,
                 user, done](const Errand::Finish& finish) {
    if (*under_way >= kMostUnderWay) return finish([user, done] { tell(user, done, {PLUGBOARD_BUSY, 0, {}}); });
    ++*under_way;
    std::shared_ptr<void> place(nullptr, [under_way](void*) { --*under_way; });
    work(*values, whose, [finish, place = std::move(place), user, done](KeptResult result) {
      finish([kept = std::make_shared<const KeptResult>(std::move(result)), user, done] { tell(user, done, *kept); });
    });
  };
  return border_.send(home, std::move(errand)) ? PLUGBOARD_OK : PLUGBOARD_CANCELLED;
}

std::int32_t HostKv::get(plugboard_call* call, plugboard_str key, void* user, Done done) const {
  const auto work = [](KeptValues& values, KeptKey whose, KeptValues::Done then) {
    values.get(std::move(whose), std::move(then));
  };
  return send(call, key, work, user, done);
}

std::int32_t HostKv::put(plugboard_call* call, plugboard_str key, plugboard_str value, std::int64_t ttl_ns,
                         std::int64_t only_if, void* user, Done done) const {
  if (!is_readable(value) || ttl_ns < 0 || only_if < PLUGBOARD_KV_ABSENT) return PLUGBOARD_FAILED;
  if (value.size > PLUGBOARD_KV_MOST_VALUE_BYTES) return PLUGBOARD_TOO_LARGE;
  const Duration life = ttl_ns == 0 ? kUsualLife : std::min(Duration(ttl_ns), kLongestLife);
  auto work = [kept = std::make_shared<Secret>(std::string(view(value))), life,
               only_if](KeptValues& values, KeptKey whose, KeptValues::Done then) {
    values.put(std::move(whose), std::move(*kept), life, only_if, std::move(then));
  };
  return send(call, key, std::move(work), user, done);
}

std::int32_t HostKv::remove(plugboard_call* call, plugboard_str key, std::int64_t only_if, void* user,
                            Done done) const {
  if (only_if < PLUGBOARD_KV_ANY) return PLUGBOARD_FAILED; // what is absent needs no removal
  const auto work = [only_if](KeptValues& values, KeptKey whose, KeptValues::Done then) {
    values.remove(std::move(whose), only_if, std::move(then));
  };
  return send(call, key, work, user, done);
}

} // namespace plugboard::connector
