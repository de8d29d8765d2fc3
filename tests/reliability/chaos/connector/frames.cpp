// Writes to the worker's one socket itself, past the ABI.
#include "core/wire/messages.hpp"
#include "deeds.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>

namespace plugboard::chaos {

namespace {

constexpr int kSocket = 3; // descriptor of the worker's socket

// All of it, or as much as the hub still takes. The bytes of one call stay together unless the socket is full.
bool write_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(kSocket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::uint64_t handle_of(const plugboard_call* call) { // the hub's own number of it
  return reinterpret_cast<std::uintptr_t>(call);
}

std::string answer_to(std::uint64_t handle, std::string data) {
  wire::Answer answer;
  answer.handle = handle;
  answer.reply.status = PLUGBOARD_OK;
  answer.reply.data = std::move(data);
  std::string frame;
  wire::write(frame, answer);
  return frame;
}

std::string own_answer(const Asked& asked) {
  return answer_to(handle_of(asked.call), proper_data(asked.request, After::answer, customer_of(asked.request)));
}

Outcome half_reply(const Asked& asked) {
  const auto frame = own_answer(asked);
  write_raw(std::string_view(frame).substr(0, frame.size() / 2));
  ::_exit(1);
}

Outcome split_reply(const Asked& asked) { // after params.at bytes it waits a moment
  const auto digits = param(asked.request, "at");
  std::size_t at = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), at);
  const auto frame = own_answer(asked);
  write_raw(std::string_view(frame).substr(0, std::min(at, frame.size())));
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  write_raw(std::string_view(frame).substr(std::min(at, frame.size())));
  return After::nothing;
}

Outcome wire_two_replies(const Asked& asked) {
  write_raw(own_answer(asked) + answer_to(handle_of(asked.call), proper_data(asked.request, After::answer, "second")));
  return After::nothing;
}

Outcome wire_other_call(const Asked& asked) { // every call that it can guess
  const auto own = handle_of(asked.call);
  const auto data = proper_data(asked.request, After::answer, customer_of(asked.request));
  std::string frames;
  for (std::uint64_t step = 1; step <= 64; ++step) {
    frames += answer_to(own + step, data) + answer_to(own - step, data);
    frames += answer_to(own ^ (step << 32), data) + answer_to(step, data);
  }
  write_raw(frames);
  return After::answer;
}

Outcome hub_frames(const Asked&) { // what only the hub may say
  std::string frames;
  wire::write(frames, wire::Cancel{1});
  wire::write(frames, wire::SecretValue{1, PLUGBOARD_OK, "a secret of its own making"});
  wire::write_bare(frames, wire::Type::stop);
  write_raw(frames);
  return After::answer;
}

Outcome unknown_type(const Asked&) {
  std::string frame;
  wire::write_bare(frame, static_cast<wire::Type>(0xee));
  write_raw(frame);
  return After::answer;
}

Outcome unsolicited(const Asked&) { // right frames at the wrong time
  std::string frames;
  wire::write_bare(frames, wire::Type::started);
  wire::write(frames, wire::Type::pong, wire::Ping{4711});
  wire::write(frames, wire::Hello{{}, "standard"});
  wire::write(frames, wire::Launched{});
  wire::write_bare(frames, wire::Type::stopped);
  write_raw(frames);
  return After::answer;
}

Outcome trailing_bytes(const Asked& asked) { // a reply that is longer than it says inside
  auto frame = own_answer(asked);
  frame[0] = static_cast<char>(frame[0] + 1); // little endian; it never ends with 0xff here
  write_raw(frame + "x");
  return After::nothing;
}

Outcome zero_lengths(const Asked&) { // frames of nothing
  write_raw(std::string(1 << 20, '\0'));
  return After::answer;
}

Outcome declared_length(const Asked&) { // as much as can be said, and then little of it
  write_raw(std::string("\xff\xff\xff\xff\x08", 5) + std::string(4096, 'x'));
  return After::nothing;
}

Outcome random_bytes(const Asked&) {
  std::string bytes(4096, '\0');
  std::uint32_t state = 0x9e3779b9;
  for (auto& byte : bytes) byte = static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24);
  write_raw(bytes);
  return After::answer;
}

Outcome descriptor(const Asked&) { // attached to a frame that is right
  std::string frame;
  wire::write(frame, wire::Said{PLUGBOARD_LOG_INFO, "a descriptor comes with this"});
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))] = {};
  iovec bytes{frame.data(), frame.size()};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof room;
  auto* const attached = CMSG_FIRSTHDR(&message);
  attached->cmsg_level = SOL_SOCKET;
  attached->cmsg_type = SCM_RIGHTS;
  attached->cmsg_len = CMSG_LEN(sizeof(int));
  const int own = 0;
  std::memcpy(CMSG_DATA(attached), &own, sizeof own);
  const bool refused = ::sendmsg(kSocket, &message, MSG_NOSIGNAL) < 0;
  return {refused ? 0 : 1, refused ? errno : 0};
}

Outcome steals_frames(const Asked&) { // reads what the hub says to the worker's first thread
  long long stolen = 0;
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
       std::chrono::steady_clock::now() < end;) {
    char bytes[64];
    if (::recv(kSocket, bytes, sizeof bytes, MSG_DONTWAIT) > 0) ++stolen;
  }
  return {stolen, 0};
}

constexpr std::array kFrames{
    Deed{"half_reply", half_reply},
    Deed{"split_reply", split_reply},
    Deed{"wire_two_replies", wire_two_replies},
    Deed{"wire_other_call", wire_other_call},
    Deed{"hub_frames", hub_frames},
    Deed{"unknown_type", unknown_type},
    Deed{"unsolicited", unsolicited},
    Deed{"trailing_bytes", trailing_bytes},
    Deed{"zero_lengths", zero_lengths},
    Deed{"declared_length", declared_length},
    Deed{"random_bytes", random_bytes},
    Deed{"descriptor", descriptor},
    Deed{"steals_frames", steals_frames},
};

} // namespace

std::span<const Deed> frames() {
  return kFrames;
}

} // namespace plugboard::chaos
