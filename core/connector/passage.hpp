// Bytes between two connected sockets, as they are, both ways, until both ways have ended: an end on one side is passed
// on to the other, and what comes back still gets through. Each way holds one buffer: who reads slowly is waited for,
// and so is, through him, who writes. Owned by a tunnel. [the home's thread]
#pragma once

#include "core/http/transport.hpp"

#include <boost/asio/io_context.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace plugboard::connector {

class Passage final : public std::enable_shared_from_this<Passage> {
 public:
  // near: the plugin's side. over: once, unless it is cut; it may destroy this object.
  Passage(boost::asio::io_context& io, http::Socket near, std::unique_ptr<http::Transport> far,
          std::function<void()> over);

  void begin();
  void cut(); // at once: both sides see that it was broken off, not that it ended

 private:
  struct Way {
    http::Socket& from;
    http::Socket& to;
    std::vector<char> buffer;
    std::string_view held{}; // read, not yet written
    bool over = false;
  };

  enum class Turn : std::uint8_t { again = 1, waits, over, broken };

  void carry(Way& way);
  Turn turn(Way& way);
  Turn read(Way& way);
  Turn write(Way& way);
  void end_of(Way& way);
  void finish();

  template <class Wait>
  Turn wait(Way& way, Wait&& begin);

  boost::asio::io_context& io_;
  std::optional<http::Socket> near_;
  std::unique_ptr<http::Transport> far_;
  std::function<void()> over_; // empty: cut, or over
  std::array<Way, 2> ways_;
};

} // namespace plugboard::connector
