#include "core/cli/stand_in.hpp"

#include "core/base/random.hpp"
#include "core/cli/child.hpp"
#include "core/connector/file_bytes.hpp"
#include "core/connector/identifier_types.hpp"
#include "core/http/client.hpp"
#include "core/http/server.hpp"
#include "core/http/server_tls.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <mutex>
#include <thread>

namespace plugboard::cli {
namespace {

namespace fs = std::filesystem;
using conformance::Exchange;

constexpr std::size_t kMostPemBytes = 65536, kMostBodyBytes = std::size_t{4} << 20;
constexpr std::chrono::seconds kPatience{30}; // with a system itself

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

bool is_of_the_way(std::string_view name) { // how bytes travel is for each side of us to say
  return name == "content-length" || name == "transfer-encoding" || name == "connection" || name == "date" ||
         name == "host";
}

// scripted outlives the response.
void fill(http::Response& response, const conformance::Scripted& scripted) {
  response.body = scripted.body;
  response.content_type = {};
  for (const auto& [written, value] : scripted.headers) {
    auto name = connector::lower_case(written);
    if (name == "content-type")
      response.content_type = value;
    else if (!is_of_the_way(name))
      response.headers.push_back({std::move(name), value});
  }
}

// Both ports, and the thread that serves them. Whoever answers stops it before what that needs is gone.
class Server : public StandIn {
 public:
  explicit Server(std::vector<std::string> urls) : names_(urls, {}), urls_(std::move(urls)) {}

  Result<void> open(const fs::path& folder) {
    const auto material = certificate_for(names_.hosts(), folder);
    if (!material) return material.error();
    std::vector<http::TlsFault> faults;
    auto identity = http::TlsIdentity::make(*material, clock_, random_, faults);
    if (!identity) return fail(Code::internal, faults.front().message);
    tls_ = std::make_unique<http::ServerTls>(std::move(identity));
    for (auto* server : {&plain_, &under_tls_}) {
      auto listening = http::Server::listen(
          io_, http::TcpEndpoint{.address = "127.0.0.1"}, {.body_bytes = kMostBodyBytes}, clock_, *log_, metrics_,
          [this](const http::Request& request, http::Responder responder) {
            answer(request, names_.there(request.header("host").value_or("")) + std::string(request.target),
                   std::move(responder));
          },
          server == &under_tls_ ? tls_.get() : nullptr);
      if (!listening) return listening.error();
      *server = std::move(*listening);
    }
    names_ = StandInNames(urls_, {plain_->port(), under_tls_->port()});
    plain_->start();
    under_tls_->start();
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  const StandInNames& names() const override { return names_; }

 protected:
  // [the thread] url: as its asker meant it.
  virtual void answer(const http::Request& request, const std::string& url, http::Responder responder) = 0;

  void stop() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  SystemClock clock_;
  SystemRandom random_;
  Metrics metrics_;
  const std::unique_ptr<Log> log_ = no_log();
  boost::asio::io_context io_{1};

 private:
  StandInNames names_;
  const std::vector<std::string> urls_;
  std::unique_ptr<http::ServerTls> tls_;
  std::unique_ptr<http::Server> plain_, under_tls_;
  std::thread thread_;
};

class Scripted final : public Server {
 public:
  explicit Scripted(std::vector<Exchange> exchanges) : Server(urls_of(exchanges)), exchanges_(std::move(exchanges)) {}

  ~Scripted() override { stop(); }

  std::vector<Exchange> heard() override { return {}; }

 private:
  void answer(const http::Request& request, const std::string& url, http::Responder responder) override {
    const auto* scripted =
        conformance::answer_to({std::string(request.method), url, std::string(request.body)}, exchanges_);
    http::Response response;
    response.status = scripted ? scripted->status : 404;
    if (scripted) fill(response, *scripted);
    responder.send(std::move(response));
  }

  const std::vector<Exchange> exchanges_;
};

// Asks the systems themselves, and hears what is said.
class Listening final : public Server {
 public:
  explicit Listening(std::vector<std::string> urls)
      : Server(std::move(urls)), client_(http::Client::make(io_, {}, {}, clock_, *log_)) {}

  ~Listening() override { stop(); }

  std::vector<Exchange> heard() override {
    const std::lock_guard lock(mutex_);
    return {heard_.begin(), heard_.end()};
  }

 private:
  void answer(const http::Request& request, const std::string& url, http::Responder responder) override {
    auto parsed = http::parse_url(url);
    if (!parsed) return refuse(std::move(responder));
    http::Call call;
    call.method = request.method;
    call.url = std::move(*parsed);
    call.body = request.body;
    for (const auto& [name, value] : request.headers)
      if (!is_of_the_way(name)) call.headers.push_back({std::string(name), std::string(value)});
    call.deadline = Deadline::after(clock_.now(), kPatience);
    Exchange exchange{.url = url, .method = call.method, .sent = call.body};
    auto held = std::make_shared<http::Responder>(std::move(responder));
    client_->send(std::move(call), [this, held, exchange](Result<http::Answer> said) mutable {
      if (!said) return refuse(std::move(*held));
      exchange.answer.status = said->status;
      exchange.answer.body = std::move(said->body);
      for (const auto& header : said->headers) exchange.answer.headers.emplace_back(header.name, header.value);
      const auto& kept = keep(std::move(exchange));
      http::Response response;
      response.status = kept.answer.status;
      fill(response, kept.answer);
      held->send(std::move(response));
    });
  }

  const Exchange& keep(Exchange exchange) {
    const std::lock_guard lock(mutex_);
    return heard_.emplace_back(std::move(exchange));
  }

  static void refuse(http::Responder responder) {
    http::Response response;
    response.status = 502;
    responder.send(std::move(response));
  }

  std::unique_ptr<http::Client> client_;
  std::mutex mutex_;
  std::deque<Exchange> heard_; // answers that are being sent refer to them
};

template <class Kind, class Of>
Result<std::unique_ptr<StandIn>> opened(Of of, const fs::path& folder) {
  auto stand_in = std::make_unique<Kind>(std::move(of));
  if (auto open = stand_in->open(folder); !open) return open.error();
  return std::unique_ptr<StandIn>(std::move(stand_in));
}

} // namespace

Result<std::unique_ptr<StandIn>> StandIn::scripted(std::vector<Exchange> exchanges, const fs::path& folder) {
  return opened<Scripted>(std::move(exchanges), folder);
}

Result<std::unique_ptr<StandIn>> StandIn::listening(std::vector<std::string> urls, const fs::path& folder) {
  return opened<Listening>(std::move(urls), folder);
}

} // namespace plugboard::cli
