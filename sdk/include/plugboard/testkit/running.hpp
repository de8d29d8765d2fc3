// A connector that was created and started, to be asked. Stopped and destroyed at the end of its scope.
#pragma once

#include <plugboard/detail/thunks.hpp>
#include <plugboard/testkit/fake_host.hpp>
#include <plugboard/testkit/steps.hpp>

#include <thread>

namespace plugboard::testkit {

// The table of a connector class; a test of a built plugin takes what its entry returns instead.
template <class Connector>
const plugboard_connector* connector() {
  return detail::table<Connector>("under_test", "0.0.0");
}

// One call under way.
class Asked {
 public:
  Answer wait(std::chrono::nanoseconds patience = std::chrono::seconds(5)) { return conversation_->wait(patience); }

  std::optional<Answer> wait_for(std::chrono::nanoseconds patience) { return conversation_->wait_for(patience); }

  bool answered() const { return conversation_->completions() > 0; }

  int completions() const { return conversation_->completions(); }

  // As a hub does: the plugin is told, and what runs on the call's behalf ends.
  void cancel() {
    if (table_->cancel) table_->cancel(instance_, conversation_->handle());
    host_->cancel(conversation_->handle());
  }

 private:
  friend class Running;
  FakeHost* host_ = nullptr;
  const plugboard_connector* table_ = nullptr;
  void* instance_ = nullptr;
  std::shared_ptr<Conversation> conversation_;
  std::jthread thread_; // of a call in the background
};

class Running {
 public:
  // Throws what the connector said when create or start refuses.
  Running(FakeHost& host, const plugboard_connector* table, std::string_view config = "{}")
      : host_(host), table_(table) {
    plugboard_error error{};
    error.p = PLUGBOARD_PREFIX(plugboard_error);
    if (table_->create(host_.raw(), str(config), &instance_, &error) != PLUGBOARD_OK)
      throw std::runtime_error(error.message);
    if (table_->start(instance_, &error) == PLUGBOARD_OK) return;
    table_->destroy(instance_);
    throw std::runtime_error(error.message);
  }

  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  ~Running() {
    stop();
    table_->destroy(instance_);
  }

  // On this thread: a blocking connector has answered when they return.
  Asked lookup(Question question) { return ask(PLUGBOARD_LOOKUP, std::move(question), false); }

  Asked derive(Question question) { return ask(PLUGBOARD_DERIVE, std::move(question), false); }

  Asked authenticate(Question question) { return ask(PLUGBOARD_AUTHENTICATE, std::move(question), false); }

  // The next step of an authentication, as the hub asks it: with the state that the step before was answered with.
  Asked go_on(const Answer& before, std::string credential, Question question = {}) {
    question.credential = std::move(credential);
    question.state = state_of(before);
    return authenticate(std::move(question));
  }

  Asked logout(Question question) { return ask(PLUGBOARD_LOGOUT, std::move(question), false); }

  // With the identifiers that the manifest's "subject" needs.
  Asked export_subject(Question question) { return ask(PLUGBOARD_EXPORT_SUBJECT, std::move(question), false); }

  Asked erase_subject(Question question) { return ask(PLUGBOARD_ERASE_SUBJECT, std::move(question), false); }

  // Throws when it offers no plugboard.health/1.
  Asked check_health() {
    Question of_nobody;
    of_nobody.section.clear();
    of_nobody.tenant.clear();
    return ask(PLUGBOARD_CHECK_HEALTH, std::move(of_nobody), false);
  }

  // On a thread of its own, which `Asked` joins: to cancel a blocking call, or to make several at once.
  Asked lookup_in_background(Question question) { return ask(PLUGBOARD_LOOKUP, std::move(question), true); }

  Asked ask(std::int32_t operation, Question question, bool in_background) {
    Asked asked;
    asked.host_ = &host_;
    asked.table_ = table_;
    asked.instance_ = instance_;
    asked.conversation_ = host_.converse(operation, std::move(question));
    auto call = [how = function_for(operation), instance = instance_, conversation = asked.conversation_] {
      how(instance, &conversation->request(), conversation->handle());
    };
    if (in_background)
      asked.thread_ = std::jthread(call);
    else
      call();
    return asked;
  }

  void stop() {
    host_.cancel(nullptr);
    table_->stop(instance_);
    host_.files().end_watches();
  }

 private:
  decltype(plugboard_connector::call) function_for(std::int32_t operation) const {
    if (operation != PLUGBOARD_CHECK_HEALTH) return table_->call;
    const void* health = table_->extension ? table_->extension(instance_, PLUGBOARD_HEALTH_V1) : nullptr;
    if (!health) throw std::runtime_error("the connector offers no " PLUGBOARD_HEALTH_V1);
    return static_cast<const plugboard_health_v1*>(health)->check;
  }

  FakeHost& host_;
  const plugboard_connector* table_;
  void* instance_ = nullptr;
};

} // namespace plugboard::testkit
