// A port of the loopback for a server that chooses none itself. [any thread]
#pragma once

namespace plugboard::test {

int free_port(); // until somebody else takes it; throws when there is none

} // namespace plugboard::test
