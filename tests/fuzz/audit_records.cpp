// The audit trail's files as somebody else may have written them: segments' lines, the head. What is no record is said
// to be none, nothing that is not signed by a trusted key is taken for signed, and what is found in a record stands in
// it.
#include "core/audit/customer_index.hpp"
#include "core/audit/lines.hpp"
#include "core/audit/verifier.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {

void fuzz(std::string_view input) {
  json::Reader reader;
  const auto head = audit::read_head(reader, input);
  if (head) require(!audit::Verifier({std::string(32, '\x01')}).expect(*head), "no stranger's head is taken");
  static_cast<void>(audit::first_seq_of(input));
  audit::Verifier anybody({}), nobody({std::string(32, '\x01')});
  bool holds = true;
  for (std::string_view rest = input; !rest.empty() && holds;) {
    const auto line = take_line(rest);
    const auto customer = audit::text_of_member(line, "customer");
    require(line.find(customer) != std::string_view::npos, "what is found in a record stands in it");
    const auto before = anybody.end();
    const auto fits = anybody.record(reader, line);
    holds = fits.has_value();
    require(holds ? anybody.end().seq == before.seq + 1 : !fits.error().message.empty(), "each record is the next");
    static_cast<void>(nobody.record(reader, line));
  }
  require(nobody.checkpoints() == 0, "nobody's signature counts");
}

} // namespace plugboard::fuzz
