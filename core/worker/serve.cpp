#include "core/worker/serve.hpp"

#include "core/worker/host.hpp"
#include "core/worker/inbox.hpp"
#include "core/worker/plugin.hpp"

#include <csignal>
#include <unistd.h>

namespace plugboard::worker {
namespace {

// A frame that only a hub of another build, or none at all, would send.
[[noreturn]] void give_up() {
  ::_exit(1);
}

class Loop {
 public:
  Loop(Inbox& inbox, Outbox& outbox, const wire::Setup& setup, std::string where)
      : outbox_(outbox), host_(setup, inbox, outbox), plugin_(setup, std::move(where), host_) {
    plugin_.start([this](const Result<void>& started) { say(started); });
  }

  void serve(const wire::Frame& frame) {
    switch (frame.type) {
    case wire::Type::call:
      if (auto call = host_.calls().open(frame.body)) return plugin_.call(std::move(call));
      give_up();
    case wire::Type::cancel:
      if (const auto cancel = wire::read_cancel(frame.body)) return plugin_.cancel(cancel->handle);
      give_up();
    case wire::Type::http_response:
      return host_.exchanges().responded(frame.body);
    case wire::Type::file:
      if (const auto change = wire::read_file_changed(frame.body)) return host_.files().changed(*change);
      give_up();
    case wire::Type::secret:
      if (const auto value = wire::read_secret_value(frame.body)) return host_.questions().answered(*value);
      give_up();
    case wire::Type::alarm_over:
      if (const auto over = wire::read_alarm_over(frame.body)) return host_.alarms().over(over->alarm, over->outcome);
      give_up();
    case wire::Type::kv_told:
      if (host_.errands().kv_told(frame.body)) return;
      give_up();
    case wire::Type::secret_replaced:
      if (host_.errands().secret_replaced(frame.body)) return;
      give_up();
    case wire::Type::token_told:
      if (host_.errands().token_told(frame.body)) return;
      give_up();
    case wire::Type::ping:
      if (const auto ping = wire::read_ping(frame.body))
        return outbox_.send([&](std::string& out) { wire::write(out, wire::Type::pong, *ping); });
      give_up();
    case wire::Type::stop:
      return plugin_.stop([this] {
        host_.measures().tell();
        outbox_.send([](std::string& out) { wire::write_bare(out, wire::Type::stopped); });
        ::_exit(0); // what the plugin left behind has no say any more
      });
    default:
      give_up();
    }
  }

 private:
  void say(const Result<void>& started) {
    outbox_.send([&](std::string& out) {
      if (started)
        wire::write_bare(out, wire::Type::started);
      else
        wire::write(out, wire::Refused{started.error().message});
    });
  }

  Outbox& outbox_;
  Host host_;
  Plugin plugin_;
};

wire::Frame first_frame(Inbox& inbox) {
  wire::Frame frame;
  while (!inbox.next(frame)) inbox.wait();
  return frame;
}

} // namespace

void serve(int socket, const std::string& where, const wire::Hello& hello) {
  std::signal(SIGPIPE, SIG_IGN); // that the hub is gone is for the outbox to see
  Outbox outbox(socket);
  outbox.send([&](std::string& out) { wire::write(out, hello); });
  Inbox inbox(socket);
  const wire::Frame first = first_frame(inbox);
  const auto setup = first.type == wire::Type::setup ? wire::read_setup(first.body) : std::nullopt;
  if (!setup) give_up();
  Loop loop(inbox, outbox, *setup, where);
  for (;;) {
    {
      const Outbox::Hold hold(outbox);
      wire::Frame frame;
      while (inbox.next(frame)) loop.serve(frame);
    }
    inbox.wait();
  }
}

} // namespace plugboard::worker
