#include "core/http/multiplex_events.hpp"

#include "core/http/contained.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <new>

namespace plugboard::http {
namespace {

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

} // namespace

// A stream that is not found was given up: what still comes for it is passed over.
struct MultiplexEvents {
  static Multiplex& of(void* user_data) { return *static_cast<Multiplex*>(user_data); }

  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    auto& multiplex = of(user_data);
    if (auto* stream = multiplex.find(frame->hd.stream_id)) {
      multiplex.patience_.earn(frame->hd.length);
      stream->answer.begin_fields();
    }
    return 0;
  }

  static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                    const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user_data) {
    auto& multiplex = of(user_data);
    auto* stream = multiplex.find(frame->hd.stream_id);
    if (!stream) return 0;
    stream->answer.field(view(name, name_size), view(value, value_size));
    multiplex.judge(frame->hd.stream_id, *stream);
    return 0;
  }

  // One that nghttp2 would pass over in silence.
  static int invalid_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t*, std::size_t,
                            const std::uint8_t*, std::size_t, std::uint8_t, void*) {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  static int data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes, std::size_t size,
                  void* user_data) {
    auto& multiplex = of(user_data);
    if (auto* stream = multiplex.find(id)) {
      multiplex.patience_.earn(size);
      stream->answer.data(view(bytes, size));
      multiplex.judge(id, *stream);
    }
    return 0;
  }

  static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    auto& multiplex = of(user_data);
    if (frame->hd.type == NGHTTP2_SETTINGS) multiplex.settings_heard_ = true;
    if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR)
      multiplex.goodbye_ = nghttp2_http2_strerror(frame->goaway.error_code);
    const auto id = frame->hd.stream_id;
    auto* stream = multiplex.find(id);
    if (!stream) return 0;
    if (frame->hd.type == NGHTTP2_RST_STREAM) stream->reset_by_peer = true;
    if (frame->hd.type == NGHTTP2_HEADERS) stream->answer.end_fields();
    const bool may_end = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (may_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) multiplex.heard_end(id, *stream);
    if (auto* left = multiplex.find(id)) multiplex.judge(id, *left);
    return 0;
  }

  // We say goodbye with an error only when nghttp2 has found one that spoils the connection.
  static int frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user_data) {
    if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR)
      of(user_data).broke(nghttp2_http2_strerror(frame->goaway.error_code));
    return 0;
  }

  static int frame_not_sent(nghttp2_session*, const nghttp2_frame* frame, int, void* user_data) {
    auto& multiplex = of(user_data);
    if (frame->hd.type == NGHTTP2_HEADERS && multiplex.find(frame->hd.stream_id))
      multiplex.end(frame->hd.stream_id, {fail(Code::unreachable, "takes no more calls"), Again::anywhere});
    return 0;
  }

  static int stream_closed(nghttp2_session*, std::int32_t id, std::uint32_t error_code, void* user_data) {
    of(user_data).closed(id, error_code);
    return 0;
  }

  static ssize_t request_body(nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t room,
                              std::uint32_t* flags, nghttp2_data_source*, void* user_data) {
    auto* stream = of(user_data).find(id);
    if (!stream) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const auto part = stream->body.substr(0, room);
    std::copy(part.begin(), part.end(), into);
    stream->body.remove_prefix(part.size());
    if (stream->body.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(part.size());
  }
};

// An event as nghttp2 may call it: of what fails there the session dies, and its Multiplex says so.
template <auto event>
struct FromC;

template <class Answer, class... Given, Answer (*event)(Given...)>
struct FromC<event> {
  static Answer call(Given... given) noexcept {
    return contained<Answer>(NGHTTP2_ERR_CALLBACK_FAILURE, [&] { return event(given...); });
  }
};

nghttp2_session* open_session(Multiplex& multiplex, std::uint32_t streams_at_first) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* option = nullptr;
  nghttp2_session* session = nullptr;
  if (nghttp2_session_callbacks_new(&callbacks) != 0 || nghttp2_option_new(&option) != 0) {
    nghttp2_session_callbacks_del(callbacks);
    throw std::bad_alloc();
  }
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, FromC<MultiplexEvents::begin_headers>::call);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, FromC<MultiplexEvents::header>::call);
  nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks, FromC<MultiplexEvents::invalid_header>::call);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, FromC<MultiplexEvents::data>::call);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, FromC<MultiplexEvents::frame_received>::call);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, FromC<MultiplexEvents::frame_sent>::call);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, FromC<MultiplexEvents::frame_not_sent>::call);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, FromC<MultiplexEvents::stream_closed>::call);
  nghttp2_option_set_peer_max_concurrent_streams(option, streams_at_first);
  nghttp2_option_set_no_closed_streams(option, 1); // they would be kept for a tree of priorities that nobody uses
  nghttp2_option_set_max_reserved_remote_streams(option, 0);
  const int opened = nghttp2_session_client_new2(&session, callbacks, &multiplex, option);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  if (opened != 0) throw std::bad_alloc();
  return session;
}

std::int32_t submit(nghttp2_session& session, const RequestFields& fields, bool has_body) {
  nghttp2_data_provider body{};
  body.read_callback = FromC<MultiplexEvents::request_body>::call;
  return nghttp2_submit_request(&session, nullptr, fields.data(), fields.size(), has_body ? &body : nullptr, nullptr);
}

} // namespace plugboard::http
