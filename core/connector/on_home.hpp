// Runs something on a home's thread and waits for it. [not an I/O thread]
#pragma once

#include "core/connector/home.hpp"

#include <functional>

namespace plugboard::connector {

// Runs it here when nobody runs the home's io_context: not yet, no more, or this very thread would.
void run_on_home(const Home& home, const std::function<void()>& work);

} // namespace plugboard::connector
