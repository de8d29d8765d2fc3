#include "core/api/store_patience.hpp"

namespace plugboard::api {
namespace {

constexpr std::chrono::seconds kTell{10}; // in the log

} // namespace

StorePatience::StorePatience(boost::asio::io_context& io, const Clock& clock, Log& log, Metrics& metrics)
    : clock_(clock), log_(log), late_(metrics.counter("plugboard_store_late_total",
                                                      "Requests that were refused because the store did not answer")) {
  timers_.emplace(io, clock);
}

Error StorePatience::late() {
  late_.add();
  if (const auto now = clock_.now(); told_ == Instant() || now - told_ >= kTell) {
    told_ = now;
    log_.error("store.hangs", {{"meaning", "sessions in memory go on; logins, and sessions that are not, are refused"},
                               {"remedy", "see to the disk of \"data_dir\""}});
  }
  return fail(Code::unavailable, "the store does not answer", "store");
}

} // namespace plugboard::api
