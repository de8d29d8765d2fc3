#include "core/connector/worker_services.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/host_clock.hpp"
#include "core/connector/host_http.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/host_metrics.hpp"
#include "core/connector/host_secrets.hpp"

#include "core/wire/services.hpp"

#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostExchanges = 1024; // an honest worker keeps below these by itself
constexpr std::size_t kMostAlarms = 4096;

} // namespace

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
    link->send([&](std::string& out) { wire::write_http_response(out, asked->number, *response); });
}

std::string_view WorkerServices::alarm_set(std::string_view body) {
  const auto set = wire::read_alarm_set(body);
  if (!set) return "it asked to be told of a time in words that are none";
  if (*alarms_ >= kMostAlarms) return "it has more alarms under way than it may have";
  auto asked = std::make_unique<Asked>(Asked{link_, alarms_, set->alarm});
  ++*alarms_;
  auto* const call = reinterpret_cast<plugboard_call*>(static_cast<std::uintptr_t>(set->call));
  const std::int32_t result = border_.services().clock->after(call, set->after_ns, asked.get(), &alarm_over);
  if (result != PLUGBOARD_OK)
    alarm_over(asked.release(), result);
  else
    static_cast<void>(asked.release()); // alarm_over() has it
  return {};
}

void WorkerServices::alarm_over(void* user, std::int32_t outcome) {
  const std::unique_ptr<Asked> asked(static_cast<Asked*>(user));
  --*asked->open;
  if (const auto link = asked->link.lock())
    link->send([&](std::string& out) { wire::write(out, wire::AlarmOver{asked->number, outcome}); });
}

std::string_view WorkerServices::measured(std::string_view body) const {
  const auto measured = wire::read_measured(body);
  if (!measured) return "it counted in words that are none";
  const HostMetrics& metrics = *border_.services().metrics;
  if (measured->refused > 0) metrics.refused(measured->refused);
  for (const wire::Measure& one : measured->measures)
    if (!metrics.record(one.metric, one.series, one.value)) return "it counted what its manifest does not declare";
  return {};
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
