// Frames: what the hub and a worker say to each other over their one socket. A frame is a length (u32, of what
// follows), a type (u8) and its fields (fields.hpp). Several may be written and read at once.
#pragma once

#include "core/wire/fields.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace plugboard::wire {

inline constexpr std::uint32_t kVersion = 1; // of all of this; hub and worker come from one build and must agree

enum class Type : std::uint8_t {
  launch = 1, // hub → launcher
  launched,   // launcher → hub
  hello,      // worker → hub
  setup,      // hub → worker
  started,    // worker → hub: the plugin was created and started
  refused,    // worker → hub: it was not, and why
  call,       // hub → worker
  reply,      // worker → hub
  cancel,     // hub → worker
  log,        // worker → hub
  http_send,  // worker → hub: plugboard.host.http/1
  http_response,
  file, // hub → worker: a granted file was changed
  secret_get,
  secret,
  ping,
  pong,
  stop,
  stopped,
  alarm,      // worker → hub: plugboard.host.clock/1, tell me in so long
  alarm_over, // hub → worker
  measured,   // worker → hub: plugboard.host.metrics/1
  kv_ask,     // worker → hub: plugboard.host.kv/1
  kv_told,
  secret_replace,  // worker → hub
  secret_replaced, // hub → worker
  token_ask,       // worker → hub: plugboard.host.oauth2/1
  token_told,
  token_refused, // worker → hub: by the system that it was for
};

inline constexpr std::size_t kHeadBytes = 5;

struct Frame {
  Type type = Type::launch; // whatever the peer wrote: may be none of them
  std::string_view body;
};

// One frame, appended to a text: its length is known when this goes.
class FrameWriter : public FieldWriter {
 public:
  FrameWriter(std::string& out, Type type);
  ~FrameWriter();
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  // The frame's last text, of which only the size is written: the bytes are sent right behind the frame.
  void text_follows(std::size_t size);

 private:
  const std::size_t at_;
  std::size_t follows_ = 0;
};

// What has come, cut into frames. Grows with what was received, never with what a length promises; what a large frame
// made of it stays for the next, until for a while there was none. [one thread]
class FrameBuffer {
 public:
  explicit FrameBuffer(std::size_t most_bytes) : most_(most_bytes) {} // of a frame's body and type

  std::span<char> room(); // to read into; never empty
  void filled(std::size_t bytes);

  enum class Next : std::uint8_t { frame = 1, incomplete, violation };
  Next next(Frame& frame); // its body lives until room() is called

  std::string_view violation() const { return violation_; }

  // Goes on with what was not handed out; the bodies of frames that were, live as long as what comes back.
  std::unique_ptr<char[]> set_aside();

  bool empty() const { return begin_ == end_; }

 private:
  std::size_t wanted_size() const;
  void move_to(std::size_t size);

  const std::size_t most_;
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t begin_ = 0, end_ = 0; // what is there and was not handed out yet
  unsigned small_ = 0;              // how often in a row the usual room would have done
  std::string_view violation_;
};

} // namespace plugboard::wire
