#include "core/http/multiplex.hpp"

#include "core/http/contained.hpp"
#include "core/http/multiplex_events.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace plugboard::http {
namespace {

constexpr std::size_t kLeastWindow = 65'535; // what a peer may count on before it is told anything
constexpr std::size_t kMostWindow = 16 << 20;
constexpr std::size_t kStreamsInOneWindow = 16; // of the connection
constexpr std::size_t kMostQueued = 1024; // frames: orders that were given up stay there until they can be written

std::size_t window_for(std::size_t body_bytes) {
  return std::clamp(body_bytes, kLeastWindow, kMostWindow);
}

void must(int result) { // what can only fail for want of memory
  if (result != 0) throw std::bad_alloc();
}

} // namespace

void Multiplex::Free::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

Multiplex::Multiplex(const Limits& limits) : limits_(limits), session_(open_session(*this, limits.streams_at_first)) {
  const auto window = window_for(limits_.body_bytes);
  const std::array<nghttp2_settings_entry, 3> settings{{
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(window)},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits_.header_bytes)},
  }};
  must(nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
  must(nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0,
                                             static_cast<std::int32_t>(window * kStreamsInOneWindow)));
}

Multiplex::~Multiplex() = default;

void Multiplex::begin(Order& order) {
  const auto id = submit(*session_, RequestFields(order.call), !order.call.body.empty());
  if (id == NGHTTP2_ERR_NOMEM) throw std::bad_alloc();
  if (id < 0) { // out of numbers for streams; takes_orders() says so, too
    ended_.push_back({&order, {fail(Code::unreachable, "takes no more calls"), Again::anywhere}});
    return;
  }
  order.stream = id;
  const StreamAnswer::Limits limits{limits_.header_bytes, order.max_body_bytes};
  streams_.emplace(id, Stream{&order, StreamAnswer(order.is_head, limits), order.call.body, frames_heard() > 0});
}

void Multiplex::give_up(Order& order) {
  std::erase_if(ended_, [&](const Ended& ended) { return ended.order == &order; });
  if (streams_.erase(order.stream) == 0) return;
  patience_.allow(window_for(limits_.body_bytes));
  reset(order.stream, NGHTTP2_CANCEL);
}

// nghttp2 gets each frame's head in one piece: it counts every part of a CONTINUATION's head as another such frame, of
// which it takes only a few; nothing at all counts, too.
void Multiplex::receive(std::string_view bytes) {
  patience_.hear(bytes);
  if (!half_a_head_.empty()) {
    const auto missing = bytes.substr(0, Patience::kHead - half_a_head_.size());
    half_a_head_ += missing;
    bytes.remove_prefix(missing.size());
    if (half_a_head_.size() < Patience::kHead) return;
    read(std::exchange(half_a_head_, {}));
  }
  const auto whole = bytes.size() - patience_.half_a_head();
  half_a_head_ = bytes.substr(whole);
  if (whole > 0) read(bytes.substr(0, whole));
  if (broken() || !patience_.over()) return;
  broke("frames without end that answer nothing");
  nghttp2_session_terminate_session(session_.get(), NGHTTP2_ENHANCE_YOUR_CALM);
}

void Multiplex::read(std::string_view whole_heads) {
  if (broken()) return;
  const auto taken = nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(whole_heads.data()),
                                              whole_heads.size());
  if (taken < 0) failed(static_cast<int>(taken));
}

