// From a connector class to the ABI's table. Each function of the table is a root: noexcept, and whatever the author's
// code throws ends here as an answer.
#pragma once

#include <plugboard/host.hpp>
#include <plugboard/operations.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <type_traits>

namespace plugboard::detail {

// A connector and its open calls. Made by create, ended by destroy.
template <class Connector>
class Instance {
 public:
  template <class Operation>
  static constexpr bool offers = std::is_base_of_v<Operation, Connector>;

  template <class Now, class Later>
  static constexpr bool twice = std::conjunction_v<std::is_base_of<Now, Connector>, std::is_base_of<Later, Connector>>;

  template <class Now, class Later>
  static constexpr bool either = offers<Now> || offers<Later>;

  static_assert(either<Lookup, AsyncLookup> || either<Derive, AsyncDerive> || either<Authenticate, AsyncAuthenticate> ||
                    either<Export, AsyncExport> || either<Erase, AsyncErase>,
                "a connector derives from the operations it offers: Lookup, Derive, Authenticate, Export, Erase, or "
                "these with Async before");
  static_assert(!twice<Lookup, AsyncLookup> && !twice<Derive, AsyncDerive> && !twice<Authenticate, AsyncAuthenticate> &&
                    !twice<Logout, AsyncLogout> && !twice<Export, AsyncExport> && !twice<Erase, AsyncErase> &&
                    !twice<Health, AsyncHealth>,
                "a connector answers an operation either on the spot or later (Async...)");

  Instance(const plugboard_host* host, std::string_view config) : host_(host), connector_(Host(host), config) {}

  void start() {
    if constexpr (requires { connector_.start(); }) connector_.start();
  }

  // Tells the calls that still run to end, lets the author end his threads, waits for the calls. Once.
  void stop() {
    if (std::exchange(stopped_, true)) return;
    open_.cancel_all();
    if constexpr (requires { connector_.stop(); }) connector_.stop();
    if (!open_.wait_until_none(kPatience)) log("stopped with calls that nobody has answered yet");
  }

  void call(const plugboard_request& request, plugboard_call* handle) {
    if (request.operation == PLUGBOARD_LOOKUP) return lookup(request, handle);
    if (request.operation == PLUGBOARD_DERIVE) return derive(request, handle);
    if (request.operation == PLUGBOARD_AUTHENTICATE) return authenticate(request, handle);
    if (request.operation == PLUGBOARD_LOGOUT) return logout(request, handle);
    if (request.operation == PLUGBOARD_EXPORT_SUBJECT) return export_subject(request, handle);
    if (request.operation == PLUGBOARD_ERASE_SUBJECT) return erase_subject(request, handle);
    complete(host_, handle, Failure{Status::unsupported, "this connector does not know this operation"});
  }

  static constexpr bool has_health = either<Health, AsyncHealth>;

  void check_health(const plugboard_request& request, plugboard_call* handle) {
    if constexpr (offers<AsyncHealth>)
      answer_later(request, handle, [&](const Request& r, Call c) { as<AsyncHealth>().check_health(r, std::move(c)); });
    else
      answer_now(request, handle, [&](const Request& r) { return as<Health>().check_health(r); });
  }

  void cancel(plugboard_call* handle) noexcept { open_.cancel(handle); }

  void out_of_memory(plugboard_call* handle) const noexcept { complete_out_of_memory(host_, handle); }

  // Destroying what a call still uses would be worse than keeping it: an instance that can't end stays.
  bool may_be_destroyed() { return open_.wait_until_none(std::chrono::nanoseconds(0)); }

  void log(const char* what) const noexcept { host_->log(host_, PLUGBOARD_LOG_ERROR, str(what)); }

 private:
  static constexpr std::chrono::seconds kPatience{2}; // for calls to end once they were told to

  void lookup(const plugboard_request& request, plugboard_call* handle) {
    if constexpr (offers<AsyncLookup>)
      answer_later(request, handle, [&](const Request& r, Call c) { as<AsyncLookup>().lookup(r, std::move(c)); });
    else if constexpr (offers<Lookup>)
      answer_now(request, handle, [&](const Request& r) { return as<Lookup>().lookup(r); });
    else
      complete(host_, handle, Failure{Status::unsupported, "this connector looks nothing up"});
  }

  void derive(const plugboard_request& request, plugboard_call* handle) {
    if constexpr (offers<AsyncDerive>)
      answer_later(request, handle, [&](const Request& r, Call c) { as<AsyncDerive>().derive(r, std::move(c)); });
    else if constexpr (offers<Derive>)
      answer_now(request, handle, [&](const Request& r) { return as<Derive>().derive(r); });
    else
      complete(host_, handle, Failure{Status::unsupported, "this connector computes no section from others"});
  }

  void authenticate(const plugboard_request& request, plugboard_call* handle) {
    if constexpr (offers<AsyncAuthenticate>)
      answer_later(request, handle,
                   [&](const Request& r, Call c) { as<AsyncAuthenticate>().authenticate(r, std::move(c)); });
    else if constexpr (offers<Authenticate>)
      answer_now(request, handle, [&](const Request& r) { return as<Authenticate>().authenticate(r); });
    else
      complete(host_, handle, Failure{Status::unsupported, "this connector authenticates nobody"});
  }

  void logout(const plugboard_request& request, plugboard_call* handle) {
    if constexpr (offers<AsyncLogout>)
      answer_later(request, handle, [&](const Request& r, Call c) { as<AsyncLogout>().logout(r, std::move(c)); });
    else if constexpr (offers<Logout>)
      answer_now(request, handle, [&](const Request& r) { return as<Logout>().logout(r); });
    else
      complete(host_, handle, Failure{Status::unsupported, "this connector hears of no logouts"});
  }

