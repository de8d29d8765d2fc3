// What crosses the border from a plugin is read here as it is in a worker. [any thread]
#pragma once

#include "core/wire/abi_text.hpp"

namespace plugboard::connector {

using wire::is_readable;
using wire::read_struct;
using wire::str;
using wire::view;

} // namespace plugboard::connector
