#include "core/cli/commands.hpp"
#include "core/http/server.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include <sstream>
#include <thread>

namespace plugboard::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// A hub that gives every question the same answer.
class FakeHub {
 public:
  FakeHub(int status, std::string body) {
    server_ = http::Server::listen(io_, http::TcpEndpoint{"127.0.0.1", 0}, {}, clock_, *log_, metrics_,
                                   [status, body](const http::Request&, http::Responder responder) {
                                     http::Response response;
                                     response.status = status;
                                     response.body = body;
                                     responder.send(std::move(response));
                                   })
                  .value();
    server_->start();
    thread_ = std::thread([this] { io_.run(); });
  }

  ~FakeHub() {
    io_.stop();
    thread_.join();
  }

  std::string address() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

 private:
  SystemClock clock_;
  std::unique_ptr<Log> log_ = no_log();
  Metrics metrics_;
  boost::asio::io_context io_;
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
};

class ExitCodeTest : public testing::TestWithParam<bool> { // with --json, and without
 protected:
  Scene scene(const std::string& server) {
    return {Ask(Places{.server = server, .admin = server, .key = "key"}), Terminal(), GetParam(), out, err};
  }

  std::ostringstream out, err;
};

TEST_P(ExitCodeTest, OneForASessionThatIsNone) {
  FakeHub hub(200, R"({"active":false})");
  auto words = scene(hub.address());
  EXPECT_EQ(session_show(words, "pbs_x"), 1);
  EXPECT_THAT(GetParam() ? out.str() : err.str(), HasSubstr(GetParam() ? R"({"active":false})" : "no such session"));
}

TEST_P(ExitCodeTest, ZeroForASessionThatLives) {
  FakeHub hub(200, R"({"active":true,"id":"1","customer":{"id":"cus_1","identifiers":[]},"assurance":"aal1",)"
                   R"("methods":["jwt"],"authenticated_at":"","expires_at":""})");
  auto words = scene(hub.address());
  EXPECT_EQ(session_show(words, "pbs_x"), 0);
  EXPECT_THAT(out.str(), HasSubstr("cus_1"));
}

TEST_P(ExitCodeTest, OneForWhatTheHubRefuses) {
  FakeHub hub(404,
              R"({"type":"urn:plugboard:problem:session-unknown","title":"There is no such session","status":404})");
  auto words = scene(hub.address());
  EXPECT_EQ(context_get(words, {.session = "pbs_x"}), 1);
  EXPECT_THAT(out.str() + err.str(), HasSubstr("There is no such session"));
}

TEST_P(ExitCodeTest, TwoForWordsThatCanNotBeMeant) {
  auto words = scene("http://127.0.0.1:1");
  EXPECT_EQ(context_get(words, {.session = "pbs_x", .params = "{}"}), 2);
  EXPECT_EQ(context_get(words, {.session = "pbs_x", .sections = {"crm.contact"}, .params = "{"}), 2);
  EXPECT_EQ(session_start(words, "login", "not JSON"), 2);
  EXPECT_THAT(out.str(), IsEmpty());
}

TEST_P(ExitCodeTest, OneForARightThatNotEachSystemHasAnswered) {
  const auto report = [](const std::string& complete) {
    return R"({"customer":"cus_1","tenant":"default","complete":)" + complete +
           R"(,"connectors":[{"connector":"crm","status":"ok","erased":2,"kept":[{"what":"invoices","why":"tax law"}]},)"
           R"({"connector":"shop","status":"error","title":"It is down"}],"hub":{"sessions":"ended","answers_purged":1}})";
  };
  const CustomerWords words{.customer = "cus_1", .tenant{}, .reason = "r", .identifiers = {"email=a@b.example"}};
  for (const bool complete : {true, false}) {
    FakeHub hub(200, report(complete ? "true" : "false"));
    auto there = scene(hub.address());
    EXPECT_EQ(customer_erase(there, words), complete ? 0 : 1);
    EXPECT_EQ(customer_export(there, words), complete ? 0 : 1);
  }
  EXPECT_THAT(out.str(), HasSubstr(GetParam() ? R"("why":"tax law")" : "stays: invoices, for tax law"));
  EXPECT_THAT(err.str(), HasSubstr("not complete"));
  auto nowhere = scene("http://127.0.0.1:1");
  EXPECT_EQ(customer_export(nowhere, {.customer = "cus_1", .tenant{}, .reason = "r", .identifiers = {"email"}}), 2);
  EXPECT_THAT(err.str(), HasSubstr("--identifier email: write it TYPE=VALUE"));
}

INSTANTIATE_TEST_SUITE_P(, ExitCodeTest, testing::Bool(),
                         [](const auto& one) { return one.param ? "AsJson" : "ForPeople"; });

} // namespace
} // namespace plugboard::cli
