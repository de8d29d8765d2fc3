#include "core/base/result.hpp"

#include <stdexcept>

namespace plugboard {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error("value() of a failed result at " + where.to_string() + ": " + to_string(error));
}

} // namespace plugboard
