// A host for one test. Outlives the connectors it runs. [any thread]
#pragma once

#include <plugboard/testkit/conversation.hpp>
#include <plugboard/testkit/fake_clock.hpp>
#include <plugboard/testkit/fake_files.hpp>
#include <plugboard/testkit/fake_http.hpp>
#include <plugboard/testkit/fake_kv.hpp>
#include <plugboard/testkit/fake_metrics.hpp>
#include <plugboard/testkit/fake_oauth2.hpp>
#include <plugboard/testkit/fake_tcp.hpp>

#include <memory>
#include <set>

namespace plugboard::testkit {

struct Logged {
  std::int32_t level;
  std::string text;
};

class FakeHost {
 public:
  FakeHost() {
    raw_.p = PLUGBOARD_PREFIX(plugboard_host);
    raw_.log = &log;
    raw_.complete = &complete;
    raw_.extension = &extension;
    raw_.owner = this;
    secrets_.get = &get_secret;
    secrets_.replace = &replace_secret;
    kv_table_.get = &kv_get;
    kv_table_.put = &kv_put;
    kv_table_.remove = &kv_remove;
    oauth2_table_.token = &token;
    oauth2_table_.invalidate = &invalidate;
    http_table_.send = &send;
    files_table_.watch = &watch;
    files_table_.locate = &locate;
    tcp_table_.locate = &locate_tcp;
    clock_table_.monotonic_ns = &monotonic;
    clock_table_.wall_ns = &wall;
    clock_table_.after = &after;
    metrics_table_.record = &record;
  }

  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  const plugboard_host* raw() const { return &raw_; }

  operator Host() const { return Host(&raw_); } // for a connector that the test makes itself

  void secret(std::string handle, std::string value) {
    std::lock_guard lock(mutex_);
    secret_values_[std::move(handle)] = std::move(value);
  }

  // What the connector put in its place; else the value that the test gave.
  std::optional<std::string> secret_value(const std::string& handle) const {
    std::lock_guard lock(mutex_);
    auto found = secret_values_.find(handle);
    if (found == secret_values_.end()) return std::nullopt;
    return found->second;
  }

  FakeHttp& http() { return http_; }

  FakeFiles& files() { return files_; }

  FakeTcp& tcp() { return tcp_; }

  FakeClock& clock() { return clock_; }

  FakeMetrics& metrics() { return metrics_; }

  FakeKv& kv() { return kv_; }

  FakeOauth2& oauth2() { return oauth2_; }

  // What a hub does when it no longer waits: what runs on the call's behalf ends as cancelled. Null: all of it.
  void cancel(plugboard_call* call) {
    http_.cancel(call);
    clock_.cancel(call);
  }

  void without(std::string service) { // a hub that has not got this one: "plugboard.host.http/1"
    std::lock_guard lock(mutex_);
    missing_.insert(std::move(service));
  }

  std::vector<Logged> logs() const {
    std::lock_guard lock(mutex_);
    return logs_;
  }

  bool logged(std::string_view part) const {
    std::lock_guard lock(mutex_);
    for (const auto& each : logs_)
      if (each.text.find(part) != std::string::npos) return true;
    return false;
  }

  std::shared_ptr<Conversation> converse(std::int32_t operation, Question question) {
    auto made = std::make_shared<Conversation>(operation, std::move(question));
    std::lock_guard lock(mutex_);
    conversations_.push_back(made);
    return made;
  }

 private:
  struct Raw : plugboard_host {
    FakeHost* owner = nullptr;
  };

  static FakeHost& self(const plugboard_host* host) { return *static_cast<const Raw*>(host)->owner; }

  static void log(const plugboard_host* host, std::int32_t level, plugboard_str message) {
    auto& me = self(host);
    std::lock_guard lock(me.mutex_);
    me.logs_.push_back({level, std::string(view(message))});
  }

  static void complete(const plugboard_host*, plugboard_call* call, const plugboard_reply* reply) {
    Conversation::of(call).complete(*reply);
  }

  static const void* extension(const plugboard_host* host, const char* id) {
    auto& me = self(host);
    const std::string_view wanted = id;
    std::lock_guard lock(me.mutex_);
    if (me.missing_.contains(wanted)) return nullptr;
    if (wanted == PLUGBOARD_HOST_SECRETS_V1) return &me.secrets_;
    if (wanted == PLUGBOARD_HOST_HTTP_V1) return &me.http_table_;
    if (wanted == PLUGBOARD_HOST_FILES_V1) return &me.files_table_;
    if (wanted == PLUGBOARD_HOST_TCP_V1) return &me.tcp_table_;
    if (wanted == PLUGBOARD_HOST_CLOCK_V1) return &me.clock_table_;
    if (wanted == PLUGBOARD_HOST_METRICS_V1) return &me.metrics_table_;
    if (wanted == PLUGBOARD_HOST_KV_V1) return &me.kv_table_;
    if (wanted == PLUGBOARD_HOST_OAUTH2_V1) return &me.oauth2_table_;
    return nullptr;
  }