void Multiplex::gather(std::string& out, std::size_t enough) {
  while (!starved_ && out.size() < enough) {
    const std::uint8_t* bytes = nullptr;
    const auto size = nghttp2_session_mem_send(session_.get(), &bytes);
    if (size < 0) return failed(static_cast<int>(size));
    if (size == 0) return;
    const std::string_view part(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    starved_ = !contained(false, [&] { // it would not be given a second time
      out.append(part);
      return true;
    });
  }
}

void Multiplex::ping() {
  if (!starved_) nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
}

void Multiplex::farewell() {
  if (!starved_) nghttp2_session_terminate_session(session_.get(), NGHTTP2_NO_ERROR);
}

void Multiplex::lost(const Error& error) {
  while (!streams_.empty()) {
    const auto& [id, stream] = *streams_.begin();
    auto why = error;
    auto again = Again::no;
    if (error.code == Code::unreachable) {
      const bool begun = stream.answer.begun();
      why.code = begun ? Code::malformed : Code::unreachable;
      if (!goodbye_.empty()) why.message += ", saying " + std::string(goodbye_) + ",";
      why.message += begun ? " half-way through its answer" : " without an answer";
      if (!begun && stream.used_before) again = Again::on_new_connection;
    }
    end(id, {std::move(why), again});
  }
}

std::vector<Multiplex::Ended> Multiplex::take_ended() {
  return std::exchange(ended_, {});
}

std::uint32_t Multiplex::streams_allowed() const {
  if (!settings_heard_) return limits_.streams_at_first;
  return nghttp2_session_get_remote_settings(session_.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
}

std::size_t Multiplex::room() const {
  const std::size_t allowed = std::min(limits_.streams, streams_allowed());
  return allowed > streams_.size() ? allowed - streams_.size() : 0;
}

bool Multiplex::takes_orders() const {
  return !broken() && nghttp2_session_check_request_allowed(session_.get()) != 0 &&
         nghttp2_session_get_outbound_queue_size(session_.get()) < kMostQueued;
}

Multiplex::Stream* Multiplex::find(std::int32_t id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : &found->second;
}

void Multiplex::heard_end(std::int32_t id, Stream& stream) {
  stream.answer.end();
  if (stream.answer.state() != StreamAnswer::State::complete) return;
  const bool all_sent = nghttp2_session_get_stream_local_close(session_.get(), id) == 1;
  end(id, {stream.answer.take_answer()});
  if (!all_sent) reset(id, NGHTTP2_CANCEL);
}

void Multiplex::judge(std::int32_t id, Stream& stream) {
  if (stream.answer.state() != StreamAnswer::State::failed) return;
  auto failure = stream.answer.failure();
  const auto error_code = failure.code == Code::malformed ? NGHTTP2_PROTOCOL_ERROR : NGHTTP2_CANCEL;
  end(id, {std::move(failure)});
  patience_.allow(window_for(limits_.body_bytes));
  reset(id, error_code);
}

// Without having been answered. Whose doing it was tells the reason.
void Multiplex::closed(std::int32_t id, std::uint32_t error_code) {
  auto* stream = find(id);
  if (!stream) return;
  const bool begun = stream->answer.begun();
  if (error_code == NGHTTP2_REFUSED_STREAM && !begun)
    return end(id, {fail(Code::unreachable, "refused to take the call"), Again::anywhere});
  if (!stream->reset_by_peer) return end(id, {fail(Code::malformed, "answered against the rules of HTTP/2")});
  const std::string name = nghttp2_http2_strerror(error_code);
  if (begun) return end(id, {fail(Code::malformed, "broke its answer off half-way (" + name + ")")});
  end(id, {fail(Code::unreachable, "reset the call without an answer (" + name + ")")});
}

void Multiplex::end(std::int32_t id, Ending ending) {
  const auto stream = streams_.find(id);
  ended_.push_back({stream->second.order, std::move(ending)}); // first: who is in neither is never told
  stream->second.order->stream = 0;
  streams_.erase(stream);
}

void Multiplex::reset(std::int32_t id, std::uint32_t error_code) {
  if (starved_) return;
  const auto result = nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, error_code);
  if (result < 0) failed(result);
}

// What nghttp2 says of itself. Our own events fail only for want of memory.
void Multiplex::failed(int nghttp2_error) {
  if (nghttp2_error == NGHTTP2_ERR_NOMEM || nghttp2_error == NGHTTP2_ERR_CALLBACK_FAILURE)
    starved_ = true;
  else
    broke(nghttp2_strerror(nghttp2_error));
}

void Multiplex::broke(std::string_view rule) {
  if (broken_rule_.empty()) broken_rule_ = rule;
}

Error Multiplex::failure() const {
  if (starved_) return fail(Code::overloaded, "was left without an answer, as the hub has no memory for it");
  return fail(Code::malformed, "broke the rules of HTTP/2: " + std::string(broken_rule_));
}

} // namespace plugboard::http
