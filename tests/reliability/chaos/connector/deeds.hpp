// What the connector does in each mode: one function a mode, in one table a kind. [any thread of the worker]
#pragma once

#include <plugboard/abi.h>

#include <span>
#include <string>
#include <string_view>

namespace plugboard::chaos {

struct Asked { // one call; in init, stop and destroy there is none: request and call are null
  const plugboard_host* host = nullptr;
  const plugboard_request* request = nullptr;
  plugboard_call* call = nullptr;
};

enum class After : std::uint8_t {
  answer = 1, // properly
  nothing,    // it was answered here, or never will be
};

struct Outcome {
  Outcome(After then) : after(then) {} // what most of them end with

  Outcome(long long number, int error) : got(number), refused(error) {}

  After after = After::answer;
  long long got = 0; // of what it wanted too much of; told with the proper answer
  int refused = 0;   // errno of the first refusal; 0: none
};

struct Deed {
  std::string_view name; // as in modes.hpp
  Outcome (*run)(const Asked& asked);
};

std::span<const Deed> crashes();
std::span<const Deed> hangs();
std::span<const Deed> bombs();
std::span<const Deed> lies();
std::span<const Deed> frames(); // the worker's socket itself

// The cancel callback of a call in mode "cancel_hangs" was called.
void hang_in_cancel();

// A member of the request's params: a string's text or a number's digits; "" when it is not there.
std::string_view param(const plugboard_request* request, std::string_view name);
std::string_view customer_of(const plugboard_request* request); // the customer_id asked about; "" when there is none

// The proper answer's data for the section asked: the customer, the call's marker (params.marker), what was got.
std::string proper_data(const plugboard_request* request, const Outcome& outcome, std::string_view customer);
void complete(const Asked& asked, std::string_view data);

} // namespace plugboard::chaos
