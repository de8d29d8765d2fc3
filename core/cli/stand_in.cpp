#include "core/cli/stand_in.hpp"

#include "core/base/random.hpp"
#include "core/cli/child.hpp"
#include "core/connector/file_bytes.hpp"
#include "core/http/server.hpp"
#include "core/http/server_tls.hpp"

#include <boost/asio/io_context.hpp>

#include <thread>

namespace plugboard::cli {
namespace {

namespace fs = std::filesystem;
using conformance::Exchange;

constexpr std::size_t kMostPemBytes = 65536;

std::vector<std::string> urls_of(const std::vector<Exchange>& exchanges) {
  std::vector<std::string> urls;
  for (const auto& each : exchanges) urls.push_back(each.url);
  return urls;
}

// A certificate for these names, believed by itself, in folder/stand_in.pem; its key is beside it.
Result<http::TlsMaterial> certificate_for(const std::vector<std::string>& hosts, const fs::path& folder) {
  std::string names = "subjectAltName=DNS:stand-in.localhost";
  for (const auto& host : hosts) names += ",DNS:" + host;
  const auto certificate = (folder / "stand_in.pem").string(), key = (folder / "stand_in.key").string();
  const auto made =
      run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                   "2", "-subj", "/CN=plugboard plugin run", "-addext", names, "-keyout", key, "-out", certificate});
  if (!made) return made.error();
  if (made->exit_code != 0) return fail(Code::internal, "openssl made no certificate:\n" + made->output);
  auto certificate_text = connector::read_file_bytes(certificate, kMostPemBytes);
  auto key_text = connector::read_file_bytes(key, kMostPemBytes);
  if (!certificate_text || !key_text) return fail(Code::io, "the certificate in " + folder.string() + " can't be read");
  return http::TlsMaterial{std::move(*certificate_text), Secret(std::move(*key_text)), {}};
}

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// scripted outlives the response. What says how bytes travel is the server's to say.
void fill(http::Response& response, const conformance::Scripted& scripted) {
  response.body = scripted.body;
  response.content_type = {};
  for (const auto& [written, value] : scripted.headers) {
    auto name = lower_case(written);
    if (name == "content-type")
      response.content_type = value;
    else if (name != "content-length" && name != "transfer-encoding" && name != "connection" && name != "date")
      response.headers.push_back({std::move(name), value});
  }
}

class ScriptedStandIn final : public StandIn {
 public:
  explicit ScriptedStandIn(std::vector<Exchange> exchanges)
      : exchanges_(std::move(exchanges)), names_(urls_of(exchanges_), {}) {}

  ~ScriptedStandIn() override {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  Result<void> open(const fs::path& folder) {
    const auto material = certificate_for(names_.hosts(), folder);
    if (!material) return material.error();
    std::vector<http::TlsFault> faults;
    auto identity = http::TlsIdentity::make(*material, clock_, random_, faults);
    if (!identity) return fail(Code::internal, faults.front().message);
    tls_ = std::make_unique<http::ServerTls>(std::move(identity));
    for (auto* server : {&plain_, &under_tls_}) {
      auto listening = http::Server::listen(
          io_, http::TcpEndpoint{.address = "127.0.0.1"}, {}, clock_, *log_, metrics_,
          [this](const http::Request& request, http::Responder responder) { answer(request, std::move(responder)); },
          server == &under_tls_ ? tls_.get() : nullptr);
      if (!listening) return listening.error();
      *server = std::move(*listening);
    }
    names_ = StandInNames(urls_of(exchanges_), {plain_->port(), under_tls_->port()});
    plain_->start();
    under_tls_->start();
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  const StandInNames& names() const override { return names_; }

 private:
  void answer(const http::Request& request, http::Responder responder) const {
    const auto origin = names_.there(request.header("host").value_or(""));
    const auto* scripted = conformance::answer_to(origin + std::string(request.target), exchanges_);
    http::Response response;
    response.status = scripted ? scripted->status : 404;
    if (scripted) fill(response, *scripted);
    responder.send(std::move(response));
  }

  const std::vector<Exchange> exchanges_;
  SystemClock clock_;
  SystemRandom random_;
  Metrics metrics_;
  const std::unique_ptr<Log> log_ = no_log();
  boost::asio::io_context io_{1};
  StandInNames names_;
  std::unique_ptr<http::ServerTls> tls_;
  std::unique_ptr<http::Server> plain_, under_tls_;
  std::thread thread_;
};

} // namespace

Result<std::unique_ptr<StandIn>> StandIn::start(std::vector<Exchange> exchanges, const fs::path& folder) {
  auto stand_in = std::make_unique<ScriptedStandIn>(std::move(exchanges));
  if (auto opened = stand_in->open(folder); !opened) return opened.error();
  return std::unique_ptr<StandIn>(std::move(stand_in));
}

} // namespace plugboard::cli
