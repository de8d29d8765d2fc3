#include "core/connector/worker_services.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/host_http.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/host_secrets.hpp"

#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostExchanges = 1024; // an honest worker keeps below it by itself

} // namespace

struct WorkerServices::Asked { // one HTTP exchange, until it is answered: perhaps when its worker is long gone
  std::weak_ptr<WorkerLink> link;
  std::shared_ptr<std::atomic<std::size_t>> open;
  std::uint64_t exchange = 0;
};

WorkerServices::WorkerServices(const Border& border, std::shared_ptr<WorkerLink> link)
    : border_(border), link_(std::move(link)) {}

std::string_view WorkerServices::log(std::string_view body) const {
  const auto said = wire::read_said(body);
  if (!said) return "it sent a log line that is none";
  border_.services().log->said(said->level, said->message);
  return {};
}

std::string_view WorkerServices::http_send(std::string_view body) {
  if (!wire::read(body, send_)) return "it sent an HTTP request that is none";
  if (*open_ >= kMostExchanges) return "it has more HTTP requests under way than it may have";
  send_.request.call = reinterpret_cast<plugboard_call*>(static_cast<std::uintptr_t>(send_.call));
  auto asked = std::make_unique<Asked>(Asked{link_, open_, send_.exchange});
  ++*open_;
  const std::int32_t result = border_.services().http->send(&send_.request, asked.get(), &responded);
  if (result == PLUGBOARD_OK) return static_cast<void>(asked.release()), std::string_view(); // responded() has it
  plugboard_http_response unusable{};
  unusable.p = PLUGBOARD_PREFIX(plugboard_http_response);
  unusable.error = result;
  responded(asked.release(), &unusable);
  return {};
}

void WorkerServices::responded(void* user, const plugboard_http_response* response) {
  const std::unique_ptr<Asked> asked(static_cast<Asked*>(user));
  --*asked->open;
  if (const auto link = asked->link.lock())
    link->send([&](std::string& out) { wire::write_http_response(out, asked->exchange, *response); });
}

std::string_view WorkerServices::secret_get(std::string_view body) const {
  const auto get = wire::read_secret_get(body);
  if (!get) return "it asked for a secret in words that are none";

  struct Answer {
    WorkerLink& link;
    std::uint64_t question;
  } answer{*link_, get->question};

  const std::int32_t result =
      border_.services().secrets->get(str(get->handle), &answer, [](void* user, plugboard_str value) {
        const auto& to = *static_cast<Answer*>(user);
        to.link.send([&](std::string& out) {
          wire::write(out, wire::SecretValue{to.question, PLUGBOARD_OK, view(value)});
        });
      });
  if (result != PLUGBOARD_OK)
    link_->send([&](std::string& out) { wire::write(out, wire::SecretValue{get->question, result, {}}); });
  return {};
}

} // namespace plugboard::connector
