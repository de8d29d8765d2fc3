// The connections to one origin for those of one reach, and the orders that wait for one. Over HTTP/2 many orders share
// a trunk; over HTTP/1.1 the last line that became idle is used first, so that what a quiet hour does not need dries
// up. Which of the two an origin speaks shows at its first dial, and is remembered: until then, and where it was
// HTTP/2, those who come while a dial is under way wait for that one. Owned by the client. [the client's thread]
//
// HTTP/1.1 tells answers apart by nothing but their order. An origin that once said what nobody had asked for could do
// so again just as a request is being sent, which would then be given that answer, the next request this one's, and so
// on, one customer's data to another. So its connections are not used again for a time.
#pragma once

#include "core/http/dialling.hpp"
#include "core/http/line.hpp"
#include "core/http/trunk.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace plugboard::http {

class Pool final : public Carrier::Owner {
 public:
  using Finished = std::function<void(Order&, Result<Answer>)>; // runs the order's done: may destroy the pool

  Pool(Origin origin, ReachPtr reach, const Surroundings& surroundings, Finished finished);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool take(Order& order);        // false: too many wait already
  void give_up(Order& order);     // cancelled, or too late
  void close_idle(Instant since); // those idle since before that

  const Origin& origin() const { return origin_; }

  std::size_t idle() const;

  std::size_t open() const { return dials_.size() + lines_.size() + trunks_.size(); }

  bool empty() const { return open() == 0 && waiting_.empty() && endings_.empty(); }

 private:
  void ended(Order& order, Ending ending) override;
  void connected(Dialling& dialling, std::unique_ptr<Transport> transport) override;
  void changed(Dialling& dialling) override;
  void changed(Line& line) override;
  void changed(Trunk& trunk) override;

  bool start(Order& order);
  bool start_on_standing(Order& order);
  bool dial_for(Order& order);
  bool may_dial() const;
  bool may_share_dials() const;
  Trunk* trunk_with_room();
  Line* good_idle_line();
  void look_at(const Line& line);
  bool is_distrusted() const;
  void add_line(Dialling& dialling, std::unique_ptr<Transport> transport);
  void add_trunk(Dialling& dialling, std::unique_ptr<Transport> transport);
  void go_on();
  void deliver();

  struct Finish {
    Order* order;
    Result<Answer> result;
  };

  const Origin origin_;
  const ReachPtr reach_;
  const Surroundings around_;
  const Finished finished_;
  std::optional<Protocol> spoken_; // at the latest dial
  std::optional<Instant> distrusted_until_;
  std::uint32_t streams_allowed_; // at once, by the upstream's latest word
  std::vector<std::shared_ptr<Dialling>> dials_;
  std::vector<std::shared_ptr<Trunk>> trunks_;
  std::vector<std::shared_ptr<Line>> lines_; // all
  std::vector<Line*> idle_;                  // the latest last
  std::deque<Order*> waiting_;
  std::deque<Finish> endings_; // not told yet
  bool delivering_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

} // namespace plugboard::http
