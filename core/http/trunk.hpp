// One HTTP/2 connection to an upstream: many orders at once. It moves the bytes of a Multiplex, all that were ordered
// in one turn of the loop in one write. A peer that lets orders run out of time without a sign of life is asked for one
// (PING), gets nothing new until it answers, and is left when it does not. Owned by its pool. [the client's thread]
#pragma once

#include "core/http/carrier.hpp"
#include "core/http/multiplex.hpp"
#include "core/http/surroundings.hpp"

#include <memory>
#include <optional>
#include <string>

namespace plugboard::http {

class Trunk final : public Carrier, public std::enable_shared_from_this<Trunk> {
 public:
  static constexpr std::uint32_t kStreamsBeforeSettings = 100; // until the peer says how many it takes

  Trunk(const Surroundings& surroundings, const Origin& origin, Owner& owner, std::unique_ptr<Transport> transport,
        std::uint32_t streams_at_first);
  ~Trunk();
  Trunk(const Trunk&) = delete;
  Trunk& operator=(const Trunk&) = delete;

  void begin();
  void carry(Order& order); // when there is room
  bool still_good();        // asked just before carry when it carries none: it has not ended
  void give_up(Order& order) override;
  void close(); // at once; the owner hears nothing

  std::size_t room() const; // for how many more orders

  std::size_t streams() const { return session_.streams(); }

  std::uint32_t streams_allowed() const { return session_.streams_allowed(); }

  bool allows_none() const { return takes_orders() && streams() == 0 && room() == 0; }

  bool finished() const; // carries none and never will

  Instant idle_since() const { return idle_since_; }

 private:
  bool takes_orders() const;
  void readable();
  std::optional<Error> read();
  void flush();
  void flush_soon();
  void read_soon();
  void end_turn();
  bool tell_ended();
  void die(Error error);
  void note_signs_of_life(std::uint64_t heard_before);
  void ask_for_a_sign_of_life();
  void trust_again();
  void wait_readable();
  void wait_writable();

  Surroundings around_;
  const Origin& origin_; // of the pool
  Owner* owner_;         // null once closed
  std::unique_ptr<Transport> transport_;
  Multiplex session_;
  std::string out_; // gathered, from out_sent_ on not yet written
  std::size_t out_sent_ = 0;
  bool write_failed_ = false;
  bool waiting_readable_ = false;
  bool waiting_writable_ = false;
  bool flush_posted_ = false;
  std::optional<Instant> silent_since_; // something was asked then, and not a frame has come
  std::optional<Timers::Id> patience_;  // a PING is out
  Instant idle_since_{};
};

} // namespace plugboard::http
