// What a plugin gave to complete(), copied here or in its worker. Values.
#pragma once

#include "core/wire/reply.hpp"

namespace plugboard::connector {

using wire::copy_reply;
using wire::Reply;
using wire::Verdict;

} // namespace plugboard::connector