  static std::int32_t get_secret(const plugboard_host* host, plugboard_str handle, void* user,
                                 void (*receive)(void*, plugboard_str)) {
    auto& me = self(host);
    std::string value;
    {
      std::lock_guard lock(me.mutex_);
      auto found = me.secret_values_.find(view(handle));
      if (found == me.secret_values_.end()) return PLUGBOARD_NOT_FOUND;
      value = found->second;
    }
    receive(user, str(value));
    return PLUGBOARD_OK;
  }

  static std::int32_t replace_secret(const plugboard_host* host, plugboard_str handle, plugboard_str value, void* user,
                                     void (*done)(void*, std::int32_t)) {
    auto& me = self(host);
    {
      std::lock_guard lock(me.mutex_);
      auto found = me.secret_values_.find(view(handle));
      if (found == me.secret_values_.end()) return PLUGBOARD_NOT_FOUND;
      found->second = view(value);
    }
    done(user, PLUGBOARD_OK);
    return PLUGBOARD_OK;
  }

  static std::int32_t kv_get(const plugboard_host* host, plugboard_call* call, plugboard_str key, void* user,
                             FakeKv::Done done) {
    return self(host).kv_.get(call, key, user, done);
  }

  static std::int32_t kv_put(const plugboard_host* host, plugboard_call* call, plugboard_str key, plugboard_str value,
                             std::int64_t ttl_ns, std::int64_t only_if, void* user, FakeKv::Done done) {
    return self(host).kv_.put(call, key, value, ttl_ns, only_if, user, done);
  }

  static std::int32_t kv_remove(const plugboard_host* host, plugboard_call* call, plugboard_str key,
                                std::int64_t only_if, void* user, FakeKv::Done done) {
    return self(host).kv_.remove(call, key, only_if, user, done);
  }

  static std::int32_t token(const plugboard_host* host, plugboard_call*, const plugboard_oauth2_client* client,
                            void* user, FakeOauth2::OnToken on_token) {
    return self(host).oauth2_.token(*client, user, on_token);
  }

  static std::int32_t invalidate(const plugboard_host* host, const plugboard_oauth2_client*, plugboard_str token) {
    return self(host).oauth2_.invalidate(token);
  }

  static std::int32_t send(const plugboard_host* host, const plugboard_http_request* request, void* user,
                           void (*on_response)(void*, const plugboard_http_response*)) {
    return self(host).http_.send(*request, user, on_response);
  }

  static std::int32_t watch(const plugboard_host* host, plugboard_str path, void* user,
                            void (*changed)(void*, plugboard_str)) {
    return self(host).files_.watch(view(path), user, changed);
  }

  static std::int32_t locate(const plugboard_host* host, plugboard_str path, void* user,
                             void (*receive)(void*, plugboard_str)) {
    return self(host).files_.locate(view(path), user, receive);
  }

  static std::int32_t locate_tcp(const plugboard_host* host, plugboard_str name, std::uint16_t port, void* user,
                                 void (*receive)(void*, plugboard_str, std::uint16_t)) {
    return self(host).tcp_.locate(view(name), port, user, receive);
  }

  static std::int64_t monotonic(const plugboard_host* host) { return self(host).clock_.monotonic().count(); }

  static std::int64_t wall(const plugboard_host* host) { return self(host).clock_.wall().count(); }

  static std::int32_t after(const plugboard_host* host, plugboard_call* call, std::int64_t after_ns, void* user,
                            void (*when)(void*, std::int32_t)) {
    return self(host).clock_.after(call, after_ns, user, when);
  }

  static std::int32_t record(const plugboard_host* host, plugboard_str name, const plugboard_str* labels,
                             std::size_t count, double value) {
    return self(host).metrics_.record(view(name), labels, count, value);
  }

  Raw raw_{};
  plugboard_host_secrets_v1 secrets_{PLUGBOARD_PREFIX(plugboard_host_secrets_v1), nullptr, nullptr};
  plugboard_host_http_v1 http_table_{PLUGBOARD_PREFIX(plugboard_host_http_v1), nullptr};
  plugboard_host_files_v1 files_table_{PLUGBOARD_PREFIX(plugboard_host_files_v1), nullptr, nullptr};
  plugboard_host_tcp_v1 tcp_table_{PLUGBOARD_PREFIX(plugboard_host_tcp_v1), nullptr};
  plugboard_host_clock_v1 clock_table_{PLUGBOARD_PREFIX(plugboard_host_clock_v1), nullptr, nullptr, nullptr};
  plugboard_host_metrics_v1 metrics_table_{PLUGBOARD_PREFIX(plugboard_host_metrics_v1), nullptr};
  plugboard_host_kv_v1 kv_table_{PLUGBOARD_PREFIX(plugboard_host_kv_v1), nullptr, nullptr, nullptr};
  plugboard_host_oauth2_v1 oauth2_table_{PLUGBOARD_PREFIX(plugboard_host_oauth2_v1), nullptr, nullptr};
  FakeHttp http_;
  FakeFiles files_;
  FakeTcp tcp_;
  FakeClock clock_;
  FakeMetrics metrics_;
  FakeKv kv_{clock_};
  FakeOauth2 oauth2_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> secret_values_;
  std::set<std::string, std::less<>> missing_;
  std::vector<Logged> logs_;
  std::vector<std::shared_ptr<Conversation>> conversations_;
};

} // namespace plugboard::testkit
