// What the tests of this plugin share: JSON from literals, and one call's variables.
#pragma once

#include "plugins/rest/variables.hpp"

#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

namespace plugboard::rest::test {

inline Value json(std::string_view text) {
  auto value = read_json(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.failure().message);
  return value ? *value : Value{};
}

// A call as templates see it. Keeps the text behind the views.
class Asking {
 public:
  explicit Asking(testkit::Question question)
      : conversation_(PLUGBOARD_LOOKUP, std::move(question)),
        request_(conversation_.request(), conversation_.handle(), std::stop_token()) {}

  const Request& request() const { return request_; }

  Variables variables() const {
    auto variables = Variables::of(request_);
    EXPECT_TRUE(variables);
    return *variables;
  }

 private:
  testkit::Conversation conversation_;
  Request request_;
};

} // namespace plugboard::rest::test
