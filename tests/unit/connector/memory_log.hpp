// A log that remembers, so that a test can ask what an operator would have read. [any thread]
#pragma once

#include "core/base/log.hpp"

#include <mutex>
#include <string>

namespace plugboard::connector {

class MemoryLog final : public Log {
 public:
  void write(plugboard::Level, std::string_view event, Fields fields) override {
    const std::lock_guard lock(mutex_);
    text_ += event;
    for (const Field& field : fields) text_ += " " + std::string(field.name) + "=" + std::string(field.string);
    text_ += "\n";
  }

  bool enabled(plugboard::Level) const override { return true; }

  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    std::string().swap(text_);
  }

  bool has(std::string_view part) const { return text().find(part) != std::string::npos; }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

} // namespace plugboard::connector
