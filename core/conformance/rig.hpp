// A plugin on the bench: loaded, with a host that is scripted, and asked as a hub would ask it. Lives in a process of
// its own (apart.hpp) and is never taken down: threads that the plugin left behind may still use it.
#pragma once

#include "core/conformance/scenario.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace plugboard::conformance {

struct Subject {
  connector::PluginFile file;
  Scenario scenario;
};

constexpr Duration kPatience = std::chrono::seconds(5); // with what should come at once; a loaded machine is slow

class CallUnderWay {
 public:
  explicit CallUnderWay(std::shared_ptr<Conversation> conversation) : conversation_(std::move(conversation)) {}

  Conversation& conversation() { return *conversation_; }

  void returned();
  bool returns_within(Duration patience);

  std::optional<connector::Reply> answer_within(Duration patience) { return conversation_->wait_for(patience); }

 private:
  std::shared_ptr<Conversation> conversation_;
  std::mutex mutex_;
  std::condition_variable came_;
  bool returned_ = false;
};

using CallPtr = std::shared_ptr<CallUnderWay>;

class Rig {
 public:
  static Rig& of(const Subject& subject); // kept for ever

  explicit Rig(const Subject& subject);

  void use(const Rig& other) { table_ = other.table_; } // instead of load(): mapped once is enough

  std::string load();    // why it can't be; empty: it is
  std::string create();  // the same
  std::string start();   // the same
  std::string come_up(); // all of them

  enum class Upstream : std::uint8_t { scripted = 1, silent };
  void upstream(Upstream how);
  void upstream(Scripted always); // whatever is asked

  CallPtr ask(std::int32_t operation, const Question& question); // on a thread of its own
  CallPtr ask_health();                                          // likewise; null: it does not say how it is
  void cancel(CallUnderWay& call);                               // as a hub does
  void stop();
  void destroy();

  // Waits until the plugin has asked its upstream something, or has answered. True: it has asked.
  bool asks_upstream(CallUnderWay& call);

  BenchHost& host() { return host_; }

  const Subject& subject() const { return subject_; }

 private:
  CallPtr begin(std::shared_ptr<Conversation> conversation,
                void (*call)(void*, const plugboard_request*, plugboard_call*));

  const Subject& subject_;
  BenchHost host_;
  std::optional<plugboard_connector> table_;
  void* instance_ = nullptr;
};

} // namespace plugboard::conformance
