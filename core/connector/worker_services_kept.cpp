// What the hub keeps for a plugin in a worker: values, rotated secrets, access tokens.
#include "core/connector/worker_services.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/host_kv.hpp"
#include "core/connector/host_oauth2.hpp"
#include "core/connector/host_secrets.hpp"
#include "core/wire/kept.hpp"

#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostErrands = 4096; // an honest worker keeps below it by itself

plugboard_call* handle_of(std::uint64_t number) {
  return reinterpret_cast<plugboard_call*>(static_cast<std::uintptr_t>(number));
}

} // namespace

// ask(Asked*): what the service answered at once. tell: for when it will not come back.
template <class Ask>
std::string_view WorkerServices::errand(std::uint64_t number, Ask ask, void (*tell)(Asked* asked, std::int32_t)) {
  if (*errands_ >= kMostErrands) return "it has more under way at the hub than it may have";
  auto asked = std::make_unique<Asked>(Asked{link_, errands_, number});
  ++*errands_;
  if (const std::int32_t result = ask(asked.get()); result != PLUGBOARD_OK)
    tell(asked.release(), result);
  else
    static_cast<void>(asked.release()); // whoever is told has it
  return {};
}

template <class Message>
void WorkerServices::answer(void* user, Message message) {
  const std::unique_ptr<Asked> asked(static_cast<Asked*>(user));
  --*asked->open;
  message.number = asked->number;
  if (const auto link = asked->link.lock()) link->send([&](std::string& out) { wire::write(out, message); });
}

std::string_view WorkerServices::kv_ask(std::string_view body) {
  const auto wanted = wire::read_kv_ask(body);
  if (!wanted) return "it asked for a kept value in words that are none";
  const auto told = [](void* user, const plugboard_kv_result* result) {
    answer(user, wire::KvTold{0, result->status, result->version, view(result->value)});
  };
  const auto ask = [&](Asked* asked) {
    const HostKv& kv = *border_.services().kv;
    auto* const call = handle_of(wanted->call);
    if (wanted->work == wire::KvWork::get) return kv.get(call, str(wanted->key), asked, told);
    if (wanted->work == wire::KvWork::remove) return kv.remove(call, str(wanted->key), wanted->only_if, asked, told);
    return kv.put(call, str(wanted->key), str(wanted->value), wanted->ttl_ns, wanted->only_if, asked, told);
  };
  return errand(wanted->number, ask, [](Asked* asked, std::int32_t result) {
    answer(asked, wire::KvTold{0, result, 0, {}});
  });
}

std::string_view WorkerServices::secret_replace(std::string_view body) {
  const auto wanted = wire::read_secret_replace(body);
  if (!wanted) return "it replaced a secret in words that are none";
  const auto told = [](void* user, std::int32_t outcome) { answer(user, wire::SecretReplaced{0, outcome}); };
  const auto ask = [&](Asked* asked) {
    return border_.services().secrets->replace(str(wanted->handle), str(wanted->value), asked, told);
  };
  return errand(wanted->number, ask, [](Asked* asked, std::int32_t result) {
    answer(asked, wire::SecretReplaced{0, result});
  });
}

std::string_view WorkerServices::token_ask(std::string_view body) {
  const auto wanted = wire::read_token_ask(body);
  if (!wanted) return "it asked for an access token in words that are none";
  const auto told = [](void* user, const plugboard_oauth2_token* token) {
    answer(user,
           wire::TokenTold{0, token->error, view(token->access_token), view(token->message), token->retry_after_ns});
  };
  const auto ask = [&](Asked* asked) {
    return border_.services().oauth2->token(handle_of(wanted->call), &wanted->client, asked, told);
  };
  return errand(wanted->number, ask, [](Asked* asked, std::int32_t result) {
    answer(asked, wire::TokenTold{0, result, {}, {}, 0});
  });
}

std::string_view WorkerServices::token_refused(std::string_view body) const {
  const auto refused = wire::read_token_refused(body);
  if (!refused) return "it said that a token was refused in words that are none";
  static_cast<void>(border_.services().oauth2->invalidate(&refused->client, str(refused->access_token)));
  return {};
}

} // namespace plugboard::connector
