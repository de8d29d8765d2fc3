#include "core/connector/on_home.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>

namespace plugboard::connector {
namespace {

struct Errand {
  std::atomic<bool> taken = false;
  std::promise<void> done;
};

} // namespace

void run_on_home(const Home& home, const std::function<void()>& work) {
  const bool nobody_runs_it = home.thread == std::thread::id() || home.io.stopped();
  if (nobody_runs_it || home.thread == std::this_thread::get_id()) return work();

  const auto errand = std::make_shared<Errand>();
  auto done = errand->done.get_future();
  boost::asio::post(home.io, [errand, &work] { // `work` lives: we wait, or have taken the errand ourselves
    if (errand->taken.exchange(true)) return;
    work();
    errand->done.set_value();
  });
  while (done.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready)
    if (home.io.stopped() && !errand->taken.exchange(true)) return work();
}

} // namespace plugboard::connector
