// What is done every few seconds, and at the end: uses are saved together, what is over goes.
#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"
#include "core/session/revocation_rows.hpp"
#include "core/session/stored_sessions.hpp"
#include "core/session/token_rows.hpp"

#include <utility>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kBetweenSaves = 10s; // with a tend every few seconds: no use is older than 30 s when it is saved
constexpr Duration kBetweenPurges = 60s;
constexpr Duration kPurgeMargin = 2min; // uses that wait to be saved are younger
constexpr int kPurgedAtOnce = 500;

} // namespace

struct Chore { // one tend()
  std::vector<Touch> touches;
  std::vector<SessionRow> uses;
  std::vector<SessionKey> over;
  std::vector<NumberedRevocation> unsaved;
  bool purge = false;
  bool more = false;                  // the purge left some
  std::uint64_t idle_revocations = 0; // up to this one they went
};

namespace {

std::shared_ptr<Chore> next_chore(Ground& ground, Moment now) {
  auto chore = std::make_shared<Chore>();
  const Duration since = now.steady.time_since_epoch();
  if (since - Duration(ground.saved) >= kBetweenSaves) chore->touches = ground.live.touches();
  for (const Touch& touch : chore->touches) chore->uses.push_back(ground.live.row_of(touch, now));
  chore->over = ground.live.seen_over();
  chore->purge = since - Duration(ground.purged) >= kBetweenPurges;
  const std::lock_guard lock(ground.mutex);
  chore->unsaved = ground.unsaved;
  return chore;
}

Result<void> purge(Ground& ground, Chore& chore, Moment now, store::Connection& connection) {
  const auto more = delete_expired(connection, now.wall, ground.live.run(), now.steady - kPurgeMargin, kPurgedAtOnce);
  if (!more) return more.error();
  chore.more = *more;
  if (const auto gone = delete_old_handoffs(connection, now.wall); !gone) return gone;
  if (chore.more) return {};
  // Those of just now may have to end what is being written.
  const auto idle = delete_idle_revocations(connection, ground.old_enough);
  if (!idle) return idle.error();
  chore.idle_revocations = *idle;
  return {};
}

store::Database::Job job_of(const GroundPtr& ground, std::shared_ptr<Chore> chore, Moment now) {
  return [ground, chore = std::move(chore), now](store::Connection& connection) -> Result<void> {
    for (const SessionRow& use : chore->uses) {
      if (const auto saved = save_use(connection, use); !saved) return saved;
    }
    for (const SessionKey& key : chore->over) {
      if (const auto deleted = delete_session(connection, key); !deleted) return deleted;
    }
    for (const NumberedRevocation& one : chore->unsaved) {
      if (const auto saved = insert_revocation(connection, one, now.wall); !saved) return saved;
    }
    return chore->purge ? purge(*ground, *chore, now, connection) : Result<void>();
  };
}

void tended(Ground& ground, const Chore& chore, Moment now) {
  const Duration::rep at = now.steady.time_since_epoch().count();
  ground.live.tended(chore.touches, chore.over, now.steady);
  if (!chore.touches.empty()) ground.saved = at;
  if (chore.purge && !chore.more) { // else it goes on with the next tend
    ground.purged = at;
    ground.live.drop_revocations(chore.idle_revocations);
    ground.old_enough = ground.live.revocations().last();
  }
  const std::lock_guard lock(ground.mutex);
  std::erase_if(ground.unsaved, [&](const NumberedRevocation& one) {
    return std::any_of(chore.unsaved.begin(), chore.unsaved.end(),
                       [&](const auto& saved) { return saved.number == one.number; });
  });
}

} // namespace

void StoredSessions::tend() {
  if (ground_->tending.exchange(true)) return;
  OnExit round([this] { ground_->tending = false; }); // else the answer ends it
  const Moment now = ground_->now();
  ground_->live.clear_graves(now.steady);
  ground_->live.forget_ended(now);
  auto chore = next_chore(*ground_, now);
  if (chore->touches.empty() && chore->over.empty() && chore->unsaved.empty() && !chore->purge) return;
  auto answer = [chore, now, ground = ground_](const Result<void>& written) {
    if (written)
      tended(*ground, *chore, now);
    else
      ground->log.warn("session.tend_failed", {{"reason", written.error().message}});
    ground->tending = false;
  };
  ground_->database.write(job_of(ground_, chore, now), {}, std::move(answer));
  round.dismiss();
}

// Insists: a destructor can't say that there was no memory.
StoredSessions::~StoredSessions() {
  insist([this] {
    const Moment now = ground_->now();
    const auto touches = ground_->live.touches();
    auto over = ground_->live.seen_over();
    std::vector<NumberedRevocation> unsaved;
    {
      const std::lock_guard lock(ground_->mutex);
      unsaved = ground_->unsaved;
    }
    if (touches.empty() && over.empty() && unsaved.empty()) return; // as when a start failed: needs no memory
    auto chore = std::make_shared<Chore>();
    for (const Touch& touch : touches) chore->uses.push_back(ground_->live.row_of(touch, now));
    chore->over = std::move(over);
    chore->unsaved = std::move(unsaved);
    ground_->database.write(job_of(ground_, chore, now), {}, {});
  });
}

} // namespace plugboard::session
