// What PostgreSQL's five characters mean for a lookup. The server's own words are not passed on: they quote values.
#pragma once

#include <plugboard/types.hpp>

namespace plugboard::sql {

// While a query ran, or was prepared.
Failure failure_of_query(std::string_view sqlstate);
// While connecting. message: libpq's, of verbosity PQERRORS_SQLSTATE.
Failure failure_of_connecting(std::string_view message);

} // namespace plugboard::sql
