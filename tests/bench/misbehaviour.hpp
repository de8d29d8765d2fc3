// What a system does instead of answering properly. Values.
#pragma once

#include <random>
#include <string>

namespace plugboard::bench {

struct Misbehaviour {
  const char* name = "";
  std::string bytes{};        // instead of the answer; empty: none
  int delay_ms = 0;           // on top of the usual
  bool close = false;         // afterwards
  bool reset = false;         // close by RST
  bool answers_about = false; // somebody else
  bool answers_nothing = false;
};

const Misbehaviour& any_misbehaviour(std::mt19937_64& random);

} // namespace plugboard::bench
