#include "core/connector/steady_tally.hpp"

#include <utility>

namespace plugboard::connector {
namespace {

constexpr const char* kRefused = "plugboard_connector_refused_total";
constexpr const char* kRefusedHelp =
    "Calls that the hub did not even try: its breaker is open, or too many wait for a place already";

} // namespace

SteadyTally::SteadyTally(std::string connector, Log& log, Metrics& metrics)
    : connector_(std::move(connector)),
      log_(log), by_breaker_{metrics.counter(kRefused, kRefusedHelp,
                                             {{"connector", connector_}, {"reason", "breaker_open"}})},
      by_limit_{metrics.counter(kRefused, kRefusedHelp, {{"connector", connector_}, {"reason", "overloaded"}})},
      retries_{metrics.counter("plugboard_connector_retries_total", "Calls made again after one that failed",
                               {{"connector", connector_}})},
      no_budget_{metrics.counter("plugboard_connector_retries_without_budget_total",
                                 "Calls not made again, since too many were already", {{"connector", connector_}})},
      hedges_{metrics.counter("plugboard_connector_hedges_total", "Calls made beside one that took long",
                              {{"connector", connector_}})},
      hedges_answered_{metrics.counter("plugboard_connector_hedges_answered_total",
                                       "Of these, those that answered first", {{"connector", connector_}})},
      opened_{metrics.counter("plugboard_connector_breaker_opened_total",
                              "How often the hub began to leave its system alone", {{"connector", connector_}})},
      open_shown_(metrics.gauge("plugboard_connector_breaker_open", "For how many tenants its system is left alone",
                                {{"connector", connector_}})) {}

void SteadyTally::refused_by_breaker() {
  by_breaker_.add();
}

void SteadyTally::refused_by_limit() {
  by_limit_.add();
}

void SteadyTally::retried() {
  retries_.add();
}

void SteadyTally::retry_without_budget() {
  no_budget_.add();
}

void SteadyTally::hedged() {
  hedges_.add();
}

void SteadyTally::hedge_answered() {
  hedges_answered_.add();
}

void SteadyTally::turned(const std::string& tenant, Restraint::Turn turn) {
  if (turn == Restraint::Turn::opened) {
    opened_.add();
    open_shown_.set(++open_);
    log_.warn("connector.breaker_opened",
              {{"connector", connector_},
               {"tenant", tenant},
               {"message", "too many of its calls failed or were slow: it is left alone, but for a probe a second"}});
  } else {
    open_shown_.set(--open_);
    log_.info("connector.breaker_closed", {{"connector", connector_}, {"tenant", tenant}});
  }
}

void SteadyTally::add_to(Steadiness& steadiness) const {
  steadiness.refused_by_breaker = by_breaker_.count;
  steadiness.refused_by_limit = by_limit_.count;
  steadiness.retries = retries_.count;
  steadiness.retries_without_budget = no_budget_.count;
  steadiness.hedges = hedges_.count;
  steadiness.hedges_that_answered = hedges_answered_.count;
}

} // namespace plugboard::connector
