// A few small values that outlive a call, and the hub: kept for this connector and the call's tenant, encrypted, until
// their time is over. From Host::kv(); alive as long as the host. [any thread]
#pragma once

#include <plugboard/detail/ask.hpp>
#include <plugboard/host_kv.h>

namespace plugboard {

// What became of it. A view, alive during the handler it is given to. status(): ok; not_found: nothing is there;
// conflict: something else is there than only_if says; too_large: the connector's place for this tenant is full, or it
// is no key or value; busy, failed, cancelled.
class KvResult {
 public:
  explicit KvResult(const plugboard_kv_result& result) : result_(&result) {}

  explicit operator bool() const { return result_->status == PLUGBOARD_OK; }

  Status status() const { return static_cast<Status>(result_->status); }

  std::int64_t version() const { return result_->version; } // of what is there now; for KvWrite::only_if

  std::string_view value() const { return view(result_->value); } // get

 private:
  const plugboard_kv_result* result_;
};

// The same to keep.
struct KvReply {
  KvReply() = default;

  explicit KvReply(const plugboard_kv_result& result)
      : status(static_cast<Status>(result.status)), version(result.version), value(view(result.value)) {}

  explicit operator bool() const { return status == Status::ok; }

  Status status = Status::internal;
  std::int64_t version = 0;
  std::string value{};
};

struct KvWrite {
  std::chrono::nanoseconds ttl{0};         // 0: a day
  std::int64_t only_if = PLUGBOARD_KV_ANY; // a version, PLUGBOARD_KV_ABSENT: two calls never overwrite each other
};

class HostKv {
  using Done = void (*)(void* user, const plugboard_kv_result* result);

  auto get_of(std::string_view key) const {
    return [this, key](plugboard_call* call, void* user, Done done) {
      return kv_->get(host_, call, str(key), user, done);
    };
  }

  auto put_of(std::string_view key, std::string_view value, KvWrite write) const {
    return [this, key, value, write](plugboard_call* call, void* user, Done done) {
      return kv_->put(host_, call, str(key), str(value), write.ttl.count(), write.only_if, user, done);
    };
  }

  auto remove_of(std::string_view key, std::int64_t only_if) const {
    return [this, key, only_if](plugboard_call* call, void* user, Done done) {
      return kv_->remove(host_, call, str(key), only_if, user, done);
    };
  }

 public:
  explicit HostKv(const plugboard_host* host)
      : host_(host), kv_(static_cast<const plugboard_host_kv_v1*>(host->extension(host, PLUGBOARD_HOST_KV_V1))) {}

  // Each goes on in then(Call, const KvResult&), once, on the call's thread; then must not block.
  template <class F>
  void get(std::string_view key, Call call, F then) const {
    for_call(std::move(call), std::move(then), get_of(key));
  }

  template <class F>
  void put(std::string_view key, std::string_view value, KvWrite write, Call call, F then) const {
    for_call(std::move(call), std::move(then), put_of(key, value, write));
  }

  template <class F>
  void remove(std::string_view key, std::int64_t only_if, Call call, F then) const {
    for_call(std::move(call), std::move(then), remove_of(key, only_if));
  }

  // The same for the connector itself, in a place of no tenant: then(const KvResult&) once, on a thread of the hub.
  // Anything but ok: it won't be.
  template <class F>
  Status get(std::string_view key, F then) const {
    return alone(std::move(then), get_of(key));
  }

  template <class F>
  Status put(std::string_view key, std::string_view value, KvWrite write, F then) const {
    return alone(std::move(then), put_of(key, value, write));
  }

  template <class F>
  Status remove(std::string_view key, std::int64_t only_if, F then) const {
    return alone(std::move(then), remove_of(key, only_if));
  }

  // For a blocking connector: waits on the call's own thread.
  KvReply get_and_wait(std::string_view key, const Request& on_behalf) const { return wait(on_behalf, get_of(key)); }

  KvReply put_and_wait(std::string_view key, std::string_view value, KvWrite write, const Request& on_behalf) const {
    return wait(on_behalf, put_of(key, value, write));
  }

  KvReply remove_and_wait(std::string_view key, std::int64_t only_if, const Request& on_behalf) const {
    return wait(on_behalf, remove_of(key, only_if));
  }

 private:
  template <class F, class Ask>
  void for_call(Call call, F then, Ask ask) const {
    if (!kv_) return call.fail(Status::unsupported, "this hub keeps no values");
    auto* handle = call.handle();
    if (!handle) return; // answered already: nobody waits for more
    detail::ask_for_call<KvResult, plugboard_kv_result>(std::move(call), std::move(then),
                                                        "the hub does not take this key, value or version",
                                                        [&](void* user, Done done) { return ask(handle, user, done); });
  }

  template <class F, class Ask>
  Status alone(F then, Ask ask) const {
    if (!kv_) return Status::unsupported;
    return detail::ask_alone<KvResult, plugboard_kv_result>(
        host_, std::move(then), [&](void* user, Done done) { return ask(nullptr, user, done); });
  }

  template <class Ask>
  KvReply wait(const Request& on_behalf, Ask ask) const {
    std::optional<KvReply> reply;
    KvReply refused;
    refused.status = Status::unsupported;
    if (!kv_) return refused;
    refused.status = detail::ask_and_wait<KvReply, plugboard_kv_result>(
        reply, [&](void* user, Done done) { return ask(on_behalf.handle(), user, done); });
    return reply ? std::move(*reply) : refused;
  }

  const plugboard_host* host_;
  const plugboard_host_kv_v1* kv_;
};

} // namespace plugboard
