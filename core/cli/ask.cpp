#include "core/cli/ask.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>

namespace plugboard::cli {

namespace {

constexpr std::chrono::seconds kPatience{35}; // a context may take 30

http::Call call_of(std::string_view method, std::string body) {
  http::Call call;
  call.method = method;
  if (!body.empty()) call.headers.push_back({"content-type", "application/json"});
  call.body = std::move(body);
  call.max_body_bytes = 256 << 20;
  return call;
}

// Under TLS there may well be a hub: why it can't be asked is what helps.
Error no_answer(const Error& error, const std::string& server, std::string_view how) {
  const bool is_tls = error.message.find("TLS") != std::string::npos;
  const bool is_refused = error.message.find("certificate is refused") != std::string::npos;
  if (is_refused)
    return fail(Code::unreachable, error.message +
                                       "; give --ca FILE or set PLUGBOARD_CA if another authority signs the "
                                       "hub's certificate");
  if (is_tls)
    return fail(Code::unreachable, error.message + "; does the hub speak TLS there, and does it ask for a certificate "
                                                   "(--certificate, --certificate-key)?");
  return fail(Code::unreachable, "no hub answers at " + server + "; is it running? Give " + std::string(how));
}

} // namespace

Result<Reply> Ask::agent(std::string_view method, std::string_view path, std::string body) const {
  return over_tcp(method, places_.server, path, std::move(body), places_.key, "--server or set PLUGBOARD_SERVER");
}

Result<Reply> Ask::over_tcp(std::string_view method, const std::string& server, std::string_view path, std::string body,
                            const std::string& key, std::string_view how) const {
  auto url = http::parse_url(server + std::string(path));
  if (!url)
    return fail(Code::invalid_argument, "\"" + server +
                                            "\" is no address of a hub, http://HOST:PORT or https://HOST:PORT; give " +
                                            std::string(how));
  auto call = call_of(method, std::move(body));
  call.url = std::move(*url);
  if (!key.empty()) call.headers.push_back({"authorization", "Bearer " + key});
  auto reply = exchange(std::move(call));
  if (reply || reply.error().code != Code::unreachable) return reply;
  return no_answer(reply.error(), server, how);
}

Result<Reply> Ask::admin(std::string_view method, std::string_view path, std::string body) const {
  const auto& place = places_.admin;
  if (place.starts_with("http://") || place.starts_with("https://"))
    return over_tcp(method, place, path, std::move(body), places_.admin_key, "--admin or set PLUGBOARD_ADMIN");
  auto call = call_of(method, std::move(body));
  call.url.origin.unix_path = place;
  call.url.target = path;
  auto reply = exchange(std::move(call));
  if (reply || reply.error().code != Code::unreachable) return reply;
  return fail(Code::unreachable, "no hub answers at the admin socket " + place +
                                     "; is it running, and are you its user? Give --admin PATH or set PLUGBOARD_ADMIN");
}

Result<Reply> Ask::exchange(http::Call call) const {
  boost::asio::io_context io{1};
  SystemClock clock;
  auto log = no_log();
  auto client = http::Client::make(io, http::ClientLimits{}, places_.tls, clock, *log);
  call.deadline = Deadline::after(clock.now(), kPatience);
  std::optional<Result<Reply>> outcome;
  client->send(std::move(call), [&](Result<http::Answer> answer) {
    if (answer)
      outcome = Reply{answer->status, std::move(answer->body)};
    else
      outcome = answer.error();
    io.stop();
  });
  io.run();
  if (!outcome) return fail(Code::internal, "the exchange ended without an answer");
  return std::move(*outcome);
}

} // namespace plugboard::cli
