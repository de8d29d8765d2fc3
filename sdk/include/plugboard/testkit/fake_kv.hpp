// What a connector has kept: in memory, on the test's clock, answered at once. [any thread]
#pragma once

#include <plugboard/host_kv.h>
#include <plugboard/testkit/conversation.hpp>
#include <plugboard/testkit/fake_clock.hpp>

#include <map>
#include <mutex>

namespace plugboard::testkit {

class FakeKv {
 public:
  using Done = void (*)(void* user, const plugboard_kv_result* result);

  explicit FakeKv(const FakeClock& clock) : clock_(clock) {}

  // From now on each of them ends so: Status::too_large, a full place. ok: as usual again.
  void end_with(Status status) {
    std::lock_guard lock(mutex_);
    always_ = status;
  }

  // What is kept for a tenant; "": the connector's own.
  std::optional<std::string> value(const std::string& key, const std::string& tenant = "default") const {
    std::lock_guard lock(mutex_);
    auto found = entries_.find({tenant, key});
    if (found == entries_.end() || found->second.until <= clock_.monotonic()) return std::nullopt;
    return found->second.value;
  }

  std::int32_t get(plugboard_call* call, plugboard_str key, void* user, Done done) {
    if (auto wrong = refused(key)) return *wrong;
    Entry entry;
    {
      std::lock_guard lock(mutex_);
      entry = find(name(call, key));
    }
    tell(user, done, entry.version ? Status::ok : Status::not_found, entry);
    return PLUGBOARD_OK;
  }

  std::int32_t put(plugboard_call* call, plugboard_str key, plugboard_str value, std::int64_t ttl_ns,
                   std::int64_t only_if, void* user, Done done) {
    if (auto wrong = refused(key)) return *wrong;
    if (value.size > PLUGBOARD_KV_MOST_VALUE_BYTES) return PLUGBOARD_TOO_LARGE;
    Entry entry;
    auto status = Status::conflict;
    {
      std::lock_guard lock(mutex_);
      if (holds(only_if, find(name(call, key)))) {
        auto life = ttl_ns ? std::chrono::nanoseconds(ttl_ns) : std::chrono::hours(24);
        entry = {std::string(view(value)), ++versions_, clock_.monotonic() + life};
        entries_[name(call, key)] = entry;
        status = Status::ok;
        entry.value.clear();
      }
    }
    tell(user, done, status, entry);
    return PLUGBOARD_OK;
  }

  std::int32_t remove(plugboard_call* call, plugboard_str key, std::int64_t only_if, void* user, Done done) {
    if (auto wrong = refused(key)) return *wrong;
    auto status = Status::not_found;
    {
      std::lock_guard lock(mutex_);
      auto entry = find(name(call, key));
      if (entry.version) status = holds(only_if, entry) ? Status::ok : Status::conflict;
      if (status == Status::ok) entries_.erase(name(call, key));
    }
    tell(user, done, status, {});
    return PLUGBOARD_OK;
  }

 private:
  struct Entry {
    std::string value{};
    std::int64_t version = 0; // 0: there is none
    std::chrono::nanoseconds until{0};
  };

  using Name = std::pair<std::string, std::string>; // tenant, key

  static Name name(plugboard_call* call, plugboard_str key) {
    return {call ? std::string(view(Conversation::of(call).request().tenant)) : std::string(), std::string(view(key))};
  }

  static std::optional<std::int32_t> refused(plugboard_str key) {
    if (key.size == 0 || key.size > PLUGBOARD_KV_MOST_KEY_BYTES) return PLUGBOARD_TOO_LARGE;
    return std::nullopt;
  }

  static bool holds(std::int64_t only_if, const Entry& entry) {
    if (only_if == PLUGBOARD_KV_ANY) return true;
    return only_if == PLUGBOARD_KV_ABSENT ? entry.version == 0 : entry.version == only_if;
  }

  Entry find(const Name& name) const {
    auto found = entries_.find(name);
    if (found == entries_.end() || found->second.until <= clock_.monotonic()) return {};
    return found->second;
  }

  void tell(void* user, Done done, Status status, const Entry& entry) {
    {
      std::lock_guard lock(mutex_);
      if (always_ != Status::ok) status = always_;
    }
    plugboard_kv_result result{PLUGBOARD_PREFIX(plugboard_kv_result), static_cast<std::int32_t>(status), 0, 0, {}};
    if (status == Status::ok) {
      result.version = entry.version;
      result.value = str(entry.value);
    }
    done(user, &result);
  }

  const FakeClock& clock_;
  mutable std::mutex mutex_;
  Status always_ = Status::ok;
  std::int64_t versions_ = 0;
  std::map<Name, Entry> entries_;
};

} // namespace plugboard::testkit
