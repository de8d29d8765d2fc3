#include "core/connector/host_log.hpp"

#include "core/base/redacted.hpp"

#include <plugboard/abi.h>

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr double kBurst = 50;
constexpr double kPerSecond = 10;
constexpr std::size_t kMostMessage = 1024;

Level level_of(std::int32_t level) {
  switch (level) {
  case PLUGBOARD_LOG_DEBUG:
    return Level::debug;
  case PLUGBOARD_LOG_INFO:
    return Level::info;
  case PLUGBOARD_LOG_ERROR:
    return Level::error;
  default:
    return Level::warn; // also what is no level at all
  }
}

} // namespace

HostLog::HostLog(std::string connector, Log& log, const Clock& clock)
    : connector_(std::move(connector)), log_(log), clock_(clock), tokens_(kBurst), filled_(clock.now()) {}

bool HostLog::may_write(std::size_t& held_back) {
  const std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  tokens_ = std::min(kBurst, tokens_ + std::chrono::duration<double>(now - filled_).count() * kPerSecond);
  filled_ = now;
  if (tokens_ < 1) {
    ++held_back_;
    return false;
  }
  tokens_ -= 1;
  held_back = std::exchange(held_back_, 0);
  return true;
}

void HostLog::said(std::int32_t level, std::string_view message) {
  if (!log_.enabled(level_of(level))) return;
  std::size_t held_back = 0;
  if (!may_write(held_back)) return;
  log_.write(
      level_of(level), "plugin.said",
      {{"connector", connector_}, {"message", redacted(message.substr(0, kMostMessage))}, {"held_back", held_back}});
}

void HostLog::noticed(std::string_view event, std::string_view detail) {
  std::size_t held_back = 0;
  if (!may_write(held_back)) return;
  log_.warn(event, {{"connector", connector_}, {"detail", detail.substr(0, kMostMessage)}, {"held_back", held_back}});
}

} // namespace plugboard::connector
