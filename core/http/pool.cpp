#include "core/http/pool.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"
#include "core/http/origin.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::http {
namespace {

template <class Connection>
void erase(std::vector<std::shared_ptr<Connection>>& all, const Connection& one) {
  std::erase_if(all, [&](const auto& entry) { return entry.get() == &one; });
}

} // namespace

Pool::Pool(Origin origin, ReachPtr reach, const Surroundings& surroundings, Finished finished)
    : origin_(std::move(origin)), reach_(std::move(reach)), around_(surroundings), finished_(std::move(finished)),
      streams_allowed_(Trunk::kStreamsBeforeSettings) {}

Pool::~Pool() {
  for (const auto& dialling : dials_) dialling->close();
  for (const auto& trunk : trunks_) trunk->close();
  for (const auto& line : lines_) line->close();
}

bool Pool::take(Order& order) {
  order.pool = this; // first: whatever throws here, it is given up where it is
  if (start(order)) return true;
  if (waiting_.size() >= around_.limits.waiting_per_origin) {
    order.pool = nullptr;
    return false;
  }
  waiting_.push_back(&order);
  return true;
}

// False: it must wait its turn.
bool Pool::start(Order& order) {
  if (order.on_new_connection) return dial_for(order) || start_on_standing(order);
  return start_on_standing(order) || dial_for(order);
}

bool Pool::start_on_standing(Order& order) {
  if (auto* trunk = trunk_with_room()) {
    trunk->carry(order);
  } else if (auto* line = good_idle_line()) {
    line->carry(order);
  } else {
    return false;
  }
  return true;
}

Trunk* Pool::trunk_with_room() {
  for (std::size_t i = 0; i < trunks_.size();) {
    auto& trunk = *trunks_[i];
    if (trunk.room() > 0 && trunk.streams() == 0 && !trunk.still_good()) {
      trunk.close();
      trunks_.erase(trunks_.begin() + static_cast<std::ptrdiff_t>(i));
    } else if (trunk.room() > 0) {
      return &trunk;
    } else {
      ++i;
    }
  }
  return nullptr;
}

Line* Pool::good_idle_line() {
  while (!idle_.empty()) {
    auto* line = idle_.back();
    idle_.pop_back();
    if (line->still_good()) return line;
    look_at(*line);
    line->close();
    erase(lines_, *line);
  }
  return nullptr;
}

void Pool::look_at(const Line& line) {
  if (!line.spoke_unasked()) return;
  const bool is_news = !is_distrusted();
  distrusted_until_ = around_.clock.now() + around_.limits.distrust_time;
  for (auto* idle : std::exchange(idle_, {})) {
    if (idle == &line) continue; // its owner's caller sees to it
    idle->close();
    erase(lines_, *idle);
  }
  if (is_news)
    insist([&] {
      around_.log.warn(
          "http.connections_not_reused",
          {{"origin", name_of(origin_)},
           {"reason", "it sent an answer that nobody had asked for"},
           {"for_s", std::chrono::duration_cast<std::chrono::seconds>(around_.limits.distrust_time).count()}});
    });
}

bool Pool::is_distrusted() const {
  return distrusted_until_ && around_.clock.now() < *distrusted_until_;
}

bool Pool::dial_for(Order& order) {
  const auto shared = std::find_if(dials_.begin(), dials_.end(), [](const auto& dial) { return !dial->failed(); });
  if (shared != dials_.end() && may_share_dials()) {
    if ((*shared)->waiting() >= around_.limits.waiting_per_origin) return false;
    (*shared)->add(order);
    return true;
  }
  if (!may_dial()) return false;
  const auto dialling = std::make_shared<Dialling>(around_, origin_, reach_, *this);
  dialling->begin(); // first: one that could not begin is not shared
  dials_.push_back(dialling);
  dialling->add(order);
  return true;
}

bool Pool::may_share_dials() const {
  const bool may_be_http_2 = origin_.tls || (reach_ && reach_->in_the_clear == Protocol::http_2);
  return may_be_http_2 && spoken_ != Protocol::http_1_1;
}

// An upstream that allows no stream at all on one connection will not be asked over two.
bool Pool::may_dial() const {
  return open() < around_.limits.connections_per_origin &&
         std::none_of(trunks_.begin(), trunks_.end(), [](const auto& trunk) { return trunk->allows_none(); });
}

void Pool::connected(Dialling& dialling, std::unique_ptr<Transport> transport) {
  const auto kept = dialling.shared_from_this();
  spoken_ = transport->protocol();
  if (spoken_ == Protocol::http_2)
    add_trunk(dialling, std::move(transport));
  else
    add_line(dialling, std::move(transport));
  std::deque<Order*> rest;
  while (auto* order = dialling.next()) rest.push_back(order);
  waiting_.insert(waiting_.begin(), rest.begin(), rest.end());
  erase(dials_, dialling); // last: where memory ends before, orders are still with it
  go_on();
}

