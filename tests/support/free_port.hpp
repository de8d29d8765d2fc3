// A port of the loopback for a server that chooses none itself, or comes back where it was. [any thread]
#pragma once

namespace plugboard::test {

int free_port(); // chosen at random; throws when there is none

} // namespace plugboard::test
