// The connector that the hub talks to. A first step names a recipient and has a code sent there; each later one brings
// the code, or asks for another. Between steps it remembers nothing but how often it sent: the login itself waits in
// the hub. One a configured connector. [init: constructor; call: authenticate, many at once; responses on the call's
// thread]
#pragma once

#include "plugins/otp/challenge.hpp"
#include "plugins/otp/code.hpp"
#include "plugins/otp/send_limit.hpp"
#include "plugins/otp/webhook.hpp"

#include <plugboard/host.hpp>
#include <plugboard/operations.hpp>

#include <functional>
#include <memory>
#include <mutex>

namespace otp {

struct Clocks {
  std::function<std::int64_t()> unix_now;      // codes end by it
  std::function<SendLimit::Time()> steady_now; // limits count by it
};

class Connector : public plugboard::AsyncAuthenticate {
 public:
  Connector(plugboard::Host host, std::string_view config, Clocks clocks, RandomBytes random);

  void authenticate(const plugboard::Request& request, plugboard::Call call) override;

 private:
  struct Sending; // a code on its way

  void begin(const Document& credential, plugboard::Call call);
  void go_on(const Document& credential, Pending pending, plugboard::Call call);
  void check(std::string_view typed, Pending pending, plugboard::Call call);
  void resend(Pending pending, plugboard::Call call);
  void send_new_code(Pending pending, std::optional<Pending> before, plugboard::Call call);
  void send(std::shared_ptr<Sending> sending, plugboard::Call call);
  void sent(std::shared_ptr<Sending> sending, plugboard::Call call, const plugboard::HttpResponse& response);

  SendLimit::Verdict may_send(std::string_view tenant, const Pending& pending); // and counts it, when it may
  plugboard::Proof proof_of(const Pending& pending) const;
  std::string key() const; // of the codes' hashes

  const plugboard::Host host_;
  const Settings settings_;
  const Clocks clocks_;
  const RandomBytes random_;
  std::mutex mutex_;
  SendLimit hour_, day_; // guarded by mutex_
};

} // namespace otp
