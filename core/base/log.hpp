// Structured logs: one event, one line of JSON. Values are typed and escaped; a payload, token or credential is never a
// value. Injected; spdlog lives behind it. [any thread]
#pragma once

#include "core/base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace plugboard {

enum class Level : std::uint8_t { trace = 1, debug, info, warn, error };

class Field { // a name and a value, alive for the call that logs them
 public:
  Field(std::string_view field, std::string_view text) : name(field), kind(Kind::text), string(text) {}

  Field(std::string_view field, const char* text) : Field(field, std::string_view(text)) {}

  Field(std::string_view field, const std::string& text) : Field(field, std::string_view(text)) {}

  Field(std::string_view field, std::int64_t value) : name(field), kind(Kind::integer), integer(value) {}

  Field(std::string_view field, int value) : Field(field, static_cast<std::int64_t>(value)) {}

  Field(std::string_view field, unsigned value) : Field(field, static_cast<std::int64_t>(value)) {}

  Field(std::string_view field, std::size_t value) : Field(field, static_cast<std::int64_t>(value)) {}

  Field(std::string_view field, double value) : name(field), kind(Kind::real), real(value) {}

  Field(std::string_view field, bool value) : name(field), kind(Kind::boolean), boolean(value) {}

  enum class Kind : std::uint8_t { text = 1, integer, real, boolean };
  std::string_view name;
  Kind kind;
  std::string_view string{};
  std::int64_t integer = 0;
  double real = 0;
  bool boolean = false;
};

using Fields = std::initializer_list<Field>;

class Log {
 public:
  virtual ~Log() = default;
  // event: a constant in words with dots, "connector.started"; what people grep for.
  virtual void write(Level level, std::string_view event, Fields fields) = 0;
  virtual bool enabled(Level level) const = 0;

  void debug(std::string_view event, Fields fields = {}) { write(Level::debug, event, fields); }

  void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }

  void warn(std::string_view event, Fields fields = {}) { write(Level::warn, event, fields); }

  void error(std::string_view event, Fields fields = {}) { write(Level::error, event, fields); }
};

// {"time":…,"level":…,"event":…,fields…}; a field that is called like one of those three gets a "_" after its name.
std::unique_ptr<Log> stderr_log(Level level);                                        // the daemon's, on real time
std::unique_ptr<Log> stream_log(std::ostream& out, Level level, const Clock& clock); // both must outlive it
std::unique_ptr<Log> no_log();                                                       // for tests that look elsewhere

} // namespace plugboard
