// Who is let in when more is asked than one thread can answer. Before a body is read, by the client and by how long the
// request has waited already; after it, by how critical it is. A state machine without I/O or clock. One an AgentApi.
// [its thread; a Place may be let go on any]
//
// Two things are watched. What waits: a queue that stands (CoDel: one whose shortest wait in a tenth of a second was
// too long) or that has grown out of hand. What is under way: how much of it may be is found out as TCP does it, less
// when a queue stands, more while none does; so what was let in is not met by a wave of its systems' answers. Of this
// room a client may have eight times what is left free, so that one that asks for everything leaves place for the
// others; background work fills three quarters of it, bulk work half.
//
// Who asks for far more than the others do, and for more than is answered altogether, is greedy, and they are not to
// notice. What it is let in for costs most when its systems have answered, when nothing can be done about it any more;
// so it is let in one by one (Pace), and comes later or not at all.
#pragma once

#include "core/api/pace.hpp"
#include "core/base/clock.hpp"
#include "core/session/client.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace plugboard::api {

struct AdmissionLimits { // of one thread
  Duration queue = std::chrono::milliseconds(15);
  std::size_t most = 1000; // requests under way
  std::size_t least = 8;   // so many are always let in: less is no crowd
  std::size_t few = 32;    // so many unless they have waited hopelessly or there is a flood: agents who ask in turns
};

enum class Criticality : std::uint8_t { interactive = 1, background, bulk };
Criticality criticality_named(std::string_view name); // of the contract's three words

enum class Admitted : std::uint8_t {
  yes = 1,
  later,           // when its turn has come: ask begin() then
  not_this_client, // it has more than its share of a busy hub: 429
  not_now,         // nobody like this: 503
};

class Admission {
 public:
  struct Count {
    std::atomic<std::size_t> under_way{0}, over{0};
  };

  class Place { // of one request that is under way
   public:
    Place(std::shared_ptr<Count> of_client, std::shared_ptr<Count> of_all);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    std::shared_ptr<Count> of_client_, of_all_;
  };

  using PlacePtr = std::shared_ptr<const Place>;

  // ran: how much processor time this thread has had.
  Admission(AdmissionLimits limits, std::function<Duration()> ran);

  struct Answer {
    Admitted admitted;
    PlacePtr place{}; // yes: its
    Instant turn{};   // later: its
  };

  // Step one. waited: since its last byte came.
  Answer enter(const session::Client& client, Duration waited, Instant now);
  PlacePtr begin(const session::Client& client); // of one whose turn has come
  // Step two, for one that has a place.
  Admitted stay(Criticality criticality, Duration waited);

  std::size_t under_way() const { return all_->under_way; }

  std::size_t room() const { return room_; }

 private:
  struct Guest {
    std::shared_ptr<session::ClientUse> use; // kept, so that its address is nobody else's
    std::shared_ptr<Count> count;
    double asked = 0;  // of late
    double excess = 0; // beyond what could be answered at all; a bucket that leaks as fast as that
    Instant turn{};    // the next one's, while it is greedy
  };

  enum class Claim : std::uint8_t { within_share = 1, beyond_share, greedy };

  Guest& guest_of(const session::Client& client);
  PlacePtr begin(const Guest& guest);
  static bool is_active(const Guest& guest);
  Claim claim_of(const Guest& guest, Instant now) const;

  std::size_t share_of_each() const { return std::max<std::size_t>(1, all_->under_way / active_); }

  bool has_room(const Guest& guest, Claim claim, Duration waited) const;
  void watch(Duration waited, Instant now);
  void end_round(Instant now);
  Duration time_under_way(Instant now) const;
  void adapt(Instant now);
  void look_around(Instant now);
  std::size_t least_beside(double part) const;
  Duration patience(Claim claim) const;
  Answer in_turn(Guest& guest, Duration waited, Instant now);
  bool is_greedy(const Guest& guest, Instant now) const;

  const AdmissionLimits limits_;
  std::unordered_map<const session::ClientUse*, Guest> guests_;
  const std::shared_ptr<Count> all_ = std::make_shared<Count>();
  std::size_t active_ = 1; // clients that have asked for something of late
  double asked_each_ = 0;  // of late, on average, by those
  double answered_of_late_ = 0;
  Instant looked_{};
  Pace pace_;
  std::size_t room_;
  std::size_t growth_ = 1; // of the room, percent
  bool stands_ = false;    // the queue did, in the round before
  bool flooded_ = false;   // then, too, so many were refused
  Instant round_began_{};
  Duration shortest_ = Duration::max(); // wait in this round
  Duration round_waits_{};
  std::size_t round_asked_ = 0, round_refused_ = 0;
  Instant adapted_{};    // the room was; since then:
  std::size_t peak_ = 0; // under way
  std::size_t entered_ = 0;
  double widest_ = 0; // part of the room that the most critical may fill
  Duration waits_{};  // altogether
  std::size_t asked_ = 0;
};

} // namespace plugboard::api
