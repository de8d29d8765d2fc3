// Either a value or an Error: for everything that is expected to fail now and then.
// Exceptions are for bugs and start-up.
#pragma once

#include "core/base/error.hpp"

#include <boost/system/result.hpp>

#include <utility>

namespace plugboard {

template <class T>
using Result = boost::system::result<T, Error>;

// Called by Result::value() on an error: asking for a value that is not there is a bug.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

inline Error fail(Code code, std::string message, std::string origin = {}) {
  return Error{code, std::move(message), std::move(origin)};
}

} // namespace plugboard
