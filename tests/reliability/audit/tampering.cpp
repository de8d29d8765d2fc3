#include "tests/reliability/audit/tampering.hpp"

#include "core/audit/verifier.hpp"

namespace plugboard::test {
namespace {

constexpr const char* kTime = "2026-01-01T00:00:00.000Z";

struct Chain {
  explicit Chain(int records) : signer(audit::signer_of("k1", Secret("a hub's key that nobody else has, 32 bytes"))) {
    audit::ChainEnd end;
    for (int i = 1; i <= records; ++i) {
      const bool seals = i % 100 == 0 || i == records;
      std::string line;
      audit::append_record(line, end, kTime, seals ? "checkpoint" : "disclosure",
                           seals ? audit::checkpoint_members(signer, end, kTime)
                                 : ",\"customer\":\"cus_" + std::to_string(i % 97) + "\",\"client\":\"desk\"");
      line.pop_back();
      lines.push_back(std::move(line));
    }
    head = audit::write_head(signer, {{}, end, kTime});
  }

  audit::Signer signer;
  std::vector<std::string> lines;
  std::string head;
};

class Hand {
 public:
  Hand(Showing& showing, const Chain& chain)
      : showing_(showing), chain_(chain), state_({chain.signer.key.public_key()}) {
    const auto head = audit::read_head(reader_, chain_.head);
    showing_.holds(head && state_.expect(*head), "the head is refused");
  }

  // Each record in turn, from the state in which the verifier is before it.
  void lay_on_all() {
    for (std::size_t i = 0; i < chain_.lines.size(); ++i) {
      const auto at = std::to_string(i + 1);
      showing_.holds(sees(i, {edited(chain_.lines[i])}, 1), "record " + at + " can be changed unseen");
      showing_.holds(sees(i, {}, 1), "record " + at + " can be removed unseen");
      showing_.holds(sees(i, {chain_.lines[i], chain_.lines[i]}, 1), "record " + at + " can be doubled unseen");
      if (i + 1 < chain_.lines.size())
        showing_.holds(sees(i, {chain_.lines[i + 1], chain_.lines[i]}, 2), "record " + at + " can be moved unseen");
      showing_.holds(!state_.finish(), "what follows on record " + std::to_string(i) + " can be cut off unseen");
      showing_.count("hands", 5);
      if (!showing_.holds(state_.record(reader_, chain_.lines[i]).has_value(), "record " + at + " is refused")) return;
    }
    showing_.holds(state_.finish().has_value(), "the whole is refused");
  }

 private:
  std::string edited(std::string line) {
    auto& byte = line[showing_.random() % line.size()];
    byte = byte == 'x' ? 'y' : 'x';
    return line;
  }

  // Instead of `replaced` records from here on, these; then the rest, as far as it takes.
  bool sees(std::size_t from, const std::vector<std::string>& instead, std::size_t replaced) {
    auto verifier = state_;
    for (const auto& line : instead)
      if (!verifier.record(reader_, line)) return true;
    for (std::size_t i = from + replaced; i < chain_.lines.size(); ++i)
      if (!verifier.record(reader_, chain_.lines[i])) return true;
    return !verifier.finish();
  }

  Showing& showing_;
  const Chain& chain_;
  json::Reader reader_;
  audit::Verifier state_;
};

} // namespace

std::string tamper_with_each(Showing& showing, int records) {
  const Chain chain(records);
  Hand(showing, chain).lay_on_all();
  return std::to_string(showing.counted("hands")) + " hands laid on the records of a chain of " +
         std::to_string(records) + ", all seen";
}

} // namespace plugboard::test
