// A host for a plugin on the bench: its services are scripted, what it is told is kept. It knows the C tables only, as
// a plugin of any language does. [any thread]
#pragma once

#include "core/conformance/bench_clock.hpp"
#include "core/conformance/bench_kept.hpp"
#include "core/conformance/conversation.hpp"
#include "core/connector/metric_spec.hpp"

#include <plugboard/host_files.h>
#include <plugboard/host_http.h>
#include <plugboard/host_metrics.h>
#include <plugboard/host_secrets.h>
#include <plugboard/host_tcp.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>

namespace plugboard::conformance {

struct Sent { // what an upstream is asked
  std::string method, url, body;
};

struct Scripted { // what an upstream answers
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::int32_t error = PLUGBOARD_OK; // anything else: there was no answer
};

class BenchHost {
 public:
  using Server = std::function<Scripted(const Sent& sent)>;

  struct Given {                                       // what the plugin may ask for; outlives the host
    const std::map<std::string, std::string>& secrets; // by handle
    const std::map<std::string, std::string>& files;   // by path
    const std::map<std::string, std::string>& folders; // "data/" → where it is
    const std::vector<connector::MetricSpec>& metrics;
  };

  explicit BenchHost(const Given& given);
  BenchHost(const BenchHost&) = delete;
  BenchHost& operator=(const BenchHost&) = delete;

  const plugboard_host* raw() const { return &raw_; }

  void serve(Server server);             // empty: requests wait
  void answer_all(Scripted scripted);    // that wait
  void cancel(plugboard_call* call);     // what waits of it ends as cancelled; null: all
  std::vector<std::string> sent() const; // URLs
  std::vector<std::string> logs() const;
  std::shared_ptr<Conversation> converse(std::int32_t operation, Question question);

 private:
  struct Raw : plugboard_host {
    BenchHost* owner = nullptr;
  };

  struct Waiting {
    plugboard_call* call = nullptr;
    void* user = nullptr;
    void (*on_response)(void*, const plugboard_http_response*) = nullptr;
  };

  static BenchHost& self(const plugboard_host* host) { return *static_cast<const Raw*>(host)->owner; }

  static void log(const plugboard_host* host, std::int32_t level, plugboard_str message);
  static void complete(const plugboard_host* host, plugboard_call* call, const plugboard_reply* reply);
  static const void* extension(const plugboard_host* host, const char* id);
  static std::int32_t get_secret(const plugboard_host* host, plugboard_str handle, void* user,
                                 void (*receive)(void*, plugboard_str));
  static std::int32_t watch(const plugboard_host* host, plugboard_str path, void* user,
                            void (*changed)(void*, plugboard_str));
  static std::int32_t locate(const plugboard_host* host, plugboard_str path, void* user,
                             void (*receive)(void*, plugboard_str));
  static std::int32_t send(const plugboard_host* host, const plugboard_http_request* request, void* user,
                           void (*on_response)(void*, const plugboard_http_response*));
  static std::int32_t replace_secret(const plugboard_host* host, plugboard_str handle, plugboard_str value, void* user,
                                     void (*done)(void*, std::int32_t));
  static std::int64_t monotonic_ns(const plugboard_host* host);
  static std::int64_t wall_ns(const plugboard_host* host);
  static std::int32_t after(const plugboard_host* host, plugboard_call* call, std::int64_t after_ns, void* user,
                            BenchClock::When when);
  static std::int32_t record(const plugboard_host* host, plugboard_str name, const plugboard_str* labels,
                             std::size_t label_count, double value);
  static std::int32_t locate_tcp(const plugboard_host* host, plugboard_str name, std::uint16_t port, void* user,
                                 void (*receive)(void*, plugboard_str, std::uint16_t));
  static std::int32_t kv_get(const plugboard_host* host, plugboard_call* call, plugboard_str key, void* user,
                             BenchKv::Done done);
  static std::int32_t kv_put(const plugboard_host* host, plugboard_call* call, plugboard_str key, plugboard_str value,
                             std::int64_t ttl_ns, std::int64_t only_if, void* user, BenchKv::Done done);
  static std::int32_t kv_remove(const plugboard_host* host, plugboard_call* call, plugboard_str key,
                                std::int64_t only_if, void* user, BenchKv::Done done);
  static std::int32_t token(const plugboard_host* host, plugboard_call* call, const plugboard_oauth2_client* client,
                            void* user, BenchTokens::OnToken on_token);
  static std::int32_t invalidate(const plugboard_host* host, const plugboard_oauth2_client* client,
                                 plugboard_str access_token);
  static void respond(const Waiting& waiting, const Scripted& scripted);

  Raw raw_{};
  plugboard_host_secrets_v1 secrets_table_{PLUGBOARD_PREFIX(plugboard_host_secrets_v1), &get_secret, &replace_secret};
  plugboard_host_http_v1 http_table_{PLUGBOARD_PREFIX(plugboard_host_http_v1), &send};
  plugboard_host_files_v1 files_table_{PLUGBOARD_PREFIX(plugboard_host_files_v1), &watch, &locate};
  plugboard_host_clock_v1 clock_table_{PLUGBOARD_PREFIX(plugboard_host_clock_v1), &monotonic_ns, &wall_ns, &after};
  plugboard_host_metrics_v1 metrics_table_{PLUGBOARD_PREFIX(plugboard_host_metrics_v1), &record};
  plugboard_host_tcp_v1 tcp_table_{PLUGBOARD_PREFIX(plugboard_host_tcp_v1), &locate_tcp};
  plugboard_host_kv_v1 kv_table_{PLUGBOARD_PREFIX(plugboard_host_kv_v1), &kv_get, &kv_put, &kv_remove};
  plugboard_host_oauth2_v1 oauth2_table_{PLUGBOARD_PREFIX(plugboard_host_oauth2_v1), &token, &invalidate};
  const Given given_;
  BenchClock clock_;
  BenchKv kv_;
  BenchTokens tokens_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> replaced_; // secrets, by handle
  Server server_;
  std::deque<Waiting> waiting_;
  std::vector<std::string> sent_, logs_;
  std::vector<std::shared_ptr<Conversation>> conversations_; // to the end: a late completion harms nothing
};

} // namespace plugboard::conformance
