// What tests put in a connector's place: it looks up and cancels as they say, and does nothing else.
#pragma once

#include "core/connector/connector.hpp"

namespace plugboard::testing {

class LookupOnly : public connector::Connector {
 public:
  const connector::Settings& settings() const override { return settings_; }

  connector::Counts counts() const override { return {}; }

  connector::State state() const override { return connector::State::ready; }

  connector::Containment containment() const override { return {}; }

  CallId authenticate(connector::AuthenticateRequest, Deadline, connector::Home&,
                      connector::AuthenticateDone) override {
    return 0;
  }

  CallId logout(connector::LogoutRequest, Deadline, connector::Home&, connector::LogoutDone) override { return 0; }

  CallId subject(connector::SubjectRequest, Deadline, connector::Home&, connector::SubjectDone) override { return 0; }

  CallId check_health(Deadline, connector::Home&, connector::HealthDone done) override {
    done({false, {}, {}});
    return 0;
  }

  void stop() override {}

 protected:
  connector::Settings settings_;
};

} // namespace plugboard::testing
