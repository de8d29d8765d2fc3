#include "core/base/log.hpp"

#include "core/base/text.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <utility>

namespace plugboard {
namespace {

std::string_view name_of(Level level) {
  switch (level) {
  case Level::trace:
    return "trace";
  case Level::debug:
    return "debug";
  case Level::info:
    return "info";
  case Level::warn:
    return "warn";
  case Level::error:
    return "error";
  }
  return "unknown";
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
  case Level::trace:
    return spdlog::level::trace;
  case Level::debug:
    return spdlog::level::debug;
  case Level::info:
    return spdlog::level::info;
  case Level::warn:
    return spdlog::level::warn;
  case Level::error:
    return spdlog::level::err;
  }
  return spdlog::level::err;
}

void append_name(std::string& line, std::string_view name) {
  line += ',';
  const bool taken = name == "time" || name == "level" || name == "event";
  append_json_string(line, taken ? std::string(name) + "_" : std::string(name));
  line += ':';
}

void append_value(std::string& line, const Field& field) {
  switch (field.kind) {
  case Field::Kind::text:
    append_json_string(line, field.string);
    return;
  case Field::Kind::integer:
    line += std::to_string(field.integer);
    return;
  case Field::Kind::real:
    append_json_number(line, field.real);
    return;
  case Field::Kind::boolean:
    line += field.boolean ? "true" : "false";
    return;
  }
}

class JsonLog final : public Log {
 public:
  JsonLog(spdlog::sink_ptr sink, Level level, const Clock* clock)
      : clock_(clock != nullptr ? clock : &system_clock_), level_(level), logger_("plugboard", std::move(sink)) {
    logger_.set_pattern("%v"); // the line is made here, whole
    logger_.set_level(spdlog_level(level));
    logger_.flush_on(spdlog::level::trace);
    logger_.set_error_handler([this](const std::string&) { ++lost_; });
  }

  ~JsonLog() override {
    if (lost_ != 0) tell_of_lost_lines();
  }

  JsonLog(const JsonLog&) = delete;
  JsonLog& operator=(const JsonLog&) = delete;

  bool enabled(Level level) const override { return level >= level_; }

  // Never throws: what is told of in a log, often a failure, must not fail for it.
  void write(Level level, std::string_view event, Fields fields) override {
    if (!enabled(level)) return;
    try {
      write_line(level, event, fields);
    } catch (const std::exception&) { // no memory for a line
      ++lost_;
    }
  }

 private:
  // The last lines, which may have said why the hub ends: by what needs no memory.
  void tell_of_lost_lines() {
    const auto now = std::chrono::system_clock::to_time_t(clock_->wall());
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 24> time{};
    std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    std::array<char, 200> line{};
    std::snprintf(line.data(), line.size(),
                  R"({"time":"%s","level":"error","event":"log.lines_lost","lines":%llu,)"
                  R"("message":"there was no memory for the last lines"})",
                  time.data(), static_cast<unsigned long long>(lost_.exchange(0)));
    logger_.log(spdlog::level::err, spdlog::string_view_t(line.data()));
  }

  void write_line(Level level, std::string_view event, Fields fields) {
    std::string line = "{\"time\":";
    append_json_string(line, rfc3339(clock_->wall()));
    line += ",\"level\":";
    append_json_string(line, name_of(level));
    line += ",\"event\":";
    append_json_string(line, event);
    for (const Field& field : fields) {
      append_name(line, field.name);
      append_value(line, field);
    }
    const std::uint64_t lost = lost_.exchange(0);
    if (lost != 0) {
      append_name(line, "lines_lost_before");
      line += std::to_string(lost);
    }
    line += '}';
    logger_.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
  }

  SystemClock system_clock_;
  const Clock* clock_; // injected, or the one above
  Level level_;
  spdlog::logger logger_;
  std::atomic<std::uint64_t> lost_{0}; // lines, since the last that could be written
};

class NoLog final : public Log {
 public:
  void write(Level, std::string_view, Fields) override {}

  bool enabled(Level) const override { return false; }
};

} // namespace

std::unique_ptr<Log> stderr_log(Level level) {
  return std::make_unique<JsonLog>(std::make_shared<spdlog::sinks::stderr_sink_mt>(), level, nullptr);
}

std::unique_ptr<Log> stream_log(std::ostream& out, Level level, const Clock& clock) {
  return std::make_unique<JsonLog>(std::make_shared<spdlog::sinks::ostream_sink_mt>(out), level, &clock);
}

std::unique_ptr<Log> no_log() {
  return std::make_unique<NoLog>();
}

} // namespace plugboard
