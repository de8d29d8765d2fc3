// A client that trusts one authority, and an HTTP/2 upstream that this authority vouches for.
#pragma once

#include "tests/unit/http/asking.hpp"
#include "tests/unit/http/h2_talk.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace plugboard::http {

class H2Test : public ::testing::Test {
 protected:
  using Script = std::function<void(H2Talk&, int connection)>;

  H2Test() {
    std::string name = ::testing::TempDir() + "plugboard-ca-XXXXXX";
    ::close(::mkstemp(name.data()));
    trust.ca_file = name;
    std::ofstream(name) << pem(authority_);
  }

  ~H2Test() override { ::unlink(trust.ca_file.c_str()); }

  // The script begins when the preface is read and the settings are sent.
  std::unique_ptr<Upstream> serve(Script script,
                                  std::vector<std::pair<std::uint16_t, std::uint32_t>> settings = {}) const {
    return std::make_unique<Upstream>(
        [script = std::move(script), settings = std::move(settings)](Conversation& conversation) {
          if (!conversation.secure()) return;
          H2Talk talk(conversation);
          talk.greet(settings);
          script(talk, conversation.number());
        },
        &certificate_, 0, "h2");
  }

  static std::vector<Asking::Asked> ask_at_once(Asking& hub, std::size_t count, const std::string& url) {
    std::vector<Asking::Asked> asked;
    hub.thread.run([&] {
      for (std::size_t i = 0; i < count; ++i) {
        auto promise = std::make_shared<std::promise<Result<Answer>>>();
        auto answer = promise->get_future();
        auto call = Asking::call_to(url + std::to_string(i));
        const auto id = hub.client->send(std::move(call), [promise](Result<Answer> got) { promise->set_value(got); });
        asked.push_back({id, std::move(answer)});
      }
    });
    return asked;
  }

  TlsTrust trust;
  const Certificate authority_ = make_authority();
  const Certificate certificate_ = make_certificate("DNS:localhost,IP:127.0.0.1", &authority_);
};

inline std::string told(const Result<Answer>& result) { // the body, or why there is none
  return result ? result->body : "(" + result.error().message + ")";
}

} // namespace plugboard::http
