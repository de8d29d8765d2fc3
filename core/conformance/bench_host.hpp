// A host for a plugin on the bench: its services are scripted, what it is told is kept. It knows the C tables only, as
// a plugin of any language does. [any thread]
#pragma once

#include "core/conformance/conversation.hpp"

#include <plugboard/host_files.h>
#include <plugboard/host_http.h>
#include <plugboard/host_secrets.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>

namespace plugboard::conformance {

struct Scripted { // what an upstream answers
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::int32_t error = PLUGBOARD_OK; // anything else: there was no answer
};

class BenchHost {
 public:
  using Server = std::function<Scripted(const std::string& url)>;

  BenchHost(const std::map<std::string, std::string>& secrets, const std::map<std::string, std::string>& files);
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
  static void respond(const Waiting& waiting, const Scripted& scripted);

  Raw raw_{};
  plugboard_host_secrets_v1 secrets_table_{PLUGBOARD_PREFIX(plugboard_host_secrets_v1), &get_secret};
  plugboard_host_http_v1 http_table_{PLUGBOARD_PREFIX(plugboard_host_http_v1), &send};
  plugboard_host_files_v1 files_table_{PLUGBOARD_PREFIX(plugboard_host_files_v1), &watch, &locate};
  const std::map<std::string, std::string>& secrets_;
  const std::map<std::string, std::string>& files_;
  mutable std::mutex mutex_;
  Server server_;
  std::deque<Waiting> waiting_;
  std::vector<std::string> sent_, logs_;
  std::vector<std::shared_ptr<Conversation>> conversations_; // to the end: a late completion harms nothing
};

} // namespace plugboard::conformance
