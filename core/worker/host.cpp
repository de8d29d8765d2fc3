#include "core/worker/host.hpp"

#include "core/connector/guard.hpp"
#include "core/wire/abi_text.hpp"
#include "core/wire/reply.hpp"

#include <cstddef>
#include <type_traits>

namespace plugboard::worker {

Host::Host(const wire::Setup& setup, Inbox& inbox, Outbox& outbox)
    : door_{make_host_table(), this}, max_reply_bytes_(setup.max_reply_bytes), outbox_(outbox), exchanges_(outbox),
      questions_(inbox, outbox), files_(setup), tunnels_(setup), alarms_(outbox), errands_(outbox),
      measures_(setup, outbox, alarms_, clock_) {}

Host& Host::of(const plugboard_host* table) {
  static_assert(std::is_standard_layout_v<Door> && offsetof(Door, host) == 0);
  return *reinterpret_cast<const Door*>(table)->owner;
}

void Host::log(std::int32_t level, std::string_view message) {
  outbox_.send([&](std::string& out) { wire::write(out, wire::Said{level, message.substr(0, wire::kMostMessage)}); });
}

void Host::complete(plugboard_call* handle, const plugboard_reply* reply) {
  const auto number = reinterpret_cast<std::uintptr_t>(handle);
  std::string_view data;
  const wire::Reply copy = wire::copy_reply(reply, max_reply_bytes_, data);
  outbox_.send([&](std::string& out) { wire::write_answer(out, number, copy, data.size()); }, data);
  calls_.close(number);
}

std::int32_t Host::secret(std::string_view handle, void* user, void (*receive)(void* user, plugboard_str value)) {
  if (receive == nullptr) return PLUGBOARD_FAILED;
  const Questions::Answer answer = questions_.secret(handle);
  if (answer.result != PLUGBOARD_OK) return answer.result;
  const bool received = connector::guarded([&] { receive(user, wire::str(answer.value.reveal())); });
  return received ? PLUGBOARD_OK : PLUGBOARD_INTERNAL;
}

} // namespace plugboard::worker
