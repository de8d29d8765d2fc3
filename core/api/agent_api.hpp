// Station 2: what agent tools may ask. Finds the client by its key or certificate, checks its scope, hands the call to
// its page. One AgentApi an I/O thread. [all of it: that thread]
#pragma once

#include "core/api/admission.hpp"
#include "core/api/generation.hpp"
#include "core/api/guessing.hpp"
#include "core/api/prefetches.hpp"
#include "core/api/source_limit.hpp"
#include "core/api/store_patience.hpp"
#include "core/audit/trail.hpp"
#include "core/base/random.hpp"
#include "core/base/trace_context.hpp"
#include "core/http/server.hpp"
#include "core/policy/sight.hpp"
#include "core/session/bad_tries.hpp"
#include "core/session/clients.hpp"
#include "core/session/continuations.hpp"
#include "core/session/sessions.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace plugboard::api {

// What the hub lends to every call. References outlive the API.
struct Rooms {
  connector::Home& home;
  session::Sessions& sessions;
  session::Continuations& continuations;
  session::Clients& clients;
  session::BadTries& bad_tries;
  audit::Trail& trail;
  Prefetches& prefetches;
  const Clock& clock;
  Random& random;
  Log& log;
  Metrics& metrics;
  AdmissionLimits overload{};
};

// One call on its way: who asks, under which configuration.
struct Visit {
  session::ClientPtr client;
  GenerationPtr generation;
  TraceContext trace;
  Admission::PlacePtr place{};
};

struct AgentMetrics { // made once, kept as references
  explicit AgentMetrics(Metrics& metrics);
  Counter& context_complete;
  Counter& context_partial;
  Counter& identifier_conflicts;
  Counter& limited;
  Counter& shed;
  Counter &overloaded_client, &overloaded_hub, &overloaded_criticality;
  Counter& paced;
  Counter& guesses_refused;
  Counter& sessions_created;
  Counter& sessions_refused;
  Histogram& context_seconds;
};

class AgentApi {
 public:
  AgentApi(Rooms rooms, GenerationPtr generation);

  void serve(GenerationPtr generation) { generation_ = std::move(generation); } // for requests from now on

  void close() { patience_.close(); } // when nothing of it runs any more, before its thread's io_context goes

  void set_ready(bool ready) { ready_ = ready; } // what /readyz says

  void handle(const http::Request& request, http::Responder responder);

 private:
  struct Route;
  static const Route* find_route(std::string_view path);
  session::ClientPtr caller(const http::Request& request) const; // null: unknown
  bool admit(const session::ClientPtr& client, const http::Request& request, bool is_context,
             http::Responder& responder); // false: it was answered
  // Where there is room for it: at once, or when its turn has come.
  void enter(const http::Request& request, http::Responder responder, session::ClientPtr client, const Route* route);
  void wait(Duration time, const http::Request& request, http::Responder responder, session::ClientPtr client,
            const Route* route);
  void let_in(const http::Request& request, http::Responder responder, session::ClientPtr client, const Route* route,
              Admission::PlacePtr place);
  bool stay(const Visit& visit, const std::string& criticality, Instant received, http::Responder& responder);
  void turn_away(Admitted why, http::Responder& responder);
  // 429, if too much was guessed at this customer's proof from there; counts a wrong guess.
  std::optional<http::Response> guessed(const Attempt& attempt, const connector::Authenticated& step);
  bool serve_open_page(const http::Request& request, http::Responder& responder);

  void log_out(const http::Request& request, std::string_view connector, http::Responder responder);
  void end_sessions(const std::string& connector, const connector::LoggedOut& whose,
                    const std::shared_ptr<http::Responder>& responder);

  void create_session(const http::Request&, http::Responder, Visit);
  void introspect(const http::Request&, http::Responder, Visit);
  void tell_session(const std::shared_ptr<http::Responder>& responder, const Visit& visit,
                    const session::AccessPtr& access);
  void revoke(const http::Request&, http::Responder, Visit);
  void hand_off(const http::Request&, http::Responder, Visit);
  void redeem(const http::Request&, http::Responder, Visit);
  void context(const http::Request&, http::Responder, Visit);
  void prefetch(const http::Request&, http::Responder, Visit);
  void call_off_prefetch(const http::Request&, http::Responder, Visit);
  void explain(const http::Request&, http::Responder, Visit);
  enum class Answer : std::uint8_t { context = 1, explanation };
  void gather(const http::Request&, http::Responder, Visit, Answer);
  void sections(const http::Request&, http::Responder, Visit);

  struct Prefetch; // prefetch_call.cpp
  void warm(const std::shared_ptr<Prefetch>& held);
  struct Login; // login_call.cpp
  void assert_session(std::shared_ptr<Login> login);
  void go_on(std::shared_ptr<Login> login);
  void authenticate(std::shared_ptr<Login> login);
  void challenged(const std::shared_ptr<Login>& login, connector::Challenge& challenge);
  void proved(const std::shared_ptr<Login>& login, session::Proved proved);
  void log_session(std::string_view event, const session::Created& created) const;
  http::Response created_page(const session::Created& created) const;

  store::Poster poster() const; // back to this thread
  void find(const std::string& token, const session::Client& client,
            std::function<void(Result<session::AccessPtr>)> found);

  Rooms rooms_;
  GenerationPtr generation_;
  policy::Views views_;
  AgentMetrics metrics_;
  StorePatience patience_;
  SourceLimit logouts_;
  std::size_t prefetches_ = 0; // under way
  Admission admission_;
  Instant told_{}; // of overload, in the log
  std::size_t turned_away_ = 0;
  bool ready_ = true;
};

} // namespace plugboard::api
