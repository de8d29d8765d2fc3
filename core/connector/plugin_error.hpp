// Asks a plugin to create or start, and reads what it says when it will not. [start-up and reload]
#pragma once

#include "core/base/result.hpp"
#include "core/connector/guard.hpp"

#include <plugboard/abi.h>

#include <string>

namespace plugboard::connector {

// What stands in it, cut, as UTF-8 whatever the plugin wrote; or a sentence that there was nothing.
std::string words_of(const plugboard_error& error, std::int32_t code);

template <class F> // std::int32_t(plugboard_error*)
Result<void> ask_plugin(const char* function, F&& ask) {
  plugboard_error error{};
  error.p = PLUGBOARD_PREFIX(plugboard_error);
  std::int32_t code = PLUGBOARD_INTERNAL;
  if (!guarded([&] { code = ask(&error); }))
    return fail(Code::invalid_argument, std::string("its ") + function + "() threw an exception");
  if (code == PLUGBOARD_OK) return {};
  return fail(Code::invalid_argument, words_of(error, code));
}

} // namespace plugboard::connector
