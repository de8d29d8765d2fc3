// The C functions behind plugboard_host and the services that it hands out: each checks what crossed, then asks the
// border. [any thread; none throws]
#pragma once

#include <plugboard/abi.h>

namespace plugboard::connector {

plugboard_host make_host(); // the table; stands at the front of a Doorway

} // namespace plugboard::connector