// The first that waited goes on it unconditionally: an upstream that spoils each new connection fails one order each.
void Pool::add_line(Dialling& dialling, std::unique_ptr<Transport> transport) {
  const auto line = std::make_shared<Line>(around_, origin_, *this, std::move(transport));
  lines_.push_back(line);
  if (auto* order = dialling.next()) return line->carry(*order);
  line->rest();
  idle_.push_back(line.get());
}

void Pool::add_trunk(Dialling& dialling, std::unique_ptr<Transport> transport) {
  const auto trunk = std::make_shared<Trunk>(around_, origin_, *this, std::move(transport), streams_allowed_);
  trunks_.push_back(trunk);
  trunk->begin();
  while (dialling.waiting() > 0 && trunk->room() > 0) trunk->carry(*dialling.next());
}

// Insists: the carrier, which may go now, has let go of it.
void Pool::ended(Order& order, Ending ending) {
  order.carrier = nullptr;
  if (ending.again != Again::no && order.idempotent && !order.sent_again) {
    order.sent_again = true;
    order.on_new_connection = ending.again == Again::on_new_connection;
    insist([&] { waiting_.push_front(&order); });
  } else {
    Finish finish{&order, std::move(ending.result)};
    insist([&] { endings_.push_back(std::move(finish)); });
  }
}

void Pool::changed(Dialling& dialling) {
  const auto kept = dialling.shared_from_this();
  // One that all may share goes on without them: who comes next will be glad of it.
  if (dialling.waiting() == 0 && (dialling.failed() || !may_share_dials())) {
    dialling.close();
    erase(dials_, dialling);
  }
  go_on();
}

void Pool::changed(Line& line) {
  const auto kept = line.shared_from_this();
  look_at(line);
  if (line.usable() && !is_distrusted()) {
    idle_.push_back(&line);
  } else {
    line.close();
    std::erase(idle_, &line);
    erase(lines_, line);
  }
  go_on();
}

void Pool::changed(Trunk& trunk) {
  const auto kept = trunk.shared_from_this();
  streams_allowed_ = std::max(1U, trunk.streams_allowed()); // a new one is tried with one at least
  if (trunk.finished()) {
    trunk.close();
    erase(trunks_, trunk);
  }
  go_on();
}

void Pool::go_on() {
  while (!waiting_.empty()) {
    auto* next = waiting_.front();
    waiting_.pop_front(); // first: one whose start throws is not started again
    if (start(*next)) continue;
    waiting_.push_front(next);
    break;
  }
  while (idle_.size() > around_.limits.idle_per_origin) {
    auto& line = *idle_.back();
    idle_.pop_back();
    line.close();
    erase(lines_, line);
  }
  deliver();
}

void Pool::deliver() {
  if (delivering_) return; // whoever delivers is told of this, too
  const std::weak_ptr alive(alive_);
  delivering_ = true;
  const OnExit delivered([&] { // also when an order's done throws: the next delivery is not kept away
    if (!alive.expired()) delivering_ = false;
  });
  while (!endings_.empty()) {
    auto [order, result] = std::move(endings_.front());
    endings_.pop_front();
    finished_(*order, std::move(result));
    if (alive.expired()) return;
  }
}

void Pool::give_up(Order& order) {
  if (auto* carrier = std::exchange(order.carrier, nullptr)) return carrier->give_up(order);
  std::erase(waiting_, &order);
  std::erase_if(endings_, [&](const Finish& finish) { return finish.order == &order; });
}

void Pool::close_idle(Instant since) {
  const auto first_kept =
      std::find_if(idle_.begin(), idle_.end(), [&](const Line* line) { return line->idle_since() >= since; });
  for (auto line = idle_.begin(); line != first_kept; ++line) {
    (*line)->close();
    erase(lines_, **line);
  }
  idle_.erase(idle_.begin(), first_kept);
  std::erase_if(dials_, [](const auto& dial) { return dial->failed() && dial->waiting() == 0; }); // memory ended there
  std::erase_if(trunks_, [&](const auto& trunk) {
    const bool too_long = trunk->streams() == 0 && trunk->idle_since() < since;
    if (too_long) trunk->close();
    return too_long;
  });
}

std::size_t Pool::idle() const {
  const auto trunks =
      std::count_if(trunks_.begin(), trunks_.end(), [](const auto& trunk) { return trunk->streams() == 0; });
  return idle_.size() + static_cast<std::size_t>(trunks);
}

} // namespace plugboard::http
