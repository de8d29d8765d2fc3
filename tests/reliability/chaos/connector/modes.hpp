// All that the chaos connector can do wrong, by the name that a call says in `params.mode`, or the connector's
// configuration in "init", "stop" and "destroy". Read by the connector and by the promises. Values.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace plugboard::chaos {

enum class Kind : std::uint8_t {
  crash = 1, // the process ends, or should
  hang,      // the call never ends
  bomb,      // takes more than its share, then answers with what it got
  lie,       // answers what it must not, through the ABI
  frame,     // writes to the worker's socket itself
};

struct Mode {
  std::string_view name;
  Kind kind = Kind::crash;
};

inline constexpr std::array kModes{
    Mode{"segv", Kind::crash},
    Mode{"bus", Kind::crash},
    Mode{"ill", Kind::crash},
    Mode{"fpe", Kind::crash},
    Mode{"abrt", Kind::crash},
    Mode{"exit", Kind::crash},
    Mode{"_exit", Kind::crash},
    Mode{"stack_overflow", Kind::crash},
    Mode{"double_free", Kind::crash},
    Mode{"heap_overflow", Kind::crash},
    Mode{"use_after_free", Kind::crash},
    Mode{"throw", Kind::crash},
    Mode{"longjmp", Kind::crash},
    Mode{"sigkill", Kind::crash},
    Mode{"pthread_exit", Kind::crash},
    Mode{"spin", Kind::hang},
    Mode{"deadlock", Kind::hang},
    Mode{"sleep", Kind::hang},
    Mode{"sigstop", Kind::hang},
    Mode{"blocked_read", Kind::hang},
    Mode{"signals_blocked", Kind::hang},
    Mode{"ignore_cancel", Kind::hang},
    Mode{"cancel_hangs", Kind::hang},
    Mode{"reads_nothing", Kind::hang}, // not one thread of the process goes on, so nobody reads its socket
    Mode{"memory", Kind::bomb},
    Mode{"leak", Kind::bomb}, // 1 MiB a call
    Mode{"forks", Kind::bomb},
    Mode{"threads", Kind::bomb},
    Mode{"descriptors", Kind::bomb},
    Mode{"files", Kind::bomb},
    Mode{"log_flood", Kind::bomb},
    Mode{"processor", Kind::bomb},
    Mode{"nice", Kind::bomb},
    Mode{"map", Kind::bomb},
    Mode{"host_calls", Kind::bomb},
    Mode{"huge_reply", Kind::lie},
    Mode{"deep", Kind::lie},
    Mode{"bad_utf8", Kind::lie},
    Mode{"overlong_utf8", Kind::lie},
    Mode{"lone_surrogate", Kind::lie},
    Mode{"duplicate_keys", Kind::lie},
    Mode{"nan", Kind::lie},
    Mode{"huge_number", Kind::lie},
    Mode{"big_integer", Kind::lie},
    Mode{"nul", Kind::lie},
    Mode{"nul_escaped", Kind::lie},
    Mode{"not_json", Kind::lie},
    Mode{"array", Kind::lie},
    Mode{"wrong_type", Kind::lie},
    Mode{"missing_field", Kind::lie},
    Mode{"extra_field", Kind::lie},
    Mode{"wrong_customer", Kind::lie},
    Mode{"undeclared_yield", Kind::lie},
    Mode{"unknown_status", Kind::lie},
    Mode{"garbage_reply", Kind::lie},
    Mode{"no_reply", Kind::lie},
    Mode{"two_replies", Kind::lie},
    Mode{"late_reply", Kind::lie},
    Mode{"other_call", Kind::lie},
    Mode{"invented_call", Kind::lie},
    Mode{"half_reply", Kind::frame},
    Mode{"split_reply", Kind::frame},
    Mode{"wire_two_replies", Kind::frame},
    Mode{"wire_other_call", Kind::frame},
    Mode{"hub_frames", Kind::frame},
    Mode{"unknown_type", Kind::frame},
    Mode{"unsolicited", Kind::frame},
    Mode{"trailing_bytes", Kind::frame},
    Mode{"zero_lengths", Kind::frame},
    Mode{"declared_length", Kind::frame},
    Mode{"random_bytes", Kind::frame},
    Mode{"descriptor", Kind::frame},
    Mode{"steals_frames", Kind::frame},
};

constexpr const Mode* mode_named(std::string_view name) {
  for (const auto& mode : kModes)
    if (mode.name == name) return &mode;
  return nullptr;
}

} // namespace plugboard::chaos