  void export_subject(const plugboard_request& request, plugboard_call* handle) {
    if constexpr (offers<AsyncExport>)
      answer_later(request, handle,
                   [&](const Request& r, Call c) { as<AsyncExport>().export_subject(r, std::move(c)); });
    else if constexpr (offers<Export>)
      answer_now(request, handle, [&](const Request& r) { return as<Export>().export_subject(r); });
    else
      complete(host_, handle, Failure{Status::unsupported, "this connector exports nothing"});
  }

  void erase_subject(const plugboard_request& request, plugboard_call* handle) {
    if constexpr (offers<AsyncErase>)
      answer_later(request, handle, [&](const Request& r, Call c) { as<AsyncErase>().erase_subject(r, std::move(c)); });
    else if constexpr (offers<Erase>)
      answer_now(request, handle, [&](const Request& r) { return as<Erase>().erase_subject(r); });
    else
      complete(host_, handle, Failure{Status::unsupported, "this connector erases nothing"});
  }

  template <class Operation>
  Operation& as() {
    return connector_;
  }

  template <class F>
  void answer_later(const plugboard_request& request, plugboard_call* handle, F ask) {
    auto open = std::make_shared<OpenCall>(open_, host_, request, handle);
    Guard::run(*open, [&] { ask(open->request(), Call(open)); });
  }

  template <class F>
  void answer_now(const plugboard_request& request, plugboard_call* handle, F ask) {
    OpenCall open(open_, host_, request, handle);
    try {
      auto result = ask(open.request());
      if (result)
        open.answer(*result);
      else
        open.answer(result.failure());
    } catch (const std::exception& e) {
      open.answer(Failure{Status::internal, e.what()});
    } catch (...) {
      open.answer(Failure{Status::internal, "it threw something that is no std::exception"});
    }
  }

  const plugboard_host* host_;
  OpenCalls open_;
  Connector connector_;
  bool stopped_ = false;
};

// The message, cut to the room there is, never within a character.
inline std::int32_t refuse(plugboard_error* error, Status status, std::string_view message) noexcept {
  if (error) {
    std::size_t size = std::min(message.size(), sizeof(error->message) - 1);
    while (size < message.size() && size > 0 && (static_cast<unsigned char>(message[size]) & 0xc0) == 0x80) --size;
    std::memcpy(error->message, message.data(), size);
    error->message[size] = '\0';
    error->code = static_cast<std::int32_t>(status);
  }
  return static_cast<std::int32_t>(status);
}

template <class F>
std::int32_t begin(plugboard_error* error, F&& author) noexcept {
  try {
    std::forward<F>(author)();
    return PLUGBOARD_OK;
  } catch (const std::exception& e) {
    return refuse(error, Status::failed, e.what());
  } catch (...) {
    return refuse(error, Status::internal, "it threw something that is no std::exception");
  }
}

template <class Connector>
struct Thunks {
  using Live = Instance<Connector>;

  static std::int32_t create(const plugboard_host* host, plugboard_str config, void** instance,
                             plugboard_error* error) noexcept {
    return begin(error, [&] { *instance = std::make_unique<Live>(host, view(config)).release(); });
  }

  static std::int32_t start(void* instance, plugboard_error* error) noexcept {
    return begin(error, [&] { static_cast<Live*>(instance)->start(); });
  }

  static void call(void* instance, const plugboard_request* request, plugboard_call* call) noexcept {
    auto& live = *static_cast<Live*>(instance);
    try {
      live.call(*request, call);
    } catch (...) { // what the author's code throws is answered further in; this is memory for the call itself
      live.out_of_memory(call);
    }
  }

  static void check_health(void* instance, const plugboard_request* request, plugboard_call* call) noexcept {
    auto& live = *static_cast<Live*>(instance);
    try {
      live.check_health(*request, call);
    } catch (...) { // as above
      live.out_of_memory(call);
    }
  }

  static const void* extension(void*, const char* id) noexcept {
    static const plugboard_health_v1 health{PLUGBOARD_PREFIX(plugboard_health_v1), &check_health};
    return std::string_view(id) == PLUGBOARD_HEALTH_V1 ? &health : nullptr;
  }

  static void cancel(void* instance, plugboard_call* call) noexcept { static_cast<Live*>(instance)->cancel(call); }

  static void stop(void* instance) noexcept {
    auto& live = *static_cast<Live*>(instance);
    try {
      live.stop();
    } catch (const std::exception& e) {
      live.log(e.what());
    } catch (...) {
      live.log("stop threw something that is no std::exception");
    }
  }

  static void destroy(void* instance) noexcept {
    if (!instance) return;
    stop(instance);
    std::unique_ptr<Live> live(static_cast<Live*>(instance));
    if (!live->may_be_destroyed()) {
      live->log("kept, not destroyed: calls still run in it");
      static_cast<void>(live.release());
    }
  }
};

template <class Connector>
constexpr auto extension_of() noexcept -> decltype(plugboard_connector::extension) {
  if constexpr (Instance<Connector>::has_health)
    return &Thunks<Connector>::extension;
  else
    return nullptr;
}

template <class Connector>
const plugboard_connector* table(const char* name, const char* version, std::uint16_t min_host_minor = 0) noexcept {
  using T = Thunks<Connector>;
  static const plugboard_connector made{PLUGBOARD_PREFIX(plugboard_connector),
                                        name,
                                        version,
                                        min_host_minor,
                                        0,
                                        0,
                                        &T::create,
                                        &T::start,
                                        &T::call,
                                        &T::cancel,
                                        &T::stop,
                                        &T::destroy,
                                        extension_of<Connector>()};
  return &made;
}

} // namespace plugboard::detail
