#include "core/connector/border.hpp"

#include "core/base/insist.hpp"
#include "core/connector/abi_text.hpp"
#include "core/connector/forever.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/tally.hpp"

#include <utility>

namespace plugboard::connector {

Border::Border(std::size_t homes, std::size_t places, std::size_t max_reply_bytes)
    : doorway_(make_for_ever<Doorway>(*this)), max_reply_bytes_(max_reply_bytes), calls_(homes), turnstile_(places) {}

void Border::open(const Services& services, std::vector<std::shared_ptr<Mailbox>> mailboxes) {
  services_ = services;
  mailboxes_ = std::move(mailboxes);
}

void Border::completed(const CallTable::Found& found, const plugboard_reply* reply) {
  if (found.call == nullptr) return report_miss(found.miss);
  OpenCall& call = *found.call;
  if (call.over || !send_answer(call, reply)) services_.tally->late();
  answer_settled(call);
}

// What has no memory is the copy of the answer; that the call failed can be said without.
bool Border::send_answer(const OpenCall& call, const plugboard_reply* reply) {
  try {
    return send(call.home, Arrived{call.id, copy_reply(reply, max_reply_bytes_)});
  } catch (const std::bad_alloc&) {
    bool sent = false;
    insist([&] {
      Arrived arrived{call.id, {}};
      arrived.reply.status = PLUGBOARD_BUSY;
      sent = send(call.home, std::move(arrived));
    });
    return sent;
  }
}

bool Border::completed(plugboard_call* handle, Reply reply) {
  const CallTable::Found found = calls_.take(handle);
  if (found.call == nullptr) return report_miss(found.miss), false;
  OpenCall& call = *found.call;
  const bool plugins_own = !reply.verdict;
  Message arrived = Arrived{call.id, std::move(reply)};
  bool sent = false;
  if (!call.over) insist([&] { sent = send(call.home, std::move(arrived)); });
  if (!sent && plugins_own) services_.tally->late();
  answer_settled(call);
  return true;
}

void Border::threw(plugboard_call* handle) {
  if (calls_.find(handle).call == nullptr) return;
  plugboard_reply reply{};
  reply.p = PLUGBOARD_PREFIX(plugboard_reply);
  reply.status = PLUGBOARD_INTERNAL;
  reply.message = str("its call() threw an exception");
  doorway_.complete(handle, &reply);
}

void Border::report_miss(CallTable::Miss miss) const {
  const bool twice = miss == CallTable::Miss::stale;
  services_.tally->violated(twice ? Violation::completed_twice : Violation::unknown_call);
  services_.log->noticed("plugin.protocol", twice ? "it completed a call that it had completed already"
                                                  : "it completed something that never was a call");
}

void Border::expect_answer(OpenCall& call, bool blocking) {
  call.holds = blocking ? 2 : 1;
  call.answer_held = true;
}

void Border::answer_settled(OpenCall& call) {
  if (call.answer_held.exchange(false)) release(call);
}

void Border::release(OpenCall& call) {
  if (--call.holds == 0) leave();
}

void Border::leave() {
  if (const auto next = turnstile_.leave())
    insist([&] { static_cast<void>(send(next->home, Admitted{next->call})); }); // closed: its desk ends it in any case
}

} // namespace plugboard::connector
