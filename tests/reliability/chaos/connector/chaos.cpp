// The chaos connector: behaves, unless a call's `params.mode`, or "init", "stop" or "destroy" in its configuration,
// names a mode. Built on the SDK; its table is wrapped, so that what leaves a call (an exception, say) leaves the
// plugin.
#include "deeds.hpp"
#include "modes.hpp"

#include <plugboard/plugin.hpp>

#include <atomic>
#include <chrono>
#include <memory>

namespace plugboard::chaos {

namespace {

// A member's value from the text of a flat JSON object that a test wrote; "" when it is not there.
std::string_view member(std::string_view json, std::string_view name) {
  const auto at = json.find("\"" + std::string(name) + "\"");
  if (at == json.npos) return {};
  auto begin = json.find_first_not_of(": ", at + name.size() + 2);
  if (begin == json.npos) return {};
  const char* const ends = json[begin] == '"' ? "\"" : ",} ";
  if (json[begin] == '"') ++begin;
  return json.substr(begin, json.find_first_of(ends, begin) - begin);
}

const Deed* find(std::string_view name) {
  for (const auto deeds : {crashes(), hangs(), bombs(), lies(), frames()})
    for (const auto& deed : deeds)
      if (deed.name == name) return &deed;
  return nullptr;
}

class Chaos : public Lookup { // its life; the calls go past it
 public:
  Chaos(Host host, std::string_view config)
      : host_(host), stop_(member(config, "stop")), destroy_(member(config, "destroy")) {
    run(member(config, "init"));
  }

  ~Chaos() { run(destroy_); }

  void stop() const { run(stop_); }

  Result<Section> lookup(const Request&) override { return Failure{Status::unsupported, "asked past its table"}; }

 private:
  void run(std::string_view mode) const {
    if (const auto* deed = find(mode)) static_cast<void>(deed->run({host_.raw(), nullptr, nullptr}));
  }

  const Host host_;
  const std::string stop_, destroy_;
};

using Proper = detail::Thunks<Chaos>;

struct Wrapped {
  const plugboard_host* host = nullptr;
  void* proper = nullptr;
  std::atomic<plugboard_call*> cancel_hangs{nullptr};
};

Wrapped& wrapped(void* instance) {
  return *static_cast<Wrapped*>(instance);
}

std::int32_t create(const plugboard_host* host, plugboard_str config, void** instance, plugboard_error* error) {
  auto made = std::make_unique<Wrapped>();
  made->host = host;
  const auto status = Proper::create(host, config, &made->proper, error);
  if (status == PLUGBOARD_OK) *instance = made.release();
  return status;
}

std::int32_t start(void* instance, plugboard_error* error) {
  return Proper::start(wrapped(instance).proper, error);
}

void call(void* instance, const plugboard_request* request, plugboard_call* handle) { // not noexcept: that is the point
  const Asked asked{wrapped(instance).host, request, handle};
  const auto mode = param(request, "mode");
  if (mode == "cancel_hangs") wrapped(instance).cancel_hangs = handle;
  Outcome outcome(After::answer);
  if (const auto* deed = find(mode)) outcome = deed->run(asked);
  if (outcome.after == After::answer) complete(asked, proper_data(request, outcome, customer_of(request)));
}

void cancel(void* instance, plugboard_call* handle) {
  if (handle == wrapped(instance).cancel_hangs) hang_in_cancel();
}

void stop(void* instance) {
  Proper::stop(wrapped(instance).proper);
}

void destroy(void* instance) {
  const std::unique_ptr<Wrapped> owned(&wrapped(instance));
  Proper::destroy(owned->proper);
}

} // namespace

std::string_view param(const plugboard_request* request, std::string_view name) {
  return request == nullptr ? std::string_view() : member(view(request->params), name);
}

std::string_view customer_of(const plugboard_request* request) {
  for (std::size_t i = 0; request != nullptr && i < request->identifier_count; ++i)
    if (view(request->identifiers[i].type) == "customer_id") return view(request->identifiers[i].value);
  return {};
}

std::string proper_data(const plugboard_request* request, const Outcome& outcome, std::string_view customer) {
  static const auto kSince = std::chrono::steady_clock::now().time_since_epoch().count(); // another in each process
  const auto marker = json_string(param(request, "marker"));
  if (request != nullptr && view(request->section) == "contact")
    return "{\"customer_id\":" + json_string(customer) + ",\"name\":" + marker + "}";
  return "{\"customer\":" + json_string(customer) + ",\"marker\":" + marker + ",\"since\":\"" + std::to_string(kSince) +
         "\",\"got\":" + std::to_string(outcome.got) + ",\"refused\":" + std::to_string(outcome.refused) + "}";
}

void complete(const Asked& asked, std::string_view data) {
  if (asked.call == nullptr) return;
  plugboard_reply reply = detail::reply_with(Status::ok);
  reply.data = str(data);
  asked.host->complete(asked.host, asked.call, &reply);
}

} // namespace plugboard::chaos

extern "C" PLUGBOARD_EXPORT_SYMBOL const plugboard_connector* plugboard_connector_entry_v1(void) {
  using namespace plugboard;
  static const plugboard_connector kTable{PLUGBOARD_PREFIX(plugboard_connector),
                                          PLUGBOARD_PLUGIN_NAME,
                                          PLUGBOARD_PLUGIN_VERSION,
                                          0,
                                          0,
                                          0,
                                          chaos::create,
                                          chaos::start,
                                          chaos::call,
                                          chaos::cancel,
                                          chaos::stop,
                                          chaos::destroy,
                                          nullptr};
  return &kTable;
}
