// What lives, for operators: without tokens and identifiers.
#include "core/session/columns.hpp"
#include "core/session/lists.hpp"
#include "core/session/stored_sessions.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::session {
namespace {

constexpr std::string_view kList = R"sql(
SELECT s.tenant, s.id, s.customer, s.created_at, s.expires_at, s.idle_limit, s.begun_under,
       s.last_used_at, s.run, s.run_used_at, s.run_expires_at,
       t.client, t.channel, t.key_id, t.issued_at, t.issued_under, t.authentications
FROM sessions s JOIN session_tokens t ON t.tenant = s.tenant AND t.session = s.id
WHERE s.revoked_at IS NULL AND t.rotated_at IS NULL AND t.handoff IS NULL AND s.id > ?2
  AND (?1 = '*' OR s.tenant = ?1) AND (?3 = '' OR s.id = ?3) AND (?4 = '' OR s.customer = ?4)
  AND (?5 = '' OR EXISTS (SELECT 1 FROM session_tokens c WHERE c.tenant = s.tenant AND c.session = s.id
                          AND c.client = ?5 AND c.rotated_at IS NULL AND c.handoff IS NULL))
ORDER BY s.id)sql";

Result<SessionRow> row_of(const store::Statement& statement) {
  SessionRow row;
  row.session.tenant = statement.text(0);
  row.session.id = statement.text(1);
  row.session.customer = statement.text(2);
  row.session.created_at = wall_time(statement.integer(3));
  row.session.expires_at = wall_time(statement.integer(4));
  row.session.idle_limit = Duration(statement.integer(5));
  row.session.begun_under = static_cast<std::uint64_t>(statement.integer(6));
  row.last_used_at = wall_time(statement.integer(7));
  row.run = statement.text(8);
  row.run_used = instant(statement.integer(9));
  row.run_expires = instant(statement.integer(10));
  row.token.client = statement.text(11);
  row.token.channel = statement.text(12);
  row.token.key_id = statement.text(13);
  row.token.issued_at = wall_time(statement.integer(14));
  row.token.issued_under = static_cast<std::uint64_t>(statement.integer(15));
  auto proofs = authentications_of(statement.text(16));
  if (!proofs) return proofs.error();
  for (auto& proof : *proofs) row.session.authentications.push_back(std::move(proof.authentication));
  return row;
}

void add(std::vector<Listed>& list, const SessionRow& row, WallTime now) {
  const Session& session = row.session;
  if (list.empty() || list.back().id != session.id || list.back().tenant != session.tenant)
    list.push_back({session.tenant,
                    session.id,
                    session.customer,
                    {},
                    Assurance::none,
                    session.created_at,
                    row.last_used_at,
                    session.expires_at});
  Listed& listed = list.back();
  listed.assurance = std::max(listed.assurance, session.assurance_at(now));
  if (std::find(listed.clients.begin(), listed.clients.end(), row.token.client) == listed.clients.end())
    listed.clients.push_back(row.token.client);
}

} // namespace

void StoredSessions::list(ListAsk ask, store::Poster back, std::function<void(Result<std::vector<Listed>>)> done) {
  auto list = std::make_shared<std::vector<Listed>>();
  auto job = [list, ask = std::move(ask), ground = ground_](store::Connection& connection) -> Result<void> {
    auto statement = connection.prepare(kList);
    if (!statement) return statement.error();
    (*statement)->bind(1, ask.tenant).bind(2, ask.after).bind(3, ask.session).bind(4, ask.customer).bind(5, ask.client);
    const Moment now = ground->now();
    for (;;) {
      const auto there = (*statement)->step();
      if (!there) return there.error();
      if (!*there) return {};
      auto row = row_of(**statement);
      if (!row) return row.error();
      if (!ground->live.would_live(*row, now)) continue;
      const bool another = list->empty() || list->back().id != row->session.id;
      if (another && list->size() == static_cast<std::size_t>(ask.most)) return {};
      add(*list, *row, now.wall);
    }
  };
  auto answer = [list, done = std::move(done)](const Result<void>& read) {
    if (!read) return done(read.error());
    done(std::move(*list));
  };
  ground_->database.read(std::move(job), std::move(back), std::move(answer));
}

} // namespace plugboard::session
