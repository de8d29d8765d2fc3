// What a plugin asks of the broker: lines with a method, a URL, a header's name and its value. What is let through goes
// where it was granted, and is read again, strictly, as the one request that was asked for. And what an upstream's
// answer says of when to come again: what follows, as a status and headers, a line each.
#include "core/connector/border.hpp"
#include "core/connector/host_http.hpp"
#include "core/connector/pause_asked.hpp"
#include "core/http/call_writer.hpp"
#include "core/http/origin.hpp"
#include "core/http/request_reader.hpp"
#include "tests/fuzz/target.hpp"

#include <optional>

namespace plugboard::fuzz {
namespace {

plugboard_str str(std::string_view text) {
  return {text.data(), text.size()};
}

// The broker up to the home's thread, where the exchange is caught.
class Broker final : public connector::Mailbox::Receiver {
 public:
  Broker() { border_.open({.log = &log_, .http = &http_}, {mailbox_}); }

  ~Broker() override {
    mailbox_->close();
    mailbox_->finish();
    border_.shut();
  }

  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  void receive(connector::Message message) override {
    caught = std::move(std::get<std::unique_ptr<connector::Exchange>>(message));
  }

  bool send(const plugboard_http_request& request) {
    const auto sent = http_.send(&request, nullptr, [](void*, const plugboard_http_response*) {});
    io_.restart();
    io_.poll();
    return sent == PLUGBOARD_OK;
  }

  std::unique_ptr<connector::Exchange> caught;

 private:
  boost::asio::io_context io_;
  FakeClock clock_;
  std::unique_ptr<Log> nowhere_ = no_log();
  connector::HostLog log_{"crm", *nowhere_, clock_};
  connector::Border border_{1, 1, 1000};
  connector::HostHttp http_{
      border_,
      connector::Egress::make({"http:good.test:8080", "https:good.test", "http:127.0.0.1:8080", "http:[::1]:80"})
          .value(),
      {},
      log_,
      clock_};
  std::shared_ptr<connector::Mailbox> mailbox_ = std::make_shared<connector::Mailbox>(io_, *this);
};

bool is_granted(const http::Origin& origin) {
  const auto name = http::name_of(origin);
  return name == "http://good.test:8080" || name == "https://good.test:443" || name == "http://127.0.0.1:8080" ||
         name == "http://[::1]:80";
}

void read_again(const http::Call& call) {
  if (!http::check_call(call)) return; // the client would not send it either
  std::string bytes;
  http::write_call(call, http::host_header(call.url.origin), bytes);
  http::RequestReader reader(256 * 1024, 64 * 1024);
  require(reader.feed(bytes) == bytes.size() && reader.state() == http::RequestReader::State::complete,
          "what is sent is one whole request");
  const auto& read = reader.request();
  require(read.method == call.method && read.target == call.url.target, "of the method and target asked for");
  require(read.header("host") == http::host_header(call.url.origin), "for the host that was judged");
  require(read.headers.size() == 1 + call.headers.size() + (http::says_length(call) ? 1 : 0),
          "and with no header more");
}

void ask(std::string_view& input) {
  static Broker broker;
  const auto method = take_line(input), url = take_line(input), name = take_line(input), value = take_line(input);
  const plugboard_http_header header{str(name), str(value)};
  plugboard_http_request request{};
  request.p = PLUGBOARD_PREFIX(plugboard_http_request);
  request.method = str(method);
  request.url = str(url);
  request.headers = &header;
  request.header_count = name.empty() ? 0 : 1;
  const bool sent = broker.send(request);
  require(sent == (broker.caught != nullptr), "it is sent or refused");
  const auto exchange = std::move(broker.caught);
  if (!exchange) return;
  const auto& call = exchange->request;
  const bool granted = is_granted(call.url.origin);
  require((exchange->throttle != nullptr) == granted, "only what is granted goes on");
  require((call.reach != nullptr) == granted, "and is judged where it leads");
  if (granted)
    require(!call.reach->objection(boost::asio::ip::make_address("169.254.169.254")).empty(), "never to metadata");
  read_again(call);
}

} // namespace

void fuzz(std::string_view input) {
  static_cast<void>(connector::Network::parse(input.substr(0, input.find('\n'))));
  ask(input);
  http::Answer answer;
  answer.status = take_line(input) == "503" ? 503 : 429;
  http::Headers headers;
  while (!input.empty()) {
    const auto line = take_line(input);
    const auto colon = std::min(line.find(':'), line.size());
    headers.push_back({std::string(line.substr(0, colon)), std::string(line.substr(std::min(colon + 1, line.size())))});
  }
  answer.headers = std::move(headers);
  const auto pause = connector::pause_asked(answer, FakeClock().wall());
  require(pause >= Duration::zero() && pause <= std::chrono::hours(24), "a pause is a while, and no more than a day");
}

} // namespace plugboard::fuzz
